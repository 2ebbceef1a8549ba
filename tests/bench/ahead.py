"""The measures of what is to come: a forecast of two years, against judging a single day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import count

from store import derivation, forecast
from store.book import Book
from tests.bench import prepared
from tests.bench.child import opened
from tests.bench.estate import AS_OF
from tests.bench.measures import Scale
from tests.bench.timing import Figure, Time, compared, interleaved, timed

BUSY = date(2021, 11, 21)
"""A day of the generated estate after which every family changes, most of them several times."""


def forecasts(scale: Scale) -> Iterable[Figure]:
    """Two years ahead of the day of judgement, and of a day before the busiest years, which is judged as well.

    Judging a day is what the window does when another day is chosen.
    """
    with prepared.workplace() as place, opened(prepared.copy(prepared.book(scale.families), place)) as book:
        turn = count(1)

        def judge() -> Time:
            return timed(lambda: derivation.recalculate(book, as_of=AS_OF + timedelta(next(turn) % 2)))

        judge()
        day, ahead, busy = interleaved(scale.rounds, judge, lambda: _ahead(book), lambda: _ahead(book, BUSY))
        found = forecast.ahead(book, as_of=BUSY)
    changes = sum(len(one.changes) for one in found.days)
    yield compared(f"forecast: 24 months of {scale.families:,} families / judging one day", ahead, day, 3.0)
    yield compared(f"forecast: {changes:,} changes on {len(found.days)} days / judging one day", busy, day)


def _ahead(book: Book, first: date | None = None) -> Time:
    as_of = first or forecast.judged_on(book)
    return timed(lambda: forecast.ahead(book, as_of=as_of))


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"forecasts": forecasts}
