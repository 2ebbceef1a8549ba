"""The shipped rules on facts of every kind, possible and impossible: the engine says what plain Python says, or refuses.

A refusal names the fact and leaves nothing behind: the same engine answers the next question.
"""

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest

from rules import library, reference
from rules.engine import Engine, EngineFault, FactError
from rules.language import Document
from rules.terms import MAX_INTEGER, Fact

CASES = 2_000
IMPOSSIBLE: tuple[Any, ...] = (
    *(None, True, 1.0, 1.5, float("nan"), float("inf"), 10**19, MAX_INTEGER + 1, -(10**400)),
    *(b"x", ["x"], {"x": 1}, (), object(), "\ud800", "a\0b", "x" * 5_000, "9" * 5_000, "x\udfffy"),
)
TEXTS = (
    "",
    "x",
    "9",
    "10",
    "-1",
    "1e5",
    "null",
    "true",
    '"',
    "\\",
    '"},{"',
    "\n",
    "\x7f",
    "ä",
    "日本",
    "🙂",
    "x" * 3_000,
)
NUMBERS = (0, 1, -1, 2, 3, 7, 90, 738_000, 3_652_059, 2**31 - 1, 2**31, 2**52, MAX_INTEGER, -MAX_INTEGER)


class Case:
    """Facts of a document by chance; everything follows from the seed."""

    def __init__(self, document: Document, seed: int) -> None:
        self.random = Random(f"{document.subject} {seed}")
        self.document = document
        self.known = _literals(document)

    def facts(self) -> list[tuple[str, Fact]]:
        """Some facts of any kinds, few values so that they meet."""
        kinds = list(self.document.facts)
        return [self.fact(self.random.choice(kinds)) for _ in range(self.random.choice((1, 2, 4, 8)))]

    def fact(self, kind: str) -> tuple[str, Fact]:
        return kind, tuple(self.value(held) for held in self.document.facts[kind].values())

    def value(self, held: str) -> Any:
        if held == "str":
            return self.random.choice([*self.known, *self.known, *TEXTS])
        return self.random.choice((*NUMBERS[:7], *NUMBERS[:7], *NUMBERS))

    def poisoned(self, facts: list[tuple[str, Fact]]) -> list[tuple[str, Fact]]:
        """The same with one value that no fact can have, or with one value too many or too few."""
        at = self.random.randrange(len(facts))
        kind, values = facts[at]
        place = self.random.randrange(len(values))
        wrong = (*values[:place], self.random.choice(IMPOSSIBLE), *values[place + 1 :])
        fact = self.random.choice([wrong, wrong, wrong, (*values, 1), values[:-1]])
        return [*facts[:at], (self.random.choice([kind] * 9 + ["nobody"]), fact), *facts[at + 1 :]]


def _literals(document: Document) -> list[str]:
    """The texts that the rules compare with."""
    parts = [
        part for rule in document.rules for condition in rule.conditions for part in condition.text.split("'")[1::2]
    ]
    quoted = [
        part for rule in document.rules for condition in rule.conditions for part in condition.text.split('"')[1::2]
    ]
    return [*dict.fromkeys(parts + quoted)] or ["x"]


def outcomes(seeds: Iterable[int]) -> Counter[str]:
    """How many questions were answered as in plain Python, how many refused, and how many rules fired."""
    found: Counter[str] = Counter()
    documents = list(library.documents().values())
    engines = [Engine(document) for document in documents]
    for seed in seeds:
        document, engine = documents[seed % len(documents)], engines[seed % len(documents)]
        case = Case(document, seed)
        facts = case.facts()
        if seed % 3 == 0:
            with pytest.raises(FactError):
                engine.match(case.poisoned(facts))
            found["refused"] += 1
        fired = answered(engine, document, facts, f"{document.subject} {seed}")
        found["answered"] += fired is not None
        found["fired"] += fired or 0
    for engine in engines:
        engine.close()
    return found


def answered(engine: Engine, document: Document, facts: list[tuple[str, Fact]], name: str) -> int | None:
    """How many firings were the same; None where the engine says that it cannot know."""
    try:
        fired = engine.match(facts)
    except EngineFault:
        return None
    assert fired == reference.match(document, facts), name
    return sum(len(found) for _, found in fired)


_TRIED = "questions of chance to the engine, answered as in plain Python"
_CONTROL = "an engine that forgets a firing is caught"


def test_thousands_of_questions_are_answered_as_in_plain_python_or_refused(promise):
    found = outcomes(range(CASES))
    assert found["answered"] == CASES, found
    assert found["refused"] > CASES / 4
    assert found["fired"] > CASES / 4
    promise("R25", _TRIED, count=CASES, control=_CONTROL)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(10))
def test_a_hundred_thousand_questions_are_answered_as_in_plain_python_or_refused(part, promise):
    first = CASES + part * 10_000
    assert outcomes(range(first, first + 10_000))["answered"] == 10_000
    promise("R25", _TRIED, count=10_000, control=_CONTROL)


def test_an_engine_that_answers_wrongly_is_caught(monkeypatch):
    honest = Engine.match

    def forgetful(self: Engine, facts: Any) -> Any:
        return [(rule, found[:-1]) for rule, found in honest(self, facts) if found[:-1]]

    monkeypatch.setattr(Engine, "match", forgetful)
    with pytest.raises(AssertionError):
        outcomes(range(300))
