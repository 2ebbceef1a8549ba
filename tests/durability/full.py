"""Every operation and every export on a disk that becomes full at one of its writes, then at the next, and so on.

Run as a program that the recorder was loaded into. The book stays open all the while, as in a window whose user frees
some space and tries again.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from store import evidence
from store.book import Book, known
from store.errors import KnownFault
from store.snapshots.manifest import UNFINISHED
from tests.conftest import opened
from tests.durability import exporters, states, work

_ROOM: Any = ctypes.CDLL(None)


_ONLY_SAVED = "was saved, but the book could not take a note of it"
"""What is said of a snapshot that stands, where only the last of its writes had no room."""

Held = tuple[str, Mapping[str, bytes]]
"""All that a book holds, and all other files."""


def room(writes: int) -> None:
    """So many more writes are possible; -1 for any number."""
    _ROOM.elpis_room(ctypes.c_int64(writes))


class Harness:
    """A book and what was handed out of it, in one folder; what was tried there, and what went wrong."""

    def __init__(self, place: Path, book: Book, every: bool) -> None:
        self.place, self.book, self._every = place, book, every
        self.tries = 0
        self.faults: list[str] = []

    def everything(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """What is tried, by its name."""
        for number, operation in enumerate(work.SCRIPT):
            if operation is work.import_files:
                work.tables(self.place, number)
            yield f"{operation.__name__} {number}", lambda o=operation, n=number: o(self.book, self.place, n)
        for name, write in exporters.EXPORTERS.items():
            yield name, lambda n=name, w=write: w(self.book, self.place / n)

    def fill(self, name: str, work_: Callable[[], object]) -> None:
        """Try something with room for no write, for one, and so on, until it is done."""
        evidence.settle(self.book)  # which is stored whatever becomes of the rest
        before = self._held()
        for writes in self._numbers():
            self.tries += 1
            room(writes)
            try:
                work_()
            except Exception as fault:  # noqa: BLE001 - what the window makes of it is told
                said = str(known(fault)) if isinstance(known(fault), KnownFault) else f"a fault of the program: {fault}"
            else:
                return
            finally:
                room(-1)
            if "the disk is full" not in said.casefold():
                self.faults.append(f"{name} after {writes} writes says: {said}")
            now = self._held()
            if now != before and _ONLY_SAVED not in said:
                self.faults.append(f"{name} after {writes} writes changed {_difference(before, now)}; it said {said}")
            before = now

    def _numbers(self) -> Iterator[int]:
        """0, 1, 2 and so on; or with strides of twice the length each."""
        writes = 0
        while True:
            yield writes
            writes += 1 if self._every else 1 + writes

    def _held(self) -> Held:
        files = (path for path in sorted(self.place.rglob("*")) if path.is_file() and not _is_book(path))
        return states.fingerprint_of(self.book.connection()), {str(path): path.read_bytes() for path in files}

    def left(self) -> list[str]:
        """What was begun and stands there still."""
        return [str(path) for path in self.place.rglob(f"*{UNFINISHED}*")]


def _difference(before: Held, after: Held) -> str:
    files = [path for path in {*before[1], *after[1]} if before[1].get(path) != after[1].get(path)]
    return ", ".join(files) or "the book"


def _is_book(path: Path) -> bool:
    return path.name.startswith("book.elpis") and path.parent.name != "book.elpis.backups"


def main(arguments: Sequence[str]) -> None:
    """Try everything in a folder; or the control, which writes straight to its place."""
    place, way = Path(arguments[0]), arguments[1]
    with closing(opened(place / "book.elpis")) as book:
        harness = Harness(place, book, every=way == "every")
        for name, write in exporters.EXPORTERS.items():
            write(book, place / name)
        if way == "control":
            (place / "plain").write_bytes(b"what was there before")
            harness.fill("plain", lambda: exporters.CONTROLS["plain"](place / "plain"))
        else:
            for name, work_ in harness.everything():
                harness.fill(name, work_)
    with closing(opened(place / "book.elpis")) as book:
        faults = [*harness.faults, *harness.left(), *states.problems_of(book)]
    print(json.dumps({"tries": harness.tries, "faults": faults}))


if __name__ == "__main__":
    os.environ["TMPDIR"] = sys.argv[1]
    main(sys.argv[1:])
