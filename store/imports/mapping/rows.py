"""Applies a mapping to the rows of a flat file: each becomes fields, or is left out with the reason and its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from store.imports.cells import Wrong
from store.imports.checks import REMEMBERED
from store.imports.csv_files import RAGGED
from store.imports.finding import ERROR, Finding
from store.imports.flat import Flat
from store.imports.mapping import targets, values
from store.imports.mapping.shape import ColumnMapping
from store.imports.source import LeftOut

Cells = dict[str, str]
"""What a row holds, by field; "" where it holds nothing."""


@dataclass(frozen=True)
class Row:
    """A row that was understood: its number in the file, what it holds, and its cells as the file has them."""

    number: int
    cells: Cells
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: its field ("" for the row as a whole), a code, and a sentence."""

    field: str
    code: str
    text: str


@dataclass(frozen=True)
class _Part:
    """Where a field comes from: a position in the row or a text for every row; and how its cells are read.

    `known` are cells that were read before, up to a bound: most columns have few different ones.
    """

    target: targets.Field
    position: int | None
    constant: str
    convert: Callable[[str], str]
    words: Mapping[str, str]
    known: dict[str, str] = field(default_factory=dict[str, str])

    def read(self, given: str, cells: Cells) -> Iterable[Fault]:
        """Put what a cell says into the cells, or tell what is wrong with it."""
        known = self.known.get(given)
        if known is not None:
            cells[self.target.name] = known
            return ()
        text = self.words.get(given.casefold(), given) if self.words else given
        if self.target.kind in _OF_MONEY:
            return _filled(self, text, cells)
        faults = list(_filled(self, text, cells))
        if not faults and len(self.known) < REMEMBERED:
            self.known[given] = cells[self.target.name]
        return faults


_OF_MONEY: Final = (targets.MONEY, targets.CURRENCY)
"""Kinds of cells that must agree with others of their row."""


class Reader:
    """A mapping made ready for the columns of a file."""

    def __init__(self, flat: Flat, mapping: ColumnMapping) -> None:
        self.flat, self.mapping = flat, mapping
        at = {name: position for position, name in enumerate(flat.names)}
        self.origins: Mapping[str, str] = {field: column for column, field in mapping.columns.items()}
        self._unlimited = frozenset(mark.strip().casefold() for mark in mapping.unlimited)
        self._parts = [*self._of_columns(at), *self._of_constants()]
        self._aside = [
            (at[rule.column], rule.column, frozenset(map(str.casefold, rule.values)))
            for rule in mapping.leave_out
            if rule.column in at
        ]

    def _of_columns(self, at: Mapping[str, int]) -> Iterator[_Part]:
        for column, name in self.mapping.columns.items():
            if column in at:
                yield self._part(name, at[column], "")

    def _of_constants(self) -> Iterator[_Part]:
        for name, text in self.mapping.constants.items():
            yield self._part(name, None, text.strip())

    def _part(self, name: str, position: int | None, constant: str) -> _Part:
        found = targets.field(self.mapping.target, name)
        words = {cell.casefold(): word for cell, word in self.mapping.words.get(name, {}).items()}
        return _Part(found, position, constant, self._converter(found.kind), words)

    def _converter(self, kind: str) -> Callable[[str], str]:
        order, decimal = self.mapping.date_format, self.mapping.decimal
        known: dict[str, Callable[[str], str]] = {
            targets.NAME: values.name,
            targets.GROUP: values.group,
            targets.DAY: partial(values.day, order=order),
            targets.LAST_DAY: partial(values.last_day, order=order),
            targets.QUANTITY: partial(values.quantity, decimal=decimal),
            targets.UNLIMITED: self._quantity,
            targets.MONEY: partial(_money, decimal=decimal),
            targets.CURRENCY: values.currency,
            targets.FLAG: values.flag,
            targets.MODEL: values.model,
            targets.METRIC: values.metric,
        }
        return known[kind]

    def _quantity(self, text: str) -> str:
        return values.UNLIMITED if text.casefold() in self._unlimited else values.quantity(text, self.mapping.decimal)

    def read(self) -> Iterator[Row | LeftOut]:
        """Every row that holds anything, in the order of the file. Raises Unreadable where the file turns bad."""
        for numbers, rows in self.flat.rows():
            for number, row in zip(numbers, rows, strict=True):
                if any(map(str.strip, row)):
                    yield self.one(number, row)

    def one(self, number: int, row: Sequence[str]) -> Row | LeftOut:
        """One row."""
        if uneven := self.flat.wrong_with(row):
            return self.refused(number, row, [Fault("", RAGGED, uneven)])
        for position, column, marks in self._aside:
            if row[position].strip().casefold() in marks:
                reason = f"{column} is {quoted(row[position])}, and such rows are left aside"
                return self.left_aside(number, row, reason)
        cells: Cells = {}
        faults: list[Fault] = []
        for part in self._parts:
            faults += part.read(part.constant if part.position is None else row[part.position].strip(), cells)
        return self.refused(number, row, faults) if faults else Row(number, cells, row)

    def left_aside(self, number: int, row: Sequence[str], reason: str) -> LeftOut:
        """A row of which nothing is wanted."""
        return LeftOut(self._place(number), self._pairs(row), reason)

    def refused(self, number: int, row: Sequence[str], faults: Sequence[Fault]) -> LeftOut:
        """A row in which something is wrong."""
        wrong = tuple(Finding(ERROR, one.code, self._place(number, one.field), one.text) for one in faults)
        reason = "; ".join(
            f"{self.origins[one.field]}: {one.text}" if one.field in self.origins else one.text for one in faults
        )
        return LeftOut(self._place(number), self._pairs(row), reason, wrong)

    def _place(self, number: int, field: str = "") -> str:
        column = f", column {self.origins[field]}" if field in self.origins else ""
        return f"{self.flat.place}, row {number}{column}"

    def _pairs(self, row: Sequence[str]) -> tuple[tuple[str, str], ...]:
        return tuple((name, cell[:_SHOWN]) for name, cell in zip(self.flat.names, row, strict=False) if cell.strip())


_SHOWN: Final = 200


def _money(text: str, decimal: str) -> str:
    return ";".join(values.money(text, decimal))


def _filled(part: _Part, text: str, cells: Cells) -> Iterator[Fault]:
    target = part.target
    if not text:
        if target.required:
            yield Fault(target.name, "required", "the cell is empty, and it is needed")
        cells.setdefault(target.name, "")
        return
    try:
        found = part.convert(text)
    except Wrong as wrong:
        yield Fault(target.name, wrong.code, f"{quoted(text)} {wrong.reason}")
        return
    if target.kind != targets.MONEY:
        if target.kind == targets.CURRENCY and cells.get("currency", "") not in ("", found):
            yield Fault(target.name, "two-currencies", f"{quoted(text)} is not the currency of the amounts of this row")
        cells[target.name] = found
        return
    cells[target.name], _, currency = found.partition(";")
    held = cells.get("currency", "")
    if currency and held not in ("", currency):
        yield Fault(target.name, "two-currencies", f"{quoted(text)} is not in {held}, as the rest of this row is")
    cells["currency"] = currency or held


def quoted(text: str) -> str:
    """A cell in quotation marks, on one line and short enough to be read."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[:200]).split())
    return f'"{plain if len(plain) <= 60 else plain[:59] + "…"}"'
