"""Writes single rows so that each change is logged: who, when, what, before and after.

The names of tables and columns come from the models; the few statements that they make are built once each, because
building a query anew costs five times as much as running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from store import log_chain
from store.tables import FOLLOWING, Table

if TYPE_CHECKING:
    from store.book import Book

Values = Mapping[str, Any]
"""Column names and their values; references are ids."""


def find(book: Book, table: type[Table], key: Values) -> dict[str, Any] | None:
    """The row with that key as column names and values, or None. KeyError for a column that the table lacks."""
    found = book.one(_select(table, tuple(key)), tuple(key.values()))
    return None if found is None else dict(zip(_columns(table), found, strict=True))


def get(book: Book, table: type[Table], number: int) -> dict[str, Any]:
    """The row with that id as column names and values. IndexError if there is none."""
    return dict(zip(_columns(table), book.rows(_select(table, ("id",)), (number,))[0], strict=True))


def save(book: Book, table: type[Table], key: Values, values: Values, *, named: str) -> bool:
    """Add the row with that key, or change what differs, and log it under the key that people use (`named`).

    Whether anything changed. Inside a transaction.
    """
    held = find(book, table, key)
    if held is None:
        number = insert(book, table, {**key, **values})
        log(book, "add", table, named, row_key(table, key, number), None, values)
        return True
    changed = {column: value for column, value in values.items() if held[column] != value}
    if not changed:
        return False
    update(book, table, key, changed)
    before = {column: held[column] for column in changed}
    log(book, "change", table, named, row_key(table, key, held.get("id")), before, changed)
    return True


def remove(book: Book, table: type[Table], key: Values, *, named: str) -> dict[str, Any] | None:
    """Remove the row with that key and log what it held; None if there is no such row. Inside a transaction."""
    held = find(book, table, key)
    if held is not None:
        delete(book, table, key)
        log(book, "remove", table, named, row_key(table, key, held.get("id")), held, None)
    return held


def insert(book: Book, table: type[Table], row: Values) -> int:
    """Add a row without a log entry; its id, if the table has ids."""
    return book.insert(_insert(table, tuple(row)), tuple(row.values()))


def update(book: Book, table: type[Table], key: Values, values: Values) -> int:
    """Change columns of the row with that key without a log entry; how many rows there were."""
    return book.run(_update(table, tuple(values), tuple(key)), (*values.values(), *key.values()))


def delete(book: Book, table: type[Table], key: Values) -> int:
    """Remove the row with that key without a log entry; how many rows there were."""
    return book.run(_delete(table, tuple(key)), tuple(key.values()))


def name(table: type[Table]) -> str:
    """What the table is called in the book."""
    model: Any = table
    return model._meta.table_name


@cache
def defaults(table: type[Table]) -> Values:
    """Each column of the table, and what a row has there that says nothing of it."""
    model: Any = table
    return {column: field.default for column, field in model._meta.columns.items()}


@cache
def entered(table: type[Table]) -> tuple[str, ...]:
    """The columns of the table that people fill, and the id."""
    return tuple(column for column in _columns(table) if column not in FOLLOWING.get(name(table), ()))


def _columns(table: type[Table]) -> tuple[str, ...]:
    return tuple(defaults(table))


def _quoted(table: type[Table], columns: Sequence[str]) -> list[str]:
    lacking = set(columns) - set(_columns(table))
    if lacking:
        raise KeyError(f"{name(table)} has no column {', '.join(sorted(lacking))}")
    return [f'"{column}"' for column in columns]


@cache
def _matches(table: type[Table], key: tuple[str, ...]) -> str:
    return " AND ".join(f"{column} = ?" for column in _quoted(table, key))


@cache
def _select(table: type[Table], key: tuple[str, ...]) -> str:
    columns = ", ".join(_quoted(table, _columns(table)))
    return f"SELECT {columns} FROM {name(table)} WHERE {_matches(table, key)}"


@cache
def _insert(table: type[Table], columns: tuple[str, ...]) -> str:
    names, marks = ", ".join(_quoted(table, columns)), ", ".join("?" * len(columns))
    return f"INSERT INTO {name(table)} ({names}) VALUES ({marks})"


@cache
def _update(table: type[Table], columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    changes = ", ".join(f"{column} = ?" for column in _quoted(table, columns))
    return f"UPDATE {name(table)} SET {changes} WHERE {_matches(table, key)}"


@cache
def _delete(table: type[Table], key: tuple[str, ...]) -> str:
    return f"DELETE FROM {name(table)} WHERE {_matches(table, key)}"


def row_key(table: type[Table], key: Values, number: int | None) -> Values:
    """What finds a row again, and only that one: the key by which it was written, and the id that it has."""
    return {**key, "id": number} if "id" in _columns(table) else key


def log(
    book: Book, action: str, table: type[Table], named: str, key: Values, before: Values | None, after: Values | None
) -> None:
    """Write an entry of the change log. Inside a transaction.

    `before` is None for an added row, `after` for a removed one; of a changed row, both hold what changed.
    """
    images = [None if image is None else orjson.dumps(dict(image)).decode() for image in (before, after, key)]
    note(book, action, name(table), named, *images)


def note(
    book: Book, action: str, subject: str, named: str, before: str | None, after: str | None, key: str | None = None
) -> None:
    """The same for what is no single row: a subject, the key that people use, and images as JSON."""
    entry = (book.now(), book.who, action, subject, named, before, after, key, book.hand.step)
    book.hand.linked = log_chain.append(book.connection(), book.hand.linked, entry)
