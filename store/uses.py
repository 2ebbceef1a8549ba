"""Tells what still uses a row, before somebody removes it."""

from __future__ import annotations

from store import rows
from store.book import Book
from store.errors import Unfit
from store.tables import FOLLOWING, TABLES, references

_LEAVES = {"products": ("entitlements",)}
"""Table -> what refers to it and goes with it when nothing else does: entitlements that nothing feeds."""


def of(book: Book, table: str, number: int) -> list[str]:
    """The tables in which rows refer to that row by what people entered, as they are called in sentences."""
    return [
        rows.name(other).replace("_", " ")
        for other in TABLES
        for column, parent in references(other).items()
        if parent == table and _counts(table, rows.name(other), column)
        if book.one(f'SELECT 1 FROM {rows.name(other)} WHERE "{column}" = ? LIMIT 1', (number,))
    ]


def refuse(book: Book, table: str, number: int, named: str) -> None:
    """Raises Unfit when something uses that row."""
    found = list(dict.fromkeys(of(book, table, number)))
    if found:
        raise Unfit(f"{named!r} cannot be removed: it is used by {', '.join(found)}. Change those first.")


def _counts(table: str, other: str, column: str) -> bool:
    return column not in FOLLOWING.get(other, ()) and other not in _LEAVES.get(table, ())
