"""The snapshots that were saved from a book: the book remembers where each lies and what it was, to tell it again.

Remembering is no change of the data: it is no step to undo, and does not count in the content of the book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import orjson

from rules.vocabulary import STATUSES
from store import rows, settings
from store.book import Book
from store.errors import Unknown
from store.snapshots import build, formats, manifest
from store.snapshots.formats import Imprint

WHOLE: Final = "whole"
CHANGED: Final = "changed"
REPLACED: Final = "replaced"
MISSING: Final = "missing"
"""What can be said of a snapshot that was saved: it is as it was written; files were changed, added or taken away; a
later snapshot took its place; it is not there."""


@dataclass(frozen=True)
class Kept:
    """A snapshot as it was saved: when (UTC), by whom, of which day, where, its fingerprint, positions by status.

    The fingerprint is the SHA-256 of `snapshot.json`.
    """

    id: int
    at: str
    who: str
    as_of: str
    folder: Path
    sha256: str
    statuses: Mapping[str, int]


@dataclass(frozen=True)
class State:
    """What a snapshot is by now: a code (whole, changed, replaced, missing), and sentences about what differs."""

    code: str
    reasons: tuple[str, ...] = ()


def save(book: Book, folder: Path, *, json_only: bool = False) -> Kept:
    """Save a snapshot of the day that the book was last judged on, and remember it, if the book may be written.

    Raises as `store.snapshots.build.save`; nothing is remembered then.
    """
    folder = folder.absolute()
    build.save(book, folder, json_only=json_only, imprint=Imprint(book.path.stem, book.who))
    sha256 = str(manifest.read(folder)["files"][formats.JSON]["sha256"])
    counted = dict(book.rows("SELECT status, count(*) FROM positions GROUP BY status"))
    statuses = {status: int(counted.get(status, 0)) for status in STATUSES}
    saved = Kept(0, book.now(), book.who, settings.get(book, "as_of"), folder, sha256, statuses)
    return saved if book.lock is None else replace(saved, id=_remember(book, saved))


def _remember(book: Book, saved: Kept) -> int:
    values = (saved.at, saved.who, saved.as_of, str(saved.folder), saved.sha256)
    with book.transaction():
        number = book.insert(
            "INSERT INTO snapshots (at, who, as_of, folder, sha256, statuses) VALUES (?, ?, ?, ?, ?, ?)",
            (*values, orjson.dumps(dict(saved.statuses)).decode()),
        )
        _log(book, "save", number, saved.folder)
    return number


def _log(book: Book, action: str, number: int, folder: Path) -> None:
    told = orjson.dumps({"folder": str(folder)}).decode()
    before, after = (None, told) if action == "save" else (told, None)
    rows.note(book, action, "snapshots", str(number), before, after)


def listed(book: Book) -> list[Kept]:
    """The snapshots that were saved from the book, the latest first."""
    found = book.rows("SELECT id, at, who, as_of, folder, sha256, statuses FROM snapshots ORDER BY id DESC")
    return [
        Kept(number, at, who, as_of, Path(folder), sha256, orjson.loads(statuses))
        for number, at, who, as_of, folder, sha256, statuses in found
    ]


def forget(book: Book, number: int) -> None:
    """Forget a snapshot; its files stay where they are. Raises Unknown when the book remembers none of that number."""
    with book.transaction():
        row = book.one("SELECT folder FROM snapshots WHERE id = ?", (number,))
        if row is None:
            raise Unknown("this snapshot is forgotten already.")
        book.run("DELETE FROM snapshots WHERE id = ?", (number,))
        _log(book, "forget", number, Path(row[0]))


def state(kept: Kept) -> State:
    """Read a snapshot again, and tell whether it still is what was saved."""
    try:
        files: dict[str, Any] = manifest.read(kept.folder)["files"]
    except FileNotFoundError:
        return State(MISSING, (f"{kept.folder} is not there, or holds no snapshot.",))
    except (OSError, ValueError) as fault:
        return State(CHANGED, (str(fault),))
    if files.get(formats.JSON, {}).get("sha256") != kept.sha256:
        return State(REPLACED, ("Another snapshot was saved in this folder since.",))
    try:
        faults = tuple(manifest.verify(kept.folder))
    except OSError as fault:
        return State(CHANGED, (f"it cannot be read: {fault.strerror}",))
    return State(CHANGED, faults) if faults else State(WHOLE)
