"""The days by which what reviews have decided is to be done, as events of the calendar.

They are read, never stored: an event follows the decision. Its number lies above those of all others, so that all kinds
can be read in one order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from store.book import Book, Row

ABOVE: Final = 1 << 41
"""What the numbers of these events have more than the ids of the rows of reviews."""

KEY: Final = "review"
"""How the public key of such an event begins."""

_DONE: Final = """EXISTS (SELECT 1 FROM acknowledgements k WHERE k.contract = v.title
    AND k.item = r.product || '|' || r.model || '|' || r.metric AND k.kind = 'review-due' AND k.lead = 0
    AND k.on_day = r.due_on AND k.who = ?)"""

COLUMNS: Final = f"r.id, r.due_on, v.title, r.product, r.model, r.metric, r.decision, coalesce(g.name, ''), {_DONE}"

FROM: Final = """FROM review_rows r JOIN reviews v ON v.id = r.review_id
LEFT JOIN user_groups g ON g.id = r.responsible_id WHERE r.due_on IS NOT NULL"""


def counts(book: Book, first: date, last: date) -> list[Row]:
    """Days from first to last on which something is due, and how much is."""
    sql = f"SELECT r.due_on, count(*) {FROM} AND r.due_on BETWEEN ? AND ? GROUP BY r.due_on"
    return book.rows(sql, (first.isoformat(), last.isoformat()))


def rows(book: Book, first: date, last: date, after: tuple[str, int] | None = None, limit: int = -1) -> list[Row]:
    """What is due from first to last, in the order of days; of it what comes after a mark, at most so many."""
    mark = after or (first.isoformat(), -1)
    sql = f"""SELECT {COLUMNS} {FROM} AND (r.due_on, r.id + {ABOVE}) > (?, ?) AND r.due_on BETWEEN ? AND ?
        ORDER BY r.due_on, r.id LIMIT ?"""
    return book.rows(sql, (book.who, *mark, first.isoformat(), last.isoformat(), limit))


def one(book: Book, number: int) -> Row | None:
    """What is due by the row of a review with that id (without `ABOVE`), if anything is."""
    return book.one(f"SELECT {COLUMNS} {FROM} AND r.id = ?", (book.who, number))


def neighbor(book: Book, day: date, first: date, last: date, *, forward: bool) -> str | None:
    """The nearest day after (or before) a day on which something is due, from first to last."""
    pick, sign = ("min", ">") if forward else ("max", "<")
    sql = f"SELECT {pick}(r.due_on) {FROM} AND r.due_on {sign} ? AND r.due_on BETWEEN ? AND ?"
    return book.value(sql, (day.isoformat(), first.isoformat(), last.isoformat()))


def key_of(book: Book, number: int) -> Sequence[str] | None:
    """Review, position, kind, lead and day: by which what is due by the row with that id is acknowledged."""
    position = "r.product || '|' || r.model || '|' || r.metric"
    return book.one(f"SELECT v.title, {position}, 'review-due', 0, r.due_on {FROM} AND r.id = ?", (number,))


def pending(book: Book, as_of: date) -> list[Row]:
    """What was due up to that day and oneself has not acknowledged, the longest overdue first."""
    sql = f"SELECT {COLUMNS} {FROM} AND r.due_on <= ? AND NOT {_DONE} ORDER BY r.due_on, r.id"
    return book.rows(sql, (book.who, as_of.isoformat(), book.who))
