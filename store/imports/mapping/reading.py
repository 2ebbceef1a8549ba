"""A flat file and a mapping, made into tables of the template; every row is in them, or left out with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from store.imports.bought import Purchases
from store.imports.finding import ERROR, INFO, MORE_ROWS, MOST_FINDINGS, WARNING, Finding
from store.imports.flat import Flat
from store.imports.mapping import targets
from store.imports.mapping.rows import Fault, Reader, Row
from store.imports.mapping.shape import ColumnMapping, problems, spelled
from store.imports.mapping.used import Used
from store.imports.source import LeftOut, RawTable, Source, Unreadable

MAPPED: Final = "mapped"
KEPT: Final = 10_000
"""Rows left out that are kept with their cells; all of them are counted."""


Rows = Iterable[Row | LeftOut]
Between = Callable[[Reader, Rows], Rows]
"""What a format still does to its rows: it may change them, join several into one, or leave some out."""


@dataclass(frozen=True)
class Format:
    """What else is known of a file: its kind, what is still done `between` reading and storing, columns `also` used."""

    kind: str = MAPPED
    between: Between | None = None
    also: tuple[str, ...] = ()


FREELY: Final = Format()


def read(flat: Flat, mapping: ColumnMapping, form: Format = FREELY) -> Source:
    """The file as tables of the template. Contracts that have no number are named after the mapping.

    What is wrong with the mapping itself refuses the file.
    """
    mapping = spelled(mapping, flat.names)
    given = replace(mapping, header=flat.names)
    wrong = [Finding(ERROR, "mapping", f"{flat.place}, mapping {mapping.name}", text) for _, text in problems(given)]
    if wrong:
        return Source(form.kind, flat.path, flat.sha256, findings=(*flat.findings, *wrong))
    return _of(flat, mapping, form)


@dataclass
class Tally:
    """Rows read, and those of them that were left out; `wrong` is how many findings refused these."""

    place: str
    read: int = 0
    left: int = 0
    wrong: int = 0
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])

    def counted(self, rows: Rows) -> Rows:
        """The same rows, counted as they pass."""
        for row in rows:
            self.read += 1
            yield row

    def leave(self, row: LeftOut) -> None:
        """Note a row of which nothing is stored."""
        self.left += 1
        self.wrong += len(row.wrong)
        if len(self.left_out) < KEPT:
            self.left_out.append(row)

    def findings(self) -> Iterator[Finding]:
        """What is to be said of the rows that were left out: each that was refused, and how many were left aside."""
        wrong = [finding for row in self.left_out for finding in row.wrong]
        yield from wrong[:MOST_FINDINGS]
        if self.wrong > MOST_FINDINGS:
            text = f"{self.wrong - MOST_FINDINGS:,} more findings are not listed; correct those above first"
            yield Finding(ERROR, MORE_ROWS, self.place, text)
        yield from _aside(self.place, [row for row in self.left_out if not row.wrong])

    def source(self, kind: str, flat: Flat, tables: Iterable[RawTable], *more: Finding) -> Source:
        """Everything as a source."""
        findings = (*flat.findings, *more, *self.findings())
        return Source(
            kind, flat.path, flat.sha256, tuple(tables), findings, "", self.read, self.left, tuple(self.left_out)
        )


def _aside(place: str, rows: list[LeftOut]) -> Iterator[Finding]:
    if rows:
        few = rows[: len(rows) if len(rows) <= _TOLD else 0]
        for row in few:
            yield Finding(INFO, "left-aside", row.place, f"the row was left aside: {row.reason}")
        if not few:
            text = f"{len(rows):,} rows were left aside, the first of them {rows[0].place}: {rows[0].reason}"
            yield Finding(INFO, "left-aside", place, text)


_TOLD: Final = 20


def _of(flat: Flat, mapping: ColumnMapping, form: Format) -> Source:
    reader, tally = Reader(flat, mapping), Tally(flat.place)
    taken = Purchases(mapping.name) if mapping.target == targets.LICENSES else Used(reader)
    try:
        rows = tally.counted(reader.read())
        for one in form.between(reader, rows) if form.between else rows:
            if isinstance(one, LeftOut):
                tally.leave(one)
            elif told := taken.take(one):
                tally.leave(_left(reader, one, told))
    except Unreadable as unreadable:
        return Source(form.kind, flat.path, flat.sha256, findings=(*flat.findings, *unreadable.findings))
    tables = taken.tables(flat.place, reader.origins) if isinstance(taken, Purchases) else taken.tables()
    return tally.source(form.kind, flat, tables, *_unused(flat, mapping, form), *_nothing(flat, tally))


def _left(reader: Reader, row: Row, told: list[Fault] | str) -> LeftOut:
    if isinstance(told, str):
        return reader.left_aside(row.number, row.texts, told)
    return reader.refused(row.number, row.texts, told)


def _unused(flat: Flat, mapping: ColumnMapping, form: Format) -> Iterator[Finding]:
    used = {*mapping.columns, *form.also, *(rule.column for rule in mapping.leave_out)}
    spare = [name for name in flat.names if name not in used]
    if spare:
        text = f"not taken from this file: {', '.join(spare)}"
        yield Finding(INFO, "unused-columns", flat.place, text)


def _nothing(flat: Flat, tally: Tally) -> Iterator[Finding]:
    if tally.left == tally.read:
        yield Finding(WARNING, "no-rows", flat.place, "the file has no row that can be stored")
