"""Workbooks of other programs: the sheet that is meant, the row in which its header stands, and what it is read as."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from store.imports import license_files
from store.imports.finding import ERROR, Finding
from store.imports.flat import Flat, named
from store.imports.mapping import presets
from store.imports.source import Batch, Source, Unreadable
from store.imports.workbook import Sheet, read_sheets

HEADERS: Final = 30
"""Rows of a sheet in which its header is looked for."""

_LONGEST_NAME: Final = 100
IsHeader = Callable[[Sequence[str]], bool]


def flats(path: Path, is_header: IsHeader | None = None, only: Sequence[str] = ()) -> list[Flat]:
    """The sheets of a workbook that have a header, found by `is_header` or else by its looks. Raises Unreadable."""
    sha256, sheets = read_sheets(path, only)
    found = (_flat(path, sha256, sheet, is_header) for sheet in sheets)
    return [flat for flat in found if flat is not None]


def read_known(path: Path) -> Source | None:
    """A workbook with a sheet of a known license format as tables of the template; None if there is none."""
    for flat in flats(path, lambda row: presets.of(row) is not None):
        preset = presets.of(flat.names)
        if preset is not None:
            return license_files.read_flat(preset, flat)
    return None


def _flat(path: Path, sha256: str, sheet: Sheet, is_header: IsHeader | None) -> Flat | None:
    top = list(islice(_rows(sheet), HEADERS))
    number = _by_looks(top) if is_header is None else next((n for n, row in top if is_header(row)), None)
    if number is None:
        return None
    names = named(next(row for n, row in top if n == number))
    above = tuple((n, row) for n, row in top if n < number)
    return Flat(path, sheet.place, sha256, names, lambda: _below(sheet, number, len(names)), sheet.findings, above)


def _rows(sheet: Sheet) -> Iterator[tuple[int, Sequence[str]]]:
    for numbers, rows in sheet.batches():
        yield from zip(numbers, rows, strict=True)


def _below(sheet: Sheet, header: int, width: int) -> Iterator[Batch]:
    """The rows below the header, each as wide as it."""
    for numbers, rows in sheet.batches():
        kept = [(number, row) for number, row in zip(numbers, rows, strict=True) if number > header]
        if any(len(row) > width and any(row[width:]) for _, row in kept):
            text = "a row has more cells than the header; give each column a name"
            raise Unreadable(Finding(ERROR, "ragged-row", sheet.place, text))
        yield [number for number, _ in kept], [[*row[:width], *[""] * (width - len(row))] for _, row in kept]


def _by_looks(rows: Sequence[tuple[int, Sequence[str]]]) -> int | None:
    """The first row that is nearly as wide as the widest, and all of whose cells look like names of columns."""
    widest = max((sum(map(bool, row)) for _, row in rows), default=0)
    return next((number for number, row in rows if looks_like_names(row, widest)), None)


def looks_like_names(row: Sequence[str], widest: int) -> bool:
    """Whether cells may be the names of columns: at least two, no numbers, no long texts."""
    filled = [cell.strip() for cell in row if cell.strip()]
    words = all(len(cell) <= _LONGEST_NAME and any(map(str.isalpha, cell)) for cell in filled)
    return len(filled) >= max(2, 0.6 * widest) and words and len(set(filled)) == len(filled)
