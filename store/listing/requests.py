"""The overviews of request lines, of those that wait for an approver, and of the ledger of charges."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Final

from rules.vocabulary import AUTHORIZED, CANCELLED, CREATED, DENIED, NO_CHANGE, PENDING, REFUSED, REPLACED, STALE
from store.book import Book, Row
from store.listing.shape import Arm, Field, Listing, Overview, Values, Words, found
from store.listing.titles import AS_OF, days, nocase

_EXACT: Final = Context(prec=60)
_CENTS: Final = Decimal("0.01")
_NEVER: Final = "'9999-12-31'"

_JOINS: Final = {
    "r": "JOIN requests r ON r.id = l.request_id",
    "t": "JOIN titles t ON t.id = l.title_id",
    "d": "LEFT JOIN entitlement_definitions d ON d.id = l.definition_id",
    "a": "LEFT JOIN authorizations a ON a.id = l.authorization_id",
    "x": "LEFT JOIN decisions x ON x.line_id = l.id",
}
_BEGIN: Final = "iif(l.kind = 'title', l.starts_on, coalesce(l.starts_on, r.submitted_on))"
_PRICE: Final = "round(CAST(l.price AS REAL) * l.quantity, 6)"
_WORDS: Final = (
    "r.request || ' ' || l.line || ' ' || r.requester || ' ' || r.holder || ' ' || t.title"
    " || ' ' || coalesce(d.definition, '')"
)


def _listed(column: str) -> str:
    """A list of codes as a text."""
    return f"coalesce((SELECT group_concat(value, ', ') FROM json_each({column})), '')"


_ASKED: Final = (
    Field("request", "text"),
    Field("line", "text"),
    Field("requester", "text"),
    Field("holder", "text"),
    Field("kind", "code"),
    Field("title", "text"),
    Field("definition", "text"),
    Field("quantity", "number"),
    Field("start", "day", sortable=False),
    Field("end", "day"),
    Field("amount", "money", sortable=False),
)
"""What is asked for in a line: the first fields of both overviews of lines."""

_COLUMNS: Final = {
    "request": "r.request",
    "line": "l.line",
    "requester": "r.requester",
    "holder": "r.holder",
    "kind": "l.kind",
    "title": "t.title",
    "definition": "coalesce(d.definition, '')",
    "quantity": "l.quantity",
    "start": _BEGIN,
    "end": "l.ends_on",
    "submitted_on": "r.submitted_on",
}
_SORTS: Final = {
    **nocase("r.request", "l.line", "r.requester", "r.holder", "t.title", "d.definition"),
    **days(end="l.ends_on"),
    "amount": ("l.currency", _PRICE),
}

# --------------------------------------------------------------------------------------------------------------- lines
_GROUPS: Final = {
    PENDING: (PENDING,),
    "approved": (AUTHORIZED, CREATED, REPLACED),
    NO_CHANGE: (NO_CHANGE,),
    "declined": (DENIED, REFUSED, CANCELLED, STALE),
}

_REQUESTS: Final = Overview(
    "requests",
    (
        *_ASKED,
        Field("outcome", "code"),
        Field("reasons", "text", sortable=False),
        Field("warnings", "text", sortable=False),
        Field("submitted_on", "day"),
        Field("decided_by", "text"),
        Field("decided_on", "day"),
        Field("authorization", "text", hidden=True),
        Field("reason", "text", hidden=True, sortable=False),
    ),
    (*_GROUPS, "all"),
    default="all",
)

_LINE: Final = """
SELECT l.id FROM request_lines l JOIN requests r ON r.id = l.request_id WHERE r.request = ? AND l.line = ?"""


def _among(outcomes: Sequence[str]) -> str:
    return f"l.outcome IN ({', '.join(repr(outcome) for outcome in outcomes)})"


def _money(price: str | None, quantity: int, currency: str) -> str | None:
    """What a line costs, exactly; None where it costs nothing."""
    amount = _EXACT.multiply(Decimal(price or 0), Decimal(quantity))
    cents = amount.quantize(_CENTS, context=_EXACT)
    return f"{cents if cents == amount else amount.normalize(_EXACT):f} {currency}" if amount else None


def _priced(overview: Overview) -> int:
    """The place of the amount in a row that begins with its id."""
    return [field.name for field in overview.fields].index("amount") + 1


def _finish(overview: Overview, rows: list[Row]) -> dict[int, Values]:
    """The amounts from price and quantity, which the database would only count roughly."""
    place, values = _priced(overview), dict[int, Values]()
    for row in rows:
        price, _, rest = (row[place] or " ").partition(" ")
        quantity, _, currency = rest.partition(" ")
        money = _money(price, int(quantity), currency) if price else None
        values[row[0]] = (*row[1:place], money, *row[place + 1 :])
    return values


_AMOUNT: Final = "l.price || ' ' || l.quantity || ' ' || l.currency"
_FREE: Final = """l.reasons LIKE '%"already-authorized"%' OR l.outcome = 'no-change'"""
"""What is asked for and not charged: the holder has it."""

_REQUESTS_ARM: Final = Arm(
    base="request_lines l",
    id="l.id",
    local=("l.id",),
    joins=_JOINS,
    columns={
        **_COLUMNS,
        "amount": f"iif({_FREE}, NULL, {_AMOUNT})",
        "outcome": "l.outcome",
        "reasons": _listed("l.reasons"),
        "warnings": _listed("l.warnings"),
        "decided_by": "coalesce(x.decided_by, '')",
        "decided_on": "x.decided_on",
        "authorization": "coalesce(a.authorization, '')",
        "reason": "coalesce(x.reason, '')",
    },
    order=("l.id DESC",),
    sorts={
        **_SORTS,
        "amount": (f"iif({_FREE}, NULL, l.currency)", f"iif({_FREE}, NULL, {_PRICE})"),
        **nocase("x.decided_by", "a.authorization", "x.reason"),
        **nocase(reasons=_listed("l.reasons"), warnings=_listed("l.warnings")),
    },
    filters={**{code: _among(outcomes) for code, outcomes in _GROUPS.items()}, "all": "1"},
    words=Words(
        plain=(
            f"{_WORDS} || ' ' || coalesce(x.decided_by || ' ' || x.reason, '') || ' ' || coalesce(a.authorization, '')",
        )
    ),
    key="r.request || '|' || l.line",
)

REQUESTS: Final = Listing(
    _REQUESTS,
    (_REQUESTS_ARM,),
    find=lambda book, key: found(book, _LINE, key, 2),
    finish=lambda _, rows: _finish(_REQUESTS, rows),
)

# ----------------------------------------------------------------------------------------------------------- approvals
_OPEN: Final = "l.outcome = 'pending' AND NOT EXISTS (SELECT 1 FROM decisions y WHERE y.line_id = l.id)"

_APPROVALS: Final = Overview(
    "approvals",
    (
        *_ASKED,
        Field("effect", "code", sortable=False),
        Field("warnings", "text", sortable=False),
        Field("submitted_on", "day"),
    ),
    ("all",),
)

_OWN: Final = f"""(SELECT y.id FROM authorizations y WHERE y.holder = r.holder AND y.title_id = l.title_id
    AND coalesce(y.ended_on > {AS_OF}, 1) ORDER BY y.authorized_on, y.id LIMIT 1)"""
_WAITS: Final = """EXISTS (SELECT 1 FROM request_lines z WHERE z.request_id = l.request_id AND z.title_id = l.title_id
    AND z.kind = 'title' AND z.outcome = 'pending')"""
_END: Final = f"coalesce(l.ends_on, {_NEVER})"
_HELD_END: Final = f"coalesce(h.ends_on, {_NEVER})"
_EFFECT: Final = f"""CASE WHEN l.kind = 'title' THEN 'authorized' WHEN {_OWN} IS NULL AND NOT {_WAITS} THEN 'stale'
    WHEN h.id IS NULL THEN 'created' WHEN {_END} > {_HELD_END} OR l.quantity <> h.quantity THEN 'replaced'
    ELSE 'no-change' END"""
_REPLACES: Final = f"h.id IS NOT NULL AND ({_END} > {_HELD_END} OR l.quantity <> h.quantity)"
_WARNED: Final = f"""rtrim(iif({_REPLACES} AND {_END} < {_HELD_END}, 'shortens, ', '')
    || iif({_REPLACES} AND l.quantity < h.quantity, 'fewer, ', '')
    || iif({_REPLACES} AND ({_BEGIN} > date(h.ends_on, '+1 day')
        OR ({_BEGIN} > {AS_OF} AND h.starts_on <= {AS_OF} AND {_HELD_END} >= {AS_OF})), 'gap, ', '')
    || iif(h.id IS NOT NULL AND NOT ({_REPLACES}) AND h.ends_on < {AS_OF}, 'stays-expired, ', ''), ', ')"""
_CHARGED: Final = f"""iif(l.kind = 'title' AND {_OWN} IS NULL OR {_EFFECT} IN ('created', 'replaced'), {{0}}, NULL)"""

_APPROVALS_ARM: Final = Arm(
    base="request_lines l",
    id="l.id",
    local=("l.id",),
    only=_OPEN,
    joins={
        **_JOINS,
        "h": f"""LEFT JOIN deployed_entitlements h ON h.authorization_id = {_OWN}
            AND h.definition_id = l.definition_id AND h.replaced_on IS NULL""",
    },
    columns={
        **_COLUMNS,
        "effect": _EFFECT,
        "warnings": _WARNED,
        "amount": _CHARGED.format(_AMOUNT),
    },
    order=("r.submitted_on",),
    sorts={
        **_SORTS,
        **nocase(warnings=_WARNED),
        "amount": (_CHARGED.format("l.currency"), _CHARGED.format(_PRICE)),
    },
    filters={"all": "1"},
    words=Words(plain=(_WORDS,)),
    key="r.request || '|' || l.line",
)

APPROVALS: Final = Listing(
    _APPROVALS,
    (_APPROVALS_ARM,),
    find=lambda book, key: found(book, f"{_LINE} AND {_OPEN}", key, 2),
    finish=lambda _, rows: _finish(_APPROVALS, rows),
)

# ------------------------------------------------------------------------------------------------------------- charges
_CHARGES: Final = Overview(
    "charges",
    (
        Field("entry", "number"),
        Field("charged_on", "day"),
        Field("kind", "code"),
        Field("request", "text"),
        Field("line", "text"),
        Field("title", "text"),
        Field("definition", "text"),
        Field("holder", "text"),
        Field("quantity", "number"),
        Field("amount", "money"),
        Field("status", "code", sortable=False),
        Field("rule", "text"),
        Field("reason", "text", sortable=False),
    ),
    ("standing", "credits", "reversed", "all"),
    default="standing",
)

_REVERSED: Final = "EXISTS (SELECT 1 FROM charges y WHERE y.reverses = c.id)"
_STATUS: Final = f"CASE WHEN c.reverses IS NOT NULL OR {_REVERSED} THEN 'reversed' ELSE 'standing' END"

_CHARGES_ARM: Final = Arm(
    base="charges c",
    id="c.id",
    local=("c.id",),
    joins={
        "r": "LEFT JOIN requests r ON r.request = c.request",
        "l": "LEFT JOIN request_lines l ON l.request_id = r.id AND l.line = c.line",
        "t": "LEFT JOIN titles t ON t.id = l.title_id",
        "d": "LEFT JOIN entitlement_definitions d ON d.id = l.definition_id",
    },
    columns={
        "entry": "c.id",
        **{name: f"c.{name}" for name in "charged_on kind request line rule reason".split()},
        "title": "coalesce(t.title, '')",
        "definition": "coalesce(d.definition, '')",
        "holder": "coalesce(r.holder, '')",
        "quantity": "l.quantity",
        "amount": "c.amount || ' ' || c.currency",
        "status": _STATUS,
    },
    order=("c.id DESC",),
    sorts={
        **nocase("c.request", "c.line", "t.title", "d.definition", "r.holder", "c.rule", "c.reason"),
        "amount": ("c.currency", "CAST(c.amount AS REAL)"),
    },
    filters={
        "standing": f"{_STATUS} = 'standing'",
        "credits": f"{_STATUS} = 'standing' AND c.kind = 'credit'",
        "reversed": f"{_STATUS} = 'reversed'",
        "all": "1",
    },
    words=Words(
        plain=(
            "c.request || ' ' || c.line || ' ' || coalesce(t.title, '') || ' ' || coalesce(d.definition, '')"
            " || ' ' || coalesce(r.holder, '') || ' ' || c.rule || ' ' || c.reason",
        )
    ),
    key="CAST(c.id AS TEXT)",
)


def _charge(book: Book, key: str) -> int | None:
    return found(book, "SELECT id FROM charges WHERE id = CAST(? AS INTEGER)", key, 1) if key.isdecimal() else None


CHARGES: Final = Listing(_CHARGES, (_CHARGES_ARM,), find=_charge)
