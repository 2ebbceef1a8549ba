"""The history of a record: every change of its own fields and of what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from store import audit, overviews
from store.audit import Change
from store.book import Book
from store.portraits import entitlement as entitlements
from store.portraits.shape import MOST

_TABLES: Final = {
    "contract": "contracts",
    "product": "products",
    "title": "titles",
    "definition": "entitlement_definitions",
    "authorization": "authorizations",
    "request": "requests",
}
"""Records whose changes stand under their own key, with the tables that hold them."""

FOLLOWS: Final = frozenset({"requests", "request_lines", "decisions", "deployed_entitlements"})
"""Tables whose values rules and decisions make: no single one of them can be given back."""

RESTORABLE: Final = frozenset({"change", "undo", "redo"})
"""Actions after which a field may get the value back that it had before."""

_COUNTED: Final = """
SELECT p.product || '|' || m.code || '|' || g.name || '|' || d.source FROM demand d
JOIN products p ON p.id = d.product_id JOIN metrics m ON m.id = d.metric_id
JOIN resource_groups g ON g.id = d.resource_group_id WHERE p.product = ? LIMIT ?"""


def read(book: Book, subject: str, key: str) -> list[Change]:
    """Changes of a record by its subject ("entitlement", "contract" ...), newest first, and at most so many as fit.

    An entitlement changes with the contract items that feed it, a product and a position with what is counted of them.
    """
    found = {
        (change.entry, change.field): change
        for table, name in _concerned(book, subject, key)
        for change in audit.history(book, table, name)
    }
    newest = sorted(found.values(), key=lambda change: -change.entry)
    return newest[:MOST]


def _concerned(book: Book, subject: str, key: str) -> Iterator[tuple[str, str]]:
    """The tables and keys under which the change log knows a record."""
    if subject in _TABLES:
        yield _TABLES[subject], key
    else:
        yield "entitlements", key
        yield from _items(book, key)
    if subject in ("product", "position"):
        product = key if subject == "product" else key.rsplit("|", 2)[0]
        yield from (("demand", name) for (name,) in book.rows(_COUNTED, (product, MOST)))


def _items(book: Book, key: str) -> Iterator[tuple[str, str]]:
    number = overviews.find(book, "entitlements", key)
    if number is None:
        return
    where, values = entitlements.feeding(book, number)
    sql = f"""SELECT c.contract || '|' || i.item FROM contract_items i JOIN contracts c ON c.id = i.contract_id
        WHERE {where} ORDER BY i.license_start LIMIT ?"""
    yield from (("contract_items", name) for (name,) in book.rows(sql, (*values, MOST)))
