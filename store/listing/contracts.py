"""The overview of license contracts."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Final

from rules.vocabulary import is_unlimited
from store import money
from store.book import Book, Row
from store.listing.shape import Arm, Field, Kept, Listing, Overview, Values, Walk, Words, found

OVERVIEW: Final = Overview(
    "contracts",
    (
        Field("contract", "text"),
        Field("name", "text"),
        Field("supplier", "text"),
        Field("customer", "text"),
        Field("invoice_date", "day"),
        Field("currency", "text"),
        Field("total_costs", "money"),
        Field("items", "number"),
        Field("invoice_number", "text"),
        Field("purchase_order_number", "text"),
        Field("notice_date", "day"),
        Field("sales_order_number", "text", hidden=True),
        Field("quote_number", "text", hidden=True),
    ),
    ("expiring", "ended", "notice-due", "all"),
)

TEXTS: Final = (
    "contract name supplier customer invoice_number purchase_order_number sales_order_number quote_number currency"
).split()
WORDS: Final = " || ' ' || ".join(f"c.{name}" for name in TEXTS)
"""What a contract is found by."""

_TOTAL: Final = 6  # the place of the total costs among the fields


def totals(book: Book, contracts: list[int]) -> dict[int, Decimal | None]:
    """What the items of contracts cost, exactly. None where no item has a price, or one has no limit: no amount
    stands for it.
    """
    costs: dict[int, list[Decimal | None]] = defaultdict(list)
    marks = ", ".join("?" * len(contracts))
    for contract, quantity, price in book.rows(
        "SELECT contract_id, quantity, unit_price FROM contract_items"
        f" WHERE contract_id IN ({marks}) AND unit_price IS NOT NULL",
        contracts,
    ):
        costs[contract].append(None if is_unlimited(quantity) else money.cost(quantity, price))
    return {contract: _sum(parts) for contract, parts in costs.items()}


def _sum(parts: list[Decimal | None]) -> Decimal | None:
    known = [part for part in parts if part is not None]
    return money.total(known) if len(known) == len(parts) else None


def _finish(book: Book, rows: list[Row]) -> dict[int, Values]:
    known = totals(book, [row[0] for row in rows])
    values: dict[int, Values] = {}
    for row in rows:
        total, currency = known.get(row[0]), row[_TOTAL]
        costs = None if total is None else f"{total:f} {currency}"
        values[row[0]] = (*row[1 : _TOTAL + 1], costs, *row[_TOTAL + 2 :])
    return values


_ITEMS: Final = "(SELECT count(*) FROM contract_items i WHERE i.contract_id = c.id)"
_COSTS: Final = """(SELECT round(sum(CAST(i.unit_price AS REAL) * i.quantity), 6) FROM contract_items i
    WHERE i.contract_id = c.id AND i.unit_price IS NOT NULL)"""
_ITEM: Final = "EXISTS (SELECT 1 FROM contract_items i WHERE i.contract_id = c.id"

KEPT: Final = Kept(
    "overview_contract_sums",
    "contracts c",
    key={"id": "c.id"},
    sums={"currency": "c.currency", "costs": _COSTS, "items": _ITEMS},
    orders=("currency, costs", "items"),
    marked="contracts",
    by="c.id",
)
_SUMMED: Final = f"{KEPT.table} k CROSS JOIN contracts c ON c.id = k.id"

_ARM: Final = Arm(
    base="contracts c",
    id="c.id",
    local=("c.id",),
    only="c.manual = 0",
    columns={
        **{name: f"c.{name}" for name in TEXTS},
        "invoice_date": "c.invoice_date",
        "total_costs": "NULL",
        "items": _ITEMS,
        "notice_date": "c.notice_date",
    },
    sorts={
        **{name: (f"c.{name} COLLATE NOCASE",) for name in TEXTS},
        "notice_date": ("coalesce(c.notice_date, '9')",),
        "total_costs": ("c.currency", _COSTS),
    },
    kept=KEPT,
    summed={
        "total_costs": Walk(_SUMMED, order=("k.currency", "k.costs", "k.id")),
        "items": Walk(_SUMMED, order=("k.items", "k.id")),
    },
    filters={
        "expiring": f"{_ITEM} AND i.license_end >= :as_of AND i.license_end <= :soon)",
        "ended": f"{_ITEM} AND i.license_end < :as_of) AND NOT {_ITEM} AND i.license_end >= :as_of)"
        f" AND NOT {_ITEM} AND i.license_end IS NULL)",
        "notice-due": "c.notice_date >= :as_of AND c.notice_date <= :soon",
        "all": "1",
    },
    related={
        "product": "c.id IN (SELECT x.contract_id FROM contract_items x JOIN products y ON y.id = x.product_id"
        " WHERE y.product = ?)",
    },
    words=Words(
        plain=(WORDS,),
        hits="SELECT t.rowid AS id FROM contract_search t WHERE t.words MATCH :words",
        tables=("contract_search",),
        in_order=True,
    ),
    key="c.contract",
)

LISTING: Final = Listing(
    OVERVIEW,
    (_ARM,),
    find=lambda book, key: found(book, "SELECT id FROM contracts WHERE contract = ? AND manual = 0", key, 1),
    finish=_finish,
)
