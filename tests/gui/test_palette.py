"""The command palette: from a few letters to any page, action or record."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui import main_window, wording
from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.palette import Hit, fits
from tests.gui.conftest import settled


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch, window: MainWindow, desk: Desk) -> None:
    """Record pages for what can be found."""
    for noun in ("entitlement", "contract", "product"):
        monkeypatch.setitem(main_window.RECORDS, noun, lambda _, key: QPushButton(key))
        desk.reaches.add(noun)


def titles(window: MainWindow) -> list[str]:
    return [hit.title for hit in window.palette_.hits()]


def typed(window: MainWindow, qtbot: QtBot, text: str) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_.isVisible()
    qtbot.keyClicks(window.palette_.field, text)


def test_nothing_typed_shows_the_pages(window: MainWindow, qtbot: QtBot) -> None:
    typed(window, qtbot, "")
    assert titles(window)[:2] == [wording.PAGES[code] for code, _, _ in main_window.PAGES[:2]]


def test_a_page_is_found_by_the_beginning_of_its_name_and_gone_to_with_enter(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    desk.go(Place("settings"))
    typed(window, qtbot, "rule")
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert window.place() == Place("rulebook")
    assert not window.palette_.isVisible()


def test_an_action_is_found_with_its_shortcut_and_run(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    typed(window, qtbot, "close bo")
    assert [(hit.title, hit.detail) for hit in window.palette_.hits()] == [("Close the book", "Ctrl+W")]
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert not desk.is_open


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("add ev", "Add event"),
        ("add compl", "Add compliance"),
        ("add dem", "Add demand"),
        ("new prod", "Add product"),
        ("add contract", "New license contract"),
        ("user gr", "User groups"),
    ],
)
def test_whatever_can_be_added_or_set_is_found_from_every_page(
    window: MainWindow, qtbot: QtBot, text: str, title: str
) -> None:
    typed(window, qtbot, text)
    assert titles(window) == [title]


def test_what_the_page_offers_is_found_too(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("demand"))
    typed(window, qtbot, "columns")
    assert [(hit.title, hit.detail) for hit in window.palette_.hits()] == [("Columns", "This page")]
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert window.stack.currentWidget().columns_popup.isVisible()


def test_a_part_of_the_settings_is_gone_to(window: MainWindow, qtbot: QtBot) -> None:
    typed(window, qtbot, "exchange ra")
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert window.place() == Place("settings", tab="rates")


def test_escape_gives_the_keyboard_back_to_where_it_was(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("demand"))
    settled(desk, qtbot)
    view = window.stack.currentWidget().view
    view.setFocus()
    typed(window, qtbot, "anything")
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Escape)
    assert view.hasFocus()


def test_an_action_that_goes_nowhere_gives_the_keyboard_back(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("demand"))
    settled(desk, qtbot)
    view = window.stack.currentWidget().view
    view.setFocus()
    typed(window, qtbot, "refresh")
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert view.hasFocus()


def test_an_action_that_is_not_possible_now_is_not_offered(window: MainWindow, qtbot: QtBot) -> None:
    typed(window, qtbot, "undo")
    assert titles(window) == []


@pytest.mark.usefixtures("records")
def test_records_of_the_book_are_found_by_any_of_their_words(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    typed(window, qtbot, "sql server 2019")
    qtbot.waitUntil(lambda: len(titles(window)) > 1)
    found = {hit.title for hit in window.palette_.hits()}
    assert any(title.startswith("SQL Server 2019") for title in found)
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert window.place().page == "entitlement"
    assert window.place().key.startswith("SQL Server 2019")


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("text", ["%", "_", "'", '"', "NEAR(a b)", "* OR x", "\\"])
def test_signs_with_a_meaning_for_databases_are_letters_here(
    window: MainWindow, desk: Desk, qtbot: QtBot, text: str
) -> None:
    typed(window, qtbot, text)
    settled(desk, qtbot)
    assert titles(window) == []


def test_who_types_on_gets_the_answer_to_the_last_letters_only(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    window.palette_.searches[:] = [lambda _, text: [Hit(f"answer to {text}", "", "x", lambda: None)]]
    typed(window, qtbot, "abc")
    qtbot.waitUntil(lambda: titles(window) != [])
    assert titles(window) == ["answer to abc"]


def test_the_arrow_keys_go_round_the_list(window: MainWindow, qtbot: QtBot) -> None:
    typed(window, qtbot, "go to")
    at, field = window.palette_.list, window.palette_.field
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert at.currentRow() == at.count() - 1
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert at.currentRow() == 0
    qtbot.keyClick(field, Qt.Key.Key_PageDown)
    assert at.currentRow() == min(9, at.count() - 1)


def test_escape_closes_it_and_nothing_is_done(window: MainWindow, qtbot: QtBot) -> None:
    before = window.place()
    typed(window, qtbot, "settings")
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Escape)
    assert not window.palette_.isVisible()
    assert window.place() == before


def test_what_fits_nothing_is_said(window: MainWindow, qtbot: QtBot) -> None:
    typed(window, qtbot, "zzz")
    assert window.palette_._nothing.isVisible()


@pytest.mark.parametrize(
    ("text", "expected"), [("", True), ("lic", True), ("con lic", True), ("cense", False), ("license x", False)]
)
def test_every_typed_word_begins_a_word(text: str, expected: bool) -> None:
    assert fits(text, "License contracts") is expected
