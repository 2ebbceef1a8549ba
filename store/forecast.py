"""What the next months bring if nobody acts: the days on which positions change, what falls short, what it costs.

The days are judged by the rules, as every day is, and nothing of it is stored. Only what a day changes is judged anew:
the transfer groups in which a purchase begins or has ended, a right begins or has ended, or a version is released.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta

from store import settings
from store.ahead import days, looking
from store.ahead.looking import Asked, Found
from store.ahead.shape import CAUSES, Cause, Change, Day, Forecast, Point, Shortage, Standing
from store.book import Book
from store.bulk import collector_off
from store.errors import Unfit

__all__ = ["CAUSES", "Cause", "Change", "Day", "Forecast", "Point", "Shortage", "Standing", "ahead", "until", "year"]

MONTHS: Final = 24
"""How far ahead a forecast looks unless it is told otherwise."""

MOST_MONTHS: Final = 120
"""How far ahead it may look."""

_YEAR: Final = 12

Progress = Callable[[int, int], None]
"""Called with how many of how many steps are done."""


def judged_on(book: Book) -> date:
    """The day that the book was last judged on. Raises Unfit if it never was."""
    day = settings.get(book, "as_of")
    if not day:
        raise Unfit("the book has not been judged on any day yet; choose a day first.")
    return date.fromisoformat(day)


def until(as_of: date, months: int = _YEAR) -> date:
    """The last day that is foreseen from a day on."""
    return as_of + relativedelta(months=months)


def ahead(
    book: Book,
    *,
    as_of: date,
    months: int = MONTHS,
    groups: Collection[int] | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """What changes from a day on, of the whole book or of some transfer groups.

    What the book says of the day that it was last judged on is taken as it stands; any other first day is judged, too.
    Raises Unfit for a book that was never judged, and for a horizon that is none.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise Unfit(f"months: {months} is not possible; a number from 1 to {MOST_MONTHS} is.")
    found = Found()
    with book.reading(), collector_off():
        stands = judged_on(book) == as_of
        span = as_of.toordinal(), until(as_of, months).toordinal()
        chosen = None if groups is None else frozenset(groups)
        asked = Asked(*span, stands=stands, groups=chosen)
        ranges = looking.ranges(book, chosen)
        for number, between in enumerate(ranges):
            looking.look(book, between, asked, found)
            if progress is not None:
                progress(number + 1, len(ranges))
    return found.forecast(asked)


def year(book: Book, *, as_of: date, progress: Progress | None = None) -> list[Point]:
    """The first day and every later day of 12 months on which a term ends or begins, or what is short changes."""
    found = ahead(book, as_of=as_of, months=_YEAR, progress=progress)
    return points(found, days.turns(book, as_of.toordinal(), found.until.toordinal()))


def points(found: Forecast, turns: days.Turns) -> list[Point]:
    """A forecast as what is short from a day on; `turns` are the terms that end and begin."""
    short = {day.on.toordinal(): (day.positions, day.shortfall) for day in found.days}
    points = [Point(found.as_of, found.positions, found.shortfall)]
    for day in sorted(turns.keys() | short.keys()):
        held = points[-1].positions, points[-1].shortfall
        if day in turns or short[day] != held:
            points.append(Point(date.fromordinal(day), *short.get(day, held), *turns.get(day, (0, 0))))
    return points
