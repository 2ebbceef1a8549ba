"""The timeline of a record, and why its figures are what they are."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.widgets.timeline import TimelineView
from tests.gui.conftest import settled
from tests.gui.pages.records import SHORT, WINDOWS, Go, pressed, reasons, rows, texts


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
