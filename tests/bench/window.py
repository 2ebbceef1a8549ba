"""The bars of the tables of the window, on the product's own pages, without a screen.

Each is a ratio of two works of the same process, done in turns: `python -m tests.bench --only window`. What begins from
nothing has processes of its own (`tests.bench.opening`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QTableView, QWidget

from gui import theme
from gui.app import spare_the_collector, take_turns
from gui.desk import Desk, Place
from gui.pages import contracts, demand, entitlements, home, products
from gui.state import State
from gui.tables.overview import OverviewPage
from gui.tables.pages import KEPT
from store import overviews
from store.imports.load import load
from store.listing import asking, paging
from store.listing import entitlements as entitlement_list
from tests.bench import large, prepared, promised, screens
from tests.bench.alone import SIZE
from tests.bench.measures import Scale
from tests.bench.timing import ROOT, Figure, Time, compared, interleaved, seconds, timed

SMALL = 10_000
MIDDLE = 100_000
MILLION = 1_000_000
QUICK = 1_000
LEAST = 300
"""Rows of a list that has more than its first page."""

Times = list[Time]


def small(scale: Scale) -> int:
    """The size of the list that others are compared with."""
    return SMALL if scale.families > QUICK else max(scale.families, LEAST)


def is_trial(scale: Scale) -> bool:
    """Whether the estate is so small that it can only show that the measures run."""
    return scale.families < LEAST


def sizes(scale: Scale) -> tuple[int, ...]:
    """The sizes of the lists that are looked at."""
    if scale.families > QUICK:
        return MIDDLE, MILLION
    return (2 * small(scale),) if is_trial(scale) else (3 * small(scale), 10 * small(scale))


def rounds(scale: Scale) -> int:
    """How often each side is measured where it takes a moment."""
    return max(scale.rounds, 1)


@contextmanager
def desk(entitlements: int | None) -> Iterator[Desk]:
    """A desk with a book with so many entitlements on it, or with none yet."""
    with TemporaryDirectory() as place:
        made = Desk(lambda: datetime.now(UTC), "bench", State(Path(place) / "state.ini"))
        if entitlements:
            made.open(screens.book(entitlements))
        try:
            yield made
        finally:
            made.close()


class Paints(QObject):
    """Notices the first paint of a window, and with it of all that is in it."""

    seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False


def painted(made: QWidget) -> None:
    """Show a window until it has been painted."""
    paints = Paints()
    made.installEventFilter(paints)
    made.resize(*SIZE)
    made.show()
    while not paints.seen:
        QApplication.processEvents()


def settle(page: OverviewPage) -> None:
    """Wait for the whole list, and for all else that goes on in the background."""
    while not page.model.complete or page.desk.work.jobs:
        QApplication.processEvents()
        time.sleep(0.001)


def quiet(page: OverviewPage) -> None:
    """Stop all that goes on in the background; the list has its first page then, as a person meets it who types on."""
    while page.desk.work.jobs:
        page.desk.work.cancel_all()
        QApplication.processEvents()
        time.sleep(0.001)


def page_of(held: Desk, make: Callable[[Desk], QWidget] = entitlements.make) -> OverviewPage:
    """A page as the window makes it, painted."""
    page = make(held)
    assert isinstance(page, OverviewPage)
    painted(page)
    return page


def gone(widget: QWidget) -> None:
    """Let go of a window."""
    widget.close()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


# ------------------------------------------------------------------------------------------------------------- frames
def frames(size: int, count: int) -> Iterator[Figure]:
    """T4, T5, T7, T9 and T10: what a person waits for, against painting the same table at rest, in a second page."""
    with desk(size) as held:
        page, other = page_of(held), page_of(held)
        settle(page)
        settle(other)
        bare = _repainting(other)
        yield from _jumps(page, bare, size, 8 * count)
        yield from _sorts(page, bare, size, count)
        bar = promised.KEY_IN_A_MILLION if size >= MILLION else promised.KEY
        yield from _keys(page, bare, f"T7: key to first paint, {size:,}", bar, count)
        for name in ("name", "quantity"):
            title = f"T9: key while sorted by {name}, {size:,}"
            yield from _keys(page, bare, title, promised.KEY_IN_AN_ORDER, count, name)
        yield from _delegates(other, bare, size, 4 * count)
        gone(page)
        for make in (contracts.make, products.make, demand.make):
            yield from _costly_sorts(page_of(held, make), bare, size, count)
        gone(other)


def _repainting(page: OverviewPage) -> Callable[[], Time]:
    return lambda: timed(page.view.viewport().repaint, collect=False)


def _jumps(page: OverviewPage, bare: Callable[[], Time], size: int, count: int) -> Iterator[Figure]:
    bar, random = page.view.verticalScrollBar(), Random(7)

    def jump() -> Time:
        target = random.randrange(bar.maximum())
        return timed(lambda: (bar.setValue(target), page.view.viewport().repaint()), collect=False)

    jumps, again = interleaved(count, jump, bare)
    yield compared(f"T4: jump to a random row / repaint, {size:,}", jumps, again, *promised.JUMP)
    late, usual = (quantiles([time.wall for time in times], n=20, method="inclusive")[-1] for times in (jumps, again))
    name = f"T4: the same, the 95th percentiles of both, {size:,}"
    yield Figure(name, seconds(late), seconds(usual), late / usual, promised.LATE_JUMP.must)


SORTS = ("name", "quantity", "expiration", "product", "managed_by", "allocated")


def _sorts(page: OverviewPage, bare: Callable[[], Time], size: int, count: int) -> Iterator[Figure]:
    """Each column in turn, so that no order is asked for twice in a row."""
    page.ask(filter="all")
    yield from _sorted_by(page, SORTS, bare, size, count)


_COSTLY = {
    "contracts": ("total_costs", "items"),
    "products": ("active", "demand"),
    "demand": ("quantity", "counted_on"),
}
"""Columns that are sums over other rows."""


def _costly_sorts(page: OverviewPage, bare: Callable[[], Time], size: int, count: int) -> Iterator[Figure]:
    page.ask(filter="all")
    yield from _sorted_by(page, _COSTLY[page.name], bare, size, count)
    gone(page)


def _sorted_by(
    page: OverviewPage, names: Iterable[str], bare: Callable[[], Time], size: int, count: int
) -> Iterator[Figure]:
    found: dict[str, tuple[Times, Times]] = {name: ([], []) for name in names}
    for _ in range(count):
        for name in found:
            quiet(page)
            found[name][1].append(bare())
            found[name][0].append(timed(lambda name=name: _sorted(page, name), collect=False))
    quiet(page)
    for name, (ones, others) in found.items():
        bar = promised.SORT_OF_A_MILLION if size >= MILLION else promised.SORT
        yield compared(f"T5: {page.name} by {name} to first paint / repaint, {size:,}", ones, others, *bar)


def _sorted(page: OverviewPage, name: str) -> None:
    page.sort(name, descending=name == page.asked().sort)
    page.view.viewport().repaint()


_IN_AN_ORDER = ("s", "serv", "server 20", "oracle backup")
"""What is typed while the list is sorted: very many rows have it, many, some, and few."""


def _keys(
    page: OverviewPage, bare: Callable[[], Time], title: str, bar: promised.Bar, count: int, sort: str = ""
) -> Iterator[Figure]:
    """The last key of each text, in the order that the list has by itself or in another one."""
    page.ask(sort=sort, filter="all", descending=False)
    for words in _IN_AN_ORDER if sort else large.QUERIES:
        ones: Times = []
        others: Times = []
        for _ in range(count):
            page.search.setText(words[:-1])
            quiet(page)
            others.append(bare())
            ones.append(timed(lambda words=words: _typed(page, words), collect=False))
        yield compared(f"{title}, “{words}” / repaint", ones, others, *bar)
    page.search.clear()
    quiet(page)


def _typed(page: OverviewPage, words: str) -> None:
    page.search.insert(words[-1])
    page.view.viewport().repaint()


def _delegates(page: OverviewPage, bare: Callable[[], Time], size: int, count: int) -> Iterator[Figure]:
    """Against Qt's delegate in a plain table of the same rows and columns; the stylesheet would make that one slower."""
    plain = QTableView()
    plain.setModel(page.model)
    plain.setItemDelegate(QStyledItemDelegate(plain))
    plain.verticalHeader().setDefaultSectionSize(page.view.verticalHeader().defaultSectionSize())
    for place in range(len(page.model.columns)):
        plain.setColumnWidth(place, page.view.columnWidth(place))
        plain.setColumnHidden(place, page.view.isColumnHidden(place))
    app = application()
    sheet = app.styleSheet()
    painted(plain)
    app.setStyleSheet("")
    ours, theirs = interleaved(count, bare, lambda: timed(plain.viewport().repaint, collect=False))
    app.setStyleSheet(sheet)
    yield compared(f"T10: frame / frame of Qt's delegate, {size:,}", ours, theirs, *promised.DELEGATE)
    gone(plain)


