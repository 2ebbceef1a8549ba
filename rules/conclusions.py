"""What the rules of a subject conclude for single facts: one rule a fact, or several that agree."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from rules import library
from rules.language import Rule
from rules.terms import Fact


class Ruling(NamedTuple):
    """What the rules that hold for a fact say together, the reasons that they give, whether it is charged, and they."""

    says: str
    reasons: tuple[str, ...]
    charged: bool
    rules: tuple[str, ...]


def agreed(subject: str, kind: str, facts: Sequence[Fact], word: str) -> list[Ruling]:
    """Return for every fact what its rules say under `word`: one rule, or several that say the same.

    Their reasons stand in the order of the document. `ValueError` if no rule holds for a fact, or if two contradict.
    """
    fired = library.engine(subject).conclude(kind, facts)
    said = {rules: _agreed(rules, subject, word) for rules in set(fired)}
    return [said[rules] for rules in fired]


def _agreed(rules: tuple[Rule, ...], subject: str, word: str) -> Ruling:
    names = tuple(rule.name for rule in rules)
    says = {cast("str", rule.then[word]) for rule in rules}
    if len(says) != 1:
        raise ValueError(f"{subject}: {len(says)} answers for one fact: {', '.join(names)}")
    reasons = dict.fromkeys(cast("str", rule.then["reason"]) for rule in rules if "reason" in rule.then)
    charged = any(rule.then.get("charged") for rule in rules)
    return Ruling(says.pop(), tuple(reasons), charged, names)


def only(subject: str, kind: str, facts: Sequence[Fact], word: str) -> list[tuple[str, str]]:
    """Return for every fact what its one rule says under `word`, and the rule's name.

    `ValueError` if no rule or more than one holds for a fact: the rulebook then has a gap or contradicts itself.
    """
    fired = library.engine(subject).conclude(kind, facts)
    said = {rules: _said(rules, subject, word) for rules in set(fired)}
    return [said[rules] for rules in fired]


def _said(rules: tuple[Rule, ...], subject: str, word: str) -> tuple[str, str]:
    if len(rules) != 1:
        raise ValueError(f"{subject}: {len(rules)} rules hold for one fact: {', '.join(rule.name for rule in rules)}")
    return cast("str", rules[0].then[word]), rules[0].name
