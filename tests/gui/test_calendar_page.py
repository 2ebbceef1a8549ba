"""The calendar: month, year and agenda, the events of a day with their reasons, and what can be done with them."""

from datetime import date, time
from pathlib import Path

import icalendar
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from gui.desk import Place
from gui.pages.calendar_parts import looks
from gui.pages.calendar_parts.days import months_later, weeks
from gui.widgets.reminders import pending
from gui.wizards.base import Wizard
from store import agenda, calendar
from store.audit import content_hash
from store.records import ManualEvent
from tests.gui.conftest import settled

END = date(2026, 12, 31)


@pytest.fixture
def contract(desk):
    return desk.book.value("SELECT contract FROM contracts ORDER BY contract LIMIT 1")


@pytest.fixture
def talk(desk, contract):
    """An event of one's own on 24 November 2026, with reminders in the seven days before."""
    event = ManualEvent(contract, "custom", date(2026, 11, 24), "Talk to the reseller", None, time(8), 7)
    return desk.do("Add event Talk to the reseller", lambda book: calendar.save(book, event))


@pytest.fixture
def page(window, desk, qtbot):
    desk.go(Place("calendar"))
    settled(desk, qtbot)
    return window.stack.currentWidget()


def go(page, qtbot, day):
    page.choose(day)
    settled(page.desk, qtbot)


def told(page):
    return {one.text() for one in page.details.findChildren(type(page.title)) if one.isVisibleTo(page.details)}


# ------------------------------------------------------------------------------------------------------------- showing
def test_the_month_of_the_as_of_day_is_shown_with_the_events_of_that_day(page):
    assert page.title.text() == "November 2026"
    assert page.day_title.text() == "Saturday, 2026-11-21"
    assert page.of_day.entries.entries()[0].kind == "license-end"
    month = page.surfaces["month"]
    assert sum(month.counts[date(2026, 11, 21)].values()) == len(page.of_day.entries.entries())


