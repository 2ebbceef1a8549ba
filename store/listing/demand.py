"""The overview of demand: a tree of products and metrics; rows open to the counts by resource group and source."""

from __future__ import annotations

from typing import Final

from store import facts
from store.book import Book
from store.listing.shape import Field, Listing, Overview, Values, Words, splits

OVERVIEW: Final = Overview(
    "demand",
    (
        Field("product", "text"),
        Field("metric", "code"),
        Field("quantity", "count"),
        Field("source", "text"),
        Field("counted_on", "moment"),
        Field("basis", "code"),
        Field("vendor", "text", hidden=True),
        Field("family", "text", hidden=True),
    ),
    ("stale", "all"),
    tree=True,
)

COUNTED: Final = "counted"
INSTALLED: Final = "installed"

# Installations are what counts for a product and metric that nobody has counted otherwise, as `store.facts` has it.
_CELLS: Final = f"""
(SELECT product_id, metric_id, sum(quantity) AS quantity, max(counted_on) AS counted_on,
        CASE WHEN min(source) = max(source) THEN min(source) ELSE '' END AS source, '{COUNTED}' AS basis
 FROM demand GROUP BY product_id, metric_id
 UNION ALL
 SELECT n.product_id, n.metric_id,
        coalesce((SELECT sum(s.calculated_demand) FROM positions s
                  WHERE s.product_id = n.product_id AND s.metric_id = n.metric_id), 0), NULL, '', '{INSTALLED}'
 FROM (SELECT q.id AS product_id,
              coalesce(q.metric_id, (SELECT min(i.metric_id) FROM contract_items i WHERE i.product_id = q.id),
                       (SELECT id FROM metrics WHERE code = 'device')) AS metric_id
       FROM products q WHERE EXISTS (SELECT 1 FROM installations x WHERE x.product_id = q.id)) n
 WHERE NOT EXISTS (SELECT 1 FROM demand y WHERE y.product_id = n.product_id AND y.metric_id = n.metric_id)) d"""


def cell(row: int) -> tuple[int, int]:
    """Product and metric (ids) of a row."""
    return row >> 16, row & 0xFFFF


def children(book: Book, row: int) -> list[Values]:
    """The counts behind a row by resource group ("" for none) and source, or the installations by resource group."""
    product, metric = cell(row)
    counted = book.rows(
        "SELECT g.name, d.quantity, d.source, d.counted_on FROM demand d"
        " JOIN resource_groups g ON g.id = d.resource_group_id WHERE d.product_id = ? AND d.metric_id = ?",
        (product, metric),
    )
    if not counted:
        names: dict[int | None, str] = dict(book.rows("SELECT id, name FROM resource_groups"))
        code = book.value("SELECT code FROM metrics WHERE id = ?", (metric,))
        installed = facts.installed(book, product, code)
        counted = [(names[group] if group else "", units, None, None) for group, units in installed.items()]
    parts = [(name, None, units, source, on, None, None, None) for name, units, source, on in counted]
    return sorted(parts, key=lambda part: (not part[0], part[0].casefold(), part[0], part[3] or ""))


def _find(book: Book, key: str) -> int | None:
    for product, metric in splits(key, 2):
        row = book.one(
            f"SELECT d.product_id << 16 | d.metric_id FROM {_CELLS} WHERE d.product_id ="
            " (SELECT id FROM products WHERE product = ?) AND d.metric_id = (SELECT id FROM metrics WHERE code = ?)",
            (product, metric),
        )
        if row is not None:
            return int(row[0])
    return None


LISTING: Final = Listing(
    overview=OVERVIEW,
    base=_CELLS,
    id="(d.product_id << 16 | d.metric_id)",
    joins={
        "p": "JOIN products p ON p.id = d.product_id",
        "m": "JOIN metrics m ON m.id = d.metric_id",
        "f": "LEFT JOIN families f ON f.id = p.family_id",
    },
    columns={
        "product": "p.product",
        "metric": "m.code",
        "quantity": "d.quantity",
        "source": "d.source",
        "counted_on": "d.counted_on",
        "basis": "d.basis",
        "vendor": "p.vendor",
        "family": "coalesce(f.name, '')",
    },
    sorts={
        "product": ("p.product COLLATE NOCASE", "p.id"),
        "source": ("d.source COLLATE NOCASE",),
        "vendor": ("p.vendor COLLATE NOCASE", "p.id"),
        "family": ("coalesce(f.name, '') COLLATE NOCASE",),
    },
    filters={"stale": "substr(d.counted_on, 1, 10) < :stale", "all": "1"},
    words=Words(
        plain="p.product || ' ' || p.vendor || ' ' || coalesce(f.name, '') || ' ' || p.edition || ' ' || p.version"
    ),
    key="p.product || '|' || m.code",
    find=_find,
    children=children,
)
