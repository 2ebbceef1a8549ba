"""Reads reviews: what there are, how far each is, and its positions with what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from store import names
from store.book import Book, Row
from store.errors import Unknown
from store.reviews.records import Decision, Position, Review, Reviewed

_REVIEW: Final = """
SELECT id, title, as_of, scope, opened_at, opened_by, frozen_sha256, coalesce(signed_off_at, ''),
    coalesce(signed_off_by, '') FROM reviews"""

_ROW: Final = """
SELECT r.product, r.model, r.metric, r.active, r.demand, r.downgrade, r.upgrade, r.balance, r.status, r.decision,
    r.note, coalesce(g.name, ''), r.due_on FROM review_rows r LEFT JOIN user_groups g ON g.id = r.responsible_id"""


def any_(book: Book) -> bool:
    """Whether there are reviews at all."""
    return book.one("SELECT 1 FROM reviews LIMIT 1") is not None


def listed(book: Book) -> list[Review]:
    """Every review, the latest first."""
    return [_review(book, row) for row in book.rows(f"{_REVIEW} ORDER BY id DESC")]


def read(book: Book, title: str) -> Review:
    """The review of that title. Raises Unknown."""
    return _review(book, book.rows(f"{_REVIEW} WHERE id = ?", (names.number(book, "reviews", title),))[0])


def _review(book: Book, row: Row) -> Review:
    counted = book.rows("SELECT decision, count(*) FROM review_rows WHERE review_id = ? GROUP BY 1", (row[0],))
    return Review(*row[1:], decisions=dict(counted))


def rows(book: Book, title: str) -> Iterator[Reviewed]:
    """The positions of a review in their order. Raises Unknown."""
    number = names.number(book, "reviews", title)
    return map(_reviewed, book.each(f"{_ROW} WHERE r.review_id = ? ORDER BY 1, 2, 3", (number,)))


def row(book: Book, title: str, position: Position) -> Reviewed:
    """One position of a review. Raises Unknown."""
    number = names.number(book, "reviews", title)
    found = book.one(f"{_ROW} WHERE (r.review_id, r.product, r.model, r.metric) = (?, ?, ?, ?)", (number, *position))
    if found is None:
        raise Unknown(f"the review {title!r} has no position {position}.")
    return _reviewed(found)


def _reviewed(row: Row) -> Reviewed:
    product, model, metric, *figures, decision, note, responsible, due_on = row
    made = Decision(decision, note, responsible, names.day_of(due_on))
    return Reviewed(Position(product, model, metric), *figures, decision=made)
