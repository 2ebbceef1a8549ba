"""Compare in the window: two sides are chosen, the differences open to their causes, and are exported."""

import json
from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt

from gui.desk import Place
from gui.pages.compare import ComparePage
from store.snapshots import kept
from tests.gui.conftest import settled


@pytest.fixture
def page(window, desk, qtbot):
    desk.go(Place("compare"))
    shown = window.stack.currentWidget()
    assert isinstance(shown, ComparePage)
    return shown


def compare(page, qtbot, before=date(2026, 11, 21), after=date(2027, 6, 1)):
    page.before.choose(before)
    page.after.choose(after)
    qtbot.mouseClick(page.run, Qt.MouseButton.LeftButton)
    settled(page.desk, qtbot)


def groups(page):
    items = [page.tree.topLevelItem(number) for number in range(page.tree.topLevelItemCount())]
    return {item.text(0): item.childCount() for item in items}


def test_two_days_are_compared_and_grouped_by_what_happened(page, qtbot):
    assert not page.export.isEnabled()
    compare(page, qtbot)
    assert groups(page) == {
        "Newly under-licensed (14)": 14,
        "Still under-licensed, by another number (4)": 4,
        "Other figures (3)": 3,
        "Same figures, other details (1)": 1,
    }
    assert page.summary.text() == "From 2026-11-21 to 2027-06-01: 134 positions are the same, 22 differ."
    first = page.tree.topLevelItem(0).child(0)
    assert [first.text(place) for place in range(7)] == [
        *("Veeam Backup for Microsoft 365 8", "Subscription", "User", "+15", "−585"),
        *("Over-licensed", "Under-licensed"),
    ]
    assert first.child(0).text(0) == "Item VE-2026/2 ends with 2027-01-31"


def test_a_difference_and_its_causes_lead_to_the_position(page, window, desk, qtbot):
    compare(page, qtbot)
    page.tree.setCurrentItem(page.tree.topLevelItem(0))
    assert not page.open_.isEnabled()
    page.tree.setCurrentItem(page.tree.topLevelItem(0).child(0).child(0))
    qtbot.mouseClick(page.open_, Qt.MouseButton.LeftButton)
    assert window.place() == Place("position", "Veeam Backup for Microsoft 365 8|subscription|user")


def test_a_saved_snapshot_is_offered_and_compared_with_a_day(page, desk, tmp_path, qtbot):
    one = kept.save(desk.book, tmp_path / "out", json_only=True)
    desk.refresh(frozenset({"snapshots"}))
    assert page.before.what.findText(f"Snapshot of {one.as_of}", Qt.MatchFlag.MatchStartsWith) > 0
    compare(page, qtbot, one.folder, date(2026, 11, 21))
    assert page.stack.currentIndex() == 2
    assert page.summary.text() == "From 2026-11-21 to 2026-11-21: 156 positions are the same, 0 differ."


def test_what_is_no_snapshot_is_said_on_the_page(page, tmp_path, qtbot):
    compare(page, qtbot, tmp_path / "nothing.licsnap", date(2026, 11, 21))
    assert "there is no such snapshot" in page.said.text()
    assert page.run.isEnabled()


@pytest.mark.parametrize("end", ["xlsx", "json", "txt"])
def test_what_differs_is_exported(end, page, tmp_path, qtbot):
    compare(page, qtbot)
    target = tmp_path / f"out.{end}"
    page.export_to(target)
    settled(page.desk, qtbot)
    if end == "xlsx":
        assert openpyxl.load_workbook(target).sheetnames == ["Positions", "Causes", "Compared"]
    elif end == "json":
        assert len(json.loads(target.read_bytes())["differences"]) == 22
    else:
        assert "Newly under-licensed (14)" in target.read_text(encoding="utf-8").splitlines()


def test_a_file_without_a_known_ending_becomes_a_workbook(page, tmp_path, qtbot):
    compare(page, qtbot)
    page.export_to(tmp_path / "out")
    settled(page.desk, qtbot)
    assert (tmp_path / "out.xlsx").is_file()
