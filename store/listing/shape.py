"""The shape of an overview: its fields and filters, what can be asked, and the SQL that stands for each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from store.book import Book, Row

Values = tuple[Any, ...]
"""The values of a row in the order of the fields."""


@dataclass(frozen=True)
class Field:
    """A column of an overview.

    Kinds: text; code (a word of the vocabulary, shown through wording); count (a quantity, may be unlimited); number;
    day (ISO text or None); moment (ISO text or None); money ("12.50 EUR" or None); flag.
    """

    name: str
    kind: str
    hidden: bool = False
    """Whether it is shown only when somebody asks for it."""


@dataclass(frozen=True)
class Overview:
    """What an overview shows. `filters` are codes, "all" is the last; rows of a `tree` may have children."""

    name: str
    fields: tuple[Field, ...]
    filters: tuple[str, ...]
    tree: bool = False
    default: str = "all"
    """The filter to begin with."""


@dataclass(frozen=True)
class Ask:
    """What is asked of an overview.

    `search` is what a person typed; `sort` the name of a field, "" for the order that the overview has by itself.
    `where` are further conditions: a name and a value that it must equal; a name may end in <=, >=, <, > or !=.
    """

    search: str = ""
    filter: str = "all"
    sort: str = ""
    descending: bool = False
    where: tuple[tuple[str, object], ...] = ()


def _as_they_are(_: Book, rows: list[Row]) -> dict[int, Values]:
    return {row[0]: row[1:] for row in rows}


@dataclass(frozen=True)
class Words:
    """How rows are found by words.

    `test` is an SQL condition on one row, with :words for the full text query; `hits` selects the ids of all rows that
    hold it. `plain` is the text itself, for as long as a book has no search tables.
    """

    plain: str
    test: str = ""
    hits: str = ""
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """The SQL of an overview. `joins` are by the alias that expressions use, in the order in which they are joined."""

    overview: Overview
    base: str
    id: str
    columns: Mapping[str, str]
    """Each field, and what else `where` may name, as an expression."""
    filters: Mapping[str, str]
    words: Words
    key: str
    """The public key of a row as an expression."""
    find: Callable[[Book, str], int | None]
    joins: Mapping[str, str] = field(default_factory=dict[str, str])
    order: tuple[str, ...] = ()
    """The order that the overview has by itself, before the id."""
    sorts: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Where a field is not sorted by its own value alone: the expressions instead."""
    related: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further conditions that `where` may name, each with one ? for the value."""
    finish: Callable[[Book, list[Row]], dict[int, Values]] = _as_they_are
    """Turns selected rows (id first, then the columns of the fields) into values."""
    children: Callable[[Book, int], list[Values]] | None = None


def splits(key: str, parts: int) -> list[tuple[str, ...]]:
    """Every way in which a key of so many parts can be read: names may hold the sign that stands between them."""
    if parts == 1:
        return [(key,)]
    pieces = key.split("|")
    found = ["|".join(pieces[:n]) for n in range(1, len(pieces))]
    return [(one, *rest) for one in found for rest in splits(key[len(one) + 1 :], parts - 1)]


def found(book: Book, sql: str, key: str, parts: int) -> int | None:
    """The first value of the first row that a query has for one reading of a key."""
    rows = (book.one(sql, reading) for reading in splits(key, parts))
    return next((int(row[0]) for row in rows if row is not None), None)
