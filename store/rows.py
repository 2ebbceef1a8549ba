"""Writes single rows so that each change is logged: who, when, what, before and after."""

# Peewee publishes no complete types; this module is the only one that builds queries from models.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from peewee import Expression

from store.book import Book
from store.tables import Table

Values = Mapping[str, Any]
"""Column names and their values; references are ids."""


def find(book: Book, table: type[Table], key: Values) -> dict[str, Any] | None:
    """The row with that key as column names and values, or None."""
    query: Any = table.select(*_fields(table).values()).where(_matches(table, key)).dicts()
    rows = list(query.execute(book.database))
    if not rows:
        return None
    columns = {field.name: column for column, field in _fields(table).items()}
    return {columns[name]: value for name, value in rows[0].items()}


def save(book: Book, table: type[Table], key: Values, values: Values, *, named: str) -> bool:
    """Add the row with that key, or change what differs, and log it under the key that people use (`named`).

    Whether anything changed. Inside a transaction.
    """
    held = find(book, table, key)
    fields = _fields(table)
    if held is None:
        query: Any = table.insert({fields[c]: v for c, v in {**key, **values}.items()})
        query.execute(book.database)
        _log(book, "add", table, named, None, values)
        return True
    changed = {column: value for column, value in values.items() if held[column] != value}
    if not changed:
        return False
    update: Any = table.update({fields[c]: v for c, v in changed.items()}).where(_matches(table, key))
    update.execute(book.database)
    _log(book, "change", table, named, {column: held[column] for column in changed}, changed)
    return True


def remove(book: Book, table: type[Table], key: Values, *, named: str) -> dict[str, Any] | None:
    """Remove the row with that key and log what it held; None if there is no such row. Inside a transaction."""
    held = find(book, table, key)
    if held is not None:
        query: Any = table.delete().where(_matches(table, key))
        query.execute(book.database)
        _log(book, "remove", table, named, held, None)
    return held


def _fields(table: type[Table]) -> dict[str, Any]:
    meta: Any = table
    return meta._meta.columns


def _matches(table: type[Table], key: Values) -> Expression:
    fields = _fields(table)
    conditions: list[Any] = [fields[column] == value for column, value in key.items()]
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = joined & condition
    return joined


def _log(book: Book, action: str, table: type[Table], named: str, before: Values | None, after: Values | None) -> None:
    meta: Any = table
    images = [None if image is None else orjson.dumps(dict(image)).decode() for image in (before, after)]
    book.run(
        "INSERT INTO change_log (at, who, action, subject, key, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (book.now(), book.who, action, meta._meta.table_name, named, *images),
    )
