"""The overview of positions: a tree whose rows open to resource groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import orjson

from rules import formulas
from rules.vocabulary import COMPLIANT, OVER_LICENSED, UNDER_LICENSED, UNLIMITED
from store import money, search
from store.book import Book, Row
from store.listing.products import WORDS
from store.listing.shape import Arm, Field, Listing, Overview, Rare, Values, Walk, Words, found

OVERVIEW: Final = Overview(
    "compliance",
    (
        Field("product", "text"),
        Field("name", "text"),
        Field("model", "code"),
        Field("metric", "code"),
        Field("active", "count"),
        Field("downgrade", "count"),
        Field("upgrade", "count"),
        Field("demand", "count"),
        Field("balance", "count"),
        Field("balance_value", "money"),
        Field("status", "code"),
        Field("override", "flag"),
        Field("vendor", "text", hidden=True),
        Field("parts", "number", hidden=True, sortable=False),
    ),
    (UNDER_LICENSED, OVER_LICENSED, COMPLIANT, "overridden", "all"),
    tree=True,
)

_BALANCE: Final = 9  # the places of balance and balance value in a selected row, behind the id
_VALUE: Final = 10

# How many parts a position has: none where everything is unallocated, since that is the position itself.
_PARTS: Final = "iif(s.breakdown LIKE '[[null,%' OR s.breakdown = '[]', 0, json_array_length(s.breakdown))"

_WHOLE: Final = """
json_array(json_array(NULL, calculated_active, calculated_demand, calculated_downgrade, calculated_upgrade))"""

_KEY: Final = """
SELECT s.id FROM products p JOIN positions s ON s.product_id = p.id JOIN metrics m ON m.id = s.metric_id
WHERE p.product = ? AND s.model IS nullif(?, '') AND m.code = ?"""


def _finish(_: Book, rows: list[Row]) -> dict[int, Values]:
    return {row[0]: (*row[1:_VALUE], _money(row[_BALANCE], row[_VALUE]), *row[_VALUE + 1 :]) for row in rows}


def _money(balance: int, price: str | None) -> str | None:
    """What a balance is worth at a price such as "12.50 EUR"."""
    if price is None:
        return None
    amount, currency = price.split(" ")
    return money.worth_in(balance, amount, currency)


def children(book: Book, positions: Sequence[int]) -> dict[int, list[Values]]:
    """The parts of positions by resource group; what no group has comes last, under the name "", and may be all."""
    names: dict[int | None, str] = dict(book.rows("SELECT id, name FROM resource_groups"))
    marks = ", ".join("?" * len(positions))
    stored = book.rows(
        f"SELECT id, iif(breakdown = '[]', {_WHOLE}, breakdown) FROM positions WHERE id IN ({marks})", positions
    )
    return {number: _parts(breakdown, names) for number, breakdown in stored}


def _parts(stored: str, names: Mapping[int | None, str]) -> list[Values]:
    parts: list[Values] = []
    for group, active, demand, downgrade, upgrade in orjson.loads(stored):
        balance = formulas.balance(active, downgrade, upgrade, demand)
        figures = (active, downgrade, upgrade, demand, balance)
        parts.append(("" if group is None else names[group], None, None, None, *figures, *[None] * 5))
    return sorted(parts, key=lambda part: (not part[0], part[0].casefold(), part[0]))


STATUS: Final = "substr(s.status, 1, 1)"
"""What the filters look at; every index holds it, so a letter must do."""

_OVERRIDDEN: Final = "s.entitlement_id IN (SELECT x.entitlement_id FROM overrides x)"
_OF_PRODUCTS: Final = "products p CROSS JOIN positions s ON s.product_id = p.id"

BALANCE_VALUE: Final = (
    "s.price_currency",
    f"CASE WHEN s.balance <= {UNLIMITED // 2} THEN round(s.balance * CAST(s.price_amount AS REAL), 6) END",
)
"""What balances are sorted by: their value, currency by currency."""


def _in_status(status: str) -> Rare:
    name = "overview_positions_status"
    known = f"SELECT x.id FROM positions x INDEXED BY {name} WHERE substr(x.status, 1, 1) = '{status[0]}'"
    return Rare(name, f"({known}) y CROSS JOIN positions s ON s.id = y.id")


_ARM: Final = Arm(
    base="positions s",
    id="s.id",
    local=("s.id",),
    joins={
        "p": "JOIN products p ON p.id = s.product_id",
        "m": "JOIN metrics m ON m.id = s.metric_id",
        "e": "LEFT JOIN entitlements e ON e.id = s.entitlement_id",
        "f": "LEFT JOIN families f ON f.id = p.family_id",
        "g": "LEFT JOIN user_groups g ON g.id = e.managed_by_id",
    },
    columns={
        "product": "p.product",
        "name": "coalesce(e.name, p.product)",
        "model": "s.model",
        "metric": "m.code",
        "active": "s.active",
        "downgrade": "s.downgrade",
        "upgrade": "s.upgrade",
        "demand": "s.demand",
        "balance": "s.balance",
        "balance_value": "s.price_amount || ' ' || s.price_currency",
        "status": "s.status",
        "override": f"coalesce({_OVERRIDDEN}, 0)",
        "vendor": "p.vendor",
        "parts": _PARTS,
        "family": "coalesce(f.name, '')",
        "currency": "s.price_currency",
    },
    sorts={
        "product": ("p.product COLLATE NOCASE", "p.id"),
        "name": ("p.product COLLATE NOCASE", "p.id"),  # what names begin with; rows without entitlement have no other
        "balance_value": BALANCE_VALUE,
        "status": (),
        "vendor": ("p.vendor COLLATE NOCASE", "p.id"),
    },
    tail=(STATUS,),
    rare={
        **{status: _in_status(status) for status in (UNDER_LICENSED, OVER_LICENSED, COMPLIANT)},
        "overridden": Rare(
            "overview_positions_entitlement",
            "overrides x CROSS JOIN positions s ON s.entitlement_id = x.entitlement_id",
        ),
    },
    walks={
        "product": (Walk(_OF_PRODUCTS),),
        "vendor": (Walk(_OF_PRODUCTS),),
        "name": (Walk(_OF_PRODUCTS),),
        "metric": (Walk("metrics m CROSS JOIN positions s ON s.metric_id = m.id"),),
        "override": (
            Walk("positions s", f"NOT coalesce({_OVERRIDDEN}, 0)", (STATUS, "s.id")),
            Walk("positions s", _OVERRIDDEN, (STATUS, "s.id")),
        ),
    },
    filters={
        # The plus keeps the order that is asked for: without it the rows would be found by their status, and sorted.
        **{status: f"+{STATUS} = '{status[0]}'" for status in (UNDER_LICENSED, OVER_LICENSED, COMPLIANT)},
        "overridden": _OVERRIDDEN,
        "all": "1",
    },
    words=Words(
        plain=(f"iif(s.entitlement_id IS NULL, {WORDS}, {search.WORDS})",),
        hits="SELECT y.id FROM entitlement_search x CROSS JOIN positions y ON y.entitlement_id = x.rowid"
        " WHERE x.words MATCH :words UNION ALL SELECT y.id FROM product_search x CROSS JOIN positions y"
        " ON y.product_id = x.rowid AND y.entitlement_id IS NULL WHERE x.words MATCH :words",
        tables=("entitlement_search", "product_search"),
    ),
    key="p.product || '|' || coalesce(s.model, '') || '|' || m.code",
)

LISTING: Final = Listing(
    OVERVIEW, (_ARM,), find=lambda book, key: found(book, _KEY, key, 3), finish=_finish, children=children
)
