"""The keyboard goes where one goes: into the page, into the first field, and the palette has room for what it finds."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDateEdit, QDialogButtonBox, QWidget, QWizard
from pytestqt.qtbot import QtBot

from gui import main_window
from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.tables.flow import Flow
from gui.widgets.text import label
from gui.wizards.contract import ContractWizard
from tests.gui.conftest import settled

pytestmark = pytest.mark.usefixtures("dressed")


def keys(window: MainWindow, sequence: str) -> None:
    pressed = QKeySequence(sequence)[0]
    QTest.keyClick(window, pressed.key(), pressed.keyboardModifiers())


def test_a_page_that_one_goes_to_has_the_keyboard(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    keys(window, "Ctrl+3")
    settled(desk, qtbot)
    view = window.stack.currentWidget().view
    assert view.hasFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    keys(window, "Ctrl+2")
    settled(desk, qtbot)
    assert window.stack.currentWidget().view.hasFocus()
    keys(window, "Ctrl+7")
    assert window.stack.isAncestorOf(QApplication.focusWidget())


def test_who_walks_through_the_pages_at_the_left_keeps_the_keyboard_there(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    desk.go(Place("home"))
    window.navigation.setFocus()
    for code in ("contracts", "entitlements", "compliance"):
        QTest.keyClick(window.navigation, Qt.Key.Key_Down)
        settled(desk, qtbot)
        assert window.place() == Place(code)
    assert window.navigation.hasFocus()


def test_the_details_of_a_contract_begin_in_their_first_field(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("add-contract"))
    wizard = window.findChildren(ContractWizard)[-1]
    wizard.next()
    name, number = (wizard.details.fields[field].control for field in ("name", "contract"))
    qtbot.waitUntil(name.hasFocus)
    QTest.keyClick(name, Qt.Key.Key_Tab)
    assert number.hasFocus()
    assert not wizard.details.source.isVisible()
    wizard.button(QWizard.WizardButton.CancelButton).click()


def test_the_palette_grows_with_what_is_found_in_the_background(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    window.open_palette()
    palette = window.palette_
    qtbot.keyClicks(palette.field, "re")
    qtbot.waitUntil(lambda: len(palette.hits()) > 5)
    bottom = palette.list.mapTo(palette, QPoint(0, palette.list.height())).y()
    assert palette.list.height() >= 5 * palette.list.sizeHintForRow(0)
    assert bottom < palette.height()
    for number in range(palette.list.count()):
        shown = palette.list.itemWidget(palette.list.item(number))
        assert shown.sizeHint().width() <= palette.width()


def test_what_is_lower_than_its_line_stands_in_the_middle(qtbot: QtBot) -> None:
    room, flow = QWidget(), Flow()
    room.setLayout(flow)
    qtbot.addWidget(room)
    parts = [label("low"), label("high"), label("on the next line")]
    for part, height in zip(parts, (10, 30, 10), strict=True):
        part.setFixedSize(100, height)
        flow.addWidget(part)
    room.resize(220, 100)
    room.show()
    assert [part.y() for part in parts] == [10, 0, 34]
    assert flow.heightForWidth(220) == 44


def test_buttons_of_qt_have_no_icons_of_the_desktop(window: MainWindow, desk: Desk) -> None:
    kinds = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(kinds.Save | kinds.Cancel, window)
    box.ensurePolished()
    hint = box.style().StyleHint.SH_DialogButtonBox_ButtonsHaveIcons
    assert not box.style().styleHint(hint, None, box)


def stops(window: MainWindow) -> set[QWidget]:
    """Where Tab leads, from the page until the book's name has been passed twice."""
    made: list[QWidget] = []
    while made.count(window.book_button) < 2:
        QTest.keyClick(window, Qt.Key.Key_Tab)
        made.append(QApplication.focusWidget())
        assert len(made) < 1000
    return set(made)


def wants_the_keyboard(widget: QWidget) -> bool:
    shown = widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
    inside = widget.parentWidget().focusProxy() is widget or isinstance(widget.parentWidget(), QDateEdit)
    return shown and not inside and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def test_tab_leads_to_everything_on_every_page(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    passed: dict[str, list[str]] = {}
    for place in main_window.every_place(desk):
        desk.go(place)
        settled(desk, qtbot)
        page = window.stack.currentWidget()
        page.setFocus()
        found = stops(window)
        passed[place.page] = [
            one.accessibleName() or one.objectName()
            for one in page.findChildren(QWidget)
            if wants_the_keyboard(one) and one not in found
        ]
    assert {page: names for page, names in passed.items() if names} == {}


@pytest.mark.parametrize("page", ["reviews", "matching", "hosts"])
def test_a_list_without_rows_gives_the_keyboard_to_its_search(
    window: MainWindow, desk: Desk, qtbot: QtBot, page: str
) -> None:
    window.stack.currentWidget().setFocus()
    desk.go(Place(page))
    settled(desk, qtbot)
    assert window.stack.currentWidget().search.hasFocus()
