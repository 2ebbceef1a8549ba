"""The wizard for events of one's own."""

from datetime import date, time

import pytest
from PySide6.QtCore import QDate, Qt, QTime

from gui.desk import Place
from gui.wizards.event import reminders
from store import readers
from store.audit import content_hash
from store.records import ManualEvent
from tests.gui.walking import opened, to_the_end, to_the_summary


@pytest.fixture
def contract(desk):
    return desk.book.value("SELECT contract FROM contracts ORDER BY contract LIMIT 1")


def filled(wizard, contract, day=(2026, 12, 1), days=30):
    wizard.details.record.choose(contract)
    wizard.details.name.control.setText("Renew or cancel")
    wizard.time.day.control.setDate(QDate(*day))
    wizard.time.remind.setChecked(True)
    wizard.time.days.control.setValue(days)
    return wizard


def events(desk):
    return [readers.event(desk.book, row[0]) for row in desk.book.rows("SELECT id FROM manual_events ORDER BY id")]


def test_a_status_update_reminds_on_each_of_the_last_thirty_days(window, desk, qtbot, contract):
    wizard = filled(opened(window, Place("add-event")), contract)
    to_the_summary(wizard)
    told = wizard.summary.summary.shown()
    assert told["Event type"] == "Status update"
    assert told["Reminders"] == "30 reminders, daily at 10:00, first on 2026-11-01, last on 2026-11-30"
    finished = to_the_end(wizard, qtbot)
    assert finished.heading.text() == "Renew or cancel was added"
    assert events(desk) == [
        ManualEvent(contract, "status-update", date(2026, 12, 1), "Renew or cancel", 1, time(10), 30)
    ]


def test_an_activity_log_reminds_on_each_of_the_last_fourteen_days(window, desk, qtbot, contract):
    wizard = filled(opened(window, Place("add-event")), contract, (2026, 12, 16), 14)
    qtbot.mouseClick(wizard.type.cards.radios["activity-log"], Qt.MouseButton.LeftButton)
    to_the_summary(wizard)
    assert wizard.summary.summary.shown()["Reminders"] == (
        "14 reminders, daily at 10:00, first on 2026-12-02, last on 2026-12-15"
    )
    to_the_end(wizard, qtbot)
    assert events(desk)[0].kind == "activity-log"


def test_an_event_that_repeats_and_is_not_notified_of(window, desk, qtbot, contract):
    wizard = filled(opened(window, Place("add-event", contract, "2027-01-31")), contract, (2027, 1, 31), 1)
    wizard.time.time.control.setTime(QTime(9, 30))
    wizard.time.repeat.control.setCurrentIndex(wizard.time.repeat.control.findData("quarterly"))
    wizard.notification.cards.choose("none")
    to_the_summary(wizard)
    told = wizard.summary.summary.shown()
    assert (told["Repetition"], told["Notification"]) == ("Every three months", "None")
    assert told["Reminders"] == "1 reminder on 2027-01-30 at 09:30, and again before each repetition"
    to_the_end(wizard, qtbot)
    assert (events(desk)[0].repeat, events(desk)[0].notify) == ("quarterly", False)


def test_without_reminders_there_is_the_day_itself():
    event = ManualEvent("C", "custom", date(2026, 12, 1), "Talk")
    assert reminders(event) == "Only on the day itself"


def test_a_contract_and_a_name_are_needed(window, qtbot):
    wizard = opened(window, Place("add-event"))
    wizard.next()
    wizard.next()
    assert wizard.details.contract.said() == "Choose the contract."
    assert wizard.details.name.said() == "Give it a name."
    wizard.details.record.setText("Nowhere 17")
    wizard.next()
    assert wizard.details.contract.said() == "There is no contract “Nowhere 17”."
    assert wizard.currentPage() is wizard.details


def test_contracts_are_suggested_as_one_types(window, qtbot, desk, contract):
    wizard = opened(window, Place("add-event"))
    wizard.next()
    qtbot.keyClicks(wizard.details.record, contract)
    assert wizard.details.record.suggestions()
    assert wizard.details.record.key() == contract
    wizard.details.record.completer().popup().hide()
    wizard.details.record.clear()
    qtbot.keyClick(wizard.details.record, Qt.Key.Key_Down)
    assert len(wizard.details.record.suggestions()) > 1
    wizard.details.record.completer().popup().hide()


def test_a_day_that_has_passed_is_warned_of(window, contract):
    wizard = filled(opened(window, Place("add-event")), contract, (2026, 11, 1))
    assert wizard.time.day.said() == "This day has passed already."
    to_the_summary(wizard)


def test_an_event_is_edited_and_undo_brings_back_what_was(window, desk, qtbot, contract):
    to_the_end(filled(opened(window, Place("add-event")), contract), qtbot)
    before = content_hash(desk.book)
    wizard = opened(window, Place("edit-event", "manual|1"))
    assert wizard.details.name.control.text() == "Renew or cancel"
    assert wizard.time.remind.isChecked()
    assert not wizard.typed()
    wizard.details.name.control.setText("Cancel")
    finished = to_the_end(wizard, qtbot)
    assert finished.heading.text() == "Cancel was changed"
    assert desk.undo_text == "Edit event Cancel"
    desk.undo()
    assert content_hash(desk.book) == before


def test_undo_of_a_new_event_leaves_the_book_as_it_was(window, desk, qtbot, contract):
    before = content_hash(desk.book)
    to_the_end(filled(opened(window, Place("add-event")), contract), qtbot)
    assert content_hash(desk.book) != before
    desk.undo()
    assert content_hash(desk.book) == before


def test_one_goes_back_and_everything_typed_is_still_there(window, qtbot, contract):
    wizard = filled(opened(window, Place("add-event")), contract)
    to_the_summary(wizard)
    for _ in range(3):
        wizard.back()
    assert wizard.currentPage() is wizard.details
    assert wizard.details.name.control.text() == "Renew or cancel"


def test_leaving_asks_only_when_something_was_typed(window, desk, contract):
    wizard = opened(window, Place("add-event"))
    wizard.reject()
    assert not wizard.isVisible()
    wizard = filled(opened(window, Place("add-event")), contract)
    wizard.reject()
    assert wizard.isVisible()
    next(one for one in wizard.asking.buttons() if one.text() == "Leave").click()
    assert not wizard.isVisible()
    assert events(desk) == []


def test_what_was_typed_is_kept_when_storing_fails(window, desk, qtbot, contract):
    wizard = filled(opened(window, Place("add-event")), contract)
    to_the_summary(wizard)
    wizard.drafted = ManualEvent("Gone 1", "custom", date(2026, 12, 1), "Renew or cancel")
    wizard.next()
    page = wizard.progress
    qtbot.waitUntil(lambda: bool(page.said.text()))
    assert "Gone 1" in page.said.text()
    page.back.click()
    assert wizard.currentPage() is wizard.summary
    assert events(desk) == []
    wizard.back()
    to_the_end(wizard, qtbot)
    assert events(desk)[0].name == "Renew or cancel"


def test_an_event_that_is_gone_is_not_edited(window, desk, qtbot):
    with qtbot.waitSignal(desk.told) as told:
        desk.go(Place("edit-event", "manual|99"))
    assert told.args[1] == "error"
