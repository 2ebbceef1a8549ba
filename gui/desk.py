"""The desk: the open book, the day it is judged on, and everything that all screens share.

One action of the user is one transaction and one step that can be undone; what it changed is told to every screen by
subject, and each decides what to ask for again. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, Signal

from gui.work import Job, Report, Worker
from store import derivation, settings
from store.book import Book, open_book
from store.errors import KnownFault

if TYPE_CHECKING:
    from store.overviews import Ask

T = TypeVar("T")

SUBJECTS: Final = frozenset(
    "allocations changes compliance contracts demand entitlements events findings groups overrides products rights"
    " settings snapshots".split()
)
"""Everything that a screen can be about."""


@dataclass(frozen=True)
class Place:
    """Where one can go: a page, a record by its key, a tab of it, and what an overview shows there."""

    page: str
    key: str = ""
    tab: str = ""
    ask: Ask | None = None


class Desk(QObject):
    """The one object that all screens share. A book must be open before `book` and `as_of` are asked for."""

    changed = Signal(object)
    """Subjects that have changed: a frozenset of names of `SUBJECTS`."""
    opened = Signal()
    """Another book is open, or none."""
    asked = Signal(object)
    """The Place to go to."""
    day_changed = Signal(object)
    """The book was judged on another day (a date)."""
    undo_changed = Signal()
    """What can be undone or done again has changed."""
    told = Signal(str, str)
    """A sentence for the user, and its severity: "info", "warning", "error" or "positive"."""

    def __init__(self, clock: Callable[[], datetime], who: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.work = Worker(self)
        self._clock = clock
        self._who = who
        self._book: Book | None = None
        self._as_of = date.min
        self._judging: Job | None = None

    # ------------------------------------------------------------------------------------------------------ the book
    @property
    def is_open(self) -> bool:
        """Whether a book is open."""
        return self._book is not None

    @property
    def book(self) -> Book:
        """The open book. Raises RuntimeError when there is none."""
        if self._book is None:
            raise RuntimeError("no book is open")
        return self._book

    @property
    def read_only(self) -> bool:
        """Whether the book is open for reading only."""
        return self._book is not None and self._book.lock is None

    @property
    def as_of(self) -> date:
        """The day that the book was last judged on; today in a book that was never judged."""
        return self._as_of

    @property
    def today(self) -> date:
        """The day of the clock, where the user is."""
        return self._clock().astimezone().date()

    def open(self, path: Path, *, create: bool = False, read_only: bool = False) -> None:
        """Open another book, closing the present one. Raises BookFault, and then the present one stays open."""
        book = open_book(path, clock=self._clock, who=self._who, create=create, read_only=read_only)
        self.close()
        self._book = book
        judged = settings.get(book, "as_of")
        self._as_of = date.fromisoformat(judged) if judged else self.today
        self.opened.emit()
        self.undo_changed.emit()

    def close(self) -> None:
        """Cancel what runs, and close the book."""
        self.work.close()
        self._judging = None
        if self._book is not None:
            self._book.close()
            self._book = None
            self.opened.emit()

    # ------------------------------------------------------------------------------------------------------- changes
    def do(self, what: str, change: Callable[[Book], T]) -> T:
        """One action of the user: one transaction, one step to undo, called `what` ("Add contract C-17").

        Tells every screen what has changed. Raises the faults of the store (Unfit, Unknown, KnownFault) to the caller;
        nothing is stored then.
        """
        self._refuse_while_judging()
        with self.book.transaction():
            answer = change(self.book)
        self.refresh()
        self.undo_changed.emit()
        return answer

    def refresh(self, subjects: frozenset[str] = SUBJECTS) -> None:
        """Tell every screen that these subjects have to be asked for again."""
        self.changed.emit(subjects)

    def _refuse_while_judging(self) -> None:
        if self._judging is not None:
            raise KnownFault(
                "The book is being judged on another day. Wait until that is done, or cancel it at the bottom of the"
                " window."
            )

    @property
    def undo_text(self) -> str:
        """What undo takes back, "" for nothing."""
        return ""

    @property
    def redo_text(self) -> str:
        """What redo does again, "" for nothing."""
        return ""

    def undo(self) -> None:
        """Take the last change back."""

    def redo(self) -> None:
        """Do the change again that was taken back last."""

    # ----------------------------------------------------------------------------------------------------------- day
    def judge(self, day: date) -> None:
        """Judge the book on a day, in the background; a judgement that still runs is given up for it."""
        if self._judging is not None:
            self._judging.cancel()
        book = self.book

        def job(report: Report) -> None:
            report.stop = _stopper(book)
            try:
                derivation.recalculate(book, as_of=day, progress=report)
            finally:
                book.release()

        judging = self.work.run(f"Judging the book as of {day.isoformat()}", job, lambda _: self._judged(day))
        judging.ended.connect(self._over)
        self._judging = judging

    def _judged(self, day: date) -> None:
        self._judging = None
        self._as_of = day
        self.day_changed.emit(day)
        self.refresh()

    def _over(self) -> None:
        if self._judging is self.sender():
            self._judging = None
            self.day_changed.emit(self._as_of)

    # -------------------------------------------------------------------------------------------------------- places
    def go(self, place: Place) -> None:
        """Show a place in the main window."""
        self.asked.emit(place)

    def tell(self, sentence: str, severity: str = "info") -> None:
        """Say a sentence to the user, without interrupting."""
        self.told.emit(sentence, severity)


def _stopper(book: Book) -> Callable[[], None]:
    """What stops the query that the calling thread runs on the book."""
    connection = book.connection()
    return lambda: book.interrupt(connection)
