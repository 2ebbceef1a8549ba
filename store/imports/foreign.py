"""Files of other programs: their rows, checked against their own columns, and template tables made of such rows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from store.imports import csv_files
from store.imports.checks import checked, converters
from store.imports.csv_files import CsvFile
from store.imports.finding import ERROR, MORE_ROWS, MOST_FINDINGS, WARNING, Finding
from store.imports.source import BATCH, Batch, LeftOut, RawTable, Unreadable
from store.imports.template import BY_NAME, Table, folded

Cells = Mapping[str, str]
"""The cells of a row by column; "" where it is empty or the file lacks the column."""


@dataclass(frozen=True)
class Foreign:
    """A file of another program: the rows that are sound, by row number, and what there is to say on the others.

    These are `left_out`, each with its reason.
    """

    place: str
    rows: Mapping[int, Cells]
    findings: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def read(self) -> int:
        """How many rows the file has below its header."""
        return len(self.rows) + len(self.left_out)


def has_columns(path: Path, names: Iterable[str]) -> bool:
    """Whether a file is a CSV file whose header has all of these columns; case, spaces and underscores do not count."""
    wanted = set(map(folded, names))
    return path.is_file() and any(wanted <= set(map(folded, row)) for row in csv_files.first_rows(path))


def read(path: Path, table: Table) -> Foreign:
    """The rows of a file whose columns `table` describes."""
    file = csv_files.opened(path, path.name, [column.name for column in table.columns])
    if isinstance(file, Finding):
        return Foreign(path.name, {}, (file,))
    raw, header = csv_files.table_of(file, table, even=True)
    if not raw:
        return Foreign(path.name, {}, header)
    findings: list[Finding] = []
    names = [column.name for column in table.columns]
    rows = {
        number: {name: "" if value is None else str(value) for name, value in zip(names, values, strict=True)}
        for numbers, batch in checked(raw, converters(raw.columns), findings.append, {})
        for number, values in zip(numbers, batch, strict=True)
    }
    rest = [one for one in findings if one.code != "more-findings"]
    left_out = tuple(_left_out(file, rows, rest))
    wrong = [one for row in left_out for one in row.wrong]
    of_the_file = [one for one in rest if one not in set(wrong)]
    return Foreign(path.name, rows, (*header, *of_the_file, *_told(path.name, wrong)), left_out)


def _told(place: str, wrong: Sequence[Finding]) -> Iterator[Finding]:
    yield from wrong[:MOST_FINDINGS]
    if len(wrong) > MOST_FINDINGS:
        text = f"{len(wrong) - MOST_FINDINGS:,} more findings are not listed; correct those above first"
        yield Finding(ERROR, MORE_ROWS, place, text)


_ROW: Final = re.compile(r".*, row ([0-9]+)(?:, column .*)?", re.DOTALL)


def _left_out(file: CsvFile, rows: Mapping[int, Cells], findings: Sequence[Finding]) -> Iterator[LeftOut]:
    """The rows of a file that are not among the sound ones, as far as it can be read."""
    told: dict[int, list[Finding]] = {}
    for finding in findings:
        if found := _ROW.fullmatch(finding.place):
            told.setdefault(int(found[1]), []).append(finding)
    with suppress(Unreadable):  # which is told already
        for numbers, batch in csv_files.rows_of(file, uneven=True):
            for number, row in zip(numbers, batch, strict=True):
                if number not in rows and any(map(str.strip, row)):
                    yield _refused(file, number, row, told.get(number, ()))


def _refused(file: CsvFile, number: int, row: Sequence[str], told: Sequence[Finding]) -> LeftOut:
    place, width = f"{file.place}, row {number}", len(file.names)
    if len(row) != width:
        told = [Finding(ERROR, csv_files.RAGGED, place, csv_files.ragged_row(len(row), width))]
    wrong = told or [Finding(ERROR, "row-refused", place, "a cell of it is wrong, as in rows above")]
    cells = tuple((name, cell[:_SHOWN]) for name, cell in zip(file.names, row, strict=False) if cell.strip())
    return LeftOut(place, cells, "; ".join(map(_reason, wrong)), tuple(wrong))


_SHOWN: Final = 200


def _reason(finding: Finding) -> str:
    _, column, name = finding.place.partition(", column ")
    return f"{name}: {finding.message}" if column else finding.message


def distinct(file: Foreign, key: Callable[[Cells], tuple[str, ...]], what: str) -> Foreign:
    """The file without the rows whose key an earlier row has; each of them is a warning that names both."""
    first: dict[tuple[str, ...], int] = {}
    repeats: list[Finding] = []
    left_out: list[LeftOut] = []
    for number, cells in file.rows.items():
        earlier = first.setdefault(key(cells), number)
        if earlier != number:
            text = f"the row repeats the {what} of row {earlier} and was left out"
            place = f"{file.place}, row {number}"
            repeats.append(Finding(WARNING, "repeated-row", place, text))
            left_out.append(LeftOut(place, tuple((name, cell) for name, cell in cells.items() if cell), text))
    rows = {number: file.rows[number] for number in first.values()}
    return Foreign(file.place, rows, (*file.findings, *repeats), (*file.left_out, *left_out))


def template_table(
    name: str,
    place: str,
    rows: Iterable[tuple[int, Cells]],
    origins: Mapping[str, str],
    optional: Sequence[str] = (),
) -> RawTable:
    """A table of the template made of rows of a foreign file.

    `rows` are the numbers in that file and the cells by template column, `origins` its own names of those columns.
    Columns in `optional` may stay empty although the template needs them: who loads them fills them in.
    """
    kept = list(rows)
    table = _relaxed(BY_NAME[folded(name)], optional)
    present = {column for _, cells in kept[:1] for column in cells}
    columns = tuple(column for column in table.columns if column.name in present or column.required)

    def batches() -> Iterator[Batch]:
        for start in range(0, len(kept), BATCH):
            part = kept[start : start + BATCH]
            yield (
                [number for number, _ in part],
                [[cells.get(column.name, "") for column in columns] for _, cells in part],
            )

    return RawTable(table, place, columns, batches, origins)


def _relaxed(table: Table, optional: Sequence[str]) -> Table:
    columns = (replace(column, required=column.required and column.name not in optional) for column in table.columns)
    return replace(table, columns=tuple(columns)) if optional else table
