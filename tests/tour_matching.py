"""Names of found software, for the tour: what waits, what is decided on them, and a question before much of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QWidget

from gui.desk import Place
from gui.main_window import MainWindow
from gui.pages.matching import MatchingPage
from store.imports.load import load
from store.matching import deciding
from store.overviews import Ask
from tests import estates, found

GLPI = Path(__file__).parent / "data" / "glpi"


def _queue(window: MainWindow, filter: str = "waiting") -> MatchingPage:
    """The page, with real inventories behind it."""
    desk = window.desk
    if not deciding.count(desk.book):
        with TemporaryDirectory() as folder:
            tables = {"discovered_software": found.tables()["discovered_software"]}
            for path in (GLPI, estates.write(Path(folder) / "more", tables)):
                load(desk.book, path, as_of=date(2026, 11, 21))
        desk.refresh()
    desk.go(Place("matching", ask=Ask(filter=filter)))
    page = window.stack.currentWidget()
    assert isinstance(page, MatchingPage)
    return page


def waiting(window: MainWindow) -> QWidget:
    """What waits, those with candidates first."""
    _queue(window)
    return window


def choosing(window: MainWindow) -> QWidget:
    """The candidates of a name."""
    page = _queue(window)
    page.choose([one.key for one in deciding.called(page.desk.book, found.SQL)])
    assert page.dialog is not None
    return page.dialog


def choosing_another(window: MainWindow) -> QWidget:
    """Several names, and a product that is not there yet."""
    page = _queue(window)
    page.choose([one.key for name in ("tar", "gzip") for one in deciding.called(page.desk.book, name)])
    assert page.dialog is not None
    page.dialog.cards.choose("other")
    page.dialog.product.setText("Archiver 3")
    page.dialog.every.setChecked(True)
    return page.dialog


def nothing_chosen(window: MainWindow) -> QWidget:
    """The same without a product."""
    page = _queue(window)
    page.choose([one.key for one in deciding.called(page.desk.book, "tar")])
    assert page.dialog is not None
    page.dialog.cards.choose("other")
    page.dialog.save_button.click()
    return page.dialog


def decided(window: MainWindow) -> QWidget:
    """What was decided."""
    desk = window.desk
    _queue(window)
    names = [one for name in (found.SQL, found.ACROBAT_DC, "tar") for one in deciding.called(desk.book, name)]
    desk.do("No license", lambda book: deciding.ignore(book, names))
    _queue(window, "ignored")
    return window


SCREENS = [
    ("matching-waiting", waiting),
    ("matching-choose", choosing),
    ("matching-another", choosing_another),
    ("matching-nothing-chosen", nothing_chosen),
    ("matching-decided", decided),
]
"""In this order: each needs what the one before made."""
