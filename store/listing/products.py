"""The overview of products, by family and version."""

from __future__ import annotations

from typing import Final

from store.listing.shape import Field, Listing, Overview, Words, found

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

_ACTIVE: Final = "(SELECT coalesce(sum(s.active), 0) FROM positions s WHERE s.product_id = p.id)"
_DEMAND: Final = "(SELECT coalesce(sum(s.demand), 0) FROM positions s WHERE s.product_id = p.id)"
_FAMILY: Final = "coalesce(f.name, '') COLLATE NOCASE"

LISTING: Final = Listing(
    overview=OVERVIEW,
    base="products p",
    id="p.id",
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
    order=(_FAMILY, "p.edition COLLATE NOCASE", "p.version_rank", "p.released_on", "p.product COLLATE NOCASE"),
    sorts={
        "vendor": ("p.vendor COLLATE NOCASE",),
        "product": ("p.product COLLATE NOCASE",),
        "family": (_FAMILY, "p.version_rank"),
        "edition": ("p.edition COLLATE NOCASE",),
        "version": ("p.version COLLATE NOCASE",),
        "support_ends_on": ("coalesce(p.support_ends_on, '9')",),
    },
    filters={
        "supported": "p.support_ends_on >= :as_of",
        "support-ending": "p.support_ends_on >= :as_of AND p.support_ends_on <= :in_a_year",
        "unsupported": "p.support_ends_on < :as_of",
        "all": "1",
    },
    words=Words(
        plain="p.product || ' ' || p.vendor || ' ' || coalesce(f.name, '') || ' ' || p.edition || ' ' || p.version"
    ),
    key="p.product",
    find=lambda book, key: found(book, "SELECT id FROM products WHERE product = ?", key, 1),
)
