"""Finds the rows of an overview in their order: the first page at once, all of them for those who can wait.

With an index in the order that is asked for, a page is read off it. A search gives up that order: its rows are found
by the search tables and sorted. Where it finds many of the rows that would be slow, and walking through the rows
in their order soon meets enough of them; so a short walk is tried first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from store.book import Book
from store.listing import asking
from store.listing.asking import Query
from store.listing.shape import Arm, Ask, Listing
from store.listing.words import words_of

CHUNK: Final = 2_000
"""Ids that are handed out at once."""

STROLL: Final = 1_000
"""Rows that are walked through, at 5 to 10 us each, before all rows that a search finds are sorted."""


def read(book: Book, sql: str, values: Mapping[str, Any]) -> Any:
    """The cursor of a query with named values, on the calling thread's connection."""
    return book.connection().execute(sql, values)


def first(book: Book, listing: Listing, ask: Ask, limit: int) -> list[int]:
    """The public ids of the first rows, in order."""
    found = [_first(book, arm, ask, limit) for arm in listing.arms]
    filled = [ids for ids in found if ids]
    return filled[0] if len(filled) == 1 else _merged(book, listing, ask, filled)[:limit]


def _first(book: Book, arm: Arm, ask: Ask, limit: int) -> list[int]:
    searched = bool(words_of(ask.search))
    if not searched and not ask.where:
        return _walked(book, arm, ask, limit)
    if ask.sort or arm.order or not searched or not asking.searchable(book, arm):
        met, whole = _strolled(book, arm, ask, limit)
        if whole:
            return met
    return [row[0] for row in _found(book, arm, ask, limit)]


def _walked(book: Book, arm: Arm, ask: Ask, limit: int) -> list[int]:
    """The first rows, read in their order."""
    ids: list[int] = []
    for query in _ways(book, arm, ask):
        query.limit = limit - len(ids)
        ids += [row[0] for row in read(book, query.sql(arm.id), query.values)]
        if len(ids) == limit:
            break
    return ids


def _ways(book: Book, arm: Arm, ask: Ask) -> Iterator[Query]:
    """All that is asked but for the words, in the order of the question: one query after the other."""
    for walk in asking.walks(arm, ask):
        query = asking.asked(book, arm, ask, source=walk.source)
        query.conditions += [walk.condition] if walk.condition else []
        query.order = asking.ordered(arm, ask, walk.order)
        yield query


def _strolled(book: Book, arm: Arm, ask: Ask, limit: int) -> tuple[list[int], bool]:
    """Those of the first thousand rows in order that are asked for, and whether they are the first page."""
    ids: list[int] = []
    left = STROLL
    for query in _ways(book, arm, Ask(filter=ask.filter, sort=ask.sort, descending=ask.descending)):
        wanted = asking.asked(book, arm, ask, filtered=False)
        query.values |= wanted.values
        tests = wanted.conditions + ([asking.tested(book, query, ask.search)] if words_of(ask.search) else [])
        query.limit = left
        rows = read(book, query.sql(arm.id, " AND ".join(tests)), query.values)
        for number, fits in rows:
            left -= 1
            ids += [number] if fits else []
            if len(ids) == limit:
                return ids, True
        if not left:
            return ids, False
    return ids, True


def _found(book: Book, arm: Arm, ask: Ask, limit: int | None = None) -> Any:
    """All rows that are asked for, found by their words and conditions and then sorted."""
    query = asking.asked(book, arm, ask)
    asking.search(book, query, ask.search)
    own = query.source == arm.words.source and not ask.sort and not arm.order
    query.order = asking.ordered(arm, ask, arm.words.at if own else ())
    query.limit = limit
    return read(book, query.sql(arm.id), query.values)


def every(book: Book, listing: Listing, ask: Ask) -> Iterator[Sequence[int]]:
    """The public ids of all rows in order, 2,000 at a time."""
    arm, *others = listing.arms
    if others:
        rows = iter(_united(book, listing, ask))
    elif words_of(ask.search) or ask.where:
        rows = iter(_found(book, arm, ask))
    else:
        rows = (row for query in _ways(book, arm, ask) for row in read(book, query.sql(arm.id), query.values))
    while chunk := [row[0] for row in islice(rows, CHUNK)]:
        yield chunk


# ---------------------------------------------------------------------------------------------------------- both arms
def _united(book: Book, listing: Listing, ask: Ask) -> Any:
    """All rows of all arms that are asked for, in one order."""
    queries: list[Query] = []
    for arm in listing.arms:
        query = asking.asked(book, arm, ask)
        asking.search(book, query, ask.search)
        queries.append(query)
    return _sorted(book, queries, ask)


def _merged(book: Book, listing: Listing, ask: Ask, found: Sequence[Sequence[int]]) -> list[int]:
    """Rows that were found in several arms, in one order."""
    ids = [number for part in found for number in part]
    located = [asking.located(arm, ids, f"arm{n}_") for n, arm in enumerate(listing.arms)]
    queries = [query for query in located if query]
    return [row[0] for row in _sorted(book, queries, ask)] if queries else []


def _sorted(book: Book, queries: Sequence[Query], ask: Ask) -> Any:
    """The rows of queries over several arms, sorted together."""
    values: dict[str, Any] = {}
    parts: list[str] = []
    order: list[str] = []
    for query in queries:
        terms = [term.removesuffix(" DESC") for term in asking.terms(query.arm, ask)]
        named = [f"{term.removesuffix(' COLLATE NOCASE')} AS k{n}" for n, term in enumerate(terms)]
        parts.append(query.sql(f"{query.arm.id} AS id", *named))
        values |= query.values
        order = [f"k{n}{' COLLATE NOCASE' if term.endswith('NOCASE') else ''}" for n, term in enumerate(terms)]
    ways = asking.directed([*order, "id"], descending=ask.descending)
    return read(book, f"SELECT id FROM ({' UNION ALL '.join(parts)}) ORDER BY {', '.join(ways)}", values)


# ------------------------------------------------------------------------------------------------------------ figures
def counts(book: Book, listing: Listing, ask: Ask) -> dict[str, int]:
    """How many rows each filter has under the search and the conditions of a question."""
    filters = listing.overview.filters
    sums = dict.fromkeys(filters, 0)
    for arm in listing.arms:
        query = asking.asked(book, arm, ask, filtered=False)
        asking.search(book, query, ask.search)
        flags = [f"({arm.filters[code]}) AS f{n}" for n, code in enumerate(filters)]
        totals = ", ".join(f"total(f{n})" for n in range(len(filters)))
        row = read(book, f"SELECT {totals} FROM ({query.sql(*flags)})", query.values).fetchone()
        for code, count in zip(filters, row, strict=True):
            sums[code] += int(count)
    return sums
