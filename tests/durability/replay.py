"""Replays what the recorder wrote down, and makes of it what a disk may hold after the power failed at some moment.

The model is harsher than the file systems in use. Of a file, what was synced is there; each write and truncation that
came later is there, or not, or there in some of its sectors of 512 bytes only. Of names, each creation, renaming and
removal is durable when its folder was synced; of the later ones there are some, in their order, and then no more.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

RECORDER = Path(__file__).parent / "recorder.c"
SECTOR = 512
ACKNOWLEDGED = "acknowledged"
"""The file that a process writes to when something has been done; it is no part of what is on disk."""

_HEAD = struct.Struct("<ciiqqII")


def why_not() -> str:
    """Why nothing can be recorded here, "" where it can."""
    if sys.platform != "linux":
        return "what a process writes is recorded with LD_PRELOAD, which is of Linux"
    return "" if shutil.which("cc") else "there is no C compiler (cc) to build the recorder with"


def build(folder: Path) -> Path:
    """The recorder as a library."""
    library = folder / "recorder.so"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, RECORDER, "-ldl", "-lpthread"], check=True)
    return library


def environment(library: Path, place: Path) -> dict[str, str]:
    """What makes a process record what it does in a folder; the record stands beside the folder."""
    return {"LD_PRELOAD": str(library), "ELPIS_RECORD": str(record_of(place)), "ELPIS_UNDER": str(place.resolve())}


def record_of(place: Path) -> Path:
    """Where the record of a folder stands."""
    return place.with_name(f"{place.name}.record")


@dataclass(frozen=True)
class Entry:
    """One thing that a process did."""

    kind: str
    handle: tuple[int, int]
    offset: int
    length: int
    path: str
    other: str
    data: bytes


def entries(place: Path) -> list[Entry]:
    """What was recorded, in order."""
    raw, at, found = record_of(place).read_bytes(), 0, []
    while at < len(raw):
        kind, process, fd, offset, length, first, second = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        path, other = raw[at : at + first].decode(), raw[at + first : at + first + second].decode()
        at += first + second
        size = length if kind == b"w" else 0
        found.append(Entry(kind.decode(), (process, fd), offset, length, path, other, raw[at : at + size]))
        at += size
    return found


Change = tuple[int, bytes | None]
"""A write at an offset, or (None) a truncation to a size."""


@dataclass
class File:
    """What is synced of a file, and what was written since."""

    synced: bytes = b""
    later: list[Change] = field(default_factory=list)

    def sync(self) -> None:
        """All of it is durable."""
        if self.later:
            held = bytearray(self.synced)
            for change in self.later:
                _apply(held, *change)
            self.synced = bytes(held)
            self.later.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        """What may be there after a cut."""
        if not self.later:
            return self.synced
        held = bytearray(self.synced)
        for offset, data in self.later:
            fate = chance.randrange(3)
            if fate == 0:
                continue
            if data is None or fate == 1:
                _apply(held, offset, data)
            else:
                _tear(held, offset, data, chance)
        return bytes(held)


def _apply(held: bytearray, offset: int, data: bytes | None) -> None:
    end = offset + len(data or b"")
    if data is None:
        del held[offset:]
    if len(held) < end:
        held.extend(bytes(end - len(held)))
    if data is not None:
        held[offset:end] = data


def _tear(held: bytearray, offset: int, data: bytes, chance: random.Random) -> None:
    """Some sectors of a write."""
    for start in range(offset - offset % SECTOR, offset + len(data), SECTOR):
        if chance.random() < 0.5:
            first, last = max(start, offset), min(start + SECTOR, offset + len(data))
            _apply(held, first, data[first - offset : last - offset])


Names = dict[str, File]


@dataclass(frozen=True)
class Move:
    """A change of names that happens at once: names that go, names that come, the folders that it is written into."""

    gone: Sequence[str]
    come: Names
    folders: frozenset[str]


@dataclass
class Disk:
    """Everything in a folder, as it goes through a record."""

    names: Names
    durable: Names
    moves: list[Move] = field(default_factory=list)
    handles: dict[tuple[int, int], tuple[str, File | None]] = field(default_factory=dict)
    acknowledged: int = 0
    at: int = 0
    """How many entries were taken."""

    def take(self, entry: Entry) -> None:
        """Go on by one entry."""
        getattr(self, f"_{entry.kind}")(entry)
        self.at += 1

    def _o(self, entry: Entry) -> None:
        made, emptied = bool(entry.length), bool(entry.offset)
        if made and entry.path not in self.names:
            self._move((), {entry.path: File()}, entry.path)
        file = self.names.get(entry.path)
        self.handles[entry.handle] = (entry.path, file)
        if file is not None and emptied:
            file.later.append((0, None))

    def _c(self, entry: Entry) -> None:
        self.handles.pop(entry.handle, None)

    def _w(self, entry: Entry) -> None:
        path, file = self.handles[entry.handle]
        if path.endswith(f"/{ACKNOWLEDGED}"):
            self.acknowledged = int(entry.data)
        elif file is not None:
            file.later.append((entry.offset, entry.data))

    def _t(self, entry: Entry) -> None:
        _, file = self.handles[entry.handle]
        assert file is not None
        file.later.append((entry.offset, None))

    def _s(self, entry: Entry) -> None:
        path, file = self.handles[entry.handle]
        if file is not None:
            file.sync()
        else:
            self._sync_folder(path.rstrip("/"))

    def _r(self, entry: Entry) -> None:
        old, new = entry.path, entry.other
        gone = [name for name in self.names if name == old or name.startswith(f"{old}/")]
        self._move(gone, {new + name[len(old) :]: self.names[name] for name in gone}, old, new)

    def _u(self, entry: Entry) -> None:
        self._move((entry.path,), {}, entry.path)

    def _m(self, entry: Entry) -> None:
        """A folder is there as soon as something in it is."""

    def _d(self, entry: Entry) -> None:
        """What was in it is gone already."""

    def _move(self, gone: Sequence[str], come: Names, *places: str) -> None:
        move = Move(gone, come, frozenset(map(os.path.dirname, places)))
        _rename(self.names, move)
        self.moves.append(move)

    def _sync_folder(self, folder: str) -> None:
        """What happened in it, and all before that, is durable."""
        last = max((n for n, move in enumerate(self.moves, 1) if folder in move.folders), default=0)
        for move in self.moves[:last]:
            _rename(self.durable, move)
        del self.moves[:last]

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """What may be in the folder after the power failed now: paths and contents."""
        names = dict(self.durable)
        for move in self.moves[: chance.randint(0, len(self.moves))]:
            _rename(names, move)
        return {path: file.after_cut(chance) for path, file in names.items()}


def _rename(names: Names, move: Move) -> None:
    for name in move.gone:
        names.pop(name, None)
    names.update(move.come)


def begin(place: Path, files: Mapping[str, bytes] | None = None) -> Disk:
    """A folder with these files, or with those that are there; all of it is durable."""
    if files is None:
        files = {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    found = {str(place.resolve() / name): File(content) for name, content in files.items()}
    return Disk(found, dict(found))


def scratch(folder: Path) -> Path:
    """Where images are looked at: in memory, where there is such a place."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="elpis-images-", dir=memory if os.access(memory, os.W_OK) else folder))


@dataclass(frozen=True)
class Image:
    """What may be on disk after a cut, and what had been acknowledged before it."""

    cut: int
    acknowledged: int
    files: Mapping[str, bytes]


def images(
    disk: Disk, record: Sequence[Entry], count: int, seed: int, between: tuple[int, int] | None = None
) -> Iterator[Image]:
    """So many images of cuts at random moments, or of those between two entries. The disk goes on to the last one."""
    chance = random.Random(seed)
    first, last = between or (0, len(record))
    for cut in sorted(chance.randint(first, last) for _ in range(count)):
        for entry in record[disk.at : cut]:
            disk.take(entry)
        yield Image(cut, disk.acknowledged, disk.after_cut(chance))
