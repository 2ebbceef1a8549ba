"""Arithmetic of reviews: balances, terms, purchases in force, and the order of versions."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import formulas
from rules.vocabulary import NEVER, UNLIMITED, is_unlimited


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def test_the_balance_of_the_manual_is_105() -> None:
    assert formulas.balance(active=1000, downgrade=-35, upgrade=0, demand=860) == 105


def test_what_remains_is_the_quantity_without_what_is_allocated() -> None:
    assert formulas.remaining(2000, 2000) == 0
    assert formulas.remaining(80, 100) == -20


def test_a_term_is_counted_in_days_over_leap_days() -> None:
    assert formulas.days(day("2024-02-28"), day("2024-03-01")) == 2
    assert formulas.days(day("2025-02-28"), day("2025-03-01")) == 1
    assert formulas.days(day("2025-02-28"), day("2025-02-28")) == 0


def test_a_term_without_end_has_no_number_of_days() -> None:
    assert formulas.days(day("2024-02-28"), NEVER) == NEVER


@pytest.mark.parametrize(
    ("as_of", "active"),
    [
        ("2024-12-31", 0),
        ("2025-01-01", 500),
        ("2025-06-30", 500),
        ("2025-07-01", 800),
        ("2025-12-31", 800),
        ("2026-01-01", 300),
    ],
)
def test_purchases_count_from_their_first_to_their_last_valid_day(as_of: str, active: int) -> None:
    lots = [(day("2025-01-01"), day("2025-12-31"), 500), (day("2025-07-01"), NEVER, 300)]
    assert formulas.active(lots, day(as_of)) == active


def test_several_unlimited_purchases_are_unlimited_and_no_more() -> None:
    assert formulas.total([UNLIMITED, UNLIMITED, UNLIMITED, 5]) == UNLIMITED
    assert formulas.total([]) == 0
    assert is_unlimited(formulas.balance(UNLIMITED, -(2**31), 0, 2**31))


def test_maintenance_covers_at_most_what_the_base_has() -> None:
    lots = [(day("2026-01-01"), day("2026-12-31"), 60)]
    assert formulas.maintained(50, lots, day("2026-11-21")) == 50
    assert formulas.maintained(100, lots, day("2026-11-21")) == 60
    assert formulas.maintained(50, lots, day("2027-01-01")) == 0


def test_versions_are_ordered_by_rank_where_all_have_one() -> None:
    assert formulas.ranks([(3, 1, "a"), (1, 9, "c"), (2, 5, "b")]) == [2, 0, 1]


def test_versions_are_ordered_by_release_where_a_rank_is_missing() -> None:
    assert formulas.ranks([(3, 100, "a"), (None, 300, "b"), (9, 200, "c")]) == [0, 2, 1]


def test_versions_are_ordered_by_their_text_where_a_release_is_missing() -> None:
    assert formulas.ranks([(None, 0, "10"), (None, 5, "9"), (1, 0, "10.1")]) == [1, 0, 2]


def test_a_version_that_nothing_is_known_of_has_no_place_and_does_not_disturb() -> None:
    assert formulas.ranks([(None, 0, ""), (None, 0, "2022"), (None, 0, "2019")]) == [-1, 1, 0]


def test_a_version_that_cannot_be_compared_has_no_place_and_does_not_disturb_the_others() -> None:
    assert formulas.ranks([(1, 0, ""), (None, 0, "2022"), (2, 0, "")]) == [0, -1, 1]
    assert formulas.ranks([(None, 0, "7"), (None, 300, ""), (None, 100, ""), (1, 0, "")]) == [-1, 1, 0, -1]
    assert formulas.ranks([(1, 0, ""), (None, 0, "2022")]) == [0, -1]
    assert formulas.ranks([]) == []


def test_equal_versions_share_a_place() -> None:
    assert formulas.ranks([(None, 0, "2022"), (None, 0, "2019"), (None, 0, "2022"), (None, 0, "2025")]) == [1, 0, 1, 2]


def test_version_texts_are_sorted_as_people_do() -> None:
    ordered = ["4.2", "9", "10", "10 beta", "10.1", "10.1 SP1", "10.02", "2012", "2012 R2", "2016"]
    assert sorted(sorted(ordered), key=formulas.natural) == ordered
    assert formulas.natural("7.0") == formulas.natural("7.00")
    assert formulas.natural("SP1") == formulas.natural("sp 1")


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_two_version_texts_can_be_compared(first: str, second: str) -> None:
    one, other = formulas.natural(first), formulas.natural(second)
    assert (one < other) + (one == other) + (one > other) == 1


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**30), min_size=1))
def test_whole_numbers_as_version_texts_keep_their_order(numbers: list[int]) -> None:
    places = formulas.ranks([(None, 0, str(number)) for number in numbers])
    assert places == [sorted(set(numbers)).index(number) for number in numbers]
