"""Which part of a surplus was maintained until when, and how far ahead it reaches."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.formulas import Lot
from rules.maintenance import layers, reach
from rules.vocabulary import NEVER, UNLIMITED


def test_one_lot_is_one_layer_that_reaches_its_last_day() -> None:
    assert layers([(10, 20, 5)], surplus=8, as_of=30) == [(5, 20)]


def test_a_surplus_is_filled_from_the_lot_that_lasts_longest() -> None:
    lots = [(0, 20, 5), (0, 40, 5), (0, 10, 5)]
    assert layers(lots, surplus=12, as_of=100) == [(5, 40), (5, 20), (2, 10)]
    assert layers(lots, surplus=3, as_of=100) == [(3, 40)]


def test_a_renewal_maintains_the_same_units_again() -> None:
    assert layers([(0, 9, 10), (10, 19, 10)], surplus=50, as_of=100) == [(10, 19)]


def test_lots_that_overlap_for_a_day_add_up_on_that_day() -> None:
    assert layers([(0, 10, 10), (10, 19, 10)], surplus=50, as_of=100) == [(10, 19), (10, 10)]


def test_maintenance_that_has_not_begun_counts_for_nothing() -> None:
    assert layers([(31, 99, 5)], surplus=8, as_of=30) == []
    assert layers([(30, 99, 5)], surplus=8, as_of=30) == [(5, 99)]
    assert layers([], surplus=8, as_of=30) == []


def test_unlimited_maintenance_without_end_covers_an_unlimited_surplus() -> None:
    assert layers([(0, NEVER, UNLIMITED)], surplus=UNLIMITED, as_of=30) == [(UNLIMITED, NEVER)]


def test_a_layer_reaches_newer_versions_within_its_depth_and_its_days() -> None:
    versions = [(0, 5), (1, 10), (2, 20), (3, 30), (4, 0)]
    assert reach(versions, rank=0, depth=9, until=25) == (2, 20)
    assert reach(versions, rank=0, depth=1, until=25) == (1, 10)
    assert reach(versions, rank=2, depth=9, until=25) == (2, 0)


def brute_units(lots: Sequence[Lot], released_on: int, as_of: int) -> int:
    """The most units under maintenance on any one day from the release to the day of judgement."""
    return max(
        [sum(units for first, last, units in lots if first <= day <= last) for day in range(released_on, as_of + 1)],
        default=0,
    )


some_lots = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 8), st.integers(0, 6)).map(
        lambda lot: (lot[0], lot[0] + lot[1], lot[2])
    ),
    max_size=5,
)


@settings(deadline=None, max_examples=300)
@given(some_lots, st.integers(1, 20), st.integers(0, 22), st.integers(0, 22))
def test_units_that_may_cover_a_version_are_those_maintained_since_its_release(
    lots: list[Lot], surplus: int, released_on: int, as_of: int
) -> None:
    found = layers(lots, surplus, as_of)
    reaching = sum(units for units, until in found if released_on <= min(until, as_of))
    assert reaching == min(surplus, brute_units(lots, released_on, as_of))
    assert all(units > 0 for units, _ in found)
    assert [until for _, until in found] == sorted({until for _, until in found}, reverse=True)
