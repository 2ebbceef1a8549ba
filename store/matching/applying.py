"""Gives products in files of other programs the names that the book has for them, before anything of it is loaded.

What is certain is renamed. A product that nothing in the book stands for keeps its name and becomes one of its own, so
that nothing is lost; where something is near, a person is asked afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from store.book import Book
from store.imports.source import Batch, Columnar, RawTable, Source, Unreadable, split
from store.matching import candidates, judging
from store.matching.matcher import ASSIGNED, BY_NAME, MATCHED, WAITING, Matcher, Software

OWN: Final = "template"
"""The kind of the book's own format, whose names are meant as they stand."""

_REFERENCE: Final = "reference:products"
_SUMMED: Final = ("demand", "allocations")
_ONCE: Final = "installations"


@dataclass(frozen=True)
class Applied:
    """An input with the names of the book, and the names in it that something in the book is near to."""

    source: Source
    near: tuple[Software, ...] = ()


def apply(book: Book, source: Source) -> Source:
    """The input with its products under the names of the book. Applied twice it is the same."""
    return applied(book, source).source


def applied(book: Book, source: Source) -> Applied:
    """The same, and what a person should look at afterwards. An input in the book's own format stays as it is."""
    if source.kind == OWN or not any(map(_product_columns, source.tables)):
        return Applied(source)
    names = _Names(book, judging.matcher(book))
    for software in _told(source):
        names.learn(software)
    if not names.renamed and not names.may_rename(source):
        return Applied(source, tuple(names.near))
    tables = tuple(_renamed(raw, names) for raw in source.tables)
    return Applied(replace(source, tables=tables), tuple(names.near))


def enter_near(book: Book, near: Iterable[Software]) -> None:
    """Put names of licenses into the queue whose products are loaded now. Inside a transaction."""
    told = [software[:3] for software in near]
    if told:
        known = judging.names(book)
        judging.enter(book, told, known)
        book.many("UPDATE software_names SET licensed = 1 WHERE id = ?", [(known[each],) for each in told])


class _Names(dict[str, str]):
    """The names in a file by the names that the book has for them; one that was not told before is matched alone."""

    def __init__(self, book: Book, asked: Matcher) -> None:
        super().__init__()
        self._asked = asked
        self._products: dict[int, str] = dict(book.rows("SELECT id, product FROM products"))
        self.renamed: set[str] = set()
        """The names of the book that other names stand for."""
        self.near: list[Software] = []

    def learn(self, software: Software) -> None:
        match = self._asked.match(software)
        name = software.name
        if match.product is not None and match.state in (MATCHED, ASSIGNED) and match.reason != BY_NAME:
            name = self._products[match.product]
        if name != software.name:
            self.renamed.add(name)
        self[software.name] = name
        if match.state == WAITING and any(one.reason in candidates.NEAR for one in match.candidates):
            self.near.append(software)

    def __missing__(self, cell: str) -> str:
        name = cell.strip()
        if name not in self:
            self.learn(Software("", name, ""))
        if name != cell:
            self[cell] = self[name] if self[name] != name else cell
        return self[cell]

    def may_rename(self, source: Source) -> bool:
        """Whether the rows name products that the input does not tell of, and the book has other names for them."""
        for raw in source.tables:
            for at in _product_columns(raw):
                with suppress(Unreadable):
                    for _, rows in raw.batches():
                        for cell in set(_column(rows, at, len(raw.columns))):
                            if cell.strip():
                                self[cell]
        return bool(self.renamed)


def _product_columns(raw: RawTable) -> list[int]:
    """Where the cells of a table name products; the table of products itself does, too."""
    own = raw.table.name == "products"
    return [
        at for at, column in enumerate(raw.columns) if column.kind == _REFERENCE or (own and column.name == "product")
    ]


def _column(rows: Sequence[Sequence[str]], at: int, width: int) -> Sequence[str]:
    return rows.columns[at] if isinstance(rows, Columnar) else split(rows, width)[at] if rows else ()


