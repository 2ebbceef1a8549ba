"""The overview of entitlements: the thirteen columns of the reference system, and four more."""

from __future__ import annotations

from typing import Final

from rules.vocabulary import ACTIVE, EXPIRED, EXPIRING, FINAL_DAY, UPCOMING
from store.listing.shape import Field, Listing, Overview, Words, found

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

LISTING: Final = Listing(
    overview=OVERVIEW,
    base="entitlements e",
    id="e.id",
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
        "managed_by": ("coalesce(g.name, '') COLLATE NOCASE",),
        "vendor": ("p.vendor COLLATE NOCASE", "p.id"),
        "price": ("e.price_currency", "CAST(e.price_amount AS REAL)"),
    },
    related={
        "contract": "e.id IN (SELECT i.entitlement_id FROM contract_items i JOIN contracts c ON c.id = i.contract_id"
        " WHERE c.contract = ?)",
        "user_group": "e.id IN (SELECT a.entitlement_id FROM allocations a JOIN user_groups u ON u.id = a.user_group_id"
        " WHERE u.name = ?)",
        "resource_group": "e.id IN (SELECT a.entitlement_id FROM allocations a"
        " JOIN resource_groups r ON r.id = a.resource_group_id WHERE r.name = ?)",
    },
    filters={
        ACTIVE: f"e.state = '{ACTIVE}'",
        EXPIRING: f"e.state IN ('{EXPIRING}', '{FINAL_DAY}')",
        EXPIRED: f"e.state = '{EXPIRED}'",
        UPCOMING: f"e.state = '{UPCOMING}'",
        "over-allocated": "e.archived = 0 AND e.allocated > e.quantity",
        "archived": "e.archived = 1",
        "all": "e.archived = 0",
    },
    words=Words(
        plain="e.name || ' ' || p.vendor || ' ' || coalesce(f.name, '') || ' ' || p.edition || ' ' || p.version"
        " || ' ' || e.model || ' ' || m.code || ' ' || coalesce(g.name, '')",
        test="EXISTS (SELECT 1 FROM entitlement_search t WHERE t.words MATCH :words AND t.rowid = e.id)",
        hits="SELECT t.rowid FROM entitlement_search t WHERE t.words MATCH :words",
        tables=("entitlement_search",),
    ),
    key="p.product || '|' || e.model || '|' || m.code",
    find=lambda book, key: found(book, _KEY, key, 3),
)
