"""Two processes and one book: no update is lost, nobody is told that a database is locked."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store import backups, contracts, overviews
from store.overviews import Ask
from tests.conftest import opened
from tests.durability import editing, states, work
from tests.durability.forks import Forks, forks


@pytest.fixture(scope="module")
def two(forked: Forks) -> Iterator[tuple[Forks, Forks]]:
    """Two processes that fork."""
    with forks() as other:
        yield forked, other


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book with an estate in it, closed."""
    with closing(opened(tmp_path / "book.elpis", create=True)) as book:
        work.seed(book, tmp_path)
    return tmp_path / "book.elpis"


def quantity(path: Path) -> int:
    with closing(states.connect(path)) as found:
        return int(found.execute("SELECT quantity FROM contract_items WHERE item = '1'").fetchone()[0])


@pytest.mark.parametrize("edits", [300, pytest.param(2_000, marks=pytest.mark.deep)])
def test_of_two_programs_that_count_up_the_same_quantity_none_loses_an_edit(path, two, promise, edits):
    careless = Path(shutil.copy(path, path.with_name("careless.elpis")))
    first = quantity(path)
    one, other = two
    for both in (one, other):
        both.begin("count_up", str(path), edits, 25)
    assert [one.finish(), other.finish()] == [str(edits)] * 2
    for both in (one, other):
        both.begin("count_up_carelessly", str(careless), edits)
    assert [one.finish(), other.finish()] == [str(edits)] * 2
    missed = first + 2 * edits - quantity(careless)
    assert missed > 0, "the control: read and written without a transaction, edits are lost"
    lost = first + 2 * edits - quantity(path)
    with closing(opened(path)) as book:
        held = contracts.read(book, "C1")[1][0].quantity
    assert held == quantity(path)
    control = f"without a lock {missed} of {2 * edits} are lost"
    promise("R16", f"edits of one quantity by 2 processes, {edits} each", count=2 * edits, faults=lost, control=control)


@pytest.mark.parametrize("edits", [60, pytest.param(2_000, marks=pytest.mark.deep)])
def test_what_somebody_saw_before_another_changed_it_is_never_stored_over_unasked(path, two, promise, edits):
    with closing(opened(path)) as book:
        editing.seed(book)
        first = editing.numbers(book)
    careless = Path(shutil.copy(path, path.with_name("careless.elpis")))
    rounds = edits // len(first)
    stale, told = _edited(two, path, rounds, careful=True)
    _edited(two, careless, _FEW, careful=False)
    wanted = {name: number + sum(_ADDED) * rounds for name, number in first.items()}
    with closing(opened(path)) as book:
        assert editing.numbers(book) == wanted
    assert stale > 0, "the two met"
    few = {name: number + sum(_ADDED) * _FEW for name, number in first.items()}
    with closing(opened(careless)) as book:
        missed = sum(few[name] != number for name, number in editing.numbers(book).items())
    assert missed > 0, "the control: stored without a look at what is there, edits are lost"
    promise(
        "R16",
        f"edits of what was seen before, {', '.join(first)}: {told} conflicts told",
        count=2 * rounds * len(first),
        faults=stale - told,
        control=f"stored unasked, {missed} of {len(first)} numbers are wrong",
    )


_ADDED = 1, 1_000
"""What the two add to a number: who types the same as the other has no conflict with him."""


_FEW = 3
"""Edits of each record that show what is lost without a look."""


def _edited(two: tuple[Forks, Forks], path: Path, rounds: int, *, careful: bool) -> tuple[int, int]:
    """Two programs edit every record so many times: how often one was another by then, and how often that was told."""
    for both, adds in zip(two, _ADDED, strict=True):
        both.begin("edit_what_was_seen", str(path), rounds, adds, careful)
    said = [tuple(map(int, both.finish().split())) for both in two]
    return sum(stale for stale, _ in said), sum(told for _, told in said)


@pytest.mark.parametrize("seconds", [10, pytest.param(300, marks=pytest.mark.deep)])
def test_nobody_is_told_that_the_database_is_locked(path, forked, promise, seconds):
    faults: list[str] = []
    waits: dict[str, list[float]] = {"read": [], "back up": []}
    end = time.monotonic() + seconds
    told = path.with_name("acknowledged")
    with forked.beside("write_on", str(path), str(told), 0.01):
        threads = [
            *(threading.Thread(target=_again, args=(path, "read", _read, end, waits, faults)) for _ in range(2)),
            threading.Thread(target=_again, args=(path, "back up", backups.back_up, end, waits, faults)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        written = int(told.read_bytes())
    assert written > seconds, "somebody wrote all the time"
    longest = {name: sorted(found)[int(len(found) * 0.99)] for name, found in waits.items()}
    assert longest["read"] < 1
    count = sum(map(len, waits.values())) + written
    told_of = f"{written} writes, {len(waits['read'])} reads (99 % in {1000 * longest['read']:.0f} ms), {len(waits['back up'])} backups"
    with closing(opened(path)):
        locked = _locked_out(path)
    assert locked, "the control: a second writer beside the lock is told so"
    promise("R17", f"{seconds} s of {told_of}", count=count, faults=faults, control="a writer beside the lock is told")


def _again(path: Path, name: str, do: Callable[..., object], end: float, waits: dict, faults: list) -> None:
    """Do something again and again, as a program of its own would; each fault is kept."""
    with closing(opened(path, read_only=True)) as book:
        while time.monotonic() < end:
            begun = time.monotonic()
            try:
                do(book)
            except Exception as fault:  # noqa: BLE001 - whatever it is, a user would have been told of it
                faults.append(f"{name}: {type(fault).__name__}: {fault}")
            waits[name].append(time.monotonic() - begun)
            time.sleep(0.1)  # so that the others get the processor, too
        book.release()


def _read(book: object) -> None:
    for name in ("contracts", "compliance", "events", "changes"):
        overviews.rows(book, name, overviews.first(book, name, Ask(), 50))


def _locked_out(path: Path) -> bool:
    with closing(states.connect(path)) as first, closing(states.connect(path)) as second:
        first.execute("BEGIN IMMEDIATE")
        second.execute("PRAGMA busy_timeout = 0")
        try:
            second.execute("BEGIN IMMEDIATE")
        except Exception as fault:  # noqa: BLE001 - of the driver
            return "locked" in str(fault)
    return False
