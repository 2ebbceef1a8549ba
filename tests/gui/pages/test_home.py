"""Home: every figure is right, leads to its rows, and follows what changes."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.pages.home import HomePage
from gui.tables.overview import OverviewPage
from gui.widgets.buttons import Link
from gui.widgets.findings import FindingsList
from store import attention, demand, overviews
from store.overviews import Ask
from store.portal import decisions
from store.records import Count
from tests import estates
from tests.gui.conftest import settled, shown


@pytest.fixture
def home(window: MainWindow, desk: Desk, qtbot: QtBot) -> HomePage:
    desk.go(Place("home"))
    settled(desk, qtbot)
    page = window.stack.currentWidget()
    assert isinstance(page, HomePage)
    return page


def open_home(desk: Desk, qtbot: QtBot) -> HomePage:
    window = shown(MainWindow(desk), qtbot)
    desk.go(Place("home"))
    settled(desk, qtbot)
    page = window.stack.currentWidget()
    assert isinstance(page, HomePage)
    return page


def press(home: HomePage, tile: str, text: str, qtbot: QtBot) -> None:
    lines = home.tiles[tile].lines
    links = [lines.itemAt(n).widget() for n in range(lines.count())]
    qtbot.mouseClick(
        next(one for one in links if isinstance(one, Link) and text in one.whole), Qt.MouseButton.LeftButton
    )


def went(home: HomePage) -> Place:
    window = home.window()
    assert isinstance(window, MainWindow)
    place = window.place()
    assert place is not None
    return place


def rows(home: HomePage) -> int:
    """The rows of the place that one went to."""
    place = went(home)
    assert place.ask is not None
    return sum(len(chunk) for chunk in overviews.ids(home.desk.book, place.page, place.ask))


# -------------------------------------------------------------------------------------------------------------- figures
def test_the_sample_estate_shows_what_it_was_made_to_show(home: HomePage) -> None:
    figures = {code: tile.figure.text() for code, tile in home.tiles.items()}
    assert figures == {"short": "22", "surplus": "16", "expiring": "16", "overdue": "0", "stale": "0", "findings": "0"}
    assert home.tiles["short"].texts() == [
        "184,547.00 EUR to close 17 of them",
        "15,820.00 USD to close 2 of them",
        "3 positions without a known price",
    ]
    assert home.about.text() == "What needs attention as of Saturday, 2026-11-21"


@pytest.mark.parametrize(("tile", "count"), [("short", 22), ("surplus", 16), ("expiring", 16)])
def test_a_figure_leads_to_its_rows(home: HomePage, qtbot: QtBot, tile: str, count: int) -> None:
    qtbot.mouseClick(home.tiles[tile].figure, Qt.MouseButton.LeftButton)
    assert rows(home) == count


@pytest.mark.parametrize(
    ("tile", "text", "count"),
    [
        ("short", "EUR", 17),
        ("short", "USD", 2),
        ("short", "without a known price", 3),
        ("surplus", "EUR", 11),
        ("surplus", "perpetual", 40),
        ("expiring", "within 30 days", 5),
        ("expiring", "within 60 days", 12),
    ],
)
def test_every_number_below_a_figure_leads_to_its_rows(
    home: HomePage, qtbot: QtBot, tile: str, text: str, count: int
) -> None:
    press(home, tile, text, qtbot)
    assert rows(home) == count
    page = home.window().stack.currentWidget()
    assert isinstance(page, OverviewPage)


def test_zero_leads_nowhere(home: HomePage) -> None:
    assert not home.tiles["stale"].figure.isEnabled()
    assert home.tiles["stale"].texts() == ["All counts are from the last 90 days."]


def test_old_counts_are_told(desk_with: Callable[[estates.Tables], Desk], qtbot: QtBot) -> None:
    old = estates.demand("Office", 5, counted_on="2026-08-01")
    home = open_home(desk_with(estates.of(estates.item("1", "Office", 5), demand=[old])), qtbot)
    qtbot.mouseClick(home.tiles["stale"].figure, Qt.MouseButton.LeftButton)
    assert (went(home).page, rows(home)) == ("demand", 1)


def test_findings_of_the_last_import_open_as_a_list(desk_with: Callable[[estates.Tables], Desk], qtbot: QtBot) -> None:
    tables = estates.of(estates.item("1", "Office", 5), contracts=[estates.contract(colour="red", shape="round")])
    home = open_home(desk_with(tables), qtbot)
    assert home.tiles["findings"].figure.text() == "2"
    press(home, "findings", "2 warnings", qtbot)
    dialog = home.window().findChild(QDialog)
    assert dialog is not None
    found = dialog.findChild(FindingsList)
    assert found is not None
    assert found.topLevelItem(0).text(2) == "the column colour is not known here and was ignored"
    dialog.close()


# -------------------------------------------------------------------------------------------------------------- charts
def test_a_bar_leads_to_the_positions_of_its_status(home: HomePage, qtbot: QtBot) -> None:
    home.statuses.chart.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(home.statuses.chart, Qt.Key.Key_End)
    qtbot.keyClick(home.statuses.chart, Qt.Key.Key_Return)
    assert went(home).ask == Ask(filter="over-licensed")


def test_the_cliff_shows_every_day_of_the_forecast_and_as_a_table(home: HomePage, qtbot: QtBot) -> None:
    assert home.points[0].on == date(2026, 11, 21)
    assert len(home.cliff.chart.marks) == len(home.points) > 5
    assert home.cliff.chart.marks[1].sentence == (
        "2026-11-22: 23 positions lack 947 licenses. 1 term has ended the day before."
    )
    home.cliff.show_table(True)
    shown_ = [home.cliff.table.item(1, place).text() for place in range(4)]
    assert shown_ == ["2026-11-22", "23", "\N{MINUS SIGN}947", "1"]


def test_a_day_of_the_cliff_judges_the_book_and_shows_the_same_number(home: HomePage, desk: Desk, qtbot: QtBot) -> None:
    point = home.points[4]
    home.cliff.chart.chosen.emit(4)
    qtbot.waitUntil(lambda: desk.as_of == point.on and not desk.busy)
    assert attention.balances(desk.book).statuses["under-licensed"] == point.positions
    assert rows(home) == point.positions


# -------------------------------------------------------------------------------------------------------------- lists
def test_the_largest_shortfalls_and_what_ends_next_lead_to_their_rows(home: HomePage, desk: Desk) -> None:
    names = [one.findChild(Link) for box in (home.shortages, home.endings) for one in widgets(box)]
    assert [one.whole for one in names[:2]] == [
        "Oracle Database 19c Standard Edition 2",
        "Java SE Universal Subscription",
    ]
    names[0].click()
    assert went(home) == Place("position", "Oracle Database 19c Standard Edition 2|perpetual|core")
    desk.go(Place("home"))
    names[5].click()
    assert went(home).page == "entitlement"


def widgets(box):
    return [box.itemAt(number).widget() for number in range(box.count())]


def test_names_are_shown_as_they_are(desk_with: Callable[[estates.Tables], Desk], qtbot: QtBot) -> None:
    name = "<b>Backup</b> & Replication"
    home = open_home(desk_with(estates.of(estates.item("1", "A", 1), demand=[estates.demand(name, 5)])), qtbot)
    link = widgets(home.shortages)[0].findChild(Link)
    assert link is not None
    assert (link.whole, link.text().replace("&&", "&")) == (name, name)


# ------------------------------------------------------------------------------------------------------------- changes
def test_what_changes_is_shown_at_once(home: HomePage, desk: Desk, qtbot: QtBot) -> None:
    desk.do("Add demand", lambda book: demand.save(book, Count("Docker Desktop", "core", 7, source="by hand")))
    qtbot.waitUntil(lambda: home.tiles["short"].figure.text() == "23")
    settled(desk, qtbot)
    assert home.points[0].positions == 23


def test_a_page_that_is_not_seen_asks_when_one_comes_back(home: HomePage, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("settings"))
    desk.judge(date(2027, 1, 1))
    qtbot.waitUntil(lambda: desk.as_of == date(2027, 1, 1))
    assert home.tiles["short"].figure.text() == "22"
    desk.go(Place("home"))
    qtbot.waitUntil(lambda: home.tiles["short"].figure.text() == "30")
    settled(desk, qtbot)


def test_an_empty_book_says_how_to_fill_it(empty_desk: Desk, tmp_path, qtbot: QtBot) -> None:
    empty_desk.open(tmp_path / "new.elpis", create=True)
    home = open_home(empty_desk, qtbot)
    assert home.stack.currentIndex() == 1


def test_what_waits_for_an_approver_and_what_ends_leads_to_its_rows(home: HomePage, desk: Desk, qtbot: QtBot) -> None:
    row = home.portal
    assert row.isVisible()
    count = overviews.counts(desk.book, "approvals", Ask())["all"]
    assert row.waiting.figure.text() == str(count)
    row.waiting.figure.click()
    assert went(home).page == "approvals"
    desk.go(Place("home"))
    row.expiring.figure.click()
    place = went(home)
    assert place.ask is not None
    assert int(row.expiring.figure.text()) == overviews.counts(desk.book, "deployed", place.ask)["all"]
    desk.go(Place("home"))
    row.findChildren(Link)[-1].click()
    assert went(home).page == "authorization"


def test_nobody_who_requests_nothing_is_bothered_with_requests(desk_with: Callable[..., Desk], qtbot: QtBot) -> None:
    home = open_home(desk_with(estates.of(estates.item("1", "Server", 5))), qtbot)
    assert not home.portal.isVisible()


def test_home_follows_a_decision(home: HomePage, desk: Desk, qtbot: QtBot) -> None:
    before = int(home.portal.waiting.figure.text())
    line = decisions.pending(desk.book)[0]
    desk.do("Deny", lambda book: decisions.deny(book, [line], on=desk.today, reason="no"))
    settled(desk, qtbot)
    assert int(home.portal.waiting.figure.text()) < before
