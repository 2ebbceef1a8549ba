"""Looks after the book on the desk, in the background: looks through it when it is opened, backs it up as it changes.

A backup is made half an hour after the first change that no backup has, and when the book is closed. The latter goes on
behind the window that closes, with a connection of its own; the process ends when it is done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from gui.on_demand import Later, on_demand
from store.errors import KnownFault

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
        self.closing: threading.Thread | None = None
        """Makes the backup of the book that was closed last."""
        self.job: Job | None = None
        self._desk, self._clock, self._who = desk, clock, who
        self._path: Path | None = None
        self._passphrase: Passphrase | None = None
        self._unsound: Path | None = None
        self._dirty = False
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(self._due)
        desk.opened.connect(self._opened)
        desk.undo_changed.connect(self._changed)

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

        self._desk.look_long("Looking through the book", look, self._looked, lane="keeping", owner=self)

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
            self.latest = made
            self._timer.stop()
            self._changed()
            self.kept.emit()
            if then is not None:
                then()

        self.job = self._desk.look_long("Backing up the book", work, done, lane="keeping", owner=self)
        return self.job

    def _leave(self) -> None:
        """Back up the book that was open until now, if there is something to it."""
        path, dirty = self._path, self._dirty
        self._dirty = False
        if dirty and path is not None and not (self._desk.is_open and self._desk.book.path == path):
            held = (path, self._clock, self._who, self._passphrase)
            self.closing = threading.Thread(target=_at_the_end, args=held, name="elpis-closing")
            self.closing.start()

    def spare(self) -> None:
        """The book is closed only to be restored or encrypted; wait for a backup that is being made."""
        self._dirty = False
        if self.closing is not None:
            self.closing.join()


def _at_the_end(path: Path, clock: Callable[[], datetime], who: str, passphrase: Passphrase | None) -> None:
    """On a thread of its own. Nobody is left to tell what goes wrong; the next start sees that there is no backup."""
    try:
        with open_book(path, clock=clock, who=who, read_only=True, passphrase=passphrase) as book:
            backups.before(book, "close")
    except KnownFault:
        return
