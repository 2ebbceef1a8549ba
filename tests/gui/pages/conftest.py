"""Overview pages and records on a desk with the sample estate, and the hands that people have: keys, clicks, menus."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.pages import compliance, contracts, demand, entitlements, hardware, portal, products
from gui.pages.record_parts.page import RecordPage
from gui.pages.review_record import ReviewPage
from gui.tables.overview import OverviewPage
from tests.gui import conftest as desks
from tests.gui.pages.records import Go

MAKERS = {
    "entitlements": entitlements.make,
    "contracts": contracts.make,
    "compliance": compliance.make,
    "demand": demand.make,
    "products": products.make,
    "titles": portal.make_titles,
    "definitions": portal.make_definitions,
    "authorizations": portal.make_authorizations,
    "deployed": portal.make_deployed,
    "requests": portal.make_requests,
    "approvals": portal.make_approvals,
    "charges": portal.make_charges,
    "hosts": hardware.make_hosts,
    "virtual_machines": hardware.make_machines,
}
REACHES = {*MAKERS, "entitlement", "contract", "position", "import"} | {
    *("add-contract", "edit-contract", "add-entitlement", "edit-entitlement", "add-compliance"),
    *("add-product", "edit-product", "add-host", "edit-host", "add-virtual-machine", "edit-virtual-machine"),
    *("title", "definition", "authorization", "request", "add-title", "edit-title", "add-definition"),
    *("edit-definition", "add-authorization", "add-request", "decide-request"),
}

Open = Callable[..., OverviewPage]


@pytest.fixture
def open_page(qtbot: QtBot) -> Open:
    """Open an overview of a desk, with all its rows."""

    def open_page(desk: Desk, name: str, filter: str = "all") -> OverviewPage:
        desk.reaches |= REACHES
        page = MAKERS[name](desk)
        assert isinstance(page, OverviewPage)
        qtbot.addWidget(page)
        page.resize(1600, 900)
        page.show()
        page.ask(filter=filter)
        settled(page, qtbot)
        return page

    return open_page


@pytest.fixture
def go(window: MainWindow, qtbot: QtBot) -> Go:
    """Go to a record and wait for it."""

    def go(page: str, key: str, tab: str = "details") -> RecordPage:
        window.desk.go(Place(page, key, tab))
        desks.settled(window.desk, qtbot)
        found = window.stack.currentWidget()
        assert isinstance(found, RecordPage | ReviewPage)
        return found

    return go


@pytest.fixture
def places(desk: Desk) -> list[Place]:
    """Where one was led to."""
    found: list[Place] = []
    desk.asked.connect(found.append)
    return found


def settled(page: OverviewPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.model.complete)


def column(page: OverviewPage, name: str) -> int:
    return [each.name for each in page.model.columns].index(name)


def shown(page: OverviewPage, name: str, count: int | None = None) -> list[str]:
    """The texts of a column from the top."""
    rows = range(page.model.rowCount() if count is None else count)
    return [page.model.index(row, column(page, name)).data() for row in rows]


def titles(page: OverviewPage) -> list[str]:
    """The titles of the shown columns from left to right."""
    return [page.model.columns[place].title for place in page.foot.places()]


def choose(page: OverviewPage, *rows: int) -> None:
    """Click rows, all but the first with Ctrl held."""
    view = page.view
    for number, row in enumerate(rows):
        at = view.visualRect(page.model.index(row, column(page, titles_names(page)[1]))).center()
        held = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
        click(view.viewport(), at, held)


def titles_names(page: OverviewPage) -> list[str]:
    return [page.model.columns[place].name for place in page.foot.places()]


def click(widget: object, at: QPoint, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    from PySide6.QtTest import QTest

    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, held, at)


def chips(page: OverviewPage) -> dict[str, str]:
    """What the filter chips say, by their codes."""
    found = page.chips.findChildren(QPushButton)
    return {chip.objectName(): chip.text() for chip in found if chip.objectName()}


def button(page: OverviewPage, code: str) -> QPushButton:
    return page.findChild(QPushButton, code)


def answer(page: OverviewPage, text: str) -> None:
    """Press a button of the question that the page asks."""
    box = page.question
    assert isinstance(box, QMessageBox)
    next(each for each in box.buttons() if each.text() == text).click()


def dialog(kind: type[QDialog]) -> QDialog:
    """The window of that kind that is open."""
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible())
