"""Rows split over resource groups."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.compliance import place_demand
from rules.shares import Crossing, Group, Share, Side, split_active, split_demand, split_transfers
from rules.transfers import Transfer
from rules.vocabulary import UNLIMITED, is_unlimited
from tests.examples import examples

OFFICE, SERVERS, LAB = 1, 2, 3


def transfer(quantity: int, kind: str = "downgrade", giver: int = 1, taker: int = 2) -> Transfer:
    return Transfer(kind, giver, taker, quantity, 1, "transfers.downgrade")


def test_what_is_not_allocated_is_unallocated() -> None:
    assert split_active(100, [(OFFICE, 60), (SERVERS, 10), (OFFICE, 5)]) == {OFFICE: 65, SERVERS: 10, None: 25}
    assert split_active(65, [(OFFICE, 60), (SERVERS, 5)]) == {OFFICE: 60, SERVERS: 5}
    assert split_active(7, []) == {None: 7}


def test_where_less_is_active_than_allocated_the_newest_allocations_are_cut() -> None:
    assert split_active(65, [(OFFICE, 60), (SERVERS, 10), (LAB, 5)]) == {OFFICE: 60, SERVERS: 5, LAB: 0}


def test_of_an_unlimited_row_groups_have_what_they_were_allocated() -> None:
    parts = split_active(UNLIMITED, [(OFFICE, 60)])
    assert parts[OFFICE] == 60
    assert is_unlimited(parts[None])
    assert sum(parts.values()) == UNLIMITED


def test_demand_of_a_group_goes_to_rows_where_the_group_has_units() -> None:
    assert split_demand([10, 10], [{OFFICE: 10}, {SERVERS: 10}], {SERVERS: 10, OFFICE: 10}) == [
        {OFFICE: 10},
        {SERVERS: 10},
    ]


def test_demand_beyond_a_group_s_units_goes_to_the_rows_in_their_order() -> None:
    assert split_demand([10, 10], [{OFFICE: 4, None: 6}, {None: 2}], {OFFICE: 13, LAB: 5, None: 2}) == [
        {OFFICE: 8, None: 2},
        {OFFICE: 5, LAB: 5},
    ]


def test_demand_that_does_not_add_up_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"20.*19"):
        split_demand([10, 10], [{}, {}], {OFFICE: 19})


def test_units_move_inside_of_a_group_first_then_from_unallocated_then_across() -> None:
    sides = {
        1: Side({OFFICE: 10, SERVERS: 10, None: 5}, {}),
        2: Side({}, {OFFICE: 12, LAB: 6}),
    }
    shares, crossings = split_transfers(sides, [transfer(18)])
    assert shares == {
        1: [Share(OFFICE, 10, 0, -10, 0), Share(SERVERS, 10, 0, -3, 0), Share(None, 5, 0, -5, 0)],
        2: [Share(OFFICE, 0, 12, 12, 0), Share(LAB, 0, 6, 6, 0)],
    }
    assert crossings == [Crossing(0, SERVERS, LAB, 3)]


def test_a_group_that_gives_to_unallocated_demand_crosses() -> None:
    sides = {1: Side({OFFICE: 10}, {OFFICE: 2}), 2: Side({}, {None: 3})}
    shares, crossings = split_transfers(sides, [transfer(3, "upgrade")])
    assert shares == {1: [Share(OFFICE, 10, 2, 0, -3)], 2: [Share(None, 0, 3, 0, 3)]}
    assert crossings == [Crossing(0, OFFICE, None, 3)]


def test_unallocated_units_cover_unallocated_demand_without_crossing() -> None:
    sides = {1: Side({None: 10}, {}), 2: Side({}, {None: 3})}
    assert split_transfers(sides, [transfer(2), transfer(1, "upgrade")]) == (
        {1: [Share(None, 10, 0, -2, -1)], 2: [Share(None, 0, 3, 2, 1)]},
        [],
    )


groups = st.sampled_from((OFFICE, SERVERS, LAB, None))
quantities = st.integers(0, 12)
allocations = st.lists(st.tuples(st.sampled_from((OFFICE, SERVERS, LAB)), quantities), max_size=4)
rows = st.lists(st.tuples(quantities, allocations), min_size=1, max_size=3)


@examples(100)
@given(quantities, allocations)
def test_active_parts_add_up_and_exceed_no_allocation(active: int, allocated: Sequence[tuple[int, int]]) -> None:
    parts = split_active(active, allocated)
    assert sum(parts.values()) == active
    assert parts.get(None, 1) > 0
    for group, _ in allocated:
        assert 0 <= parts[group] <= sum(units for other, units in allocated if other == group)


@st.composite
def products(draw: st.DrawFn) -> tuple[list[int], list[dict[Group, int]], list[int], dict[Group, int]]:
    """The rows of a product: active units, these by group, demand row by row, demand by group."""
    some = draw(rows)
    wanted: Mapping[Group, int] = draw(st.dictionaries(groups, quantities))
    actives = [active for active, _ in some]
    return actives, [split_active(*each) for each in some], place_demand(actives, sum(wanted.values())), dict(wanted)


@examples(100)
@given(products())
def test_demand_parts_add_up_for_every_row_and_every_group(
    product: tuple[list[int], list[dict[Group, int]], list[int], dict[Group, int]],
) -> None:
    _, actives, demands, wanted = product
    parts = split_demand(demands, actives, wanted)
    assert [sum(part.values()) for part in parts] == demands
    assert {group: sum(part.get(group, 0) for part in parts) for group in wanted} == wanted


@examples(100)
@given(st.lists(products(), min_size=2, max_size=5), st.data())
def test_shares_add_up_and_no_group_gives_more_than_its_surplus(
    estate: list[tuple[list[int], list[dict[Group, int]], list[int], dict[Group, int]]], data: st.DataObject
) -> None:
    sides = [
        Side(active, demand)
        for _, actives, demands, wanted in estate
        for active, demand in zip(actives, split_demand(demands, actives, wanted), strict=True)
    ]
    balances = [sum(side.active.values()) - sum(side.demand.values()) for side in sides]
    left, transfers = list(balances), list[Transfer]()
    for giver in range(len(sides)):
        for taker in range(len(sides)):
            most = min(left[giver], -left[taker])
            if most > 0:
                kind = data.draw(st.sampled_from(("downgrade", "upgrade")))
                transfers.append(transfer(data.draw(st.integers(1, most)), kind, giver, taker))
                left[giver] -= transfers[-1].quantity
                left[taker] += transfers[-1].quantity
    shares, crossings = split_transfers(dict(enumerate(sides)), transfers)
    check_rows(sides, balances, transfers, shares)
    for crossing in crossings:
        assert crossing.giver_group not in (None, crossing.taker_group)
        assert 0 < crossing.quantity <= transfers[crossing.transfer].quantity


def check_rows(
    sides: Sequence[Side], balances: Sequence[int], transfers: Sequence[Transfer], shares: Mapping[int, list[Share]]
) -> None:
    for position, side in enumerate(sides):
        parts = shares[position]
        moved = {"downgrade": 0, "upgrade": 0}
        for each in transfers:
            moved[each.kind] += each.quantity * ((each.taker == position) - (each.giver == position))
        assert sum(part.active for part in parts) == sum(side.active.values())
        assert sum(part.demand for part in parts) == sum(side.demand.values())
        assert sum(part.downgrade for part in parts) == moved["downgrade"]
        assert sum(part.upgrade for part in parts) == moved["upgrade"]
        for part in parts:
            start, change = part.active - part.demand, part.downgrade + part.upgrade
            if balances[position] > 0:
                assert change <= 0
                assert start + change >= min(start, 0)
            else:
                assert change >= 0
                assert start + change <= max(start, 0)
