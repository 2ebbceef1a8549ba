"""Undo and redo: every user action is a step, which can be taken back and done again, also after the book was closed.

A step is a range of entries of the change log. To undo it, what those entries say is reversed, the last one first, and
that is written down by entries of its own: to redo it, those are reversed in turn. The change log loses nothing, and
what rules conclude follows as it does after any other change.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from store import reversal
from store.book import INTEGRITY, Book
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
    if book.hand.step and book.database.in_transaction():
        yield
        return
    with book.transaction(resolved=resolved):
        first = _next_entry(book)
        book.hand.step = True
        try:
            yield
        finally:
            book.hand.step = False
        last = _next_entry(book) - 1
        if first <= last:
            book.run("UPDATE steps SET state = 'lost' WHERE state = 'undone'")
            book.run(
                "INSERT INTO steps (at, who, what, first_entry, last_entry) VALUES (?, ?, ?, ?, ?)",
                (book.now(), book.who, what, first, last),
            )


def next_back(book: Book) -> Step | None:
    """The step that `back` would undo: the newest that is not undone."""
    return _found(book, _BACK)


def next_forward(book: Book) -> Step | None:
    """The step that `forward` would redo: the one undone last, unless something else was done since."""
    return _found(book, _FORWARD)


def back(book: Book) -> Step:
    """Undo the newest step, and derive what hangs on it, in one transaction.

    Raises Unfit, and changes nothing, when there is none, or when what it changed has been changed since.
    """
    return _turn(book, _BACK, "undo", "undone")


def forward(book: Book) -> Step:
    """Redo the step that was undone last, and derive what hangs on it, in one transaction. Raises Unfit as `back`."""
    return _turn(book, _FORWARD, "redo", "done")


_BACK = "SELECT id, what, at, who, first_entry, last_entry FROM steps WHERE state = 'done' ORDER BY id DESC LIMIT 1"
_FORWARD = "SELECT id, what, at, who, first_entry, last_entry FROM steps WHERE state = 'undone' ORDER BY id LIMIT 1"


def _found(book: Book, sql: str) -> Step | None:
    found = book.one(sql)
    return None if found is None else Step(*found[:4])


def _next_entry(book: Book) -> int:
    """The number that the next entry of the change log gets."""
    return book.value("SELECT coalesce(max(id), 0) + 1 FROM change_log")


def _turn(book: Book, sql: str, action: str, state: str) -> Step:
    try:
        with book.transaction():
            return _turned(book, sql, action, state)
    except INTEGRITY:
        raise Unfit(
            f"This cannot be {state}: other rows of the book depend on it by now. Nothing was changed."
        ) from None


_PAST = {"undo": "undone", "redo": "redone"}


def _turned(book: Book, sql: str, action: str, state: str) -> Step:
    found = book.one(sql)
    if found is None:
        raise Unfit(f"There is nothing to {action}.")
    *told, first, last = found
    book.run("PRAGMA defer_foreign_keys = 1")
    start = _next_entry(book)
    effects = Effects(book)
    subjects = reversal.reverse(book, first, last, action, effects)
    effects.settle()
    book.run(
        "UPDATE steps SET state = ?, first_entry = ?, last_entry = ? WHERE id = ?",
        (state, start, _next_entry(book) - 1, told[0]),
    )
    return replace(Step(*told), subjects=frozenset(subjects))
