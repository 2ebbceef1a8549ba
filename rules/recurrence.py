"""Days on which an event comes again, and the days on which somebody is reminded of it."""

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

ONCE = "none"
_MONTHS = {ONCE: 0, "monthly": 1, "quarterly": 3, "yearly": 12}
REPEATS = tuple(_MONTHS)
"""How an event may come again."""


def occurrence(start: date, repeat: str, number: int) -> date:
    """Return the day of an event's repetition (0 is the first), counted from its first day.

    So 31 January comes monthly on 28 February and 31 March: a month too short gives its last day. `KeyError` for a
    repetition that is none, `ValueError` or `OverflowError` beyond the calendar.
    """
    return start + relativedelta(months=number * _MONTHS[repeat])


def occurrences(start: date, repeat: str, first: date, last: date) -> Iterator[date]:
    """Yield the days of an event from `first` to `last`, both included, earliest first."""
    months = _MONTHS[repeat]
    if not months:
        if first <= start <= last:
            yield start
        return
    passed = (first.year - start.year) * 12 + first.month - start.month
    number = max(0, passed // months)
    while (on := occurrence(start, repeat, number)) <= last:
        if on >= first:
            yield on
        number += 1


def latest(start: date, repeat: str, day: date) -> date | None:
    """Return the last day of an event up to `day`; None when it has not come yet."""
    months = _MONTHS[repeat]
    if start > day or not months:
        return start if start <= day else None
    number = ((day.year - start.year) * 12 + day.month - start.month) // months
    found = occurrence(start, repeat, number)
    return found if found <= day else occurrence(start, repeat, number - 1)


def reminder_days(on: date, days: int) -> list[date]:
    """Return the days on which is reminded of an event: so many, the last of them the day before it."""
    return [on - timedelta(days=before) for before in range(days, 0, -1)]
