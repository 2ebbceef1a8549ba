"""What people entered into a book, by the names that they know it by: the same book gives the same hash.

Ids, that of the book itself as well, the change log and whatever rules derive do not count, nor does the day that the
book was last judged on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson

from store import rows
from store.book import Book
from store.naming import entitlement_name
from store.tables import TABLES, Entitlement, Table, references

NAMED = {
    "metrics": "SELECT code FROM metrics WHERE id = {0}",
    "families": "SELECT name FROM families WHERE id = {0}",
    "resource_groups": "SELECT name FROM resource_groups WHERE id = {0}",
    "user_groups": "SELECT name FROM user_groups WHERE id = {0}",
    "products": "SELECT product FROM products WHERE id = {0}",
    "contracts": "SELECT contract FROM contracts WHERE id = {0}",
    "contract_items": "SELECT c.contract || '|' || i.item FROM contract_items i"
    " JOIN contracts c ON c.id = i.contract_id WHERE i.id = {0}",
    "entitlements": "SELECT p.product || '|' || e.model || '|' || m.code FROM entitlements e"
    " JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id WHERE e.id = {0}",
    "hosts": "SELECT host FROM hosts WHERE id = {0}",
    "virtual_machines": "SELECT vm FROM virtual_machines WHERE id = {0}",
    "titles": "SELECT title FROM titles WHERE id = {0}",
    "entitlement_definitions": "SELECT definition FROM entitlement_definitions WHERE id = {0}",
    "authorizations": "SELECT authorization FROM authorizations WHERE id = {0}",
    "requests": "SELECT request FROM requests WHERE id = {0}",
    "software_names": "SELECT publisher || '|' || name || '|' || version FROM software_names WHERE id = {0}",
    "reviews": "SELECT title FROM reviews WHERE id = {0}",
    "request_lines": "SELECT r.request || '|' || l.line FROM request_lines l JOIN requests r ON r.id = l.request_id"
    " WHERE l.id = {0}",
}
"""Table -> the query for the name that stands for an id of it; {0} is the id."""


def name_of(book: Book, table: str, number: int | None) -> str:
    """The name that stands for the id of a row; "" for no id, and for one that is no longer there."""
    found = None if number is None else book.one(f"SELECT ({NAMED[table].format('?')})", (number,))
    return "" if found is None or found[0] is None else str(found[0])


def content_hash(book: Book) -> str:
    """The SHA-256 of everything that people entered, in hexadecimal: by names, in a fixed order, row by row."""
    found = hashlib.sha256()
    with book.reading():
        for table in TABLES:
            found.update(f"{rows.name(table)}\n".encode())
            for row in _rows(book, table):
                found.update(orjson.dumps(row) + b"\n")
    return found.hexdigest()


def _rows(book: Book, table: type[Table]) -> Iterator[Any]:
    if table is Entitlement:
        yield from _entitlements(book)
        return
    refers = references(table)
    columns = [column for column in rows.entered(table) if column != "id"]
    values = [f"({NAMED[refers[c]].format(f't.{c}')})" if c in refers else f't."{c}"' for c in columns]
    only = _ENTERED.get(rows.name(table), "")
    order = ", ".join(map(str, range(1, len(columns) + 1)))
    yield from book.each(f"SELECT {', '.join(values)} FROM {rows.name(table)} t{only} ORDER BY {order}")


_ENTERED = {
    "settings": " WHERE t.key NOT IN ('as_of', 'book_id')",
    "installations": " WHERE t.found = 0",
    "software_names": " WHERE t.licensed = 1",
}
"""Which rows people entered, where a table holds others, too. Names of found software are told with where it was."""


def _entitlements(book: Book) -> Iterator[Any]:
    """Of entitlements, which rules form, people enter names and who is responsible."""
    sql = """
        SELECT p.product, e.model, m.code, e.name, g.name FROM entitlements e JOIN products p ON p.id = e.product_id
        JOIN metrics m ON m.id = e.metric_id LEFT JOIN user_groups g ON g.id = e.responsible_id ORDER BY 1, 2, 3"""
    for product, model, metric, name, responsible in book.each(sql):
        own_name = "" if name == entitlement_name(product, model, metric) else name
        if own_name or responsible:
            yield product, model, metric, own_name, responsible
