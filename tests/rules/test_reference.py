"""The rules in plain Python, and the answers to "why?" and "why not?"."""

import pytest

from rules import reference
from rules.facts import FactError
from rules.language import parse
from rules.reference import Verdict

DOCUMENT = parse(
    """
subject = "family"
about = "Versions that belong together"
[facts.version]
family = "int"
rank = "int"
balance = "int"
[facts.item]
amount = "int"
[[rule]]
name = "family.transfer"
source = "here"
says = "A surplus covers an older shortfall"
for = { n = "version", o = "version" }
when = ["n.balance > 0", "o.balance < 0", "o.rank < n.rank", "o.family == n.family"]
[[rule]]
name = "family.large"
source = "here"
says = "A lot"
for = { i = "item" }
when = ["i.amount > 100"]
[[rule]]
name = "family.some"
source = "here"
says = "Something"
for = { i = "item" }
when = ["i.amount > 0"]
priority = 1
""",
    "family.toml",
)
TRANSFER, LARGE, SOME = DOCUMENT.rules
OLD, MIDDLE, NEW, STRANGER = (1, 2019, -5), (1, 2022, -2), (1, 2025, 9), (2, 2018, -1)


def test_every_pair_of_facts_for_which_all_conditions_hold_fires() -> None:
    facts = [("version", fact) for fact in (OLD, NEW, STRANGER, MIDDLE)]
    assert reference.match(DOCUMENT, facts) == [(TRANSFER, [(1, 0), (1, 3)])]


def test_one_fact_does_not_stand_for_two() -> None:
    assert reference.match(DOCUMENT, [("version", NEW)]) == []


def test_rules_of_one_fact_are_concluded_by_priority_and_then_in_the_order_of_the_document() -> None:
    assert reference.conclude(DOCUMENT, "item", [(101,), (0,), (5,)]) == [(SOME, LARGE), (), (SOME,)]


def test_facts_that_rules_join_are_not_concluded_alone() -> None:
    with pytest.raises(ValueError, match="joins version"):
        reference.conclude(DOCUMENT, "version", [NEW])


def test_facts_are_checked_as_the_engine_checks_them() -> None:
    with pytest.raises(FactError):
        reference.match(DOCUMENT, [("item", ("many",))])
    with pytest.raises(FactError):
        reference.conclude(DOCUMENT, "item", [(True,)])


def test_why_shows_every_condition_with_the_values_of_the_facts() -> None:
    assert reference.explain(TRANSFER, {"n": NEW, "o": OLD}) == [
        Verdict("n.balance > 0", True, "9 > 0"),
        Verdict("o.balance < 0", True, "-5 < 0"),
        Verdict("o.rank < n.rank", True, "2019 < 2025"),
        Verdict("o.family == n.family", True, "1 == 1"),
    ]


def test_why_needs_all_facts_of_the_firing() -> None:
    with pytest.raises(KeyError):
        reference.explain(TRANSFER, {"n": NEW})


def test_why_not_shows_what_fails() -> None:
    verdicts = reference.why_not(TRANSFER, {"n": OLD, "o": NEW})
    assert [each.values for each in verdicts if not each.holds] == ["-5 > 0", "9 < 0", "2025 < 2019"]


def test_why_not_decides_what_the_given_facts_decide() -> None:
    assert reference.why_not(TRANSFER, {"o": OLD}) == [Verdict("o.balance < 0", True, "-5 < 0")]
    assert reference.why_not(TRANSFER, {}) == []
