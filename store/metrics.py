"""What a person does with metrics: every book has three, others count what a contract counts otherwise."""

from __future__ import annotations

from rules.vocabulary import METRICS
from store import names, rows, uses
from store.book import Book
from store.errors import Unfit
from store.tables import Metric


def add(book: Book, code: str) -> None:
    """Add a metric; its installations are counted by device. Raises Unfit for a code that is taken or empty."""
    taken = names.name(code, "metric").casefold()
    with book.transaction():
        if not rows.save(book, Metric, {"code": taken}, {}, named=taken):
            raise Unfit(f"metric: there is {taken!r} already.")


def remove(book: Book, code: str) -> None:
    """Remove a metric that nothing uses. Raises Unknown; Unfit for one that every book has, or that is used."""
    with book.transaction():
        number = names.number(book, "metrics", code)
        held = book.value("SELECT code FROM metrics WHERE id = ?", (number,))
        if held in METRICS:
            raise Unfit(f"metric: {held!r} is one that every book has; it cannot be removed.")
        uses.refuse(book, "metrics", number, held)
        rows.remove(book, Metric, {"id": number}, named=held)
