"""The template as an XLSX workbook: scanned, read in a process of its own, and compared with what the scan counted."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from store.imports import workbook_child
from store.imports.csv_files import digest, picker
from store.imports.finding import ERROR, WARNING, Finding
from store.imports.headers import Header, matched
from store.imports.source import Batch, RawTable, Source
from store.imports.template import BY_NAME, TABLES, Table, folded
from store.imports.workbook_scan import Scan, Unsafe

TEMPLATE: Final = "template"
PATIENCE: Final = 120
"""Seconds that reading may take by the clock."""

_LINE: Final = 16 << 20
_SHOWN: Final = 20


class Spool:
    """What the child wrote: a file without a name, which goes when nobody reads from it any more."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the spool goes)
        weakref.finalize(self, self.file.close)

    def line(self, position: int) -> bytes:
        """The line that begins at a position; too long a line comes back cut."""
        self.file.seek(position)
        return self.file.readline(_LINE)


@dataclass(frozen=True)
class Sheet:
    """A sheet as read: name, row of the header, header, where its rows are in the spool, how many cells hold values."""

    name: str
    header_row: int
    names: tuple[str, ...]
    position: int
    cells: int


def read_workbook(path: Path) -> Source:
    """The sheets of a workbook that are tables of the template; what is wrong with it stands in the findings."""
    with tempfile.TemporaryDirectory(prefix="elpis-") as folder:
        private = Path(folder, "workbook.xlsx")  # nobody changes it between the scan and the reading
        shutil.copyfile(path, private)
        sha256 = digest(private)
        try:
            return _read(path, private, sha256)
        except Unsafe as unsafe:
            return Source(TEMPLATE, path, sha256, findings=(Finding(ERROR, unsafe.code, path.name, unsafe.text),))


def _read(path: Path, private: Path, sha256: str) -> Source:
    with closing(Scan(private)) as scan:
        parts = scan.sheets()
        tables = {name: BY_NAME[folded(name.strip())] for name in parts if folded(name.strip()) in BY_NAME}
        findings = [*_around(path.name, list(parts), tables)]
        found: list[RawTable] = []
        spool = Spool()
        order = sorted(tables, key=lambda name: TABLES.index(tables[name]))
        for sheet in _run(private, order, spool) if order else []:
            place = f"{path.name}, sheet {sheet.name}"
            raw, more = _table(spool, sheet, tables[sheet.name], place)
            findings += [*_reconciled(scan, parts[sheet.name], sheet, place), *more]
            found += [raw] if raw else []
        return Source(TEMPLATE, path, sha256, tuple(found), tuple(findings))


def read_cells(path: Path) -> list[tuple[str, list[list[str]]]]:
    """The sheets of any workbook: name and rows as texts, the empty ones left out. Raises Unsafe."""
    with tempfile.TemporaryDirectory(prefix="elpis-") as folder:
        private = Path(folder, "workbook.xlsx")
        shutil.copyfile(path, private)
        with closing(Scan(private)) as scan:
            names = list(scan.sheets())
        spool = Spool()
        return [(sheet.name, _rows(spool, sheet)) for sheet in _run(private, names, spool) if any(sheet.names)]


def _rows(spool: Spool, sheet: Sheet) -> list[list[str]]:
    rows = [list(sheet.names)]
    position = sheet.position
    while (line := spool.line(position)).startswith(b'["rows"'):
        position += len(line)
        rows += _decoded(line)[2]
    return rows


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


def _run(private: Path, names: Sequence[str], spool: Spool) -> list[Sheet]:
    """Have the child read these sheets into the spool."""
    found = importlib.util.find_spec("python_calamine")
    folder = str(Path(str(found.origin)).parent.parent) if found else ""
    command = [sys.executable, "-I", workbook_child.__file__, folder, str(private), *names]
    try:
        done = subprocess.run(  # noqa: S603 (our own program; names of sheets are arguments, never a command)
            command,
            stdin=subprocess.DEVNULL,
            stdout=spool.file,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _unreadable(f"it took longer than {PATIENCE} seconds") from None
    if done.returncode:
        raise _unreadable("the reader needed more memory or time than it may have, or the file misled it")
    return _index(spool, names)


def _unreadable(reason: str) -> Unsafe:
    return Unsafe("not-safe", f"this workbook could not be read safely: {reason}")


def _index(spool: Spool, names: Sequence[str]) -> list[Sheet]:
    """Where the sheets are in the spool. Rows are passed over here; they are read when they are asked for."""
    sheets: list[Sheet] = []
    head: list[Any] = []
    position = start = 0
    while line := spool.line(position):
        position += len(line)
        if line.startswith(b'["rows"'):
            continue
        match _decoded(line):
            case ["sheet", *rest]:
                head, start = rest, position
            case ["end", int(cells)]:
                sheets.append(Sheet(names[int(head[0])], head[1], tuple(head[2]), start, cells))
            case ["failed", str(reason)]:
                raise _unreadable(reason)
            case _:
                break
    if len(sheets) != len(names):
        raise _unreadable("the reader ended early")
    return sheets


def _decoded(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        raise _unreadable("the answer of the reader makes no sense") from None


def _reconciled(scan: Scan, part: str, sheet: Sheet, place: str) -> Iterator[Finding]:
    """What the reader passed over in silence: cells with errors, formulas without values, and anything unexplained."""
    tally = scan.tally(part)
    if tally.values == sheet.cells and not tally.formulas:
        return
    odd = scan.oddities(part)
    for address, fault in odd.faults[:_SHOWN]:
        yield Finding(ERROR, "no-value", f"{place}, cell {address}", f"the cell {fault}")
    if len(odd.faults) > _SHOWN:
        text = f"{len(odd.faults) - _SHOWN:,} more cells have errors or formulas without values"
        yield Finding(ERROR, "no-value", place, text)
    if not odd.faults and tally.values - odd.empty_texts != sheet.cells:
        text = f"{tally.values:,} cells hold values but {sheet.cells:,} could be read; save the workbook anew"
        yield Finding(ERROR, "cells-lost", place, text)


def _table(spool: Spool, sheet: Sheet, table: Table, place: str) -> tuple[RawTable | None, tuple[Finding, ...]]:
    if not any(sheet.names):
        return None, (Finding(WARNING, "empty-sheet", place, "the sheet is empty and was ignored"),)
    header = matched(table, sheet.names, place)
    if not header.usable:
        return None, header.findings
    return RawTable(table, place, header.columns, lambda: _batches(spool, sheet, header)), header.findings


def _batches(spool: Spool, sheet: Sheet, header: Header) -> Iterator[Batch]:
    pick = picker(header.positions)
    position = sheet.position
    while (line := spool.line(position)).startswith(b'["rows"'):
        position += len(line)
        _, numbers, rows = _decoded(line)
        yield numbers, list(map(pick, rows))
