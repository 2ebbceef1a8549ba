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
    names = ", ".join(f'"{column}"' for column in columns)
    marks = f"({', '.join('?' * len(columns))})"

    def statement(count: int) -> str:
        return f"INSERT OR FAIL INTO {table} ({names}) VALUES {', '.join([marks] * count)}"

    values = chain.from_iterable(rows)
    rest: list[object] = []
    book.many(statement(_TOGETHER), _whole(values, _TOGETHER * len(columns), rest))
    if rest:
        book.run(statement(len(rest) // len(columns)), rest)


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
    marks = ", ".join("?" * len(empty))
    indexes = book.rows(
        f"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})", empty
    )
    dropped = [(name, sql) for name, sql in indexes if only in ("", name)]
    for name, _ in dropped:
        book.run(f"DROP INDEX {name}")
    yield
    for _, sql in dropped:
        book.run(sql)


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
