"""The template as a folder of CSV files, or a single one of them."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from store.imports import csv_files
from store.imports.finding import ERROR, WARNING, Finding
from store.imports.source import Batch, Columnar, RawTable, Source
from store.imports.template import BY_NAME, TABLES, Table, folded
from store.snapshots import csv_files as guarding

TEMPLATE: Final = "template"

_BESIDE_THE_DATA: Final = ("readme", "license", "manifest.json", ".")
"""How the names of files begin that nobody takes for a table."""


def read_folder(folder: Path) -> Source:
    """The tables of a folder, in the order of the template; a file that is none of them is a warning."""
    files = sorted(folder.iterdir())
    tables = {path: table for path in files if (table := table_named(path))}
    findings = [*_unknown(files, tables), *_double(tables), *_none_at_all(folder, files, tables)]
    return _read(folder, tables, findings)


def is_table(path: Path) -> bool:
    """Whether a file is named after a table of the template."""
    return table_named(path) is not None


def read_file(path: Path) -> Source:
    """A single CSV file as the table of the template that it is named after."""
    return _read(path, {path: BY_NAME[folded(path.stem)]}, [])


def table_named(path: Path) -> Table | None:
    """The table that a file is named after; None for other files and for folders."""
    return BY_NAME.get(folded(path.stem)) if path.suffix.casefold() == ".csv" and path.is_file() else None


def digest_of(paths: Sequence[Path]) -> str:
    """One SHA-256 over names and contents of files, in the order given."""
    lines = [f"{path.name} {csv_files.digest(path)}\n" for path in paths]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _read(path: Path, tables: dict[Path, Table], findings: list[Finding]) -> Source:
    order = sorted(tables, key=lambda file: TABLES.index(tables[file]))
    found: list[RawTable] = []
    with ThreadPoolExecutor(1) as aside:  # hashing needs no interpreter: another core does it meanwhile
        digest = aside.submit(digest_of, order)
        for file in order:
            raw, more = _table(file, tables[file])
            findings += more
            found += [raw] if raw else []
        return Source(TEMPLATE, path, digest.result(), tuple(found), tuple(findings))


def _table(path: Path, table: Table) -> tuple[RawTable | None, tuple[Finding, ...]]:
    file = csv_files.opened(path, path.name, [column.name for column in table.columns])
    if isinstance(file, Finding):
        return None, (file,)
    raw, findings = csv_files.table_of(file, table)
    return raw and replace(raw, batches=partial(_plain, raw)), findings


def _plain(raw: RawTable) -> Iterator[Batch]:
    """The rows with the texts that stand behind an apostrophe so that no spreadsheet calculates them."""
    for numbers, rows in raw.batches():
        if isinstance(rows, Columnar):
            yield numbers, Columnar([_freed(column) for column in rows.columns])
        elif _MARK in "\0".join(chain.from_iterable(rows)):
            yield numbers, [[guarding.freed(cell) for cell in row] for row in rows]
        else:
            yield numbers, rows


_MARK: Final = "'"


def _freed(cells: Sequence[str]) -> Sequence[str]:
    return list(map(guarding.freed, cells)) if _MARK in "\0".join(cells) else cells


def _unknown(files: Sequence[Path], tables: dict[Path, Table]) -> Iterator[Finding]:
    for path in files:
        if path not in tables and not path.name.casefold().startswith(_BESIDE_THE_DATA):
            text = "the file is not named after a table of the template and was ignored"
            yield Finding(WARNING, "unknown-file", path.name, text)


def _double(tables: dict[Path, Table]) -> Iterator[Finding]:
    names = list(tables.values())
    for path, table in tables.items():
        if names.count(table) > 1:
            text = f"more than one file is named after the table {table.name}; keep one of them"
            yield Finding(ERROR, "duplicate-table", path.name, text)


def _none_at_all(folder: Path, files: Sequence[Path], tables: dict[Path, Table]) -> Iterator[Finding]:
    if not tables:
        found = ", ".join(path.name for path in files[:10]) or "nothing"
        text = f"the folder holds no table of the template, such as products.csv or contracts.csv; it holds: {found}"
        yield Finding(ERROR, "no-tables", folder.name or str(folder), text)
