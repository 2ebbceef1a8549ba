"""Conditions and values of rules: what they may say, and what they give."""

from datetime import date

import pytest

from rules.expressions import Scope, read_condition, read_expression
from rules.terms import Arithmetic, Field, Literal, RuleError, fields_of, function, largest, type_of
from rules.vocabulary import NEVER

SCOPE = Scope(
    kinds={"n": "version", "o": "version", "p": "product"},
    facts={
        "version": {"family": "int", "rank": "int", "balance": "int", "edition": "str"},
        "product": {"family": "int", "name": "str", "number": "int"},
    },
)
NEWER, OLDER, PRODUCT = (7, 4, 20, "std"), (7, 2, -5, "std"), (7, "Ämter", 11)
FACTS = (NEWER, OLDER, PRODUCT)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n.rank", 4),
        ("42", 42),
        ("-42", -42),
        ("- n.rank", -4),
        ("n.rank - o.rank", 2),
        ("n.balance + o.balance * 3", 5),
        ("(n.balance + o.balance) * 3 - p.number", 34),
        ("10 - n.rank", 6),
        ("p.name", "Ämter"),
        ("'compliant'", "compliant"),
    ],
)
def test_a_value_is_computed_from_the_facts_of_the_firing(text: str, value: object) -> None:
    assert read_expression(text, SCOPE)(FACTS) == value


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("o.rank < n.rank", True),
        ("o.rank > n.rank", False),
        ("n.balance >= 20", True),
        ("20 <= n.balance", True),
        ("n.balance != 20", False),
        ("o.family == n.family", True),
        ("o.edition == n.edition", True),
        ("p.name != 'Ämter'", False),
        ("o.rank == n.rank - 2", True),
        ("o.rank <= 2 * o.family - 12", True),
        ("o.balance < -4", True),
    ],
)
def test_a_condition_holds_or_not(text: str, holds: bool) -> None:
    assert read_condition(text, SCOPE).holds(FACTS) is holds


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("o.rank < n.rank", "2 < 4"),
        ("n.rank > o.rank", "4 > 2"),
        ("20 <= n.balance", "20 <= 20"),
        ("p.name != 'x'", "'Ämter' != 'x'"),
    ],
)
def test_a_condition_shows_its_values_in_the_order_in_which_it_is_written(text: str, shown: str) -> None:
    assert read_condition(text, SCOPE).values(FACTS) == shown


@pytest.mark.parametrize(
    ("text", "alias", "field", "sign"),
    [
        ("o.rank < n.rank", "o", "rank", "<"),
        ("n.rank > o.rank", "o", "rank", "<"),
        ("n.rank <= o.rank", "o", "rank", ">="),
        ("n.rank >= o.rank", "o", "rank", "<="),
        ("n.rank < o.rank", "o", "rank", ">"),
        ("n.rank == o.rank", "o", "rank", "=="),
        ("n.rank != o.rank", "o", "rank", "!="),
        ("3 < n.rank", "n", "rank", ">"),
        ("n.rank + o.rank == p.number", "p", "number", "=="),
    ],
)
def test_a_condition_belongs_to_the_last_fact_that_it_uses(text: str, alias: str, field: str, sign: str) -> None:
    condition = read_condition(text, SCOPE)
    assert (condition.alias, condition.field, condition.sign) == (alias, field, sign)


