"""From the rows of a book to the canonical snapshot: each list in the order and with the fields that are public."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from store import settings
from store.book import Book
from store.bulk import collector_off
from store.errors import BookFault
from store.snapshots import canonical, formats, parts
from store.snapshots.formats import Imprint
from store.snapshots.saving import save_snapshot


def save(book: Book, folder: Path, *, json_only: bool = False, imprint: Imprint | None = None) -> None:
    """Write the snapshot of the day that the book was last judged on into `folder`, in every format or as JSON alone.

    `imprint` is what the report says of it; the name of the book's file and who has it open are not taken by
    themselves, so that two copies of a book give the same files.

    Raises BookFault when the book has not been judged yet, SavingFault when the folder cannot be written; an earlier
    snapshot in the folder then stays as it was.
    """
    if not settings.get(book, "as_of"):
        raise BookFault(f"{book.path}: this book has not been judged on any day yet; recalculate it first.")

    def produce(workplace: Path) -> None:
        written = write_json(book, workplace / formats.JSON)
        formats.complete(workplace, written, json_only=json_only, imprint=imprint)

    save_snapshot(folder, produce)


def write_json(book: Book, path: Path) -> canonical.Written:
    """Write the canonical JSON of the day that the book was last judged on, from one read transaction."""
    with path.open("wb", buffering=canonical.BUFFER) as file:
        return write_json_to(book, file, path.parent)


def write_json_to(book: Book, file: IO[bytes], folder: Path) -> canonical.Written:
    """The same into an open file; `folder` is for what of a large book is put beside it until its turn has come."""
    head = {
        "format": canonical.FORMAT,
        "format_version": canonical.FORMAT_VERSION,
        "as_of": settings.get(book, "as_of"),
        "currency": settings.get(book, "currency"),
    }
    with book.reading(), collector_off(), parts.made(book, folder) as elements:
        return canonical.write_to(file, head, elements)
