"""Walks every page, and opens what can be opened: each control has a name, each label shows plain text."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import main_window
from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.pages import settings
from gui.pages.record_parts.page import TABS
from tests.gui.conftest import settled

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
PARTS_OF_QT = (QScrollBar, QTabBar, QHeaderView)
"""What Qt brings along inside of scroll areas, tabs and tables."""


def inside_a_control(widget: QWidget) -> bool:
    """What Qt itself puts into a control: the field of a spin box, the list of a combo box, the parts of a calendar."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (QComboBox, QAbstractSpinBox, QTabBar, QLineEdit)) or "alendar" in type(parent).__name__:
            return True
        if isinstance(parent, QAbstractItemView) and not widget.objectName() and type(widget) is QAbstractButton:
            return True
        parent = parent.parentWidget()
    return False


def unnamed(root: QWidget) -> list[str]:
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or isinstance(widget, PARTS_OF_QT) or inside_a_control(widget):
            continue
        if isinstance(widget, QAbstractButton) and widget.objectName() in (
            "qt_menubar_ext_button",
            "qt_tableview_cornerbutton",
        ):
            continue
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if not (widget.accessibleName() or text):
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


def rich(root: QWidget) -> list[str]:
    return [
        f"{one.text()!r}"
        for one in root.findChildren(QLabel)
        if one.textFormat() != Qt.TextFormat.PlainText and one.text() and not inside_a_control(one)
    ]


def check(root: QWidget) -> None:
    assert unnamed(root) == []
    assert rich(root) == []


class Flashes(QObject):
    """Notes parts of a page that come up as windows of their own: they were shown before they had a place."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.fixture
def flashes(qapp: QApplication) -> Iterator[Flashes]:
    watching = Flashes()
    qapp.installEventFilter(watching)
    yield watching
    qapp.removeEventFilter(watching)


def test_a_part_that_is_shown_without_a_place_is_noted(flashes: Flashes, qtbot: QtBot) -> None:
    lost = QLabel("lost")
    qtbot.addWidget(lost)
    lost.setVisible(True)
    assert flashes.seen == ["QLabel "]


def test_every_page_has_names_for_its_controls_and_plain_text_in_its_labels_and_flashes_no_window(
    window: MainWindow, desk: Desk, qtbot: QtBot, flashes: Flashes
) -> None:
    for code, _, _ in main_window.PAGES:
        desk.go(Place(code))
        settled(desk, qtbot)
        check(window)
        assert flashes.seen == [], code


def test_so_has_every_part_of_the_settings(window: MainWindow, desk: Desk, qtbot: QtBot, flashes: Flashes) -> None:
    for tab, _, _ in settings.TABS:
        desk.go(Place("settings", tab=tab))
        settled(desk, qtbot)
        check(window)
        assert flashes.seen == [], tab


RECORDS = {
    "entitlement": "Windows Server 2022 Standard|perpetual|core",
    "contract": "MS-EA-2022",
    "product": "Windows Server 2022 Standard",
    "position": "Windows Server 2012 R2 Standard|perpetual|core",
    "title": "Office 2024",
    "definition": "Office 2024 Software Assurance",
    "authorization": "AU-1001",
    "request": "REQ-009",
}


def test_so_has_every_tab_of_every_record(window: MainWindow, desk: Desk, qtbot: QtBot, flashes: Flashes) -> None:
    for noun, key in RECORDS.items():
        for tab in TABS:
            desk.go(Place(noun, key, tab))
            settled(desk, qtbot)
            check(window)
            assert flashes.seen == [], (noun, tab)


WINDOWS = {
    "add-contract": "manual",
    "edit-contract": "MS-EA-2022",
    "edit-entitlement": RECORDS["entitlement"],
    "add-entitlement": "",
    "add-compliance": RECORDS["entitlement"],
    "add-event": "",
    "import": "",
    "add-request": "PC-0117",
    "decide-request": "REQ-009",
    "add-title": "",
    "edit-title": "Office 2024",
    "add-definition": "Office 2024",
    "edit-definition": "Office 2024 Software Assurance",
    "add-authorization": "",
    "add-host": "",
    "add-virtual-machine": "",
}


def test_so_have_wizards_and_dialogs(window: MainWindow, desk: Desk, qtbot: QtBot, flashes: Flashes) -> None:
    for code, key in WINDOWS.items():
        flashes.seen.clear()
        desk.go(Place(code, key))
        settled(desk, qtbot)
        dialog = window.findChildren(QDialog)[-1]
        check(dialog)
        assert len(flashes.seen) == 1, code
        dialog.done(0)


def test_so_has_every_step_of_a_request(window: MainWindow, desk: Desk, qtbot: QtBot, flashes: Flashes) -> None:
    desk.go(Place("add-request", "PC-0117", "Visio 2021"))
    wizard = window.findChildren(QDialog)[-1]
    for _ in range(5):
        check(wizard)
        wizard.next()
    assert len(flashes.seen) == 1
    wizard.done(0)


def test_so_has_the_start_page(window: MainWindow, desk: Desk) -> None:
    desk.close()
    check(window)


def test_so_have_the_small_windows(window: MainWindow, qtbot: QtBot) -> None:
    for code in ("shortcuts", "about"):
        window.actions_[code].trigger()
        dialog = window.findChildren(QDialog)[-1]
        check(dialog)
        dialog.close()


def test_every_control_of_the_window_can_be_reached_with_the_tab_key(window: MainWindow, desk: Desk) -> None:
    desk.go(Place("settings"))
    for control in (
        window.as_of.field,
        window.as_of.slider,
        window.search_button,
        window.book_button,
        window.navigation,
    ):
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
