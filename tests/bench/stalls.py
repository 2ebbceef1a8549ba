"""T11: the longest time that the window does not answer while long work runs behind it.

A timer beats every two milliseconds on the thread of the window. What is counted is the time between two beats, in
frames: what a repaint of the table takes in the same run. Beside it stands the longest gap of a window at rest, which
is the machine's.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.desk import Desk
from gui.tables.overview import OverviewPage
from store.book import Book
from store.imports.load import load
from tests.bench import estate, prepared, promised
from tests.bench.measures import Scale
from tests.bench.timing import Figure, seconds, timed
from tests.bench.window import application, desk, gone, page_of, settle, sizes

_BEAT = 2
_REST = 2.0
_REPAINTS = 30


class Heart(QObject):
    """Beats on the thread of the window, and remembers the seconds between two beats."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=_BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    def listen(self, until: Callable[[], bool]) -> list[float]:
        """The gaps until something holds."""
        self.gaps.clear()
        self._last = time.perf_counter()
        while not until() or len(self.gaps) < 2:
            QApplication.processEvents()
        return list(self.gaps)


def _resting(heart: Heart) -> list[float]:
    until = time.perf_counter() + _REST
    return heart.listen(lambda: time.perf_counter() > until)


def _frame(size: int) -> float:
    """The seconds of a repaint."""
    with desk(size) as held:
        page = page_of(held)
        settle(page)
        spent = [timed(page.view.viewport().repaint, collect=False).wall for _ in range(_REPAINTS)]
        gone(page)
    return median(spent)


def _figures(name: str, gaps: list[float], rest: list[float], frame: float) -> Iterator[Figure]:
    worst, usual = max(gaps), max(rest)
    yield Figure(
        f"T11: longest gap in frames of {seconds(frame)}, {name} | at rest",
        seconds(worst),
        seconds(usual),
        worst / frame,
        promised.LONGEST_GAP.must,
        None,
        promised.LONGEST_GAP.stretch,
    )
    late, late_usual = (quantiles(each, n=100, method="inclusive")[-1] for each in (gaps, rest))
    yield Figure(
        f"T11: 99th percentile of gaps, {name} | at rest",
        seconds(late),
        seconds(late_usual),
        late / frame,
        promised.LATE_GAP.must,
    )


def _during(held: Desk, name: str, frame: float, work: Callable[[OverviewPage], object]) -> Iterator[Figure]:
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


def importing(families: int, frame: float) -> Iterator[Figure]:
    """A hundred demand rows a family, and all that comes with them, into a new book."""
    folder = prepared.folder(families)

    def read(book: Book, report: Callable[[int, int], None]) -> None:
        load(book, folder, as_of=estate.AS_OF, progress=lambda _, done, total: report(done, total))

    with prepared.workplace() as place, desk(None) as held:
        held.open(place / "new.elpis", create=True)
        name = f"import of {100 * families:,} demand rows"
        yield from _during(held, name, frame, lambda _: held.do_long("Import", read, lambda _: None, resolved=True))


def exporting(size: int, frame: float) -> Iterator[Figure]:
    """The list as a workbook."""
    with prepared.workplace() as place, desk(size) as held:
        yield from _during(held, f"export of {size:,} rows", frame, lambda page: page.export_to(place / "list.xlsx"))


def judging(families: int, frame: float) -> Iterator[Figure]:
    """Ten contract items a family, judged on the next day."""
    with prepared.workplace() as place, desk(None) as held:
        held.open(Path(shutil.copy(prepared.book(families), place / "copy.elpis")))
        name = f"judging {10 * families:,} contract items on another day"
        yield from _during(held, name, frame, lambda _: held.judge(estate.AS_OF + timedelta(1)))


def sorting(size: int, frame: float) -> Iterator[Figure]:
    """The whole list in another order."""
    with desk(size) as held:
        yield from _during(held, f"sort of {size:,} rows", frame, lambda page: page.sort("name"))


def stalls(scale: Scale) -> Iterable[Figure]:
    """T11, by each kind of long work."""
    application()
    frame = _frame(sizes(scale)[0])
    yield from importing(max(scale.families // 10, 1), frame)
    yield from exporting(sizes(scale)[0], frame)
    yield from judging(scale.families, frame)
    for size in sizes(scale):
        yield from sorting(size, frame)


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"stalls": stalls}
