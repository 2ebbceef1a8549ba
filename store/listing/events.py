"""The overview of events, automatic and manual, as an agenda."""

from __future__ import annotations

from typing import Final

from store.book import Book
from store.listing.shape import Field, Listing, Overview, Words, found

OVERVIEW: Final = Overview(
    "events",
    (
        Field("day", "day"),
        Field("kind", "code"),
        Field("contract", "text"),
        Field("item", "text"),
        Field("product", "text"),
        Field("quantity", "count"),
        Field("automatic", "flag"),
        Field("rule", "text"),
        Field("name", "text"),
        Field("lead", "number", hidden=True),
        Field("contract_name", "text", hidden=True),
        Field("model", "code", hidden=True),
        Field("metric", "code", hidden=True),
    ),
    ("upcoming", "past", "manual", "all"),
    default="upcoming",
)

MANUAL: Final = "manual"
"""The first part of the key of a manual event; the second is its id."""

_BOTH: Final = """
(SELECT id * 2 AS id, on_day, kind, contract_id, item_id, lead, rule, '' AS name, 1 AS automatic FROM events
 UNION ALL SELECT id * 2 + 1, on_day, kind, contract_id, NULL, -1, '', name, 0 FROM manual_events) v"""

_AUTOMATIC: Final = """
SELECT v.id * 2 FROM contracts c JOIN events v ON v.contract_id = c.id LEFT JOIN contract_items i ON i.id = v.item_id
WHERE c.contract = ? AND coalesce(i.item, '') = ? AND v.kind = ? AND v.lead = ?"""


def _find(book: Book, key: str) -> int | None:
    start, _, number = key.partition("|")
    if start == MANUAL and number.isdecimal():
        row = book.one("SELECT id * 2 + 1 FROM manual_events WHERE id = ?", (int(number),))
        if row is not None:
            return int(row[0])
    return found(book, _AUTOMATIC, key, 4)


LISTING: Final = Listing(
    overview=OVERVIEW,
    base=_BOTH,
    id="v.id",
    joins={
        "c": "JOIN contracts c ON c.id = v.contract_id",
        "i": "LEFT JOIN contract_items i ON i.id = v.item_id",
        "p": "LEFT JOIN products p ON p.id = i.product_id",
        "m": "LEFT JOIN metrics m ON m.id = i.metric_id",
    },
    columns={
        "day": "v.on_day",
        "kind": "v.kind",
        "contract": "c.contract",
        "item": "coalesce(i.item, '')",
        "product": "coalesce(p.product, '')",
        "quantity": "i.quantity",
        "automatic": "v.automatic",
        "rule": "v.rule",
        "name": "v.name",
        "lead": "v.lead",
        "contract_name": "c.name",
        "model": "i.model",
        "metric": "m.code",
    },
    order=("v.on_day",),
    sorts={
        "contract": ("c.contract COLLATE NOCASE",),
        "item": ("coalesce(i.item, '') COLLATE NOCASE",),
        "product": ("coalesce(p.product, '') COLLATE NOCASE",),
        "name": ("v.name COLLATE NOCASE",),
        "contract_name": ("c.name COLLATE NOCASE",),
    },
    filters={"upcoming": "v.on_day >= :as_of", "past": "v.on_day < :as_of", "manual": "v.automatic = 0", "all": "1"},
    words=Words(
        plain="c.contract || ' ' || c.name || ' ' || c.supplier || ' ' || coalesce(i.item, '') || ' '"
        " || coalesce(p.product, '') || ' ' || v.name"
    ),
    key="CASE v.automatic WHEN 0 THEN 'manual|' || (v.id / 2)"
    " ELSE c.contract || '|' || coalesce(i.item, '') || '|' || v.kind || '|' || v.lead END",
    find=_find,
)
