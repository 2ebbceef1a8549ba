"""The calendar as a file that other programs read."""

from datetime import date, time, timedelta

import icalendar
import pytest

from store import calendar, calendar_export
from store.calendar_export import Told
from store.records import ManualEvent
from store.snapshots.saving import SavingFault
from tests.estates import dated


@pytest.fixture
def estate(book, fill):
    fill(book, dated())
    return book


def words(entry):
    return Told(entry.name or f"{entry.kind} of {entry.contract}", entry.kind, entry.rule)


def exported(book, tmp_path, **how):
    path = tmp_path / "calendar.ics"
    count = calendar_export.export(book, path, words, **how)
    events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert len(events) == count
    return events


def test_every_event_is_one_of_a_whole_day(estate, tmp_path):
    events = exported(estate, tmp_path, first=date(2026, 12, 31))
    assert [(str(e["summary"]), e["dtstart"].dt, e["dtend"].dt) for e in events] == [
        ("expiration-warning of C1", date(2026, 12, 31), date(2027, 1, 1)),
        ("license-end of C1", date(2026, 12, 31), date(2027, 1, 1)),
    ]
    assert {str(e["transp"]) for e in events} == {"TRANSPARENT"}
    assert len(exported(estate, tmp_path)) == 9
    assert len(exported(estate, tmp_path, kinds={"license-end"}, last=date(2026, 12, 30))) == 0


def test_an_event_that_moves_keeps_its_identity_and_the_same_book_gives_the_same_bytes(estate, tmp_path):
    number = calendar.save(estate, ManualEvent("C1", "custom", date(2026, 12, 1), "Talk"))
    before = exported(estate, tmp_path, kinds={"custom"})
    first = (tmp_path / "calendar.ics").read_bytes()
    exported(estate, tmp_path, kinds={"custom"})
    assert (tmp_path / "calendar.ics").read_bytes() == first
    calendar.save(estate, ManualEvent("C1", "custom", date(2026, 12, 8), "Talk", id=number))
    after = exported(estate, tmp_path, kinds={"custom"})
    assert before[0]["uid"] == after[0]["uid"]
    assert before[0]["dtstart"].dt != after[0]["dtstart"].dt
    every = exported(estate, tmp_path)
    assert len({str(e["uid"]) for e in every}) == len(every)


def test_reminders_become_alarms_on_each_of_the_days_before(estate, tmp_path):
    calendar.save(estate, ManualEvent("C1", "custom", date(2026, 12, 16), "Talk", None, time(10), 14))
    (event,) = exported(estate, tmp_path, kinds={"custom"})
    moments = [alarm["trigger"].dt for alarm in event.walk("VALARM")]
    assert len(moments) == 14
    assert moments[0] == timedelta(hours=10) - timedelta(days=14)
    assert moments[-1] == timedelta(hours=10) - timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "repeat", "rule"),
    [
        ("2026-12-05", "monthly", "FREQ=MONTHLY;INTERVAL=1"),
        ("2026-12-31", "monthly", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("2026-12-29", "quarterly", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("2026-12-31", "yearly", "FREQ=YEARLY;INTERVAL=1"),
        ("2028-02-29", "yearly", "FREQ=YEARLY;INTERVAL=1;BYMONTHDAY=28,29;BYMONTH=2;BYSETPOS=-1"),
    ],
)
def test_a_repetition_falls_on_the_last_day_of_months_that_are_too_short(day, repeat, rule, estate, tmp_path):
    calendar.save(estate, ManualEvent("C1", "custom", date.fromisoformat(day), "Talk", repeat=repeat))
    (event,) = exported(estate, tmp_path, kinds={"custom"})
    assert event["rrule"].to_ical().decode() == rule


def test_text_cannot_bring_in_lines_of_its_own(estate, tmp_path):
    calendar.save(estate, ManualEvent("C1", "custom", date(2026, 12, 1), r"a, b; c \n END:VEVENT " + "x" * 200))
    (event,) = exported(estate, tmp_path, kinds={"custom"})
    assert str(event["summary"]).startswith(r"a, b; c \n END:VEVENT")
    assert max(map(len, (tmp_path / "calendar.ics").read_bytes().split(b"\r\n"))) <= 75


def test_the_last_day_of_all_days_has_no_day_after_it(estate, tmp_path):
    calendar.save(estate, ManualEvent("C1", "custom", date.max, "Never"))
    (event,) = exported(estate, tmp_path, kinds={"custom"})
    assert event["dtstart"].dt == date.max


def test_progress_is_told_and_what_stops_it_leaves_the_earlier_file(estate, tmp_path):
    told = []
    exported(estate, tmp_path, report=lambda done, steps: told.append((done, steps)))
    assert told[-1] == (9, 9)
    before = (tmp_path / "calendar.ics").read_bytes()

    def stop(done, steps):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calendar_export.export(estate, tmp_path / "calendar.ics", words, report=stop)
    assert (tmp_path / "calendar.ics").read_bytes() == before
    with pytest.raises(SavingFault):
        calendar_export.export(estate, tmp_path / "calendar.ics" / "below.ics", words)
