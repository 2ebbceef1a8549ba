"""Bulk work: many rows a statement, indexes built after a first load, the cyclic collector out of the way."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Final

from store.book import Book

_TOGETHER: Final = 50
"""Rows of one statement. A row then costs half of what a statement for each costs; more rows gain nothing."""


def insert(book: Book, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert rows whose values stand in the order of the columns. Inside a transaction, which a failure must end.

    FAIL: what a statement did before a failure stays until the transaction is rolled back. To be able to take it back
    by itself, the database would copy every page that a statement touches, at three times the price.
    """
    size = _TOGETHER * len(columns)
    values = chain.from_iterable(rows)
    rest: list[object] = []
    book.many(_statement(table, columns, _TOGETHER), _whole(values, size, rest))
    if rest:
        book.run(_statement(table, columns, len(rest) // len(columns)), rest)


def insert_columns(book: Book, table: str, columns: Sequence[str], values: Sequence[Sequence[object]]) -> None:
    """Insert rows that are given as the values of each column. As `insert`, a fifth quicker."""
    width = len(columns)
    flat: list[object] = [None] * (width * len(values[0]))
    for at, column in enumerate(values):
        flat[at::width] = column
    size = _TOGETHER * width
    whole = len(flat) - len(flat) % size
    book.many(_statement(table, columns, _TOGETHER), (flat[at : at + size] for at in range(0, whole, size)))
    if whole < len(flat):
        book.run(_statement(table, columns, (len(flat) - whole) // width), flat[whole:])


def _statement(table: str, columns: Sequence[str], count: int) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = f"({', '.join('?' * len(columns))})"
    return f"INSERT OR FAIL INTO {table} ({names}) VALUES {', '.join([marks] * count)}"


def _whole(values: Iterator[object], size: int, rest: list[object]) -> Iterator[tuple[object, ...]]:
    """The values in parts of a size; what is too few for one goes into `rest`."""
    while len(part := tuple(islice(values, size))) == size:
        yield part
    rest.extend(part)


@contextmanager
def indexes_afterwards(book: Book, tables: Iterable[str], only: str = "") -> Generator[None]:
    """Leave the secondary indexes of those tables that are empty out until the end of the block, or `only` one of them.

    Building an index over a million rows at once costs a third of keeping it up row by row, and does not grow faster
    than the rows. Inside a transaction: a failure brings tables and indexes back.
    """
    empty = [table for table in tables if book.one(f"SELECT 1 FROM {table} LIMIT 1") is None]
    dropped = drop_indexes(book, empty, only)
    yield
    for sql in dropped:
        book.run(sql)


def drop_indexes(book: Book, tables: Sequence[str], only: str = "") -> list[str]:
    """Drop the secondary indexes of tables, or `only` one of them; the statements that make them again."""
    marks = ", ".join("?" * len(tables))
    indexes = book.rows(
        f"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
        tables,
    )
    chosen = [(name, sql) for name, sql in indexes if only in ("", name)]
    for name, _ in chosen:
        book.run(f"DROP INDEX {name}")
    return [sql for _, sql in chosen]


@contextmanager
def without_trigger(book: Book, name: str) -> Generator[None]:
    """Leave a trigger out for a block that writes very many rows of which all are known to be right.

    Inside a transaction: no other connection ever sees the table without it, and a failure brings it back.
    """
    sql = book.value("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", (name,))
    book.run(f"DROP TRIGGER {name}")
    yield
    book.run(sql)


@contextmanager
def collector_off() -> Generator[None]:
    """The cyclic collector costs a fifth of a bulk job, which makes millions of rows and no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
