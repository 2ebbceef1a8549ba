"""Finds the rows of an overview in their order: the first page at once, all of them for those who can wait.

With an index in the order that is asked for, a page is read off it. A search gives up that order: its rows are found
by the search tables and sorted. Where it finds many of the rows that would be slow, and walking through the rows
in their order soon meets enough of them; so a short walk is tried first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from store.book import Book
from store.listing import asking
from store.listing.asking import Query
from store.listing.shape import Arm, Ask, Listing
from store.listing.words import match, words_of

CHUNK: Final = 2_000
"""Ids that are handed out at once."""

STROLL: Final = 1_000
"""Rows that are walked through, at 5 to 10 us each, before all rows that a search finds are sorted."""

_STEP: Final = 250
_MANY: Final = 5  # a search finds many rows when it finds one in so many: then a stroll meets a page of them
_FEW: Final = 2_000  # rows that are sorted in the time of a frame


def read(book: Book, sql: str, values: Mapping[str, Any]) -> Any:
    """The cursor of a query with named values, on the calling thread's connection."""
    return book.connection().execute(sql, values)


def first(book: Book, listing: Listing, ask: Ask, limit: int) -> list[int]:
    """The public ids of the first rows, in order."""
    found = [_first(book, arm, ask, limit) for arm in listing.arms]
    filled = [ids for ids in found if ids]
    if len(filled) > 1:
        return _merged(book, listing, ask, filled)[:limit]
    return filled[0] if filled else []


def _first(book: Book, arm: Arm, ask: Ask, limit: int) -> list[int]:
    rare = _rare(book, arm, ask)
    if not rare:
        if not ask.where and not words_of(ask.search):
            return _walked(book, arm, ask, limit)
        if _worth_a_stroll(book, arm, ask):
            met, whole = _strolled(book, arm, ask, limit)
            if whole:
                return met
    return [row[0] for row in _found(book, arm, ask, rare, limit)]


def _rare(book: Book, arm: Arm, ask: Ask) -> str:
    """What holds the rows of a filter, where they are few enough to be sorted; else "" ."""
    rare = arm.rare.get(ask.filter)
    if rare is None or book.one("SELECT 1 FROM sqlite_schema WHERE name = ?", (rare.index,)) is None:
        return ""
    many = read(book, f"SELECT 1 FROM {rare.source} LIMIT 1 OFFSET {_FEW}", asking.moments(book)).fetchone()
    return "" if many else rare.source


def _worth_a_stroll(book: Book, arm: Arm, ask: Ask) -> bool:
    """Whether a walk in the order of a question may soon meet enough rows, and there is no other way that is short."""
    if not words_of(ask.search) or not asking.searchable(book, arm):
        return True
    in_order = arm.words.at and not ask.sort and not arm.order
    return not in_order and any(_holds_many(book, table, ask.search) for table in arm.words.tables)


def _holds_many(book: Book, table: str, text: str) -> bool:
    """Whether a search finds many rows of a search table, as far as the first thousand can tell."""
    sql = f"SELECT rowid FROM {table} WHERE words MATCH :words LIMIT 1 OFFSET {STROLL}"
    row = read(book, sql, {"words": match(text)}).fetchone()
    return row is not None and row[0] < STROLL * _MANY


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
    """All that is asked but for words and conditions, in the order of the question: one query after the other."""
    for walk in asking.walks(arm, ask):
        query = asking.asked(book, arm, replace(ask, where=()), source=walk.source)
        query.conditions += [walk.condition] if walk.condition else []
        query.order, query.pinned = asking.ordered(arm, ask, walk.order), True
        yield query


def _strolled(book: Book, arm: Arm, ask: Ask, limit: int) -> tuple[list[int], bool]:
    """Those of the first thousand rows in order that are asked for, and whether they are the first page."""
    met = _walked(book, arm, ask, STROLL)
    ids: list[int] = []
    for start in range(0, len(met), _STEP):
        part = met[start : start + _STEP]
        fitting = _fitting(book, arm, ask, part)
        ids += [number for number in part if number in fitting]
        if len(ids) >= limit:
            return ids[:limit], True
    return ids, len(met) < STROLL


def _fitting(book: Book, arm: Arm, ask: Ask, ids: Sequence[int]) -> set[int]:
    """Those rows of an arm that have the words and fulfil the conditions."""
    query = asking.asked(book, arm, ask, ids=ids)
    if words_of(ask.search):
        query.conditions.append(asking.tested(book, query, ask.search))
    return {row[0] for row in read(book, query.sql(arm.id), query.values)}


def _found(book: Book, arm: Arm, ask: Ask, rare: str, limit: int | None = None) -> Any:
    """All rows that are asked for, found by their words and conditions, or among the few of a filter, and sorted."""
    query = asking.asked(book, arm, ask, source=rare)
    query.limit = limit
    if rare:
        query.pinned = True
        query.conditions += [asking.tested(book, query, ask.search)] if words_of(ask.search) else []
    else:
        asking.search(book, query, ask.search)
    in_order = query.source == arm.words.source and arm.words.at and not ask.sort and not arm.order
    query.order = asking.ordered(arm, ask, arm.words.at if in_order else ())
    return read(book, query.sql(arm.id), query.values)


def every(book: Book, listing: Listing, ask: Ask) -> Iterator[Sequence[int]]:
    """The public ids of all rows in order, 2,000 at a time."""
    arm, *others = listing.arms
    if others:
        rows = iter(_united(book, listing, ask))
    elif words_of(ask.search) or ask.where:
        rows = iter(_found(book, arm, ask, _rare(book, arm, ask)))
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
    queries = [asking.located(arm, ids, f"arm{n}") for n, arm in enumerate(listing.arms)]
    return [row[0] for row in _sorted(book, queries, ask)]


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
