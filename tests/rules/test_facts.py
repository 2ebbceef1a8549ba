"""Facts are tuples of whole numbers and texts; whatever else comes is refused by name."""

from enum import IntEnum
from typing import Any, NamedTuple

import pytest

from rules.facts import FactError, by_kind, check_alone, columns
from rules.language import parse

DOCUMENT = parse(
    """
subject = "stock"
about = "Things that are there"
[facts.item]
number = "int"
name = "str"
[facts.shelf]
number = "int"
[[rule]]
name = "stock.named"
source = "here"
says = "It has a name"
for = { i = "item" }
when = ["i.name != ''"]
[[rule]]
name = "stock.placed"
source = "here"
says = "It has a shelf"
for = { i = "item", s = "shelf" }
when = ["s.number == i.number"]
""",
    "stock.toml",
)


class Item(NamedTuple):
    number: int
    name: str


class Size(IntEnum):
    SMALL = 1


def refusal(kind: str, *facts: Any) -> str:
    with pytest.raises(FactError) as refused:
        columns(DOCUMENT, kind, facts)
    return str(refused.value)


def test_facts_are_handed_on_field_by_field() -> None:
    assert columns(DOCUMENT, "item", [Item(1, "a"), (2, "b")]) == [(1, 2), ("a", "b")]


def test_no_facts_give_empty_columns() -> None:
    assert columns(DOCUMENT, "item", []) == [(), ()]


def test_the_largest_numbers_and_longest_texts_are_facts() -> None:
    facts = [(2**53, "x" * 4000), (-(2**53), '日本 🙂 \n"\\')]
    assert columns(DOCUMENT, "item", facts) == [(2**53, -(2**53)), ("x" * 4000, '日本 🙂 \n"\\')]


@pytest.mark.parametrize("number", [True, None, 1.0, "1", Size.SMALL, 2**53 + 1, -(2**53) - 1, [1]])
def test_a_number_that_is_no_plain_whole_number_within_range_is_refused(number: object) -> None:
    told = refusal("item", (1, "a"), (number, "b"))
    assert told == f"item.number of fact 1 is {number!r}, not a whole number within 2**53"


@pytest.mark.parametrize("name", [None, 3, b"a", "a\0b", "x" * 4001, "\ud800"])
def test_a_text_that_the_matcher_could_not_hold_is_refused(name: object) -> None:
    assert refusal("item", (1, "a"), (2, name)).startswith("item.name of fact 1 is ")


def test_a_fact_with_too_few_or_too_many_values_is_refused() -> None:
    assert refusal("item", (1, "a"), (1,)) == "item: fact 1 has 1 values, 2 are declared: number, name"
    assert refusal("item", (1, "a", 3)) == "item: fact 0 has 3 values, 2 are declared: number, name"


def test_what_is_no_tuple_is_no_fact() -> None:
    assert refusal("item", [1, "a"]) == "item: a fact is a tuple"


def test_facts_of_a_kind_that_the_document_does_not_have_are_refused() -> None:
    assert refusal("box", (1,)) == "stock knows no facts of the kind 'box'"


def test_facts_are_put_together_by_kind_with_their_positions() -> None:
    found = by_kind([("item", (1, "a")), ("shelf", (1,)), ("item", (2, "b"))])
    assert found == {"item": ([0, 2], [(1, "a"), (2, "b")]), "shelf": ([1], [(1,)])}


def test_facts_that_a_rule_joins_decide_nothing_alone() -> None:
    with pytest.raises(ValueError, match=r"stock\.placed joins shelf with other facts"):
        check_alone(DOCUMENT, "shelf")


def test_facts_that_no_rule_joins_may_be_judged_alone() -> None:
    check_alone(parse(ALONE, "stock.toml"), "item")


ALONE = """
subject = "stock"
about = "Things that are there"
[facts.item]
number = "int"
[facts.shelf]
number = "int"
[[rule]]
name = "stock.pair"
source = "here"
says = "Two shelves"
for = { s = "shelf", t = "shelf" }
when = ["t.number == s.number"]
"""
