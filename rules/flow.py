"""Moving units along matches: once in their order, and by detours where that order leaves more to be covered."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from rules.language import Rule

Part = tuple[int, int]
"""A row by its position and its day of release, or a part of its surplus by position and last day of maintenance."""


class Match(NamedTuple):
    """A right, a giver and a taker that fit together; the match with the smallest rank moves units first.

    surplus and shortfall are the units of the two before anything moves, both above zero.
    """

    rank: tuple[int, ...]
    rule: Rule
    right: int
    giver: Part
    taker: Part
    surplus: int
    shortfall: int


class Flow(NamedTuple):
    """Units that parts have left to give or to take, and units that have moved from a giver to a taker."""

    left: dict[Part, int]
    moved: Counter[tuple[Part, Part]]


def walk(matches: Iterable[Match]) -> Flow:
    """Move along every match, in the order given, as much as its two sides still have."""
    left: dict[Part, int] = {}
    moved: Counter[tuple[Part, Part]] = Counter()
    for _, _, _, giver, taker, surplus, shortfall in matches:
        units = min(left.setdefault(giver, surplus), left.setdefault(taker, shortfall))
        if units:
            left[giver] -= units
            left[taker] -= units
            moved[giver, taker] += units
    return Flow(left, moved)


def reroute(flow: Flow, matches: Iterable[Match]) -> None:
    """Cover shortfalls that are left by what other takers can get elsewhere, until no such detour is left.

    Nobody gets less than before. Afterwards as much is covered along the matches as can be.
    """
    givers: dict[Part, list[Part]] = {}
    takers: dict[Part, list[Part]] = {}
    for match in matches:
        givers.setdefault(match.taker, []).append(match.giver)
        takers.setdefault(match.giver, []).append(match.taker)
    for taker in givers:
        while flow.left[taker] and (path := _detour(taker, flow, givers, takers)):
            _follow(path, flow)


def _detour(
    start: Part, flow: Flow, givers: Mapping[Part, Sequence[Part]], takers: Mapping[Part, Sequence[Part]]
) -> list[tuple[Part, Part]]:
    """Return the shortest chain of giver and taker from a surplus that is left to a shortfall that is left.

    The giver of each link after the first gives up the taker of the link before. Empty if there is none.
    """
    asked_by: dict[Part, Part] = {}
    freed_by: dict[Part, Part] = {}
    queue = [start]
    for taker in queue:
        for giver in givers[taker]:
            if giver in asked_by:
                continue
            asked_by[giver] = taker
            if flow.left[giver]:
                return _chain(giver, asked_by, freed_by)
            for other in takers[giver]:
                if flow.moved[giver, other] and other not in freed_by and other != start:
                    freed_by[other] = giver
                    queue.append(other)
    return []


def _chain(giver: Part, asked_by: Mapping[Part, Part], freed_by: Mapping[Part, Part]) -> list[tuple[Part, Part]]:
    chain = [(giver, asked_by[giver])]
    while (taker := chain[-1][1]) in freed_by:
        chain.append((freed_by[taker], asked_by[freed_by[taker]]))
    return chain


def _follow(path: Sequence[tuple[Part, Part]], flow: Flow) -> None:
    freed = [(giver, taker) for (_, taker), (giver, _) in pairwise(path)]
    first, last = path[0][0], path[-1][1]
    units = min(flow.left[first], flow.left[last], *(flow.moved[link] for link in freed))
    flow.left[first] -= units
    flow.left[last] -= units
    flow.moved.update(dict.fromkeys(path, units))
    flow.moved.subtract(dict.fromkeys(freed, units))
