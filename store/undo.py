"""Undo and redo: every user action is a step, which can be taken back and done again, also after the book was closed.

A step is a range of entries of the change log. To undo it, what those entries say is reversed, the last one first, and
that is written down by entries of its own: to redo it, those are reversed in turn. The change log loses nothing, and
what rules conclude follows as it does after any other change.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from store import reversal, traces
from store.book import Book, integrity
from store.derivation import Progress
from store.effects import Effects
from store.errors import Unfit


@dataclass(frozen=True)
class Step:
    """One user action, by the words that the user knows it by. `at` is a moment in UTC.

    `subjects` are the tables that its change touched; only `back` and `forward` fill it.
    """

    number: int
    what: str
    at: str
    who: str
    subjects: frozenset[str] = frozenset()


@contextmanager
def step(book: Book, what: str, *, resolved: bool = False) -> Generator[None]:
    """All changes of the block as one transaction and one step, or none. A step inside another belongs to it.

    Where nothing changed, there is no step. `resolved` is for imports, as in `Book.transaction`.
    """
    if book.hand.step is not None and book.database.in_transaction():
        yield
        return
    with book.transaction(resolved=resolved):
        first = _next(book, "change_log")
        with _in_hand(book, _next(book, "steps")):
            yield
        last = _next(book, "change_log") - 1
        if first <= last:
            _write_down(book, what, first, last)


@contextmanager
def _in_hand(book: Book, number: int) -> Generator[None]:
    """Entries of the change log belong to this step until the end of the block."""
    book.hand.step = number
    try:
        yield
    finally:
        book.hand.step = None


def _write_down(book: Book, what: str, first: int, last: int) -> None:
    """Add a step for a range of entries. What was undone before it cannot be redone any more."""
    if book.run("UPDATE steps SET state = 'lost' WHERE state = 'undone'"):
        traces.forget_lost(book)
    book.run(
        "INSERT INTO steps (at, who, what, first_entry, last_entry) VALUES (?, ?, ?, ?, ?)",
        (book.now(), book.who, what, first, last),
    )


def _next(book: Book, table: str) -> int:
    """The number that the next row gets."""
    return book.value(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")


def next_back(book: Book) -> Step | None:
    """The step that `back` would undo: the newest that is not undone."""
    return _found(book, _BACK)


def next_forward(book: Book) -> Step | None:
    """The step that `forward` would redo: the one undone last, unless something else was done since."""
    return _found(book, _FORWARD)


def takes_long(book: Book, step: Step) -> bool:
    """Whether to undo or redo a step takes a while: it changes very much, or may judge the whole book anew.

    The latter after an import, or a change of a setting.
    """
    first, last = book.rows("SELECT first_entry, last_entry FROM steps WHERE id = ?", (step.number,))[0]
    if last - first >= _MANY:
        return True
    sql = """SELECT 1 FROM steps s JOIN change_log l ON l.id BETWEEN s.first_entry AND s.last_entry
        WHERE s.id = ? AND l.subject IN ('imports', 'settings')"""
    return book.one(sql, (step.number,)) is not None


def back(book: Book, progress: Progress | None = None) -> Step:
    """Undo the newest step, and derive what hangs on it, in one transaction. What `progress` raises undoes nothing.

    Raises Unfit, and changes nothing, when there is none, or when what it changed has been changed since.
    """
    return _turn(book, _BACK, "undo", "undone", progress)


def forward(book: Book, progress: Progress | None = None) -> Step:
    """Redo the step that was undone last, and derive what hangs on it, in one transaction. Raises as `back` does."""
    return _turn(book, _FORWARD, "redo", "done", progress)


_MANY = 500
"""Entries of a step that take about a second to reverse."""


_BACK = "SELECT id, what, at, who, first_entry, last_entry FROM steps WHERE state = 'done' ORDER BY id DESC LIMIT 1"
_FORWARD = "SELECT id, what, at, who, first_entry, last_entry FROM steps WHERE state = 'undone' ORDER BY id LIMIT 1"


def _found(book: Book, sql: str) -> Step | None:
    found = book.one(sql)
    return None if found is None else Step(*found[:4])


def _turn(book: Book, sql: str, action: str, state: str, progress: Progress | None) -> Step:
    """Reverse the entries of the step that the query finds, and point it at the entries that this made."""
    found = book.one(sql)
    if found is None:
        raise Unfit(f"There is nothing to {action}.")
    number, what, at, who, first, last = found
    loaded = reversal.has_import(book, first, last)
    try:
        with book.transaction(resolved=loaded), _in_hand(book, number):
            start = _next(book, "change_log")
            subjects = _reverse(book, first, last, action, loaded, progress)
            book.run(_POINT, (state, start, _next(book, "change_log") - 1, number))
    except integrity():
        text = "something else in the book depends on it, or took its place, by now"
        raise Unfit(f"This cannot be {_PAST[action]}: {text}. Nothing was changed.") from None
    return Step(number, what, at, who, frozenset(subjects))


_PAST = {"undo": "undone", "redo": "redone"}
_POINT = "UPDATE steps SET state = ?, first_entry = ?, last_entry = ? WHERE id = ?"


def _reverse(book: Book, first: int, last: int, action: str, loaded: bool, progress: Progress | None) -> set[str]:
    """Reverse entries and derive what follows. References count when all is done: inside of it, some hang loose.

    Of a single entry none does; the pragma would have every statement prepared anew, which doubles the time of it.
    """
    if first < last:
        book.run("PRAGMA defer_foreign_keys = 1")
    effects = Effects(book, loaded=loaded, progress=progress)
    subjects = reversal.reverse(book, first, last, action, effects)
    effects.settle()
    if loaded:
        traces.check(book)
    return subjects
