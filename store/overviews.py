"""The overviews of a book: which rows stand in them, in which order, and what the rows show.

A window asks for the ids of the first page and shows them, for all ids in a thread, and for the values of those rows
that come into sight. Nothing here holds more than it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from store.book import Book
from store.listing import asking, changes, compliance, contracts, demand, entitlements, events, products
from store.listing.shape import Ask, Field, Listing, Overview, Values

__all__ = ["OVERVIEWS", "Ask", "Field", "Overview", "children", "counts", "find", "first", "ids", "key", "rows"]

_LISTINGS: Final[Mapping[str, Listing]] = {
    module.LISTING.overview.name: module.LISTING
    for module in (entitlements, contracts, compliance, demand, products, events, changes)
}

OVERVIEWS: Final[Mapping[str, Overview]] = {name: listing.overview for name, listing in _LISTINGS.items()}
"""Every overview by its name."""

CHUNK: Final = 2_000
"""Ids that `ids` hands out at once."""


def first(book: Book, name: str, ask: Ask, limit: int = 128) -> list[int]:
    """Row ids of the first page, in order. KeyError for an overview, field or filter that does not exist."""
    query = asking.ids(book, _LISTINGS[name], ask, limit)
    return [row[0] for row in book.database.connection().execute(query.sql, query.values)]


def ids(book: Book, name: str, ask: Ask) -> Iterator[Sequence[int]]:
    """All row ids in order, 2,000 at a time: for a thread of its own."""
    query = asking.ids(book, _LISTINGS[name], ask)
    cursor = book.database.connection().execute(query.sql, query.values)
    while chunk := cursor.fetchmany(CHUNK):
        yield [row[0] for row in chunk]


def rows(book: Book, name: str, ids: Sequence[int]) -> dict[int, Values]:
    """The values of rows in the order of the fields, by id; rows that are gone are missing."""
    listing = _LISTINGS[name]
    columns = [listing.columns[field.name] for field in listing.overview.fields]
    source = asking.joined(listing, *columns)
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT {', '.join([listing.id, *columns])} FROM {source} WHERE {listing.id} IN ({marks})"
    return listing.finish(book, book.rows(sql, ids))


def children(book: Book, name: str, id: int) -> list[Values]:
    """The rows below a row of a tree: the same fields, None where there is nothing; the first names the part."""
    below = _LISTINGS[name].children
    return [] if below is None else below(book, id)


def counts(book: Book, name: str, ask: Ask) -> dict[str, int]:
    """How many rows each filter has under the search and the conditions of the question."""
    query = asking.counts(book, _LISTINGS[name], ask)
    row = book.database.connection().execute(query.sql, query.values).fetchone()
    return {code: int(count) for code, count in zip(OVERVIEWS[name].filters, row, strict=True)}


def key(book: Book, name: str, id: int) -> str:
    """The public key of a row, which stays when the row is derived anew. KeyError when the row is gone."""
    listing = _LISTINGS[name]
    sql = f"SELECT {listing.key} FROM {asking.joined(listing, listing.key)} WHERE {listing.id} = ?"
    row = book.one(sql, (id,))
    if row is None:
        raise KeyError(id)
    return str(row[0])


def find(book: Book, name: str, key: str) -> int | None:
    """The id of the row with that public key, or None."""
    return _LISTINGS[name].find(book, key)
