"""What a reader hands over: the tables found in an input, as text cells with the places that they came from."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Final, overload

from store.imports.finding import ERROR, MORE_ROWS, WARNING, Finding
from store.imports.template import Column, Table

BATCH: Final = 5_000
"""Rows of a batch, at most."""

Rows = Sequence[Sequence[str]]


class Columnar(Sequence[Sequence[str]]):
    """Rows that are held as columns, all of one length."""

    def __init__(self, columns: Sequence[Sequence[str]]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, at: int) -> Sequence[str]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[str]]: ...
    def __getitem__(self, at: int | slice) -> Sequence[str] | Sequence[Sequence[str]]:
        if isinstance(at, slice):
            return Columnar([column[at] for column in self.columns])
        return tuple(column[at] for column in self.columns)

    def __iter__(self) -> Iterator[Sequence[str]]:
        return zip(*self.columns, strict=True)


def split(rows: Rows, width: int) -> list[list[str]]:
    """The columns of rows that all have the same number of cells."""
    flat = list(chain.from_iterable(rows))
    return [flat[at::width] for at in range(width)]


Batch = tuple[Sequence[int], Rows]
"""Row numbers (as a spreadsheet counts: the header is row 1) and as many rows of text cells."""


class Unreadable(Exception):
    """A file turned out bad while its rows were read; the findings say where and what would be right."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("\n".join(map(str, findings)))

    @property
    def finding(self) -> Finding:
        """The first finding."""
        return self.findings[0]


@dataclass(frozen=True)
class RawTable:
    """A table of an input, not checked yet.

    `columns` are those present, in the order of the cells of a row. `batches` starts reading anew at each call and
    raises Unreadable when the file turns bad. `origins` gives the user's own column names where they differ. What
    is not `whole` adds to what is known of something, and takes nothing back that it does not list.
    """

    table: Table
    place: str
    columns: tuple[Column, ...]
    batches: Callable[[], Iterator[Batch]]
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
    whole: bool = True

    def cell_place(self, row: int, column: str) -> str:
        """Where a cell stands, in words of the user's file."""
        return f"{self.place}, row {row}, column {self.origins.get(column, column)}"

    def quoted(self, rows: Collection[int], names: Sequence[str]) -> dict[int, str]:
        """The cells of some columns in some rows as the file has them, read anew: what a finding quotes."""
        at = [index for index, column in enumerate(self.columns) if column.name in names]
        found: dict[int, str] = {}
        with suppress(Unreadable):  # that has been told; what is sound in the file can still be quoted
            for numbers, cells in self.batches():
                for number, row in zip(numbers, cells, strict=True):
                    if number in rows:
                        found[number] = ", ".join(f'"{row[index].strip()[:60]}"' for index in at)
        return found


@dataclass(frozen=True)
class LeftOut:
    """A row of which nothing is stored: where it stands, its cells by the file's columns, and why.

    `wrong` are the errors for which it was refused; a row without any is left aside on purpose.
    """

    place: str
    cells: tuple[tuple[str, str], ...]
    reason: str
    wrong: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Source:
    """An input as recognized: `kind` names the format (`store.imports.readers`), `reason` says by what it was known.

    One table may come in several parts. `read` counts the rows that a file of another program has below its header,
    `left` those of them of which nothing is stored, and `left_out` are the first of these; the rest is in the tables.
    """

    kind: str
    path: Path
    sha256: str
    tables: tuple[RawTable, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    read: int = 0
    left: int = 0
    left_out: tuple[LeftOut, ...] = ()


def refusals(source: Source) -> frozenset[Finding]:
    """The findings of an input that refuse rows of it, and nothing else."""
    wrong = (finding for row in source.left_out for finding in row.wrong)
    return frozenset(chain(wrong, (finding for finding in source.findings if finding.code == MORE_ROWS)))


def without_refused(source: Source) -> Source:
    """The same input, of which only the sound rows are wanted: what refused a row is a warning, and refuses no more."""
    wrong = refusals(source)

    def softened(finding: Finding) -> Finding:
        if finding.severity != ERROR or finding not in wrong:
            return finding
        rows = "these rows were" if finding.code == MORE_ROWS else "the row was"
        return replace(finding, severity=WARNING, message=f"{finding.message}; {rows} left out")

    return replace(source, findings=tuple(map(softened, source.findings)))


def watched(source: Source, before: Callable[[], object]) -> Source:
    """The same input; `before` is called ahead of every batch of rows, and may raise to stop the reading there."""

    def watch(raw: RawTable) -> RawTable:
        def batches() -> Iterator[Batch]:
            for batch in raw.batches():
                before()
                yield batch

        return replace(raw, batches=batches)

    return replace(source, tables=tuple(map(watch, source.tables)))
