"""The desk: the open book, the day it is judged on, and everything that all screens share.

One action of the user is one transaction and one step that can be undone; what it changed is told to every screen by
subject, and each decides what to ask for again. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from gui.on_demand import Later, on_demand
from gui.state import State
from gui.work import Job, Report, Worker, using
from store.errors import KnownFault

if TYPE_CHECKING:
    from gui.keeping import Keeper
    from store import backups, derivation, evidence, overviews, settings, touched, undo, upgrading
    from store.backups import Backup
    from store.book import Book, open_book
    from store.cipher import Passphrase
    from store.overviews import Ask
else:  # the window stands before anything is read that only an open book needs
    derivation, overviews, settings = Later("store.derivation"), Later("store.overviews"), Later("store.settings")
    evidence, touched, undo = Later("store.evidence"), Later("store.touched"), Later("store.undo")
    backups, upgrading = Later("store.backups"), Later("store.upgrading")
    open_book = on_demand("store.book", "open_book")

T = TypeVar("T")

SUBJECTS: Final = frozenset(
    "allocations authorizations changes charges compliance contracts definitions demand entitlements events"
    " exchange_rates findings groups hosts matching overrides prices products requests reviews rights scenarios"
    " settings snapshots titles virtual_machines".split()
)
"""Everything that a screen can be about."""

_PREPARE_AFTER: Final = 1_000
"""Milliseconds of calm after a change, or after opening, before a large book is prepared."""


_REPAIRED: Final = (
    "Something else than Elpis has taken away what protects the records of this book. It is in place again; see File,"
    " Check this book, whether anything was changed meanwhile."
)


@dataclass(frozen=True)
class Place:
    """Where one can go: a page, or a record or wizard by its key; a tab of it; what an overview is asked for there."""

    page: str
    key: str = ""
    tab: str = ""
    ask: Ask | None = None


class Desk(QObject):
    """The one object that all screens share. A book must be open before `book` is asked for."""

    changed = Signal(object)
    """Subjects that have changed: a frozenset of names of `SUBJECTS`."""
    opened = Signal()
    """Another book is open, or none."""
    asked = Signal(object)
    """The Place to go to."""
    day_changed = Signal(object)
    """The day (a date) that the book is judged on, also after a judgement that was cancelled or has failed."""
    undo_changed = Signal()
    """What can be undone or redone has changed."""
    told = Signal(str, str)
    """A sentence for the user, and its severity: "info", "positive", "warning" or "error"."""

    def __init__(self, clock: Callable[[], datetime], who: str, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.work = Worker(self)
        self.state = state
        self.reaches: set[str] = set()
        """The pages, records and wizards that there are to go to; the window fills it."""
        self._clock = clock
        self._who = who
        self._book: Book | None = None
        self._as_of = self.today
        self.keeper: Keeper | None = None
        """Who looks after the book in the background; the program sets it."""
        self._writing: Job | None = None
        self._preparing: Job | None = None
        self._unwanted = False
        """Whether the user has cancelled the preparation of this book, or it has failed."""
        self._calm = QTimer(self, singleShot=True, interval=_PREPARE_AFTER)
        self._calm.timeout.connect(self._prepare)

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
        """The day that the book is judged on."""
        return self._as_of

    @property
    def who(self) -> str:
        """In whose name everything here is done."""
        return self._who

    @property
    def today(self) -> date:
        """The day of the clock, where the user is."""
        return self.now.date()

    @property
    def now(self) -> datetime:
        """The moment of the clock, in the time zone where the user is."""
        return self._clock().astimezone()

    def open(
        self, path: Path, *, create: bool = False, read_only: bool = False, passphrase: Passphrase | None = None
    ) -> None:
        """Open another book, closing the present one. Raises BookFault, and then the present one stays open.

        An encrypted one needs its passphrase (Locked), unless it is the one that is open.
        """
        if self._book is not None and self._book.path.resolve() == path.resolve():
            passphrase = passphrase or self._book.passphrase
            self.close()
        how: dict[str, Any] = {"create": create, "read_only": read_only, "passphrase": passphrase}
        book = open_book(path, clock=self._clock, who=self._who, **how)
        if not settings.get(book, "as_of") and not read_only:
            derivation.recalculate(book, as_of=self.today)  # nothing follows from a change in a book without a day
        self.close()
        self._book = book
        self._as_of = self._judged_on()
        self.state.remember_book(path)
        self._announce()
        self._calm.start()
        if book.repaired:
            self.tell(_REPAIRED, "warning")

    def close(self) -> None:
        """Cancel what runs, and close the book."""
        self.work.close()
        self._calm.stop()
        self._writing = self._preparing = None
        self._unwanted = False
        if self._book is not None:
            self._book.close()
            self._book = None
            self._announce()

    def restore(self, backup: Backup, done: Callable[[Path | None], None], owner: QObject | None = None) -> Job:
        """Put a backup in the place of the open book, and open that; `done` gets where the present book stands then.

        Both are read from end to end before, in the background. What goes wrong is told at the bottom of the window.
        """

        def look(book: Book, report: Report) -> None:
            report(0, 2)
            backups.check(backup, book.passphrase)
            report(1, 2)
            if not self.read_only:
                backups.before(book, "restore")

        return self.look_long("Reading the backup", look, lambda _: self._restore(backup, done), owner=owner)

    def _restore(self, backup: Backup, done: Callable[[Path | None], None]) -> None:
        """Put it there in the background: files are copied, and a book of an older Elpis is brought up to date."""
        path, passphrase = self.book.path, self.book.passphrase
        if self.keeper is not None:
            self.keeper.spare()
        self.close()
        how: dict[str, Any] = {"clock": self._clock, "who": self._who, "passphrase": passphrase}

        def work(report: Report) -> Path | None:
            with upgrading.told(report):
                return backups.restore(path, backup, checked=True, **how)

        def again() -> None:
            try:
                if not self.is_open:
                    self.open(path, passphrase=passphrase)
            except KnownFault as fault:  # of another program that has it now
                self.tell(str(fault), "error")

        def failed(error: Exception) -> None:
            again()
            self.work.failed.emit(job, error)

        job = self.work.run("Putting the backup in its place", work, lambda aside: (again(), done(aside)), failed)
        job.ended.connect(again)  # also when it was cancelled

    def _announce(self) -> None:
        self.opened.emit()
        self.undo_changed.emit()

    def _judged_on(self) -> date:
        judged = settings.get(self.book, "as_of")
        return date.fromisoformat(judged) if judged else self.today

    # ------------------------------------------------------------------------------------------------------- changes
    def do(self, what: str, change: Callable[[Book], T]) -> T:
        """One action of the user: one transaction, one step to undo, called `what` ("Add contract C-17").

        Tells every screen what has changed. Raises the faults of the store (Unfit, Unknown, KnownFault) to the caller;
        nothing is stored then.
        """
        self._admit_change()
        mark = touched.mark(self.book)
        with undo.step(self.book, what):
            answer = change(self.book)
        overviews.keep_up(self.book)
        self._after_change(touched.since(self.book, mark))
        return answer

    def do_long(
        self,
        what: str,
        change: Callable[[Book, Report], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
        resolved: bool = False,
        backup: str = "",
    ) -> Job:
        """The same in the background, for what may take longer than a moment; `done` is called after all screens know.

        `resolved` is for imports, as in `undo.step`; `backup` the reason of a backup that is made before. Raises
        KnownFault when the book cannot be changed now.
        """

        def step(book: Book, report: Report) -> T:
            self._keep(book, backup)
            with undo.step(book, what, resolved=resolved):
                return change(book, report)

        return self.run_alone(what, step, done, failed, owner=owner)

    def run_alone(
        self,
        what: str,
        change: Callable[[Book, Report], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job:
        """Something in the background that no other change may run beside, and that is no step to undo.

        Raises KnownFault when the book cannot be changed now.
        """
        self._admit_change()
        return self._write(what, self._changing(change), _while_there(owner, done), failed)

    def look_long(
        self,
        what: str,
        look: Callable[[Book, Report], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
        lane: str = "work",
    ) -> Job:
        """Something in the background that only reads the book."""
        return self.work.run(what, self._using_book(look), done, failed, owner=owner, lane=lane)

    def _using_book(self, work: Callable[[Book, Report], T]) -> Callable[[Report], T]:
        book = self.book

        def job(report: Report) -> T:
            with using(book, report):
                return work(book, report)

        return job

    def _changing(self, change: Callable[[Book, Report], T]) -> Callable[[Report], T]:
        """A job that changes the book, and brings up to date what a large book keeps besides."""

        def work(book: Book, report: Report) -> T:
            answer = change(book, report)
            overviews.keep_up(book)
            return answer

        return self._using_book(work)

    def undo(self) -> None:
        """Take the newest change back, and say so; what judges the whole book anew does it in the background."""
        self._turn(undo.next_back, undo.back, "Undo", "Undone")

    def redo(self) -> None:
        """Do the change again that was undone last, likewise."""
        self._turn(undo.next_forward, undo.forward, "Redo", "Redone")

    @property
    def undo_text(self) -> str:
        """What undo takes back, "" for nothing."""
        step = undo.next_back(self.book) if self.is_open else None
        return step.what if step else ""

    @property
    def redo_text(self) -> str:
        """What redo does again, "" for nothing."""
        step = undo.next_forward(self.book) if self.is_open else None
        return step.what if step else ""

    def refresh(self, subjects: frozenset[str] = SUBJECTS) -> None:
        """Tell every screen that these subjects have to be asked for again."""
        self.changed.emit(subjects)

    def _turn(
        self, which: Callable[[Book], undo.Step | None], turn: Callable[..., undo.Step], verb: str, past: str
    ) -> None:
        try:
            self._admit_change()
            step = which(self.book)
            if step is not None and undo.takes_long(self.book, step):
                self._turn_long(turn, f"{verb}: {step.what}", past)
                return
            turned = turn(self.book)
            overviews.keep_up(self.book)
        except KnownFault as fault:
            self.tell(str(fault), "error")
            return
        self._after_change(touched.subjects(turned.subjects))
        self.tell(f"{past}: {turned.what}", "positive")

    def _turn_long(self, turn: Callable[..., undo.Step], what: str, past: str) -> None:
        def kept(book: Book, report: Report) -> undo.Step:
            self._keep(book, "undo")
            return turn(book, report)

        self._write(what, self._changing(kept), lambda step: self.tell(f"{past}: {step.what}", "positive"))

    def _keep(self, book: Book, why: str) -> None:
        """A backup before much is changed, where the program looks after the book."""
        if why and self.keeper is not None:
            backups.before(book, why)

    def _admit_change(self) -> None:
        if self.read_only:
            raise KnownFault("This book is open for reading only. Open it again to change it.")
        if self._writing is not None:
            raise KnownFault(
                f"The book cannot be changed yet: “{self._writing.what}” is running. Wait for it, or cancel it at the"
                " bottom of the window."
            )
        self._give_way()

    def _after_change(self, subjects: frozenset[str]) -> None:
        if subjects:
            self.changed.emit(subjects)
        self.undo_changed.emit()
        self._calm.start()

    # ----------------------------------------------------------------------------------------------- large books
    def _prepare(self) -> None:
        """Hash the rows that have none yet, and give a large book what keeps its overviews quick, in the background.

        No change of the user's, so it makes way for one, and is taken up again afterwards where it was.
        """
        if not self.is_open or self.read_only or self.busy or self._preparing is not None or self._unwanted:
            return
        if evidence.is_quick(self.book):
            with suppress(KnownFault):  # a full disk is told at the next change; until then these rows have no hash
                evidence.settle(self.book)
        if not overviews.is_prepared(self.book):
            self._run_aside("Preparing a large book", overviews.prepare, overviews.is_prepared)
        elif not evidence.is_settled(self.book):
            self._run_aside("Hashing what was imported", evidence.settle, evidence.is_settled)

    def _run_aside(self, what: str, work: Callable[[Book, Report], object], is_done: Callable[[Book], bool]) -> None:
        handle = self.work.run(what, self._using_book(work), lambda _: None, lane="preparing")
        handle.ended.connect(lambda: self._prepared(handle, is_done))
        self._preparing = handle

    def _prepared(self, handle: Job, is_done: Callable[[Book], bool]) -> None:
        if self._preparing is handle and self.is_open:
            self._preparing = None
            self._unwanted = not is_done(self.book)
            self._prepare()

    def _give_way(self) -> None:
        if self._preparing is not None:
            handle, self._preparing = self._preparing, None
            handle.stop()

    # ----------------------------------------------------------------------------------------------------------- day
    def judge(self, day: date) -> None:
        """Judge the book on a day, in the background; a judgement that still runs is given up for it."""
        if self._writing is not None:
            self._writing.cancel()
        self._give_way()
        job = self._changing(lambda book, report: derivation.recalculate(book, as_of=day, progress=report))
        self._write(f"Judging the book as of {day.isoformat()}", job, lambda _: None)

    @property
    def busy(self) -> bool:
        """Whether the book is being changed or judged in the background, so that nothing else can change it."""
        return self._writing is not None

    def _write(
        self,
        what: str,
        job: Callable[[Report], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        mark = touched.mark(self.book)

        def stored(answer: Any) -> None:
            self._settle(handle, mark)
            done(answer)

        handle = self.work.run(what, job, stored, failed)
        handle.ended.connect(lambda: self._settle(handle, mark))
        self._writing = handle
        return handle

    def _settle(self, handle: Job, mark: int) -> None:
        """After a change in the background, once: tell what it changed, also when it was cancelled too late."""
        if self._writing is not handle or not self.is_open:
            return
        self._writing = None
        day = self._judged_on()
        moved, self._as_of = day != self._as_of, day
        self.day_changed.emit(day)
        self._after_change(SUBJECTS if moved else touched.since(self.book, mark))

    # -------------------------------------------------------------------------------------------------------- places
    def go(self, place: Place) -> None:
        """Show a place in the main window."""
        self.asked.emit(place)

    def tell(self, sentence: str, severity: str = "info") -> None:
        """Say a sentence to the user, without interrupting."""
        self.told.emit(sentence, severity)


def _while_there(owner: QObject | None, done: Callable[[T], None]) -> Callable[[T], None]:
    """`done`, but not for an owner that is gone by then."""

    def tell(answer: T) -> None:
        if owner is None or shiboken6.isValid(owner):
            done(answer)

    return tell
