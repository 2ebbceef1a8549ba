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
from gui.dialogs import about, fault, findings, shortcuts, snapshot
from gui.dialogs import right as right_dialog
from gui.main_window import PAGES, MainWindow
from gui.pages import settings
from gui.state import State
from gui.widgets.charts import WithTable
from gui.wizards import import_
from store import choices
from store.book import open_book
from store.imports.load import load

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
SIZES = ((1280, 800), (1920, 1080))
TARGET = Path("build/tour")
CHANGED, REFUSED = TARGET / "changed", TARGET / "refused"
SAMPLE = Path(__file__).parent.parent / "resources" / "sample"

Screen = Callable[[MainWindow], QWidget]


def page(code: str, key: str = "", tab: str = "") -> Screen:
    """The window with a page in it."""

    def show(window: MainWindow) -> QWidget:
        window.desk.go(Place(code, key, tab))
        return window

    return show


def charts_as_tables(window: MainWindow) -> QWidget:
    """The charts of Home as the tables of their numbers."""
    window.desk.go(Place("home"))
    for both in window.stack.currentWidget().findChildren(WithTable):
        both.show_table(True)
    return window


def importing(pages: int, path: Path, tab: int = 0) -> Screen:
    """The import wizard, so many pages on."""

    def show(window: MainWindow) -> QWidget:
        wizard = import_.open_(window.desk, window, str(path))
        for _ in range(pages):
            settle(window.desk)
            wizard.next()
        settle(window.desk)
        wizard.preview.tabs.setCurrentIndex(tab)
        return wizard

    return show


def snapshots(window: MainWindow) -> QWidget:
    """The list of snapshots with one in it."""
    window.desk.go(Place("snapshots"))
    page = window.stack.currentWidget()
    page.save()
    page.dialog.control.setText(str(window.desk.book.path.with_name("handed-out")))
    page.dialog.save.click()
    settle(window.desk)
    return window


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


def right(window: MainWindow) -> QWidget:
    """A right of the sample, to be changed."""
    return right_dialog.open_(window.desk, window, choices.rights(window.desk.book)[0])


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


SCREENS: list[tuple[str, Screen]] = [
    *((code, page(code)) for code, _, _ in PAGES),
    ("rulebook-rule", page("rulebook", "transfers.downgrade")),
    *((f"settings-{code}", page("settings", tab=code)) for code, _, _ in settings.TABS),
    ("dialog-right", right),
    ("dialog-right-new", lambda window: right_dialog.open_(window.desk, window)),
    ("home-tables", charts_as_tables),
    ("import-1-file", importing(0, SAMPLE)),
    ("import-2-recognized", importing(1, SAMPLE)),
    ("import-3-preview", importing(2, CHANGED)),
    ("import-3-changed-rows", importing(2, CHANGED, 1)),
    ("import-3-refused", importing(2, REFUSED, 2)),
    ("import-5-finished", importing(3, CHANGED)),
    ("dialog-findings", lambda window: findings.open_(window.desk, window)),
    ("dialog-snapshot", lambda window: snapshot.open_(window.desk, window)),
    ("snapshots-saved", snapshots),
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
    while True:
        waited = bool(desk.work.jobs)
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        if not waited and not desk.work.jobs:
            return


def take(folder: Path, book: Path, dress: str, size: tuple[int, int]) -> None:
    """All pictures in one theme and size."""
    state = State(folder / "state.ini")
    desk = Desk(lambda: NOW, "ann", state)
    window = MainWindow(desk)
    window.resize(*size)
    window.show()
    own = folder / f"{dress}-{size[0]}"
    own.mkdir()
    desk.open(Path(shutil.copy(book, own)))
    for name, show in SCREENS:
        shown = show(window)
        settle(desk)
        shown.grab().save(str(folder / f"{name}-{dress}-{size[0]}.png"))
        if shown is not window:
            shown.close()
    window.close()
    settle(desk, 50)


def change(folder: Path, name: str, old: str, new: str) -> None:
    """The sample estate with something else in the first row that has it."""
    shutil.copytree(SAMPLE, folder)
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def main(target: Path) -> None:
    """Write all pictures into a folder, which is emptied before."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    book = target / "estate.elpis"
    with open_book(book, clock=lambda: NOW, who="ann", create=True) as fresh:
        load(fresh, SAMPLE, as_of=date(2026, 11, 21))
    change(CHANGED, "contract_items.csv", ",55.20,", ",60.00,")
    change(REFUSED, "contract_items.csv", ",perpetual,", ",forever,")
    app = program.make_app(sys.argv[:1])
    for dress in ("light", "dark"):
        theme.apply(app, dress)
        for size in SIZES:
            take(target, book, dress, size)
    print(f"{len(list(target.glob('*.png')))} pictures in {target}")


if __name__ == "__main__":
    main(TARGET)
