"""The power fails at a random moment of real work: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import opened
from tests.durability import replay, states, work

SEED = 20261122

pytestmark = pytest.mark.skipif(bool(replay.why_not()), reason=replay.why_not() or "it can be recorded")

PLAYS = """
import os, sys
from contextlib import closing
from pathlib import Path
from store import book as books
from tests.conftest import opened
from tests.durability import replay, states, work

place, synchronous = Path(sys.argv[1]), int(sys.argv[2])
for pragmas in (books._OF_THE_CONNECTION, books.PRAGMAS):
    pragmas["synchronous"] = synchronous
told = os.open(place / replay.ACKNOWLEDGED, os.O_WRONLY | os.O_CREAT)
with closing(opened(place / "book.elpis")) as book:
    book.run("PRAGMA wal_autocheckpoint = 100")  # so that some cuts come while the log is brought into the book
    for number, operation in enumerate(work.SCRIPT, 1):
        operation(book, place, number - 1)
        os.write(told, b"%d" % number)
        print(states.fingerprint_of(book.database.connection()), flush=True)
"""


Looked = tuple[str, Sequence[str]]
"""What a book holds, and what is wrong with it."""


class Recording:
    """The script, played while everything that it wrote was recorded; and every state that it led through."""

    def __init__(self, folder: Path, library: Path, synchronous: int = 2) -> None:
        self.place = folder / "place"
        self.place.mkdir(parents=True)
        self.path = self.place / "book.elpis"
        with closing(opened(self.path, create=True)) as book:
            work.seed(book, self.place)
        self.disk = replay.begin(self.place)
        self.states = [states.fingerprint(self.path)]
        command = [sys.executable, "-c", PLAYS, str(self.place), str(synchronous)]
        how = {**os.environ, **replay.environment(library, self.place)}
        said = subprocess.run(command, env=how, capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stderr
        self.states += said.stdout.split()
        self.record = replay.entries(self.place)
        self.last = {str(path.resolve()): path.read_bytes() for path in self.place.rglob("*") if path.is_file()}

    def judge(self, count: int, seed: int, scratch: Path) -> tuple[list[str], list[str]]:
        """Of so many images: the losses, and everything else that is wrong."""
        known: dict[tuple[int, ...], Looked] = {}
        states_of: dict[int, Looked] = {}
        lost, wrong = [], []
        for image in replay.images(self.disk, self.record, count, seed):
            held, faults = self._held(image, known, states_of, scratch)
            allowed = self.states[image.acknowledged : image.acknowledged + 2]
            faults = [*faults, *self._handed_out(image)]
            wrong += [f"cut {image.cut}: {fault}" for fault in faults]
            if held not in allowed:
                place = self.states.index(held) if held in self.states else "a state that never was"
                (lost if held in self.states else wrong).append(f"cut {image.cut}: {image.acknowledged} done, {place}")
        return lost, wrong

    def _held(
        self, image: replay.Image, known: dict[tuple[int, ...], Looked], states_of: dict[int, Looked], scratch: Path
    ) -> Looked:
        """What the book of an image holds; the same bytes are looked at once."""
        parts = [image.files.get(f"{self.path.resolve()}{end}", b"") for end in ("", "-wal")]
        key = tuple(map(hash, parts))
        if key not in known:
            path = scratch / "image.elpis"
            for end, part in zip(("", "-wal", "-shm"), (*parts, b""), strict=True):
                Path(f"{path}{end}").unlink(missing_ok=True)
                if part:
                    Path(f"{path}{end}").write_bytes(part)
            faults = states.problems(path) if len(known) % 25 == 0 else []
            held, wrong = _looked_at(path, states_of)
            known[key] = held, [*faults, *wrong]
        return known[key]

    def _handed_out(self, image: replay.Image) -> list[str]:
        """Backups and snapshots: each file is whole, or not there; and there once it was acknowledged."""
        whole = {path: content for path, content in self.last.items() if "/copies/" in path or "/out/" in path}
        torn = [path for path, content in image.files.items() if path in whole and content != whole[path]]
        made = {path for path in whole for number in range(image.acknowledged) if _made_by(number) in path}
        return [*(f"{path} is torn" for path in torn), *(f"{path} is lost" for path in made - set(image.files))]


def _made_by(number: int) -> str:
    names = {work.back_up: f"/copies/copy{number}.", work.save_snapshot: f"/out/snapshot{number}/"}
    return names.get(work.SCRIPT[number], "nothing of this name")


def _looked_at(path: Path, known: dict[int, Looked]) -> Looked:
    """What a book holds once SQLite has brought in its log, and what is wrong with it; the same pages are judged once."""
    with closing(states.connect(path)) as found:
        found.execute("PRAGMA synchronous = OFF")  # nobody needs the image any more
        busy, *_ = found.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        pages = hash(path.read_bytes())
        if busy or pages not in known:
            faults = [str(row) for row in found.execute("PRAGMA integrity_check") if row != ("ok",)]
            faults += [str(row) for row in found.execute("PRAGMA foreign_key_check")]
            known[pages] = states.fingerprint_of(found), [*faults, *states.gaps(found)]
    return known[pages]


@pytest.mark.parametrize("count", [2_000, pytest.param(50_000, marks=pytest.mark.deep)])
def test_what_was_acknowledged_survives_a_power_cut(tmp_path, library, scratch, promise, count):
    made = Recording(tmp_path / "full", library)
    lost, wrong = made.judge(count, SEED, scratch)
    careless = Recording(tmp_path / "normal", library, synchronous=1)
    missed, broken = careless.judge(200, SEED, scratch)
    assert missed, "the control: with synchronous=NORMAL, acknowledged work is lost"
    assert not broken
    control = f"synchronous=NORMAL: {len(missed)} of 200 images lost acknowledged work"
    tried = f"power cuts during {len(work.SCRIPT)} operations ({len(made.record):,} writes and syncs)"
    promise("R2", tried, count=count, faults=lost + wrong, control=control)