def test_a_join_knows_whether_it_is_an_equality_with_earlier_facts() -> None:
    texts = ["o.rank == n.rank + 1", "o.rank < n.rank", "o.rank == o.family", "o.rank == 3"]
    found = [read_condition(text, SCOPE) for text in texts]
    assert [each.is_join for each in found] == [True, True, False, False]
    assert [each.is_equality_join for each in found] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("n.rank > 1 and n.rank < 5", "and/or"),
        ("n.rank > 1 or n.rank < 5", "and/or"),
        ("not n.rank == 1", "not"),
        ("n.rank in (1, 2)", "compare"),
        ("n.rank is 1", "compare"),
        ("1 < n.rank < 5", "chained"),
        ("max(n.rank, 3) == 3", "call"),
        ("abs(n.rank)", "call"),
        ("n.rank / 2 == 1", "division"),
        ("n.rank // 2 == 1", "division"),
        ("n.rank % 2 == 1", "division"),
        ("n.rank ** 2 == 1", "powers"),
        ("n.rank << 2 == 1", "only + - *"),
        ("n.rank", "one comparison is expected"),
        ("n.rank = 3", "cannot be read"),
        ("n.rank == 1.0", "literals"),
        ("n.rank == 1e5", "literals"),
        ("n.rank == None", "literals"),
        ("n.rank == True", "literals"),
        ("n.edition == b'x'", "literals"),
        ("n.rank == 2147483648", "32 bits"),
        ("n.rank == -2147483648", "32 bits"),
        ("n.edition == 'a\"b'", "double quote"),
        ("n.edition == 'a\\\\b'", "backslash"),
        ("n.edition == 'a\tb'", "control character"),
        ("n.edition == 'a\x00b'", "control character"),
        ("n.edition < 'b'", "no reliable order"),
        ("n.edition >= o.edition", "no reliable order"),
        ("n.edition == 3", "compares str with int"),
        ("n.rank == '3'", "compares int with str"),
        ("n.edition + n.edition == 'aa'", "whole numbers only"),
        ("-n.edition == 'a'", "whole numbers only"),
        ("x.rank == 3", "unknown alias x"),
        ("n.ranks == 3", "version has no field ranks"),
        ("rank == 3", "a name without a field"),
        ("n.rank.bit_length == 3", "only fields"),
        ("n.rank == (n.rank == 1)", "a comparison inside"),
        ("n['rank'] == 3", "only fields"),
        ("n.rank == {1: 2}", "only fields"),
        ("(lambda: 1) == n.rank", "only fields"),
        ("1 == 1", "reads no fact"),
        ("n.rank + 1 == 3", "one side must be a field of n alone"),
        ("o.rank + n.rank == n.balance", "one side must be a field of o alone"),
        ("o.rank == n.rank + o.balance", "mixes o with other facts"),
        ("n.rank == n.balance * n.family", "64 bits"),
        ("n.rank == n.balance * 1025", "64 bits"),
        ("n.rank == 2147483647 * n.balance - 2147483647 * n.balance", "64 bits"),
        ("n.rank == " + "1 + " * 60 + "1", "longer than 200"),
        ("", "cannot be read"),
        ("__import__('os').system('true') == 0", "call"),
    ],
)
def test_what_the_matcher_and_python_may_read_differently_is_refused(text: str, reason: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_condition(text, SCOPE)
    assert reason in str(refused.value)


@pytest.mark.parametrize("text", ["min(n.rank, 3)", "n.rank if n.rank else 3", "[n.rank]", "not n.rank", "f'{n.rank}'"])
def test_a_value_is_fields_literals_and_arithmetic_only(text: str) -> None:
    with pytest.raises(RuleError):
        read_expression(text, SCOPE)


def test_a_product_with_a_small_literal_stays_within_64_bits() -> None:
    assert read_condition("n.rank == n.balance * 1000", SCOPE).holds(((1, 20_000, 20, ""),))


def test_the_deepest_nesting_that_fits_is_read() -> None:
    assert read_condition("n.rank == " + "-" * 180 + "4", SCOPE).holds(FACTS)
    assert read_condition("n.rank == " + "(" * 90 + "4" + ")" * 90, SCOPE).holds(FACTS)


def test_terms_tell_their_type_their_fields_and_their_largest_magnitude() -> None:
    rank, name = Field("n", "rank", "int", 0, 1), Field("p", "name", "str", 2, 1)
    total = Arithmetic("+", rank, Literal(-3))
    assert [type_of(each) for each in (rank, name, total, Literal(1), Literal("a"))] == [
        "int",
        "str",
        "int",
        "int",
        "str",
    ]
    assert fields_of(total) == {rank}
    assert (largest(total), largest(Arithmetic("*", rank, Literal(-4))), largest(Literal("a"))) == (2**53 + 3, 2**55, 0)
    assert function(total)(FACTS) == 1


DAYS = Scope({"t": "term"}, {"term": {"starts_on": "day", "ends_on": "day", "as_of": "day", "lead": "int"}})


def shown(text: str, *fact: int) -> str:
    return read_condition(text, DAYS).values((fact,))


def test_days_are_shown_as_dates_and_counts_of_days_as_numbers() -> None:
    start, today = date(2024, 2, 29).toordinal(), date(2026, 11, 21).toordinal()
    assert shown("t.starts_on <= t.as_of", start, NEVER, today, 90) == "2024-02-29 <= 2026-11-21"
    assert shown("t.ends_on > t.as_of + t.lead", start, NEVER, today, 90) == "never > 2027-02-19"
    assert shown("t.ends_on == 3652059", start, NEVER, today, 90) == "never == never"
    assert shown("t.lead == t.as_of - t.starts_on", start, NEVER, today, 90) == "90 == 996"
    assert shown("t.lead == t.as_of * 2", start, NEVER, today, 90) == "90 == 1479882"
    assert shown("t.starts_on > 0", 0, NEVER, today, 90) == "no day > no day"
    assert shown("t.as_of <= t.ends_on + t.lead", start, NEVER, today, 90) == "2026-11-21 <= never"
