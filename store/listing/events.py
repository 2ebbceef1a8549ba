"""The overview of events, automatic and manual, as an agenda."""

from __future__ import annotations

from typing import Final

from store.book import Book
from store.listing import contracts
from store.listing.products import WORDS
from store.listing.shape import Arm, Field, Listing, Overview, Walk, Words, found

OVERVIEW: Final = Overview(
    "events",
    (
        Field("day", "day"),
        Field("kind", "code"),
        Field("contract", "text"),
        Field("item", "text", sortable=False),
        Field("product", "text"),
        Field("quantity", "count", sortable=False),
        Field("automatic", "flag", sortable=False),
        Field("rule", "text", sortable=False),
        Field("name", "text", sortable=False),
        Field("lead", "number", hidden=True, sortable=False),
        Field("contract_name", "text", hidden=True),
        Field("model", "code", hidden=True, sortable=False),
        Field("metric", "code", hidden=True, sortable=False),
    ),
    ("upcoming", "past", "manual", "all"),
    default="upcoming",
)

MANUAL: Final = "manual"
"""The first part of the key of a manual event; the second is its id."""

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


def _by_contract(table: str) -> tuple[Walk, ...]:
    return (Walk(f"contracts c CROSS JOIN {table} v ON v.contract_id = c.id"),)


_SORTS: Final = {
    "kind": ("v.kind", "v.on_day"),
    "contract": ("c.contract COLLATE NOCASE", "c.id"),
    "contract_name": ("c.name COLLATE NOCASE", "c.id"),
}
_FILTERS: Final = {"upcoming": "v.on_day >= :as_of", "past": "v.on_day < :as_of", "all": "1"}
_JOIN: Final = {"c": "JOIN contracts c ON c.id = v.contract_id"}

# A bare number in ORDER BY would be the place of a column, so constants are cast.
_AUTOMATIC_ARM: Final = Arm(
    base="events v",
    id="v.id * 2",
    local=("v.id",),
    locate=lambda row: None if row % 2 else (row // 2,),
    joins={
        **_JOIN,
        "i": "LEFT JOIN contract_items i ON i.id = v.item_id",
        "p": "LEFT JOIN products p ON p.id = i.product_id",
        "f": "LEFT JOIN families f ON f.id = p.family_id",
        "m": "LEFT JOIN metrics m ON m.id = i.metric_id",
    },
    columns={
        "day": "v.on_day",
        "kind": "v.kind",
        "contract": "c.contract",
        "item": "coalesce(i.item, '')",
        "product": "coalesce(p.product, '')",
        "quantity": "i.quantity",
        "automatic": "CAST(1 AS INTEGER)",
        "rule": "v.rule",
        "name": "''",
        "lead": "v.lead",
        "contract_name": "c.name",
        "model": "i.model",
        "metric": "m.code",
    },
    order=("v.on_day",),
    sorts={
        **_SORTS,
        "item": ("i.item COLLATE NOCASE", "i.id"),
        "product": ("p.product COLLATE NOCASE", "p.id"),
        "name": ("''",),
    },
    walks={
        "contract": _by_contract("events"),
        "contract_name": _by_contract("events"),
        "product": (
            Walk("events v", "v.item_id IS NULL", ("v.id",)),
            Walk(
                "products p CROSS JOIN contract_items i ON i.product_id = p.id CROSS JOIN events v ON v.item_id = i.id"
            ),
        ),
    },
    filters={**_FILTERS, "manual": "0"},
    words=Words(
        plain=(contracts.WORDS, WORDS),
        hits="SELECT y.id FROM contract_search x CROSS JOIN events y ON y.contract_id = x.rowid"
        " WHERE x.words MATCH :words UNION SELECT y.id FROM product_search x CROSS JOIN contract_items z"
        " ON z.product_id = x.rowid CROSS JOIN events y ON y.item_id = z.id WHERE x.words MATCH :words",
        tables=("contract_search", "product_search"),
    ),
    key="c.contract || '|' || coalesce(i.item, '') || '|' || v.kind || '|' || v.lead",
)

_MANUAL_ARM: Final = Arm(
    base="manual_events v",
    id="v.id * 2 + 1",
    local=("v.id",),
    locate=lambda row: (row // 2,) if row % 2 else None,
    joins=_JOIN,
    columns={
        "day": "v.on_day",
        "kind": "v.kind",
        "contract": "c.contract",
        "item": "''",
        "product": "''",
        "quantity": "NULL",
        "automatic": "CAST(0 AS INTEGER)",
        "rule": "''",
        "name": "v.name",
        "lead": "CAST(-1 AS INTEGER)",
        "contract_name": "c.name",
        "model": "NULL",
        "metric": "NULL",
    },
    order=("v.on_day",),
    sorts={
        **_SORTS,
        "item": ("NULL COLLATE NOCASE", "NULL"),
        "product": ("NULL COLLATE NOCASE", "NULL"),
        "name": ("v.name COLLATE NOCASE",),
    },
    walks={"contract": _by_contract("manual_events"), "contract_name": _by_contract("manual_events")},
    filters={**_FILTERS, "manual": "1"},
    words=Words(plain=(contracts.WORDS, "v.name")),
    key=f"'{MANUAL}|' || v.id",
)

LISTING: Final = Listing(OVERVIEW, (_AUTOMATIC_ARM, _MANUAL_ARM), find=_find)
