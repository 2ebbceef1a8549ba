"""The pages of records on the sample estate: what they show, where they lead, and odd ones."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from gui import main_window
from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.pages.record_parts.page import TABS
from store import contracts, entitlements
from store.records import EntitlementKey
from tests.estates import item, maintenance, of, subscription
from tests.gui.conftest import settled, shown
from tests.gui.pages.records import SHORT, WINDOWS, Go, follow, pressed, rows, table, texts
from tests.gui.test_every_widget import unnamed


# ------------------------------------------------------------------------------------------------------------- details
def test_an_entitlement_shows_its_figures_prices_allocations_and_contracts(go: Go) -> None:
    page = go("entitlement", "Microsoft 365 E3|subscription|user")

    told = texts(page)
    assert "Microsoft 365 E3 - Subscription - User based" in told
    assert {"Expiring", "2,020", "520", "398", "1,622"} <= set(told)
    assert {"Price information", "Responsibility", "License allocations", "License contracts"} <= set(told)
    assert len(rows(page, "License contracts")) == 4
    assert sum(int(row[2]) for row in rows(page, "License allocations")) == 398


def test_a_contract_shows_its_costs_its_items_and_its_events(go: Go) -> None:
    page = go("contract", "MS-EA-2022")

    assert {"963,590.00 EUR", "Sundvik Licensing AB", "PO-4700218"} <= set(texts(page))
    assert len(rows(page, "Contract items")) == 13
    assert rows(page, "Events")[0][:2] == ["2022-12-08", "Contract invoiced"]


def test_a_product_shows_its_versions_with_older_and_newer_ones(go: Go) -> None:
    page = go("product", "Windows Server 2022 Standard")

    ages = {row[0]: row[1] for row in rows(page, "Versions")}
    assert ages["Windows Server 2012 R2 Standard"] == "3 versions older"
    assert ages["Windows Server 2022 Standard"] == "This version"
    assert ages["Windows Server 2025 Standard"] == "1 version newer"
    assert "MS-DOWN-WS" in [row[0] for row in rows(page, "Rights")]


def test_a_position_shows_its_sum_its_groups_and_its_transfers(go: Go) -> None:
    page = go("position", SHORT)

    assert "How the balance comes about" in texts(page)
    assert [row[0] for row in rows(page, "By resource group")][-1] == "Unallocated"
    assert rows(page, "Transfers")[0][:2] == ["From", "Windows Server 2019 Standard"]


def test_a_typed_figure_stands_beside_the_calculated_one(go: Go) -> None:
    page = go("position", "AutoCAD 2016|perpetual|device")

    told = texts(page)
    assert {"Demand, typed", "calculated: 28", "calculated: +2", "Overridden"} <= set(told)
    assert any(text.startswith("Ten workstations") for text in told)
    assert "The override changes the balance by +10 beyond these parts." in told


def test_what_has_no_limit_is_said_to_be_unlimited(go: Go) -> None:
    page = go("entitlement", "Confluence 9.2|subscription|user")

    assert texts(page).count("Unlimited") == 3
    assert "Unlimited: no amount stands for it" in texts(page)


def test_what_is_used_without_an_entitlement_says_so(go: Go) -> None:
    page = go("position", "Docker Desktop||user")

    assert {"No entitlement", "Under-licensed", "−27"} <= set(texts(page))


# --------------------------------------------------------------------------------------------------------------- links
def test_links_lead_from_record_to_record(window: MainWindow, go: Go, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS)
    follow(page, "License contracts", "MS-EA-2022 · Microsoft Enterprise Agreement 2022-2025")
    assert window.place() == Place("contract", "MS-EA-2022")
    settled(window.desk, qtbot)

    follow(window.stack.currentWidget(), "Contract items", "SQL Server 2022 User CAL - Perpetual - User based")
    assert window.place() == Place("entitlement", "SQL Server 2022 User CAL|perpetual|user")

    page = go("position", SHORT)
    pressed(page, "Its entitlement").click()
    assert window.place() == Place("entitlement", SHORT)
    page = go("position", SHORT)
    follow(page, "Transfers", "Windows Server 2019 Standard")
    assert window.place() == Place("position", "Windows Server 2019 Standard|perpetual|core")


def test_enter_on_any_cell_follows_the_link_of_its_row(window: MainWindow, go: Go, qtbot: QtBot) -> None:
    listing = table(go("product", "Windows Server 2022 Standard"), "Versions")
    listing.setCurrentIndex(listing.listed.index(0, 3))
    qtbot.keyClick(listing, Qt.Key.Key_Return)

    assert window.place() == Place("product", "Windows Server 2012 R2 Standard")


def test_a_click_on_a_link_follows_it_and_one_beside_it_does_not(window: MainWindow, go: Go, qtbot: QtBot) -> None:
    listing = table(go("product", "Windows Server 2022 Standard"), "Versions")
    for column, place in ((3, Place("product", "Windows Server 2022 Standard", "details")), (0, None)):
        at = listing.visualRect(listing.listed.index(0, column)).center()
        qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert window.place() == (place or Place("product", "Windows Server 2012 R2 Standard"))


def test_marked_cells_are_copied_as_a_spreadsheet_takes_them(go: Go, qtbot: QtBot) -> None:
    listing = table(go("product", "Windows Server 2022 Standard"), "Versions")
    listing.selectRow(0)
    qtbot.keyClick(listing, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QApplication.clipboard().text().split("\t")[:2] == ["Windows Server 2012 R2 Standard", "3 versions older"]


def test_what_can_be_opened_has_a_button(go: Go, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Place] = []
    for noun, key, opener in (
        ("entitlement", WINDOWS, "edit-entitlement"),
        ("contract", "MS-EA-2022", "edit-contract"),
        ("position", SHORT, "add-compliance"),
    ):
        monkeypatch.setitem(main_window.OPENERS, opener, lambda desk, parent, place: asked.append(place))
        page = go(noun, key)
        pressed(page, "Override…" if noun == "position" else "Edit…").click()

    assert asked == [
        Place("edit-entitlement", WINDOWS),
        Place("edit-contract", "MS-EA-2022"),
        Place("add-compliance", SHORT),
    ]


# ----------------------------------------------------------------------------------------------------------------- odd
def test_an_archived_entitlement_can_only_be_looked_at(desk_with: Callable[..., Desk], qtbot: QtBot) -> None:
    desk = desk_with(of(item("1", "Server", 5)))
    window = shown(MainWindow(desk), qtbot)
    desk.do("Remove item", lambda book: contracts.remove_item(book, "C1", "1"))
    desk.go(Place("entitlement", "Server|perpetual|device"))
    settled(desk, qtbot)

    page = window.stack.currentWidget()
    assert {"Archived", "No contract item feeds this entitlement any more."} <= set(texts(page))
    assert [one.text() for one in page.findChildren(QPushButton) if "…" in one.text()] == []
    for tab in TABS:
        desk.go(Place("entitlement", "Server|perpetual|device", tab))
        settled(desk, qtbot)
    assert page.why.nothing.isVisible()


def test_more_allocated_than_there_is_and_more_maintained_than_there_is_are_said(
    desk_with: Callable[..., Desk], qtbot: QtBot
) -> None:
    bought = [
        item("1", "Server", 5),
        maintenance("2", "Server", 9, "2026-01-01", "2026-12-31"),
        subscription("3", "Office", 5, "2026-01-01", "2026-12-31"),
        maintenance("4", "Loose", 5, "2026-01-01", "2026-12-31"),
    ]
    desk = desk_with(of(*bought))
    window = shown(MainWindow(desk), qtbot)
    desk.go(Place("entitlement", "Server|perpetual|device"))
    settled(desk, qtbot)
    assert "4 units of maintenance have no active license to cover." in texts(window.stack.currentWidget())

    desk.go(Place("entitlement", "Loose|maintenance|device"))
    settled(desk, qtbot)
    told = texts(window.stack.currentWidget())
    assert "Maintenance covers licenses; it is not allocated itself." in told
    assert "Remaining" not in told


def test_a_book_for_reading_only_can_be_looked_at_but_not_changed(window: MainWindow, qtbot: QtBot) -> None:
    desk = window.desk
    desk.do("Rename", lambda book: entitlements.rename(book, EntitlementKey(*WINDOWS.split("|")), "Ours"))
    desk.open(desk.book.path, read_only=True)
    desk.go(Place("entitlement", WINDOWS, "history"))
    settled(desk, qtbot)

    page = window.stack.currentWidget()
    assert not pressed(page, "Rename…").isEnabled()
    assert [row[-1] for row in rows(page, "History")] == [""]


def test_the_dialogs_of_an_entitlement_have_names(go: Go) -> None:
    page = go("entitlement", WINDOWS)
    for text in ("Rename…", "Responsibility…"):
        pressed(page, text).click()
        dialog = page.findChildren(QDialog)[-1]
        assert unnamed(dialog) == []
        dialog.reject()


def test_in_a_low_window_the_tabs_have_the_room_of_the_key_figures(window: MainWindow, go: Go, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS)
    assert page.figures.isVisible()
    window.resize(900, 520)
    qtbot.waitUntil(lambda: not page.figures.isVisible())
    window.resize(1280, 800)
    qtbot.waitUntil(page.figures.isVisible)