def test_arrow_and_page_keys_move_over_the_days_and_enter_opens_one(page, qtbot):
    month = page.surfaces["month"]
    keys = [
        (Qt.Key.Key_Left, date(2026, 11, 20)),
        (Qt.Key.Key_Down, date(2026, 11, 27)),
        (Qt.Key.Key_Up, date(2026, 11, 20)),
        (Qt.Key.Key_Right, date(2026, 11, 21)),
        (Qt.Key.Key_End, date(2026, 11, 30)),
        (Qt.Key.Key_Home, date(2026, 11, 1)),
        (Qt.Key.Key_PageDown, date(2026, 12, 1)),
        (Qt.Key.Key_PageUp, date(2026, 11, 1)),
    ]
    for key, day in keys:
        qtbot.keyClick(month, key)
        assert page.day == day
    qtbot.keyClick(month, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert page.day == date(2027, 11, 1)
    assert "Monday, 2027-11-01" in month.accessibleDescription()
    go(page, qtbot, date(2026, 11, 21))
    qtbot.keyClick(month, Qt.Key.Key_Return)
    assert page.of_day.hasFocus()


def test_control_and_arrows_leap_to_days_with_events(page, qtbot):
    month = page.surfaces["month"]
    qtbot.keyClick(month, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    settled(page.desk, qtbot)
    assert page.day == date(2026, 11, 22)
    qtbot.keyClick(month, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    settled(page.desk, qtbot)
    assert page.day == date(2026, 11, 21)
    go(page, qtbot, date(9990, 1, 1))
    with qtbot.waitSignal(page.desk.told):
        qtbot.keyClick(month, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)


def test_a_day_is_chosen_by_the_pointer(page, qtbot):
    month = page.surfaces["month"]
    box = month.boxes()[date(2026, 11, 30)]
    qtbot.mouseMove(month, box.center().toPoint())
    qtbot.mouseClick(month, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    settled(page.desk, qtbot)
    assert page.day == date(2026, 11, 30)
    qtbot.mouseDClick(month, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert page.of_day.hasFocus()
    assert month.day_at(QPointF(-5, -5)) is None


def test_the_year_shows_every_day_of_it(page, qtbot):
    page.view_buttons["year"].click()
    settled(page.desk, qtbot)
    year = page.surfaces["year"]
    assert page.title.text() == "2026"
    assert len(year.boxes()) == 365
    assert year.counts[END]["license-end"] == agenda.counts(page.desk.book, END, END)[END]["license-end"]
    page.after.click()
    assert (page.title.text(), page.day) == ("2027", date(2027, 11, 21))
    assert "license end" in year.said(END) or year.said(END).endswith("no events")


def test_the_agenda_shows_days_and_grows_as_one_goes_down(page, qtbot, monkeypatch):
    monkeypatch.setattr(agenda.page, "__kwdefaults__", {"after": None, "limit": 20})
    page.view_buttons["agenda"].click()
    settled(page.desk, qtbot)
    model = page.agenda.entries
    assert page.title.text() == "2026-11-21 to 2027-11-20"
    before = len(model.entries())
    assert model.canFetchMore(model.index(-1, -1))
    while model.canFetchMore(model.index(-1, -1)):
        model.fetchMore(model.index(-1, -1))
        settled(page.desk, qtbot)
    assert len(model.entries()) > before
    counts = agenda.counts(page.desk.book, date(2026, 11, 21), date(2027, 11, 20))
    assert len(model.entries()) == sum(sum(of_day.values()) for of_day in counts.values())
    days = [entry.on for entry in model.entries()]
    assert days == sorted(days)
    assert not page._upper.isVisible()


def test_kinds_can_be_left_out_and_this_is_remembered(page, qtbot, desk):
    assert page.chips["license-end"].text().startswith("End  ")
    page.chips["license-end"].click()
    settled(desk, qtbot)
    assert "license-end" not in {entry.kind for entry in page.of_day.entries.entries()}
    assert all("license-end" not in of_day for of_day in page.surfaces["month"].counts.values())
    assert desk.state.get("calendar/hidden", []) == ["license-end"]
    page.chips["license-end"].click()
    settled(desk, qtbot)
    assert "license-end" in {entry.kind for entry in page.of_day.entries.entries()}


def test_a_day_without_events_says_so_and_enter_begins_one(page, qtbot, window):
    go(page, qtbot, date(2026, 11, 3))
    assert page.nothing.isVisible()
    qtbot.keyClick(page.surfaces["month"], Qt.Key.Key_Return)
    (wizard,) = window.findChildren(Wizard)
    assert wizard.draft().on == date(2026, 11, 3)
    wizard.reject()


def test_today_and_turning_the_pages(page, qtbot):
    page.before.click()
    assert page.title.text() == "October 2026"
    page.today_button.click()
    assert page.title.text() == "November 2026"
    assert not page.today_button.isEnabled()


def test_a_place_leads_to_an_event_also_of_a_kind_that_is_hidden(page, qtbot, desk, talk):
    page.chips["custom"].click()
    desk.go(Place("calendar", f"manual|{talk}", "2026-11-24"))
    settled(desk, qtbot)
    assert page.day == date(2026, 11, 24)
    assert page.entry().name == "Talk to the reseller"
    with qtbot.waitSignal(desk.told) as said:
        desk.go(Place("calendar", "manual|99"))
    assert said.args[1] == "warning"


@pytest.mark.usefixtures("dressed")
def test_another_day_of_judgement_marks_that_day(page, qtbot, desk):
    with qtbot.waitSignal(desk.day_changed):
        desk.judge(date(2026, 11, 5))
    settled(desk, qtbot)
    assert page.surfaces["month"].as_of == date(2026, 11, 5)
    page.grab()


def test_while_no_book_is_open_nothing_is_asked(page, desk):
    desk.close()
    assert page.details.entry is None


# ------------------------------------------------------------------------------------------------------------- reasons
def test_an_automatic_event_says_why_it_is_there_and_cannot_be_edited(page, qtbot):
    settled(page.desk, qtbot)
    assert page.entry().kind == "license-end"
    assert page.details.why.rule == "lifecycle.license-end"
    said = told(page)
    assert "Why is this here?" in said
    assert "Automatic: it follows its contract and cannot be edited. Change the contract instead." in said
    assert "Edit…" not in page.details.buttons()
    page.actions_["edit"].trigger()
    assert page.question.text() == "This event is automatic."
    page.question.close()
    page.actions_["remove"].trigger()
    assert page.question.text() == "This event is automatic."
    page.question.close()


def test_an_automatic_event_is_acknowledged_and_undo_takes_that_back(page, qtbot, desk):
    settled(desk, qtbot)
    before = content_hash(desk.book)
    page.details.buttons()["Acknowledge"].click()
    settled(desk, qtbot)
    assert page.entry().done
    assert content_hash(desk.book) != before
    page.details.buttons()["Take back"].click()
    settled(desk, qtbot)
    assert not page.entry().done
    desk.undo()
    desk.undo()
    assert content_hash(desk.book) == before


def test_the_rule_and_the_facts_lead_on(page, qtbot, desk):
    settled(desk, qtbot)
    with qtbot.waitSignal(desk.asked) as asked:
        page.details.buttons()["lifecycle.license-end"].click()
    assert asked.args[0] == Place("rulebook", "lifecycle.license-end")


# ------------------------------------------------------------------------------------------------- events of one's own
def test_an_event_of_ones_own_is_edited_done_and_removed(page, qtbot, desk, window, talk):
    go(page, qtbot, date(2026, 11, 24))
    assert page.entry().name == "Talk to the reseller"
    page.of_day.opened.emit(page.entry())
    (wizard,) = window.findChildren(Wizard)
    assert wizard.windowTitle() == "Edit event"
    wizard.reject()
    page.actions_["done"].trigger()
    settled(desk, qtbot)
    assert page.entry().done
    assert "Reopen" in page.details.buttons()
    page.actions_["done"].trigger()
    settled(desk, qtbot)
    assert not page.entry().done
    before = content_hash(desk.book)
    page.actions_["remove"].trigger()
    next(one for one in page.question.buttons() if one.text() == "Remove").click()
    settled(desk, qtbot)
    assert page.entry() is None
    desk.undo()
    assert content_hash(desk.book) == before


def test_reopening_one_day_of_an_event_that_repeats_keeps_the_earlier_days_done(page, qtbot, desk, contract):
    event = ManualEvent(contract, "activity-log", date(2026, 9, 30), "Count", repeat="monthly")
    number = desk.do("Add event", lambda book: calendar.save(book, event))
    go(page, qtbot, date(2026, 11, 30))
    place = page.of_day.entries.row_of(f"manual|{number}", date(2026, 11, 30))
    page.of_day.setCurrentIndex(page.of_day.entries.index(place))
    page.actions_["done"].trigger()
    settled(desk, qtbot)
    page.acknowledge(page.entry())
    settled(desk, qtbot)
    assert [entry.done for entry in agenda.of_day(desk.book, date(2026, 10, 30), {"activity-log"})] == [True]
    assert [entry.done for entry in agenda.of_day(desk.book, date(2026, 11, 30), {"activity-log"})] == [False]


def test_the_context_menu_offers_what_the_details_offer(page, qtbot):
    settled(page.desk, qtbot)
    page.of_day.customContextMenuRequested.emit(QPoint(20, 20))
    menu = page.findChildren(QMenu)[-1]
    assert "Acknowledge" in [action.text() for action in menu.actions()]
    menu.close()
    page.of_day.customContextMenuRequested.emit(QPoint(20, 5000))


def test_what_the_book_refuses_is_told(page, qtbot, desk, talk):
    go(page, qtbot, date(2026, 11, 24))
    entry = page.entry()
    calendar.remove(desk.book, talk)
    with qtbot.waitSignal(desk.told) as said:
        page._remove(entry)
    assert said.args[1] == "error"


# -------------------------------------------------------------------------------------------------------------- export
def test_the_calendar_is_exported_with_the_kinds_that_are_shown(page, qtbot, desk, tmp_path, talk):
    for kind in looks.KINDS:
        if kind not in {"license-end", "custom"}:
            page.chips[kind].click()
    page._show_export()
    menu = page.findChildren(QMenu)[-1]
    assert [action.text() for action in menu.actions()] == ["Events from 2026-11-21 on…", "All events…"]
    menu.close()
    page.ask_export(desk.as_of)
    with qtbot.waitSignal(desk.told) as said:
        page.dialog.fileSelected.emit(str(tmp_path / "estate.ics"))
    page.dialog.close()
    assert said.args[1] == "positive"
    events = icalendar.Calendar.from_ical(Path(tmp_path / "estate.ics").read_bytes()).walk("VEVENT")
    assert {str(event["categories"].to_ical(), "utf-8") for event in events} == {"License end", "Event of your own"}
    assert min(event["dtstart"].dt for event in events) == date(2026, 11, 21)


# ------------------------------------------------------------------------------------------------------------ reminders
def test_reminders_are_shown_above_the_calendar_and_marked_as_done(page, qtbot, desk, talk):
    assert page.reminders.isVisible()
    assert [own.name for own in page.reminders.shown] == ["Talk to the reseller"]
    page.reminders._done(page.reminders.shown[0])
    assert not page.reminders.isVisible()
    desk.undo()
    assert page.reminders.isVisible()


def test_a_reminder_is_put_off_until_tomorrow(page, desk, talk):
    page.reminders._later(page.reminders.shown[0])
    assert not page.reminders.isVisible()
    assert pending(desk) == []


def test_what_was_missed_is_overdue_and_more_than_two_fold_up(page, qtbot, desk, contract, talk):
    for day in (1, 2, 3):
        event = ManualEvent(contract, "custom", date(2026, 11, day), f"Missed {day}")
        desk.do("Add event", lambda book, event=event: calendar.save(book, event))
    assert page.reminders._head.text() == "4 reminders, 3 overdue"
    assert page.reminders._more.text() == "Show 2 more"
    page.reminders._more.click()
    assert page.reminders._more.text() == "Show fewer"
    with qtbot.waitSignal(desk.asked) as asked:
        page.reminders._open(page.reminders.shown[0])
    assert asked.args[0].tab == "2026-11-01"


def test_a_reminder_comes_at_its_time_of_day_and_not_before(desk, contract):
    late = ManualEvent(contract, "custom", date(2026, 11, 22), "Late", None, time(23, 59), 1)
    early = ManualEvent(contract, "custom", date(2026, 11, 22), "Early", None, time(0, 1), 1)
    silent = ManualEvent(contract, "custom", date(2026, 11, 21), "Silent", notify=False)
    for event in (late, early, silent):
        calendar.save(desk.book, event)
    assert [own.name for own in pending(desk)] == ["Early"]


# -------------------------------------------------------------------------------------------------------------- counting
def test_months_are_counted_from_the_same_day_and_stop_at_the_edges():
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert months_later(date(9998, 12, 31), 1) == date(9998, 12, 31)


def test_a_month_has_whole_weeks():
    found = weeks(2026, 11)
    assert all(len(week) == 7 for week in found)
    assert date(2026, 11, 1) in found[0]
    assert date(2026, 11, 30) in found[-1]


def test_several_events_of_a_kind_are_told_by_their_number():
    assert looks.lines({"license-end": 2, "expiration-warning": 1}, []) == [
        ("license-end", "2 ends"),
        ("expiration-warning", "1 warning"),
    ]
    assert looks.spoken({}) == "no events"


def test_what_is_due_or_overdue_is_told_when_a_book_is_opened_and_stays_until_it_was_seen(
    desk, contract, talk, window, qtbot
):
    missed = ManualEvent(contract, "custom", date(2026, 11, 18), "Confirm the renewal", None)
    desk.do("Add event", lambda book: calendar.save(book, missed))
    desk.go(Place("home"))
    desk.open(desk.book.path)
    settled(desk, qtbot)
    assert window.toasts.text() == "2 reminders, 1 overdue."
    assert not window.toasts._timer.isActive()
    QApplication.sendEvent(window.toasts._shown, QEvent(QEvent.Type.Leave))
    assert not window.toasts._timer.isActive()
    next(one for one in window.findChildren(QPushButton) if one.text() == "Show in the calendar").click()
    assert window.place() == Place("calendar")
    assert window.toasts.text() == ""
    desk.open(desk.book.path)  # the calendar is the last page now, and has them above it
    assert window.toasts.text() == ""