# ------------------------------------------------------------------------------------------------- the whole list
def whole_order(size: int, count: int) -> Iterator[Figure]:
    """T6: until every row of another order is there."""
    with desk(size) as held:
        page = page_of(held)
        page.ask(filter="all")
        settle(page)

        def sort() -> None:
            page.sort("name", descending=not page.asked().descending)
            loop = QEventLoop()
            page.model.settled.connect(loop.quit)
            if not page.model.complete:
                loop.exec()

        def raw() -> None:
            way = "DESC" if page.asked().descending else "ASC"
            sql = f"SELECT id FROM entitlements WHERE archived = 0 ORDER BY name COLLATE NOCASE {way}"
            [row[0] for row in held.book.rows(sql)]

        ones, others = interleaved(count, lambda: _quietly(page, sort), lambda: _quietly(page, raw))
        name = f"T6: the whole order by name / the ids by one query, {size:,}"
        yield compared(name, ones, others, *(promised.WHOLE_ORDER if size >= MIDDLE else ()))
        settle(page)
        gone(page)


def _quietly(page: OverviewPage, work: Callable[[], None]) -> Time:
    settle(page)
    return timed(work)


def page_read(size: int, count: int) -> Iterator[Figure]:
    """S5: a page of rows with what is allocated and remains, against the same rows without; and what reads them."""
    arm, every = entitlement_list.LISTING.arms[0], overviews.OVERVIEWS["entitlements"].fields
    names = [field.name for field in every]
    with desk(size) as held:
        random = Random(5)
        ones: Times = []
        others: Times = []
        whole: Times = []
        for _ in range(count):
            ids = sorted(random.sample(range(1, size), 128))
            query = asking.located(arm, ids)

            def read(*left_out: str, query: Any = query) -> None:
                columns = [arm.columns[name] for name in names if name not in left_out]
                paging.read(held.book, query.sql(arm.id, *columns), query.values).fetchall()

            read()
            ones.append(timed(read, collect=False))
            others.append(timed(lambda read=read: read("allocated", "remaining"), collect=False))
            whole.append(timed(lambda ids=ids: overviews.rows(held.book, "entitlements", ids), collect=False))
        yield compared(f"S5: 128 rows with what is allocated / without, {size:,}", ones, others, *promised.PAGE)
        yield compared(f"    128 rows as the page reads them / the query alone, {size:,}", whole, ones)


