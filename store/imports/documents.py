"""Files that a contract is read from: a text, a mail, or a table. What cannot be read says so, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.errors import Unfit
from store.imports import invoices, pasted
from store.imports.invoices import EMPTY, Words
from store.imports.source import Unreadable
from store.imports.workbook import read_cells
from store.imports.workbook_scan import Unsafe

LARGEST: Final = 10 * 1024 * 1024
"""Bytes that a file may have."""

ENDINGS: Final = (".pdf", ".txt", ".eml", ".csv", ".xlsx")
"""What can be read."""

MOST_ROWS: Final = 2_000
"""Rows of a table that become items of one contract, at most."""


@dataclass(frozen=True)
class Document:
    """What a file holds: the words of a text, or a table of items."""

    words: Words = EMPTY
    table: pasted.Table | None = None

    @property
    def text(self) -> str:
        """The words of the text, "" where it is a table."""
        return self.words.text


def read(path: Path) -> Document:
    """The content of a file. Raises Unfit with a sentence for what is too large, not readable, or empty."""
    ending = path.suffix.casefold()
    try:
        _admit(path, ending)
        found = Document(table=_table(path, ending)) if ending in (".csv", ".xlsx") else Document(_words(path, ending))
    except OSError as error:
        raise Unfit(f"{path.name}: it cannot be opened ({error.strerror}).") from error
    if not found.text.strip() and not (found.table and found.table.items):
        raise Unfit(f"{path.name}: there is nothing in this file to make a contract of.")
    return found


def _admit(path: Path, ending: str) -> None:
    if ending in _REFUSED:
        raise Unfit(f"{path.name}: {_REFUSED[ending]}")
    if ending not in ENDINGS:
        raise Unfit(f"{path.name}: this kind of file is not read. Choose a PDF, TXT, EML, CSV or XLSX file.")
    size = path.stat().st_size
    if size > LARGEST:
        raise Unfit(f"{path.name}: the file has {size / 1024 / 1024:.1f} MB; at most 10 MB are read.")


_COPY: Final = "Open it, copy its text, go back and choose “Enter text”."
_REFUSED: Final = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), "pictures are not read. Type what they show by hand."),
    **dict.fromkeys((".docx", ".doc", ".odt", ".rtf"), f"documents of word processors are not read. {_COPY}"),
    **dict.fromkeys((".xls", ".ods"), "this kind of workbook is not read. Save it as XLSX or CSV."),
    ".msg": "this kind of mail is not read. Save it as EML, or copy its text.",
}


def _words(path: Path, ending: str) -> Words:
    if ending in (".pdf", ".eml"):
        return invoices.read(path)
    return Words(_decoded(path, path.read_bytes()))


def _decoded(path: Path, data: bytes) -> str:
    """A text in UTF-8 or UTF-16; older ones in the encoding that Windows had in the west."""
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unfit(f"{path.name}: this is no text. Save it as a text file in UTF-8.")
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit(f"{path.name}: the text is not in UTF-8. Save it as a text file in UTF-8.")


def _table(path: Path, ending: str) -> pasted.Table:
    cells = _sheet(path) if ending == ".xlsx" else pasted.cells_of(_decoded(path, path.read_bytes()))
    if len(cells) > MOST_ROWS + 1:
        raise Unfit(
            f"{path.name}: the table has {len(cells):,} rows; at most {MOST_ROWS:,} become items of one contract. Use"
            " “Import…” in the File menu for whole estates."
        )
    return pasted.read(cells)


def _sheet(path: Path) -> list[list[str]]:
    """The sheet of contract items, or else the first one with rows."""
    try:
        sheets = read_cells(path)
    except Unsafe as unsafe:
        raise Unfit(f"{path.name}: {unsafe.text}.") from unsafe
    except Unreadable as unreadable:
        finding = unreadable.finding
        raise Unfit(f"{finding.place}: {finding.message}.") from unreadable
    named = [rows for name, rows in sheets if name.casefold().replace(" ", "_") == "contract_items"]
    return (named or [rows for _, rows in sheets] or [[]])[0]
