"""What a person does with the calendar: events of one's own; automatic ones follow their contract."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from store import calendar, contracts, readers
from store.errors import Unfit, Unknown
from store.records import ManualEvent
from tests.conftest import snapshot_of
from tests.estates import item, of

TALK = ManualEvent("C1", "status-update", date(2026, 12, 1), "Talk to Contoso")


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 100)))
    return book


def own(book):
    return [(e["on"], e["kind"], e["contract"]) for e in snapshot_of(book)["events"] if not e["automatic"]]


def test_an_event_of_ones_own_stands_in_the_calendar_and_can_be_moved_and_removed(estate):
    number = calendar.save(estate, TALK)
    assert own(estate) == [("2026-12-01", "status-update", "C1")]

    assert calendar.save(estate, replace(TALK, on=date(2026, 12, 8), id=number)) == number
    assert own(estate) == [("2026-12-08", "status-update", "C1")]

    calendar.remove(estate, number)
    assert own(estate) == []
    assert [row[0] for row in estate.rows("SELECT action FROM change_log WHERE subject = 'manual_events'")] == [
        "add",
        "change",
        "remove",
    ]


@pytest.mark.parametrize(
    ("event", "fault", "sentence"),
    [
        (replace(TALK, kind="purchased"), Unfit, "purchased events are automatic: they follow their contract"),
        (replace(TALK, kind="party"), Unfit, "'party' is none; possible are status-update, activity-log, custom"),
        (replace(TALK, name=" "), Unfit, "display name: is empty"),
        (replace(TALK, contract="C9"), Unknown, "contracts: there is no 'C9'"),
        (replace(TALK, id=77), Unknown, "the calendar has no event 77 of yours"),
    ],
)
def test_what_no_event_of_ones_own_can_be_is_refused(event, fault, sentence, estate):
    with pytest.raises(fault, match=sentence):
        calendar.save(estate, event)
    assert own(estate) == []


def test_an_automatic_event_cannot_be_removed_by_its_number(estate):
    automatic = estate.value("SELECT min(id) FROM events")
    with pytest.raises(Unknown, match="automatic events cannot be removed"):
        calendar.remove(estate, automatic)
    assert len(snapshot_of(estate)["events"]) == 2


# ---------------------------------------------------------------------------------------------------------- reminding
WINDOWS = replace(TALK, name="Windows 11 seats", remind_at=time(10), remind_days=30)


def moment(text):
    return datetime.fromisoformat(text)


def moments(book, since, until):
    return [reminder.at for reminder in calendar.reminders(book, since, until)]


def test_daily_reminders_come_in_the_last_thirty_days_before_the_event(estate):
    calendar.save(estate, WINDOWS)
    found = moments(estate, moment("2026-01-01 00:00"), moment("2027-12-31 00:00"))
    assert len(found) == 30
    assert (found[0], found[-1]) == (moment("2026-11-01 10:00"), moment("2026-11-30 10:00"))


def test_daily_reminders_come_in_the_last_fourteen_days_before_the_event(estate):
    calendar.save(estate, replace(WINDOWS, kind="activity-log", on=date(2026, 12, 16), remind_days=14))
    found = calendar.reminders(estate, moment("2026-01-01 00:00"), moment("2027-12-31 00:00"))
    assert len(found) == 14
    assert (found[0].at, found[-1].at) == (moment("2026-12-02 10:00"), moment("2026-12-15 10:00"))
    assert found[0].of == calendar.Own(1, "C1", "activity-log", "Windows 11 seats", date(2026, 12, 16), 14)


def test_reminders_are_asked_for_from_one_moment_to_another(estate):
    calendar.save(estate, WINDOWS)
    assert moments(estate, moment("2026-11-21 10:00"), moment("2026-11-21 10:00")) == [moment("2026-11-21 10:00")]
    assert moments(estate, moment("2026-11-21 10:01"), moment("2026-11-22 09:59")) == []


def test_reminders_of_several_events_come_in_their_order(estate):
    calendar.save(estate, WINDOWS)
    calendar.save(estate, replace(WINDOWS, remind_at=time(8, 30), remind_days=2))
    found = calendar.reminders(estate, moment("2026-11-29 00:00"), moment("2026-12-01 00:00"))
    assert [(reminder.at.day, reminder.at.hour, reminder.of.event) for reminder in found] == [
        (29, 8, 2),
        (29, 10, 1),
        (30, 8, 2),
        (30, 10, 1),
    ]


def test_an_event_that_comes_again_reminds_again(estate):
    calendar.save(estate, replace(WINDOWS, on=date(2027, 1, 31), repeat="monthly", remind_days=1))
    found = moments(estate, moment("2027-01-01 00:00"), moment("2027-04-30 00:00"))
    assert [at.date().isoformat() for at in found] == ["2027-01-30", "2027-02-27", "2027-03-30", "2027-04-29"]


def test_a_time_that_the_clocks_leave_out_is_the_next_minute_that_there_is(estate):
    berlin = ZoneInfo("Europe/Berlin")
    calendar.save(estate, replace(WINDOWS, on=date(2027, 3, 30), remind_at=time(2, 30), remind_days=3))
    found = moments(estate, datetime(2027, 3, 1, tzinfo=berlin), datetime(2027, 4, 1, tzinfo=berlin))
    assert [at.isoformat() for at in found] == [
        "2027-03-27T02:30:00+01:00",
        "2027-03-28T03:00:00+02:00",
        "2027-03-29T02:30:00+02:00",
    ]


def test_who_does_not_want_to_be_notified_is_not(estate):
    calendar.save(estate, replace(WINDOWS, notify=False))
    assert moments(estate, moment("2026-01-01 00:00"), moment("2027-12-31 00:00")) == []
    assert calendar.overdue(estate, date(2027, 1, 1)) == calendar.due(estate, date(2026, 12, 1)) == []
    assert len(own(estate)) == 1


def test_what_is_due_is_told_from_the_first_reminder_to_the_day_itself(estate):
    calendar.save(estate, WINDOWS)

    def due(day):
        return [(found.on, found.days) for found in calendar.due(estate, date.fromisoformat(day))]

    on = date(2026, 12, 1)
    assert due("2026-10-31") == []
    assert due("2026-11-01") == [(on, 30)]
    assert due("2026-12-01") == [(on, 0)]
    assert due("2026-12-02") == []


def test_an_event_that_has_passed_is_overdue_until_it_is_acknowledged(estate):
    number = calendar.save(estate, TALK)
    assert calendar.overdue(estate, date(2026, 12, 1)) == []
    (found,) = calendar.overdue(estate, date(2026, 12, 4))
    assert (found.event, found.on, found.days) == (number, date(2026, 12, 1), -3)

    calendar.acknowledge_own(estate, number, date(2026, 12, 1))
    assert calendar.overdue(estate, date(2026, 12, 4)) == []
    calendar.acknowledge_own(estate, number, None)
    assert len(calendar.overdue(estate, date(2026, 12, 4))) == 1


def test_an_event_done_in_time_reminds_no_more_but_its_repetition_does(estate):
    number = calendar.save(estate, replace(WINDOWS, repeat="yearly", remind_days=2))
    calendar.acknowledge_own(estate, number, date(2026, 12, 1))
    assert calendar.due(estate, date(2026, 11, 30)) == []
    found = moments(estate, moment("2026-11-01 00:00"), moment("2027-12-31 00:00"))
    assert [at.year for at in found] == [2027, 2027]
    assert calendar.overdue(estate, date(2028, 1, 1))[0].on == date(2027, 12, 1)


def test_an_event_moved_to_another_day_is_not_done_yet(estate):
    number = calendar.save(estate, TALK)
    calendar.acknowledge_own(estate, number, date(2026, 12, 1))
    calendar.save(estate, replace(TALK, id=number, name="Talk again"))
    assert calendar.overdue(estate, date(2027, 1, 1)) == []
    calendar.save(estate, replace(TALK, id=number, on=date(2026, 12, 8)))
    assert [found.on for found in calendar.overdue(estate, date(2027, 1, 1))] == [date(2026, 12, 8)]


def test_the_time_frame_of_an_event_is_read_back_as_it_was_entered(estate):
    full = replace(WINDOWS, repeat="quarterly", notify=False)
    number = calendar.save(estate, full)
    assert readers.event(estate, number) == replace(full, id=number)
    assert readers.event(estate, calendar.save(estate, TALK)) == replace(TALK, id=number + 1)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (replace(TALK, repeat="weekly"), "repeat: 'weekly' is none; possible are none, monthly, quarterly, yearly"),
        (replace(TALK, remind_days=5), "reminders: name the time of day for them"),
        (replace(WINDOWS, remind_days=-1), "reminders: -1 days are not possible; 0 to 3,660 are"),
        (replace(WINDOWS, remind_days=4000), "reminders: 4,000 days are not possible"),
    ],
)
def test_an_impossible_time_frame_is_refused(event, sentence, estate):
    with pytest.raises(Unfit, match=sentence):
        calendar.save(estate, event)


def test_only_an_event_that_is_there_can_be_acknowledged(estate):
    with pytest.raises(Unknown, match="no event 7 of yours"):
        calendar.acknowledge_own(estate, 7, date(2026, 1, 1))
    with pytest.raises(Unknown, match="no automatic event 77"):
        calendar.acknowledge(estate, 77)


# -------------------------------------------------------------------------------------------------- automatic events
def seen(book):
    names = dict(book.rows("SELECT id, kind || ' ' || on_day FROM events"))
    return sorted(names[number] for number in calendar.acknowledged(book))


def test_automatic_events_can_be_acknowledged_and_stay_as_they_are(estate):
    before = snapshot_of(estate)
    for (number,) in estate.rows("SELECT id FROM events ORDER BY id"):
        calendar.acknowledge(estate, number)
        calendar.acknowledge(estate, number)
    assert seen(estate) == ["contract-invoiced 2024-01-15", "purchased 2024-02-01"]
    assert snapshot_of(estate) == before

    calendar.acknowledge(estate, estate.value("SELECT id FROM events WHERE kind = 'purchased'"), seen=False)
    assert seen(estate) == ["contract-invoiced 2024-01-15"]


def test_an_acknowledged_event_that_moves_wants_to_be_seen_again(estate):
    for (number,) in estate.rows("SELECT id FROM events ORDER BY id"):
        calendar.acknowledge(estate, number)
    contracts.save_item(estate, replace(readers.item(estate, "C1", "1"), license_start=date(2024, 3, 1)))
    assert seen(estate) == ["contract-invoiced 2024-01-15"]
    contracts.save_item(estate, replace(readers.item(estate, "C1", "1"), license_start=date(2024, 2, 1)))
    assert seen(estate) == ["contract-invoiced 2024-01-15", "purchased 2024-02-01"]


def test_acknowledging_is_personal(estate):
    calendar.acknowledge(estate, estate.value("SELECT min(id) FROM events"))
    assert calendar.acknowledged(replace(estate, who="bob")) == set()
