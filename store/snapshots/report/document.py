"""The report as a whole: cover, summary, the tables, and the method, written page by page."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from store.snapshots.report import digest, front, method, words
from store.snapshots.report.digest import Digest
from store.snapshots.report.grid import Grid
from store.snapshots.report.sections import SECTIONS, Rows, Section
from store.snapshots.report.sheet import NOTE, Frame, Sheet, Start


class Texts(NamedTuple):
    """What the snapshot does not say: who made it, the name of the book, fingerprints of the JSON and of the key."""

    made_by: str
    book: str
    fingerprint: str
    key_fingerprint: str

    @property
    def data(self) -> str:
        """What the file is called whose fingerprint is given: in a signed snapshot it has another name."""
        return "data.json" if self.key_fingerprint else "snapshot.json"


def write(snapshot: Path, target: Path, texts: Texts) -> None:
    """Write the report of a snapshot's JSON to `target`. Raises `OSError`, and what `reading` raises."""
    known = digest.of(snapshot)
    as_of = known.figures.as_of
    with target.open("wb") as file:
        sheet = Sheet(file, _frame(as_of, texts), f"License compliance as of {as_of}", texts.made_by)
        front.cover(sheet, as_of, texts.book, list(_facts(known, texts)))
        begun = [front.summary(sheet, known)]
        for section in SECTIONS:
            begun.extend(_section(sheet, section, section.rows(snapshot, as_of)))
        begun.append(method.write(sheet, known.rules, texts.data))
        front.contents(sheet, begun)
        sheet.finish()


def _section(sheet: Sheet, section: Section, rows: Rows) -> Iterator[Start]:
    """Put a section, if there is something to say; its name and the page on which it begins."""
    first = next(rows, None)
    if first is None and not section.empty:
        return
    yield sheet.heading(section.title)
    sheet.paragraph(section.about if first else section.empty, NOTE)
    sheet.y -= 7
    if first:
        Grid(sheet, section.columns).fill(chain([first], rows))


def _frame(as_of: str, texts: Texts) -> Frame:
    key = f"   ·   key {texts.key_fingerprint}" if texts.key_fingerprint else ""
    about = f"License compliance as of {as_of}"
    head = f"{texts.book}   ·   {about}" if texts.book else about
    return Frame(head, f"{texts.data} SHA-256 {texts.fingerprint}{key}")


def _facts(known: Digest, texts: Texts) -> Iterator[tuple[str, str]]:
    """What the cover says: names and values."""
    figures = known.figures
    yield "As of", f"{words.day(figures.as_of)} ({figures.as_of})"
    if texts.book:
        yield "Book", texts.book
    if texts.made_by:
        yield "Made by", texts.made_by
    yield "Currency", figures.currency
    yield f"Fingerprint: SHA-256 of {texts.data}", texts.fingerprint
    if texts.key_fingerprint:
        yield "Fingerprint of the key that the snapshot is signed with", texts.key_fingerprint
