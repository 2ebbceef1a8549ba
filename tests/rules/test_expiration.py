"""Expiration states of purchases and of entitlements."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import library, reference
from rules.expiration import Term, governing, states
from rules.lifecycle import Lot
from rules.vocabulary import NEVER


def day(text: str) -> int:
    return NEVER if text == "never" else date.fromisoformat(text).toordinal()


def state(starts_on: str, ends_on: str, as_of: str, lead: int = 90) -> tuple[str, str]:
    return states([Term(day(starts_on), day(ends_on), day(as_of), lead)])[0]


def test_the_facts_stand_as_the_document_declares_them() -> None:
    assert tuple(library.documents()["expiration"].facts["term"]) == Term._fields


@pytest.mark.parametrize(
    ("as_of", "expected", "rule"),
    [
        ("2024-01-31", "upcoming", "expiration.upcoming"),
        ("2024-02-01", "active", "expiration.active"),
        ("2024-11-30", "active", "expiration.active"),
        ("2024-12-01", "expiring", "expiration.expiring"),
        ("2025-02-28", "expiring", "expiration.expiring"),
        ("2025-03-01", "final-day", "expiration.final-day"),
        ("2025-03-02", "expired", "expiration.expired"),
    ],
)
def test_a_purchase_goes_through_its_states(as_of: str, expected: str, rule: str) -> None:
    assert state("2024-02-01", "2025-03-01", as_of) == (expected, rule)


def test_the_last_valid_day_may_be_a_leap_day() -> None:
    assert state("2023-03-01", "2024-02-29", "2024-02-28", lead=0)[0] == "active"
    assert state("2023-03-01", "2024-02-29", "2024-02-29", lead=0)[0] == "final-day"
    assert state("2023-03-01", "2024-02-29", "2024-03-01", lead=0)[0] == "expired"


def test_without_end_a_purchase_never_expires() -> None:
    for as_of in ("2024-02-01", "2999-12-31", "9999-12-31"):
        assert state("2024-02-01", "never", as_of) == ("active", "expiration.non-expiring")
    assert state("2024-02-01", "never", "2024-01-31")[0] == "upcoming"


def test_a_purchase_that_ends_before_it_begins_is_upcoming_and_then_expired() -> None:
    assert state("2024-02-01", "2024-01-01", "2024-01-15")[0] == "upcoming"
    assert state("2024-02-01", "2024-01-01", "2024-02-01")[0] == "expired"


def test_the_purchase_in_force_that_lasts_longest_governs() -> None:
    lots = [(1, 0, "a", 50), (2, 0, "b", 90), (3, 0, "c", 60), (80, 0, "d", NEVER)]
    assert governing(lots, as_of=40) == 1
    assert governing(lots, as_of=80) == 3


def test_the_latest_purchase_governs_when_none_is_in_force() -> None:
    lots = [(5, 0, "b", 10), (1, 0, "a", 20), (5, 1, "a", 9), (5, 0, "a", 11)]
    assert governing(lots, as_of=30) == 2
    assert governing(lots, as_of=0) == 2
    assert governing([(5, 0, "b", 10)], as_of=30) == 0


def test_of_equally_long_purchases_the_latest_governs() -> None:
    assert governing([(5, 0, "b", 10), (6, 0, "a", 10), (1, 0, "c", 10)], as_of=7) == 1


def test_an_entitlement_without_a_purchase_has_no_state() -> None:
    with pytest.raises(ValueError, match="empty"):
        governing([], as_of=7)


def brute_state(starts_on: int, ends_on: int, as_of: int, lead: int) -> str:
    """The sentences of the guide as questions, one after the other."""
    if as_of < starts_on:
        return "upcoming"
    if ends_on == NEVER:
        return "active"
    left = ends_on - as_of
    if left < 0:
        return "expired"
    if left == 0:
        return "final-day"
    return "expiring" if left <= lead else "active"


near = st.integers(-3, 3)
terms = st.builds(
    lambda as_of, starts, ends, lead: Term(as_of + starts, NEVER if ends is None else as_of + ends, as_of, lead),
    st.integers(day("2024-02-25"), day("2024-03-05")),
    near,
    st.one_of(near, st.integers(-400, 400), st.none()),
    st.sampled_from((0, 1, 2, 90)),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(terms, max_size=20))
def test_states_agree_with_the_sentences_of_the_guide(some: list[Term]) -> None:
    assert [found for found, _ in states(some)] == [brute_state(*term) for term in some]


lots_near = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.sampled_from("abc"), st.integers(0, 12)), min_size=1, max_size=6
)


@settings(deadline=None, max_examples=300)
@given(lots_near, st.integers(0, 12))
def test_the_governing_purchase_agrees_with_a_search(lots: Sequence[Lot], as_of: int) -> None:
    lots = [(starts_on, invoiced_on, key, starts_on + length) for starts_on, invoiced_on, key, length in lots]
    chosen = lots[governing(lots, as_of)]
    in_force = [each for each in lots if each[0] <= as_of <= each[3]]
    if in_force:
        assert chosen in in_force
        assert chosen[3] == max(each[3] for each in in_force)
    else:
        assert chosen[:3] == max(each[:3] for each in lots)


@given(
    starts_on=st.integers(-400, 400),
    ends_on=st.one_of(st.just(None), st.integers(-400, 400)),
    lead=st.integers(0, 120),
)
@settings(deadline=None, max_examples=400)
def test_days_far_from_the_day_of_judgement_are_judged_as_the_rules_judge_them(
    starts_on: int, ends_on: int | None, lead: int
) -> None:
    today = date(2026, 11, 21).toordinal()
    term = Term(today + starts_on, NEVER if ends_on is None else today + ends_on, today, lead)
    fired = reference.conclude(library.documents()["expiration"], "term", [term])[0]
    assert states([term]) == [(rule.then["state"], rule.name) for rule in fired]
