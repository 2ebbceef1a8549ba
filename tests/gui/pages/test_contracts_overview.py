"""The overview of license contracts: removing them asks, warns of what stays allocated, and can be undone."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.pages import removing
from gui.tables.overview import OverviewPage
from store import calendar
from store.audit import content_hash
from store.book import Book
from store.overviews import Ask
from store.records import ManualEvent
from tests import estates
from tests.gui.pages.conftest import Open, answer, button, choose, settled, shown, titles


@pytest.fixture
def page(desk: Desk, open_page: Open) -> OverviewPage:
    return open_page(desk, "contracts")


def test_the_latest_contracts_come_first(page: OverviewPage) -> None:
    days = shown(page, "invoice_date")
    assert titles(page)[:5] == ["Contract ID", "Name", "Supplier", "Customer", "Invoice date"]
    assert days == sorted(days, reverse=True)


def test_contracts_are_removed_by_one_step_that_can_be_undone(desk: Desk, page: OverviewPage, qtbot: QtBot) -> None:
    page.search.setText("Jira")
    settled(page, qtbot)
    count = page.model.rowCount()
    page.view.selectAll()
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert page.question.text() == f"Remove {count} contracts?"
    answer(page, "Cancel")
    assert page.model.rowCount() == count
    page.view.selectAll()
    button(page, "remove").click()
    answer(page, "Remove")
    if page.question.text() != f"Remove {count} contracts?":
        answer(page, "Remove all the same")
    settled(page, qtbot)
    assert page.model.rowCount() == 0
    assert desk.undo_text == f"Remove {count} contracts"
    desk.undo()
    settled(page, qtbot)
    assert page.model.rowCount() == count


def test_what_would_stay_allocated_has_to_be_confirmed(
    desk_with: Callable[[estates.Tables], Desk], open_page: Open
) -> None:
    desk = desk_with(
        estates.of(
            estates.item("1", "Server 2022", 10),
            resource_groups=estates.groups("Plant"),
            user_groups=estates.groups("Team"),
            allocations=[estates.allocation("Server 2022", "Plant", "Team", 10)],
        )
    )
    page = open_page(desk, "contracts")
    choose(page, 0)
    button(page, "remove").click()
    answer(page, "Remove")
    assert page.question.text().startswith(
        "Server 2022 - Perpetual - Device based: 10 are allocated, but 0 would be left"
    )
    answer(page, "Remove all the same")
    assert page.model.rowCount() == 0


def test_a_contract_with_events_of_ones_own_stays(desk_with: Callable[[estates.Tables], Desk], open_page: Open) -> None:
    desk = desk_with(estates.of(estates.item("1", "Server 2022", 10)))
    desk.do("Add event", _add_event)
    page = open_page(desk, "contracts")
    choose(page, 0)
    button(page, "remove").click()
    answer(page, "Remove")
    assert page.question.text() == "Nothing was removed."
    assert "events of yours" in page.question.informativeText()
    assert page.model.rowCount() == 1


def _add_event(book: Book) -> None:
    calendar.save(book, ManualEvent("C1", "status-update", date(2026, 12, 1), "Call them"))


def test_a_contract_leads_to_its_entitlements(page: OverviewPage, places: list[Place]) -> None:
    choose(page, 0)
    page.actions_by_code["show-entitlements"].trigger()
    assert places == [Place("entitlements", ask=Ask(where=(("contract", shown(page, "contract", 1)[0]),)))]


def test_many_contracts_are_removed_in_the_background_as_one_step(
    desk: Desk, page: OverviewPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "_AT_ONCE", 2)
    before = content_hash(desk.book)
    page.search.setText("Jira")
    settled(page, qtbot)
    count = page.model.rowCount()
    page.view.selectAll()
    button(page, "remove").click()
    answer(page, "Remove")
    assert [job.what for job in desk.work.jobs if job.what] == [f"Remove {count} contracts"]
    qtbot.waitUntil(lambda: not desk.work.jobs)
    if desk.undo_text == "":  # something is allocated of them
        answer(page, "Remove all the same")
        qtbot.waitUntil(lambda: not desk.work.jobs)
    assert desk.undo_text == f"Remove {count} contracts"
    desk.undo()
    qtbot.waitUntil(lambda: not desk.work.jobs)
    assert content_hash(desk.book) == before


def test_removing_many_can_be_cancelled(
    desk: Desk, page: OverviewPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "_AT_ONCE", 2)
    before = content_hash(desk.book)
    page.view.selectAll()
    button(page, "remove").click()
    answer(page, "Remove")
    next(job for job in desk.work.jobs if job.what).cancel()
    qtbot.waitUntil(lambda: not desk.work.jobs)
    assert content_hash(desk.book) == before
    assert desk.undo_text == ""
