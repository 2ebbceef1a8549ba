"""Maintenance in time: how many units of a surplus may cover a version released on which day.

A unit may cover a version when it was under maintenance on some day from the version's release to the day of
judgement: the right is earned on the day of release (or on the first maintained day, if that is later) and outlives
the maintenance. So a unit is told by the last day on which it was maintained, and units are layered by that day.
"""

from collections import Counter
from collections.abc import Iterable

from rules.formulas import Lot

Layer = tuple[int, int]
"""Units of a surplus, and the last day (ordinal) on which that many units were maintained."""


def layers(lots: Iterable[Lot], surplus: int, as_of: int) -> list[Layer]:
    """Return the maintained units of a surplus in layers, the furthest reaching one first.

    Maintenance that begins after `as_of` is not known yet. Lots at the same time add up, lots one after another renew
    the same units. Surplus units are taken to be the maintained ones, so the layers are filled from the furthest
    reaching one down until the surplus is used up.
    """
    changes: Counter[int] = Counter()
    for first, last, units in lots:
        if first <= min(last, as_of):
            changes[last] += units
            changes[first - 1] -= units
    found: list[Layer] = []
    level = covered = 0
    for day in sorted(changes, reverse=True):
        level += changes[day]
        if min(level, surplus) > covered:
            found.append((min(level, surplus) - covered, day))
            covered = min(level, surplus)
    return found


def reach(versions: Iterable[tuple[int, int]], rank: int, depth: int, until: int) -> tuple[int, int]:
    """Return how far a layer reaches: the newest rank and the latest release among the versions that it may cover.

    `versions` are (rank, release day or 0) of one line; the layer belongs to `rank`, may go `depth` ranks ahead and was
    maintained `until` that day. (rank, 0) if it reaches nothing.
    """
    found = [(ahead, day) for ahead, day in versions if rank < ahead <= rank + depth and 0 < day <= until]
    return max([ahead for ahead, _ in found], default=rank), max([day for _, day in found], default=0)
