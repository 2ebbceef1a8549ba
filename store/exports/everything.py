"""Every overview and list of a book as tables for other programs: one CSV file each in a folder, or a workbook.

All rows, all fields, also those that the window hides; codes as they are. Rows of a tree are followed by their parts,
each with its resource group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from rules.vocabulary import is_unlimited
from store import overviews, settings
from store.book import Book, Row
from store.listing.shape import Field, Overview
from store.overviews import OVERVIEWS, Ask
from store.snapshots import csv_files, layout, manifest, workbook
from store.snapshots.saving import save_file, save_snapshot

Progress = Callable[[int, int], None]
"""Called with how many of how many tables are written; may raise to stop there."""

WHOLE: Final = "all"
"""What stands in the column of resource groups for a row as a whole."""

_KINDS: Final[dict[str, layout.Kind]] = {"count": "quantity", "number": "quantity", "day": "date", "flag": "flag"}
_SHARED: Final = frozenset({"product", "name", "model", "metric", "basis", "vendor", "family"})
"""What the parts of a row have in common with it."""

_NEVER_JUDGED: Final = "1970-01-01"


def save(book: Book, target: Path, progress: Progress | None = None) -> dict[str, int]:
    """Write all tables to a workbook where the name ends in .xlsx, else into a folder; rows by table.

    The same book and day give the same bytes. Raises SavingFault; what was there then stays.
    """
    counts: dict[str, int] = {}
    day = settings.get(book, "as_of") or _NEVER_JUDGED

    def in_a_workbook(path: Path) -> None:
        workbook.write_tables(path, _filled(book, counts, progress), f"Everything on {day}", day)

    def in_a_folder(workplace: Path) -> None:
        for table, rows in _filled(book, counts, progress):
            with (workplace / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_files.lines(table, rows))
        manifest.write(workplace, day, counts)

    with book.reading():
        if target.suffix.lower() == ".xlsx":
            save_file(target, in_a_workbook)
        else:
            save_snapshot(target, in_a_folder)
    return counts


def _filled(
    book: Book, counts: dict[str, int], progress: Progress | None
) -> Iterator[tuple[layout.Table, Iterator[Row]]]:
    for done, overview in enumerate(OVERVIEWS.values()):
        if progress is not None:
            progress(done, len(OVERVIEWS))
        yield _table(overview), _rows(book, overview, counts)


def _table(overview: Overview) -> layout.Table:
    columns = [one for field in overview.fields for one in _columns(field)]
    if overview.tree:
        columns.insert(1, layout.Column("resource_group", "Resource group", "text"))
    return layout.Table(overview.name, _words(overview.name), "", overview.name, tuple(columns))


def _columns(field: Field) -> list[layout.Column]:
    words = _words(field.name)
    if field.kind == "money":
        return [
            layout.Column(field.name, words, "money"),
            layout.Column(f"{field.name}_currency", f"{words} currency", "text"),
        ]
    return [layout.Column(field.name, words, _KINDS.get(field.kind, "text"))]


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _rows(book: Book, overview: Overview, counts: dict[str, int]) -> Iterator[Row]:
    """All rows, each followed by its parts; those as a whole are counted."""
    counts[overview.name] = 0
    cells = [partial(_cells, field.kind) for field in overview.fields]
    for ids in overviews.ids(book, overview.name, Ask()):
        found = overviews.rows(book, overview.name, ids)
        below: Mapping[int, Sequence[Row]] = overviews.parts(book, overview.name, ids) if overview.tree else {}
        for number in ids:
            if number in found:
                counts[overview.name] += 1
                yield _line(cells, found[number], [WHOLE] if overview.tree else [])
                for part in below.get(number, ()):
                    yield _line(cells, _of_part(overview, found[number], part), [part[0] or ""])


def _of_part(overview: Overview, whole: Row, part: Row) -> Row:
    """The values of a part, with what it has in common with the row that it is of."""
    told = zip(overview.fields, whole, part, strict=True)
    return tuple(first if field.name in _SHARED else value for field, first, value in told)


def _line(cells: Sequence[Callable[[Any], Sequence[Any]]], row: Row, group: list[str]) -> Row:
    made = [value for cell, value in zip(cells, row, strict=True) for value in cell(value)]
    return (*made[:1], *group, *made[1:])


def _cells(kind: str, value: Any) -> Sequence[Any]:
    """The cells that a value makes: money is an amount and a currency."""
    if kind == "money":
        amount, _, currency = str(value or "").partition(" ")
        return (amount or None, currency or None)
    if kind == "flag":
        return (None if value is None else bool(value),)
    if kind in {"count", "number"}:
        return ("unlimited" if value is not None and is_unlimited(value) else value,)
    return (None if value is None or value == "" else str(value),)
