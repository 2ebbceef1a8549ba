"""The overview of entitlements: the thirteen columns of the reference system, and four more."""

from __future__ import annotations

from typing import Final

from rules.vocabulary import ACTIVE, EXPIRED, EXPIRING, FINAL_DAY, STATES, UPCOMING
from store import search
from store.listing.shape import Arm, Field, Listing, Overview, Rare, Walk, Words, found

OVERVIEW: Final = Overview(
    "entitlements",
    (
        Field("product", "text"),
        Field("name", "text"),
        Field("model", "code"),
        Field("metric", "code"),
        Field("quantity", "count"),
        Field("allocated", "count"),
        Field("remaining", "count"),
        Field("license_start", "day"),
        Field("maintenance_quantity", "count"),
        Field("activation", "day"),
        Field("expiration", "day"),
        Field("last_demand_synchronization", "moment"),
        Field("managed_by", "text"),
        Field("state", "code", hidden=True),
        Field("active", "count", hidden=True),
        Field("vendor", "text", hidden=True),
        Field("price", "money", hidden=True),
    ),
    (ACTIVE, EXPIRING, EXPIRED, UPCOMING, "over-allocated", "archived", "all"),
)

JOINS: Final = {
    "p": "JOIN products p ON p.id = e.product_id",
    "m": "JOIN metrics m ON m.id = e.metric_id",
    "f": "LEFT JOIN families f ON f.id = p.family_id",
    "g": "LEFT JOIN user_groups g ON g.id = e.managed_by_id",
}

_KEY: Final = """
SELECT e.id FROM products p JOIN entitlements e ON e.product_id = p.id JOIN metrics m ON m.id = e.metric_id
WHERE p.product = ? AND e.model = ? AND m.code = ?"""

_NUMBERED: Final = f"- {' '.join(STATES)}"
_STATE: Final = f"instr('{_NUMBERED}', e.state)"  # a small number, because every index holds it


def _in_state(*states: str) -> str:
    return f"{_STATE} IN ({', '.join(str(_NUMBERED.index(state) + 1) for state in states)})"


MARKS: Final = ("e.archived", _STATE, "e.allocated > e.quantity")
"""What the filters look at. Each index of the overview holds them, so that filtering needs no rows."""


def _those(index: str, condition: str) -> Rare:
    """The entitlements of which a condition holds."""
    name = f"overview_entitlements_{index}"
    known = f"SELECT x.id FROM entitlements x INDEXED BY {name} WHERE {condition}"
    return Rare(name, f"({known}) y CROSS JOIN entitlements e ON e.id = y.id")


_ARM: Final = Arm(
    base="entitlements e",
    id="e.id",
    local=("e.id",),
    joins=JOINS,
    columns={
        "product": "p.product",
        "name": "e.name",
        "model": "e.model",
        "metric": "m.code",
        "quantity": "e.quantity",
        "allocated": "e.allocated",
        "remaining": "e.quantity - e.allocated",
        "license_start": "e.license_start",
        "maintenance_quantity": "e.maintenance_quantity",
        "activation": "e.activation",
        "expiration": "e.expiration",
        "last_demand_synchronization": "e.last_demand_synchronization",
        "managed_by": "coalesce(g.name, '')",
        "state": "e.state",
        "active": "e.active",
        "vendor": "p.vendor",
        "price": "e.price_amount || ' ' || e.price_currency",
        "family": "coalesce(f.name, '')",
        "currency": "e.price_currency",
    },
    sorts={
        "product": ("p.product COLLATE NOCASE", "p.id"),
        "name": ("e.name COLLATE NOCASE",),
        "license_start": ("coalesce(e.license_start, '9')",),
        "activation": ("coalesce(e.activation, '9')",),
        "expiration": ("coalesce(e.expiration, '9')",),
        "managed_by": ("g.name COLLATE NOCASE", "g.id"),
        "vendor": ("p.vendor COLLATE NOCASE", "p.id"),
        "price": ("e.price_currency", "CAST(e.price_amount AS REAL)"),
    },
    tail=MARKS,
    rare={
        EXPIRING: _those("state", f"x.state IN ('{EXPIRING}', '{FINAL_DAY}')"),
        EXPIRED: _those("state", f"x.state = '{EXPIRED}'"),
        UPCOMING: _those("state", f"x.state = '{UPCOMING}'"),
        "over-allocated": _those("over", "x.archived = 0 AND x.allocated > x.quantity"),
        "archived": _those("archived", "x.archived = 1"),
    },
    walks={
        "product": (Walk("products p CROSS JOIN entitlements e ON e.product_id = p.id"),),
        "vendor": (Walk("products p CROSS JOIN entitlements e ON e.product_id = p.id"),),
        "metric": (Walk("metrics m CROSS JOIN entitlements e ON e.metric_id = m.id"),),
        "managed_by": (
            Walk("entitlements e", "e.managed_by_id IS NULL", (*MARKS, "e.id")),
            Walk("user_groups g CROSS JOIN entitlements e ON e.managed_by_id = g.id"),
        ),
    },
    related={
        "contract": "e.id IN (SELECT x.entitlement_id FROM contract_items x JOIN contracts y ON y.id = x.contract_id"
        " WHERE y.contract = ?)",
        "user_group": "e.id IN (SELECT x.entitlement_id FROM allocations x JOIN user_groups y ON y.id = x.user_group_id"
        " WHERE y.name = ?)",
        "resource_group": "e.id IN (SELECT x.entitlement_id FROM allocations x"
        " JOIN resource_groups y ON y.id = x.resource_group_id WHERE y.name = ?)",
    },
    # The plus keeps the order that is asked for: what is known to be equal would no longer be sorted by.
    filters={
        ACTIVE: _in_state(ACTIVE),
        EXPIRING: _in_state(EXPIRING, FINAL_DAY),
        EXPIRED: _in_state(EXPIRED),
        UPCOMING: _in_state(UPCOMING),
        "over-allocated": "+e.archived = 0 AND e.allocated > e.quantity",
        "archived": "+e.archived = 1",
        "all": "+e.archived = 0",
    },
    words=Words(
        plain=(search.WORDS,),
        hits="SELECT t.rowid AS id FROM entitlement_search t WHERE t.words MATCH :words",
        tables=("entitlement_search",),
        in_order=True,
    ),
    key="p.product || '|' || e.model || '|' || m.code",
)

LISTING: Final = Listing(OVERVIEW, (_ARM,), find=lambda book, key: found(book, _KEY, key, 3))