# ----------------------------------------------------------------------------------------------------------- pictures
def pictures(size: int, count: int) -> Iterator[Figure]:
    """G1: the two charts of Home, drawn again, against a repaint of the table."""
    with prepared.workplace() as place, desk(size) as held, desk(None) as seen:
        page = page_of(held)
        settle(page)
        seen.open(place / "sample.elpis", create=True)
        load(seen.book, ROOT / "resources" / "sample", as_of=large.AS_OF)
        shown = home.make(seen)
        assert isinstance(shown, home.HomePage)
        painted(shown)
        shown.arrive(Place("home"))
        while seen.work.jobs or not shown.points:
            QApplication.processEvents()
        charts = [shown.statuses.chart, shown.cliff.chart]
        draw = [lambda chart=chart: chart.repaint() for chart in charts]
        ones, others = interleaved(
            count, lambda: timed(lambda: [one() for one in draw], collect=False), _repainting(page)
        )
        yield compared(f"G1: both charts of Home / repaint of {size:,} rows", ones, others, *promised.CHARTS)
        gone(shown)
        gone(page)


# ------------------------------------------------------------------------------------------------------------- memory
def _resident() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def memory_of(book: Path, size: int) -> dict[str, float]:
    """Megabytes that a whole list takes above the empty table, and that tuples take. For a process of its own.

    Every page that is kept is full, and the list has been sorted once.
    """
    with desk(None) as held:
        gone(page_of(held))
        page = page_of(held)
        empty = _resident()
        held.open(book)
        page.ask(filter="all")
        settle(page)
        bar = page.view.verticalScrollBar()
        for step in range(2 * KEPT):
            bar.setValue(step * bar.maximum() // (2 * KEPT))
            page.view.viewport().repaint()
        page.sort("name")
        settle(page)
        ours, before = _resident() - empty, _resident()
        ids = list(page.model.ids_of(0, size))
        rows: list[Any] = []
        for start in range(0, len(ids), 10_000):
            rows.extend(overviews.rows(held.book, "entitlements", ids[start : start + 10_000]).values())
        tuples = _resident() - before
        gone(page)
    return {"ours": ours, "tuples": tuples}


def window(scale: Scale) -> Iterator[Figure]:
    """T4 to T7, T9, T10, S5 and G1, on the pages as the window makes them."""
    both, count = sizes(scale), rounds(scale)
    for size in both:
        screens.book(size)
    application()
    for size in both:
        yield from frames(size, count)
        yield from whole_order(size, count)
        yield from page_read(size, 6 * count)
    yield from pictures(both[0], 6 * count)


def application() -> QApplication:
    """The program in its dress."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    take_turns()
    spare_the_collector()
    return app


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"window": window}
