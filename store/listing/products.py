"""The overview of products, by family and version."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from store.listing.shape import Arm, Field, Kept, Listing, Overview, Rare, Walk, Words, found

OVERVIEW: Final = Overview(
    "products",
    (
        Field("vendor", "text"),
        Field("product", "text"),
        Field("family", "text"),
        Field("edition", "text"),
        Field("version", "text"),
        Field("released_on", "day"),
        Field("support_ends_on", "day"),
        Field("metric", "code"),
        Field("active", "count"),
        Field("demand", "count"),
    ),
    ("supported", "support-ending", "unsupported", "all"),
)

WORDS: Final = "p.product || ' ' || p.vendor || ' ' || coalesce(f.name, '') || ' ' || p.edition || ' ' || p.version"
"""What a product is found by."""

HITS: Final = "SELECT t.rowid AS id FROM product_search t WHERE t.words MATCH :words"

IN_FAMILIES: Final = (
    Walk("products p", "p.family_id IS NULL"),
    Walk("families f CROSS JOIN products p ON p.family_id = f.id"),
)
"""The ways through the products by family; those without one come first."""

_FAMILY: Final = (
    "f.name COLLATE NOCASE",
    "f.id",
    "p.edition COLLATE NOCASE",
    "p.version_rank",
    "p.released_on",
    "p.product COLLATE NOCASE",
)
_BY_FAMILY: Final = (replace(IN_FAMILIES[0], order=(*_FAMILY[2:], "p.id")), IN_FAMILIES[1])

_FILTERS: Final = {
    "supported": "p.support_ends_on >= :as_of",
    "support-ending": "p.support_ends_on >= :as_of AND p.support_ends_on <= :in_a_year",
    "unsupported": "p.support_ends_on < :as_of",
}


def _those(condition: str) -> Rare:
    name = "overview_products_support"
    known = f"SELECT p.id FROM products p INDEXED BY {name} WHERE {condition}"
    return Rare(name, f"({known}) y CROSS JOIN products p ON p.id = y.id")


_ACTIVE: Final = "(SELECT coalesce(sum(s.active), 0) FROM positions s WHERE s.product_id = p.id)"
_DEMAND: Final = "(SELECT coalesce(sum(s.demand), 0) FROM positions s WHERE s.product_id = p.id)"

KEPT: Final = Kept(
    "overview_product_sums",
    "products p",
    key={"id": "p.id"},
    sums={"active": _ACTIVE, "demand": _DEMAND},
    orders=("active", "demand"),
    marked="products",
    by="p.id",
)
_SUMMED: Final = f"{KEPT.table} k CROSS JOIN products p ON p.id = k.id"

_ARM: Final = Arm(
    base="products p",
    id="p.id",
    local=("p.id",),
    joins={
        "f": "LEFT JOIN families f ON f.id = p.family_id",
        "m": "LEFT JOIN metrics m ON m.id = p.metric_id",
    },
    columns={
        "vendor": "p.vendor",
        "product": "p.product",
        "family": "coalesce(f.name, '')",
        "edition": "p.edition",
        "version": "p.version",
        "released_on": "p.released_on",
        "support_ends_on": "p.support_ends_on",
        "metric": "m.code",
        "active": _ACTIVE,
        "demand": _DEMAND,
    },
    order=_FAMILY,
    sorts={
        "vendor": ("p.vendor COLLATE NOCASE",),
        "product": ("p.product COLLATE NOCASE",),
        "family": _FAMILY,
        "edition": ("p.edition COLLATE NOCASE",),
        "version": ("p.version COLLATE NOCASE",),
        "support_ends_on": ("coalesce(p.support_ends_on, '9')",),
    },
    rare={code: _those(condition) for code, condition in _FILTERS.items()},
    walks={
        "": _BY_FAMILY,
        "family": _BY_FAMILY,
        "active": (Walk("products p NOT INDEXED"),),  # in the order of their positions
        "demand": (Walk("products p NOT INDEXED"),),
        "metric": (
            Walk("products p", "p.metric_id IS NULL", ("p.id",)),
            Walk("metrics m CROSS JOIN products p ON p.metric_id = m.id"),
        ),
    },
    kept=KEPT,
    summed={
        "active": Walk(_SUMMED, order=("k.active", "k.id")),
        "demand": Walk(_SUMMED, order=("k.demand", "k.id")),
    },
    filters={**_FILTERS, "all": "1"},
    words=Words(
        plain=(WORDS,),
        hits=HITS,
        tables=("product_search",),
    ),
    key="p.product",
)

LISTING: Final = Listing(
    OVERVIEW, (_ARM,), find=lambda book, key: found(book, "SELECT id FROM products WHERE product = ?", key, 1)
)
