"""The bars of the tables of the window, on the product's own page of entitlements, without a screen.

Each is a ratio of two works of the same process, done in turns: `python -m tests.bench --only window`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QTableView, QWidget

from gui import theme
from gui.desk import Desk
from gui.pages import entitlements
from gui.state import State
from gui.tables.overview import OverviewPage
from gui.tables.pages import KEPT
from store import overviews
from store.listing import asking, paging
from store.listing import entitlements as entitlement_list
from tests.bench import large, screens
from tests.bench.measures import Scale
from tests.bench.timing import ROOT, Figure, Time, compared, interleaved, seconds, timed

ROUNDS = 15
QUICK = 1_000
SIZE = 1600, 900
Times = list[Time]


@contextmanager
def desk(entitlements: int) -> Iterator[Desk]:
    """A desk with such a book on it; none for 0, and then a page shows its table without rows."""
    with TemporaryDirectory() as place:
        made = Desk(lambda: datetime.now(UTC), "bench", State(Path(place) / "state.ini"))
        if entitlements:
            made.open(screens.book(entitlements))
        try:
            yield made
        finally:
            made.close()


class Paints(QObject):
    """Notices the first paint of a widget."""

    seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False


def painted(made: QWidget, table: QTableView) -> None:
    """Show a window until its table has been painted."""
    paints = Paints()
    table.viewport().installEventFilter(paints)
    made.resize(*SIZE)
    made.show()
    while not paints.seen:
        QApplication.processEvents()


def settle(page: OverviewPage) -> None:
    """Wait for all that goes on in the background."""
    while not page.model.complete or page.desk.work.jobs:
        QApplication.processEvents()
        time.sleep(0.001)
    until = time.perf_counter() + 0.12
    while time.perf_counter() < until or page.desk.work.jobs:
        QApplication.processEvents()


def page_of(held: Desk) -> OverviewPage:
    """The page as the window makes it, painted."""
    page = entitlements.make(held)
    assert isinstance(page, OverviewPage)
    painted(page, page.view)
    return page


def _gone(widget: QWidget) -> None:
    widget.close()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


# -------------------------------------------------------------------------------------------------------- first paint
def first_paint(small: int, middle: int, big: int) -> Iterator[Figure]:
    """T1 and T2: from nothing to the painted table."""
    with desk(0) as none, desk(small) as little, desk(middle) as some, desk(big) as much:

        def opening(held: Desk) -> Time:
            pages: list[OverviewPage] = []
            spent = timed(lambda: pages.append(page_of(held)))
            settle(pages[0])
            _gone(pages[0])
            return spent

        found = interleaved(ROUNDS, *(lambda held=held: opening(held) for held in (little, some, much, none)), _empty)
    yield compared(f"T1: first paint at {big:,} / at {small:,}", found[2], found[0], 2.2)
    yield compared(f"T2: first paint at {middle:,} / of the same page with an empty table", found[1], found[3], 4.5)
    yield compared(f"    first paint at {middle:,} / of a bare Qt table without rows", found[1], found[4])


def _empty() -> Time:
    made: list[QWidget] = []

    def opening() -> None:
        table = QTableView()
        table.setModel(QStandardItemModel(0, 13, table))
        painted(table, table)
        made.append(table)

    spent = timed(opening)
    _gone(made[0])
    return spent


# ------------------------------------------------------------------------------------------------------------- frames
def frames(size: int) -> Iterator[Figure]:
    """T4, T5, T7 and T10: what a person waits for, against painting the same table at rest, in a second page."""
    hard = size >= 1_000_000
    with desk(size) as held:
        page, other = page_of(held), page_of(held)
        settle(page)
        settle(other)
        bare = _repainting(other)
        yield from _jumps(page, bare, size)
        yield from _sorts(page, bare, size, 3.6 if hard else 2.5)
        yield from _keys(page, bare, size, 3.8 if hard else 2.8)
        yield from _delegates(other, bare)
        _gone(page)
        _gone(other)


def _repainting(page: OverviewPage) -> Callable[[], Time]:
    return lambda: timed(page.view.viewport().repaint, collect=False)


def _jumps(page: OverviewPage, bare: Callable[[], Time], size: int) -> Iterator[Figure]:
    bar, random = page.view.verticalScrollBar(), Random(7)

    def jump() -> Time:
        target = random.randrange(bar.maximum())
        return timed(lambda: (bar.setValue(target), page.view.viewport().repaint()), collect=False)

    jumps, again = interleaved(8 * ROUNDS, jump, bare)
    yield compared(f"T4: jump to a random row / repaint, {size:,}", jumps, again, 1.4)
    late, usual = (quantiles([time.wall for time in times], n=20)[-1] for times in (jumps, again))
    yield Figure(
        f"T4: the same, the 95th percentiles of both, {size:,}", seconds(late), seconds(usual), late / usual, 1.8
    )


def _sorts(page: OverviewPage, bare: Callable[[], Time], size: int, must: float) -> Iterator[Figure]:
    """Each column in turn, so that no order is asked for twice in a row; the slowest one counts."""
    names = ("name", "quantity", "expiration", "product", "managed_by", "allocated")
    found: dict[str, tuple[Times, Times]] = {name: ([], []) for name in names}
    page.ask(filter="all")
    for _ in range(ROUNDS // 2):
        for name in names:
            settle(page)
            found[name][1].append(bare())
            found[name][0].append(timed(lambda name=name: _sorted(page, name), collect=False))
    for name, (ones, others) in found.items():
        yield compared(f"T5: sort by {name} to first paint / repaint, {size:,}", ones, others, must)


def _sorted(page: OverviewPage, name: str) -> None:
    page.sort(name, descending=name == page.asked().sort)
    page.view.viewport().repaint()


def _keys(page: OverviewPage, bare: Callable[[], Time], size: int, must: float) -> Iterator[Figure]:
    page.ask(sort="", filter="all")
    settle(page)
    for words in large.QUERIES:
        ones: Times = []
        others: Times = []
        for _ in range(ROUNDS // 2):
            page.search.setText(words[:-1])
            settle(page)
            others.append(bare())
            ones.append(timed(lambda words=words: _typed(page, words), collect=False))
        yield compared(f"T7: key to first paint, “{words}” / repaint, {size:,}", ones, others, must)
    page.search.clear()
    settle(page)


def _typed(page: OverviewPage, words: str) -> None:
    page.search.insert(words[-1])
    page.view.viewport().repaint()


def _delegates(page: OverviewPage, bare: Callable[[], Time]) -> Iterator[Figure]:
    """Against Qt's delegate in a plain table of the same rows and columns; the stylesheet would make that one slower."""
    plain = QTableView()
    plain.setModel(page.model)
    plain.setItemDelegate(QStyledItemDelegate(plain))
    plain.verticalHeader().setDefaultSectionSize(page.view.verticalHeader().defaultSectionSize())
    for place in range(len(page.model.columns)):
        plain.setColumnWidth(place, page.view.columnWidth(place))
        plain.setColumnHidden(place, page.view.isColumnHidden(place))
    sheet = QApplication.instance().styleSheet()
    painted(plain, plain)
    ours, theirs = interleaved(2 * ROUNDS, bare, lambda: timed(plain.viewport().repaint, collect=False))
    yield compared("T10: frame / frame of Qt's delegate in the same dress", ours, theirs, 0.7)
    QApplication.instance().setStyleSheet("")
    plain.viewport().repaint()
    bared = [timed(plain.viewport().repaint, collect=False) for _ in range(2 * ROUNDS)]
    QApplication.instance().setStyleSheet(sheet)
    yield compared("T10: frame / frame of Qt's delegate without a stylesheet", ours, bared, 0.7)
    _gone(plain)


