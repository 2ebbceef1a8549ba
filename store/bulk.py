"""Bulk work: indexes are built after a first load, not kept up during it; the cyclic collector stands aside."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from store.book import Book


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
