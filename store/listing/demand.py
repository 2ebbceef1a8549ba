"""The overview of demand: a tree of products and metrics; rows open to the counts by resource group and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from store import facts
from store.book import Book
from store.listing.products import HITS, IN_FAMILIES, WORDS
from store.listing.shape import Arm, Field, Kept, Listing, Overview, Values, Walk, Words, found

OVERVIEW: Final = Overview(
    "demand",
    (
        Field("product", "text"),
        Field("metric", "code"),
        Field("quantity", "count"),
        Field("source", "text", sortable=False),
        Field("counted_on", "moment"),
        Field("basis", "code", sortable=False),
        Field("vendor", "text", hidden=True),
        Field("family", "text", hidden=True),
        Field("parts", "number", hidden=True, sortable=False),
    ),
    ("stale", "all"),
    tree=True,
)

COUNTED: Final = "counted"
INSTALLED: Final = "installed"
"""What a quantity is based on: counts, or the installations where nobody has counted."""

_OF_CELL: Final = "FROM demand d WHERE d.product_id = p.id AND d.metric_id = m.id"
_HAS_INSTALLATIONS: Final = "EXISTS (SELECT 1 FROM installations n WHERE n.product_id = p.id)"
_METRIC: Final = """coalesce(p.metric_id, (SELECT min(x.metric_id) FROM contract_items x WHERE x.product_id = p.id),
    (SELECT x.id FROM metrics x WHERE x.code = 'device'))"""
_INSTALLED: Final = f"({_HAS_INSTALLATIONS} AND m.id = {_METRIC})"
_JUDGED: Final = """(SELECT sum(s.calculated_demand) FROM positions s
    WHERE s.product_id = p.id AND s.metric_id = m.id)"""

_SOURCES: Final = """coalesce((SELECT group_concat(x.source, ' ') FROM (
    SELECT DISTINCT d.source FROM demand d WHERE d.product_id = p.id) x), '')"""

# The sources that there are, each found in one step of an index, and the products that they have counted.
_BY_SOURCE: Final = """SELECT d.product_id AS id FROM (
    WITH RECURSIVE s (source) AS (SELECT min(source) FROM demand WHERE source <> '' UNION ALL
        SELECT (SELECT min(n.source) FROM demand n WHERE n.source <> '' AND n.source > s.source)
        FROM s WHERE s.source IS NOT NULL)
    SELECT s.source FROM s WHERE has_words(s.source, :search)) k
    CROSS JOIN demand d ON d.source <> '' AND d.source = k.source"""

_KEY: Final = f"""
SELECT p.id << 16 | m.id FROM products p CROSS JOIN metrics m WHERE p.product = ? AND m.code = ?
AND (EXISTS (SELECT 1 {_OF_CELL}) OR {_INSTALLED})"""


def _cell(row: int) -> tuple[int, int]:
    """Product and metric of a row."""
    return row >> 16, row & 0xFFFF


def children(book: Book, rows: Sequence[int]) -> dict[int, list[Values]]:
    """The counts behind rows by resource group ("" for none) and source, or the installations by resource group."""
    names: dict[int | None, str] = dict(book.rows("SELECT id, name FROM resource_groups"))
    return {row: _parts(book, *_cell(row), names) for row in rows}


def _parts(book: Book, product: int, metric: int, names: Mapping[int | None, str]) -> list[Values]:
    counted = book.rows(
        "SELECT g.name, d.quantity, d.source, d.counted_on FROM demand d"
        " JOIN resource_groups g ON g.id = d.resource_group_id WHERE d.product_id = ? AND d.metric_id = ?",
        (product, metric),
    )
    if not counted:
        code = book.value("SELECT code FROM metrics WHERE id = ?", (metric,))
        installed = facts.installed(book, product, code)
        counted = [(names[group or 0], units, None, None) for group, units in installed.items()]
    parts = [(name, None, units, source, on, None, None, None, None) for name, units, source, on in counted]
    return sorted(parts, key=lambda part: (not part[0], part[0].casefold(), part[0], part[3] or ""))


_BASE: Final = "products p CROSS JOIN metrics m"
_ONLY: Final = f"(EXISTS (SELECT 1 {_OF_CELL}) OR {_INSTALLED})"
_QUANTITY: Final = f"coalesce((SELECT sum(d.quantity) {_OF_CELL}), {_JUDGED}, 0)"
_COUNTED_ON: Final = f"(SELECT max(d.counted_on) {_OF_CELL})"

KEPT: Final = Kept(
    "overview_demand_sums",
    _BASE,
    key={"product_id": "p.id", "metric_id": "m.id"},
    sums={"quantity": _QUANTITY, "counted_on": _COUNTED_ON},
    orders=("quantity", "counted_on"),
    marked="products",
    by="p.id",
    only=_ONLY,
)
_SUMMED: Final = (
    f"{KEPT.table} k CROSS JOIN products p ON p.id = k.product_id CROSS JOIN metrics m ON m.id = k.metric_id"
)

_ARM: Final = Arm(
    base=_BASE,
    id="(p.id << 16 | m.id)",
    local=("p.id", "m.id"),
    locate=_cell,
    only=_ONLY,
    joins={"f": "LEFT JOIN families f ON f.id = p.family_id"},
    columns={
        "product": "p.product",
        "metric": "m.code",
        "quantity": _QUANTITY,
        "source": f"coalesce((SELECT iif(min(d.source) = max(d.source), min(d.source), '') {_OF_CELL}), '')",
        "counted_on": _COUNTED_ON,
        "basis": f"iif(EXISTS (SELECT 1 {_OF_CELL}), '{COUNTED}', '{INSTALLED}')",
        "vendor": "p.vendor",
        "family": "coalesce(f.name, '')",
        "parts": f"max((SELECT count(*) {_OF_CELL}), 1)",
    },
    sorts={
        "product": ("p.product COLLATE NOCASE",),
        "vendor": ("p.vendor COLLATE NOCASE",),
        "family": ("f.name COLLATE NOCASE", "f.id"),
        "source": (
            f"coalesce((SELECT iif(min(d.source) = max(d.source), min(d.source), '') {_OF_CELL}), '') COLLATE NOCASE",
        ),
    },
    walks={
        "metric": (Walk("metrics m CROSS JOIN products p"),),
        "family": tuple(
            Walk(f"{walk.source} CROSS JOIN metrics m", walk.condition, ("p.id", "m.id") if walk.condition else ())
            for walk in IN_FAMILIES
        ),
    },
    kept=KEPT,
    summed={
        "quantity": Walk(_SUMMED, order=("k.quantity", "k.product_id", "k.metric_id")),
        "counted_on": Walk(_SUMMED, order=("k.counted_on", "k.product_id", "k.metric_id")),
    },
    filters={"stale": f"(SELECT substr(max(d.counted_on), 1, 10) {_OF_CELL}) < :stale", "all": "1"},
    words=Words(
        plain=(WORDS, _SOURCES),
        hits=f"{HITS} UNION {_BY_SOURCE}",
        tables=("product_search",),
    ),
    key="p.product || '|' || m.code",
)

LISTING: Final = Listing(OVERVIEW, (_ARM,), find=lambda book, key: found(book, _KEY, key, 2), children=children)
