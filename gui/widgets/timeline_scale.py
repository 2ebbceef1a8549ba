"""Where days stand on a timeline: the scale, the lines of its calendar, rows of bars, clusters of marks; no drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

_T = TypeVar("_T")

_MONTH: Final = 30.44
_YEAR: Final = 365.25
_LAST_YEAR: Final = 9990

_STEPS: Final = (
    (1.0, "day", 1),
    (7.0, "day", 7),
    (_MONTH, "month", 1),
    (3 * _MONTH, "month", 3),
    (_YEAR, "year", 1),
    (2 * _YEAR, "year", 2),
    (5 * _YEAR, "year", 5),
    (10 * _YEAR, "year", 10),
    (50 * _YEAR, "year", 50),
)
"""Distances between the lines of the calendar in days, finest first."""


@dataclass(frozen=True)
class Scale:
    """Days (ordinals) `first` to `last` on pixels `left` to `right`."""

    first: int
    last: int
    left: float
    right: float

    @property
    def per_day(self) -> float:
        """Pixels of a day."""
        return (self.right - self.left) / max(1, self.last - self.first)

    def x(self, day: float) -> float:
        """The pixel at which a day begins."""
        return self.left + (day - self.first) * self.per_day

    def day(self, x: float) -> float:
        """The day at a pixel."""
        return self.first + (x - self.left) / self.per_day

    def zoomed(self, factor: float, about: float) -> Scale:
        """A scale that shows `factor` times as many days, where the day `about` stays where it is."""
        span = max(7.0, (self.last - self.first) * factor)
        share = (about - self.first) / max(1, self.last - self.first)
        first = max(1, round(about - share * span))
        return Scale(first, min(round(first + span), date.max.toordinal()), self.left, self.right)

    def moved(self, days: int) -> Scale:
        """A scale that shows the same time, so many days later."""
        away = max(days, 1 - self.first)
        return Scale(self.first + away, self.last + away, self.left, self.right)


def span(days: Iterable[int], as_of: int, *, endless: bool) -> tuple[int, int]:
    """The first and the last day to show, with some air: all `days` and the as-of day; more where there are no ends."""
    known = [*days, as_of]
    first, last = min(known), max(known)
    if endless:
        last = max(last, as_of + 365, first + round((last - first) * 1.1))
    air = max(10, round((last - first) * 0.04))
    return max(1, first - air), min(last + air, date.max.toordinal())


def ticks(scale: Scale, room: float) -> Iterator[tuple[int, str]]:
    """The lines of the calendar, at least `room` pixels apart: their days and what is written there."""
    unit, count = next(((u, c) for length, u, c in _STEPS if length * scale.per_day >= room), _STEPS[-1][1:])
    if unit == "day":
        yield from _days(scale, count)
    elif unit == "month":
        yield from _months(scale, count)
    else:
        yield from _years(scale, count)


def _days(scale: Scale, count: int) -> Iterator[tuple[int, str]]:
    """Weeks begin on Mondays; the ordinal of a Monday leaves 1."""
    for day in range(scale.first + (1 - scale.first) % count, scale.last + 1, count):
        yield day, f"{date.fromordinal(day):%d %b}"


def _months(scale: Scale, count: int) -> Iterator[tuple[int, str]]:
    at = date.fromordinal(scale.first).replace(day=1)
    at = at.replace(month=(at.month - 1) // count * count + 1)
    while at.toordinal() <= scale.last and at.year < _LAST_YEAR:
        if at.toordinal() >= scale.first:
            yield at.toordinal(), str(at.year) if at.month == 1 else f"{at:%b}"
        at = (at + timedelta(days=31 * count)).replace(day=1)
        at = at.replace(month=(at.month - 1) // count * count + 1)


def _years(scale: Scale, count: int) -> Iterator[tuple[int, str]]:
    first, last = date.fromordinal(scale.first).year, date.fromordinal(scale.last).year
    for year in range(-(-first // count) * count, last + 1, count):
        if year > 0 and date(year, 1, 1).toordinal() >= scale.first:
            yield date(year, 1, 1).toordinal(), str(year)


def pack(terms: Sequence[tuple[int, int]]) -> list[int]:
    """A row for each term (first and last day), so that no terms of a row overlap; as few rows as possible."""
    rows: list[int] = []
    places = [0] * len(terms)
    for number in sorted(range(len(terms)), key=lambda n: terms[n]):
        first, last = terms[number]
        free = next((row for row, end in enumerate(rows) if end < first), len(rows))
        rows[free:] = [last, *rows[free + 1 :]]
        places[number] = free
    return places


def clusters(items: Sequence[_T], xs: Sequence[float], room: float) -> list[tuple[float, list[_T]]]:
    """Items at their pixels (rising), those closer than `room` together: the pixel of the first one, and the items."""
    found: list[tuple[float, list[_T]]] = []
    for item, x in zip(items, xs, strict=True):
        if found and x - found[-1][0] < room:
            found[-1][1].append(item)
        else:
            found.append((x, [item]))
    return found