# ------------------------------------------------------------------------------------------------- the whole list
def whole_order(size: int) -> Iterator[Figure]:
    """T6: until every row of another order is there."""
    with desk(size) as held:
        page = page_of(held)
        page.ask(filter="all")
        settle(page)

        def sort() -> None:
            page.sort("name", descending=not page.asked().descending)
            loop = QEventLoop()
            page.model.settled.connect(loop.quit)
            loop.exec()

        def raw() -> None:
            way = "DESC" if page.asked().descending else "ASC"
            sql = f"SELECT id FROM entitlements WHERE archived = 0 ORDER BY name COLLATE NOCASE {way}"
            [row[0] for row in held.book.rows(sql)]

        ones, others = interleaved(ROUNDS // 2, lambda: timed(sort), lambda: timed(raw))
        yield compared(f"T6: the whole order by name / the ids by one query, {size:,}", ones, others, 2.2)
        _gone(page)


def page_read(size: int) -> Iterator[Figure]:
    """S5: a page of rows with what is allocated and remains, against the same rows without; and what reads them."""
    arm, every = entitlement_list.LISTING.arms[0], overviews.OVERVIEWS["entitlements"].fields
    names = [field.name for field in every]
    with desk(size) as held:
        random = Random(5)
        ones: Times = []
        others: Times = []
        whole: Times = []
        for _ in range(2 * ROUNDS):
            ids = sorted(random.sample(range(1, size), 128))
            query = asking.located(arm, ids)
            assert query is not None

            def read(*left_out: str, query: Any = query) -> None:
                columns = [arm.columns[name] for name in names if name not in left_out]
                paging.read(held.book, query.sql(arm.id, *columns), query.values).fetchall()

            read()
            ones.append(timed(read, collect=False))
            others.append(timed(lambda read=read: read("allocated", "remaining"), collect=False))
            whole.append(timed(lambda ids=ids: overviews.rows(held.book, "entitlements", ids), collect=False))
        yield compared(f"S5: 128 rows with what is allocated / without, {size:,}", ones, others, 2.0)
        yield compared(f"    128 rows as the page reads them / the query alone, {size:,}", whole, ones)


# ------------------------------------------------------------------------------------------------------------- memory
def _resident() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def memory(size: int) -> dict[str, float]:
    """T3, in a process of its own: megabytes that a whole list takes above the empty table, and that tuples take.

    Every page that is kept is full, and the list has been sorted once.
    """
    with desk(10_000) as held:
        _gone(page_of(held))
    with desk(0) as held:
        page = page_of(held)
        empty = _resident()
        held.open(screens.book(size))
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
        _gone(page)
    return {"ours": ours, "tuples": tuples}


def whole_memory(size: int) -> Iterator[Figure]:
    """T3: what the list of all rows takes, against their tuples."""
    command = [sys.executable, "-m", "tests.bench.window", str(size)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    ours, tuples = (f"{said[name]:.1f} MB" for name in ("ours", "tuples"))
    yield Figure(
        f"T3: memory of the list / of its rows as tuples, {size:,}", ours, tuples, said["ours"] / said["tuples"], 1 / 40
    )
    yield Figure(f"T3: megabytes of the list, {size:,}", ours, "", said["ours"], 30)


def window(scale: Scale) -> Iterator[Figure]:
    """T1 to T7, T10 and S5, on the page of entitlements as the window makes it."""
    small, middle, big = (1_000, 3_000, 10_000) if scale.families <= QUICK else (10_000, 100_000, 1_000_000)
    for size in (small, middle, big):
        screens.book(size)
    application()
    yield from first_paint(small, middle, big)
    yield from whole_memory(big)
    for size in (middle, big):
        yield from frames(size)
        yield from page_read(size)
    yield from whole_order(big)


def application() -> QApplication:
    """The program in its dress."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    return app


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"window": window}

if __name__ == "__main__":
    app = application()
    print(json.dumps(memory(int(sys.argv[1]))))
