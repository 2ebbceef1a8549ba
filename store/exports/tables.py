"""The rows of a book as those of the template: what an import would have to say to give this very book.

A table leaves as it came in (`store.imports.tables`): who adds one there has it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rules.vocabulary import UNLIMITED
from store.book import Book
from store.content import NAMED
from store.imports import tables
from store.imports.loading import Loading, Out
from store.imports.template import TABLES, Table
from store.naming import entitlement_name
from store.snapshots import layout
from store.snapshots.layout import Kind
from store.tables import BY_NAME, references

Row = tuple[Any, ...]

_KINDS: Final[Mapping[str, Kind]] = {
    "date": "date",
    "quantity": "quantity",
    "quantity-or-unlimited": "quantity",
    "whole": "quantity",
    "figure": "quantity",
    "money": "money",
}


@dataclass(frozen=True)
class Leaving:
    """A table of the template, what it looks like as a file, and the query for its rows in a book."""

    table: Table
    shape: layout.Table
    sql: str


def leaving() -> list[Leaving]:
    """Every table of the template, in its order."""
    return [Leaving(table, _shape(table), _sql(table)) for table in TABLES]


def rows(book: Book, one: Leaving) -> Iterator[Row]:
    """The rows of a table as the cells of a file hold them, in the order in which the book came to have them."""
    book.database.connection().create_function("elpis_name", 3, entitlement_name)
    written = [_WRITTEN.get(column.kind) for column in one.table.columns]
    for row in book.each(one.sql):
        yield tuple(
            value if value is None or write is None else write(value) for value, write in zip(row, written, strict=True)
        )


def _flag(value: int) -> str:
    return "true" if value else "false"


def _quantity(value: int) -> int | str:
    return "unlimited" if value == UNLIMITED else value


def _list(value: str) -> str | None:
    return None if value == "[]" else value


_WRITTEN: Final = {"flag": _flag, "quantity-or-unlimited": _quantity, "figure": _quantity, "list": _list}


def _shape(table: Table) -> layout.Table:
    columns = (layout.Column(one.name, one.name, _KINDS.get(one.kind, "text")) for one in table.columns)
    return layout.Table(table.name, table.name, table.says, table.name, tuple(columns))


def _sql(table: Table) -> str:
    if table.name in tables.WAYS:
        way = tables.WAYS[table.name]
        return _query(table, way.table, {}, way.out)
    loading = tables.LOADINGS[table.name]
    return _query(table, loading.target.table, _straight(loading), loading.out)


def _straight(loading: Loading) -> dict[str, str]:
    """The expression for each column of the template that stands as it is in a column of the book."""
    refers = references(BY_NAME[loading.target.table])
    found: dict[str, str] = {}
    for name, column in zip(loading.names, loading.target.columns, strict=False):
        plain = f't."{column}"'
        found.setdefault(name, f"({NAMED[refers[column]].format(plain)})" if column in refers else plain)
    return found


def _query(table: Table, source: str, straight: Mapping[str, str], out: Out) -> str:
    known: dict[str, str] = {**straight, **out.columns}
    values = [known.get(column.name, f't."{column.name}"').replace("{table}", source) for column in table.columns]
    model = BY_NAME.get(source)
    own_id = model is None or "id" in model._meta.columns  # pyright: ignore  # Peewee publishes no complete types
    order = out.order or ("t.id" if own_id else ", ".join(map(str, range(1, len(values) + 1))))
    return f"SELECT {', '.join(values)} FROM {source} t WHERE {out.which} ORDER BY {order}"
