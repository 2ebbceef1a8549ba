"""The template as an XLSX workbook: scanned, read in a process of its own, and compared with what the scan counted."""

import html
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from store.imports import isolated
from store.imports.finding import ERROR, WARNING, Finding
from store.imports.headers import matched
from store.imports.isolated import Piece
from store.imports.source import Batch, RawTable, Source, Unreadable
from store.imports.template import BY_NAME, TABLES, Table, folded
from store.imports.workbook_scan import Scan, Unsafe

TEMPLATE: Final = "template"
_SHOWN: Final = 20
_GLANCED: Final = 1 << 20
_SHEET: Final = re.compile(r"""<(?:\w+:)?sheet\s[^<>]*?\bname\s*=\s*["']([^"'<>]*)["']""")


def read_workbook(path: Path) -> Source:
    """The sheets of a workbook that are tables of the template; what is wrong with it stands in the findings."""
    with isolated.private_copy(path) as (private, sha256):
        try:
            return _read(path, private, sha256)
        except Unsafe as unsafe:
            return Source(TEMPLATE, path, sha256, findings=(Finding(ERROR, unsafe.code, path.name, unsafe.text),))
        except Unreadable as unreadable:
            return Source(TEMPLATE, path, sha256, findings=unreadable.findings)


def _read(path: Path, private: Path, sha256: str) -> Source:
    with closing(Scan(private)) as scan:
        parts = scan.sheets()
        tables = {name: BY_NAME[folded(name.strip())] for name in parts if folded(name.strip()) in BY_NAME}
        findings = [*_around(path.name, list(parts), tables)]
        found: list[RawTable] = []
        order = sorted(tables, key=lambda name: TABLES.index(tables[name]))
        asked = {name: [folded(column.name) for column in tables[name].columns] for name in order}
        for sheet in _counted(scan, parts, private, path.name, asked) if order else []:
            name = order[int(sheet.head[0])]
            place = f"{path.name}, sheet {name}"
            raw, more = _table(sheet, tables[name], place)
            findings += [*_reconciled(scan, parts[name], sheet, place), *more]
            found += [raw] if raw else []
        return Source(TEMPLATE, path, sha256, tuple(found), tuple(findings))


def read_cells(path: Path) -> list[tuple[str, list[list[str]]]]:
    """The sheets of any workbook: name and rows as texts, the empty ones left out. Raises Unsafe or Unreadable."""
    with isolated.private_copy(path) as (private, _):
        with closing(Scan(private)) as scan:
            names = list(scan.sheets())
        return [
            (names[number], [header, *(list(row) for _, rows in sheet.batches() for row in rows)])
            for sheet in _sheets(private, path.name, dict.fromkeys(names))
            for number, _, header in [sheet.head]
            if any(header)
        ]


def sheet_names(path: Path) -> list[str]:
    """The names of the sheets of a workbook, quickly and without any judgement: to recognize it by."""
    try:
        with zipfile.ZipFile(path) as parts:
            listed = {name.casefold(): name for name in parts.namelist()}
            with parts.open(listed.get("xl/workbook.xml", "")) as part:
                text = part.read(_GLANCED).decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError):
        return []
    return [html.unescape(name) for name in _SHEET.findall(text)]


def is_template(path: Path) -> bool:
    """Whether a workbook has a sheet that is named after a table of the template."""
    return any(folded(name.strip()) in BY_NAME for name in sheet_names(path))


@dataclass(frozen=True)
class Sheet:
    """A sheet of any workbook: its name, where it is, its rows by their numbers, and what could not be read of it."""

    name: str
    place: str
    piece: Piece
    findings: tuple[Finding, ...]

    def batches(self) -> Iterator[Batch]:
        """All rows that hold anything, the first one too, read anew at each call."""
        _, row, cells = self.piece.head
        if any(cells):
            yield [row], [cells]
        yield from self.piece.batches()


