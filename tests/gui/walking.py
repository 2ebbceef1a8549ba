"""Walking through wizards as people do: Next, and waiting until it is stored."""

from pytestqt.qtbot import QtBot

from gui.desk import Place
from gui.main_window import MainWindow
from gui.wizards.base import Finished, Progress, Wizard


def opened(window: MainWindow, place: Place) -> Wizard:
    """The wizard that a place opens, on the screen."""
    before = set(window.findChildren(Wizard))
    window.desk.go(place)
    (wizard,) = set(window.findChildren(Wizard)) - before
    return wizard


def to_the_summary(wizard: Wizard) -> None:
    """Next, until only storing is left."""
    while not wizard.currentPage().sums_up:
        at = wizard.currentId()
        wizard.next()
        assert wizard.currentId() != at, wizard.currentPage().said.text() or "the page says that something is wrong"


def to_the_end(wizard: Wizard, qtbot: QtBot) -> Finished:
    """Next to the last page, which is returned, with everything stored."""
    to_the_summary(wizard)
    wizard.next()
    qtbot.waitUntil(lambda: isinstance(wizard.currentPage(), Finished))
    return wizard.currentPage()


def to_a_failure(wizard: Wizard, qtbot: QtBot) -> str:
    """Next until storing fails; what is said."""
    to_the_summary(wizard)
    wizard.next()
    page = wizard.currentPage()
    assert isinstance(page, Progress)
    qtbot.waitUntil(lambda: bool(page.said.text()))
    return page.said.text()
