"""The file of a dry run: every row of an input with what would become of it, what changes, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from store.imports.dry_run import Preview
from store.imports.looking import SeenRow
from store.snapshots import single

_ROWS: Final = single.table(
    "rows",
    "Rows",
    "Every row of the input, and what an import would make of it",
    ("becomes", "Becomes", "code"),
    ("table", "Table", "text"),
    ("place", "Place", "text"),
    ("reason", "Reason", "text"),
    ("cells", "Cells", "text"),
)
_CHANGES: Final = single.table(
    "changes",
    "Changes",
    "The rows that an import would change, with their old and new values",
    ("table", "Table", "text"),
    ("row", "Row", "text"),
    ("column", "Column", "text"),
    ("old", "Old", "text"),
    ("new", "New", "text"),
)
_FINDINGS: Final = single.table(
    "findings",
    "Findings",
    "What is to be said of the input",
    ("severity", "Severity", "code"),
    ("code", "Code", "code"),
    ("place", "Place", "text"),
    ("message", "Message", "text"),
)


def save(preview: Preview, target: Path, *, name: str, as_of: date) -> None:
    """Write a preview: a workbook, the rows alone as .csv, or everything as .json. Raises SavingFault."""
    tables = [
        (_ROWS, map(_row, preview.rows)),
        (_CHANGES, _changes(preview)),
        (_FINDINGS, ((one.severity, one.code, one.place, one.message) for one in preview.findings)),
    ]
    single.save(target, lambda: as_data(preview), tables, f"What an import of {name} would change", as_of.isoformat())


def _row(row: SeenRow) -> tuple[Any, ...]:
    cells = " | ".join(f"{name}: {text}" for name, text in row.cells)
    return row.kind, row.table.replace("_", " "), row.place, row.reason, cells[:_LONGEST]


_LONGEST: Final = 32_000
"""Characters that a spreadsheet takes in one cell."""


def _changes(preview: Preview) -> Iterator[tuple[Any, ...]]:
    for table, changes in preview.changes.items():
        for change in changes:
            for column, old, new in change.fields:
                yield table.replace("_", " "), change.key, column, old, new


def as_data(preview: Preview) -> dict[str, Any]:
    """Everything that a preview tells, as plain data."""
    return {
        "refused": preview.refused,
        "counts": {table: counts._asdict() for table, counts in preview.counts.items()},
        "left": preview.left,
        "rows": [
            {
                "becomes": row.kind,
                "table": row.table,
                "place": row.place,
                "reason": row.reason,
                "cells": dict(row.cells),
            }
            for row in preview.rows
        ],
        "changes": [
            {"table": table, "row": change.key, "column": column, "old": old, "new": new}
            for table, changes in preview.changes.items()
            for change in changes
            for column, old, new in change.fields
        ],
        "findings": [
            {"severity": one.severity, "code": one.code, "place": one.place, "message": one.message}
            for one in preview.findings
        ],
    }
