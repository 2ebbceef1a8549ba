"""Turns questions about overviews into queries. What a person typed is always a bound value, never SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import orjson

from store import settings
from store.book import Book
from store.listing import keeping, words
from store.listing.shape import Arm, Ask, Walk

_ALIAS: Final = re.compile(r"\b([a-z])\.")
_OPERATOR: Final = re.compile(r"(\w+?)\s*(<=|>=|!=|<|>|)")
_STALE: Final = 90  # days after which a demand count is called stale


@dataclass
class Query:
    """The parts of a query over one arm, with the values that it binds."""

    arm: Arm
    source: str
    order: list[str] = field(default_factory=list[str])
    conditions: list[str] = field(default_factory=list[str])
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    limit: int | None = None
    pinned: bool = False
    """Whether the source is read first, in its order, and what is joined is looked up row by row."""

    def sql(self, *columns: str) -> str:
        """The query for some columns."""
        conditions = [*self.conditions, self.arm.only]
        where = " AND ".join(filter(None, conditions)) or "1"
        order = f" ORDER BY {', '.join(self.order)}" if self.order else ""
        limit = "" if self.limit is None else f" LIMIT {self.limit:d}"
        return f"SELECT {', '.join(columns)} FROM {_joined(self, *columns)} WHERE {where}{order}{limit}"


def _joined(query: Query, *columns: str) -> str:
    """What a query reads from, with those joins that its expressions need."""
    expressions = " ".join([*columns, *query.conditions, query.arm.only, *query.order])
    used, needed = set(_ALIAS.findall(expressions)), list[str]()
    for alias, join in reversed(tuple(query.arm.joins.items())):
        if alias in used and f" {alias} " not in f" {query.source} ":
            used.update(_ALIAS.findall(join))
            needed.insert(0, f"CROSS {join}" if query.pinned and join.startswith("JOIN") else join)
    return " ".join([query.source, *needed])


def asked(
    book: Book, arm: Arm, ask: Ask, *, filtered: bool = True, source: str = "", ids: Iterable[int] | None = None
) -> Query:
    """What a question asks of an arm, or of some of its rows, but for the words that it searches and the order.

    Raises KeyError for names that nobody has.
    """
    query = Query(arm, source or arm.base) if ids is None else located(arm, ids)
    query.values |= moments(book)
    if filtered:
        query.conditions.append(f"({arm.filters[ask.filter]})")
    for number, (name, value) in enumerate(ask.where):
        query.values[f"where{number}"] = value
        query.conditions.append(_where(arm, name, f":where{number}"))
    return query


def _where(arm: Arm, name: str, mark: str) -> str:
    parts = _OPERATOR.fullmatch(name)
    column, operator = (parts[1], parts[2]) if parts else (name, "")
    if column in arm.related and not operator:
        return arm.related[column].replace("?", mark)
    return f"{arm.columns[column]} {operator.replace('!=', 'IS NOT') or 'IS'} {mark}"


def moments(book: Book) -> Mapping[str, str]:
    """The days that filters speak of, by the day on which the book was last judged."""
    text = settings.get(book, "as_of")
    if not text:
        return dict.fromkeys(("as_of", "soon", "in_a_year", "stale"), "")
    as_of = date.fromisoformat(text)
    days = {"soon": max(settings.leads(book), default=0), "in_a_year": 365, "stale": -_STALE}
    return {"as_of": text, **{name: _later(as_of, count) for name, count in days.items()}}


def _later(day: date, days: int) -> str:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal())).isoformat()


# ---------------------------------------------------------------------------------------------------------- searching
def searchable(book: Book, arm: Arm) -> bool:
    """Whether the book has the search tables of an arm, filled."""
    names = arm.words.tables
    marks = ", ".join("?" * len(names))
    held = book.value(f"SELECT count(*) FROM sqlite_schema WHERE name IN ({marks})", names)
    return bool(names) and held == len(names) and all(book.one(f"SELECT 1 FROM {name} LIMIT 1") for name in names)


def tested(book: Book, query: Query, text: str) -> str:
    """The condition, row by row, that a row has every word of a text."""
    query.values |= typed(book, text)
    tests = [f"has_words({plain}, :search)" for plain in query.arm.words.plain]
    return f"({' OR '.join(tests)})"


def search(book: Book, query: Query, text: str) -> None:
    """Narrow a query down to the rows that have every word of a text, by the search tables where there are any."""
    if not words.words_of(text):
        return
    if not searchable(book, query.arm):
        query.conditions.append(tested(book, query, text))
        return
    query.values |= typed(book, text)
    only(query, query.arm.words.hits)


def typed(book: Book, text: str) -> dict[str, str]:
    """What was typed, as the hits of an arm name it."""
    words.install(book)
    return {"words": words.match(text), "search": words.plain(" ".join(words.words_of(text)))}


def only(query: Query, ids: str) -> None:
    """Narrow a query down to the rows whose first local column a subquery selects as `id`."""
    query.source, query.pinned = f"({ids}) h CROSS JOIN {query.arm.base}", True
    query.conditions.append(f"{query.arm.local[0]} = h.id")


# ------------------------------------------------------------------------------------------------------------- order
def terms(arm: Arm, ask: Ask) -> tuple[str, ...]:
    """The expressions that a question sorts by, before the id."""
    if not ask.sort:
        return arm.order
    own = arm.sorts[ask.sort] if ask.sort in arm.sorts else (arm.columns[ask.sort],)
    return *own, *arm.tail


def ordered(arm: Arm, ask: Ask, instead: tuple[str, ...] = ()) -> list[str]:
    """The terms of a question with the id that decides between equal rows, each with its direction.

    `instead` are terms that mean the same.
    """
    return directed(instead or (*terms(arm, ask), *arm.local), descending=ask.descending)


def directed(terms: Iterable[str], *, descending: bool) -> list[str]:
    """Terms, some of them downwards by themselves, in their own direction or all the other way."""
    ways = ("", " DESC") if descending else (" DESC", "")
    return [term.removesuffix(" DESC") + ways[not term.endswith(" DESC")] for term in terms]


def walks(book: Book, arm: Arm, ask: Ask) -> Sequence[Walk]:
    """The ways through the rows of an arm that meet them in the order of a question."""
    if ask.sort in arm.summed and arm.kept is not None and keeping.is_current(book, arm.kept):
        return (arm.summed[ask.sort],)
    found = arm.walks.get(ask.sort) or (Walk(arm.base),)
    return found[::-1] if ask.descending else found


# -------------------------------------------------------------------------------------------------------------- rows
def located(arm: Arm, ids: Iterable[int], mark: str = "at") -> Query:
    """The query for those rows, by their public ids, that are of this arm. `mark` is the name of its value."""
    places = [place for place in map(arm.locate, ids) if place is not None]
    values = {mark: orjson.dumps(places if len(arm.local) > 1 else [place[0] for place in places]).decode()}
    known = f"FROM json_each(:{mark})"
    column, *others = arm.local
    if not others:
        return Query(arm, arm.base, conditions=[f"{column} IN (SELECT value {known})"], values=values)
    columns = [f"value ->> {n}" for n in range(len(arm.local))]
    finding = f"{column} IN (SELECT {columns[0]} {known})"
    telling = f"({', '.join(arm.local)}) IN (SELECT {', '.join(columns)} {known})"
    return Query(arm, arm.base, conditions=[finding, telling], values=values)
