"""The power fails while a file is handed out: there is the earlier one or the new one, and the new one once it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from store.snapshots import manifest
from tests.conftest import opened
from tests.durability import exporters, replay, work

SEED = 20261122

pytestmark = pytest.mark.skipif(bool(replay.why_not()), reason=replay.why_not() or "it can be recorded")

Files = Mapping[str, bytes]


class Recording:
    """Every export a second time, recorded; what stood there before and what stood there after it."""

    def __init__(self, folder: Path, library: Path) -> None:
        self.place = folder / "place"
        self.place.mkdir()
        with closing(opened(folder / "book.elpis", create=True)) as book:
            work.seed(book, folder)
            for name, write in exporters.EXPORTERS.items():
                write(book, self.place / name)
            exporters.change(book)
        for name in exporters.CONTROLS:
            (self.place / name).write_bytes(b"what was there before")
        self.old = self._files()
        self.disk = replay.begin(self.place, self.old)
        command = [sys.executable, "-m", "tests.durability.exporters", str(self.place)]
        how = {**os.environ, **replay.environment(library, self.place)}
        subprocess.run(command, env=how, check=True)
        self.new = self._files()
        self.record = replay.entries(self.place)
        self.names = [*exporters.EXPORTERS, *exporters.CONTROLS]
        self.ends = [n for n, entry in enumerate(self.record, 1) if entry.kind == "w" and entry.length == 4]
        assert len(self.ends) == len(self.names)

    def _files(self) -> Files:
        found = (path for path in self.place.rglob("*") if path.is_file() and path.name != replay.ACKNOWLEDGED)
        return {str(path.relative_to(self.place)): path.read_bytes() for path in found}

    def judge(self, number: int, count: int, scratch: Path) -> tuple[list[str], list[str]]:
        """Of so many images of an export: those with something torn in it, and those that are old in spite of it."""
        name = self.names[number]
        first = self.ends[number - 1] if number else 0
        after = min(self.ends[number] + 2, len(self.record))
        old, new = (_of(files, name) for files in (self.old, self.new))
        assert old != new, f"{name} shows the change"
        torn, stale, start = [], [], len(f"{self.place.resolve()}/")
        for image in replay.images(self.disk, self.record, count, SEED + number, (first, after)):
            held = _of({path[start:]: content for path, content in image.files.items()}, name)
            done = image.acknowledged > number
            if held not in (old, new) and not _told(held, scratch):
                torn.append(f"cut {image.cut}: {name}")
            elif done and held != new:
                stale.append(f"cut {image.cut}: {name}")
        return torn, stale


def _of(files: Files, name: str) -> Files:
    """The files of an export; what is still being made has another name."""
    own = (path for path in files if path == name or (path.startswith(f"{name}/") and manifest.UNFINISHED not in path))
    return {path: files[path] for path in own}


def _told(held: Files, scratch: Path) -> bool:
    """Whether a snapshot that is half replaced is known to be so: its manifest does not vouch for it."""
    if not any(path.endswith(f"/{manifest.NAME}") for path in held):
        return False
    folder = scratch / "snapshot"
    folder.mkdir(exist_ok=True)
    for path in folder.rglob("*.*"):
        path.unlink()
    for path, content in held.items():
        target = folder / path.partition("/")[2]
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
    return bool(manifest.verify(folder))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Recording:
    """The record of all exports."""
    return Recording(tmp_path_factory.mktemp("exports"), library)


@pytest.mark.parametrize("count", [300, pytest.param(3_000, marks=pytest.mark.deep)])
def test_a_power_cut_leaves_the_earlier_file_or_the_new_one(recording, scratch, promise, count):
    recording.disk = replay.begin(recording.place, recording.old)
    judged = {name: recording.judge(n, count, scratch) for n, name in enumerate(recording.names)}
    plain, renamed = judged["plain"], judged["renamed"]
    assert plain[0], "the control: a file written straight to its place is torn"
    assert renamed[0], "the control: a file renamed without a flush is torn"
    assert renamed[1], "and one whose folder was not flushed is the earlier one, though all was said to be done"
    faults = [fault for name in exporters.EXPORTERS for kind in judged[name] for fault in kind]
    control = (
        f"of {count}: plain write {len(plain[0])} torn; rename without flush {len(renamed[0])}, {len(renamed[1])} stale"
    )
    tried = f"power cuts during {len(exporters.EXPORTERS)} exports, {count:,} each"
    promise("R7", tried, count=count * len(exporters.EXPORTERS), faults=faults, control=control)
