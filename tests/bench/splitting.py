"""Positions by resource group, by hand. Groups are ids, and 0 (last everywhere) stands for what no group holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from tests.bench.exchange import Move
    from tests.bench.loops import Stand

Part = list[int]
"""Active, demand, downgrade, upgrade of one resource group."""
Parts = dict[int, Part]


def split(
    rows: Sequence[Stand],
    moves: Sequence[Move],
    allocations: dict[int, list[tuple[int, int]]],
    demand: dict[tuple[int, int], dict[int, int]],
) -> None:
    """Write the breakdown into those rows of a group of products in which resource groups have a part."""
    grouped = [row for row in rows if row.entitlement in allocations or any(demand.get((row.product, row.metric), {}))]
    if not grouped:
        return
    chosen = [move for move in moves if move[1] in grouped or move[2] in grouped]
    involved = {*grouped, *(move[1] for move in chosen), *(move[2] for move in chosen)}
    parts: dict[Stand, Parts] = {}
    for cell in {(row.product, row.metric) for row in involved}:
        parts |= _divide([row for row in rows if (row.product, row.metric) == cell], allocations, demand.get(cell, {}))
    for _, giver, taker, right, units in chosen:
        _carry(giver, taker, parts, 2 if right[1] == "downgrade" else 3, units)
    for row in grouped:
        shares = [(group or None, *parts[row][group]) for group in _groups(parts[row])]
        row.breakdown = orjson.dumps(shares).decode()


def _groups(groups: Iterable[int]) -> list[int]:
    return sorted(groups, key=lambda group: (not group, group))


def _divide(
    rows: Sequence[Stand], allocations: dict[int, list[tuple[int, int]]], wanted: dict[int, int]
) -> dict[Stand, Parts]:
    """Active units and demand of the rows of one product and metric, by group."""
    parts: dict[Stand, Parts] = {row: {} for row in rows}
    for row in rows:
        rest = row.active
        for group, units in allocations.get(row.entitlement or 0, ()):
            parts[row].setdefault(group, [0, 0, 0, 0])[0] += min(units, rest)
            rest -= min(units, rest)
        if rest:
            parts[row].setdefault(0, [0, 0, 0, 0])[0] += rest
    missing, room = dict(wanted), {row: row.demand for row in rows}
    for own in (True, False):
        for group in _groups(wanted):
            for row in rows:
                held = parts[row].get(group, (0,))[0]
                units = min(missing[group], room[row], held if own else missing[group])
                if units:
                    parts[row].setdefault(group, [0, 0, 0, 0])[1] += units
                    missing[group] -= units
                    room[row] -= units
    return parts


def _carry(giver: Stand, taker: Stand, parts: dict[Stand, Parts], column: int, units: int) -> None:
    """Carry a transfer over: inside of a group first, then from what no group holds, then from group to group."""

    def balance(part: Part) -> int:
        return part[0] - part[1] + part[2] + part[3]

    surplus = {group: balance(parts[giver][group]) for group in _groups(parts[giver])}
    shortfall = {group: -balance(parts[taker][group]) for group in _groups(parts[taker])}
    ways = [(group, group) for group in shortfall if group in surplus]
    ways += [(0, group) for group in shortfall if group and 0 in surplus]
    ways += [(source, target) for target in shortfall for source in surplus if source and source != target]
    for source, target in ways:
        some = min(surplus[source], shortfall[target], units)
        if some <= 0:
            continue
        parts[giver][source][column] -= some
        parts[taker][target][column] += some
        surplus[source] -= some
        shortfall[target] -= some
        units -= some
        if source and source != target:
            giver.crossings += 1
            taker.crossings += 1
