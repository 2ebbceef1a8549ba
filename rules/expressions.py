"""Conditions and values of rules: read once, checked, and turned into functions of facts.

The language has whole numbers, texts, fields of facts (`p.start`), `+ - *`, and one comparison a condition. It is what
the matcher and Python are known to evaluate alike; everything else is refused. Nothing is ever run as code: a text
becomes a syntax tree, the tree becomes terms, and terms become closures.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from rules.terms import (
    Arithmetic,
    Facts,
    Field,
    Function,
    Literal,
    RuleError,
    Term,
    Value,
    aliases_of,
    function,
    is_day,
    largest,
    type_of,
)
from rules.vocabulary import NEVER

MAX_TEXT: Final = 200
"""Characters of one expression."""
MAX_LITERAL: Final = 2**31 - 1
"""Literals are C `long` in the matcher, which has 32 bits on some systems."""
MAX_RESULT: Final = 2**63 - 1
"""Results in conditions; beyond it the matcher wraps around in silence."""

ORDERINGS: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Comparisons of more and less, each with the one that says the same from right to left."""

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_ARITHMETIC_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}

_REFUSED: tuple[tuple[type[ast.expr], str], ...] = (
    (ast.BoolOp, "and/or: list conditions separately, write two rules for an or"),
    (ast.UnaryOp, "not: write the opposite comparison"),
    (ast.Call, "a call: only fields, literals and + - * are possible"),
    (ast.BinOp, "only + - * are possible (no division, no powers)"),
    (ast.Compare, "a comparison inside of a value"),
    (ast.Name, "a name without a field"),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use: alias -> kind of the rule, kind -> field -> type of the document."""

    kinds: Mapping[str, str]
    facts: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, eq=False, slots=True)
class Condition:
    """One comparison of a rule, as written and as the matcher is told: `alias.field sign operand`.

    `alias` is the last of the rule's aliases that the condition uses. `left`, `right` and `holds` are functions of the
    firing's facts and follow the text, as does `written`; `sign` may be turned around against it.
    """

    text: str
    alias: str
    field: str
    sign: str
    operand: Term
    aliases: frozenset[str]
    written: str
    left: Function
    right: Function
    compares_days: bool
    holds: Callable[[Facts], bool]

    @property
    def is_join(self) -> bool:
        """Whether the condition compares its fact with an earlier one."""
        return len(self.aliases) > 1

    @property
    def is_equality_join(self) -> bool:
        """Whether the condition equals a field to something that earlier facts alone determine."""
        return self.is_join and self.sign == "==" and self.alias not in aliases_of(self.operand)

    def values(self, facts: Facts) -> str:
        """Return the comparison with the facts' values in it, such as `2019 < 2025`; days as `2026-11-21 <= never`."""
        shown = _day if self.compares_days else repr
        return f"{shown(self.left(facts))} {self.written} {shown(self.right(facts))}"


@dataclass(frozen=True, eq=False, slots=True)
class Expression:
    """A value that a rule computes from its facts."""

    text: str
    term: Term
    value: Function

    def __call__(self, facts: Facts) -> Value:
        """Return the value for the facts of one firing."""
        return self.value(facts)


def read_expression(text: str, scope: Scope) -> Expression:
    """Read a value such as `p.end - 30`; `RuleError` with the reason if it is not one."""
    term = _term(_tree(text), text, scope)
    return Expression(text, term, function(term))


def read_condition(text: str, scope: Scope) -> Condition:
    """Read a comparison such as `p.start <= p.today`; `RuleError` with the reason if it is refused."""
    node = _tree(text)
    if not isinstance(node, ast.Compare):
        raise RuleError(f"{text}: {_refusal(node, 'one comparison is expected')}")
    if len(node.ops) != 1:
        raise RuleError(f"{text}: a chained comparison; write one condition for each")
    sign = _SIGNS.get(type(node.ops[0]))
    if sign is None:
        raise RuleError(f"{text}: only < <= > >= == != compare")
    left, right = _term(node.left, text, scope), _term(node.comparators[0], text, scope)
    _check_types(text, left, sign, right)
    return _condition(text, left, sign, right, scope)


def _tree(text: str) -> ast.expr:
    if len(text) > MAX_TEXT:
        raise RuleError(f"{text[:40]}...: longer than {MAX_TEXT} characters")
    if "\\" in text or not text.isprintable():
        raise RuleError(f"{text!r}: a backslash or a control character")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise RuleError(f"{text}: cannot be read ({error})") from error


def _term(node: ast.expr, text: str, scope: Scope) -> Term:
    match node:
        case ast.Constant(value=value):
            return _literal(value, text)
        case ast.Attribute(value=ast.Name(id=alias), attr=name):
            return _field(alias, name, text, scope)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _negative(_term(operand, text, scope), text)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult(), left=left, right=right):
            return _arithmetic(
                _ARITHMETIC_SIGNS[type(node.op)], _term(left, text, scope), _term(right, text, scope), text
            )
        case _:
            raise RuleError(f"{text}: {_refusal(node, 'only fields, literals and + - * are possible')}")


