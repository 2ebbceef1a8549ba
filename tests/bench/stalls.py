"""T11: the longest time that the window does not answer while long work runs behind it.

A timer beats every two milliseconds on the thread of the window. What is counted is the time between two beats, in
frames: what a repaint of the table takes just before. Beside it stands the longest gap of a window at rest, which
is the machine's.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.desk import Desk
from gui.tables.overview import OverviewPage
from store import overviews
from store.book import Book
from store.imports.load import load
from tests.bench import estate, prepared, promised
from tests.bench.measures import Scale
from tests.bench.timing import Figure, Time, middle, seconds, timed
from tests.bench.window import application, desk, gone, page_of, settle, sizes

_BEAT = 2
_REST = 2.0
_REPAINTS = 30


class Heart(QObject):
    """Beats on the thread of the window, and remembers the time between two beats."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[Time] = []
        self._last = _now()
        self._timer = QTimer(self, interval=_BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        last, self._last = self._last, _now()
        self.gaps.append(Time(self._last.wall - last.wall, self._last.cpu - last.cpu))

    def listen(self, until: Callable[[], bool]) -> list[Time]:
        """The gaps until something holds. The loop waits for events as that of the program does: it takes no turns."""
        self.gaps.clear()
        self._last = _now()
        while not until() or len(self.gaps) < 2:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        return list(self.gaps)


def _now() -> Time:
    return Time(time.perf_counter(), time.process_time())


def _resting(heart: Heart) -> list[Time]:
    until = time.perf_counter() + _REST
    return heart.listen(lambda: time.perf_counter() > until)


def _frame(size: int) -> Time:
    """What a repaint takes."""
    with desk(size) as held:
        page = page_of(held)
        settle(page)
        spent = [timed(page.view.viewport().repaint, collect=False) for _ in range(_REPAINTS)]
        gone(page)
    return Time(middle(spent), median(each.cpu for each in spent))


def _figures(name: str, gaps: list[Time], rest: list[Time], frame: Time) -> Iterator[Figure]:
    """By the clock; beside it what the program itself worked in a gap, which other programs do not lengthen."""
    title = f"T11: longest gap in frames of {seconds(frame.wall)}, {name} | at rest"
    yield _in_frames(title, gaps, rest, frame, max, promised.LONGEST_GAP)
    yield _in_frames(f"T11: 99th percentile of gaps, {name} | at rest", gaps, rest, frame, _late, promised.LATE_GAP)


def _in_frames(
    name: str, gaps: list[Time], rest: list[Time], frame: Time, of: Callable[[list[float]], float], bar: promised.Bar
) -> Figure:
    found, usual = of([gap.wall for gap in gaps]), of([gap.wall for gap in rest])
    own = of([min(gap.wall, gap.cpu) for gap in gaps])
    texts = seconds(found), seconds(usual)
    return Figure(name, *texts, found / frame.wall, bar.must, own / frame.cpu, bar.stretch)


def _late(gaps: list[float]) -> float:
    return quantiles(gaps, n=100, method="inclusive")[-1]


def _during(held: Desk, name: str, frame: Time, work: Callable[[OverviewPage], object]) -> Iterator[Figure]:
    """While the page of entitlements stands open, a work in the background."""
    page = page_of(held)
    page.ask(filter="all")
    settle(page)
    heart = Heart()
    rest = _resting(heart)
    work(page)
    gaps = heart.listen(lambda: page.model.complete and not held.work.jobs)
    yield from _figures(name, gaps, rest, frame)
    gone(page)


def importing(families: int, frame: Time) -> Iterator[Figure]:
    """A hundred demand rows a family, and all that comes with them, into a new book."""
    folder = prepared.folder(families)

    def read(book: Book, report: Callable[[int, int], None]) -> None:
        load(book, folder, as_of=estate.AS_OF, progress=lambda _, done, total: report(done, total))

    with prepared.workplace() as place, desk(None) as held:
        held.open(place / "new.elpis", create=True)
        name = f"import of {100 * families:,} demand rows"
        yield from _during(held, name, frame, lambda _: held.do_long("Import", read, lambda _: None, resolved=True))


def exporting(size: int, frame: Time) -> Iterator[Figure]:
    """The list as a workbook."""
    with prepared.workplace() as place, desk(size) as held:
        yield from _during(held, f"export of {size:,} rows", frame, lambda page: page.export_to(place / "list.xlsx"))


def judging(families: int, frame: Time) -> Iterator[Figure]:
    """Ten contract items a family, judged on the next day, in a book that is prepared for the window."""
    with prepared.workplace() as place, desk(None) as held:
        held.open(Path(shutil.copy(prepared.book(families), place / "copy.elpis")))
        overviews.prepare(held.book)
        name = f"judging {10 * families:,} contract items on another day"
        yield from _during(held, name, frame, lambda _: held.judge(estate.AS_OF + timedelta(1)))


def sorting(size: int, frame: Time) -> Iterator[Figure]:
    """The whole list in another order."""
    with desk(size) as held:
        yield from _during(held, f"sort of {size:,} rows", frame, lambda page: page.sort("name"))


def stalls(scale: Scale) -> Iterable[Figure]:
    """T11, by each kind of long work."""
    application()
    least = sizes(scale)[0]
    yield from importing(max(scale.families // 10, 1), _frame(least))
    yield from exporting(least, _frame(least))
    yield from judging(scale.families, _frame(least))
    for size in sizes(scale):
        yield from sorting(size, _frame(least))


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"stalls": stalls}
