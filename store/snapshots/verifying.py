"""Checks a signed snapshot with what a stranger does not have: its book, and the time stamp beside it.

All that the file itself shows is checked by `store.snapshots.verify`, the program that travels in every snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from store import log_chain, settings
from store.book import Book
from store.snapshots import stamps, verify
from store.snapshots.verify import BAD, OK, Check, Report


def check(
    path: Path,
    *,
    key: str | None = None,
    after: Path | int | None = None,
    contents: bool = False,
    book: Book | None = None,
    authorities: Path | None = None,
) -> Report:
    """Every check there is; never raises for what the snapshot holds.

    `key`, `after` and `contents` as in `verify.verify`; `book` is the one that the snapshot should be of; `authorities`
    a PEM file of those who are trusted to know the time. Raises StampFault when that file is none.
    """
    found = verify.verify(path, key=key, after=after, contents=contents)
    if found.manifest is None:
        return found
    more = [] if book is None else list(_of_book(book, path, found.manifest))
    stamp = stamps.check(path, authorities)
    return Report((*found.checks, *more, *([stamp] if stamp else [])), found.manifest)


def _of_book(book: Book, path: Path, manifest: Mapping[str, Any]) -> Iterator[Check]:
    if settings.get(book, "book_id") != manifest["book"]:
        yield Check("book.other", "It is the snapshot of another book.", BAD)
        return
    yield _remembered(book, path, manifest["seq"])
    yield _anchored(book, manifest["change_log"])


def _remembered(book: Book, path: Path, number: int) -> Check:
    """Whether the book remembers this very file under its number."""
    known = book.one("SELECT sha256, (SELECT max(seq) FROM seals) FROM seals WHERE seq = ?", (number,))
    if known is None:
        told = f"The book remembers no snapshot {number}: this is an older copy of it, or the snapshot is none of its."
        return Check("book.unknown", told, BAD)
    if known[0] != verify.sha256(path):
        return Check("book.differs", f"The book remembers another file as snapshot {number}.", BAD)
    later = known[1] - number
    return Check(
        "book.ok", f"The book remembers it; {later or 'none'} {'were' if later > 1 else 'was'} made since.", OK
    )


def _anchored(book: Book, log: Mapping[str, Any]) -> Check:
    """Whether the change log of the book still holds what it held when the snapshot was signed."""
    head = log_chain.head(book)
    reached = verify.anchored(head.seq, log["seq"])
    if reached.result == BAD:
        return reached
    if log_chain.head(book, upto=log["seq"]).sha256 != log["sha256"]:
        told = f"The change log is not what it was up to entry {log['seq']}: entries were changed, put in or taken out."
        return Check("audit.differs", told, BAD)
    return reached
