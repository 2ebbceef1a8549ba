"""The overview of entitlements: everything that people do with a list, by mouse and by keyboard."""

import csv
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.dialogs.name import NameDialog
from gui.tables import export, foot, handing_out
from gui.tables.overview import OverviewPage
from store.overviews import Ask
from tests import estates
from tests.gui.pages.conftest import (
    Open,
    answer,
    button,
    chips,
    choose,
    click,
    column,
    dialog,
    settled,
    shown,
    titles,
)

TITLES = [
    "Product",
    "Name",
    "Model",
    "Metric",
    "Quantity",
    "Allocated",
    "Remaining",
    "License start",
    "Maintenance quantity",
    "Activation",
    "Expiration",
    "Last demand synchronization",
    "Managed by",
]


@pytest.fixture
def page(desk: Desk, open_page: Open) -> OverviewPage:
    return open_page(desk, "entitlements")


def title_at(page: OverviewPage, name: str) -> QPoint:
    header = page.view.horizontalHeader()
    place = column(page, name)
    return QPoint(header.sectionViewportPosition(place) + header.sectionSize(place) // 2, header.height() // 2)


def menu_action(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


# ------------------------------------------------------------------------------------------------------------- columns
def test_the_thirteen_columns_stand_in_their_order(page: OverviewPage) -> None:
    assert titles(page) == TITLES


def test_a_title_is_clicked_to_sort_up_then_down_then_as_usual(page: OverviewPage, qtbot: QtBot) -> None:
    header = page.view.horizontalHeader().viewport()
    click(header, title_at(page, "quantity"))
    settled(page, qtbot)
    quantities = [page.model.line(row).values[column(page, "quantity")] for row in range(page.model.rowCount())]
    assert quantities == sorted(quantities)
    click(header, title_at(page, "quantity"))
    settled(page, qtbot)
    first = page.model.line(0).values[column(page, "quantity")]
    assert first == max(quantities)
    click(header, title_at(page, "quantity"))
    assert page.asked().sort == ""


def test_columns_are_hidden_and_come_back(page: OverviewPage, qtbot: QtBot) -> None:
    page.actions_by_code["columns"].trigger()
    popup = page.columns_popup
    popup.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert titles(page) == [title for title in TITLES if title != "Name"]
    qtbot.mouseClick(popup.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert titles(page) == TITLES


def test_columns_are_moved_by_keyboard(page: OverviewPage) -> None:
    page.actions_by_code["columns"].trigger()
    listed = page.columns_popup.list
    listed.setCurrentRow(4)
    QTest.keyClick(listed, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert titles(page)[2:5] == ["Model", "Quantity", "Metric"]


def test_the_last_column_cannot_be_hidden_away(page: OverviewPage) -> None:
    page.actions_by_code["columns"].trigger()
    listed = page.columns_popup.list
    for place in range(listed.count()):
        listed.item(place).setCheckState(Qt.CheckState.Unchecked)
    assert titles(page) == ["Product"]


def test_columns_order_and_filter_are_remembered(desk: Desk, page: OverviewPage, open_page: Open) -> None:
    page.view.horizontalHeader().moveSection(4, 0)
    page.view.setColumnWidth(column(page, "name"), 321)
    page.ask(filter="expiring", sort="expiration", descending=True)
    page.hide()
    again = open_page(desk, "entitlements", filter="expiring")
    assert titles(again)[0] == "Quantity"
    assert again.view.columnWidth(column(again, "name")) == 321
    assert again.asked() == Ask(filter="expiring", sort="expiration", descending=True)


def test_what_a_foreign_file_remembers_is_taken_as_far_as_it_makes_sense(desk: Desk, open_page: Open) -> None:
    desk.state.put("overview/entitlements/columns", [{"name": "gone"}, {"name": "model", "width": "wide"}, 3])
    desk.state.put("overview/entitlements/filter", "no such filter")
    desk.state.put("overview/entitlements/sort", "no such column")
    page = open_page(desk, "entitlements", filter="active")
    assert titles(page)[0] == "Model"
    assert page.asked().sort == ""


def test_the_header_has_a_menu_for_its_column(page: OverviewPage) -> None:
    page.view.horizontalHeader().customContextMenuRequested.emit(title_at(page, "quantity"))
    menu_action(page.menu, "Sort by Quantity, downwards").trigger()
    assert (page.asked().sort, page.asked().descending) == ("quantity", True)
    menu_action(page.menu, "Hide Quantity").trigger()
    assert "Quantity" not in titles(page)


# ------------------------------------------------------------------------------------------------------ search, filter
def test_rows_are_found_while_one_types(page: OverviewPage, qtbot: QtBot) -> None:
    QTest.keyClicks(page.search, "sql 2022")
    settled(page, qtbot)
    names = shown(page, "name")
    assert names
    assert all("SQL" in name and "2022" in name for name in names)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    settled(page, qtbot)
    assert page.model.rowCount() == 156


def test_letters_typed_into_the_table_search(page: OverviewPage, qtbot: QtBot) -> None:
    page.view.setFocus()
    QTest.keyClick(page.view, "v")
    QTest.keyClicks(page.search, "eeam")
    settled(page, qtbot)
    assert page.search.text() == "veeam"
    assert all("Veeam" in name for name in shown(page, "name"))


def test_the_keyboard_goes_from_the_search_to_the_rows(page: OverviewPage) -> None:
    QTest.keyClicks(page.search, "sql")
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    assert page.view.currentIndex().row() == 0


def test_filters_are_chips_with_counts(page: OverviewPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: chips(page)["all"] == "All  156")
    assert chips(page)["expiring"] == "Expiring  17"
    page.chips.findChild(QPushButton, "expiring").click()
    settled(page, qtbot)
    assert page.model.rowCount() == 17
    assert page.foot.count.text() == "17 entitlements"


def test_chips_count_what_the_search_finds(page: OverviewPage, qtbot: QtBot) -> None:
    page.search.setText("sql")
    found = page.model.rowCount()
    qtbot.waitUntil(lambda: chips(page)["all"] == f"All  {found}")


def test_a_place_may_ask_for_certain_rows_only(page: OverviewPage, qtbot: QtBot) -> None:
    page.arrive(Place("entitlements", ask=Ask(where=(("product", "SQL Server 2022 Standard"),))))
    settled(page, qtbot)
    assert set(shown(page, "product")) == {"SQL Server 2022 Standard"}
    narrowed = next(chip for chip in page.chips.findChildren(QPushButton) if not chip.objectName())
    assert narrowed.text() == "Product: SQL Server 2022 Standard"
    narrowed.click()
    settled(page, qtbot)
    assert page.model.rowCount() == 156


# --------------------------------------------------------------------------------------------------------- empty states
def texts(page: OverviewPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_where_nothing_matches_the_search_can_be_cleared(page: OverviewPage, qtbot: QtBot) -> None:
    page.search.setText("<b>unknown</b>")
    assert "No entitlements match “<b>unknown</b>”" in texts(page)
    clear = next(b for b in page.findChildren(QPushButton) if b.text() == "Clear the search" and b.isVisible())
    clear.click()
    settled(page, qtbot)
    assert page.view.isVisible()
    assert page.model.rowCount() == 156


def test_where_a_filter_has_no_rows_all_can_be_shown(page: OverviewPage, qtbot: QtBot) -> None:
    page.ask(filter="archived")
    assert "No entitlements among “Archived”" in texts(page)
    next(b for b in page.findChildren(QPushButton) if b.text() == "Show all entitlements").click()
    settled(page, qtbot)
    assert page.model.rowCount() == 156


def test_an_empty_book_says_how_to_begin(empty_desk: Desk, tmp_path: Path, open_page: Open, qtbot: QtBot) -> None:
    empty_desk.open(tmp_path / "new.elpis", create=True)
    page = open_page(empty_desk, "entitlements")
    assert "No entitlements yet" in texts(page)
    asked: list[Place] = []
    empty_desk.asked.connect(asked.append)
    shown_buttons = [b for b in page.findChildren(QPushButton) if b.isVisible()]
    next(b for b in shown_buttons if b.text() == "Import a file…").click()
    assert asked == [Place("import")]


# ------------------------------------------------------------------------------------------------------------ selection
def test_several_rows_are_selected_and_added_up(page: OverviewPage, qtbot: QtBot) -> None:
    choose(page, 0, 2, 4)
    quantities = [page.model.line(row).values[column(page, "quantity")] for row in (0, 2, 4)]
    qtbot.waitUntil(lambda: page.foot.selected.text().startswith("3 selected   Quantity"))
    assert f"Quantity {sum(quantities):,}" in page.foot.selected.text()
    assert len(page.selected_keys()) == 3


def test_selected_rows_stay_selected_in_another_order_and_after_a_change(
    desk: Desk, page: OverviewPage, qtbot: QtBot
) -> None:
    choose(page, 1, 3)
    keys = page.selected_keys()
    page.sort("quantity", descending=True)
    settled(page, qtbot)
    assert sorted(page.selected_keys()) == sorted(keys)
    desk.refresh()
    settled(page, qtbot)
    assert sorted(page.selected_keys()) == sorted(keys)
    assert page.view.currentIndex().isValid()


def test_all_rows_stay_selected_in_another_order(page: OverviewPage, qtbot: QtBot) -> None:
    page.view.selectAll()
    page.sort("quantity")
    settled(page, qtbot)
    assert page.selection.count() == 156


def test_a_refresh_keeps_the_place(desk: Desk, page: OverviewPage, qtbot: QtBot) -> None:
    page.view.verticalScrollBar().setValue(700)
    desk.refresh()
    settled(page, qtbot)
    assert page.view.verticalScrollBar().value() == 700


def test_a_page_out_of_sight_asks_when_it_is_seen_again(desk: Desk, page: OverviewPage, qtbot: QtBot) -> None:
    page.hide()
    asked = page.model.dataChanged
    with qtbot.assertNotEmitted(asked):
        desk.refresh()
    with qtbot.waitSignal(asked):
        page.show()


def test_a_row_can_be_selected_by_its_key(page: OverviewPage) -> None:
    key = page.model.key_at(100)
    assert page.select(key)
    assert page.selected_keys() == [key]
    assert not page.select("nobody|perpetual|device")


# ------------------------------------------------------------------------------------------------------------- actions
def test_a_row_is_opened_by_enter_and_by_a_double_click(page: OverviewPage, places: list[Place]) -> None:
    page.view.setCurrentIndex(page.model.index(2, 1))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    at = page.view.visualRect(page.model.index(1, 1)).center()
    QTest.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert places == [Place("entitlement", page.model.key_at(2)), Place("entitlement", page.model.key_at(1))]


def test_actions_wait_for_the_rows_that_they_need(page: OverviewPage, places: list[Place]) -> None:
    assert not button(page, "edit").isEnabled()
    choose(page, 0)
    assert button(page, "edit").isEnabled()
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    assert places == [Place("edit-entitlement", page.model.key_at(0))]
    choose(page, 0, 1)
    assert not button(page, "edit").isEnabled()


def test_adding_begins_with_a_contract(page: OverviewPage, places: list[Place]) -> None:
    QTest.keyClick(page.view, Qt.Key.Key_Insert)
    button(page, "add-contract").click()
    assert places == [Place("add-contract")] * 2


def test_removing_explains_where_an_entitlement_comes_from(page: OverviewPage, places: list[Place]) -> None:
    choose(page, 0)
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert "comes from license contracts" in page.question.text()
    product = shown(page, "product", 1)[0]
    answer(page, "Show the contracts")
    assert places == [Place("contracts", ask=Ask(where=(("product", product),)))]


def test_the_context_menu_has_the_actions_of_the_rows(page: OverviewPage, places: list[Place]) -> None:
    choose(page, 0)
    page.view.customContextMenuRequested.emit(page.view.visualRect(page.model.index(0, 4)).center())
    menu_action(page.menu, "Sort by Quantity, upwards").trigger()
    assert page.asked().sort == "quantity"
    choose(page, 0)
    page.view.customContextMenuRequested.emit(QPoint(-1, -1))
    menu_action(page.menu, "Show compliance").trigger()
    assert places[-1] == Place("compliance", ask=Ask(where=(("product", shown(page, "product", 1)[0]),)))


# ----------------------------------------------------------------------------------------------------------- views
def test_a_view_is_saved_shown_renamed_and_removed(page: OverviewPage, qtbot: QtBot) -> None:
    page.ask(filter="expiring", sort="quantity", descending=True)
    page.actions_by_code["views"].trigger()
    menu_action(page.menu, "Save view…").trigger()
    field = dialog(NameDialog).field
    QTest.keyClicks(field, "Soon over")
    QTest.keyClick(field, Qt.Key.Key_Return)
    page.views.show(page.views.usual())
    assert page.asked().sort == "product"
    page.views.fill(page.menu)
    menu_action(page.menu, "Soon over").trigger()
    assert page.asked() == Ask(filter="expiring", sort="quantity", descending=True)
    page.views.fill(page.menu)
    assert menu_action(page.menu, "Soon over").isChecked()
    menu_action(page.menu, "Rename “Soon over”…").trigger()
    field = dialog(NameDialog).field
    field.setText("Renewals")
    QTest.keyClick(field, Qt.Key.Key_Return)
    page.views.fill(page.menu)
    menu_action(page.menu, "Remove “Renewals”").trigger()
    assert page.views.saved() == {}


def test_two_views_cannot_have_one_name(page: OverviewPage) -> None:
    page.views.save("Mine")
    page.views.fill(QMenu(page))
    page.views._ask_to_save()
    window = dialog(NameDialog)
    window.field.setText("mine")
    assert window.wrong.text() == "There is “mine” already."
    assert not window.buttons.button(window.buttons.StandardButton.Save).isEnabled()


# ----------------------------------------------------------------------------------------------------- copy and export
def test_selected_rows_are_copied_as_a_table_with_headings(page: OverviewPage) -> None:
    choose(page, 0, 1)
    QTest.keyClick(page.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == TITLES
    assert [line.split("\t")[1] for line in lines[1:]] == shown(page, "name", 2)


def test_nothing_that_is_copied_or_exported_is_calculated(
    desk_with: object, open_page: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = desk_with(estates.of(estates.item("1", "=1+1", 5), estates.item("2", "@cmd", "unlimited")))
    page = open_page(desk, "entitlements")
    page.view.selectAll()
    page.copy()
    rows = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert {row[0] for row in rows[1:]} == {"'=1+1", "'@cmd"}
    with qtbot.waitSignal(desk.told):
        page.export_to(tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["Product"] for row in csv.DictReader(file)} == {"'=1+1", "'@cmd"}
    with qtbot.waitSignal(desk.told):
        page.export_to(tmp_path / "all.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").active
    cells = {cell.value: cell.data_type for cell in sheet["A"][1:]}
    assert cells == {"=1+1": "s", "@cmd": "s"}
    assert {cell.value for cell in sheet["E"][1:]} == {5, "unlimited"}


def test_what_is_shown_is_exported_in_its_order(desk: Desk, page: OverviewPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.ask(filter="expiring", sort="quantity", descending=True)
    settled(page, qtbot)
    page.view.setColumnHidden(column(page, "model"), True)
    with qtbot.waitSignal(desk.told) as told:
        page.export_to(tmp_path / "expiring.xlsx")
    assert told.args[0].startswith("Exported 17 entitlements")
    sheet = openpyxl.load_workbook(tmp_path / "expiring.xlsx").active
    table = list(sheet.values)
    assert list(table[0]) == [title for title in TITLES if title != "Model"]
    assert [row[1] for row in table[1:]] == shown(page, "name")
    assert [f"{row[3]:,}" for row in table[1:]] == shown(page, "quantity")


def test_the_export_asks_for_a_file(page: OverviewPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.actions_by_code["export"].trigger()
    with qtbot.waitSignal(page.desk.told):
        page.file_dialog.fileSelected.emit(str(tmp_path / "here"))
    page.file_dialog.close()
    assert (tmp_path / "here.xlsx").is_file()
    assert page.desk.state.get("folders/export", "") == str(tmp_path)


def test_an_export_that_cannot_be_written_says_so(page: OverviewPage, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "here.xlsx").mkdir()
    with qtbot.waitSignal(page.desk.work.failed) as told:
        page.export_to(tmp_path / "here.xlsx")
    assert "here.xlsx" in str(told.args[1])


def test_a_large_selection_is_copied_and_added_up_in_the_background(
    page: OverviewPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (foot, handing_out):
        monkeypatch.setattr(module, "AT_ONCE", 50)
    page.view.selectAll()
    qtbot.waitUntil(lambda: page.foot.selected.text().startswith("156 selected   Quantity"))
    with qtbot.waitSignal(page.desk.told) as told:
        page.copy()
    assert told.args[0] == "Copied 156 entitlements with headings."
    assert len(QGuiApplication.clipboard().text().splitlines()) == 157


def test_an_export_can_be_cancelled_and_leaves_nothing(
    page: OverviewPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_AT_ONCE", 1)
    page.desk.work.started.connect(lambda job: job.cancel())
    with qtbot.waitSignal(page.desk.work.finished):
        page.export_to(tmp_path / "all.xlsx")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".xlsx"] == []