def _literal(value: object, text: str) -> Literal:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise RuleError(f"{text}: {value!r}: only whole numbers and texts are literals")
    if isinstance(value, int) and value > MAX_LITERAL:
        raise RuleError(f"{text}: the number {value} does not fit 32 bits")
    if isinstance(value, str) and '"' in value:
        raise RuleError(f"{text}: a double quote inside of a text")
    return Literal(value)


def _field(alias: str, name: str, text: str, scope: Scope) -> Field:
    if alias not in scope.kinds:
        raise RuleError(f"{text}: unknown alias {alias}; the rule has {', '.join(scope.kinds)}")
    fields = scope.facts[scope.kinds[alias]]
    if name not in fields:
        raise RuleError(f"{text}: {scope.kinds[alias]} has no field {name}")
    return Field(alias, name, fields[name], list(scope.kinds).index(alias), list(fields).index(name))


def _negative(term: Term, text: str) -> Term:
    if isinstance(term, Literal) and isinstance(term.value, int):
        return Literal(-term.value)
    return _arithmetic("-", Literal(0), term, text)


def _arithmetic(sign: str, left: Term, right: Term, text: str) -> Arithmetic:
    if {type_of(left), type_of(right)} != {"int"}:
        raise RuleError(f"{text}: {sign} computes with whole numbers only")
    return Arithmetic(sign, left, right)


def _refusal(node: ast.expr, otherwise: str) -> str:
    return next((reason for kind, reason in _REFUSED if isinstance(node, kind)), otherwise)


def _check_types(text: str, left: Term, sign: str, right: Term) -> None:
    if type_of(left) != type_of(right):
        raise RuleError(f"{text}: compares {type_of(left)} with {type_of(right)}")
    if type_of(left) == "str" and sign in ORDERINGS:
        raise RuleError(f"{text}: texts have no reliable order in the matcher; use a number")
    if max(largest(left), largest(right)) > MAX_RESULT:
        raise RuleError(f"{text}: the result may not fit 64 bits")


def _condition(text: str, left: Term, sign: str, right: Term, scope: Scope) -> Condition:
    aliases = aliases_of(left) | aliases_of(right)
    if not aliases:
        raise RuleError(f"{text}: reads no fact")
    owner = max(aliases, key=list(scope.kinds).index)
    field, told, operand = _told(text, left, sign, right, owner)
    compare, first, second = _COMPARE[sign], function(left), function(right)

    def holds(facts: Facts) -> bool:
        return compare(first(facts), second(facts))

    days = is_day(left) or is_day(right)
    return Condition(text, owner, field.name, told, operand, aliases, sign, first, second, days, holds)


def _day(value: Value) -> str:
    """Return a day as people write it; the numbers that stand for no day as such. Days after never are never, too."""
    number = cast("int", value)
    if number >= NEVER:
        return "never"
    return date.fromordinal(number).isoformat() if number > 0 else "no day"


def _told(text: str, left: Term, sign: str, right: Term, owner: str) -> tuple[Field, str, Term]:
    if isinstance(left, Field) and left.alias == owner:
        field, operand = left, right
    elif isinstance(right, Field) and right.alias == owner:
        field, sign, operand = right, ORDERINGS.get(sign, sign), left
    else:
        raise RuleError(f"{text}: one side must be a field of {owner} alone (the last fact that is used)")
    if owner in aliases_of(operand) and len(aliases_of(operand)) > 1:
        raise RuleError(f"{text}: mixes {owner} with other facts on one side; add a field that holds the result")
    return field, sign, operand
