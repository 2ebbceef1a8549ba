"""One file of tables that are no snapshot, for other programs: as JSON, as a workbook, or the first table as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from store.snapshots import csv_files, workbook
from store.snapshots.layout import Column, Kind, Table
from store.snapshots.saving import save_file

Filled = tuple[Table, Iterator[tuple[Any, ...]]]
"""A table and its rows."""

POSITION: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("product", "Product", "text"),
    ("model", "Model", "code"),
    ("metric", "Metric", "code"),
)
"""The columns that name a position."""


def table(name: str, title: str, about: str, *columns: tuple[str, str, Kind]) -> Table:
    """A table whose columns are given as field, heading and kind."""
    return Table(name, title, about, name, tuple(Column(*column) for column in columns))


def save(
    target: Path,
    data: Callable[[], dict[str, Any]],
    tables: Sequence[Filled],
    title: str,
    as_of: str,
) -> None:
    """Write `data` where the name of the file ends in .json, the first table in .csv, else a workbook of all tables.

    Raises SavingFault.
    """
    ending = target.suffix.lower()
    if ending == ".json":
        save_json(target, data())
    elif ending == ".csv":
        save_file(target, lambda path: _write_csv(path, *tables[0]))
    else:
        save_file(target, lambda path: workbook.write_tables(path, tables, title, as_of))


def save_json(target: Path, data: dict[str, Any]) -> None:
    """Write plain data as JSON to be read by people, too: sorted keys, indented. Raises SavingFault."""
    text = orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"
    save_file(target, lambda path: _write(path, text))


def _write(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def _write_csv(path: Path, table: Table, rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_files.lines(table, rows))
