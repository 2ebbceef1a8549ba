"""The bars of beginning: the first paint of a list, what it takes in memory, and the start of the program.

Both sides of each are processes of their own, one after the other in turns, with what Python has compiled kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from tests.bench import prepared, promised, screens
from tests.bench.measures import Scale
from tests.bench.timing import ROOT, Figure, Time, compared, interleaved
from tests.bench.window import MILLION, is_trial, rounds, sizes, small


def alone(work: str, *arguments: object) -> tuple[float, dict[str, Any]]:
    """Seconds from the beginning of a process to what it says of itself, and that."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(prepared.HOME / "compiled")}
    command = [sys.executable, "-m", "tests.bench.alone", work, *map(str, arguments)]
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        spent = time.perf_counter() - started
        _, complaint = running.communicate()
    if running.returncode:
        raise RuntimeError(f"{work} failed: {complaint.decode()}")
    return spent, json.loads(said)


def _told(work: str, *arguments: object) -> Callable[[], Time]:
    """What a process measures itself."""

    def run() -> Time:
        _, said = alone(work, *arguments)
        return Time(said["wall"], said["cpu"])

    return run


def _whole(work: str) -> Callable[[], Time]:
    """What a process takes from its beginning."""

    def run() -> Time:
        spent, said = alone(work)
        return Time(spent, said["cpu"])

    return run


def first_paint(scale: Scale) -> Iterator[Figure]:
    """T1 and T2: from the open program to the painted list of a book; and a bare window with an empty table."""
    least, both = small(scale), sizes(scale)
    works = [_told("page", screens.book(size)) for size in (least, *both)]
    for work in () if is_trial(scale) else (*works, _told("empty")):
        work()  # what is compiled and cached by the first is so for all
    little, *large, empty = interleaved(rounds(scale), *works, _told("empty"))
    for size, times in zip(both, large, strict=True):
        yield compared(f"T1: first paint at {size:,} / at {least:,}", times, little, *promised.FIRST_PAINT)
        yield compared(
            f"T2: first paint at {size:,} / of a window with an empty table",
            times,
            empty,
            *promised.FIRST_PAINT_TO_EMPTY,
        )


def memory(scale: Scale) -> Iterator[Figure]:
    """T3: what the list of all rows takes, against their tuples. The bar is that of the largest list."""
    for size in sizes(scale):
        _, said = alone("memory", screens.book(size), size)
        ours, tuples = (f"{said[name]:.1f} MB" for name in ("ours", "tuples"))
        largest = size >= MILLION
        ratio = Figure(
            f"T3: the list of {size:,} rows / its rows as tuples", ours, tuples, said["ours"] / said["tuples"]
        )
        bar = promised.MEMORY
        yield replace(ratio, must=bar.must, stretch=bar.stretch) if largest else ratio
        yield Figure(f"T3: megabytes of the list of {size:,} rows", ours, "", said["ours"], promised.MEGABYTES.must)


def start(scale: Scale) -> Iterator[Figure]:
    """C1 and C2: the program from nothing to its first window, against a bare window of PySide."""
    heavy, _ = (alone(work)[1].get("heavy") for work in ("start", "bare"))
    ones, others = interleaved(rounds(scale), _whole("start"), _whole("bare"))
    yield compared("C1: start to the first window / a bare window of PySide", ones, others, *promised.START)
    name = f"C2: heavy modules before the first window{': ' if heavy else ''}{' '.join(heavy)}"
    yield Figure(
        name, str(len(heavy)), "", len(heavy), promised.HEAVY_MODULES.must, None, promised.HEAVY_MODULES.stretch
    )


def opening(scale: Scale) -> Iterable[Figure]:
    """T1, T2, T3, C1 and C2."""
    yield from first_paint(scale)
    yield from memory(scale)
    yield from start(scale)


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"opening": opening}
