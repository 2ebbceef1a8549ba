"""The page What if: scenarios are made, compared with the book while they are typed, applied, and undone."""

from datetime import date

import orjson
import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gui import what_if_text
from gui.desk import Desk, Place
from gui.dialogs.name import NameDialog
from gui.pages import what_if
from gui.pages.what_if_parts import comparison
from store import content
from store.scenarios import judging, keeping
from store.scenarios.shape import KINDS, ChangeDemand, DropItem, RenewItem, Scenario, SwitchRight
from tests.gui.conftest import settled

RENEW = RenewItem("AD-VIP-2025", "1", date(2027, 12, 31))
MORE = ChangeDemand("Microsoft 365 E5", "user", 10)


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> what_if.WhatIfPage:
    """The page with the sample estate and no scenario yet."""
    desk.reaches |= {"position"}
    made = what_if.make(desk)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.arrive(Place("what-if"))
    return made


@pytest.fixture
def filled(page, desk, qtbot) -> what_if.WhatIfPage:
    """The page with a scenario of two changes."""
    desk.do("Add scenario", lambda book: keeping.save(book, Scenario("Next year", (RENEW, MORE))))
    settled(desk, qtbot)
    return page


def texts(listing):
    return [[cell.text for cell in row] for row in listing.listed.cells]


def held(desk):
    return keeping.read(desk.book, "Next year").changes


def test_the_first_scenario_is_named_and_filled(page, desk, qtbot):
    assert page.stack.currentIndex() == 1
    page.add_scenario()
    dialog = page.findChildren(NameDialog)[-1]
    dialog.field.setText("Next year")
    dialog.accept()
    assert (page.stack.currentIndex(), page.title.text()) == (0, "Next year")
    assert keeping.held(desk.book) == ["Next year"]
    page.add("change-demand")
    page.dialog.fields["Product"].setText("Microsoft 365 E5")
    page.dialog.fields["Metric"].setCurrentIndex(page.dialog.fields["Metric"].findData("user"))
    page.dialog.fields["Amount"].setText("10")
    page.dialog.save()
    settled(desk, qtbot)
    assert held(desk) == (MORE,)
    assert texts(page.view.positions)[0][:4] == ["Microsoft 365 E5", "Subscription, user", "−11", "−21"]


def test_a_scenario_stands_beside_the_book_on_any_day(filled, desk, qtbot):
    found = judging.compare(desk.book, keeping.read(desk.book, "Next year"))
    assert filled.view.found == found
    sums = {row[0]: row[1:] for row in texts(filled.view.sums)}
    assert sums["Licenses missing"][2] == "+10"
    filled.day.setDate(date(2027, 1, 1))
    settled(desk, qtbot)
    assert filled.view.found.on == date(2027, 1, 1)
    assert texts(filled.view.positions)[0][:4] == ["Acrobat Pro Subscription", "Subscription, user", "−47", "+13"]


def test_a_list_that_shows_only_the_first_positions_says_so(filled, desk, qtbot, monkeypatch):
    settled(desk, qtbot)
    assert not [one for one in filled.view.findChildren(QLabel) if "are shown" in one.text()]
    monkeypatch.setattr(comparison, "MOST", 1)
    filled.view.show_found(filled.view.found)
    (said,) = [one.text() for one in filled.view.findChildren(QLabel) if "are shown" in one.text()]
    assert said == "The first 1 of 2 are shown. Export has all of them."


