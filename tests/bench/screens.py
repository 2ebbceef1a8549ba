"""What the store gives to a table of the window: the ids of first pages, in every order, for every search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from store import overviews
from store.book import Book
from store.listing import preparing
from store.overviews import OVERVIEWS, Ask
from tests.bench import large, prepared, promised
from tests.bench.child import opened
from tests.bench.large import QUERIES
from tests.bench.measures import Scale
from tests.bench.timing import Figure, compared, interleaved, seconds, timed

MILLION = 1_000_000


def book(entitlements: int) -> Path:
    """A book with so many entitlements, prepared for the window. It must not be changed.

    It is made anew where the tables are others; where the overviews want another index, it only gets that one.
    """
    made = prepared.HOME / f"window-{entitlements}-{prepared.digest(*_sources())}.elpis"
    if not made.exists():
        prepared.HOME.mkdir(parents=True, exist_ok=True)
        for stale in prepared.HOME.glob(f"window-{entitlements}-*"):
            stale.unlink()
        fresh = made.with_suffix(".unfinished")
        prepared.remove(fresh)
        with opened(fresh) as held:
            large.fill(held, entitlements)
        fresh.rename(made)
        prepared.remove(fresh)  # the lock that stayed behind
    with opened(made) as held:
        preparing.prepare(held, large=0)
    prepared.warm(made)
    return made


def _sources() -> list[Path]:
    """What decides which rows the book has."""
    store = prepared.ROOT / "store"
    return [
        Path(large.__file__),
        store / "search.py",
        store / "naming.py",
        *sorted((store / "migrations").glob("*.py")),
    ]


# ------------------------------------------------------------------------------------------------------- yardsticks
def like_scan(book: Book, text: str) -> list[int]:
    """All ids whose text holds the words, found without any index of words."""
    words = text.split()
    held = "(e.name || ' ' || p.vendor || ' ' || e.model || ' ' || m.code) LIKE ?"
    joins = "JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id"
    where = " AND ".join([held] * len(words))
    return [
        r[0] for r in book.rows(f"SELECT e.id FROM entitlements e {joins} WHERE {where}", [f"%{w}%" for w in words])
    ]


# ----------------------------------------------------------------------------------------------------------- figures
def screens(scale: Scale) -> Iterable[Figure]:
    """T8, and what the store alone takes for what a person does: a click on a column, a key, both together."""
    for count in (100_000, MILLION) if scale.families > 1_000 else (scale.families * 10,):
        with opened(book(count)) as held:
            yield from _orders(held, scale, count)
            yield from _looked_at(held, scale, count)
            yield from _searches(held, scale, count)


def _orders(held: Book, scale: Scale, count: int) -> Iterable[Figure]:
    """The slowest column of each overview."""
    for name, overview in OVERVIEWS.items():
        asks = [Ask(sort=field.name, descending=down) for field in overview.fields if field.sortable for down in _WAYS]
        works = [partial(overviews.first, held, name, ask) for ask in asks]
        yield _worst(f"T5: {name} by its slowest column, ids alone, ms, {count:,}", works, scale)


_WAYS = (False, True)


def _looked_at(held: Book, scale: Scale, count: int) -> Iterable[Figure]:
    """Times of single first pages of entitlements: a repaint is what they are compared with in a window."""
    keys = [Ask(text) for text in QUERIES]
    both = [Ask(text, sort=field) for text in QUERIES for field in ("name", "quantity")]
    for name, asks in (("T7: key", keys), ("T9: filter and sort", both)):
        works = [partial(overviews.first, held, "entitlements", ask) for ask in asks]
        yield _worst(f"{name}, the slowest, ids alone, ms, {count:,}", works, scale)


def _worst(name: str, works: Sequence[Callable[[], object]], scale: Scale) -> Figure:
    """The slowest of some works, each in its best time."""
    worst = max(min(timed(work, collect=False).wall for _ in range(scale.rounds)) for work in works)
    return Figure(name, seconds(worst), "", worst * 1e3)


def _searches(held: Book, scale: Scale, count: int) -> Iterable[Figure]:
    """T8 for every query; the bar holds for a million rows, where the scan is long."""
    bar = promised.SEARCH if count >= MILLION else ()
    for text in QUERIES:
        search = partial(timed, partial(overviews.first, held, "entitlements", Ask(text)))
        scan = partial(timed, partial(like_scan, held, text))
        ones, others = interleaved(min(scale.rounds, _SCANS), search, scan)
        yield compared(f"T8: search {text!r} / LIKE scan, {count:,}", ones, others, *bar)


_SCANS = 3
"""A scan of a million rows takes a second."""


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"screens": screens}
