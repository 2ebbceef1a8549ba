"""Background work: jobs run on threads of their own, their answers arrive on the thread of the window.

A job gets a `Report`, reads and writes the book, and returns its answer; it never touches a widget. `done` and
`failed` are called on the thread of the window, unless the job was cancelled or its owner is gone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from gui.on_demand import on_demand
from store.errors import KnownFault
from store.imports.finding import Refused

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from store.book import Book
else:
    ThreadPoolExecutor = on_demand("concurrent.futures", "ThreadPoolExecutor")

known = on_demand("store.book", "known")

T = TypeVar("T")

_PATIENCE: Final = 0.01
"""Seconds between two interruptions of a job that is to stop."""

_PAUSE: Final = 0.05
"""Seconds between two reports of progress: more than a bar can show would only slow the job down."""


class Cancelled(Exception):
    """The user has cancelled the job. A transaction that this leaves is rolled back."""


class Report:
    """What a job calls with how many of how many steps are done; it raises Cancelled once the user has cancelled."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._tell = tell
        self._told = 0.0
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None
        self.cancelled = False

    def __call__(self, done: int, total: int) -> None:
        if self.cancelled:
            raise Cancelled
        moment = time.monotonic()
        if moment - self._told >= _PAUSE or done >= total:
            self._told = moment
            self._tell(done, total)

    def cancel(self) -> None:
        """Let the job end: at its next report, or by what stops it at once."""
        with self._lock:
            self.cancelled = True
            if self._stop is not None:
                self._stop()

    @contextmanager
    def stopped_by(self, stop: Callable[[], None]) -> Generator[None]:
        """A block that runs long without a report, and can be stopped by calling `stop` from another thread."""
        with self._lock:
            self._stop = stop
        try:
            if self.cancelled:
                raise Cancelled
            yield
        finally:
            with self._lock:
                self._stop = None


@contextmanager
def using(book: Book, report: Report) -> Generator[Book]:
    """A book for the length of a job: its queries stop when the user cancels, its connection is closed at the end."""
    connection = book.connection()
    try:
        with report.stopped_by(lambda: book.interrupt(connection)):
            yield book
    finally:
        book.release()


class Job(QObject):
    """One piece of background work. `what` says what it does, for the status area."""

    progressed = Signal(int, int)
    """How many of how many steps are done, on the thread of the window."""
    ended = Signal()
    """After `done` or `failed`, and after a job that was cancelled."""
    _reported = Signal(int, int)

    def __init__(self, what: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.what = what
        self.report = Report(self._reported.emit)
        self.running = True
        self.progress = (0, 0)
        """How many of how many steps were done at the last report; of 0 as long as nobody knows."""
        self.left = threading.Event()
        """Whether the background thread has let go of the job and of all that it held."""
        self._reported.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def cancelled(self) -> bool:
        """Whether the user has cancelled the job; it may still be on its way to an end."""
        return self.report.cancelled

    def cancel(self) -> None:
        """Ask the job to end at its next report, and stop the query that it runs."""
        self.report.cancel()

    def stop(self) -> None:
        """Cancel the job and wait until its thread has let go of the book. Short: what it runs is interrupted.

        Again and again, because an interruption between two queries stops none.
        """
        self.cancel()
        while not self.left.wait(_PATIENCE):
            self.cancel()

    def _tell(self, done: int, total: int) -> None:
        self.progress = (done, total)
        self.progressed.emit(done, total)


@dataclass(frozen=True)
class _Order:
    """A job with everybody who waits for its answer."""

    handle: Job
    job: Callable[[Report], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None
    owner: QObject | None


class Worker(QObject):
    """Runs jobs in the background: those of one lane one after the other, lanes beside each other."""

    started = Signal(object)
    """A job was handed in."""
    finished = Signal(object)
    """A job has ended, however it did."""
    failed = Signal(object, object)
    """A job has failed, and whoever handed it in did not say what to do about it: the job, the exception."""
    broke = Signal(object)
    """A job has met a fault of the program (its exception), whoever tells the user of it."""
    _arrived = Signal(object, bool, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self.jobs: list[Job] = []
        self._arrived.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        what: str,
        job: Callable[[Report], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        lane: str = "work",
        owner: QObject | None = None,
    ) -> Job:
        """Hand a job in. `what` is said while it runs; without it, the job is not shown.

        Jobs of the same `lane` wait for each other. When `owner` is given and gone before the end, nobody is called.
        """
        order = _Order(Job(what, self), job, done, failed, owner)
        self.jobs.append(order.handle)
        self.started.emit(order.handle)
        self._lane(lane).submit(self._run, order)
        return order.handle

    def cancel_all(self) -> None:
        """Ask every job to end."""
        for job in list(self.jobs):
            job.cancel()

    def close(self) -> None:
        """Cancel every job and wait for the threads to end."""
        self.cancel_all()
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)
        self._lanes.clear()
        self.jobs.clear()

    def _lane(self, name: str) -> ThreadPoolExecutor:
        if name not in self._lanes:
            self._lanes[name] = ThreadPoolExecutor(1, thread_name_prefix=f"elpis-{name}")
        return self._lanes[name]

    def _run(self, order: _Order) -> None:
        """On the background thread: whatever happens becomes an answer, so that the window always hears of the end."""
        try:
            good, answer = True, None if order.handle.cancelled else order.job(order.handle.report)
        except Exception as fault:  # noqa: BLE001 - a job that fails must not take the window with it
            good, answer = False, known(fault)
        order.handle.left.set()
        self._arrived.emit(order, good, answer)

    def _arrive(self, order: _Order, good: bool, answer: Any) -> None:
        job = order.handle
        if job not in self.jobs:
            return
        self.jobs.remove(job)
        job.running = False
        try:
            if not job.cancelled and (order.owner is None or shiboken6.isValid(order.owner)):
                self._hand_out(order, good, answer)
        finally:
            self.finished.emit(job)
            job.ended.emit()
            job.deleteLater()

    def _hand_out(self, order: _Order, good: bool, answer: Any) -> None:
        if good:
            order.done(answer)
            return
        if not isinstance(answer, (KnownFault, Refused)):
            self.broke.emit(answer)
        if order.failed is not None:
            order.failed(answer)
        else:
            self.failed.emit(order.handle, answer)
