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
from store.errors import BookFault, Unknown
from store.snapshots import build, formats, manifest, sealing, verify
from store.snapshots.formats import Imprint
from store.snapshots.keys import Signer

SIGNED: Final = "signed"
WHOLE: Final = "whole"
CHANGED: Final = "changed"
REPLACED: Final = "replaced"
MISSING: Final = "missing"
"""What can be said of a snapshot that was saved: it is as it was signed; it is as it was written; files were changed,
added or taken away; a later snapshot took its place; it is not there."""


@dataclass(frozen=True)
class Kept:
    """A snapshot as it was saved: when (UTC), by whom, of which day, where, its fingerprint, positions by status.

    The fingerprint is the SHA-256 of `snapshot.json`. A signed one has a number (`seal`); it lies in one file, `folder`
    is the path of that file, and the fingerprint is that of the file.
    """

    id: int
    at: str
    who: str
    as_of: str
    folder: Path
    sha256: str
    statuses: Mapping[str, int]
    seal: int | None = None
    key: str = ""
    """Fingerprint of the key that signed it."""


@dataclass(frozen=True)
class State:
    """What a snapshot is by now: a code (signed, whole, changed, replaced, missing), and what differs, in sentences."""

    code: str
    reasons: tuple[str, ...] = ()


def save(book: Book, folder: Path, *, json_only: bool = False) -> Kept:
    """Save a snapshot of the day that the book was last judged on, and remember it, if the book may be written.

    Raises as `store.snapshots.build.save`; nothing is remembered then. Raises BookFault where the snapshot stands, and
    the book could not remember it.
    """
    folder = folder.absolute()
    build.save(book, folder, json_only=json_only, imprint=Imprint(book.path.stem, book.who))
    sha256 = str(manifest.read(folder)["files"][formats.JSON]["sha256"])
    saved = _saved(book, folder, sha256)
    return saved if book.lock is None else replace(saved, id=_remember(book, saved))


def save_signed(book: Book, target: Path, signer: Signer, *, made_by: str = "") -> Kept:
    """Save a signed snapshot of the day that the book was last judged on into one file, and remember it.

    Raises as `store.snapshots.sealing.seal`, and BookFault as `save`.
    """
    target = target.absolute()
    made = sealing.seal(book, target, signer, made_by=made_by)
    saved = replace(_saved(book, target, made.sha256), seal=made.seq, key=made.key)
    return replace(saved, id=_remember(book, saved))


def _saved(book: Book, folder: Path, sha256: str) -> Kept:
    counted = dict(book.rows("SELECT status, count(*) FROM positions GROUP BY status"))
    statuses = {status: int(counted.get(status, 0)) for status in STATUSES}
    return Kept(0, book.now(), book.who, settings.get(book, "as_of"), folder, sha256, statuses)


def _remember(book: Book, saved: Kept) -> int:
    values = (saved.at, saved.who, saved.as_of, str(saved.folder), saved.sha256)
    try:
        with book.transaction():
            number = book.insert(
                "INSERT INTO snapshots (at, who, as_of, folder, sha256, statuses, seal) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, orjson.dumps(dict(saved.statuses)).decode(), saved.seal),
            )
            _log(book, "save", number, saved.folder)
    except BookFault as fault:
        raise BookFault(f"{saved.folder} was saved, but the book could not take a note of it: {fault}") from fault
    return number


def _log(book: Book, action: str, number: int, folder: Path) -> None:
    told = orjson.dumps({"folder": str(folder)}).decode()
    before, after = (None, told) if action == "save" else (told, None)
    rows.note(book, action, "snapshots", str(number), before, after)


def listed(book: Book) -> list[Kept]:
    """The snapshots that were saved from the book, the latest first."""
    found = book.rows(
        "SELECT n.id, n.at, n.who, n.as_of, folder, n.sha256, statuses, seal, coalesce(s.key, '')"
        " FROM snapshots n LEFT JOIN seals s ON s.seq = n.seal ORDER BY n.id DESC"
    )
    return [
        Kept(number, at, who, as_of, Path(folder), sha256, orjson.loads(statuses), seal, key)
        for number, at, who, as_of, folder, sha256, statuses, seal, key in found
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
    return _state_of_folder(kept) if kept.seal is None else _state_of_file(kept)


def _state_of_file(kept: Kept) -> State:
    """The book vouches for the key: it remembers by which one it was signed, and the SHA-256 of the file."""
    report = verify.verify(kept.folder, key=kept.key)
    if report.checks[0].code == "container.missing":
        return State(MISSING, (f"{kept.folder} is not there.",))
    if report.verdict != verify.TRUSTED:
        return State(CHANGED, tuple(check.sentence for check in report.checks if check.result == verify.BAD))
    try:
        found = verify.sha256(kept.folder)
    except OSError as fault:
        return State(CHANGED, (f"it cannot be read: {fault.strerror}",))
    if found != kept.sha256:
        return State(REPLACED, ("Another signed snapshot was saved in its place since.",))
    return State(SIGNED)


def _state_of_folder(kept: Kept) -> State:
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
