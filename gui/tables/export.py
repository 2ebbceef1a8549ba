"""Writes what a table shows as a workbook or a CSV file: the shown columns, all rows, in their order.

Numbers and days are written as such, everything else as text: nothing in the file is calculated or linked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gui.tables.columns import Column
from gui.tables.pages import Row
from gui.tables.source import PARTS
from gui.work import Report
from rules.vocabulary import is_unlimited
from store import overviews
from store.book import Book
from store.overviews import Ask
from store.snapshots import csv_files, layout, workbook
from store.snapshots.saving import save_file

FILTERS: Final = ("Excel workbook (*.xlsx)", "Comma-separated values (*.csv)")
"""What a file dialog offers; the ending of the name decides."""

_KINDS: Final[dict[str, layout.Kind]] = {"count": "quantity", "number": "quantity", "day": "date", "flag": "flag"}
_AT_ONCE: Final = 1_000

WHOLE: Final = "All groups"
"""What stands in the column of resource groups for a row as a whole."""

_SHARED: Final = frozenset({"product", "name", "model", "metric", "basis", "vendor", "family"})
"""What the parts of a row have in common with it."""


@dataclass(frozen=True)
class Order:
    """What is to be written: which overview, its title, what was asked of it, and the columns in their order."""

    name: str
    title: str
    ask: Ask
    columns: Sequence[Column]
    places: Sequence[int]
    rows: int
    """About how many rows there are, for the progress."""
    nobody: str = ""
    """Of a tree: what the part of a row is called that belongs to no resource group."""


def write(book: Book, order: Order, target: Path, report: Report) -> int:
    """Write the file, a workbook unless its name ends in .csv; how many rows it has, without the parts of a tree.

    Raises SavingFault.
    """
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for count, rows in enumerate(_rows(book, order), start=1):
            if count % _AT_ONCE == 0:
                report(count, max(order.rows, count))
            yield from rows

    with book.reading():
        as_of = book.value("SELECT value FROM settings WHERE key = 'as_of'")
        save_file(target, lambda path: _written(path, order, counted(), as_of))
    return count


def with_ending(path: Path, chosen: str) -> Path:
    """The path with the ending of the chosen kind of file, if it has none of them."""
    if path.suffix.lower() in {".xlsx", ".csv"}:
        return path
    return path.with_name(path.name + (".csv" if chosen == FILTERS[1] else ".xlsx"))


def _written(path: Path, order: Order, rows: Iterator[Row], as_of: str) -> None:
    table = _table(order)
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:  # with a mark, so that Excel reads it as UTF-8
            file.writelines(csv_files.lines(table, rows, headings=True))
    else:
        workbook.write_table(path, table, rows, f"{order.title} on {as_of}", as_of)


def _rows(book: Book, order: Order) -> Iterator[list[Row]]:
    """Each row, followed by its parts, so that every line of the file tells by itself what it is about."""
    cells = [_parts(order.columns[place], place) for place in order.places]
    for ids in overviews.ids(book, order.name, order.ask):
        found = overviews.rows(book, order.name, ids)
        below = overviews.parts(book, order.name, ids) if order.nobody else {}
        for number in ids:
            if number in found:
                row = found[number]
                parts = _with_parts(order, row, below.get(number, ())) if order.nobody else [(row, None)]
                yield [_line(cells, part, group) for part, group in parts]


def _with_parts(order: Order, row: Row, parts: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """A row, and those that one could open it to, each with the name of its resource group."""
    yield row, WHOLE
    names = [column.name for column in order.columns]
    for part in parts if row[names.index(PARTS)] else ():
        own = zip(names, row, part, strict=True)
        yield tuple([mine if name in _SHARED else value for name, mine, value in own]), part[0] or order.nobody


def _line(cells: Sequence[Callable[[Row], Sequence[Any]]], row: Row, group: str | None) -> Row:
    first, *others = cells
    named = () if group is None else (group,)
    return (*first(row), *named, *(value for cell in others for value in cell(row)))


def _table(order: Order) -> layout.Table:
    first, *others = [_columns(order.columns[place]) for place in order.places]
    group = [layout.Column("resource_group", "Resource group", "text")] if order.nobody else []
    columns = [*first, *group, *(column for columns in others for column in columns)]
    return layout.Table(order.name, order.title, "", order.name, tuple(columns))


def _columns(column: Column) -> list[layout.Column]:
    if column.kind == "money":
        return [
            layout.Column(column.name, column.title, "money"),
            layout.Column(f"{column.name}_currency", f"{column.title} currency", "text"),
        ]
    return [layout.Column(column.name, column.title, _KINDS.get(column.kind, "text"))]


def _parts(column: Column, place: int) -> Callable[[Row], Sequence[Any]]:
    """The cells that a value makes: money is an amount and a currency."""
    if column.kind == "money":
        return lambda row: row[place].split(" ", 1) if row[place] else (None, None)
    if column.kind == "flag":
        return lambda row: (bool(row[place]),)
    if column.kind in {"count", "number"}:
        return lambda row: (_number(row[place]),)
    if column.kind == "day":
        return lambda row: (row[place],)
    return lambda row: (column.text(row[place]) or None,)


def _number(value: int | None) -> int | str | None:
    return "unlimited" if value is not None and is_unlimited(value) else value
