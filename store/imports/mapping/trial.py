"""A mapping tried on the first rows of a file: what of each would be stored, or why it is refused. Quick, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from store.imports.flat import Flat
from store.imports.mapping import targets
from store.imports.mapping.reading import read
from store.imports.mapping.shape import ColumnMapping
from store.imports.source import RawTable, Source

_TABLE: Final = {
    targets.LICENSES: "contract_items",
    targets.INSTALLATIONS: "installations",
    targets.USERS: "installations",
    targets.DEMAND: "demand",
}


@dataclass(frozen=True)
class TriedRow:
    """A row of the file: its number, the cells that would be stored (one list a stored row), or why there are none."""

    number: int
    cells: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class Trial:
    """What the first rows become: the columns of the template that they fill, the rows, and what refuses the file."""

    columns: tuple[str, ...]
    rows: tuple[TriedRow, ...]
    refusals: tuple[str, ...] = ()


def head(flat: Flat, most: int) -> Flat:
    """The first rows of a file, held in memory with their numbers."""
    numbers: list[int] = []
    kept: list[Sequence[str]] = []
    for batch, rows in flat.rows():
        for number, row in zip(batch, rows, strict=True):
            if any(map(str.strip, row)):
                numbers.append(number)
                kept.append(row)
        if len(kept) >= most:
            break
    return replace(flat, rows=lambda: iter([(numbers[:most], kept[:most])]))


def tried(flat: Flat, mapping: ColumnMapping) -> Trial:
    """A mapping tried on all rows of `flat`, which should be few."""
    source = read(flat, mapping)
    if not source.tables:
        return Trial((), (), tuple(finding.message for finding in source.findings))
    parts = [raw for raw in source.tables if raw.table.name == _TABLE[mapping.target]]
    names = tuple(column.name for column in parts[0].table.columns if _is_filled(parts, column.name)) if parts else ()
    rows = sorted([*_stored(parts, names), *_left(source)], key=lambda row: row.number)
    return Trial(names, tuple(rows))


def _is_filled(parts: Sequence[RawTable], name: str) -> bool:
    at = [(raw, [column.name for column in raw.columns]) for raw in parts]
    return any(
        name in names and any(row[names.index(name)] for _, rows in raw.batches() for row in rows) for raw, names in at
    )


def _stored(parts: Sequence[RawTable], names: Sequence[str]) -> Iterator[TriedRow]:
    for raw in parts:
        at = {column.name: place for place, column in enumerate(raw.columns)}
        for numbers, rows in raw.batches():
            for number, row in zip(numbers, rows, strict=True):
                yield TriedRow(number, tuple(row[at[name]] if name in at else "" for name in names))


def _left(source: Source) -> Iterator[TriedRow]:
    for row in source.left_out:
        yield TriedRow(int(row.place.rpartition(" ")[2]), (), row.reason)
