"""The overview of positions: a tree whose rows open to resource groups."""

from __future__ import annotations

from typing import Final

import orjson

from rules.vocabulary import COMPLIANT, OVER_LICENSED, UNDER_LICENSED
from store.book import Book, Row
from store.listing.shape import Field, Listing, Overview, Values, Words, found
from store.snapshots.lists import balance_value

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
        Field("parts", "number", hidden=True),
    ),
    (UNDER_LICENSED, OVER_LICENSED, COMPLIANT, "overridden", "all"),
    tree=True,
)

_BALANCE: Final = 9  # the places of balance and balance value in a selected row, behind the id
_VALUE: Final = 10

# How many rows lie below a position: none where everything is unallocated, since that is the position itself.
_PARTS: Final = "iif(s.breakdown LIKE '[[null,%' OR s.breakdown = '[]', 0, json_array_length(s.breakdown))"

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
    value = balance_value(balance, amount)
    return None if value is None else f"{value} {currency}"


def children(book: Book, position: int) -> list[Values]:
    """The parts of a position by resource group; what no group has comes last, under the name ""."""
    stored = book.value("SELECT breakdown FROM positions WHERE id = ?", (position,))
    names: dict[int | None, str] = dict(book.rows("SELECT id, name FROM resource_groups"))
    parts: list[Values] = []
    for group, active, demand, downgrade, upgrade in orjson.loads(stored):
        balance = active + downgrade + upgrade - demand
        figures = (active, downgrade, upgrade, demand, balance)
        parts.append(("" if group is None else names[group], None, None, None, *figures, None, None, None, None, None))
    return sorted(parts, key=lambda part: (not part[0], part[0].casefold(), part[0]))


LISTING: Final = Listing(
    overview=OVERVIEW,
    base="positions s",
    id="s.id",
    joins={
        "p": "JOIN products p ON p.id = s.product_id",
        "m": "JOIN metrics m ON m.id = s.metric_id",
        "e": "LEFT JOIN entitlements e ON e.id = s.entitlement_id",
        "f": "LEFT JOIN families f ON f.id = p.family_id",
        "g": "LEFT JOIN user_groups g ON g.id = e.managed_by_id",
        "o": "LEFT JOIN overrides o ON o.entitlement_id = s.entitlement_id",
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
        "balance_value": "e.price_amount || ' ' || e.price_currency",
        "status": "s.status",
        "override": "o.id IS NOT NULL",
        "vendor": "p.vendor",
        "parts": _PARTS,
        "family": "coalesce(f.name, '')",
        "currency": "e.price_currency",
    },
    sorts={
        "product": ("p.product COLLATE NOCASE", "p.id"),
        "name": ("coalesce(e.name, p.product) COLLATE NOCASE",),
        "balance_value": ("e.price_currency", "round(s.balance * CAST(e.price_amount AS REAL), 6)"),
        "vendor": ("p.vendor COLLATE NOCASE", "p.id"),
    },
    filters={
        UNDER_LICENSED: f"s.status = '{UNDER_LICENSED}'",
        OVER_LICENSED: f"s.status = '{OVER_LICENSED}'",
        COMPLIANT: f"s.status = '{COMPLIANT}'",
        "overridden": "s.entitlement_id IN (SELECT entitlement_id FROM overrides)",
        "all": "1",
    },
    words=Words(
        plain="CASE WHEN s.entitlement_id IS NULL THEN p.product || ' ' || p.vendor || ' ' || coalesce(f.name, '')"
        " || ' ' || p.edition || ' ' || p.version"
        " ELSE e.name || ' ' || p.vendor || ' ' || coalesce(f.name, '') || ' ' || p.edition || ' ' || p.version"
        " || ' ' || e.model || ' ' || m.code || ' ' || coalesce(g.name, '') END",
    ),
    key="p.product || '|' || coalesce(s.model, '') || '|' || m.code",
    find=lambda book, key: found(book, _KEY, key, 3),
    finish=_finish,
    children=children,
)
