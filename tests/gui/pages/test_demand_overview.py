"""The overview of demand: counts are added, changed and removed in place."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.dialogs.demand import DemandDialog
from gui.tables import export
from gui.tables.overview import OverviewPage
from tests import estates
from tests.gui.pages.conftest import Open, answer, button, choose, column, dialog, settled, shown

ESTATE = estates.of(
    estates.item("1", "Reader", 5),
    estates.item("2", "Server 2022", 1000),
    estates.item("3", "Studio", 5),
    resource_groups=estates.groups("Plant", "Office"),
    demand=[
        estates.demand("Reader", 4),
        estates.demand("Server 2022", 450, resource_group="Plant"),
        estates.demand("Server 2022", 410, resource_group="Office"),
    ],
    installations=[{"product": "Studio", "device": "PC-1"}],
)


@pytest.fixture
def page(desk_with: Callable[[estates.Tables], Desk], open_page: Open) -> OverviewPage:
    return open_page(desk_with(ESTATE), "demand")


def quantities(page: OverviewPage) -> dict[str, str]:
    return dict(zip(shown(page, "product"), shown(page, "quantity"), strict=True))


def save(window: DemandDialog) -> None:
    QTest.mouseClick(window.buttons.button(window.buttons.StandardButton.Save), Qt.MouseButton.LeftButton)


@pytest.mark.usefixtures("dressed")
def test_demand_is_added(page: OverviewPage, qtbot: QtBot) -> None:
    QTest.keyClick(page.view, Qt.Key.Key_Insert)
    window = dialog(DemandDialog)
    assert not window.grab().isNull()
    assert not window.buttons.button(window.buttons.StandardButton.Save).isEnabled()
    QTest.keyClicks(window.product, "Stu")
    assert window.product.completer().model().stringList() == ["Studio"]
    QTest.keyClicks(window.product, "dio")
    window.group.setCurrentText("Plant")
    window.quantity.setValue(12)
    save(window)
    settled(page, qtbot)
    assert quantities(page)["Studio"] == "12"
    assert page.desk.undo_text == "Add demand for Studio"


def test_what_is_wrong_is_said_and_what_was_typed_stays(page: OverviewPage) -> None:
    button(page, "add-demand").click()
    window = dialog(DemandDialog)
    QTest.keyClicks(window.product, "Studioo")
    window.quantity.setValue(12)
    save(window)
    assert "there is no 'Studioo'. Did you mean 'Studio'?" in window.wrong.text()
    assert (window.isVisible(), window.quantity.value()) == (True, 12)
    window.reject()


def test_the_only_count_of_a_product_is_changed_at_once(page: OverviewPage, qtbot: QtBot) -> None:
    choose(page, 0)
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    window = dialog(DemandDialog)
    assert (window.product.text(), window.quantity.value(), window.source.text()) == ("Reader", 4, "count")
    window.quantity.setValue(6)
    save(window)
    settled(page, qtbot)
    assert quantities(page)["Reader"] == "6"
    page.desk.undo()
    settled(page, qtbot)
    assert quantities(page)["Reader"] == "4"


def test_of_several_counts_one_is_chosen_first(page: OverviewPage, qtbot: QtBot) -> None:
    choose(page, 1)
    with qtbot.waitSignal(page.desk.told) as told:
        QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert told.args[0] == "There are 2 counts of Server 2022: choose one of them below."
    page.view.setCurrentIndex(page.model.index(3, column(page, "product")))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    window = dialog(DemandDialog)
    assert (window.group.currentText(), window.quantity.value()) == ("Plant", 450)
    window.group.setCurrentText("Office")
    window.source.setText("recount")
    save(window)
    settled(page, qtbot)
    assert shown(page, "product")[1:4] == ["Server 2022", "Office", "Office"]


def test_demand_from_installations_is_replaced_by_a_count(page: OverviewPage) -> None:
    choose(page, 2)
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    window = dialog(DemandDialog)
    assert window.windowTitle() == "Add demand"
    assert window.product.text() == "Studio"
    window.reject()
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert page.question.text() == "There is no count to remove."


def test_a_count_or_all_counts_of_a_product_are_removed(page: OverviewPage, qtbot: QtBot) -> None:
    page.model.toggle(1)
    page.view.setCurrentIndex(page.model.index(2, 0))
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert page.question.text() == "Remove the count of Server 2022?"
    answer(page, "Remove")
    settled(page, qtbot)
    assert quantities(page)["Server 2022"] == "450"
    choose(page, 0, 1)
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert page.question.text() == "Remove 2 counts of 2 products?"
    answer(page, "Remove")
    settled(page, qtbot)
    assert list(quantities(page)) == ["Studio"]


def test_an_export_has_each_count_with_its_resource_group(page: OverviewPage, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(page.desk.told):
        page.export_to(tmp_path / "demand.csv")
    with (tmp_path / "demand.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [(line["Product"], line["Resource group"], line["Quantity"]) for line in csv.DictReader(file)]
    assert lines == [
        ("Reader", export.WHOLE, "4"),
        ("Reader", "No resource group", "4"),
        ("Server 2022", export.WHOLE, "860"),
        ("Server 2022", "Office", "410"),
        ("Server 2022", "Plant", "450"),
        ("Studio", export.WHOLE, "1"),
        ("Studio", "No resource group", "1"),
    ]
