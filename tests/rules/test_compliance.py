"""Demand on rows, and what a balance means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import library
from rules.compliance import Position, place_demand, statuses
from rules.vocabulary import UNLIMITED


def test_the_facts_stand_as_the_document_declares_them() -> None:
    assert tuple(library.documents()["compliance"].facts["position"]) == Position._fields


def test_the_sign_of_the_balance_is_the_status() -> None:
    assert statuses([105, 1, 0, -1]) == [
        ("over-licensed", "compliance.over-licensed"),
        ("over-licensed", "compliance.over-licensed"),
        ("compliant", "compliance.exact"),
        ("under-licensed", "compliance.under-licensed"),
    ]


def test_an_unlimited_right_is_compliant_and_no_surplus() -> None:
    assert statuses([UNLIMITED, UNLIMITED - 2**31]) == [("compliant", "compliance.unlimited")] * 2


def test_demand_fills_one_row_after_the_other_and_the_shortfall_stays_on_the_last() -> None:
    assert place_demand([50, 30], 20) == [20, 0]
    assert place_demand([50, 30], 60) == [50, 10]
    assert place_demand([50, 30], 100) == [50, 50]
    assert place_demand([0], 7) == [7]


def test_an_unlimited_row_takes_all_demand() -> None:
    assert place_demand([5, UNLIMITED, 3], 2**31) == [5, 2**31 - 5, 0]


def test_demand_without_a_row_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="row"):
        place_demand([], 7)


@settings(deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=6), st.integers(0, 80))
def test_placed_demand_is_all_of_it_and_exceeds_no_row_but_the_last(actives: list[int], demand: int) -> None:
    placed = place_demand(actives, demand)
    assert sum(placed) == demand
    assert all(0 <= part <= active for part, active in zip(placed[:-1], actives[:-1], strict=True))
    assert all(
        part == active
        for position, (part, active) in enumerate(zip(placed, actives, strict=True))
        if sum(placed[position + 1 :])
    )
