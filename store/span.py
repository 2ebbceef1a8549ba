"""The days that a book is about."""

from __future__ import annotations

from datetime import date

from store.book import Book


def days(book: Book) -> tuple[date, date] | None:
    """The first and the last day on which something happens by the book; None where nothing does."""
    first, last = book.rows("SELECT min(on_day), (SELECT max(on_day) FROM events) FROM events")[0]
    if first is None:
        return None
    return date.fromisoformat(first), date.fromisoformat(last)
