"""Puts the window together: the program, its looks, what it remembers, the clock, the desk. The window's only clock."""

from __future__ import annotations

import gc
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from gui import door, icons, theme
from gui.desk import Desk
from gui.door import Door
from gui.keeping import Keeper
from gui.main_window import MainWindow
from gui.mishaps import Mishaps
from gui.on_demand import Later
from gui.ready import get_ready
from gui.state import State, default_path
from gui.user import who
from store.errors import KnownFault

if TYPE_CHECKING:
    import ctypes
else:
    ctypes = Later("ctypes")


def run(book: Path | None = None) -> int:
    """Open the window, with a book on the desk if one is given; the exit status when it was closed.

    Raises KnownFault where there is no screen.
    """
    require_screen(dict(os.environ), sys.platform)
    app = make_app(sys.argv)
    entrance = Door(doorstep(), app)
    if entrance.answered(book):
        print("Elpis is open already: its window was brought to the front.")
        return 0
    mishaps = Mishaps(doorstep().parent / "faults", _now)
    mishaps.watch()
    mishaps.listen()
    try:
        window = _opened(app, entrance, book)
    except Exception as fault:
        if isinstance(fault, KnownFault):
            mishaps.end()
        else:
            mishaps.give_up(fault)
        raise
    mishaps.join(window)
    mishaps.tell()
    get_ready(window, spare_the_collector)
    status = app.exec()
    mishaps.end()
    return status


def _opened(app: QApplication, entrance: Door, book: Path | None) -> MainWindow:
    """The window, with all that it remembers, on the screen."""
    state = State(default_path())
    take_turns()
    dress(app, state)
    window = make_window(state)
    open_door(entrance, window)
    window.show()
    spare_the_collector()
    if book is not None:
        window.take(book)
    return window


def take_turns() -> None:
    """Let the window wait a thousandth of a second for work in the background to give way, instead of five."""
    sys.setswitchinterval(0.001)


def spare_the_collector() -> None:
    """What is there at the start stays: to look through it again and again holds the window up, 40 ms each time."""
    gc.freeze()


def make_app(arguments: list[str]) -> QApplication:
    """The program as Qt knows it."""
    QCoreApplication.setApplicationName("elpis")
    QGuiApplication.setApplicationDisplayName("Elpis")
    QGuiApplication.setDesktopFileName("elpis")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([*arguments, "-style", "fusion"])  # later it would take ten times as long
    app.setProperty(theme.STYLED, True)
    app.setWindowIcon(QIcon(str(icons.FOLDER / "elpis.svg")))
    return app


def dress(app: QApplication, state: State) -> None:
    """Give the program the looks that the user has chosen, now and whenever the desktop changes its own."""
    theme.apply(app, state.get("looks/theme", "system"), state.get("looks/points", theme.BODY_POINTS))
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.connect(lambda _: _follow(app, state))
    app.screenAdded.connect(lambda _: icons.retint(app))


def make_window(state: State) -> MainWindow:
    """The window with an empty desk."""
    desk = Desk(_now, who(), state)
    desk.keeper = Keeper(desk, _now, who())
    window = MainWindow(desk)
    desk.setParent(window)
    return window


def doorstep() -> Path:
    """The folder by which the windows of this user find each other."""
    return default_path().parent / "windows"


def open_door(entrance: Door, window: MainWindow) -> None:
    """Let later starts bring this window to the front."""
    desk = window.desk
    entrance.knocked.connect(lambda: door.to_the_front(window))
    entrance.open(lambda: desk.book.path if desk.is_open else None)
    desk.opened.connect(entrance.look)
    QCoreApplication.instance().aboutToQuit.connect(entrance.close)


def _now() -> datetime:
    return datetime.now(UTC)


def require_screen(environment: dict[str, str], platform: str) -> None:
    """Raise KnownFault, saying what to do, where a window cannot be shown; Qt would end the process without a word."""
    if not platform.startswith("linux") or environment.get("QT_QPA_PLATFORM"):
        return
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        raise KnownFault(
            "there is no screen to show a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). Run elpis on a"
            " desktop, or use its commands, which need no screen: elpis --help"
        )
    if not environment.get("WAYLAND_DISPLAY"):
        _require_cursor_library()


def has_screen(environment: dict[str, str], platform: str) -> bool:
    """Whether somebody would see a window that is shown here."""
    if environment.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal"):
        return False
    try:
        require_screen(environment, platform)
    except KnownFault:
        return False
    return True


def _require_cursor_library() -> None:
    try:
        ctypes.CDLL("libxcb-cursor.so.0")
    except OSError:
        raise KnownFault(
            "a library that windows need is missing: libxcb-cursor. Install it (apt install libxcb-cursor0, or"
            " dnf install xcb-util-cursor) and try again."
        ) from None


def _follow(app: QApplication, state: State) -> None:
    if state.get("looks/theme", "system") == "system" and theme.scheme("system") is not theme.of():
        theme.apply(app, "system", state.get("looks/points", theme.BODY_POINTS))
