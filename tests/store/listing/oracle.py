"""What an overview must show for a question, by plain Python over all of its rows."""

import re
import unicodedata
from decimal import Decimal
from itertools import chain
from string import ascii_letters, ascii_lowercase

from store import overviews
from store.overviews import OVERVIEWS, Ask

EVERYTHING = Ask()
_FOLD = str.maketrans(ascii_letters[26:], ascii_lowercase)
_ENDS = {"activation", "expiration", "license_start", "notice_date", "support_ends_on"}
_ENDS |= {"end", "ends_on", "effective_end", "ended_on"}


def all_ids(book, name, ask=EVERYTHING):
    return list(chain.from_iterable(overviews.ids(book, name, ask)))


def table(book, name):
    """Every row of an overview, archived ones too, as a dict by id."""
    fields = [field.name for field in OVERVIEWS[name].fields]
    ids = all_ids(book, name) + (all_ids(book, name, Ask(filter="archived")) if name == "entitlements" else [])
    return {n: dict(zip(fields, row, strict=True)) for n, row in overviews.rows(book, name, ids).items()}


# ------------------------------------------------------------------------------------------------------------- filters
_PREDICATES = {
    ("entitlements", "active"): lambda row: row["state"] == "active",
    ("entitlements", "expiring"): lambda row: row["state"] in ("expiring", "final-day"),
    ("entitlements", "expired"): lambda row: row["state"] == "expired",
    ("entitlements", "upcoming"): lambda row: row["state"] == "upcoming",
    ("entitlements", "over-allocated"): lambda row: row["state"] != "" and row["allocated"] > row["quantity"],
    ("entitlements", "archived"): lambda row: row["state"] == "",
    ("entitlements", "all"): lambda row: row["state"] != "",
    ("contracts", "expiring"): lambda row: row["contract"] in ("C-2", "c|3"),
    ("contracts", "ended"): lambda row: False,
    ("contracts", "notice-due"): lambda row: row["notice_date"] == "2026-12-24",
    ("compliance", "overridden"): lambda row: row["override"] == 1,
    ("demand", "stale"): lambda row: row["counted_on"] is not None and row["counted_on"][:10] < "2026-08-23",
    ("products", "supported"): lambda row: (row["support_ends_on"] or "") >= "2026-11-21",
    ("products", "support-ending"): lambda row: "2026-11-21" <= (row["support_ends_on"] or "") <= "2027-11-21",
    ("products", "unsupported"): lambda row: (row["support_ends_on"] or "9") < "2026-11-21",
    ("events", "upcoming"): lambda row: row["day"] >= "2026-11-21",
    ("events", "past"): lambda row: row["day"] < "2026-11-21",
    ("events", "manual"): lambda row: row["automatic"] == 0,
    ("titles", "orderable"): lambda row: row["orderable"] == 1,
    ("titles", "needs-approval"): lambda row: row["requires_approval"] == 1,
    ("deployed", "expiring"): lambda row: row["state"] == "active" and (row["end"] or "9") <= "2027-02-19",
    ("requests", "pending"): lambda row: row["outcome"] == "pending",
    ("requests", "no-change"): lambda row: row["outcome"] == "no-change",
    ("requests", "approved"): lambda row: row["outcome"] in ("authorized", "created", "replaced"),
    ("requests", "declined"): lambda row: row["outcome"] in ("denied", "refused", "cancelled", "stale"),
    ("charges", "standing"): lambda row: row["status"] == "standing",
    ("charges", "credits"): lambda row: row["status"] == "standing" and row["kind"] == "credit",
    ("charges", "reversed"): lambda row: row["status"] == "reversed",
}


def passes(name, code, row):
    if (name, code) not in _PREDICATES and code != "all" and "state" in row:
        return row["state"] == code
    if name == "compliance" and code not in ("overridden", "all"):
        return row["status"] == code
    return (code == "all" and name != "entitlements") or _PREDICATES[name, code](row)


# -------------------------------------------------------------------------------------------------------------- search
def tokens(text):
    whole = unicodedata.normalize("NFD", text.lower())
    return re.findall(r"[^\W_]+", "".join(c for c in whole if not unicodedata.combining(c)))


def holds(texts, search):
    """Whether one of the texts has a word that begins with each word of the search."""
    return any(all(any(t.startswith(w) for t in tokens(text)) for w in tokens(search)) for text in texts)


_TEXTS = {
    "changes": "who action subject key",
    "contracts": "contract name supplier customer invoice_number purchase_order_number currency",
    "titles": "title product vendor version family",
    "authorizations": "authorization holder title product",
    "deployed": "holder title definition authorization request",
    "requests": "request line requester holder title definition decided_by reason authorization",
    "approvals": "request line requester holder title definition",
    "charges": "request line title definition holder rule reason",
}


def texts(book, name, row):
    """The texts by which a row is found."""
    about = {
        product: " ".join((product, vendor, family, edition, version))
        for product, vendor, family, edition, version in book.rows(
            "SELECT p.product, p.vendor, coalesce(f.name, ''), p.edition, p.version FROM products p"
            " LEFT JOIN families f ON f.id = p.family_id"
        )
    }
    if name in ("products", "demand"):
        return [about[row["product"]], *(_sources(book, row["product"]) if name == "demand" else ())]
    if name == "entitlements":
        return [" ".join((row["name"], about[row["product"]], row["model"], row["metric"], row["managed_by"]))]
    if name == "compliance":
        managed = dict(
            book.rows("SELECT e.name, g.name FROM entitlements e JOIN user_groups g ON g.id = e.managed_by_id")
        )
        own = f"{row['name']} {row['model']} {row['metric']} {managed.get(row['name'], '')}" if row["model"] else ""
        return [f"{about[row['product']]} {own}"]
    if name in _TEXTS:
        return [" ".join(row[column] for column in _TEXTS[name].split())]
    if name == "definitions":
        paper = dict(book.rows("SELECT contract, name FROM contracts"))
        return [f"{row['definition']} {row['title']} {row['contract']} {paper.get(row['contract'], '')}"]
    columns = _TEXTS["contracts"].split()
    paper = {number: " ".join(rest) for number, *rest in book.rows(f"SELECT {', '.join(columns)} FROM contracts")}
    return [f"{row['contract']} {paper[row['contract']]}", about.get(row["product"], ""), row["name"]]


def _sources(book, product):
    sql = "SELECT DISTINCT d.source FROM demand d JOIN products p ON p.id = d.product_id WHERE p.product = ?"
    yield " ".join(source for (source,) in book.rows(sql, (product,)))


# --------------------------------------------------------------------------------------------------------------- order
def place(name, sort, row):
    """What a row is sorted by, None where nothing is said about it."""
    if not sort:
        return {"events": (row.get("day"),), "products": (_text(row.get("family") or ""),)}.get(name, ())
    if (name, sort) == ("compliance", "name"):
        sort = "product"
    value, kind = row[sort], next(field.kind for field in OVERVIEWS[name].fields if field.name == sort)
    if kind == "money":
        amount, _, currency = (value or "").partition(" ")
        return (currency, Decimal(amount)) if value else None
    if kind == "text":
        return (_text(value),)
    if sort in _ENDS:
        return (value or "9",)
    return value is not None, value or 0 if kind in ("count", "number", "flag") else value or ""


def _text(value):
    return value.translate(_FOLD)
