"""A rule document in the JSON grammar of durable_rules, with the guards that its C code needs.

Only flat conjunctions are written, which the matcher is known to evaluate right. Three guards are part of the format:

- the kind of the fact is tested first, so that facts of other kinds never meet a condition on a field they lack;
- a fact that is compared with earlier ones ends with a group that repeats the test of its kind: without it a failing
  last comparison makes the evaluator read past the end of its sequence;
- `cap` hands over all pending firings of a rule at once instead of one at a time.
"""

from typing import Final

from rules.expressions import Condition
from rules.language import Document, Rule
from rules.terms import Field, Literal, Term

PRIME: Final = "$prime"
"""Name of the rule, and kind of the fact, that the engine fires once to bring the state of a new handle in order."""

FIRINGS_AT_ONCE: Final = 60_000
"""Firings in one answer of the matcher; it counts them in 16 bits."""

_COMPARISONS = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte", "!=": "$neq"}
_ARITHMETIC = {"+": "$add", "-": "$sub", "*": "$mul"}


def to_durable(document: Document) -> dict[str, object]:
    """Return the definition of the document's rules as durable_rules reads it."""
    rules = {rule.name: _rule(rule) for rule in document.rules}
    return {PRIME: {"all": [{"m": {"$and": [_is_kind(PRIME)]}}]}, **rules}


def _rule(rule: Rule) -> dict[str, object]:
    facts = [{alias: {"$and": _tests(rule, alias, kind)}} for alias, kind in rule.kinds.items()]
    return {"all": facts, "pri": rule.priority, "cap": FIRINGS_AT_ONCE}


def _tests(rule: Rule, alias: str, kind: str) -> list[object]:
    conditions = rule.tests(alias)
    guard = [{"$and": [_is_kind(kind)]}] if any(condition.is_join for condition in conditions) else []
    return [_is_kind(kind), *map(_test, conditions), *guard]


def _is_kind(kind: str) -> dict[str, str]:
    return {"k": kind}


def _test(condition: Condition) -> dict[str, object]:
    test: dict[str, object] = {condition.field: _operand(condition.operand, condition.alias)}
    return test if condition.sign == "==" else {_COMPARISONS[condition.sign]: test}


def _operand(term: Term, owner: str) -> object:
    match term:
        case Literal(value):
            return value
        case Field(alias, name):
            return {"$m" if alias == owner else alias: name}
        case _:
            sides = {"$l": _operand(term.left, owner), "$r": _operand(term.right, owner)}
            return {_ARITHMETIC[term.sign]: sides}
