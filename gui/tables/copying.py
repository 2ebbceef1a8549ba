"""Rows as text for a spreadsheet: columns between tabs, with headings, and nothing that it would calculate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gui import wording
from gui.tables.columns import Column
from gui.tables.pages import Row
from store.snapshots.csv_files import guarded


def table(columns: Sequence[Column], places: Sequence[int], rows: Iterable[Row]) -> str:
    """The columns at these places of the rows, from left to right."""
    shown = [columns[place] for place in places]
    lines = ["\t".join(column.title for column in shown)]
    lines.extend("\t".join(_cell(columns[place], row[place]) for place in places) for row in rows)
    return "\n".join(lines) + "\n"


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.kind in {"count", "number"}:
        return wording.plain_number(value)
    return guarded(" ".join(column.text(value).split()))
