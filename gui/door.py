"""One window is enough: a second start knocks at the door of the first, which comes to the front, and ends.

No socket is opened for it, not even a local one: the windows of a user share a folder, in which a start without a
window lays a small file, and the window that is meant takes it away. The first window holds a lock that the system
frees when the process dies. A start with a book that a window has open reaches that window; with any other book it gets
a window of its own.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QLockFile, QObject, Qt, Signal

from gui.on_demand import on_demand
from store.errors import BookInUse, KnownFault

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from store.book import take
else:
    take = on_demand("store.book", "take")

PATIENCE: Final = 5.0
"""Seconds that a start waits for an answer: the first window may still be on its way."""

_SHORT: Final = 1.0
"""Seconds to wait for the window that has a book: it may be a command, or another machine, that has it."""

_STEP: Final = 0.02
_KNOCK: Final = ".knock"


class Door(QObject):
    """The door of a start. `first` tells whether its window is the one that starts without a book come to."""

    knocked = Signal()
    """Somebody wants this window."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._book: Callable[[], Path | None] = _nothing
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self.look)
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)  # it counts as long as the process lives that has it
        self.first = self._lock.tryLock(0)

    def answered(self, book: Path | None, patience: float = PATIENCE) -> bool:
        """Whether there is a window for this start already; it was asked to come to the front."""
        if book is None:
            return not self.first and knock(self._folder, "", patience)
        return book.is_file() and _is_in_use(book) and knock(self._folder, _name(book), min(patience, _SHORT))

    def open(self, book: Callable[[], Path | None]) -> None:
        """There is a window now: answer those who have knocked, and who will. `book` gives the one that it has open."""
        self._book = book
        self._watcher.addPath(str(self._folder))
        self.look()

    def look(self, _: str = "") -> None:
        """Answer those who have knocked for this window."""
        for path in sorted(self._folder.glob(f"*{_KNOCK}")):
            if self._is_meant(path) and _took(path):
                self.knocked.emit()

    def _is_meant(self, path: Path) -> bool:
        try:
            wanted = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        own = self._book()
        return self.first if wanted == "" else own is not None and wanted == _name(own)

    def close(self) -> None:
        """There is no window any more; the next start opens one."""
        self._watcher.removePath(str(self._folder))
        self._lock.unlock()


def _nothing() -> None:
    return None


def _took(path: Path) -> bool:
    """Whether it was this window that took a knock away."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _name(book: Path) -> str:
    return str(book.resolve())


def _is_in_use(book: Path) -> bool:
    try:
        take(book).release()
    except BookInUse:
        return True
    except KnownFault:  # which is told when it is opened
        return False
    return False


def knock(folder: Path, wanted: str, patience: float) -> bool:
    """Ask for a window; whether one has heard it in so many seconds."""
    path = folder / f"{os.getpid()}{_KNOCK}"
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(wanted), encoding="utf-8")
    unfinished.replace(path)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not path.exists():
            return True
        time.sleep(_STEP)
    return not _took(path)


def to_the_front(window: QWidget) -> None:
    """Show a window above all others, as far as the desktop allows it."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
