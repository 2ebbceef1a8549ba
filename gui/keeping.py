"""Looks after the book on the desk, in the background: looks through it when it is opened, backs it up as it changes.

A backup is made half an hour after the first change that no backup has, and when the book is closed: before, where the
window waits for it (`gui.leaving`), else behind it, with a connection of its own, while another book is open already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from gui.on_demand import Later, on_demand
from gui.work import Worker, using

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from gui.desk import Desk
    from gui.work import Job, Report
    from store import backups, care
    from store.backups import Backup
    from store.book import Book, open_book
    from store.cipher import Passphrase
else:
    backups, care = Later("store.backups"), Later("store.care")
    open_book = on_demand("store.book", "open_book")

EVERY: Final = 30 * 60 * 1_000
"""Milliseconds from a change to the backup that has it."""

_AGAIN: Final = 60 * 1_000
"""Milliseconds to wait while something else changes the book."""


class Keeper(QObject):
    """Keeps the book of a desk safe. `latest` is its newest checked backup, `problems` what was found in it."""

    kept = Signal()
    """There is another newest backup, or another book."""
    unsound = Signal()
    """Something is wrong with the book, which is open for reading only from now on."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime], who: str) -> None:
        super().__init__(desk)
        self.latest: Backup | None = None
        self.problems: Sequence[str] = ()
        self.closing = Worker(self)
        """Makes the backups of books that were closed."""
        self.job: Job | None = None
        self.leaving = False
        """Whether the window waits for a backup, to close the book then."""
        self._looking: Job | None = None
        self._desk, self._clock, self._who = desk, clock, who
        self._path: Path | None = None
        self._passphrase: Passphrase | None = None
        self._unsound: Path | None = None
        self._dirty = False
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(self._due)
        desk.opened.connect(self._opened)
        desk.undo_changed.connect(self._changed)
        self.closing.failed.connect(desk.work.failed)
        self.closing.broke.connect(desk.work.broke)

    # --------------------------------------------------------------------------------------------------------- looking
    def _opened(self) -> None:
        self._leave()
        self._timer.stop()
        self.latest = None
        if not self._desk.is_open:
            self._path = self._passphrase = None
            self.kept.emit()
            return
        self._path, self._passphrase = self._desk.book.path, self._desk.book.passphrase
        self.latest = backups.latest(self._path)
        if self._unsound != self._path or not self._desk.read_only:
            self._unsound, self.problems = None, ()
            self._look()
        self._changed()
        self.kept.emit()

    def _look(self) -> None:
        def look(book: Book, report: Report) -> list[str]:
            return care.quick_check(book, report)

        self._looking = self._desk.look_long("Looking through the book", look, self._looked, lane="keeping", owner=self)

    def _looked(self, problems: list[str]) -> None:
        """A book that is not sound is only read: what is written into it may be lost, and damage more."""
        if problems and self._path is not None:
            self.problems, path = tuple(problems), self._path
            self._dirty, self._unsound = False, path
            self._desk.open(path, read_only=True)
            self.unsound.emit()

    # ------------------------------------------------------------------------------------------------------ backing up
    def _changed(self) -> None:
        if not self._desk.is_open or self._desk.read_only:
            return
        self._dirty = backups.unsaved(self._desk.book) > 0
        if self._dirty and not self._timer.isActive():
            self._timer.start()

    def _due(self) -> None:
        if self._desk.busy:
            self._timer.start(_AGAIN)
        elif self._dirty:
            self.back_up("changes")
        self._timer.setInterval(EVERY)

    def back_up(self, why: str = "user", then: Callable[[], object] | None = None) -> Job:
        """Make a backup now, in the background; what goes wrong is told at the bottom of the window."""

        def work(book: Book, report: Report) -> Backup:
            return backups.back_up(book, why, progress=report)

        def done(made: Backup) -> None:
            self._made(made)
            if then is not None:
                then()

        self.job = self._desk.look_long("Backing up the book", work, done, lane="keeping", owner=self)
        return self.job

    def _made(self, made: Backup | None) -> None:
        self.latest = made or self.latest
        self._timer.stop()
        self._changed()
        self.kept.emit()

    def back_up_to_leave(self, failed: Callable[[Exception], None]) -> Job | None:
        """Back up what no backup has, so that the book can be closed; None where there is nothing to wait for.

        A backup of a book that was closed before is waited for, too. `failed` is called with what goes wrong.
        """
        earlier = [job for job in self.closing.jobs if not job.cancelled]
        if earlier:
            self.closing.failed.connect(lambda _, error: failed(error))
            return earlier[0]
        if not self._dirty or not self._desk.is_open:
            return None
        if self._looking is not None and shiboken6.isValid(self._looking):
            self._looking.cancel()

        def work(book: Book, report: Report) -> Backup | None:
            return backups.before(book, "close", progress=report)

        return self._desk.look_long("", work, self._made, failed, lane="keeping", owner=self)

    def let_go(self) -> None:
        """The book may be closed without a backup."""
        self._dirty = False

    def _leave(self) -> None:
        """Back up the book that was open until now, if there is something to it."""
        path, dirty = self._path, self._dirty
        self._dirty = False
        if dirty and path is not None and not (self._desk.is_open and self._desk.book.path == path):
            work = partial(_at_the_end, path, self._clock, self._who, self._passphrase)
            self.closing.run(f"Backing up {path.stem}, which was closed", work, lambda _: None)

    def spare(self) -> None:
        """The book is closed only to be restored or encrypted; wait for a backup that is being made."""
        self._dirty = False
        for job in self.closing.jobs:
            job.left.wait()


def _at_the_end(
    path: Path, clock: Callable[[], datetime], who: str, passphrase: Passphrase | None, report: Report
) -> None:
    with (
        open_book(path, clock=clock, who=who, read_only=True, passphrase=passphrase) as book,
        using(book, report),
    ):
        backups.before(book, "close", progress=report)