def _told(source: Source) -> Iterator[Software]:
    """The products that an input tells of, each with the part number that its items have, if they all have one."""
    numbers = _part_numbers(source)
    for raw in source.tables:
        if raw.table.name == "products":
            names = [column.name for column in raw.columns]
            with suppress(Unreadable):
                for _, rows in raw.batches():
                    for row in rows:
                        cells = {name: cell.strip() for name, cell in zip(names, row, strict=True)}
                        name = cells["product"]
                        if name:
                            yield Software(
                                cells.get("vendor", ""), name, cells.get("version", ""), numbers.get(name, "")
                            )


def _part_numbers(source: Source) -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for raw in source.tables:
        at = {column.name: number for number, column in enumerate(raw.columns)}
        if raw.table.name == "contract_items" and "sku" in at:
            with suppress(Unreadable):
                for _, rows in raw.batches():
                    for row in rows:
                        found.setdefault(row[at["product"]].strip(), set()).add(row[at["sku"]].strip())
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1 and "" not in numbers}


# ------------------------------------------------------------------------------------------------------------ renaming
def _renamed(raw: RawTable, names: _Names) -> RawTable:
    """A table under the names of the book. What two names come to is one row: of installations the first, of counts
    their sum. A product that the book has already is not told again."""
    columns = _product_columns(raw)
    if not columns:
        return raw
    if raw.table.name == "products":
        return replace(raw, batches=lambda: _without(raw, columns[0], names))

    def batches() -> Iterator[Batch]:
        for numbers, rows in raw.batches():
            yield numbers, _with_names(rows, columns, len(raw.columns), names)

    named = replace(raw, batches=batches)
    if raw.table.name == _ONCE:
        return replace(raw, batches=lambda: _first(named, columns[0], names))
    if raw.table.name in _SUMMED:
        return replace(raw, batches=lambda: _summed(named, columns[0], names))
    return named


def _with_names(
    rows: Sequence[Sequence[str]], columns: Sequence[int], width: int, names: _Names
) -> Sequence[Sequence[str]]:
    if not rows:
        return rows
    cells = list(rows.columns) if isinstance(rows, Columnar) else split(rows, width)
    for at in columns:
        cells[at] = [names[cell] if cell else cell for cell in cells[at]]
    return Columnar(cells)


def _without(raw: RawTable, at: int, names: _Names) -> Iterator[Batch]:
    """The products that the book does not have under another name."""
    for numbers, rows in raw.batches():
        kept = [(n, row) for n, row in zip(numbers, rows, strict=True) if names[row[at]].strip() == row[at].strip()]
        if kept:
            yield [number for number, _ in kept], [row for _, row in kept]


def _key(raw: RawTable) -> Callable[[Sequence[str]], tuple[str, ...]]:
    at = [number for number, column in enumerate(raw.columns) if column.key]
    return lambda row: tuple(row[number].strip() for number in at)


def _first(raw: RawTable, at: int, names: _Names) -> Iterator[Batch]:
    key, met = _key(raw), set[tuple[str, ...]]()
    for numbers, rows in raw.batches():
        kept: list[tuple[int, Sequence[str]]] = []
        for number, row in zip(numbers, rows, strict=True):
            if row[at] in names.renamed:
                told = key(row)
                if told in met:
                    continue
                met.add(told)
            kept.append((number, row))
        if kept:
            yield [number for number, _ in kept], [row for _, row in kept]


def _summed(raw: RawTable, at: int, names: _Names) -> Iterator[Batch]:
    """Rows of renamed products come last, those of one key as one with the sum of their quantities."""
    key, place = _key(raw), [column.name for column in raw.columns].index("quantity")
    sums: dict[tuple[str, ...], tuple[int, list[str]]] = {}
    for numbers, rows in raw.batches():
        kept: list[tuple[int, Sequence[str]]] = []
        for number, row in zip(numbers, rows, strict=True):
            cell = row[place].strip()
            if row[at] not in names.renamed or not (cell.isascii() and cell.isdigit() and len(cell) < 11):
                kept.append((number, row))
                continue
            told = key(row)
            first, held = sums.setdefault(told, (number, [*row]))
            if first != number:
                held[place] = str(int(held[place]) + int(cell))
        if kept:
            yield [number for number, _ in kept], [row for _, row in kept]
    if sums:
        yield [number for number, _ in sums.values()], [row for _, row in sums.values()]
