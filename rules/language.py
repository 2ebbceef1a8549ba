"""Rule documents: what a TOML file of `rulebook/` says, read once and checked.

A document declares kinds of facts and rules over them. It is data: nothing in it runs. Every rule names the sentence it
comes from. What the matcher could get wrong is refused here with `RuleError`, whose message is `file: rule: reason`.
"""

import tomllib
from collections.abc import Generator, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from rules import lint
from rules.expressions import Condition, Expression, Scope, read_condition, read_expression
from rules.terms import Facts, Function, Literal, RuleError, Value, fields_of, type_of

DEFAULT_PRIORITY: Final = 10

_DOCUMENT_KEYS = ("subject", "about", "facts", "rule")
_RULE_KEYS = ("name", "source", "says", "since", "for", "when", "then", "order", "priority")


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of a document.

    `kinds` maps the aliases to the kinds of their facts; facts of a firing stand in this order everywhere. `then` holds
    the conclusion as written, `values` the same as functions of the firing's facts: a kebab-case code or a number is
    itself, every other text is an expression. `since` is the first day of the sentence in `source`; it decides nothing
    by itself.
    """

    name: str
    source: str
    says: str
    since: date | None
    kinds: Mapping[str, str]
    conditions: tuple[Condition, ...]
    then: Mapping[str, Value]
    values: Mapping[str, Function]
    order: tuple[Expression, ...]
    priority: int

    def rank(self, facts: Facts) -> tuple[int, ...]:
        """Return the key by which firings are chosen, the smallest first: the priority, then the values of `order`."""
        return (self.priority, *[cast("int", key.value(facts)) for key in self.order])

    def reads(self) -> Mapping[str, frozenset[str]]:
        """Return for every alias the fields that the conditions read."""
        found: dict[str, set[str]] = {alias: set() for alias in self.kinds}
        for condition in self.conditions:
            found[condition.alias].add(condition.field)
            for field in fields_of(condition.operand):
                found[field.alias].add(field.name)
        return {alias: frozenset(names) for alias, names in found.items()}

    def tests(self, alias: str) -> tuple[Condition, ...]:
        """Return the conditions of one fact in the matcher's order: joins come last, of these equalities first."""
        own = (condition for condition in self.conditions if condition.alias == alias)
        return tuple(sorted(own, key=lambda each: (each.is_join, each.is_join and each.sign != "==")))


@dataclass(frozen=True, eq=False)
class Document:
    """The rules of one subject and the kinds of facts they speak about: kind -> field -> "int", "str" or "day"."""

    subject: str
    about: str
    facts: Mapping[str, Mapping[str, str]]
    rules: tuple[Rule, ...]

    def used_fields(self, kind: str) -> tuple[int, ...]:
        """Return the positions of the fields of a kind that any condition reads."""
        read = {
            name
            for rule in self.rules
            for alias, names in rule.reads().items()
            if rule.kinds[alias] == kind
            for name in names
        }
        return tuple(position for position, name in enumerate(self.facts[kind]) if name in read)

    def content(self) -> list[object]:
        """Return everything that the document says as plain lists, in a fixed order: what a digest is taken of."""
        facts = [[kind, list(map(list, fields.items()))] for kind, fields in self.facts.items()]
        return [self.subject, self.about, facts, [_content(rule) for rule in self.rules]]


def load(path: Path) -> Document:
    """Read a document from a file named after its subject; `RuleError` if anything in it is wrong."""
    document = parse(path.read_text(encoding="utf-8"), path.name)
    if document.subject != path.stem:
        raise RuleError(f"{path.name}: the subject is {document.subject}, the file is named {path.stem}")
    return document


def parse(text: str, place: str) -> Document:
    """Read a document from its text; `RuleError`, whose message begins with `place`, if it is wrong."""
    try:
        return _document(tomllib.loads(text), place)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{place}: {error}") from error


def _document(found: Mapping[str, Any], place: str) -> Document:
    with _at(place):
        lint.check_keys(found, _DOCUMENT_KEYS, "the document")
        subject = lint.text(found.get("subject"), "subject")
        lint.check_word(subject, "subject")
        about = lint.text(found.get("about"), "about")
        facts = _facts(lint.table(found.get("facts"), "facts"))
    rules = tuple(_rules(found.get("rule"), subject, facts, place))
    with _at(place):
        lint.check_open_conditions(_paths(rules))
    return Document(subject, about, facts, rules)


