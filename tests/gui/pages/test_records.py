"""The pages of records on the sample estate: what they show, where they lead, and how they follow the book."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui import main_window
from gui.desk import Desk, Place
from gui.dialogs.entitlement import OneField
from gui.main_window import RECORDS, MainWindow
from gui.pages.record_parts.page import TABS, RecordPage
from gui.widgets.listing import Listing
from gui.widgets.timeline import TimelineView
from store import contracts, entitlements, overrides
from store.records import Contract, EntitlementKey, Override
from tests.estates import contract, demand, item, maintenance, of, subscription
from tests.gui.conftest import settled, shown
from tests.gui.test_every_widget import rich, unnamed

WINDOWS = "Windows Server 2022 Standard|perpetual|core"
SHORT = "Windows Server 2012 R2 Standard|perpetual|core"
SAMPLES = {
    "entitlement": WINDOWS,
    "contract": "MS-EA-2022",
    "product": "Windows Server 2022 Standard",
    "position": SHORT,
    "title": "Office 2019",
    "definition": "Office 2019 Software Assurance",
    "authorization": "AU-1001",
    "request": "REQ-009",
}

Go = Callable[..., RecordPage]


@pytest.fixture
def go(window: MainWindow, qtbot: QtBot) -> Go:
    """Go to a record and wait for it."""

    def go(page: str, key: str, tab: str = "details") -> RecordPage:
        window.desk.go(Place(page, key, tab))
        settled(window.desk, qtbot)
        found = window.stack.currentWidget()
        assert isinstance(found, RecordPage)
        return found

    return go


def texts(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]


def table(page: QWidget, name: str) -> Listing:
    """The newest of that name: an older one may still wait for its end."""
    return [one for one in page.findChildren(Listing) if one.accessibleName().startswith(name)][-1]


def rows(page: QWidget, name: str) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table(page, name).listed.cells]


def follow(page: QWidget, name: str, text: str) -> None:
    listing = table(page, name)
    row, column = next(
        (r, c) for r, row in enumerate(listing.listed.cells) for c, cell in enumerate(row) if cell.text == text
    )
    listing.setCurrentIndex(listing.listed.index(row, column))
    listing.setFocus()
    assert listing.follow(listing.currentIndex())


def pressed(page: QWidget, text: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text() == text and one.isVisibleTo(page))


def reasons(page: RecordPage) -> list[str]:
    return [item.text() for item in page.why._items()]


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


# ---------------------------------------------------------------------------------------------------------- responding
def test_an_entitlement_is_renamed_on_its_page_and_that_can_be_undone(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS)
    pressed(page, "Rename…").click()
    dialog = page.findChild(OneField)
    dialog.field.setText("Windows, all sites")
    dialog.accept()
    settled(desk, qtbot)

    assert "Windows, all sites" in texts(page)
    desk.undo()
    settled(desk, qtbot)
    assert "Windows Server 2022 Standard - Perpetual - Core based" in texts(page)


def test_a_name_that_is_not_possible_is_refused_beside_the_field(go: Go) -> None:
    page = go("entitlement", WINDOWS)
    pressed(page, "Rename…").click()
    dialog = page.findChild(OneField)
    dialog.field.setText("   ")
    dialog.accept()

    assert dialog.isVisible()
    assert dialog.wrong.text().startswith("name:")
    dialog.reject()


def test_somebody_is_named_for_an_entitlement(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS)
    pressed(page, "Responsibility…").click()
    dialog = page.findChild(OneField)
    dialog.field.setCurrentIndex(dialog.field.findData("Design Office"))
    dialog.accept()
    settled(desk, qtbot)

    assert texts(page).count("Design Office") == 2


def test_a_change_is_shown_without_losing_the_tab(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS, "history")
    desk.do("Rename", lambda book: entitlements.rename(book, EntitlementKey(*WINDOWS.split("|")), "Ours"))
    settled(desk, qtbot)

    assert page.tab == "history"
    assert "Ours" in texts(page)
    assert rows(page, "History")[0][2:5] == [
        "Name",
        "Windows Server 2022 Standard - Perpetual - Core based",
        "Ours",
    ]


def test_a_change_elsewhere_leaves_the_page_as_it_is(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("position", SHORT)
    held = table(page, "By resource group")
    desk.do("Add contract", lambda book: contracts.save(book, Contract("NEW", "New", date(2026, 1, 1))))
    settled(desk, qtbot)

    assert table(page, "By resource group") is held


def test_a_changed_page_stays_scrolled_to_where_it_was(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("position", SHORT)
    bar = page.areas["details"].verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(150)
    typed = Override(EntitlementKey(*SHORT.split("|")), "A test", demand=100)
    desk.do("Override", lambda book: overrides.save(book, typed))
    settled(desk, qtbot)

    assert "Why the figures were typed" in texts(page)
    qtbot.waitUntil(lambda: bar.value() == 150)


def test_another_day_is_judged_on_the_page(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", "Microsoft 365 E3|subscription|user")
    desk.judge(date(2028, 6, 1))
    settled(desk, qtbot)

    assert "Expired" in texts(page)


def test_a_record_that_is_removed_leaves_a_sentence_and_comes_back_with_undo(go: Go, desk: Desk, qtbot: QtBot) -> None:
    desk.do("Add contract", lambda book: contracts.save(book, Contract("NEW", "New", date(2026, 1, 1))))
    page = go("contract", "NEW")
    assert "This contract has no items yet. Edit it to add some." in texts(page)

    desk.do("Remove contract", lambda book: contracts.remove(book, "NEW"))
    settled(desk, qtbot)
    assert page.stack.currentIndex() == 1
    assert "This contract is no longer in the book." in texts(page)

    desk.undo()
    settled(desk, qtbot)
    assert page.stack.currentIndex() == 0


@pytest.mark.parametrize("noun", RECORDS)
def test_a_record_that_never_was_is_told_to_be_gone(go: Go, noun: str) -> None:
    page = go(noun, "Nothing|perpetual|device")

    assert page.stack.currentIndex() == 1


def test_a_page_that_is_not_looked_at_reads_nothing_until_it_is(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS)
    go("contract", "MS-EA-2022")
    desk.do("Rename", lambda book: entitlements.rename(book, EntitlementKey(*WINDOWS.split("|")), "Ours"))
    settled(desk, qtbot)
    assert "Ours" not in texts(page)

    go("entitlement", WINDOWS)
    assert "Ours" in texts(page)


# ------------------------------------------------------------------------------------------------------------- history
def test_a_change_is_restored_from_the_history(go: Go, desk: Desk, qtbot: QtBot) -> None:
    desk.do("Rename", lambda book: entitlements.rename(book, EntitlementKey(*WINDOWS.split("|")), "Ours"))
    page = go("entitlement", WINDOWS, "history")
    follow(page, "History", "Restore")
    settled(desk, qtbot)

    assert "Windows Server 2022 Standard - Perpetual - Core based" in texts(page)
    assert len(rows(page, "History")) == 2
    assert desk.undo_text.startswith("Restore name")


def test_what_cannot_be_restored_any_more_is_said_on_the_page(go: Go, desk: Desk, qtbot: QtBot) -> None:
    key = EntitlementKey(*SHORT.split("|"))
    desk.do("Override", lambda book: overrides.save(book, Override(key, "First", demand=1)))
    desk.do("Override", lambda book: overrides.save(book, Override(key, "Second", demand=2)))
    page = go("entitlement", SHORT, "history")
    listing = table(page, "History")
    desk.book.run("DELETE FROM overrides")
    restorable = next(row for row in listing.listed.cells if row[-1].run)
    restorable[-1].run()
    settled(desk, qtbot)

    assert page.wrong.text()


def test_a_record_that_nobody_changed_says_so(go: Go) -> None:
    assert "Nothing has been changed by hand" in texts(go("contract", "MS-EA-2022", "history"))


# ------------------------------------------------------------------------------------------------------------ timeline
def test_the_timeline_is_told_as_a_table_too(go: Go) -> None:
    page = go("entitlement", "Microsoft 365 E3|subscription|user", "timeline")

    told = rows(page, "License timeline as a table")
    assert told[0][:4] == ["2024-01-01", "2024-12-31", "Term: Purchased", "480"]
    assert "Purchased renewal" in [row[2] for row in told]


def test_a_mark_of_the_timeline_opens_its_contract(window: MainWindow, go: Go, qtbot: QtBot) -> None:
    page = go("entitlement", "Microsoft 365 E3|subscription|user", "timeline")
    view = page.findChild(TimelineView)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert any(text.startswith("Purchased: 480 of Microsoft 365 E3") for text in texts(page))
    qtbot.keyClick(view, Qt.Key.Key_Return)

    assert window.place() == Place("contract", "MS-CSP-2024")


def test_a_product_without_purchases_and_days_has_no_timeline(go: Go) -> None:
    assert "Nothing happens on any day" in texts(go("position", "Docker Desktop||user", "timeline"))


# ----------------------------------------------------------------------------------------------------------------- why
def test_a_position_says_why_and_why_not(go: Go) -> None:
    page = go("position", SHORT, "why")

    told = reasons(page)
    assert told[0] == "Under-licensed"
    assert "Downgrade from Windows Server 2019 Standard\n32 by MS-DOWN-WS" in told
    assert "No downgrade from Windows Server 2025 Standard\nit is more versions away than the right reaches" in told


def test_the_chosen_conclusion_shows_its_rule_with_values_and_facts(window: MainWindow, go: Go) -> None:
    page = go("position", SHORT, "why")
    assert {"A balance below zero is under-licensed", "balance < 0", "−32 < 0", "Yes"} <= set(texts(page.why))

    refused = next(
        item for item in page.why._items() if item.text().startswith("No downgrade from Windows Server 2025")
    )
    page.why.tree.setCurrentIndex(refused.index())
    assert {"taker’s rank ≥ giver’s rank − right’s depth", "0 ≥ 1", "No"} <= set(texts(page.why))

    pressed(page.why, "transfers.downgrade").click()
    assert window.place() == Place("rulebook", "transfers.downgrade")


def test_the_facts_behind_a_conclusion_are_links(window: MainWindow, go: Go) -> None:
    page = go("position", SHORT, "why")
    link = next(
        one for one in page.why.findChildren(QPushButton) if one.accessibleName().startswith("Go to entitlement")
    )
    link.click()

    assert window.place() == Place("entitlement", SHORT)


def test_the_states_that_an_entitlement_is_not_in_are_explained(go: Go) -> None:
    told = reasons(go("entitlement", WINDOWS, "why"))

    assert any(text.startswith("Active") for text in told)
    assert any(text.startswith("Not: expired") for text in told)


def test_the_chosen_conclusion_stays_chosen_on_another_day(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("contract", "MS-EA-2022", "why")
    chosen = next(item for item in page.why._items() if item.text().startswith("License end"))
    page.why.tree.setCurrentIndex(chosen.index())
    desk.judge(date(2026, 1, 1))
    settled(desk, qtbot)

    assert page.why.tree.currentIndex().data().startswith("License end")


# ------------------------------------------------------------------------------------------------------ odd and unsafe
MARKUP = "<b>bold</b><img src=x>"


def test_markup_in_data_is_shown_as_it_is(desk_with: Callable[..., Desk], qtbot: QtBot) -> None:
    estate = of(
        item("1", MARKUP, 5, contract="C<1>", sku=MARKUP),
        products=[{"product": MARKUP, "vendor": MARKUP}],
        contracts=[contract("C<1>", supplier=MARKUP, customer=MARKUP)],
        demand=[demand(MARKUP, 7, source=MARKUP)],
    )
    window = shown(MainWindow(desk_with(estate)), qtbot)
    for noun, key in (
        ("entitlement", f"{MARKUP}|perpetual|device"),
        ("contract", "C<1>"),
        ("product", MARKUP),
        ("position", f"{MARKUP}|perpetual|device"),
    ):
        for tab in TABS:
            window.desk.go(Place(noun, key, tab))
            settled(window.desk, qtbot)
            assert rich(window) == []
            for listing in window.stack.currentWidget().findChildren(Listing):
                tips = [listing.listed.index(0, c).data(Qt.ItemDataRole.ToolTipRole) for c in range(3)]
                assert not [tip for tip in tips if "<img" in tip]


@pytest.mark.parametrize("noun", RECORDS)
def test_every_control_of_a_record_has_a_name_and_every_label_is_plain(window: MainWindow, go: Go, noun: str) -> None:
    for tab in TABS:
        go(noun, SAMPLES[noun], tab)
        assert unnamed(window) == []
        assert rich(window) == []


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
