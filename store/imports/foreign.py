"""Files of other programs: their rows, checked against their own columns, and template tables made of such rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from store.imports import csv_files
from store.imports.checks import checked, converters
from store.imports.finding import WARNING, Finding
from store.imports.source import BATCH, Batch, RawTable
from store.imports.template import BY_NAME, Table, folded

Cells = Mapping[str, str]
"""The cells of a row by column; "" where it is empty or the file lacks the column."""


@dataclass(frozen=True)
class Foreign:
    """A file of another program: the rows that are sound, by row number, and what there is to say on the others."""

    place: str
    rows: Mapping[int, Cells]
    findings: tuple[Finding, ...] = ()


def has_columns(path: Path, names: Iterable[str]) -> bool:
    """Whether a file is a CSV file whose header has all of these columns; case, spaces and underscores do not count."""
    wanted = set(map(folded, names))
    return path.is_file() and any(wanted <= set(map(folded, row)) for row in csv_files.first_rows(path))


def read(path: Path, table: Table) -> Foreign:
    """The rows of a file whose columns `table` describes."""
    file = csv_files.opened(path, path.name, [column.name for column in table.columns])
    if isinstance(file, Finding):
        return Foreign(path.name, {}, (file,))
    raw, header = csv_files.table_of(file, table)
    if not raw:
        return Foreign(path.name, {}, header)
    findings = list(header)
    names = [column.name for column in table.columns]
    rows = {
        number: {name: "" if value is None else str(value) for name, value in zip(names, values, strict=True)}
        for numbers, batch in checked(raw, converters(raw.columns), findings.append, {})
        for number, values in zip(numbers, batch, strict=True)
    }
    return Foreign(path.name, rows, tuple(findings))


def distinct(file: Foreign, key: Callable[[Cells], tuple[str, ...]], what: str) -> Foreign:
    """The file without the rows whose key an earlier row has; each of them is a warning that names both."""
    first: dict[tuple[str, ...], int] = {}
    repeats: list[Finding] = []
    for number, cells in file.rows.items():
        earlier = first.setdefault(key(cells), number)
        if earlier != number:
            text = f"the row repeats the {what} of row {earlier} and was left out"
            repeats.append(Finding(WARNING, "repeated-row", f"{file.place}, row {number}", text))
    rows = {number: file.rows[number] for number in first.values()}
    return Foreign(file.place, rows, (*file.findings, *repeats))


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
