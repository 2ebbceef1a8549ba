"""Subjects in which exactly one rule holds for every fact: a state, a status, a judgement."""

from collections.abc import Sequence
from typing import cast

from rules import library
from rules.language import Rule
from rules.terms import Fact


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
