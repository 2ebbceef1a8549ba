"""What the store gives to a table of the window: first pages of ids, all ids, searches, and the values of a page.

The functions do one thing that a person does once, so that a window can be measured with the same work: a click on a
column, a keystroke in the search field, both together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from store import overviews
from store.book import Book
from store.listing import preparing
from store.overviews import OVERVIEWS, Ask
from tests.bench import large, prepared
from tests.bench.child import opened
from tests.bench.large import QUERIES
from tests.bench.measures import Scale
from tests.bench.timing import Figure, compared, interleaved, seconds, timed

MILLION = 1_000_000
SORTS = tuple(field.name for field in OVERVIEWS["entitlements"].fields)


def book(entitlements: int) -> Path:
    """A book with so many entitlements, prepared for the window. It must not be changed."""
    made = prepared.HOME / f"window-{entitlements}-{prepared.digest(Path(large.__file__), *prepared.sources())}.elpis"
    if not made.exists():
        prepared.HOME.mkdir(parents=True, exist_ok=True)
        for stale in prepared.HOME.glob(f"window-{entitlements}-*"):
            stale.unlink()
        fresh = made.with_suffix(".unfinished")
        prepared.remove(fresh)
        with opened(fresh) as held:
            large.fill(held, entitlements)
            preparing.prepare(held, large=0)
        fresh.rename(made)
        prepared.remove(fresh)  # the lock that stayed behind
    return made


# ------------------------------------------------------------------------------------------------- what a person does
def sort_click(book: Book, field: str, *, descending: bool = False, filter: str = "all") -> list[int]:
    """T5: the first page of the entitlements by a field."""
    return overviews.first(book, "entitlements", Ask(filter=filter, sort=field, descending=descending))


def full_order(book: Book, field: str) -> list[int]:
    """T6: all entitlements by a field, as a thread of the window reads them."""
    return list(chain.from_iterable(overviews.ids(book, "entitlements", Ask(sort=field))))


def keystroke(book: Book, text: str) -> list[int]:
    """T7 and T8: the first page of the entitlements that have the words typed so far."""
    return overviews.first(book, "entitlements", Ask(text))


def filter_and_sort(book: Book, text: str, field: str) -> list[int]:
    """T9: the first page by a field of the entitlements that have the words."""
    return overviews.first(book, "entitlements", Ask(text, sort=field))


def page(book: Book, ids: Sequence[int]) -> None:
    """S5: the values of the rows of a page."""
    overviews.rows(book, "entitlements", ids)


# ------------------------------------------------------------------------------------------------------- yardsticks
def raw_order(book: Book, column: str) -> list[int]:
    """The bare query for all ids by an indexed column, as a list."""
    return [row[0] for row in book.rows(f"SELECT id FROM entitlements ORDER BY {column}")]


def like_scan(book: Book, text: str) -> list[int]:
    """All ids whose text holds the words, found without any index of words."""
    words = text.split()
    held = "(e.name || ' ' || p.vendor || ' ' || e.model || ' ' || m.code) LIKE ?"
    joins = "JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id"
    where = " AND ".join([held] * len(words))
    return [
        r[0] for r in book.rows(f"SELECT e.id FROM entitlements e {joins} WHERE {where}", [f"%{w}%" for w in words])
    ]


def bare_page(book: Book, ids: Sequence[int]) -> None:
    """The values of a page without the sums of allocations."""
    marks = ", ".join("?" * len(ids))
    book.rows(
        "SELECT e.id, p.product, e.name, e.model, m.code, e.quantity, e.license_start, e.maintenance_quantity,"
        " e.activation, e.expiration, e.last_demand_synchronization, g.name, e.state, e.active, p.vendor, e.price_amount"
        " FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id"
        f" LEFT JOIN user_groups g ON g.id = e.managed_by_id WHERE e.id IN ({marks})",
        ids,
    )


# ----------------------------------------------------------------------------------------------------------- figures
def screens(scale: Scale) -> Iterable[Figure]:
    """The figures that the store alone can tell: T6, T8, S5, and the times behind T5, T7 and T9."""
    count = scale.families * 10
    with opened(book(count)) as held:
        yield from _looked_at(held, scale, count)
        full, raw = partial(full_order, held, "quantity"), partial(raw_order, held, "quantity")
        yield _figure(scale, f"T6: full order by quantity / raw, {count:,}", 2.2, full, raw)
        yield from _searches(held, scale, count)
        ids = sort_click(held, "name")
        many = 50
        ones, others = (
            lambda: [page(held, ids) for _ in range(many)],
            lambda: [bare_page(held, ids) for _ in range(many)],
        )
        yield _figure(scale, f"S5: page of {len(ids)} rows / without allocated sums", 2.0, ones, others)


def _figure(
    scale: Scale, name: str, must: float | None, one: Callable[[], object], other: Callable[[], object]
) -> Figure:
    return compared(name, *interleaved(scale.rounds, lambda: timed(one), lambda: timed(other)), must)


def _looked_at(held: Book, scale: Scale, count: int) -> Iterable[Figure]:
    """Times of single first pages, the worst of their kind: a repaint is what they are compared with in a window."""
    works: dict[str, list[Callable[[], object]]] = {
        "T5: sort click": [
            partial(sort_click, held, field, descending=down) for field in SORTS for down in (False, True)
        ],
        "T7: keystroke": [partial(keystroke, held, text) for text in QUERIES],
        "T9: filter and sort": [partial(filter_and_sort, held, text, field) for text in QUERIES for field in ("name", "quantity")],
    }  # fmt: skip
    for name, each in works.items():
        worst = max(min(timed(work, collect=False).wall for _ in range(scale.rounds)) for work in each)
        yield Figure(f"{name} to ids, worst of {len(each)}, ms, {count:,}", seconds(worst), "", worst * 1e3)


def _searches(held: Book, scale: Scale, count: int) -> Iterable[Figure]:
    """T8 for every query; the bar holds for a million rows, where the scan is long."""
    must = 1 / 30 if count >= MILLION else None
    for text in QUERIES:
        search, scan = partial(keystroke, held, text), partial(like_scan, held, text)
        ones, others = interleaved(scale.rounds, partial(timed, search), partial(timed, scan))
        yield compared(f"T8: search {text!r} / LIKE scan, {count:,}", ones, others, must)


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"screens": screens}
