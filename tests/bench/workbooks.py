"""The bars of imports through the whole path: scan, isolated reader, checks, durable write."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import python_calamine
import xlsxwriter

from tests.bench import floors, prepared
from tests.bench.bars import FED, only
from tests.bench.child import import_table, opened
from tests.bench.measures import Scale
from tests.bench.timing import Figure, Time, compared, interleaved, timed

ROWS, COLUMNS = 100_000, 20


def workbooks(scale: Scale) -> Iterable[Figure]:
    """A workbook of demand with twenty columns, against the libraries that only read it."""
    rows = min(ROWS, 100 * scale.families)
    path, known = _workbook(scale.families, rows), prepared.without(scale.families, *FED)
    with prepared.workplace() as place:

        def stored() -> Time:
            with opened(prepared.copy(known, place)) as book:
                return timed(lambda: import_table(book, path, "demand"))

        works = stored, lambda: timed(lambda: _calamine(path)), lambda: timed(lambda: _openpyxl(path))
        one, bare, other = interleaved(scale.rounds, *works)
        name = f"import of a workbook of {rows:,} rows x {COLUMNS} columns"
        yield compared(f"{name} / bare python-calamine", one, bare, 2.0)
        yield compared(f"I2: {name} / openpyxl, read only", one, other, 0.2, 0.125)


def _calamine(path: Path) -> None:
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        deque(book.get_sheet_by_name("demand").iter_rows(), maxlen=0)


def _openpyxl(path: Path) -> None:
    book = openpyxl.load_workbook(path, read_only=True)
    deque(book["demand"].iter_rows(values_only=True), maxlen=0)
    book.close()


def _workbook(families: int, rows: int) -> Path:
    """Demand as a workbook: its own six columns, and others that a file out of an inventory would have."""
    made = prepared.HOME / f"demand-{families}-{rows}x{COLUMNS}-{prepared.digest(Path(__file__))}.xlsx"
    if not made.exists():
        with (prepared.folder(families) / "demand.csv").open(newline="", encoding="utf-8") as stream:
            header, *lines = _wide(csv.reader(stream), rows)
        fresh = made.with_suffix(".unfinished")
        with xlsxwriter.Workbook(fresh) as book:
            sheet = book.add_worksheet("demand")
            sheet.write_row(0, 0, header)
            for number, line in enumerate(lines, 1):
                sheet.write_row(number, 0, line)
        fresh.rename(made)
    return made


def _wide(lines: Iterable[list[str]], rows: int) -> Iterable[list[object]]:
    for number, line in enumerate(lines):
        if number > rows:
            return
        more = range(COLUMNS - len(line))
        if not number:
            yield [*line, *(f"inventory_{at}" for at in more)]
        else:
            extra = [f"site-{number % 97}" if at % 3 else number * at for at in more]
            yield [*line[:4], int(line[4]), line[5], *extra]


def tables(scale: Scale) -> Iterable[Figure]:
    """All demand rows of the estate from CSV, against the csv module and executemany."""
    with prepared.workplace() as place:
        folder, known = only(place, scale.families, "demand"), prepared.without(scale.families, *FED)

        def stored() -> Time:
            with opened(prepared.copy(known, place)) as book:
                return timed(lambda: import_table(book, folder, "demand"))

        def floor() -> Time:
            (place / "floor.db").unlink(missing_ok=True)
            return timed(lambda: floors.load(folder, place))

        one, other = interleaved(scale.rounds, stored, floor)
        yield compared(f"import of {100 * scale.families:,} demand rows from CSV / csv + executemany", one, other, 3.0)


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"import-workbooks": workbooks, "import-tables": tables}
