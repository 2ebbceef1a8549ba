"""Times that can be compared on a shared machine: both sides in turns, and medians of the ratios of single rounds."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Time:
    """Seconds by the clock, and those that the process worked."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Figure:
    """A line of the table. `must` is what `ratio` may be at most; without it the line is there to be looked at.
    `stretch` is what would be better still.

    `numerator` and `denominator` are texts with their units; `cpu` is the ratio of processor times.
    """

    name: str
    numerator: str
    denominator: str
    ratio: float
    must: float | None = None
    cpu: float | None = None
    stretch: float | None = None

    @property
    def holds(self) -> bool:
        return self.must is None or self.ratio <= self.must


def timed(work: Callable[[], object], *, collect: bool = True) -> Time:
    """How long a piece of work takes; `collect` begins with a collection of garbage, outside of the time."""
    if collect:
        gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Time(time.perf_counter() - wall, time.process_time() - cpu)


def interleaved(rounds: int, *works: Callable[[], Time]) -> list[list[Time]]:
    """The times of each work in each round; every other round goes through them backwards."""
    found: list[list[Time]] = [[] for _ in works]
    for number in range(rounds):
        order = range(len(works)) if number % 2 == 0 else reversed(range(len(works)))
        for place in order:
            found[place].append(works[place]())
    return found


def middle(times: Sequence[Time]) -> float:
    """The median of the seconds by the clock."""
    return median(time.wall for time in times)


def compared(
    name: str, ones: Sequence[Time], others: Sequence[Time], must: float | None = None, stretch: float | None = None
) -> Figure:
    """Two works of the same rounds as a figure."""
    ratio = median(one.wall / other.wall for one, other in zip(ones, others, strict=True))
    cpu = median(one.cpu / (other.cpu or 1e-9) for one, other in zip(ones, others, strict=True))
    return Figure(name, seconds(middle(ones)), seconds(middle(others)), ratio, must, cpu, stretch)


def seconds(value: float) -> str:
    """A time with a unit that suits it."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.2f} ms" if value >= 1e-4 else f"{value * 1e6:.1f} us"


def child(work: str, *arguments: object) -> dict[str, Any]:
    """What a piece of work in a process of its own says of itself (`tests.bench.child`)."""
    command = [sys.executable, "-m", "tests.bench.child", work, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{work} failed: {done.stderr}")
    return json.loads(done.stdout)


def of_child(said: dict[str, Any]) -> Time:
    """The times that a child took."""
    return Time(said["wall"], said["cpu"])
