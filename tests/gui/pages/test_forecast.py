"""The page Forecast: the days to come as a chart and as tables, with ways to the positions."""

from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.pages import forecast as page
from store import derivation, forecast
from tests.gui.conftest import settled


@pytest.fixture
def ahead(desk: Desk, qtbot: QtBot) -> page.ForecastPage:
    """The page with the sample estate."""
    desk.reaches |= {"position"}
    made = page.make(desk)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.arrive(Place("forecast"))
    settled(desk, qtbot)
    return made


def texts(listing):
    return [[cell.text for cell in row] for row in listing.listed.cells]


def test_the_page_tells_every_day_that_changes_something_as_the_forecast_has_it(ahead, desk):
    found = forecast.ahead(desk.book, as_of=desk.as_of)
    assert ahead.found == found
    assert [step.missing for step in ahead.chart.chart.steps] == [
        found.positions,
        *(day.positions for day in found.days),
    ]
    shown = texts(ahead.listings[0])
    changes = [(day.on.isoformat(), one.product) for day in found.days for one in day.changes]
    assert [(row[0], row[1]) for row in shown] == changes
    assert all(row[7] for row in shown)


def test_what_falls_short_has_its_first_day_and_the_cost_to_keep_it(ahead):
    shown = texts(ahead.listings[1])
    assert len(shown) == len(ahead.found.shortages)
    assert shown[0][0] == "Already"
    later = next(row for row in shown if row[0] != "Already")
    assert date.fromisoformat(later[0]) > ahead.found.as_of
    assert "EUR" in ahead.costs.text()
    assert "without a known price" in ahead.costs.text()


def test_a_position_is_opened_from_its_row(ahead, desk):
    places = []
    desk.asked.connect(places.append)
    ahead.listings[0].follow(ahead.listings[0].listed.index(0, 1))
    first = ahead.found.days[0].changes[0]
    assert places == [Place("position", first.key)]


def test_a_dot_leads_to_the_changes_of_its_day(ahead):
    ahead.tabs.setCurrentIndex(1)
    ahead.chart.chart.chosen.emit(3)
    assert ahead.tabs.currentIndex() == 0
    chosen = ahead.listings[0].currentIndex()
    assert ahead.listings[0].listed.cells[chosen.row()][0].text == ahead.found.days[2].on.isoformat()


def test_another_horizon_and_another_day_are_looked_at_anew(ahead, desk, qtbot):
    ahead.months.setCurrentIndex(ahead.months.findData(6))
    settled(desk, qtbot)
    assert ahead.found.until == date(2027, 5, 21)
    desk.judge(date(2027, 1, 15))
    settled(desk, qtbot)
    assert ahead.found.as_of == date(2027, 1, 15)


def test_the_forecast_is_exported(ahead, desk, qtbot, tmp_path):
    ahead.export_to(tmp_path / "f.xlsx")
    settled(desk, qtbot)
    assert openpyxl.load_workbook(tmp_path / "f.xlsx").sheetnames == ["Changes", "Days", "Shortages"]
    dialog = ahead.ask_export()
    dialog.fileSelected.emit(str(tmp_path / "named.json"))
    settled(desk, qtbot)
    assert (tmp_path / "named.json").exists()
    dialog.reject()


def test_a_book_without_positions_says_so(desk, qtbot, tmp_path):
    desk.open(tmp_path / "empty.elpis", create=True)
    made = page.make(desk)
    qtbot.addWidget(made)
    made.show()
    made.arrive(Place("forecast"))
    settled(desk, qtbot)
    assert made.stack.currentIndex() == 1


def test_a_horizon_in_which_nothing_changes_says_so(ahead, desk, qtbot):
    derivation.recalculate(desk.book, as_of=date(2040, 1, 1))
    desk._as_of = date(2040, 1, 1)
    desk.refresh()
    settled(desk, qtbot)
    assert ahead.found.days == ()
    assert 0 not in ahead.listings
    ahead.chart.chart.setFocus(Qt.FocusReason.OtherFocusReason)
    ahead.chart.chart.chosen.emit(0)
