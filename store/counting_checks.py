"""What must hold of hosts, virtual machines and counting rules that a person enters: the same as of imported ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from store.book import Book
from store.errors import Unfit
from store.imports.hardware import LOADINGS


def refuse(book: Book, table: str, row: Mapping[str, Any]) -> None:
    """Raises Unfit when a row (column -> value) of a table cannot be."""
    columns = ", ".join(f'? AS "{column}"' for column in row)
    for rule in LOADINGS[table].rules:
        sql = f"SELECT {rule.values} FROM (SELECT {columns}) AS s WHERE {rule.broken}"
        found = book.one(sql, tuple(row.values()))
        if found is not None:
            value = row.get(rule.column, row.get(f"{rule.column}_id"))
            shown = "" if value is None or f"{rule.column}_id" in row else f'"{value}" '
            raise Unfit(f"{rule.column.replace('_', ' ')}: {shown}{rule.message.format(*found)}.")
