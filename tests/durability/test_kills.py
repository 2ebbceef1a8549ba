"""kill -9 at a random moment of real work: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from store.snapshots import manifest
from tests.conftest import opened
from tests.durability import states, work
from tests.durability.forks import Forks

SEED = 20261122


class Scene:
    """A book in a place of its own, and every state that the script leads it through."""

    def __init__(self, place: Path) -> None:
        self.place, self.path = place, place / "book.elpis"
        self._first = place / "first.elpis"
        with closing(opened(self._first, create=True)) as book:
            work.seed(book, place)
        self.begin()
        self.states = [states.fingerprint(self.path)]
        with closing(opened(self.path)) as book:
            for number, operation in enumerate(work.SCRIPT):
                operation(book, place, number)
                self.states.append(states.fingerprint_of(book.database.connection()))
        self.begin()

    def begin(self) -> None:
        """The book as it was before the first operation."""
        for name in ("copies", "out"):
            shutil.rmtree(self.place / name, ignore_errors=True)
        for end in ("-wal", "-shm"):
            Path(f"{self.path}{end}").unlink(missing_ok=True)
        shutil.copy(self._first, self.path)

    def found(self, acknowledged: int) -> tuple[int | None, list[str]]:
        """How many operations the book holds, None for a state that there is not; and what else is wrong."""
        wrong = states.problems(self.path)
        held = states.fingerprint(self.path)
        allowed = self.states[acknowledged : acknowledged + 2]
        wrong += [fault for copy in sorted((self.place / "copies").glob("*.elpis")) for fault in self._copy(copy)]
        wrong += [fault for out in sorted((self.place / "out").glob("snapshot*")) for fault in manifest.verify(out)]
        if held in allowed:
            return acknowledged + allowed.index(held), wrong
        return None, [*wrong, f"after {acknowledged} operations: {self._called(held)}"]

    def _copy(self, copy: Path) -> list[str]:
        return [] if states.fingerprint(copy) in self.states else [f"{copy.name} holds no state that ever was"]

    def _called(self, held: str) -> str:
        return f"the state after {self.states.index(held)}" if held in self.states else "a state that never was"


LONGEST = 0.05
"""Seconds after an acknowledgement within which a kill comes: about an operation."""

MOST = 3
"""As many operations are waited for at most, before a kill is near."""


def kill_often(scene: Scene, forked: Forks, count: int, seed: int, task: str = "play") -> tuple[int, list[str]]:
    """How many operations were acknowledged, and the faults that so many kills have led to."""
    chance, done, acknowledged, faults = random.Random(seed), 0, 0, []
    scene.begin()
    for number in range(count):
        if done == len(work.SCRIPT):
            scene.begin()
            done = 0
        delay, after = chance.uniform(0, LONGEST), chance.randint(0, min(MOST, len(work.SCRIPT) - done))
        said = forked.kill(delay, task, str(scene.path), str(scene.place), done, len(work.SCRIPT), after=after)
        last = int(said[-1]) if said and said[-1].isdigit() else done
        held, wrong = scene.found(last)
        faults += [
            f"kill {number} after {delay:.4f} s: {fault}" for fault in [*wrong, *(s for s in said if not s.isdigit())]
        ]
        acknowledged += last - done
        done = last if held is None else held
    return acknowledged, faults


@pytest.mark.parametrize("count", [60, pytest.param(2_500, marks=pytest.mark.deep)])
def test_what_was_acknowledged_survives_the_death_of_the_process(tmp_path, forked, promise, count):
    scene = Scene(tmp_path)
    assert len(set(scene.states)) > len(work.SCRIPT) // 2, "the states can be told apart"
    acknowledged, faults = kill_often(scene, forked, count, SEED + count)
    assert acknowledged > count // 4, "the kills come between many operations, not before the first"
    _, lost = kill_often(scene, forked, 8, SEED, task="play_hastily")
    assert lost, "the control: what is acknowledged before it is stored gets lost, and that is told"
    control = f"acknowledged before it is stored: 8 kills, {len(lost)} faults told"
    promise("R1", f"kill -9 during {len(work.SCRIPT)} operations", count=count, faults=faults, control=control)


def test_a_gap_in_the_change_log_is_told(tmp_path):
    path = tmp_path / "book.elpis"
    with closing(opened(path, create=True)) as book:
        work.seed(book, tmp_path)
        work.save_contract(book, tmp_path, 1)
        assert states.gaps(book.database.connection()) == []
    with closing(states.connect(path)) as database:
        database.execute("DROP TRIGGER change_log_loses_nothing")
        database.execute("DELETE FROM change_log WHERE id = 1")
        assert states.gaps(database) == ["the change log has 1 entries, and the last one is number 2"]
