"""The same rules in plain Python: the yardstick of the engine, and the answer to "why?" and "why not?".

It walks through every combination of facts, so it is for tests, for few facts and for single firings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.expressions import Condition
from rules.facts import by_kind, check_alone, columns
from rules.language import Document, Rule
from rules.terms import Fact


@dataclass(frozen=True, slots=True)
class Verdict:
    """One condition of a rule, whether it holds for given facts, and the condition with their values: `2019 < 2025`."""

    text: str
    holds: bool
    values: str


def match(document: Document, facts: Sequence[tuple[str, Fact]]) -> list[tuple[Rule, list[tuple[int, ...]]]]:
    """Match facts as `Engine.match` does, with the same answer and the same `FactError`."""
    for kind, (_, same) in by_kind(facts).items():
        columns(document, kind, same)
    in_order = sorted(document.rules, key=lambda rule: rule.priority)
    found = [(rule, list(_firings(rule, facts))) for rule in in_order]
    return [(rule, firings) for rule, firings in found if firings]


def conclude(document: Document, kind: str, facts: Sequence[Fact]) -> list[tuple[Rule, ...]]:
    """Conclude for facts of one kind as `Engine.conclude` does, with the same answer and the same errors."""
    check_alone(document, kind)
    columns(document, kind, facts)
    in_order = sorted(document.rules, key=lambda rule: rule.priority)
    rules = [rule for rule in in_order if kind in rule.kinds.values()]
    return [tuple(rule for rule in rules if all(each.holds((fact,)) for each in rule.conditions)) for fact in facts]


def explain(rule: Rule, facts: Mapping[str, Fact]) -> list[Verdict]:
    """Return the verdict on every condition of a rule; `KeyError` if `facts` has not one for every alias."""
    given = [facts[alias] for alias in rule.kinds]
    return [_verdict(condition, given) for condition in rule.conditions]


def why_not(rule: Rule, facts: Mapping[str, Fact]) -> list[Verdict]:
    """Return the verdict on the conditions that the given facts decide; `facts` may leave aliases of the rule out."""
    given: list[Fact] = [facts.get(alias, ()) for alias in rule.kinds]
    return [_verdict(condition, given) for condition in rule.conditions if condition.aliases <= facts.keys()]


def _verdict(condition: Condition, facts: Sequence[Fact]) -> Verdict:
    return Verdict(condition.text, condition.holds(facts), condition.values(facts))


def _firings(rule: Rule, facts: Sequence[tuple[str, Fact]], chosen: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    if len(chosen) == len(rule.kinds):
        yield chosen
        return
    alias, kind = list(rule.kinds.items())[len(chosen)]
    conditions = [condition for condition in rule.conditions if condition.alias == alias]
    before = [facts[position][1] for position in chosen]
    for position, (its_kind, fact) in enumerate(facts):
        if its_kind == kind and position not in chosen and all(each.holds([*before, fact]) for each in conditions):
            yield from _firings(rule, facts, (*chosen, position))
