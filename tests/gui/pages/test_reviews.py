"""Reviews in the window: opened, walked through by keyboard, signed off, and due in the calendar."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gui import event_words
from gui.desk import Place
from gui.dialogs.form import Form
from gui.pages.review_record import ReviewPage
from gui.widgets import reminders
from store import agenda
from store.reviews import deciding, opening, reading
from store.reviews.records import Decision
from tests.gui.conftest import settled
from tests.gui.pages.records import texts

TITLE = "Q4 <b>review</b>"


@pytest.fixture
def page(window, desk, qtbot):
    """A review of the 22 positions of the sample that are short, at its first one."""
    desk.do("Open review", lambda book: opening.open_(book, TITLE))
    desk.go(Place("review", TITLE))
    shown = window.stack.currentWidget()
    assert isinstance(shown, ReviewPage)
    settled(desk, qtbot)
    shown.arrive(Place("review", TITLE))
    settled(desk, qtbot)
    return shown


def decisions(page):
    return reading.read(page.desk.book, page.title).decisions


def press(page, qtbot, letter):
    QTest.keyClicks(page.positions.view, letter)
    settled(page.desk, qtbot)


def test_a_review_is_opened_from_its_overview_with_the_positions_that_are_asked_for(window, desk, qtbot):
    desk.go(Place("reviews"))
    settled(desk, qtbot)
    overview = window.stack.currentWidget()
    assert "No reviews yet" in texts(overview)
    buttons = [one.text() for one in overview.findChildren(QPushButton) if one.isVisibleTo(overview)]
    assert "Import a file…" not in buttons  # no file brings a review
    overview.actions_by_code["open-review"].trigger()
    form = window.findChildren(Form)[-1]
    form.fields["Title"].setText("")
    form.save()
    assert "title" in form.said.text()
    form.fields["Title"].setText("Year end")
    form.fields["Positions"].setCurrentIndex(2)
    form.save()
    settled(desk, qtbot)
    assert isinstance(window.stack.currentWidget(), ReviewPage)
    assert reading.read(desk.book, "Year end").rows == 156
    desk.undo()
    assert window.stack.currentWidget().stack.currentIndex() == 1


def test_letters_decide_on_one_position_after_the_other(page, qtbot):
    order = [one.position for one in reading.rows(page.desk.book, TITLE)]
    assert page.panel.shown.position in order
    for letter in "abci":
        press(page, qtbot, letter)
    assert decisions(page) == {"": 18, "accepted": 1, "buy": 1, "cancel": 1, "investigate": 1}
    assert page.panel.shown.decision == Decision()
    assert "4 of 22 decided" in page.bar.format()
    page.desk.undo()
    settled(page.desk, qtbot)
    assert decisions(page)[""] == 19


def test_what_is_typed_beside_the_list_is_stored_with_the_decision(page, qtbot):
    position = page.panel.shown.position
    qtbot.mouseClick(page.panel.buttons["buy"], Qt.MouseButton.LeftButton)
    page.panel.note.setPlainText("Ask for a quote")
    page.panel.responsible.setCurrentIndex(1)
    page.panel.due.set_day(date(2026, 12, 15))
    page.save()
    settled(page.desk, qtbot)
    found = reading.row(page.desk.book, TITLE, position).decision
    assert (found.decision, found.note, found.due_on) == ("buy", "Ask for a quote", date(2026, 12, 15))
    assert found.responsible
    assert page.panel.shown.position != position


def test_one_decision_at_most_is_chosen_and_pressed_again_it_is_taken_back(page, qtbot):
    for code in ("buy", "cancel"):
        qtbot.mouseClick(page.panel.buttons[code], Qt.MouseButton.LeftButton)
    assert page.panel.typed().decision == "cancel"
    qtbot.mouseClick(page.panel.buttons["cancel"], Qt.MouseButton.LeftButton)
    assert page.panel.typed().decision == ""


def test_what_cannot_be_decided_is_said_beside_the_fields_and_stays_there(page, qtbot):
    page.panel.due.set_day(date(2026, 12, 15))
    page.save()
    assert "decide first" in page.panel.said.text()
    assert page.panel.due.day() == date(2026, 12, 15)
    assert decisions(page) == {"": 22}


def test_going_to_another_position_keeps_what_was_typed(page, qtbot):
    position = page.panel.shown.position
    page.panel.note.setPlainText("Look again")
    press(page, qtbot, "n")
    assert reading.row(page.desk.book, TITLE, position).decision.note == "Look again"


def test_a_review_is_signed_off_once_and_nothing_can_be_decided_any_more(page, desk, qtbot):
    page.ask_to_sign()
    assert "22 positions not decided yet" in page.said.text()
    for one in list(reading.rows(desk.book, TITLE)):
        desk.do("Decide", lambda book, at=one.position: deciding.decide(book, TITLE, at, Decision("accepted")))
    settled(desk, qtbot)
    page.ask_to_sign()
    assert "<b>" in page.question.text()
    deed = next(one for one in page.question.findChildren(QPushButton) if one.text() == "Sign off")
    qtbot.mouseClick(deed, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert reading.read(desk.book, TITLE).signed_off_by == "ann"
    assert not page.sign.isVisibleTo(page)
    assert not page.panel.save.isEnabled()
    press(page, qtbot, "b")
    assert decisions(page) == {"accepted": 22}


def test_a_due_day_leads_from_calendar_and_reminders_to_its_position(page, window, desk, qtbot):
    position = page.panel.shown.position
    due = Decision("buy", "", "", desk.today)
    desk.do("Decide", lambda book: deciding.decide(book, TITLE, position, due))
    (entry,) = [one for one in agenda.of_day(desk.book, desk.today) if one.review]
    assert event_words.event_title(entry) == f"Buy: {position.product}"
    assert event_words.event_about(entry) == f"review {TITLE}"
    (own,) = [one for one in reminders.pending(desk) if one.kind == "review-due"]
    bar = reminders.Reminders(desk)
    qtbot.addWidget(bar)
    bar._open(own)
    settled(desk, qtbot)
    calendar = window.stack.currentWidget()
    assert calendar.details.entry.review == TITLE
    link = next(one for one in calendar.details.findChildren(QPushButton) if "Review" in one.accessibleName())
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert window.stack.currentWidget() is page
    assert page.panel.shown.position == position
    bar._done(own)
    assert [one for one in reminders.pending(desk) if one.kind == "review-due"] == []


def test_a_review_that_is_removed_goes_from_the_overview_and_comes_back(page, window, desk, qtbot):
    desk.go(Place("reviews"))
    settled(desk, qtbot)
    overview = window.stack.currentWidget()
    overview.view.selectRow(0)
    overview.actions_by_code["remove"].trigger()
    deed = next(one for one in overview.question.findChildren(QPushButton) if one.text() == "Remove")
    qtbot.mouseClick(deed, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert reading.listed(desk.book) == []
    desk.undo()
    assert [one.title for one in reading.listed(desk.book)] == [TITLE]
