"""Pictures of every page, wizard step and dialog, light and dark, at two sizes: `make tour` writes them to build/tour/.

No screen is needed. A screen is a function that brings the window to it and returns what is to be photographed; pages
are photographed by themselves.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from gui import app as program
from gui import books, theme
from gui.desk import Desk, Place
from gui.dialogs import about, fault, shortcuts
from gui.main_window import PAGES, MainWindow
from gui.state import State
from store.book import open_book
from store.imports.load import load

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
SIZES = ((1280, 800), (1920, 1080))
SAMPLE = Path(__file__).parent.parent / "resources" / "sample"

Screen = Callable[[MainWindow], QWidget]


def page(code: str, key: str = "", tab: str = "") -> Screen:
    """The window with a page in it."""

    def show(window: MainWindow) -> QWidget:
        window.desk.go(Place(code, key, tab))
        return window

    return show


def palette(window: MainWindow) -> QWidget:
    """The command palette with something typed into it."""
    window.palette_.open_("re")
    return window


def toast(window: MainWindow) -> QWidget:
    """What passes by after an undo."""
    window.palette_.close_()
    window.desk.tell("Undone: Add contract C-17", "positive")
    return window


def mistake(window: MainWindow) -> QWidget:
    """A fault of the program."""
    try:
        raise RuntimeError("an example")
    except RuntimeError as error:
        return fault.open_(window, error)


def in_use(window: MainWindow) -> QWidget:
    """A book that cannot be opened."""
    return books.refuse(window, "This book cannot be opened", "estate.elpis: the file is damaged.")


def read_only(window: MainWindow) -> QWidget:
    """A book that another program has open."""
    window.desk.open(window.desk.book.path, read_only=True)
    return window


def start(window: MainWindow) -> QWidget:
    """No book is open: comes last, because it closes the book."""
    window.desk.close()
    return window


RECORDS = (
    ("entitlement", "Windows Server 2022 Standard|perpetual|core"),
    ("contract", "MS-EA-2022"),
    ("product", "Windows Server 2022 Standard"),
    ("position", "Windows Server 2012 R2 Standard|perpetual|core"),
)
"""Records of the sample that have something to show in each tab."""

SCREENS: list[tuple[str, Screen]] = [
    *((code, page(code)) for code, _, _ in PAGES),
    ("rulebook-rule", page("rulebook", "transfers.downgrade")),
    ("settings-judgement", page("settings", tab="judgement")),
    *(
        (f"{noun}-{tab}", page(noun, key, tab))
        for noun, key in RECORDS
        for tab in ("details", "timeline", "history", "why")
    ),
    ("palette", palette),
    ("toast", toast),
    ("dialog-about", about.open_),
    ("dialog-shortcuts", lambda window: shortcuts.open_(window, window.actions_)),
    ("dialog-fault", mistake),
    ("dialog-refused", in_use),
    ("read-only", read_only),
    ("start", start),
]
"""Every screen by the name of its picture."""


def settle(desk: Desk, milliseconds: int = 250) -> None:
    """Let everything arrive that was asked for, and be laid out."""
    pause(milliseconds)
    while desk.work.jobs:
        pause(milliseconds)
    pause(milliseconds // 4)


def pause(milliseconds: int) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def take(folder: Path, book: Path, dress: str, size: tuple[int, int]) -> None:
    """All pictures in one theme and size."""
    state = State(folder / "state.ini")
    desk = Desk(lambda: NOW, "ann", state)
    window = MainWindow(desk)
    window.resize(*size)
    window.show()
    desk.open(book)
    for name, show in SCREENS:
        shown = show(window)
        settle(desk)
        shown.grab().save(str(folder / f"{name}-{dress}-{size[0]}.png"))
        if shown is not window:
            shown.close()
    window.close()
    settle(desk, 50)


def main(target: Path) -> None:
    """Write all pictures into a folder, which is emptied before."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    book = target / "estate.elpis"
    with open_book(book, clock=lambda: NOW, who="ann", create=True) as fresh:
        load(fresh, SAMPLE, as_of=date(2026, 11, 21))
    app = program.make_app(sys.argv[:1])
    for dress in ("light", "dark"):
        theme.apply(app, dress)
        for size in SIZES:
            take(target, book, dress, size)
    print(f"{len(list(target.glob('*.png')))} pictures in {target}")


if __name__ == "__main__":
    main(Path("build/tour"))
