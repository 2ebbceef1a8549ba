"""Opens a review: the positions of the day that the book was last judged on are copied, and stay as they were then."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Final

import orjson

from rules.vocabulary import COMPLIANT, UNDER_LICENSED
from store import names, rows, settings
from store.book import Book, Row
from store.errors import Unfit
from store.reviews.records import ALL, SCOPES, UNDER, UNEVEN
from store.tables import Review, ReviewRow

Progress = Callable[[int, int], None]
"""Called with how many of how many positions are copied; may raise to stop there."""

_COLUMNS: Final[tuple[str, ...]] = tuple("product model metric active demand downgrade upgrade balance status".split())

_POSITIONS: Final = """
SELECT p.product, coalesce(s.model, ''), m.code, s.active, s.demand, s.downgrade, s.upgrade, s.balance, s.status
FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id
WHERE {} ORDER BY 1, 2, 3"""

_WHICH: Final = {
    ALL: "1",
    UNDER: f"s.status = '{UNDER_LICENSED}'",
    UNEVEN: f"s.status <> '{COMPLIANT}'",
}
_TOGETHER: Final = 500


def open_(book: Book, title: str, scope: str = UNDER, progress: Progress | None = None) -> str:
    """Freeze the positions of the day that the book was last judged on; the title as it is stored.

    Raises Unfit for a title that is taken or empty, a scope that is none, and where no position is to be reviewed.
    """
    taken = names.name(title, "title")
    if scope not in SCOPES:
        raise Unfit(f"scope: {scope!r} is none; possible are {', '.join(SCOPES)}.")
    with book.transaction():
        if names.is_taken(book, "reviews", taken):
            raise Unfit(f"title: there is a review {taken!r} already.")
        day = settings.get(book, "as_of")
        found = book.rows(_POSITIONS.format(_WHICH[scope])) if day else []
        if not found:
            raise Unfit("there is nothing to review: no position is of that kind on this day.")
        about = {"as_of": day, "scope": scope, "frozen_sha256": fingerprint(found)}
        by = {"opened_at": book.now(), "opened_by": book.who, "signed_off_at": None, "signed_off_by": None}
        rows.save(book, Review, {"title": taken}, about | by, named=taken)
        number = names.number(book, "reviews", taken)
        for done, row in enumerate(found):
            if progress is not None and done % _TOGETHER == 0:
                progress(done, len(found))
            _copy(book, number, taken, row)
    return taken


def _copy(book: Book, review: int, title: str, row: Row) -> None:
    values: dict[str, object] = dict(zip(_COLUMNS, row, strict=True))
    number = rows.insert(book, ReviewRow, {"review_id": review, **values})
    key = {"review_id": review, "product": row[0], "model": row[1], "metric": row[2]}
    named = "|".join((title, *row[:3]))
    rows.log(book, "add", ReviewRow, named, rows.row_key(ReviewRow, key, number), None, values)


def fingerprint(found: Iterable[Row]) -> str:
    """The SHA-256 of frozen positions: each as a JSON array (product, model, metric, active, demand, downgrade,
    upgrade, balance, status) on a line of its own, in the order of product, model and metric."""
    digest = hashlib.sha256()
    for row in found:
        digest.update(orjson.dumps(row) + b"\n")
    return digest.hexdigest()


def remove(book: Book, title: str) -> None:
    """Remove a review with its rows. Raises Unknown; Unfit for one that is signed off."""
    with book.transaction():
        number = names.number(book, "reviews", title)
        refuse_signed(book, number)
        for row in book.rows("SELECT id, product, model, metric FROM review_rows WHERE review_id = ?", (number,)):
            rows.remove(book, ReviewRow, {"id": row[0]}, named="|".join((title, *row[1:])))
        rows.remove(book, Review, {"id": number}, named=title)


def refuse_signed(book: Book, number: int) -> None:
    """Raises Unfit where a review is signed off."""
    title, at, by = book.rows("SELECT title, signed_off_at, signed_off_by FROM reviews WHERE id = ?", (number,))[0]
    if at is not None:
        raise Unfit(f"the review {title!r} was signed off by {by} on {at[:10]}; nothing of it changes any more.")
