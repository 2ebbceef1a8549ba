"""Units that move along matches."""

from collections import Counter

import networkx
from hypothesis import given
from hypothesis import strategies as st

from rules import library
from rules.flow import Match, reroute, walk
from tests.examples import examples

RULE = "transfers.upgrade"


def match(giver: int, taker: int, surplus: int, shortfall: int) -> Match:
    return Match((0,), library.rule(RULE), 1, (giver, 0), (taker, 0), surplus, shortfall)


def moved(matches: list[Match], *, detours: bool) -> dict[tuple[int, int], int]:
    flow = walk(matches)
    if detours:
        reroute(flow, matches)
    return {(giver[0], taker[0]): units for (giver, taker), units in (+flow.moved).items()}


def test_matches_are_served_in_their_order_as_far_as_both_sides_go() -> None:
    matches = [match(1, 11, 5, 3), match(1, 12, 5, 4), match(2, 12, 9, 4), match(2, 12, 9, 4)]
    assert moved(matches, detours=False) == {(1, 11): 3, (1, 12): 2, (2, 12): 2}


def test_a_taker_makes_way_for_one_that_has_no_other_giver() -> None:
    matches = [match(1, 11, 5, 5), match(2, 11, 5, 5), match(1, 12, 5, 4)]
    assert moved(matches, detours=False) == {(1, 11): 5}
    assert moved(matches, detours=True) == {(1, 11): 1, (2, 11): 4, (1, 12): 4}


def test_a_detour_may_lead_through_several_takers() -> None:
    matches = [match(1, 11, 1, 1), match(2, 12, 1, 1), match(2, 11, 1, 1), match(3, 12, 1, 1), match(1, 13, 1, 1)]
    assert moved(matches, detours=True) == {(2, 11): 1, (3, 12): 1, (1, 13): 1}


def test_where_the_order_covers_all_there_is_nothing_is_rerouted() -> None:
    matches = [match(1, 11, 5, 3), match(1, 12, 5, 4), match(2, 12, 1, 4)]
    assert moved(matches, detours=True) == moved(matches, detours=False) == {(1, 11): 3, (1, 12): 2, (2, 12): 1}


@st.composite
def some_matches(draw: st.DrawFn) -> list[Match]:
    surplus = draw(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    shortfall = draw(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    every = [(giver, taker) for giver in range(len(surplus)) for taker in range(len(shortfall))]
    chosen = draw(st.lists(st.sampled_from(every), max_size=15))
    return [match(giver, 100 + taker, surplus[giver], shortfall[taker]) for giver, taker in chosen]


def greatest(matches: list[Match]) -> int:
    graph = networkx.DiGraph()
    graph.add_nodes_from(("start", "end"))
    for each in matches:
        graph.add_edge("start", each.giver, capacity=each.surplus)
        graph.add_edge(each.giver, each.taker)
        graph.add_edge(each.taker, "end", capacity=each.shortfall)
    return int(networkx.maximum_flow_value(graph, "start", "end"))


@examples(150)
@given(some_matches())
def test_with_detours_as_much_is_covered_as_can_be_and_nobody_gets_less(matches: list[Match]) -> None:
    before, after = moved(matches, detours=False), moved(matches, detours=True)
    assert sum(after.values()) == greatest(matches)
    given_before, given_after = (Counter[int](), Counter[int]())
    for found, total in ((before, given_before), (after, given_after)):
        for (_, taker), units in found.items():
            total[taker] += units
    assert all(given_after[taker] >= units for taker, units in given_before.items())
    assert set(after) <= {(each.giver[0], each.taker[0]) for each in matches}


@examples(150)
@given(some_matches())
def test_nobody_gives_or_takes_more_than_there_is(matches: list[Match]) -> None:
    flow = walk(matches)
    reroute(flow, matches)
    for each in matches:
        given = sum(units for (giver, _), units in flow.moved.items() if giver == each.giver)
        taken = sum(units for (_, taker), units in flow.moved.items() if taker == each.taker)
        assert (given + flow.left[each.giver], taken + flow.left[each.taker]) == (each.surplus, each.shortfall)
        assert min(flow.left[each.giver], flow.left[each.taker], *flow.moved.values(), 0) == 0
