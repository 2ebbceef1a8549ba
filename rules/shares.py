"""Rows of the position split over resource groups; the parts add up to the row (Elpis decisions 5.24 and 5.25).

Resource groups are the caller's numbers; None stands for what no group holds ("Unallocated").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rules.transfers import Transfer
from rules.vocabulary import DOWNGRADE, UNLIMITED

Group = int | None
Parts = dict[Group, int]
"""Units by resource group."""


class Side(NamedTuple):
    """The active units and the demand of one row by resource group."""

    active: Parts
    demand: Parts


class Share(NamedTuple):
    """What one resource group has of a row; downgrade and upgrade are below zero for what it gives."""

    group: Group
    active: int
    demand: int
    downgrade: int
    upgrade: int


class Crossing(NamedTuple):
    """Units of a transfer (its place in the list) that one resource group gives to another one."""

    transfer: int
    giver_group: Group
    taker_group: Group
    quantity: int


def split_active(active: int, allocations: Iterable[tuple[int, int]]) -> Parts:
    """Return the active units of a row by group; `allocations` are (group, units), the oldest first.

    Where less is active than allocated the newest allocations are cut. What is not allocated stands under None.
    """
    parts: Parts = {}
    for group, units in allocations:
        granted = min(units, active)
        parts[group] = parts.get(group, 0) + granted
        active -= granted
    return {**parts, None: active} if active else parts


def split_demand(
    demands: Sequence[int], actives: Sequence[Mapping[Group, int]], wanted: Mapping[Group, int]
) -> list[Parts]:
    """Return the demand of every row of a product and metric by group.

    `demands` and `actives` are the rows' demand and their active units by group, `wanted` is the demand of the groups.
    The demand of a group goes to rows where it has active units first, then to the rows in their order. `ValueError`
    if `demands` and `wanted` do not have the same sum.
    """
    if sum(demands) != sum(wanted.values()):
        raise ValueError(f"rows hold a demand of {sum(demands)}, groups one of {sum(wanted.values())}")
    room, missing = list(demands), dict(wanted)
    parts: list[Parts] = [{} for _ in demands]
    for group, row, most in _places(actives, _in_order(wanted)):
        units = min(room[row], missing[group], most)
        if units:
            parts[row][group] = parts[row].get(group, 0) + units
            room[row] -= units
            missing[group] -= units
    return parts


def split_transfers(
    sides: Mapping[int, Side], transfers: Iterable[Transfer]
) -> tuple[dict[int, list[Share]], list[Crossing]]:
    """Return the shares of every row, and the parts of transfers that cross from one resource group to another.

    `sides` holds the rows by the positions that the transfers name. Units move inside of a resource group first, then
    from Unallocated, then across groups. No group gives more than its surplus or takes more than its shortfall. Shares
    stand in the order of their groups, Unallocated last; they have the sums of the row.
    """
    shares = {position: _shares(side) for position, side in sides.items()}
    crossings: list[Crossing] = []
    for number, transfer in enumerate(transfers):
        giver, taker = shares[transfer.giver], shares[transfer.taker]
        for source, target, units in _parts(giver, taker, transfer.quantity):
            _move(giver, source, transfer.kind, -units)
            _move(taker, target, transfer.kind, units)
            if source is not None and source != target:
                crossings.append(Crossing(number, source, target, units))
    return {position: [held[group] for group in _in_order(held)] for position, held in shares.items()}, crossings


def _places(actives: Sequence[Mapping[Group, int]], groups: Sequence[Group]) -> Iterator[tuple[Group, int, int]]:
    """Yield (group, row, most units) in the order in which demand is placed: on own active units, then anywhere."""
    for group in groups:
        yield from ((group, row, active.get(group, 0)) for row, active in enumerate(actives))
    for group in groups:
        yield from ((group, row, UNLIMITED) for row in range(len(actives)))


def _shares(side: Side) -> dict[Group, Share]:
    groups = dict.fromkeys((*side.active, *side.demand))
    return {group: Share(group, side.active.get(group, 0), side.demand.get(group, 0), 0, 0) for group in groups}


def _parts(
    giver: Mapping[Group, Share], taker: Mapping[Group, Share], quantity: int
) -> Iterator[tuple[Group, Group, int]]:
    surplus = {group: units for group in _in_order(giver) if (units := _balance(giver[group])) > 0}
    shortfall = {group: -units for group in _in_order(taker) if (units := _balance(taker[group])) < 0}
    for source, target in _routes(surplus, shortfall):
        units = min(surplus[source], shortfall[target], quantity)
        if units:
            yield source, target, units
            quantity -= units
            surplus[source] -= units
            shortfall[target] -= units


def _routes(surplus: Iterable[Group], shortfall: Iterable[Group]) -> list[tuple[Group, Group]]:
    """Return every way for units to move, within a group first, then from Unallocated, then across groups."""
    every = [(source, target) for target in shortfall for source in surplus]
    return sorted(every, key=lambda route: 0 if route[0] == route[1] else 1 if route[0] is None else 2)


def _balance(share: Share) -> int:
    return share.active - share.demand + share.downgrade + share.upgrade


def _move(shares: dict[Group, Share], group: Group, kind: str, units: int) -> None:
    share = shares[group]
    if kind == DOWNGRADE:
        shares[group] = share._replace(downgrade=share.downgrade + units)
    else:
        shares[group] = share._replace(upgrade=share.upgrade + units)


def _in_order(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (group is None, group or 0))
