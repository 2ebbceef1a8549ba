"""The shape of an overview: its fields and filters, what can be asked, and the SQL that stands for each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from store.book import Book, Row

Values = tuple[Any, ...]
"""The values of a row in the order of the fields."""


@dataclass(frozen=True)
class Field:
    """A column of an overview.

    Kinds: text; code (a word of the vocabulary, shown through wording); count (a quantity, may be unlimited); number;
    day (ISO text or None); moment (ISO text or None); money ("12.50 EUR" or None); flag (0 or 1).
    """

    name: str
    kind: str
    hidden: bool = False
    """Whether it is shown only when somebody asks for it."""
    sortable: bool = True
    """Whether a large book sorts by it at once; where not, it is right all the same, and slow."""


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


@dataclass(frozen=True)
class Words:
    """How rows are found by words.

    A row is found when one of its texts in `plain` (expressions) has every word of the search. Where the book has the
    search `tables`, `hits` selects the first local column of all rows found, as `id`; :words is the full text query,
    :search what `has_words` takes.
    """

    plain: tuple[str, ...]
    hits: str = ""
    tables: tuple[str, ...] = ()
    in_order: bool = False
    """Whether the hits come in the order that the overview has by itself."""


@dataclass(frozen=True)
class Walk:
    """A way through the rows, or a part of them, that meets them in the order of a field.

    `order` are terms that mean the same as those of the field on this part, for an index that has them.
    """

    source: str
    condition: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rare:
    """How the rows of a filter are found without the others: what to read from, where the book has the index."""

    index: str
    source: str


@dataclass(frozen=True)
class Kept:
    """Sums that a large book keeps for the rows of an overview, since no index can hold a sum over other rows.

    `source` and `key` (its columns with the names they are kept under) say which rows there are, `sums` what is kept
    of each, `orders` what is looked for in order. `marked` is the noun whose changed rows have to be counted anew
    (`store.listing.keeping`), and `by` the column of the source that has its id.
    """

    table: str
    source: str
    key: Mapping[str, str]
    sums: Mapping[str, str]
    orders: tuple[str, ...]
    marked: str
    by: str
    only: str = ""


@dataclass(frozen=True)
class Arm:
    """The SQL of an overview, or of one of the two kinds of rows that stand in it.

    `id` is the public id of a row as an expression, `local` the columns that `locate` finds a row by: from the public
    id to their values, or None where the row is of the other arm.
    """

    base: str
    id: str
    local: tuple[str] | tuple[str, str]
    columns: Mapping[str, str]
    """Each field, and what else `where` may name, as an expression."""
    filters: Mapping[str, str]
    words: Words
    key: str
    """The public key of a row as an expression."""
    locate: Callable[[int], tuple[int, ...] | None] = lambda row: (row,)
    joins: Mapping[str, str] = field(default_factory=dict[str, str])
    """Joins by the alias that expressions use, in the order in which they are joined."""
    order: tuple[str, ...] = ()
    """The order that the overview has by itself, before the id."""
    sorts: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Where a field is not sorted by its own value alone: the expressions instead."""
    walks: Mapping[str, tuple[Walk, ...]] = field(default_factory=dict[str, tuple[Walk, ...]])
    """Where the base does not meet the rows in the order of a field ("" for that of the overview): what does, one
    after the other."""
    rare: Mapping[str, Rare] = field(default_factory=dict[str, Rare])
    """Filters that may hold for few rows."""
    kept: Kept | None = None
    summed: Mapping[str, Walk] = field(default_factory=dict[str, Walk])
    """Fields that a large book keeps sums for: the way through `kept` in their order."""
    tail: tuple[str, ...] = ()
    """What decides between equal rows before the id does: what filters look at, so that indexes hold it."""
    only: str = ""
    """Which rows of the base are rows of the overview, where not all are."""
    related: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further conditions that `where` may name, each with one ? for the value."""


def _as_they_are(_: Book, rows: list[Row]) -> dict[int, Values]:
    return {row[0]: row[1:] for row in rows}


@dataclass(frozen=True)
class Listing:
    """All that stands behind an overview. The sorts of all its arms have equally many expressions."""

    overview: Overview
    arms: tuple[Arm, ...]
    find: Callable[[Book, str], int | None]
    finish: Callable[[Book, list[Row]], dict[int, Values]] = _as_they_are
    """Turns selected rows (id first, then the columns of the fields) into values."""
    children: Callable[[Book, Sequence[int]], Mapping[int, Sequence[Values]]] | None = None
    """The rows below rows, by the ids of these."""


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
