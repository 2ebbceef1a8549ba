"""Writes single rows so that each change is logged: who, when, what, before and after.

The names of tables and columns come from the models; the few statements that they make are built once each, because
building a query anew costs five times as much as running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson

from store.book import Book
from store.tables import Table

Values = Mapping[str, Any]
"""Column names and their values; references are ids."""


def find(book: Book, table: type[Table], key: Values) -> dict[str, Any] | None:
    """The row with that key as column names and values, or None. KeyError for a column that the table lacks."""
    found = book.one(_select(table, tuple(key)), tuple(key.values()))
    return None if found is None else dict(zip(_columns(table), found, strict=True))


def save(book: Book, table: type[Table], key: Values, values: Values, *, named: str) -> bool:
    """Add the row with that key, or change what differs, and log it under the key that people use (`named`).

    Whether anything changed. Inside a transaction.
    """
    held = find(book, table, key)
    if held is None:
        row = {**key, **values}
        book.run(_insert(table, tuple(row)), tuple(row.values()))
        _log(book, "add", table, named, None, values)
        return True
    changed = {column: value for column, value in values.items() if held[column] != value}
    if not changed:
        return False
    book.run(_update(table, tuple(changed), tuple(key)), (*changed.values(), *key.values()))
    _log(book, "change", table, named, {column: held[column] for column in changed}, changed)
    return True


def remove(book: Book, table: type[Table], key: Values, *, named: str) -> dict[str, Any] | None:
    """Remove the row with that key and log what it held; None if there is no such row. Inside a transaction."""
    held = find(book, table, key)
    if held is not None:
        book.run(f"DELETE FROM {_name(table)} WHERE {_matches(table, tuple(key))}", tuple(key.values()))
        _log(book, "remove", table, named, held, None)
    return held


@cache
def _columns(table: type[Table]) -> tuple[str, ...]:
    model: Any = table
    return tuple(model._meta.columns)


def _name(table: type[Table]) -> str:
    model: Any = table
    return model._meta.table_name


def _quoted(table: type[Table], columns: Sequence[str]) -> list[str]:
    lacking = set(columns) - set(_columns(table))
    if lacking:
        raise KeyError(f"{_name(table)} has no column {', '.join(sorted(lacking))}")
    return [f'"{column}"' for column in columns]


@cache
def _matches(table: type[Table], key: tuple[str, ...]) -> str:
    return " AND ".join(f"{column} = ?" for column in _quoted(table, key))


@cache
def _select(table: type[Table], key: tuple[str, ...]) -> str:
    columns = ", ".join(_quoted(table, _columns(table)))
    return f"SELECT {columns} FROM {_name(table)} WHERE {_matches(table, key)}"


@cache
def _insert(table: type[Table], columns: tuple[str, ...]) -> str:
    names, marks = ", ".join(_quoted(table, columns)), ", ".join("?" * len(columns))
    return f"INSERT INTO {_name(table)} ({names}) VALUES ({marks})"


@cache
def _update(table: type[Table], columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    changes = ", ".join(f"{column} = ?" for column in _quoted(table, columns))
    return f"UPDATE {_name(table)} SET {changes} WHERE {_matches(table, key)}"


def _log(book: Book, action: str, table: type[Table], named: str, before: Values | None, after: Values | None) -> None:
    images = [None if image is None else orjson.dumps(dict(image)).decode() for image in (before, after)]
    book.run(
        "INSERT INTO change_log (at, who, action, subject, key, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (book.now(), book.who, action, _name(table), named, *images),
    )
