"""Records of a product that is renamed while they are open: they stay where they are, under the new name."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.pages.record_parts.page import RecordPage
from store import products
from tests.gui.conftest import settled

OLD, NEW = "Windows Server 2022 Standard", "Windows Server 2022 Std."


def texts(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]


def opened(window: MainWindow, qtbot: QtBot, place: Place) -> RecordPage:
    window.desk.go(place)
    settled(window.desk, qtbot)
    found = window.stack.currentWidget()
    assert isinstance(found, RecordPage)
    return found


@pytest.mark.parametrize(
    ("noun", "rest"), [("product", ""), ("entitlement", "|perpetual|core"), ("position", "|perpetual|core")]
)
def test_an_open_record_follows_its_product_to_its_new_name_and_back(
    noun: str, rest: str, window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    page = opened(window, qtbot, Place(noun, OLD + rest))
    told: list[str] = []
    desk.told.connect(lambda sentence, _: told.append(sentence))
    desk.do(f"Rename {OLD}", lambda book: products.rename(book, OLD, NEW))
    settled(desk, qtbot)
    assert any(text.startswith(NEW) for text in texts(page))
    assert (page.key, page.stack.currentIndex()) == (NEW + rest, 0)
    assert told == [f"The product is called {NEW} now."]
    desk.undo()
    settled(desk, qtbot)
    assert page.key == OLD + rest
    assert any(text.startswith(OLD) for text in texts(page))


def test_a_record_that_was_left_under_its_old_name_is_found_when_one_comes_back(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    opened(window, qtbot, Place("product", OLD, "history"))
    desk.go(Place("home"))
    desk.do(f"Rename {OLD}", lambda book: products.rename(book, OLD, NEW))
    window.back()
    settled(desk, qtbot)
    page = window.stack.currentWidget()
    assert (page.key, page.tab) == (NEW, "history")


def test_a_removed_product_is_gone_however_it_was_called_before(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.do("Add", lambda book: products.save(book, products.Product("Plotter")))
    page = opened(window, qtbot, Place("product", "Plotter"))
    desk.do("Rename", lambda book: products.rename(book, "Plotter", "Printer"))
    desk.do("Remove", lambda book: products.remove(book, "Printer"))
    settled(desk, qtbot)
    assert page.stack.currentIndex() == 1
