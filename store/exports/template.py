"""A whole book as files of the template: a folder of CSV files, or a workbook. Imported again, they give the same book.

Of the book, everything that people entered leaves; what rules derive comes again by judging. The change log, the steps
that can be undone and the list of signed snapshots stay with the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from store import settings
from store.book import Book
from store.exports import tables
from store.exports.tables import Leaving, Row
from store.snapshots import cells, csv_files, manifest, workbook
from store.snapshots.layout import Table
from store.snapshots.saving import SavingFault, save_file, save_snapshot

Progress = Callable[[int, int], None]
"""Called with how many of how many tables are written; may raise to stop there."""

_NEVER_JUDGED: Final = "1970-01-01"


def save(book: Book, target: Path, progress: Progress | None = None) -> dict[str, int]:
    """Write the book to a workbook where the name ends in .xlsx, else into a folder; rows by table.

    Tables without rows are left out. The same book gives the same bytes. Raises SavingFault; what was there then stays.
    """
    return (_save_workbook if target.suffix.lower() == ".xlsx" else _save_folder)(book, target, progress)


def _save_folder(book: Book, folder: Path, progress: Progress | None) -> dict[str, int]:
    counts: dict[str, int] = {}

    def produce(workplace: Path) -> None:
        for one, rows in _filled(book, counts, progress):
            with (workplace / f"{one.name}.csv").open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_files.lines(one, rows))
        manifest.write(workplace, settings.get(book, "as_of") or _NEVER_JUDGED, counts)

    with book.reading():
        save_snapshot(folder, produce)
    return counts


def _save_workbook(book: Book, target: Path, progress: Progress | None) -> dict[str, int]:
    counts: dict[str, int] = {}

    def produce(path: Path) -> None:
        found = ((one, _fitting(one, rows)) for one, rows in _filled(book, counts, progress))
        workbook.write_tables(path, found, "Elpis: a whole book", settings.get(book, "as_of") or _NEVER_JUDGED)

    with book.reading():
        save_file(target, produce)
    return counts


def _filled(book: Book, counts: dict[str, int], progress: Progress | None) -> Iterator[tuple[Table, Iterator[Row]]]:
    """The tables that have rows, with their rows, counted as they are read."""
    every = tables.leaving()
    for done, one in enumerate(every):
        if progress is not None:
            progress(done, len(every))
        rows = tables.rows(book, one)
        first = next(rows, None)
        if first is not None:
            yield one.shape, _counted(one, chain([first], rows), counts)


def _counted(one: Leaving, rows: Iterator[Row], counts: dict[str, int]) -> Iterator[Row]:
    counts[one.table.name] = 0
    for row in rows:
        counts[one.table.name] += 1
        yield row


def _fitting(table: Table, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, as long as a sheet of a workbook holds them without cutting anything."""
    for number, row in enumerate(rows, 1):
        if number > workbook.ROWS_PER_SHEET:
            raise SavingFault(f"{table.name} has too many rows for a sheet of a workbook; export into a folder instead")
        for value in row:
            if isinstance(value, str) and len(value) > cells.MAX_CHARACTERS // 2 and _too_long(value):
                raise SavingFault(
                    f"{table.name}, row {number + 1}: a text is too long for a cell of a workbook; export into a folder"
                )
        yield row


def _too_long(text: str) -> bool:
    return len(text.encode("utf-16-le")) > cells.MAX_CHARACTERS * 2
