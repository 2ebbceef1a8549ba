"""Products that a name may stand for, each with the reason: for a person to decide, never taken by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from store.matching import normal

OTHER_PUBLISHER: Final = "other-publisher"
SEVERAL: Final = "several"
VERSION_UNTOLD: Final = "version-untold"
EDITION_UNTOLD: Final = "edition-untold"
NEW_IN_CATALOGUE: Final = "new-in-catalogue"
SHARED_WORDS: Final = "shared-words"

NEAR: Final = (SEVERAL, VERSION_UNTOLD, EDITION_UNTOLD, OTHER_PUBLISHER)
"""The reasons that speak for one and the same thing, the strongest first. Words that are shared do not."""

RANKS: Final = (*NEAR, NEW_IN_CATALOGUE, SHARED_WORDS)
"""All reasons, the strongest first."""

MOST: Final = 5
"""Candidates of a name."""


@dataclass(frozen=True)
class Candidate:
    """A product that a name may stand for. `new` ones are in the catalogue, and not in the book. `words`: shared."""

    product: str
    reason: str
    new: bool = False
    words: str = ""


class Words:
    """Products by the words of their names."""

    def __init__(self, products: Mapping[int, Sequence[str]]) -> None:
        self._words = {number: tuple(dict.fromkeys(told)) for number, told in products.items()}
        self._having: dict[str, list[int]] = {}
        for number, told in self._words.items():
            for word in told:
                self._having.setdefault(word, []).append(number)
        self._common = max(20, len(self._words) // 20)

    def know(self, told: Iterable[str]) -> bool:
        """Whether any product has one of these words."""
        return any(word in self._having for word in told)

    def near(self, told: Iterable[str], most: int) -> list[tuple[int, str]]:
        """Products that share words with a name, and the words; those that share the most of theirs first.

        A word that very many products have, a number or a single letter speaks for none of them.
        """
        shared: dict[int, list[str]] = {}
        met: Counter[int] = Counter()
        for word in dict.fromkeys(told):
            having = self._having.get(word, ())
            if len(having) <= self._common:
                telling = len(word) > 1 and not word[0].isdigit()
                for number in having:
                    shared.setdefault(number, []).append(word)
                    met[number] += telling
        found = [
            (-len(words) / len(self._words[number]), number, words) for number, words in shared.items() if met[number]
        ]
        fitting = sorted(one for one in found if one[0] <= -0.5)
        return [(number, " ".join(words)) for _, number, words in fitting[:most]]


def agree(one: str, other: str) -> bool:
    """Whether two normal publishers may be the same: one of them is not told, or goes on where the other ends."""
    if not one or not other:
        return True
    shorter, longer = sorted((one.split(" "), other.split(" ")), key=len)
    return longer[: len(shorter)] == shorter


def ranked(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Candidates in the order of their reasons, each product once, the first five.

    Those that share words stay in the order in which they came, the others are in that of their names.
    """
    first: dict[str, Candidate] = {}
    for one in sorted(found, key=_rank):
        first.setdefault(one.product, one)
    return tuple(first.values())[:MOST]


def _rank(one: Candidate) -> tuple[int, str]:
    return RANKS.index(one.reason), "" if one.reason == SHARED_WORDS else one.product


def lacks(told: Sequence[str], part: str) -> bool:
    """Whether a name does not tell a part (an edition or a version) that a product has."""
    wanted = normal.words(part)
    size = len(wanted)
    return bool(part) and not any(tuple(told[at : at + size]) == wanted for at in range(len(told) - size + 1))
