"""What is written for the matcher and what is read from its answers."""

import pytest

from rules.language import parse
from rules.wire import read_positions, read_rule_name, rows_of, shape_of, texts_of

DOCUMENT = parse(
    """
subject = "stock"
about = "Things that are there"
[facts.item]
number = "int"
unread = "str"
name = "str"
[facts.mark]
number = "int"
[[rule]]
name = "stock.named"
source = "here"
says = "It has a name"
for = { i = "item", m = "mark" }
when = ["i.name != ''", "i.number > 3", "m.number == i.number"]
[[rule]]
name = "stock.any"
source = "here"
says = "It is there"
for = { m = "mark" }
when = []
""",
    "stock.toml",
)


def test_only_fields_that_conditions_read_are_sent() -> None:
    shape = shape_of(DOCUMENT, "item")
    assert list(texts_of(shape, [4, 9], [(1, 2), ("a", 'ä"')])) == [
        '{"id":"4","k":"item","number":1,"name":"a"}',
        '{"id":"9","k":"item","number":2,"name":"ä\\""}',
    ]


def test_rows_hold_the_used_fields_only() -> None:
    assert rows_of([(1, 2), ("x", "y"), ("a", "b")], (0, 2), 2) == [(1, "a"), (2, "b")]
    assert rows_of([(1, 2)], (), 2) == [(), ()]


def test_the_firings_of_one_fact_are_read_from_an_answer() -> None:
    message = '{"stock.any":[{"m":{"id":"12","k":"mark","number":3}},{"m":{"id":"3","k":"mark","number":3}}]}'
    assert read_rule_name(message) == "stock.any"
    assert read_positions(message, ("m",)) == [[12, 3]]


def test_the_firings_of_several_facts_are_read_in_the_order_of_the_rule() -> None:
    frame = '{{"m":{{"id":"{}","k":"mark","number":3}},"i":{{"id":"{}","k":"item","number":3}}}}'
    message = f'{{"stock.named":[{frame.format(1, 2)},{frame.format(3, 4)}]}}'
    assert read_positions(message, ("i", "m")) == [[2, 4], [1, 3]]


def test_a_text_inside_of_a_fact_is_not_taken_for_a_fact() -> None:
    (text,) = texts_of(shape_of(DOCUMENT, "item"), [4], [(1,), ('{"i":{"id":"7"',)])
    assert read_positions(f'{{"stock.any":[{{"i":{text}}}]}}', ("i",)) == [[4]]
    assert read_positions(f'{{"r":[{{"i":{text},"m":{{"id":"5"}}}}]}}', ("i", "m")) == [[4], [5]]


@pytest.mark.parametrize(
    "message",
    [
        "{}",
        '{"r":[{"i":{"id":"1"},"x":{"id":"2"}}]}',
        '{"r":[{"i":{"id":"1"},"i":{"id":"2"}}]}',
        '{"r":[{"i":{"id":"1"},"m":{"id":"2"}},{"i":{"id":"3"}}]}',
        '{"r":[{"i":{"id":"1"},"m":{"id":"2"}},{"m":{"id":"3"},"i":{"id":"4"}}]}',
    ],
)
def test_an_answer_whose_facts_are_not_those_of_the_rule_is_not_read(message: str) -> None:
    assert read_positions(message, ("i", "m")) == []


def test_an_answer_without_a_rule_has_no_name() -> None:
    assert read_rule_name("[]") == ""
