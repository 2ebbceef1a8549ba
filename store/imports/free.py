"""Files whose columns nobody knows yet: a mapping says what they stand for, one that is given or one that fits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from store.imports import csv_files, sheets
from store.imports.finding import ERROR, Finding
from store.imports.flat import Flat, named, of_csv
from store.imports.mapping import presets, reading
from store.imports.mapping.shape import ColumnMapping
from store.imports.source import Source, Unreadable
from store.imports.workbook import is_template, sheet_names

FREE: Final = "free"
_ZIP: Final = b"PK"


def recognized(path: Path) -> bool:
    """Whether a file can be a table: its first row looks like the names of at least two columns."""
    return path.is_file() and any(sheets.looks_like_names(row, len(row)) for row in csv_files.first_rows(path))


def read_file(path: Path) -> Source:
    """A CSV file that needs a mapping."""
    found = _flats(path)
    return _unmapped(path, found)


def read_workbook(path: Path) -> Source:
    """A workbook: one of a license format that is known by its columns, or one that needs a mapping."""
    known = sheets.read_known(path)
    if known is not None:
        preset = next(one for one in presets.PRESETS if one.kind == known.kind)
        return replace(known, reason=preset.known_by)
    return _unmapped(path, _flats(path))


def flat(path: Path, mapping: ColumnMapping | None = None) -> Flat | Source:
    """The table of a file: the one that the mapping is for, or else the first; or why there is none."""
    try:
        found = _flats(path)
    except Unreadable as unreadable:
        return Source(FREE, path, "", findings=unreadable.findings)
    except OSError as error:
        text = f"it cannot be opened: {error.strerror}"
        return Source(FREE, path, "", findings=(Finding(ERROR, "unreadable", path.name, text),))
    if isinstance(found, Finding):
        return Source(FREE, path, "", findings=(found,))
    if not found:
        return _unmapped(path, found)
    fitting = (one for one in found if mapping is not None and mapping.fits(one.names))
    return next(fitting, found[0])


def _flats(path: Path) -> list[Flat] | Finding:
    if _is_workbook(path):
        return sheets.flats(path)
    one = of_csv(path)
    return one if isinstance(one, Finding) else [one]


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_ZIP)) == _ZIP


def read_with(path: Path, mapping: ColumnMapping) -> Source:
    """A file read by a mapping."""
    found = flat(path, mapping)
    if isinstance(found, Source):
        return found
    return replace(reading.read(found, mapping), reason=f"the mapping {mapping.name}")


def fitting(path: Path, mappings: Iterable[ColumnMapping]) -> Source | None:
    """A file read by the mapping that was made for a file with the same columns; None if there is none."""
    known = list(mappings)
    for one in _candidates(path, known) if known and path.is_file() else ():
        for mapping in known:
            if mapping.fits(one.names):
                return replace(reading.read(one, mapping), reason=f"the mapping {mapping.name}")
    return None


def _candidates(path: Path, known: Collection[ColumnMapping]) -> list[Flat]:
    """The tables of a file, if there is hope that a mapping fits one of them."""
    if _is_workbook(path):
        hope = not is_template(path)
    else:
        hope = any(mapping.fits(named(row)) for row in csv_files.first_rows(path) for mapping in known)
    try:
        found = _flats(path) if hope else []
    except Unreadable:
        return []
    return [] if isinstance(found, Finding) else found


def _unmapped(path: Path, found: list[Flat] | Finding) -> Source:
    if isinstance(found, Finding):
        return Source(FREE, path, "", findings=(found,))
    if not found:
        there = ", ".join(sheet_names(path)[:10]) or "none"
        text = f"the workbook holds no sheet of the template, such as products or contracts; its sheets are: {there}"
        return Source(FREE, path, "", findings=(Finding(ERROR, "no-tables", path.name, text),))
    columns = ", ".join(found[0].names[:12])
    text = f"nobody has said yet what its columns stand for ({columns}); make a mapping, or name the file after a table"
    unmapped = Finding(ERROR, UNMAPPED, found[0].place, text)
    return Source(FREE, path, found[0].sha256, findings=(*found[0].findings, unmapped))


UNMAPPED: Final = "unmapped"
"""The finding on a file that can be read as soon as there is a mapping for it."""