def read_sheets(path: Path, only: Collection[str] = ()) -> tuple[str, list[Sheet]]:
    """The SHA-256 of a workbook, and its sheets, or those of some names. Raises Unreadable."""
    with isolated.private_copy(path) as (private, sha256):
        try:
            with closing(Scan(private)) as scan:
                parts = scan.sheets()
                names = [name for name in parts if not only or name.strip() in only]
                pieces = _counted(scan, parts, private, path.name, dict.fromkeys(names)) if names else []
                return sha256, [_sheet(scan, parts, names[int(one.head[0])], path.name, one) for one in pieces]
        except Unsafe as unsafe:
            raise Unreadable(Finding(ERROR, unsafe.code, path.name, unsafe.text)) from None


def _sheet(scan: Scan, parts: Mapping[str, str], name: str, place: str, piece: Piece) -> Sheet:
    where = f"{place}, sheet {name}"
    return Sheet(name, where, piece, tuple(_reconciled(scan, parts[name], piece, where)))


Asked = Mapping[str, Sequence[str] | None]
"""Sheets, in their order, and the headers that are wanted of each as `folded` gives them; None for all of them."""


def _counted(scan: Scan, parts: Mapping[str, str], private: Path, place: str, asked: Asked) -> list[Piece]:
    """As `_sheets`; while the reader reads, the values are counted here."""
    with ThreadPoolExecutor(1) as beside:
        for name in asked:
            beside.submit(scan.tally, parts[name])  # remembered there; what it raises, it raises again when it is asked
        return _sheets(private, place, asked)


def _sheets(private: Path, place: str, asked: Asked) -> list[Piece]:
    """What the reader says of these sheets: number of the sheet, row of the header and header; cells with a value."""
    answer = isolated.ask("workbook", private, json.dumps(list(asked.items())), place=place)
    sheets = answer.pieces()
    if len(sheets) != len(asked):
        raise answer.unreadable("the reader ended early")
    return sheets


def _around(place: str, parts: Iterable[str], tables: dict[str, Table]) -> Iterator[Finding]:
    """What there is to say on the sheets as a whole."""
    for name in parts:
        if name not in tables:
            text = "the sheet is not named after a table of the template and was ignored"
            yield Finding(WARNING, "unknown-sheet", f"{place}, sheet {name}", text)
        elif list(tables.values()).count(tables[name]) > 1:
            text = f"more than one sheet is named after the table {tables[name].name}; keep one of them"
            yield Finding(ERROR, "duplicate-table", f"{place}, sheet {name}", text)
    if not tables:
        there = ", ".join(islice(parts, 10)) or "none"
        text = f"the workbook holds no sheet of the template, such as products or contracts; its sheets are: {there}"
        yield Finding(ERROR, "no-tables", place, text)


def _reconciled(scan: Scan, part: str, sheet: Piece, place: str) -> Iterator[Finding]:
    """What the reader passed over in silence: cells with errors, formulas without values, and anything unexplained."""
    tally, cells = scan.tally(part), sheet.tail[0]
    if tally.values == cells and not tally.odd:
        return
    odd = scan.oddities(part)
    for address, fault in odd.faults[:_SHOWN]:
        yield Finding(ERROR, "no-value", f"{place}, cell {address}", f"the cell {fault}")
    if len(odd.faults) > _SHOWN:
        text = f"{len(odd.faults) - _SHOWN:,} more cells have errors or formulas without values"
        yield Finding(ERROR, "no-value", place, text)
    if not odd.faults and tally.values - odd.empty_texts != cells:
        text = f"{tally.values:,} cells hold values but {cells:,} could be read; save the workbook anew"
        yield Finding(ERROR, "cells-lost", place, text)


def _table(sheet: Piece, table: Table, place: str) -> tuple[RawTable | None, tuple[Finding, ...]]:
    _, _, names = sheet.head
    if not any(names):
        return None, (Finding(WARNING, "empty-sheet", place, "the sheet is empty and was ignored"),)
    header = matched(table, names, place)
    if not header.usable:
        return None, header.findings
    return RawTable(table, place, header.columns, sheet.batches), header.findings
