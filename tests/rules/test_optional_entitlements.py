"""What an approval creates, replaces or leaves as it is; and in what state that is."""

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import library, optional_entitlements, reference
from rules.optional_entitlements import Authorization, Definition, Deployment, Effect, Update
from rules.vocabulary import NEVER

TODAY = "2025-03-01"
A = (5, "2024-01-01", "2025-12-31")
"""The record that most cases begin with: quantity, first and last day."""

CASES = {
    "E01": (None, (5, TODAY, "2026-02-28"), "created", [], []),
    "E02": (A, A, "no-change", [], []),
    "E03": (A, (5, TODAY, "2025-12-31"), "no-change", [], []),
    "E04": (A, (5, TODAY, "2026-12-31"), "replaced", ["end-later"], []),
    "E05": (A, (5, "2024-01-01", "2026-01-01"), "replaced", ["end-later"], []),
    "E06": (A, (5, "2024-01-01", "2025-06-30"), "no-change", [], []),
    "E07": (A, (8, TODAY, "2025-06-30"), "replaced", ["quantity-changed"], ["shortens"]),
    "E08": (A, (3, "2024-01-01", "2025-12-31"), "replaced", ["quantity-changed"], ["fewer"]),
    "E09": (A, (3, "2024-01-01", "2026-12-31"), "replaced", ["end-later", "quantity-changed"], ["fewer"]),
    "E10": (A, (5, TODAY, None), "replaced", ["end-later"], []),
    "E11": ((5, "2024-01-01", None), (5, TODAY, "2030-12-31"), "no-change", [], []),
    "E12": ((5, "2024-01-01", None), (5, TODAY, None), "no-change", [], []),
    "E13": ((5, "2024-01-01", None), (6, TODAY, "2030-12-31"), "replaced", ["quantity-changed"], ["shortens"]),
    "E14": ((5, "2024-01-01", None), (6, TODAY, None), "replaced", ["quantity-changed"], []),
    "E15": ((5, "2023-01-01", "2023-12-31"), (5, TODAY, "2026-02-28"), "replaced", ["end-later"], ["gap"]),
    "E16": (
        *((5, "2023-01-01", "2024-12-31"), (5, "2023-01-01", "2024-12-31")),
        *("no-change", [], ["stays-expired"]),
    ),
    "E17": (A, (5, "2023-06-01", "2026-06-30"), "replaced", ["end-later"], []),
    "E18": (A, (5, "2023-06-01", "2025-12-31"), "no-change", [], []),
    "E19": (A, (5, "2026-03-01", "2027-02-28"), "replaced", ["end-later"], ["gap"]),
}
"""The table of spec 4.1 by its row names: what is held, what is approved on 2025-03-01, and what follows."""


def day(text: str | None) -> int:
    return NEVER if text is None else date.fromisoformat(text).toordinal()


def outcome(held, new):
    """Outcome, reasons, whether it is charged, and warnings."""
    fact = Update(*((1, held[0], day(held[2])) if held else (0, 0, 0)), new[0], day(new[2]))
    ruling = optional_entitlements.update(fact)
    assert optional_entitlements.updates([fact, fact]) == [ruling, ruling]
    warnings = ()
    if held:
        days = (held[0], day(held[1]), day(held[2]), new[0], day(new[1]), day(new[2]), day(TODAY))
        effect = Effect(int(ruling.says == "replaced"), *days)
        warnings = optional_entitlements.effect(effect).warnings
        assert optional_entitlements.effects([effect])[0].warnings == warnings
    return ruling.says, list(ruling.reasons), ruling.charged, list(warnings)


def test_the_facts_stand_as_the_document_declares_them() -> None:
    facts = library.documents()["optional_entitlements"].facts
    kinds = {"update": Update, "effect": Effect, "deployment": Deployment, "authorization": Authorization}
    assert {kind: tuple(fields) for kind, fields in facts.items()} == {
        kind: fact._fields for kind, fact in (kinds | {"definition": Definition}).items()
    }


@pytest.mark.parametrize("case", CASES)
def test_the_table_of_updates(case) -> None:
    held, new, says, reasons, warnings = CASES[case]
    assert outcome(held, new) == (says, reasons, says != "no-change", warnings)


def test_what_is_in_force_and_replaced_by_a_later_start_leaves_a_gap_though_the_periods_touch() -> None:
    assert outcome(A, (5, "2025-06-01", "2026-12-31"))[3] == ["gap"]
    assert outcome(A, (5, "2026-01-01", "2026-12-31"))[3] == ["gap"]
    assert outcome((5, "2024-01-01", "2025-02-28"), (5, TODAY, "2026-12-31"))[3] == []


# --------------------------------------------------------------------------------------------------------- properties
DAYS = st.integers(day("2023-01-01"), day("2028-12-31")) | st.just(NEVER)
UNITS = st.integers(1, 9) | st.integers(1, 2**31 - 1)
UPDATES = st.builds(Update, st.just(1), UNITS, DAYS, UNITS, DAYS)


def by_hand(fact: Update) -> tuple[str, tuple[str, ...]]:
    """The rule as one would write it down without a rulebook."""
    if not fact.held:
        return "created", ()
    end = fact.new_ends_on > fact.ends_on
    reasons = ("end-later",) * end + ("quantity-changed",) * (fact.quantity != fact.new_quantity)
    return ("replaced" if reasons else "no-change"), reasons


