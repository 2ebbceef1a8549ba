"""The overview of compliance: positions that open to resource groups, overrides that are taken back."""

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.tables import export
from gui.tables.overview import OverviewPage
from tests import estates
from tests.gui.pages.conftest import Open, answer, button, choose, click, column, settled, shown, titles

ESTATE = estates.of(
    estates.item("1", "Server 2022", 1000),
    estates.item("2", "Reader", 5),
    resource_groups=estates.groups("Plant", "Office"),
    user_groups=estates.groups("Team"),
    allocations=[estates.allocation("Server 2022", "Plant", "Team", 400)],
    demand=[
        estates.demand("Server 2022", 450, resource_group="Plant"),
        estates.demand("Server 2022", 410, resource_group="Office"),
    ],
    overrides=[estates.override("Reader", demand=7)],
)


@pytest.fixture
def page(desk_with: Callable[[estates.Tables], Desk], open_page: Open) -> OverviewPage:
    return open_page(desk_with(ESTATE), "compliance")


def row_of(page: OverviewPage, product: str) -> int:
    return shown(page, "product").index(product)


def figures(page: OverviewPage, row: int) -> list[str]:
    names = ("active", "downgrade", "upgrade", "demand", "balance")
    return [page.model.index(row, column(page, name)).data() for name in names]


def test_the_columns_stand_in_their_order(page: OverviewPage) -> None:
    assert titles(page) == (
        "Product,Model,Metric,Active,Downgrade,Upgrade,Demand,Balance,Balance value,Status".split(",")
    )


def test_a_position_opens_to_resource_groups_and_what_is_unallocated(page: OverviewPage) -> None:
    row = row_of(page, "Server 2022")
    page.view.setCurrentIndex(page.model.index(row, column(page, "product")))
    QTest.keyClick(page.view, Qt.Key.Key_Right)
    names = shown(page, "product")[row : row + 4]
    assert names == ["Server 2022", "Office", "Plant", "Unallocated"]
    parts = [figures(page, row + 1 + number) for number in range(3)]
    assert [part[3] for part in parts] == ["410", "450", "0"]
    assert figures(page, row)[4] == "+140"
    QTest.keyClick(page.view, Qt.Key.Key_Down)
    QTest.keyClick(page.view, Qt.Key.Key_Left)
    assert page.view.currentIndex().row() == row
    QTest.keyClick(page.view, Qt.Key.Key_Left)
    assert page.model.rowCount() == page.model.total()


@pytest.mark.usefixtures("dressed")
def test_a_position_opens_by_a_click_on_its_arrow(page: OverviewPage) -> None:
    row = row_of(page, "Server 2022")
    view = page.view
    view.grab()
    mark = view._cells.mark_of(view.visualRect(page.model.index(row, column(page, "product"))), row)
    click(view.viewport(), mark.center())
    assert page.model.rowCount() == page.model.total() + 3


def test_a_position_in_which_no_group_has_a_part_opens_to_what_is_unallocated_all_of_it(page: OverviewPage) -> None:
    row = row_of(page, "Reader")
    assert page.model.opening(row) is False
    page.model.toggle(row)
    assert shown(page, "product")[row : row + 2] == ["Reader", "Unallocated"]
    assert figures(page, row + 1) == ["5", "0", "0", "0", "+5"]  # as it was calculated, without the override


def test_what_is_open_and_selected_stays_so_after_a_change(page: OverviewPage, qtbot: QtBot) -> None:
    row = row_of(page, "Server 2022")
    page.model.toggle(row)
    choose(page, row)
    page.desk.judge(page.desk.as_of.replace(day=22))
    with qtbot.waitSignal(page.desk.changed):
        pass
    settled(page, qtbot)
    assert page.selected_keys() == ["Server 2022|perpetual|device"]
    assert "Unallocated" in shown(page, "product")


def test_an_override_is_taken_back_after_a_question(page: OverviewPage, qtbot: QtBot) -> None:
    choose(page, row_of(page, "Reader"))
    assert figures(page, row_of(page, "Reader"))[4] == "\N{MINUS SIGN}2"
    button(page, "remove-override").click()
    answer(page, "Remove the override")
    settled(page, qtbot)
    assert figures(page, row_of(page, "Reader"))[4] == "+5"
    page.desk.undo()
    assert figures(page, row_of(page, "Reader"))[4] == "\N{MINUS SIGN}2"


