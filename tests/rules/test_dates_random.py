"""Days by the thousand against a calendar of whole numbers: terms, events, states. No library of dates in the oracle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

import pytest

from rules import recurrence
from rules.expiration import Term, states
from rules.lifecycle import Purchase, purchase_events
from rules.recurrence import REPEATS
from rules.vocabulary import NEVER

CASES = 5_000
LEADS = (90, 60, 30, 7)
_MONTHS = {"none": 0, "monthly": 1, "quarterly": 3, "yearly": 12}
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Day = tuple[int, int, int]


def number_of(day: Day) -> int:
    """How many days a day is after the last one of the year 0."""
    year, month, of_month = day
    before = year - 1
    leaps = before // 4 - before // 100 + before // 400
    return before * 365 + leaps + sum(length_of(year, each) for each in range(1, month)) + of_month


def length_of(year: int, month: int) -> int:
    """The days of a month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _LENGTHS[month - 1] + (leap and month == 2)


def later(day: Day, months: int) -> Day:
    """A day so many months later; a month too short gives its last."""
    year, month = divmod(day[0] * 12 + day[1] - 1 + months, 12)
    return year, month + 1, min(day[2], length_of(year, month + 1))


def some_day(random: Random) -> Day:
    """Any day of this century and the one before, one in four of them at the end of February or of a month."""
    year, month = random.randint(1950, 2090), random.randint(1, 12)
    if random.random() < 0.25:
        month = random.choice([2, month])
        return year, month, length_of(year, month)
    return year, month, random.randint(1, length_of(year, month))


def wrong(cases: Sequence[int]) -> list[str]:
    """What of so many cases is not as the whole numbers have it."""
    faults = [fault for case in cases for fault in _terms(Random(f"{case} t"))]
    terms = [_term(Random(f"{case} p")) for case in cases]
    judged = states([Term(*term, LEADS[0]) for term in terms])
    events = purchase_events([Purchase(1, first, last, 0) for first, last, _ in terms], LEADS)
    for (first, last, as_of), (state, _), found in zip(terms, judged, events, strict=True):
        if state != _state(first, last, as_of):
            faults.append(f"{first} to {last} on {as_of}: {state}")
        due = [] if last == NEVER else sorted((last - lead, lead) for lead in (0, *LEADS) if lead <= last - first)
        warned = sorted((event.on, event.lead) for event in found if event.kind == "expiration-warning")
        if warned != due:
            faults.append(f"{first} to {last}: warnings {warned}")
    return faults


def _terms(random: Random) -> list[str]:
    """Terms follow each other without a gap, each counted from the first day of the first one."""
    start, repeat, count = some_day(random), random.choice(REPEATS), random.randint(0, 40)
    wanted = later(start, count * _MONTHS[repeat])
    found = recurrence.occurrence(date(*start), repeat, count)
    faults = [] if found.toordinal() == number_of(wanted) else [f"{start} {repeat} {count}: {found}"]
    reminded, on = recurrence.reminder_days(found, count), number_of(wanted)
    if [day.toordinal() for day in reminded] != list(range(on - count, on)):
        faults.append(f"{found}: reminders {reminded}")
    return faults


def _term(random: Random) -> tuple[int, int, int]:
    """A purchase of some months, or of some days, or without end; and a day on which it is judged."""
    start = some_day(random)
    first = number_of(start)
    months, days = random.choice([1, 12, 12, 36]), random.choice([0, 1, 7, 30, 365])
    last = random.choice([number_of(later(start, months)) - 1, first + days, NEVER])
    as_of = random.choice([first - 1, first, last, last + 1, last - 90, last - 91, first + random.randint(-40, 1_200)])
    return first, last, max(1, min(as_of, NEVER - 1))


def _state(first: int, last: int, as_of: int) -> str:
    if as_of < first:
        return "upcoming"
    if as_of > last:
        return "expired"
    if as_of == last:
        return "final-day"
    return "expiring" if last != NEVER and last - as_of <= LEADS[0] else "active"


def _bites(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether terms are caught that are counted from the term before, so that the 31st becomes the 28th for ever."""

    def drifting(start: date, repeat: str, number: int) -> date:
        for _ in range(number):
            start = date(*later((start.year, start.month, start.day), _MONTHS[repeat]))
        return start

    with monkeypatch.context() as patch:
        patch.setattr(recurrence, "occurrence", drifting)
        return bool(wrong(range(200)))


@pytest.mark.parametrize("count", [CASES, pytest.param(200_000, marks=pytest.mark.deep)])
def test_terms_events_and_states_are_those_of_whole_numbers(count, promise, monkeypatch):
    assert _bites(monkeypatch), "the control: terms that are counted from the one before are caught"
    promise(
        "R23",
        "terms, reminders, warnings and states",
        count=2 * count,
        faults=wrong(range(count)),
        control="terms counted from the one before are caught",
    )
