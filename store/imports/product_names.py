"""Finds the names of products in a text: those of the book, and those that the catalogue knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from store import catalogue

_WORD: Final = re.compile(r"[^\W_]+(?:\.[0-9][^\W_]*)*")
_LONGEST: Final = 10
_UNKNOWN: Final = re.compile(
    r"(?m)^[ \t*•-]*(?:[0-9]{1,2}[.)] +)?[0-9][0-9.,']{0,12}[ \t]*[x×][ \t]+(?P<name>[^\W\d_][^\n\r\t,;|@]{2,80}?)"
    r"(?=[ \t]*(?:$|[\r\n\t,;|@(]| {2,}| [-–] | at | for | zu | à |: ))"
)
"""A line such as "250 x Foo Suite 3, …": what stands there is a product, though nobody knows it."""


@dataclass(frozen=True)
class Spotted:
    """A product in a text by the name that the book should have for it, and where it stands. `known`: to whom."""

    name: str
    start: int
    end: int
    known: bool = True


class Products:
    """The names of the products of a book, ready to be looked for."""

    def __init__(self, names: Iterable[str], metrics: Mapping[str, str] | None = None) -> None:
        """`metrics` says by which metric products are counted, where that is known."""
        self._metrics = metrics or {}
        self._names = {words: name for name in names if (words := _words(name))}
        self._firsts = {words.partition(" ")[0] for words in self._names}
        self._longest = max((words.count(" ") + 1 for words in self._names), default=0)

    def find(self, text: str) -> str:
        """The book's name for what a text calls a product, "" for none. Case and punctuation do not count."""
        return self._names.get(_words(text), "")

    def metric(self, name: str) -> str:
        """The metric by which the book counts a product, "" for none."""
        return self._metrics.get(name, "")

    def spots(self, text: str) -> list[Spotted]:
        """The products in a text, the longest names first where they overlap, in the order of the text."""
        found = list(self._known(text))
        for hit in _UNKNOWN.finditer(text):
            start, end = hit.span("name")
            if not any(one.start < end and start < one.end for one in found):
                found.append(Spotted(hit["name"].strip(), start, start + len(hit["name"].rstrip()), known=False))
        return sorted(found, key=lambda one: one.start)

    def _known(self, text: str) -> Iterator[Spotted]:
        at, longest = 0, max(_LONGEST, self._longest)
        for line in re.finditer(r"[^\n\r]+", text):
            words = [(found.start() + line.start(), found.end() + line.start()) for found in _WORD.finditer(line[0])]
            for number, (start, _) in enumerate(words):
                if start >= at and (spot := self._at(text, words[number : number + longest])):
                    at = spot.end
                    yield spot

    def _at(self, text: str, words: list[tuple[int, int]]) -> Spotted | None:
        """The longest name that begins with the first of the words."""
        start = words[0][0]
        first = text[start : words[0][1]].casefold()
        mine = first in self._firsts
        if not mine and first not in _catalogue_firsts():
            return None
        for count in range(len(words), 0, -1):
            end = words[count - 1][1]
            name = text[start:end]
            own = self._names.get(_words(name), "") if mine else ""
            if own or (count <= _LONGEST and catalogue.lookup(name) is not None):
                return Spotted(own or " ".join(name.split()), start, end)
        return None


def _words(name: str) -> str:
    return " ".join(_WORD.findall(name.casefold()))


@cache
def _catalogue_firsts() -> frozenset[str]:
    return frozenset(_words(name).partition(" ")[0] for name in catalogue.spellings())
