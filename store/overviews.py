"""The overviews of a book: which rows stand in them, in which order, and what the rows show.

A window asks for the ids of the first page and shows them, for all ids in a thread, and for the values of those rows
that come into sight. Nothing here holds more than it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from store.book import Book
from store.listing import (
    asking,
    authorizations,
    changes,
    compliance,
    contracts,
    demand,
    entitlements,
    events,
    hardware,
    keeping,
    matching,
    paging,
    preparing,
    products,
    requests,
    reviews,
    titles,
)
from store.listing.preparing import Report
from store.listing.shape import Ask, Field, Listing, Overview, Values

__all__ = [
    "OVERVIEWS",
    "Ask",
    "Field",
    "Overview",
    "children",
    "counts",
    "find",
    "first",
    "ids",
    "is_prepared",
    "keep_up",
    "key",
    "parts",
    "prepare",
    "rows",
]

_OF_THE_PORTAL: Final = (
    *(titles.TITLES, titles.DEFINITIONS, authorizations.AUTHORIZATIONS, authorizations.DEPLOYED),
    *(requests.REQUESTS, requests.APPROVALS, requests.CHARGES),
)

_OF_REVIEWS: Final = (reviews.REVIEWS, reviews.ROWS)

_OF_HARDWARE: Final = (hardware.HOSTS, hardware.MACHINES)

_LISTINGS: Final[Mapping[str, Listing]] = {
    module.LISTING.overview.name: module.LISTING
    for module in (entitlements, contracts, compliance, demand, products, events, changes, matching)
} | {listing.overview.name: listing for listing in (*_OF_THE_PORTAL, *_OF_REVIEWS, *_OF_HARDWARE)}

OVERVIEWS: Final[Mapping[str, Overview]] = {name: listing.overview for name, listing in _LISTINGS.items()}
"""Every overview by its name."""

_TOGETHER: Final = 1_000  # rows of one query


def first(book: Book, name: str, ask: Ask, limit: int = 128) -> list[int]:
    """Row ids of the first page, in order. KeyError for an overview, field or filter that does not exist."""
    return paging.first(book, _LISTINGS[name], ask, limit)


def ids(book: Book, name: str, ask: Ask) -> Iterator[Sequence[int]]:
    """All row ids in order, 2,000 at a time or fewer: for a thread of its own."""
    return paging.every(book, _LISTINGS[name], ask)


def rows(book: Book, name: str, ids: Sequence[int]) -> dict[int, Values]:
    """The values of rows in the order of the fields, by id; rows that are gone are missing."""
    listing = _LISTINGS[name]
    found: dict[int, Values] = {}
    for start in range(0, len(ids), _TOGETHER):
        for arm in listing.arms:
            query = asking.located(arm, ids[start : start + _TOGETHER])
            columns = [arm.columns[field.name] for field in listing.overview.fields]
            found |= listing.finish(book, paging.read(book, query.sql(arm.id, *columns), query.values).fetchall())
    return found


def children(book: Book, name: str, id: int) -> Sequence[Values]:
    """The rows below a row of a tree: the same fields, None where there is nothing; the first names the part."""
    return parts(book, name, [id]).get(id, ())


def parts(book: Book, name: str, ids: Sequence[int]) -> Mapping[int, Sequence[Values]]:
    """The rows below several rows of a tree, by the ids of these; of what is no tree there are none."""
    below = _LISTINGS[name].children
    return {} if below is None else below(book, ids)


def counts(book: Book, name: str, ask: Ask) -> dict[str, int]:
    """How many rows each filter has under the search and the conditions of the question."""
    return paging.counts(book, _LISTINGS[name], ask)


def key(book: Book, name: str, id: int) -> str:
    """The public key of a row, which stays when the row is derived anew. KeyError when the row is gone."""
    for arm in _LISTINGS[name].arms:
        query = asking.located(arm, [id])
        row = paging.read(book, query.sql(arm.key), query.values).fetchone()
        if row:
            return str(row[0])
    raise KeyError(id)


def find(book: Book, name: str, key: str) -> int | None:
    """The id of the row with that public key, or None."""
    return _LISTINGS[name].find(book, key)


def prepare(book: Book, report: Report | None = None) -> None:
    """Give a large book the indexes and search tables that keep its overviews quick, where it lacks them.

    For a thread of its own; what is there already takes no time, and until it is done everything works, slower.
    """
    preparing.prepare(book, report)


def keep_up(book: Book) -> None:
    """After a change: bring the sums up to date that a large book sorts by. What did not change costs nothing."""
    keeping.keep_up(book)


def is_prepared(book: Book) -> bool:
    """Whether a book has all that `prepare` would give it."""
    return preparing.is_prepared(book)
