"""Random rule documents and random facts: the engine and plain Python must say exactly the same."""

import random
from dataclasses import replace

import pytest

from rules import reference
from rules.engine import Engine
from rules.language import Document, parse
from rules.terms import Fact

KINDS = {
    "a": {"x": "int", "y": "int", "z": "int", "s": "str"},
    "b": {"x": "int", "y": "int", "w": "int", "s": "str"},
    "c": {"x": "int", "y": "int", "s": "str", "t": "str"},
}
WORDS = [
    "",
    "a",
    "b",
    "ab",
    "a b",
    "ä",
    "日本",
    'a"q',
    "back\\slash",
    "new\nline",
    "x!",
    "'",
    '"p":{"id":"7"',
    "\x7f",
    "🙂",
]
LITERALS = ["a", "b", "ab", "ä", "x!", "a b", "日本", "🙂"]
COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]
ALIASES = ["p", "q", "m", "s", "sid_", "rule"]


class Author:
    """Writes one random document; everything follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self) -> str:
        kinds = "".join(
            f"[facts.{kind}]\n" + "".join(f'{f} = "{t}"\n' for f, t in KINDS[kind].items()) for kind in KINDS
        )
        rules = "".join(self.rule(number) for number in range(self.random.randint(1, 12)))
        return f'subject = "random"\nabout = "Made by chance"\n{kinds}{rules}'

    def rule(self, number: int) -> str:
        names = self.random.sample(ALIASES, self.random.choice((1, 1, 1, 2, 2, 3)))
        kinds = {alias: self.random.choice("abc") for alias in names}
        when: list[str] = []
        for position, alias in enumerate(names):
            when += [self.own_condition(alias, kinds) for _ in range(self.random.randint(0, 3))]
            if position:
                when += self.joins(alias, names[:position], kinds)
        self.random.shuffle(when)
        given = ", ".join(f'{alias} = "{kind}"' for alias, kind in kinds.items())
        conditions = ", ".join('"' + text.replace('"', '\\"') + '"' for text in when)
        return (
            f'[[rule]]\nname = "random.rule-{number}"\nsource = "chance"\nsays = "nothing"\n'
            f"for = {{ {given} }}\nwhen = [{conditions}]\npriority = {self.random.randint(0, 5)}\n"
        )

    def own_condition(self, alias: str, kinds: dict[str, str]) -> str:
        number, comparison = self.number(alias, kinds), self.random.choice(COMPARISONS)
        match self.random.randrange(8):
            case 0 | 1 | 2:
                return f"{number} {comparison} {self.random.randint(-3, 3)}"
            case 3:
                return f"{self.word(alias, kinds)} {self.random.choice(('==', '!='))} '{self.random.choice(LITERALS)}'"
            case 4:
                return f"{number} {comparison} {self.number(alias, kinds)}"
            case 5:
                return f"{self.random.randint(-2, 2)} {comparison} {number}"
            case _:
                return f"{number} {comparison} {self.sum_of([alias], kinds)}"

    def joins(self, alias: str, earlier: list[str], kinds: dict[str, str]) -> list[str]:
        other = self.random.choice(earlier)
        if self.random.random() < 0.75:
            joins = [f"{self.number(alias, kinds)} == {self.number(other, kinds)}"]
        else:
            joins = [f"{self.word(alias, kinds)} == {self.word(other, kinds)}"]
        for _ in range(self.random.randint(0, 3)):
            sides = [self.number(alias, kinds), self.random.choice(COMPARISONS), self.sum_of(earlier, kinds)]
            joins.append(" ".join(sides if self.random.random() < 0.8 else reversed(sides)))
        return joins

    def sum_of(self, aliases: list[str], kinds: dict[str, str]) -> str:
        first = self.number(self.random.choice(aliases), kinds)
        second = self.number(self.random.choice(aliases), kinds)
        literal = self.random.randint(0, 3)
        forms = [
            first,
            f"{first} + {second}",
            f"{first} - {second}",
            f"{first} * {literal}",
            f"{first} + {literal}",
            f"{literal} - {first}",
            f"-{first}",
            f"({first} - {second}) * {literal} + {second}",
            f"{literal} * ({first} + 1) - {literal}",
        ]
        return self.random.choice(forms)

    def number(self, alias: str, kinds: dict[str, str]) -> str:
        return f"{alias}.{self.field(kinds[alias], 'int')}"

    def word(self, alias: str, kinds: dict[str, str]) -> str:
        return f"{alias}.{self.field(kinds[alias], 'str')}"

    def field(self, kind: str, held: str) -> str:
        return self.random.choice([name for name, its in KINDS[kind].items() if its == held])

    def facts(self) -> list[tuple[str, Fact]]:
        return [self.fact() for _ in range(self.random.choice((1, 5, 20, 45)))]

    def fact(self) -> tuple[str, Fact]:
        kind = self.random.choice("abc")
        return kind, tuple(
            self.random.randint(-3, 3) if held == "int" else self.random.choice(WORDS) for held in KINDS[kind].values()
        )


def firings_of_a_comparison(seed: int, times: int = 3) -> int:
    """Compare engine and reference on one random document and return how many firings were the same."""
    author = Author(seed)
    document = parse(author.text(), f"seed {seed}")
    engine = Engine(document)
    same = 0
    for _ in range(times):
        facts = author.facts()
        expected = reference.match(document, facts)
        assert engine.match(facts) == expected, f"seed {seed}"
        same += sum(len(found) for _, found in expected)
    engine.close()
    return same


def test_random_rules_fire_in_the_engine_exactly_as_in_plain_python() -> None:
    assert sum(map(firings_of_a_comparison, range(400))) > 10_000


@pytest.mark.deep
@pytest.mark.parametrize("part", range(15))
def test_fifteen_thousand_random_rule_sets_fire_exactly_as_in_plain_python(part: int) -> None:
    seeds = range(100_000 + part * 1000, 101_000 + part * 1000)
    assert sum(map(firings_of_a_comparison, seeds)) > 25_000


def with_one_condition_less(document: Document, chance: random.Random) -> Document:
    rules = list(document.rules)
    position = chance.randrange(len(rules))
    kept = [each for each in rules[position].conditions if each.is_join]
    rules[position] = replace(rules[position], conditions=tuple(kept))
    return replace(document, rules=tuple(rules))


def test_a_lost_condition_would_be_noticed() -> None:
    noticed = 0
    for seed in range(60):
        author = Author(seed)
        document = parse(author.text(), "random.toml")
        damaged = Engine(with_one_condition_less(document, author.random))
        facts = [fact for _ in range(3) for fact in author.facts()]
        names = [(rule.name, found) for rule, found in damaged.match(facts)]
        noticed += names != [(rule.name, found) for rule, found in reference.match(document, facts)]
        damaged.close()
    assert noticed > 20
