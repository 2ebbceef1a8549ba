"""Terms: what stands on either side of a comparison in a rule, as data and as functions of facts."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Value: TypeAlias = int | str
Fact: TypeAlias = tuple[Value, ...]
"""A fact: the values of its fields in the order in which the document declares them (usually a `NamedTuple`)."""
Facts: TypeAlias = Sequence[Fact]
"""The facts of one firing, in the order of the rule's aliases."""
Function: TypeAlias = Callable[[Facts], Value]

MAX_INTEGER: Final = 2**53
"""Integers in facts; every JSON reader keeps them exactly."""
_COMPUTE: dict[str, Callable[[Any, Any], int]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class RuleError(ValueError):
    """A rule document says something that its language does not have; the message is `file: rule: reason`."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a text that the document states."""

    value: Value


@dataclass(frozen=True, slots=True)
class Field:
    """A field of one of the rule's facts: the fact's position among the aliases, the field's position in the fact."""

    alias: str
    name: str
    type: str
    fact: int
    position: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two integer terms with `+`, `-` or `*` between them."""

    sign: str
    left: "Term"
    right: "Term"


Term: TypeAlias = Literal | Field | Arithmetic


def type_of(term: Term) -> str:
    """Return "int" or "str"; a day is a whole number to compare and compute with."""
    match term:
        case Literal(value):
            return "str" if isinstance(value, str) else "int"
        case Field():
            return "str" if term.type == "str" else "int"
        case _:
            return "int"


def is_day(term: Term) -> bool:
    """Return whether a term is a day of the calendar: a field declared so, or one some days away from it."""
    match term:
        case Literal():
            return False
        case Field():
            return term.type == "day"
        case _:
            return is_day(term.left) != is_day(term.right) and term.sign != "*"


def fields_of(term: Term) -> frozenset[Field]:
    """Return the fields that a term reads."""
    match term:
        case Literal():
            return frozenset()
        case Field():
            return frozenset({term})
        case _:
            return fields_of(term.left) | fields_of(term.right)


def aliases_of(term: Term) -> frozenset[str]:
    """Return the aliases of the facts that a term reads."""
    return frozenset(field.alias for field in fields_of(term))


def largest(term: Term) -> int:
    """Return the largest magnitude that an integer term, or a part of it, can have for facts within their range."""
    match term:
        case Literal(value):
            return abs(value) if isinstance(value, int) else 0
        case Field():
            return MAX_INTEGER
        case _:
            sides = largest(term.left), largest(term.right)
            return max(*sides, sides[0] * sides[1] if term.sign == "*" else sum(sides))


def function(term: Term) -> Function:
    """Return the term as a function of the facts of one firing."""
    match term:
        case Literal(value):
            return lambda _: value
        case Field():
            fact, position = term.fact, term.position
            return lambda facts: facts[fact][position]
        case _:
            compute, left, right = _COMPUTE[term.sign], function(term.left), function(term.right)
            return lambda facts: compute(left(facts), right(facts))
