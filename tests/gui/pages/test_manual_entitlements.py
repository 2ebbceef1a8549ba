"""Manual entitlements in their overview: they are added and removed there, those of contracts only explain themselves."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.tables.overview import OverviewPage
from gui.wizards.manual_entitlement import ManualWizard
from store import allocations, entitlements
from store.audit import content_hash
from store.records import EntitlementKey, ManualEntitlement
from tests import estates
from tests.gui.pages.conftest import Open, answer, button, settled, shown

PAINT = EntitlementKey("Paint", "subscription", "user")
BRUSH = EntitlementKey("Brush", "subscription", "user")


@pytest.fixture
def own(desk_with: Callable[[estates.Tables], Desk]) -> Desk:
    """Paint and Brush were added by hand, Office comes from a contract."""
    tables = estates.of(
        estates.item("1", "Office", 10),
        products=[estates.product(name) for name in ("Office", "Paint", "Brush")],
        resource_groups=estates.groups("Plant"),
        user_groups=estates.groups("Team"),
    )
    desk = desk_with(tables)
    for key in (PAINT, BRUSH):
        lot = ManualEntitlement(key.product, key.model, key.metric, 25, date(2026, 1, 1))
        desk.do(f"Add entitlement {key.product}", lambda book, lot=lot: entitlements.add(book, lot))
    return desk


@pytest.fixture
def page(own: Desk, open_page: Open) -> OverviewPage:
    return open_page(own, "entitlements")


def select(page: OverviewPage, *products: str) -> None:
    """Select the rows of products with Ctrl held."""
    page.view.clearSelection()
    flag = page.view.selectionModel().SelectionFlag
    for row, product in enumerate(shown(page, "product")):
        if product in products:
            page.view.selectionModel().select(page.model.index(row, 0), flag.Select | flag.Rows)


def test_a_manual_entitlement_is_added_by_button_and_by_key(page: OverviewPage, own: Desk) -> None:
    places: list[Place] = []
    own.asked.connect(places.append)
    button(page, "add-entitlement").click()
    QTest.keyClick(page.view, Qt.Key.Key_Insert, Qt.KeyboardModifier.AltModifier)
    assert places == [Place("add-entitlement")] * 2


def test_the_wizard_for_manual_entitlements_is_found_in_the_palette(window: MainWindow, qtbot: QtBot) -> None:
    window.open_palette()
    qtbot.keyClicks(window.palette_.field, "new man")
    assert [(hit.title, hit.detail) for hit in window.palette_.hits()] == [("New manual entitlement", "Ctrl+Shift+E")]
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert window.findChild(ManualWizard).isVisible()
    window.findChild(ManualWizard).reject()


def test_a_manual_entitlement_is_removed_and_comes_back(own: Desk, page: OverviewPage, qtbot: QtBot) -> None:
    before = content_hash(own.book)
    select(page, "Paint")
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert page.question.text() == "Remove Paint - Subscription - User based?"
    answer(page, "Cancel")
    assert content_hash(own.book) == before
    button(page, "remove").click()
    answer(page, "Remove")
    settled(page, qtbot)
    assert shown(page, "product") == ["Brush", "Office"]
    assert own.undo_text == "Remove Paint - Subscription - User based"
    own.undo()
    settled(page, qtbot)
    assert shown(page, "product") == ["Brush", "Office", "Paint"]
    assert content_hash(own.book) == before


def test_of_a_mixed_selection_only_manual_ones_go_and_the_others_are_named(page: OverviewPage, qtbot: QtBot) -> None:
    select(page, "Paint", "Brush", "Office")
    button(page, "remove").click()
    assert page.question.text() == "Remove 2 manual entitlements?"
    assert "Office - Perpetual - Device based comes from license contracts" in page.question.informativeText()
    answer(page, "Remove")
    settled(page, qtbot)
    assert shown(page, "product") == ["Office"]


def test_what_is_allocated_of_a_manual_entitlement_has_to_be_confirmed(
    own: Desk, page: OverviewPage, qtbot: QtBot
) -> None:
    own.do("Allocate", lambda book: allocations.allocate(book, PAINT, "Plant", "Team", 20))
    settled(page, qtbot)
    select(page, "Paint")
    button(page, "remove").click()
    answer(page, "Remove")
    assert "20 are allocated, but 0 would be left" in page.question.text()
    answer(page, "Remove all the same")
    settled(page, qtbot)
    assert shown(page, "product") == ["Brush", "Office"]


def test_several_entitlements_of_contracts_say_where_they_come_from(desk: Desk, open_page: Open) -> None:
    page = open_page(desk, "entitlements")
    page.view.selectAll()
    button(page, "remove").click()
    assert page.question.text() == "These 156 entitlements come from license contracts."
    assert [each.text() for each in page.question.buttons()] == ["Close"]


def test_an_archived_entitlement_says_that_it_stays_for_its_history(
    own: Desk, page: OverviewPage, qtbot: QtBot
) -> None:
    own.do("Remove", lambda book: entitlements.remove(book, PAINT))
    page.ask(filter="archived")
    settled(page, qtbot)
    page.view.selectAll()
    button(page, "remove").click()
    assert page.question.text() == "Paint - Subscription - User based is archived."
