"""Finds the rows of an overview in their order: the first page at once, all of them for those who can wait.

With an index in the order that is asked for, a page is read off it. A search gives up that order, and there are three
ways to get it back: a short walk through the rows in order, which soon meets a page when the search finds many of them;
a long one that compares each row with all that the search found; or sorting what it found, when that is little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import orjson

from store.book import Book
from store.listing import asking
from store.listing.asking import Query
from store.listing.shape import Arm, Ask, Listing
from store.listing.words import words_of

CHUNK: Final = 2_000
"""Ids that are handed out at once."""

STROLL: Final = 1_000
"""Rows at the beginning that are looked at one by one, at about 10 us each, before a search is made."""

_STEP: Final = 250
_FEW: Final = 2_000  # rows that are sorted in the time of a frame
_SORTED: Final = 10_000  # rows found by a search that are sorted sooner than met on a walk


class Condition(NamedTuple):
    """A condition with the values that it names."""

    sql: str
    values: Mapping[str, Any]


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
    searched = bool(words_of(ask.search))
    if rare or (searched and _comes_in_order(book, arm, ask)):
        return _ids(_found(book, arm, ask, rare, limit))
    if not searched and not ask.where:
        return _walked(book, arm, ask, limit)
    met, whole = _strolled(book, arm, ask, limit)
    if whole:
        return met
    if searched and asking.searchable(book, arm):
        return _searched(book, arm, ask, limit)
    return _ids(_found(book, arm, ask, "", limit))


def _ids(rows: Iterable[Sequence[int]]) -> list[int]:
    return [row[0] for row in rows]


def _comes_in_order(book: Book, arm: Arm, ask: Ask) -> bool:
    """Whether a search finds the rows in the order of the question by itself."""
    return bool(arm.words.in_order and not ask.sort and not arm.order and asking.searchable(book, arm))


def _rare(book: Book, arm: Arm, ask: Ask) -> str:
    """What holds the rows of a filter, where they are few enough to be sorted; else "" ."""
    rare = arm.rare.get(ask.filter)
    if rare is None or book.one("SELECT 1 FROM sqlite_schema WHERE name = ?", (rare.index,)) is None:
        return ""
    many = read(book, f"SELECT 1 FROM {rare.source} LIMIT 1 OFFSET {_FEW}", asking.moments(book)).fetchone()
    return "" if many else rare.source


def _walked(book: Book, arm: Arm, ask: Ask, limit: int, among: Condition | None = None) -> list[int]:
    """The first rows, among those of a condition, read in their order."""
    ids: list[int] = []
    for query in _ways(book, arm, ask):
        if among is not None:
            query.conditions.append(among.sql)
            query.values |= among.values
        query.limit = limit - len(ids)
        ids += _ids(read(book, query.sql(arm.id), query.values))
        if len(ids) == limit:
            break
    return ids


def _ways(book: Book, arm: Arm, ask: Ask) -> Iterator[Query]:
    """All that is asked but for the words, in the order of the question: one query after the other."""
    for walk in asking.walks(book, arm, ask):
        query = asking.asked(book, arm, ask, source=walk.source)
        query.conditions += [walk.condition] if walk.condition else []
        query.order, query.pinned = asking.ordered(arm, ask, walk.order), True
        yield query


def _strolled(book: Book, arm: Arm, ask: Ask, limit: int) -> tuple[list[int], bool]:
    """Those of the first thousand rows in order that are asked for, and whether they are the first page.

    Given up as soon as the thousand do not seem to hold a page.
    """
    met = _walked(book, arm, replace(ask, where=()), STROLL)
    ids: list[int] = []
    for start in range(0, len(met), _STEP):
        part = met[start : start + _STEP]
        fitting = _fitting(book, arm, ask, part)
        ids += [number for number in part if number in fitting]
        if len(ids) >= limit:
            return ids[:limit], True
        if len(met) == STROLL and len(ids) * STROLL < limit * (start + _STEP):
            return ids, False
    return ids, len(met) < STROLL


def _fitting(book: Book, arm: Arm, ask: Ask, ids: Sequence[int]) -> set[int]:
    """Those rows of an arm that have the words and fulfil the conditions."""
    query = asking.asked(book, arm, ask, ids=ids)
    if words_of(ask.search):
        query.conditions.append(asking.tested(book, query, ask.search))
    return set(_ids(read(book, query.sql(arm.id), query.values)))


def _searched(book: Book, arm: Arm, ask: Ask, limit: int) -> list[int]:
    """The first rows that a search finds: all of them sorted, or met on a walk in their order if they are many."""
    found = asking.typed(book, ask.search)
    hits = _ids(read(book, f"SELECT id FROM ({arm.words.hits}) LIMIT {_SORTED + 1}", found))
    if len(hits) > _SORTED:
        return _walked(book, arm, ask, limit, Condition(f"+{arm.local[0]} IN ({arm.words.hits})", found))
    query = asking.asked(book, arm, ask)
    asking.only(query, "SELECT value AS id FROM json_each(:hits)")
    query.values["hits"] = orjson.dumps(hits).decode()
    query.order, query.limit = asking.ordered(arm, ask), limit
    return _ids(read(book, query.sql(arm.id), query.values))


def _found(book: Book, arm: Arm, ask: Ask, rare: str, limit: int | None = None) -> Any:
    """All rows that are asked for, found by their words and conditions, or among the few of a filter, and sorted."""
    query = asking.asked(book, arm, ask, source=rare)
    query.limit = limit
    if rare:
        query.pinned = True
        query.conditions += [asking.tested(book, query, ask.search)] if words_of(ask.search) else []
    else:
        asking.search(book, query, ask.search)
    in_order = not rare and bool(words_of(ask.search)) and _comes_in_order(book, arm, ask)
    query.order = asking.ordered(arm, ask, ("h.id",) if in_order else ())
    return read(book, query.sql(arm.id), query.values)


def every(book: Book, listing: Listing, ask: Ask) -> Iterator[Sequence[int]]:
    """The public ids of all rows in order, 2,000 at a time or fewer."""
    for rows in _readings(book, listing, ask):
        while chunk := rows.fetchmany(CHUNK):
            yield _ids(chunk)


def _readings(book: Book, listing: Listing, ask: Ask) -> Iterator[Any]:
    """The cursors that have all rows, one after the other."""
    arm, *others = listing.arms
    if others:
        yield _united(book, listing, ask)
    elif words_of(ask.search) or ask.where:
        yield _found(book, arm, ask, _rare(book, arm, ask))
    else:
        for query in _ways(book, arm, ask):
            yield read(book, query.sql(arm.id), query.values)


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
    return _ids(_sorted(book, queries, ask))


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
