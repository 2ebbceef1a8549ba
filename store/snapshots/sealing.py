"""Makes a signed snapshot: one file with the data of a day in every format, and by whom, of what and after what it is.

`data.json` is the content of `snapshot.json` in the spelling of RFC 8785. The two differ in nothing but the line feeds
between elements, by which the latter is easier to search and compare: no text holds a line feed that is not escaped.
The files are the same as in a folder, but that the report names the SHA-256 of `data.json` and the key. What is said of
them stands in the signed manifest: see `store.snapshots.verify`. A book holds no attachments, so none are in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rules import library
from store import evidence, log_chain, settings
from store.book import SCHEMA_VERSION, Book
from store.errors import BookFault
from store.log_chain import Head
from store.snapshots import build, canonical, dsse, formats, licsnap, verify
from store.snapshots.formats import Imprint
from store.snapshots.keys import Signer
from store.snapshots.saving import SavingFault, save_file

VERIFIER: Final = "verify.py"
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Seal:
    """A signed snapshot as the book remembers it: its number, its day, the SHA-256 of the file and of the signer's key,
    and where the change log ended."""

    seq: int
    as_of: str
    sha256: str
    key: str
    log: Head


def seal(book: Book, target: Path, signer: Signer, *, made_by: str = "") -> Seal:
    """Write a signed snapshot of the day that the book was last judged on to `target`, and number it in the book.

    `made_by` is the name that stands in the manifest and in the report; that of the user if it is empty.
    A number is given for good just before the file takes its place, so that no two files can ever bear the same one;
    should the file then not take its place, the number is skipped. Raises BookFault when the book was not judged yet,
    is only read or is damaged, TooLarge, and SavingFault when the file cannot be written: the file that was there
    stays then.
    """
    if book.lock is None:
        raise BookFault(f"{book.path}: this book is only read; a signed snapshot is numbered in its book.")
    if not settings.get(book, "as_of"):
        raise BookFault(f"{book.path}: this book has not been judged on any day yet; recalculate it first.")
    _check(book)
    made: list[Seal] = []
    save_file(target, lambda path: made.append(_made(book, path, signer, made_by or book.who)))
    return made[0]


def _check(book: Book) -> None:
    """Nobody signs what is not as it was written."""
    with suppress(BookFault):  # a full disk is told when the file is written; some rows are not compared then
        evidence.settle(book)
    damage = [*log_chain.problems(book), *evidence.problems(book)]
    if damage:
        raise BookFault(
            f"{book.path}: nothing was signed, because the book is not as it was written ({damage[0]}). Check the book"
            " to see all of it, and open the latest backup."
        )


def listed(book: Book) -> list[Seal]:
    """The signed snapshots of a book in their order."""
    found = book.rows("SELECT seq, as_of, sha256, key, log_seq, log_sha256 FROM seals ORDER BY seq")
    return [Seal(seq, as_of, sha256, key, Head(*log)) for seq, as_of, sha256, key, *log in found]


def _made(book: Book, path: Path, signer: Signer, made_by: str) -> Seal:
    earlier = next(reversed(listed(book)), None)
    seq = 1 if earlier is None else earlier.seq + 1
    with TemporaryDirectory(dir=path.parent) as scratch:
        place = Path(scratch)
        with book.reading():
            written = build.write_json(book, place / formats.JSON)
            log = log_chain.head(book)
            said: dict[str, Any] = {
                **_of_the_book(book, written),
                "change_log": {"seq": log.seq, "sha256": log.sha256},
                "key": signer.fingerprint,
                "made_by": made_by,
                "previous": None if earlier is None else earlier.sha256,
                "seq": seq,
            }
        parts = list(_parts(place, Imprint(book.path.stem, made_by, signer.fingerprint)))
        manifest = dsse.signed({**said, "files": licsnap.described(parts)}, signer)
        licsnap.pack(path, parts, manifest)
    found = Seal(seq, said["as_of"], _settled(path, signer), signer.fingerprint, log)
    _number(book, found)
    return found


def _of_the_book(book: Book, written: canonical.Written) -> dict[str, Any]:
    statuses = book.rows("SELECT status, count(*) FROM positions GROUP BY status")
    return {
        "format": verify.FORMAT,
        "format_version": verify.FORMAT_VERSION,
        "app_version": version("elpis"),
        "as_of": settings.get(book, "as_of"),
        "book": settings.get(book, "book_id"),
        "rulebook": library.digest(),
        "schema_version": SCHEMA_VERSION,
        "statuses": dict(statuses),
        "totals": written.totals,
    }


def _parts(place: Path, imprint: Imprint) -> Iterator[licsnap.Part]:
    """Every file of the snapshot, made from its JSON. The one place that says what a signed snapshot holds."""
    snapshot = place / formats.JSON
    _respell(snapshot, place / verify.DATA)
    formats.for_people(place, verify.sha256(place / verify.DATA), imprint)
    snapshot.unlink()
    for path in sorted(place.rglob("*")):
        if path.is_file():
            yield licsnap.part(path.relative_to(place).as_posix(), path)
    yield licsnap.part(VERIFIER, Path(verify.__file__))


def _respell(snapshot: Path, target: Path) -> None:
    """Our canonical JSON by lines as RFC 8785 spells it, without holding it."""
    with snapshot.open("rb") as source, target.open("wb") as file:
        while piece := source.read(_PIECE):
            file.write(piece.replace(b"\n", b""))


def _settled(path: Path, signer: Signer) -> str:
    """Put the file on the disk, read it back as a stranger would, and give its SHA-256."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    report = verify.verify(path, key=signer.fingerprint)
    if report.verdict != verify.TRUSTED:
        raise SavingFault(f"{path.name} did not read back as written ({report.checks[-1].sentence}). Try again")
    return verify.sha256(path)


def _number(book: Book, made: Seal) -> None:
    with book.transaction():
        values = (made.seq, book.now(), book.who, made.as_of, made.sha256, made.key, made.log.seq, made.log.sha256)
        book.run(f"INSERT INTO seals VALUES ({', '.join('?' * len(values))})", values)
