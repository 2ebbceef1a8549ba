"""The snapshot as a workbook for people: a first sheet that sums it up, then one sheet a table.

Made from the JSON alone, and the same to the byte whenever and wherever it is made. No formulas, no links. The file is
written here, cell by cell: a library for it takes five times as long, and holds or writes down all of it twice.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, Final

from store.snapshots import archive, cells, figures, layout, reading, sheets, summary
from store.snapshots.archive import Archive
from store.snapshots.cells import Cells
from store.snapshots.sheets import Sheet
from store.snapshots.styles import Amounts

ROWS_PER_SHEET: Final = 1_048_575
"""Rows that a sheet holds below its header; what is more continues on the next one."""

_SIZE_OF_SHEET: Final = 1 << 29  # characters: four bytes each still leave a file that every reader of zip files takes
_MEASURED_ROWS: Final = 500
_NARROWEST: Final = 10
_WIDEST: Final = 62
_FILTER_BUTTON: Final = 4
_READABLE_ON_A_PAGE: Final = 200

Row = tuple[Any, ...]


def write(snapshot: Path, target: Path, rows_per_sheet: int = ROWS_PER_SHEET) -> None:
    """Write the workbook of the snapshot in `snapshot` (its JSON) to `target`.

    Memory stays flat, and nothing temporary is written. Raises `OSError` when it cannot be written, and what `reading`
    and `layout.rows` raise.
    """
    known = figures.of(snapshot)
    with _opened(target, f"License compliance on {known.as_of}", known.as_of) as book:
        book.add_page("Summary", summary.WIDTHS, summary.rows(known, book.cells))
        for table in layout.tables(reading.names(snapshot)):
            book.add_table(table, layout.rows(table, reading.elements(snapshot, table.source)), rows_per_sheet)


def write_table(target: Path, table: layout.Table, rows: Iterator[Row], title: str, as_of: str) -> None:
    """Write a workbook with these rows of one table and nothing else to `target`. Raises `OSError`."""
    write_tables(target, ((table, rows),), title, as_of)


def write_tables(target: Path, tables: Iterable[tuple[layout.Table, Iterator[Row]]], title: str, as_of: str) -> None:
    """Write a workbook with a sheet for each of some tables to `target`. Raises `OSError`."""
    with _opened(target, title, as_of) as book:
        for table, rows in tables:
            book.add_table(table, rows, ROWS_PER_SHEET)


@contextmanager
def _opened(target: Path, title: str, as_of: str) -> Generator[_Book]:
    with archive.opened(target) as parts:
        book = _Book(parts)
        yield book
        book.finish(title, as_of)


class _Book:
    """A workbook that is being written."""

    def __init__(self, parts: Archive) -> None:
        self._parts = parts
        self._sheets: list[Sheet] = []
        self._amounts = Amounts()
        self.cells = Cells(self._amounts)

    def add_page(self, title: str, widths: Sequence[int], rows: Iterator[str]) -> None:
        """Add a sheet for reading."""
        self._sheets.append(Sheet(title))
        self._parts.add(self._name(), sheets.page(widths, rows))

    def add_table(self, table: layout.Table, rows: Iterator[Row], limit: int) -> None:
        """Add a sheet with the rows of a table, and further ones for what does not fit."""
        for number in count(1):
            rows = self._add(table, rows, limit, "" if number == 1 else f" ({number})")
            following = next(rows, None)
            if following is None:
                return
            rows = chain([following], rows)

    def finish(self, title: str, as_of: str) -> None:
        """Write what describes the sheets."""
        self._parts.add("xl/workbook.xml", sheets.workbook(self._sheets))
        self._parts.add("xl/styles.xml", self._amounts.xml())
        for name, text in sheets.around(self._sheets, title, as_of):
            self._parts.add(name, text)

    def _name(self) -> str:
        return f"xl/worksheets/sheet{len(self._sheets)}.xml"

    def _add(self, table: layout.Table, rows: Iterator[Row], limit: int, number: str) -> Iterator[Row]:
        """Add a sheet with at most `limit` rows; those that are left."""
        measured = list(islice(rows, _MEASURED_ROWS))
        widths = _widths(table, measured)
        rows = chain(measured, rows)
        del measured
        wide = sum(widths) > _READABLE_ON_A_PAGE
        kinds: list[layout.Kind] = [column.kind for column in table.columns]
        self._sheets.append(Sheet(""))
        with self._parts.part(self._name()) as part:
            part.write(sheets.start_of_table(widths, wide=wide) + _header(table))
            last = 1
            for row in self.cells.rows(kinds, islice(rows, limit), 2):
                part.write(row)
                last += 1
                if part.size > _SIZE_OF_SHEET:
                    break
            filled = f"A1:{cells.letters(len(kinds) - 1)}{max(last, 2)}"
            part.write(sheets.end_of_table(filled, wide=wide))
        self._sheets[-1] = Sheet(table.title + number, filled, wide)
        return rows


def _header(table: layout.Table) -> str:
    headings = [
        f'<c r="{cells.letters(place)}1"{cells.text_cell(column.heading, _of_header(column))}'
        for place, column in enumerate(table.columns)
    ]
    return f'<row r="1" ht="20.25" customHeight="1">{"".join(headings)}</row>'


def _of_header(column: layout.Column) -> str:
    return "header-right" if column.kind in {"quantity", "money"} else "header"


def _widths(table: layout.Table, rows: Sequence[Row]) -> list[int]:
    """Wide enough for the first rows; of what is longer than anything should be, the beginning is seen."""
    widths = [max(_NARROWEST, len(column.heading) + _FILTER_BUTTON) for column in table.columns]
    for row in rows:
        widths = list(map(_wider, widths, row))
    return [min(width, _WIDEST) for width in widths]


def _wider(width: int, value: Any) -> int:
    if value is None:
        return width
    text = "; ".join(value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownArgumentType]
    return max(width, cells.width(text) + 2)
