"""The keyboard goes where one goes: into the page, into the first field, and the palette has room for what it finds."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget, QWizard
from pytestqt.qtbot import QtBot

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
