"""When an event comes again, and on which days somebody is reminded of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.recurrence import REPEATS, latest, occurrence, occurrences, reminder_days

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
EVER = date(1990, 1, 1), date(2099, 12, 31)


@pytest.mark.parametrize(
    ("start", "repeat", "days"),
    [
        ("2027-01-31", "monthly", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("2024-02-29", "yearly", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2026-11-30", "quarterly", ["2026-11-30", "2027-02-28", "2027-05-30"]),
        ("2026-11-30", "none", ["2026-11-30", "2026-11-30"]),
    ],
)
def test_terms_are_counted_from_the_first_day_and_a_short_month_gives_its_last(start, repeat, days):
    first = date.fromisoformat(start)
    assert [occurrence(first, repeat, number).isoformat() for number in range(len(days))] == days


def test_an_event_that_comes_once_is_there_on_its_day_alone():
    day = date(2026, 12, 1)
    assert list(occurrences(day, "none", *EVER)) == [day]
    assert list(occurrences(day, "none", day, day)) == [day]
    assert list(occurrences(day, "none", day + timedelta(1), EVER[1])) == []


@settings(deadline=None)
@given(start=DAYS, repeat=st.sampled_from(REPEATS), first=DAYS, length=st.integers(0, 1_500))
def test_occurrences_in_a_span_are_those_of_all_that_lie_in_it(start, repeat, first, length):
    last = first + timedelta(days=length)
    every = [occurrence(start, repeat, number) for number in range(1 if repeat == "none" else 1_400)]
    assert list(occurrences(start, repeat, first, last)) == [day for day in every if first <= day <= last]


@settings(deadline=None)
@given(start=DAYS, repeat=st.sampled_from(REPEATS), day=DAYS)
def test_the_latest_is_the_last_one_up_to_a_day(start, repeat, day):
    every = list(occurrences(start, repeat, start, day))
    assert latest(start, repeat, day) == (every[-1] if every else None)


def test_thirty_reminders_of_an_event_on_the_first_of_december_begin_on_the_first_of_november():
    days = reminder_days(date(2026, 12, 1), 30)
    assert (len(days), days[0], days[-1]) == (30, date(2026, 11, 1), date(2026, 11, 30))
    assert reminder_days(date(2026, 12, 1), 0) == []