def _facts(found: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    kinds = {kind: lint.table(fields, f"facts.{kind}") for kind, fields in found.items()}
    for kind, fields in kinds.items():
        lint.check_fields(kind, fields)
    lint.check_hashes(name for fields in kinds.values() for name in fields)
    return MappingProxyType({kind: MappingProxyType(fields) for kind, fields in kinds.items()})


def _rules(found: object, subject: str, facts: Mapping[str, Mapping[str, str]], place: str) -> Iterator[Rule]:
    with _at(place):
        tables = lint.tables(found, "rule")
        if not 0 < len(tables) <= lint.MAX_RULES:
            raise RuleError(f"{len(tables)} rules; 1 to {lint.MAX_RULES} are possible")
    seen: set[str] = set()
    for position, each in enumerate(tables, 1):
        name = each.get("name")
        with _at(f"{place}: {name if isinstance(name, str) and name else f'rule {position}'}"):
            rule = _rule(each, subject, facts)
            if rule.name in seen:
                raise RuleError("a second rule of this name")
        seen.add(rule.name)
        yield rule


def _rule(found: Mapping[str, Any], subject: str, facts: Mapping[str, Mapping[str, str]]) -> Rule:
    lint.check_keys(found, _RULE_KEYS, "the rule")
    name = lint.text(found.get("name"), "name")
    lint.check_rule_name(name, subject)
    scope = Scope(_kinds(lint.table(found.get("for"), "for"), facts), facts)
    conditions = tuple(read_condition(text, scope) for text in lint.texts(found.get("when", []), "when"))
    then = _then(lint.table(found.get("then", {}), "then"))
    rule = Rule(
        name=name,
        source=lint.text(found.get("source"), "source"),
        says=lint.text(found.get("says"), "says"),
        since=lint.day(found["since"], "since") if "since" in found else None,
        kinds=scope.kinds,
        conditions=conditions,
        then=MappingProxyType(then),
        values=MappingProxyType({key: _value(value, scope) for key, value in then.items()}),
        order=tuple(_order(text, scope) for text in lint.texts(found.get("order", []), "order")),
        priority=lint.whole(found.get("priority", DEFAULT_PRIORITY), "priority", 0, lint.MAX_PRIORITY),
    )
    _check_joins(rule)
    return rule


def _kinds(found: Mapping[str, Any], facts: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    if not 0 < len(found) <= lint.MAX_FACTS:
        raise RuleError(f"for names {len(found)} facts; 1 to {lint.MAX_FACTS} are possible")
    for alias, kind in found.items():
        lint.check_word(alias, "alias")
        if kind not in facts:
            raise RuleError(f"unknown kind {kind!r}; the document has {', '.join(facts)}")
    lint.check_hashes(found)
    return MappingProxyType(dict(found))


def _then(found: Mapping[str, Any]) -> dict[str, Value]:
    for key, value in found.items():
        if not lint.is_code(key.replace("_", "-")):
            raise RuleError(f"then: {key!r} is not a lower-case name")
        if type(value) is not int and type(value) is not str:
            raise RuleError(f"then: {key} = {value!r} is neither a whole number nor a text")
    return dict(found)


def _value(value: Value, scope: Scope) -> Function:
    if isinstance(value, int) or lint.is_code(value):
        return lambda _: value
    return read_expression(value, scope).value


def _order(text: str, scope: Scope) -> Expression:
    key = read_expression(text, scope)
    if type_of(key.term) != "int":
        raise RuleError(f"order: {text}: not a whole number")
    return key


def _check_joins(rule: Rule) -> None:
    for position, alias in enumerate(rule.kinds):
        joins = [condition for condition in rule.conditions if condition.alias == alias and condition.is_join]
        if position and not any(condition.is_equality_join for condition in joins):
            raise RuleError(f"{alias} equals nothing of an earlier fact; every pair would be compared")
        if len(joins) > lint.MAX_JOIN_TESTS:
            raise RuleError(f"{alias} has {len(joins)} conditions on earlier facts; {lint.MAX_JOIN_TESTS} are possible")


def _paths(rules: Sequence[Rule]) -> Iterator[list[Hashable]]:
    for rule in rules:
        for alias, kind in rule.kinds.items():
            tests = rule.tests(alias)
            guard = ["guard"] if any(test.is_join for test in tests) else []
            yield [kind, *map(_shared, tests), *guard]


def _shared(condition: Condition) -> Hashable:
    """Return what is equal for conditions that the matcher evaluates once: those that compare with a literal."""
    if isinstance(condition.operand, Literal):
        return condition.field, condition.sign, condition.operand
    return condition


def _content(rule: Rule) -> list[object]:
    since = rule.since.isoformat() if rule.since else None
    when, order = [condition.text for condition in rule.conditions], [key.text for key in rule.order]
    kinds, then = list(map(list, rule.kinds.items())), list(map(list, rule.then.items()))
    return [rule.name, rule.source, rule.says, since, kinds, when, then, order, rule.priority]


@contextmanager
def _at(place: str) -> Generator[None]:
    try:
        yield
    except RuleError as error:
        raise RuleError(f"{place}: {error}") from error