def test_what_is_typed_is_judged_at_once_and_what_cannot_be_is_said(filled, desk, qtbot):
    filled.changes.setCurrentRow(1)
    filled.edit()
    dialog = filled.dialog
    preview = dialog.layout().itemAt(dialog.layout().count() - 3).widget()
    qtbot.waitUntil(lambda: "balance −11 → −21" in preview.text())
    dialog.fields["Amount"].setText("-5")
    qtbot.waitUntil(lambda: "balance −11 → −6" in preview.text())
    dialog.fields["Amount"].setText("lots")
    qtbot.waitUntil(lambda: "is no number" in preview.text())
    dialog.save()
    assert "is no number" in dialog.said.text()
    dialog.fields["Amount"].setText("3")
    dialog.fields["Product"].setText("Microsoft 365 E6")
    dialog.save()
    assert "Microsoft 365 E6" in dialog.said.text()
    assert held(desk) == (RENEW, MORE)
    dialog.fields["Product"].setText("Microsoft 365 E5")
    dialog.save()
    settled(desk, qtbot)
    assert held(desk) == (RENEW, ChangeDemand("Microsoft 365 E5", "user", 3))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_can_be_typed(kind, filled, desk, qtbot):
    filled.add(kind)
    fields = filled.dialog.fields
    item = next(row[0] for row in desk.book.rows("SELECT item FROM contract_items LIMIT 1"))
    assert item
    if "Contract item" in fields:
        fields["Contract item"].choose("AD-VIP-2025", "2")
    elif "Product" in fields:
        fields["Product"].setText("Docker Desktop")
    if "Contract" in fields:
        fields["Contract"].setText("NEW-1")
    if "Amount" in fields:
        fields["Change"].setCurrentIndex(1)
        fields["Amount"].setText("12.5")
    filled.dialog.save()
    assert filled.dialog.said.text() == ""
    settled(desk, qtbot)
    assert type(held(desk)[-1]) is KINDS[kind]
    at = filled.changes.count() - 1
    assert what_if_text.change(held(desk)[-1]) in filled.changes.item(at).text()
    filled.changes.setCurrentRow(at)
    filled.edit()
    filled.dialog.save()
    assert filled.dialog.said.text() == ""
    assert len(held(desk)) == 3


def test_changes_are_moved_and_removed(filled, desk):
    filled.changes.setCurrentRow(1)
    filled.move_change(-1)
    assert held(desk) == (MORE, RENEW)
    assert filled.changes.currentRow() == 0
    filled.remove_change()
    assert held(desk) == (RENEW,)


def test_it_is_applied_after_a_question_and_one_undo_takes_it_back(filled, desk, qtbot):
    before = content.content_hash(desk.book)
    said = []
    desk.told.connect(lambda text, _: said.append(text))
    filled.ask_to_apply()
    assert "Apply 2 changes of “Next year”" in filled.question.text()
    next(one for one in filled.question.findChildren(QPushButton) if one.text() == "Apply").click()
    settled(desk, qtbot)
    assert content.content_hash(desk.book) != before
    assert desk.undo_text == "Apply scenario Next year"
    assert any("is applied" in text for text in said)
    desk.undo()
    settled(desk, qtbot)
    assert content.content_hash(desk.book) == before


def test_a_change_that_is_not_possible_any_more_is_said_and_nothing_is_applied(filled, desk, qtbot):
    wrong = Scenario("Next year", (MORE, DropItem("GONE", "1")))
    desk.do("Change", lambda book: keeping.save(book, wrong))
    settled(desk, qtbot)
    assert "Change 2" in filled.said.text()
    before = content.content_hash(desk.book)
    filled._apply(wrong)
    settled(desk, qtbot)
    assert content.content_hash(desk.book) == before
    assert "Change 2" in filled.said.text()


def test_scenarios_are_renamed_copied_and_removed(filled, desk, qtbot):
    filled.duplicate()
    assert keeping.held(desk.book) == ["Next year", "Next year (2)"]
    filled.ask_name()
    dialog = filled.findChildren(NameDialog)[-1]
    dialog.field.setText("Later")
    dialog.accept()
    assert (keeping.held(desk.book), filled.title.text()) == (["Later", "Next year"], "Later")
    filled.remove()
    settled(desk, qtbot)
    assert (keeping.held(desk.book), filled.title.text()) == (["Next year"], "Next year")


def test_scenarios_go_into_files_and_come_back(filled, desk, qtbot, tmp_path):
    filled.save_to(tmp_path / "s.json")
    filled.export_to(tmp_path / "c.json")
    settled(desk, qtbot)
    assert orjson.loads((tmp_path / "c.json").read_bytes())["format"] == "elpis-what-if"
    filled.remove()
    filled.read_file(tmp_path / "s.json")
    assert held(desk) == (RENEW, MORE)
    filled.read_file(tmp_path / "gone.json")
    assert "cannot be read" in filled.said.text()


def test_a_book_without_rights_says_so_where_one_is_to_be_switched(filled, desk, qtbot):
    filled.add("switch-right")
    right = filled.dialog.fields["Right"]
    right.clear()
    filled.dialog.save()
    assert "no rights" in filled.dialog.said.text()
    assert SwitchRight not in map(type, held(desk))
