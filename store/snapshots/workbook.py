"""The snapshot as a workbook for people: a first sheet that sums it up, then one sheet a table.

Made from the JSON alone, and the same to the byte whenever and wherever it is made. No formulas, no links.
"""

# XlsxWriter's parameters are not all typed.
# pyright: reportUnknownMemberType=false

import io
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, Final

from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from store.snapshots import cells, figures, layout, reading, summary

ROWS_PER_SHEET: Final = 1_048_575
"""Rows that a sheet holds below its header; what is more continues on the next one."""

_MEASURED_ROWS = 1_000
_NARROWEST = 10
_WIDEST = 62
_FILTER_BUTTON = 4
_READABLE_ON_A_PAGE = 200

Row = tuple[Any, ...]


def write(snapshot: Path, target: Path, rows_per_sheet: int = ROWS_PER_SHEET) -> None:
    """Write the workbook of the snapshot in `snapshot` (its JSON) to `target`.

    What is temporary stands beside `target` and is removed; memory stays flat. Raises `OSError` when it cannot be
    written, and what `reading` and `layout.rows` raise.
    """
    known = figures.of(snapshot)
    with _workbook(target, f"License compliance on {known.as_of}", known.as_of) as (book, look):
        summary.write(book.add_worksheet("Summary"), look, known)
        for table in layout.TABLES:
            rows = layout.rows(table, reading.elements(snapshot, table.source))
            _write_table(book, look, table, rows, rows_per_sheet)


def write_table(target: Path, table: layout.Table, rows: Iterator[Row], title: str, as_of: str) -> None:
    """Write a workbook with these rows of one table and nothing else to `target`. Raises `OSError`."""
    write_tables(target, ((table, rows),), title, as_of)


def write_tables(target: Path, tables: Iterable[tuple[layout.Table, Iterator[Row]]], title: str, as_of: str) -> None:
    """Write a workbook with a sheet for each of some tables to `target`. Raises `OSError`."""
    with _workbook(target, title, as_of) as (book, look):
        for table, rows in tables:
            _write_table(book, look, table, rows, ROWS_PER_SHEET)


@contextmanager
def _workbook(target: Path, title: str, as_of: str) -> Generator[tuple[Workbook, cells.Styles]]:
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch, _Sink(target, "wb") as sink:
        book = _open(io.BufferedWriter(sink), scratch, title, as_of)
        try:
            yield book, cells.styles(book)
            _close(book)
        finally:
            _let_go(book)
        sink.settle()


def _let_go(book: Workbook) -> None:
    """Close what a workbook that was given up holds open: a folder with open files cannot be removed everywhere."""
    for sheet in book.worksheets():
        if sheet.row_data_fh is not None:
            sheet.row_data_fh.close()


class _Sink(io.FileIO):
    """A file that keeps its first fault until it is asked for.

    An archive that is given up writes its end when it is collected; if that failed too, Python would print it.
    """

    fault: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Take the bytes; once one write has failed, the others are dropped."""
        if self.fault is None:
            try:
                return super().write(data)
            except OSError as fault:
                self.fault = fault
        return len(data)

    def settle(self) -> None:
        """Raise the fault that was kept, if there is one."""
        if self.fault is not None:
            raise self.fault


def _open(file: io.BufferedWriter, scratch: str, title: str, as_of: str) -> Workbook:
    options = {
        "constant_memory": True,
        "tmpdir": scratch,
        "use_zip64": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = Workbook(file, options)  # pyright: ignore[reportArgumentType]
    created = datetime.combine(date.fromisoformat(as_of), time(), UTC)
    book.set_properties({"title": title, "created": created})
    return book


def _close(book: Workbook) -> None:
    """Finish the file. A fault is raised as a new one: the traceback of the first would keep the archive alive."""
    fault: OSError | None = None
    try:
        book.close()
    except FileCreateError as refused:
        fault = _like(*refused.args)
    if fault is not None:
        raise fault


def _like(cause: OSError) -> OSError:
    return OSError(cause.errno, cause.strerror, cause.filename)


def _write_table(book: Workbook, look: cells.Styles, table: layout.Table, rows: Iterator[Row], limit: int) -> None:
    for number in count(1):
        sheet = book.add_worksheet(table.title if number == 1 else f"{table.title} ({number})")
        _fill(sheet, look, table, islice(rows, limit))
        following = next(rows, None)
        if following is None:
            return
        rows = chain([following], rows)


def _fill(sheet: Worksheet, look: cells.Styles, table: layout.Table, rows: Iterator[Row]) -> None:
    kinds: list[layout.Kind] = [column.kind for column in table.columns]
    widths = [max(_NARROWEST, len(column.heading) + _FILTER_BUTTON) for column in table.columns]
    _write_header(sheet, look, table)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, (kind, value) in enumerate(zip(kinds, row, strict=True)):
            cells.put(sheet, look, (last, place), kind, value)
        if last <= _MEASURED_ROWS:
            widths = list(map(_wider, widths, row))
    _set_widths(sheet, [min(width, _WIDEST) for width in widths])
    sheet.autofilter(0, 0, max(last, 1), len(kinds) - 1)


def _set_widths(sheet: Worksheet, widths: list[int]) -> None:
    """Print a table on the width of one page unless that made it too small to read."""
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    if sum(widths) <= _READABLE_ON_A_PAGE:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.repeat_columns("A:A")
        sheet.set_print_scale(70)


def _write_header(sheet: Worksheet, look: cells.Styles, table: layout.Table) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P of &N")
    sheet.set_row(0, 20)
    for place, column in enumerate(table.columns):
        numbers = column.kind in {"quantity", "money"}
        sheet.write_string(0, place, column.heading, look.header_right if numbers else look.header)


def _wider(width: int, value: Any) -> int:
    if value is None:
        return width
    text = "; ".join(value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownArgumentType]
    return max(width, cells.width(text) + 2)