def test_calculated_figures_cannot_be_taken_back(page: OverviewPage) -> None:
    choose(page, row_of(page, "Server 2022"))
    button(page, "remove-override").click()
    assert page.question.text() == "There is no override to remove."


def test_parts_are_copied_when_they_are_selected(page: OverviewPage) -> None:
    page.model.toggle(row_of(page, "Server 2022"))
    page.view.selectAll()
    page.copy()
    names = [line.split("\t")[0] for line in QGuiApplication.clipboard().text().splitlines()]
    assert names == ["Product", "Reader", "Server 2022", "Office", "Plant", "Unallocated"]


def test_the_sum_of_a_selection_counts_each_position_once(page: OverviewPage, qtbot: QtBot) -> None:
    page.model.toggle(row_of(page, "Server 2022"))
    page.view.selectAll()
    qtbot.waitUntil(lambda: "Active 1,005" in page.foot.selected.text())


def test_adding_and_editing_lead_to_the_dialog(page: OverviewPage) -> None:
    places: list[Place] = []
    page.desk.asked.connect(places.append)
    QTest.keyClick(page.view, Qt.Key.Key_Insert)
    choose(page, row_of(page, "Reader"))
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    assert places == [Place("add-compliance"), Place("add-compliance", "Reader|perpetual|device")]


def test_a_status_speaks(page: OverviewPage) -> None:
    index = page.model.index(row_of(page, "Reader"), column(page, "status"))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Status: Under-licensed"


def test_a_column_without_an_order_is_not_sorted_by(page: OverviewPage) -> None:
    page.view.setColumnHidden(column(page, "parts"), False)
    page.view.horizontalHeader().sectionClicked.emit(column(page, "parts"))
    assert page.asked().sort == "product"


# ------------------------------------------------------------------------------------------------------------- export
def test_an_export_names_the_resource_group_of_each_part(page: OverviewPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.view.setColumnHidden(column(page, "metric"), True)
    with qtbot.waitSignal(page.desk.told) as told:
        page.export_to(tmp_path / "positions.csv")
    assert told.args[0].startswith("Exported 2 positions")
    with (tmp_path / "positions.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0])[:3] == ["Product", "Resource group", "Model"]
    names = "Product,Resource group,Model,Active,Demand,Balance,Status"
    assert [tuple(line[name] for name in names.split(",")) for line in lines] == [
        ("Reader", "All groups", "Perpetual", "5", "7", "-2", "Under-licensed"),
        ("Server 2022", "All groups", "Perpetual", "1000", "860", "140", "Over-licensed"),
        ("Server 2022", "Office", "Perpetual", "0", "410", "-410", ""),
        ("Server 2022", "Plant", "Perpetual", "400", "450", "-50", ""),
        ("Server 2022", "Unallocated", "Perpetual", "600", "0", "600", ""),
    ]


def test_parts_are_exported_as_a_workbook_too(page: OverviewPage, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(page.desk.told):
        page.export_to(tmp_path / "positions.xlsx")
    table = list(openpyxl.load_workbook(tmp_path / "positions.xlsx").active.values)
    assert table[0][:2] == ("Product", "Resource group")
    assert [row[1] for row in table[1:]] == ["All groups", "All groups", "Office", "Plant", "Unallocated"]
    assert table[-1][4] == 600


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_an_export_that_is_cancelled_half_way_leaves_no_file(
    ending: str, page: OverviewPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_AT_ONCE", 1)
    before = {path.name for path in tmp_path.iterdir()}
    written = export.overviews.parts

    def cancelling(*asked: object) -> object:
        page.desk.work.jobs[-1].cancel()
        return written(*asked)

    monkeypatch.setattr(export.overviews, "parts", cancelling)
    told: list[str] = []
    page.desk.told.connect(lambda sentence, _: told.append(sentence))
    with qtbot.waitSignal(page.desk.work.finished):
        page.export_to(tmp_path / f"positions.{ending}")
    assert {path.name for path in tmp_path.iterdir()} == before
    assert told == []