def test_the_rules_agree_with_an_independent_function_on_a_hundred_thousand_pairs() -> None:
    random = Random(4)
    days = [random.randrange(day("2023-01-01"), day("2027-12-31")) for _ in range(60)] + [NEVER] * 5
    facts = [
        Update(random.randrange(9) > 0, *(random.choice(c) for c in (range(1, 5), days, range(1, 5), days)))
        for _ in range(100_000)
    ]
    facts = [Update(int(held), *rest) for held, *rest in facts]
    found = [(one.says, one.reasons) for one in optional_entitlements.updates(facts)]
    assert found == list(map(by_hand, facts))
    assert {says for says, _ in found} == {"created", "replaced", "no-change"}


@settings(deadline=None)
@given(UPDATES)
def test_the_rules_judge_what_they_are_shown_as_they_judge_the_real_days(fact: Update) -> None:
    (fired,) = reference.conclude(library.documents()["optional_entitlements"], "update", [fact])
    ruling = optional_entitlements.update(fact)
    assert ruling.rules == tuple(rule.name for rule in fired)
    assert (ruling.says, ruling.reasons) == by_hand(fact)


@settings(deadline=None)
@given(st.builds(Effect, st.integers(0, 1), UNITS, DAYS, DAYS, UNITS, DAYS, DAYS, DAYS))
def test_warnings_hang_on_nothing_but_the_order_of_the_days(fact: Effect) -> None:
    (fired,) = reference.conclude(library.documents()["optional_entitlements"], "effect", [fact])
    assert optional_entitlements.effect(fact).rules == tuple(rule.name for rule in fired)


@settings(deadline=None)
@given(UPDATES)
def test_what_was_approved_once_is_no_change_the_second_time(fact: Update) -> None:
    again = Update(1, fact.new_quantity, fact.new_ends_on, fact.new_quantity, fact.new_ends_on)
    assert optional_entitlements.update(again).says == "no-change"


@settings(deadline=None)
@given(UPDATES)
def test_a_charge_goes_with_every_change_and_with_nothing_else(fact: Update) -> None:
    ruling = optional_entitlements.update(fact)
    assert ruling.charged == (ruling.says != "no-change")


def test_a_start_is_nothing_that_decides() -> None:
    document = library.documents()["optional_entitlements"]
    assert not [name for name in document.facts["update"] if "starts" in name]


@settings(deadline=None)
@given(st.lists(UPDATES, min_size=1, max_size=20), st.randoms())
def test_the_order_in_which_rules_and_facts_come_changes_nothing(facts, random) -> None:
    document = library.documents()["optional_entitlements"]
    shuffled = list(document.rules)
    random.shuffle(shuffled)
    other = type(document)(document.subject, document.about, document.facts, tuple(shuffled))
    fired = reference.conclude(other, "update", facts)
    says = [{rule.then["outcome"] for rule in rules} for rules in fired]
    assert says == [{one.says} for one in optional_entitlements.updates(facts)]
    assert [{rule.name for rule in rules} for rules in fired] == [
        set(one.rules) for one in optional_entitlements.updates(facts)
    ]


# ------------------------------------------------------------------------------------------------------------- states
def deployment(start: str, end: str | None, ended: str | None = None) -> str:
    (found,) = optional_entitlements.deployments([Deployment(day(start), day(end), day(ended), day(TODAY))])
    return found[0]


def test_what_is_deployed_is_scheduled_active_or_expired_by_its_days_which_both_count() -> None:
    assert deployment("2025-03-02", "2025-12-31") == "scheduled"
    assert deployment("2025-03-01", "2025-12-31") == "active"
    assert deployment("2024-01-01", "2025-03-01") == "active"
    assert deployment("2024-01-01", None) == "active"
    assert deployment("2024-01-01", "2025-02-28") == "expired"


def test_what_is_deployed_ends_with_its_authorization() -> None:
    assert deployment("2024-01-01", None, ended="2025-03-01") == "ended"
    assert deployment("2026-01-01", None, ended="2025-01-01") == "ended"
    assert deployment("2024-01-01", None, ended="2025-03-02") == "active"


def test_an_authorization_is_upcoming_active_or_ended() -> None:
    facts = [("2025-03-02", None), (TODAY, None), ("2024-01-01", TODAY), ("2024-01-01", "2025-03-02")]
    judged = optional_entitlements.authorizations([Authorization(day(a), day(b), day(TODAY)) for a, b in facts])
    assert [state for state, _ in judged] == ["upcoming", "active", "ended", "active"]


def test_a_definition_is_orderable_included_hidden_upcoming_or_expired() -> None:
    facts = [
        (0, 1, "2025-01-01", TODAY),
        (1, 0, "2025-01-01", None),
        (0, 0, "2025-01-01", None),
        (0, 1, "2025-03-02", None),
        (0, 1, "2024-01-01", "2025-02-28"),
    ]
    judged = optional_entitlements.definitions([Definition(*a, day(b), day(c), day(TODAY)) for *a, b, c in facts])
    assert [state for state, _ in judged] == ["orderable", "included", "hidden", "upcoming", "expired"]


@settings(deadline=None)
@given(st.lists(st.builds(Deployment, DAYS, DAYS, DAYS, DAYS), min_size=1, max_size=20))
def test_everything_that_is_deployed_is_in_exactly_one_state(facts) -> None:
    assert {state for state, _ in optional_entitlements.deployments(facts)} <= {
        *("scheduled", "active", "expired", "ended")
    }
