"""What the window does when something unexpected goes wrong, and at the start after it ended without being closed.

Each run holds a mark, a lock that the system frees when the process dies. A mark that nobody holds any more is a run
that did not come to its end.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLockFile, QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QPushButton

from gui.on_demand import Later, on_demand
from gui.widgets.buttons import button
from store.errors import KnownFault

if TYPE_CHECKING:
    from gui import books, faults
    from gui.main_window import MainWindow
else:
    books, faults = Later("gui.books"), Later("gui.faults")

show_report = on_demand("gui.dialogs.fault", "open_")

_MARK: Final = ".run"
_LAST_WORDS: Final = ".native"
_GIVEN_UP: Final = ".ended"
_WHOLE: Final = "Your book is intact: what was stored is stored whole, and what was under way was not stored."


class Mishaps(QObject):
    """Writes a report of each fault into a folder, and shows it in `dialog`, one at a time, once there is a window."""

    _happened = Signal(str)

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self.dialog: QDialog | None = None
        self._window: MainWindow | None = None
        self._folder, self._clock = folder, clock
        self._doing = "at the start"
        self._run = str(os.getpid())
        folder.mkdir(parents=True, exist_ok=True)
        self._unfinished = _unfinished(folder)
        _bring_in(folder, self._unfinished)
        self._name = f"{faults.stamp(clock())}-{self._run}"
        self._last_words: IO[str] | None = None
        self._mark = QLockFile(str(folder / f"{self._name}{_MARK}"))
        self._mark.setStaleLockTime(0)  # it counts as long as the process lives that has it
        self._mark.tryLock(0)
        self._happened.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def join(self, window: MainWindow) -> None:
        """From now on there is a window, in which reports are shown."""
        self._window = window
        window.desk.asked.connect(self._went)
        window.desk.work.broke.connect(lambda what: self.write(what, "work in the background"))

    def watch(self) -> None:
        """Hear of everything that nobody else catches, on whatever thread."""
        sys.excepthook = self._uncaught
        threading.excepthook = lambda met: self._uncaught(met.exc_type, met.exc_value, met.exc_traceback)

    def listen(self) -> None:
        """Have the interpreter say where it was when something below Python ends the process: the next start tells."""
        with suppress(OSError):
            self._last_words = (self._folder / f"{self._name}{_LAST_WORDS}").open("w", encoding="utf-8")
            faulthandler.enable(self._last_words)

    def end(self) -> None:
        """The window was closed as it should be: the next start has nothing to say."""
        if self._last_words is not None:
            faulthandler.disable()
            self._last_words.close()
            Path(self._last_words.name).unlink(missing_ok=True)
        self._mark.unlock()

    def give_up(self, error: BaseException) -> None:
        """Write down what ends the program before it has a window: the next start tells."""
        self._keep(error, "before there was a window")
        with suppress(OSError):
            (self._folder / f"{self._name}{_GIVEN_UP}").touch()  # the mark goes with this object
        self.end()

    def write(self, error: BaseException, doing: str = "") -> str:
        """Write a report down, and to where the program says what goes wrong; its text. Called on any thread."""
        text = self._keep(error, doing or self._doing)
        print(text, file=sys.stderr)
        return text

    def _keep(self, error: BaseException, doing: str) -> str:
        """Write a report down; its text."""
        moment = self._clock()
        text = faults.report(error, doing, moment)
        with suppress(KnownFault, OSError):  # a full disk must not hide what has happened: it is shown all the same
            faults.keep(self._folder, text, moment, self._run)
        return text

    def _uncaught(self, kind: type[BaseException], error: BaseException | None, _: TracebackType | None) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt):
            return
        self._happened.emit(self.write(error))

    def _show(self, text: str) -> None:
        """One at a time: what goes wrong at every paint would else cover the screen."""
        if self.dialog is None and self._window is not None:
            self.dialog = show_report(self._window, text)
            self.dialog.finished.connect(self._closed)

    def _closed(self) -> None:
        self.dialog = None

    def _went(self, place: Any) -> None:
        self._doing = f"in the window, at {place.page}"

    # ------------------------------------------------------------------------------------------------- the next start
    def tell(self) -> None:
        """Say in the window what became of the run before, if it did not come to its end."""
        if not self._unfinished or self._window is None:
            return
        report = _report_of(self._folder, self._unfinished)
        how = "Elpis made a mistake last time, and ended" if report else "Elpis ended last time without being closed"
        kept = "; a report of it was written" if report else ""
        self._window.banner.say(f"{how}{kept}. {_WHOLE}", "warning", *_ways(self._window, report))


def _ways(window: MainWindow, report: Path | None) -> list[QPushButton]:
    """What may be done then."""
    ways = list[QPushButton]()
    recent = window.desk.state.recent()
    if recent and not window.desk.is_open:
        path = recent[0]
        ways.append(button("Open the last book", lambda: books.open_path(window.desk, window, path)))
    if report is not None:
        ways.append(button("Read the report", lambda: _read(window, report)))
    return [*ways, button("Close", window.banner.clear, kind="quiet")]


def _read(window: MainWindow, report: Path) -> None:
    try:
        text = report.read_text(encoding="utf-8")
    except OSError:
        text = "The report is gone."
    show_report(window, text, earlier=True)


def _unfinished(folder: Path) -> str:
    """The name of the latest run that did not come to its end, "" for none; the marks of all of them go."""
    gone = [path.stem for path in folder.glob(f"*{_MARK}") if _is_gone(path)]
    for path in folder.glob(f"*{_GIVEN_UP}"):
        path.unlink(missing_ok=True)
        gone.append(path.stem)
    return max(gone, default="")


def _is_gone(path: Path) -> bool:
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)
    return lock.tryLock(0)  # which takes the mark away, too, when it is let go at once


def _bring_in(folder: Path, run: str) -> None:
    """Make a report of what the interpreter wrote at the end of a run; such files of other runs go."""
    for path in folder.glob(f"*{_LAST_WORDS}"):
        with suppress(KnownFault, OSError):
            text = path.read_text(encoding="utf-8", errors="replace") if path.stem == run else ""
            if text:
                moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                faults.keep(folder, faults.native_report(text, moment), moment, run.partition("-")[2])
            path.unlink(missing_ok=True)


def _report_of(folder: Path, run: str) -> Path | None:
    """The newest report that a run has written."""
    began, _, process = run.partition("-")
    found = (path for path in faults.kept(folder) if path.stem >= began and path.stem.endswith(f"-{process}"))
    return next(found, None)
