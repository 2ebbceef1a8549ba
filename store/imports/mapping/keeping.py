"""Mappings that a book remembers: kept under their names, changed, removed, each change one that can be undone."""

from __future__ import annotations

from dataclasses import replace

import orjson

from store import names, rows
from store.book import Book
from store.errors import KnownFault, Unfit, Unknown
from store.imports.mapping.shape import ColumnMapping, as_data, parsed, problems
from store.tables import ColumnMapping as Kept


def save(book: Book, mapping: ColumnMapping) -> None:
    """Remember a mapping, or change the one of that name. Raises Unfit for one that could read no file."""
    name = names.name(mapping.name, "mapping")
    for about, sentence in problems(mapping):
        raise Unfit(f"mapping {name}{f', {about}' if about else ''}: {sentence}")
    columns = orjson.dumps(as_data(replace(mapping, name=name))).decode()
    with book.transaction():
        rows.save(book, Kept, {"mapping": name}, {"columns": columns}, named=name)


def remove(book: Book, name: str) -> None:
    """Forget a mapping; what was imported by it stays. Raises Unknown."""
    with book.transaction():
        if rows.remove(book, Kept, {"mapping": name}, named=name) is None:
            raise Unknown(f"mappings: there is no {name!r}.")


def held(book: Book) -> list[ColumnMapping]:
    """All mappings by their names. One that this program can no longer read is passed over."""
    found = book.rows("SELECT mapping, columns FROM mappings ORDER BY mapping")
    return [one for name, columns in found for one in _read(name, columns)]


def _read(name: str, columns: str) -> list[ColumnMapping]:
    try:
        return [parsed(columns, f"mapping {name}")]
    except KnownFault:
        return []


def read(book: Book, name: str) -> ColumnMapping:
    """The mapping of that name. Raises Unknown."""
    found = next((one for one in held(book) if one.name == name), None)
    if found is None:
        raise Unknown(f"mappings: there is no {name!r}.")
    return found
