"""Turns a question about an overview into one query. What a person typed is always a bound value, never SQL."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from store import settings
from store.book import Book
from store.listing.shape import Ask, Listing

_ALIAS: Final = re.compile(r"\b([a-z])\.")
_OPERATOR: Final = re.compile(r"(\w+?)\s*(<=|>=|!=|<|>|)$")
_STALE: Final = 90  # days after which a demand count is called stale


@dataclass(frozen=True)
class Query:
    """A query with its named values."""

    sql: str
    values: Mapping[str, Any]


def words_of(text: str) -> list[str]:
    """What a person typed as words: letters and digits, everything else only stands between them."""
    return "".join(c if c.isalnum() else " " for c in text).split()


def match(words: Iterable[str]) -> str:
    """Words as a full text query: each the beginning of a word."""
    return " ".join(f'"{word}"*' for word in words)


def plain(text: str) -> str:
    """A text as search knows it: without case and accents."""
    whole = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in whole if not unicodedata.combining(c))


def has_words(text: str, wanted: str) -> bool:
    """Whether each of the wanted words begins a word of the text."""
    held = words_of(plain(text))
    return all(any(word.startswith(one) for word in held) for one in words_of(plain(wanted)))


def joined(listing: Listing, *expressions: str) -> str:
    """The base of a listing with those joins that expressions need."""
    used = set(_ALIAS.findall(" ".join(expressions)))
    needed: list[str] = []
    for alias, join in reversed(tuple(listing.joins.items())):
        if alias in used:
            used.update(_ALIAS.findall(join))
            needed.insert(0, join)
    return " ".join([listing.base, *needed])


def moments(book: Book) -> dict[str, str]:
    """The days that filters speak of, by the day on which the book was last judged."""
    text = settings.get(book, "as_of")
    if not text:
        return dict.fromkeys(("as_of", "soon", "in_a_year", "stale"), "")
    as_of = date.fromisoformat(text)
    lead = max(settings.leads(book), default=0)
    return {
        "as_of": text,
        "soon": _later(as_of, lead),
        "in_a_year": _later(as_of, 365),
        "stale": _later(as_of, -_STALE),
    }


def _later(day: date, days: int) -> str:
    last = date.max.toordinal()
    return date.fromordinal(min(max(day.toordinal() + timedelta(days).days, 1), last)).isoformat()


def conditions(book: Book, listing: Listing, ask: Ask, values: dict[str, Any], *, filtered: bool = True) -> list[str]:
    """The conditions of a question; what they speak of is put into `values`. KeyError for names that nobody has."""
    found = [f"({listing.filters[ask.filter]})"] if filtered else []
    values |= moments(book)
    for number, (name, value) in enumerate(ask.where):
        values[f"where{number}"] = value
        found.append(_where(listing, name, f":where{number}"))
    if words_of(ask.search):
        book.database.connection().create_function("has_words", 2, has_words, deterministic=True)
        values["search"] = ask.search
        found.append(f"has_words({listing.words.plain}, :search)")
    return found


def _where(listing: Listing, name: str, mark: str) -> str:
    parts = _OPERATOR.fullmatch(name)
    column, operator = parts.groups() if parts else (name, "")
    if column in listing.related and not operator:
        return listing.related[column].replace("?", mark)
    return f"{listing.columns[column]} {'IS' if not operator else operator.replace('!=', 'IS NOT')} {mark}"


def order(listing: Listing, ask: Ask) -> list[str]:
    """The terms to sort by; the id decides between equal rows."""
    terms = listing.order if not ask.sort else listing.sorts.get(ask.sort) or (listing.columns[ask.sort],)
    ways = ("", " DESC") if ask.descending else (" DESC", "")
    return [term.removesuffix(" DESC") + ways[not term.endswith(" DESC")] for term in (*terms, listing.id)]


def ids(book: Book, listing: Listing, ask: Ask, limit: int | None = None) -> Query:
    """The query for the ids of the rows, in order."""
    values: dict[str, Any] = {}
    asked, terms = conditions(book, listing, ask, values), order(listing, ask)
    where = " AND ".join(asked)
    sql = f"SELECT {listing.id} FROM {joined(listing, where, *terms)} WHERE {where} ORDER BY {', '.join(terms)}"
    if limit is not None:
        values["limit"] = limit
        sql += " LIMIT :limit"
    return Query(sql, values)


def counts(book: Book, listing: Listing, ask: Ask) -> Query:
    """The query for the number of rows under each filter, in the order of the overview's filters."""
    values: dict[str, Any] = {}
    where = " AND ".join(conditions(book, listing, ask, values, filtered=False)) or "1"
    sums = [f"total({listing.filters[code]})" for code in listing.overview.filters]
    return Query(f"SELECT {', '.join(sums)} FROM {joined(listing, where, *sums)} WHERE {where}", values)
