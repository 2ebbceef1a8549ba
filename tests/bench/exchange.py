"""Transfers by hand: downgrades, then upgrades, each as one greedy walk over the pairs of rows that a right allows.

The walk of upgrades is as good as any where newer versions of a family were never released before older ones; the
estates that this is used on are like that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.bench.loops import Key, Lot, Stand

Right = tuple[Any, ...]
"""Id, kind, family, giving product, taking product, metric, depth, name."""

Move = tuple[str, "Stand", "Stand", Right, int]
"""Rule (without its subject), giver, taker, right, units."""

MODELS = {"perpetual": 0, "subscription": 1, None: 2}


class Place(NamedTuple):
    """Where a product stands among the versions of its family and edition; family 0 where that is not known."""

    family: int
    edition: str
    rank: int
    released_on: str


class Offer(NamedTuple):
    """A pair that may exchange: how early it is served, the right, and both sides with what limits them.

    The giver is a row and the last day on which its units were maintained ("" for downgrades).
    """

    order: tuple[Any, ...]
    rule: str
    right: Right
    giver: tuple[Any, str]
    units: int
    taker: Any


def places_of(products: Iterable[tuple[Any, ...]]) -> dict[int, Place]:
    """The places of products, given as id, family, edition, rank, release day and version."""
    lines: dict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
    places: dict[int, Place] = {}
    for product in products:
        if product[1] is None:
            places[product[0]] = Place(0, "", 0, product[4])
        else:
            lines[product[1], product[2]].append(product)
    for line, members in lines.items():
        ages = _ages(members)
        order = sorted({age for age in ages if age is not None})
        for member, age in zip(members, ages, strict=True):
            known = (0, "", 0) if age is None else (*line, order.index(age))
            places[member[0]] = Place(*known, member[4])
    return places


def _ages(members: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
    """What tells the ages of versions: the first of rank, release day and version that all have who have any."""
    known = [each for each in members if each[3] is not None or each[4] or each[5]]
    if all(each[3] is not None for each in known):
        return [each[3] for each in members]
    if all(each[4] for each in known):
        return [each[4] or None for each in members]
    if all(each[5] for each in known):
        return [_natural(each[5]) if each[5] else None for each in members]
    return [None] * len(members)


def _natural(version: str) -> tuple[tuple[int, int, str], ...]:
    words = re.findall(r"[0-9]+|[^\W\d_]+", version.casefold())
    return tuple((1, int(word), "") if word.isdecimal() else (0, 0, word) for word in words)


def exchange(
    rows: Sequence[Stand],
    rights: Sequence[Right],
    places: dict[int, Place],
    lots: dict[Key, list[Lot]],
    as_of: str,
) -> list[Move]:
    """Move surplus to shortfall by the rights that hold on the day; the moves, which the rows have in their figures."""
    balances = [row.balance for row in rows]
    if min(balances) >= 0 or max(balances) <= 0:
        return []
    moves: list[Move] = []
    for kind, offers in (("downgrade", _downgrades), ("upgrade", _upgrades)):
        holding = [right for right in rights if right[1] == kind]
        if not holding:
            continue
        givers = [(number, row) for number, row in enumerate(rows) if row.balance > 0]
        takers = [(number, row) for number, row in enumerate(rows) if row.balance < 0]
        if givers and takers:
            found = offers(givers, takers, holding, places, lots, as_of)
            moves += _walk(kind, sorted(found, key=lambda offer: offer.order))
    return moves


def _walk(kind: str, offers: Sequence[Offer]) -> list[Move]:
    """Serve one offer after the other with what both sides have left."""
    left: dict[Any, int] = {}
    first: dict[tuple[Any, Any], Offer] = {}
    moved: dict[tuple[Any, Any], int] = {}
    for offer in offers:
        giver, taker = offer.giver, offer.taker
        first.setdefault((giver, taker), offer)
        units = min(left.setdefault(giver, offer.units), left.setdefault(taker, -taker.balance))
        if units:
            left[giver] -= units
            left[taker] -= units
            moved[giver, taker] = moved.get((giver, taker), 0) + units
    sums: dict[tuple[Any, ...], int] = {}
    for pair, units in moved.items():
        offer = first[pair]
        key = offer.rule, pair[0][0], pair[1], offer.right
        sums[key] = sums.get(key, 0) + units
    for (_, giver, taker, right), units in sums.items():
        setattr(giver, kind, getattr(giver, kind) - units)
        setattr(taker, kind, getattr(taker, kind) + units)
        for row in (giver, taker):
            row.rights.append(f"right:{right[7]}")
    return [(*key, units) for key, units in sums.items()]


_Side = Sequence[tuple[int, Any]]


def _pairs(givers: _Side, takers: _Side, right: Right, places: dict[int, Place]) -> Iterator[tuple[Any, ...]]:
    """Giver and taker (number, row, place) of one right, before versions are compared."""
    _, _, family, source, target, metric, _, _ = right
    for number, giver in givers:
        if metric is not None and giver.metric != metric:
            continue
        if family is None and giver.product != source:
            continue
        here = places[giver.product]
        if family is not None and here.family != family:
            continue
        for other, taker in takers:
            there = places[taker.product]
            if giver.metric != taker.metric:
                continue
            if family is None:
                if taker.product == target:
                    yield number, giver, here, other, taker, there
            elif there.family == family and there.edition == here.edition:
                yield number, giver, here, other, taker, there


def _downgrades(
    givers: _Side, takers: _Side, rights: Sequence[Right], places: dict[int, Place], *_: Any
) -> Iterator[Offer]:
    for right in rights:
        named = right[2] is None
        for number, giver, here, other, taker, there in _pairs(givers, takers, right, places):
            if not named and not 0 < here.rank - there.rank <= right[6]:
                continue
            order = (
                there.rank, MODELS[taker.model], other, named,
                here.rank, MODELS[giver.model], number, right[0],
            )  # fmt: skip
            rule = "downgrade-pair" if named else "downgrade"
            yield Offer(order, rule, right, (giver, ""), giver.balance, taker)


def _upgrades(
    givers: _Side,
    takers: _Side,
    rights: Sequence[Right],
    places: dict[int, Place],
    lots: dict[Key, list[Lot]],
    as_of: str,
) -> Iterator[Offer]:
    owners = [(number, row) for number, row in givers if row.model == "perpetual"]
    layers = {number: list(_layers(row, lots, as_of)) for number, row in owners}
    for right in rights:
        named = right[2] is None
        pairs = list(_pairs(owners, takers, right, places))
        for number, giver, here, other, taker, there in pairs:
            day = there.released_on
            if not day or day > as_of or (not named and not 0 < there.rank - here.rank <= right[6]):
                continue
            # Several rights may cover a line: its units are kept for those takers that the longest reaches.
            same = [r for r in rights if r[2] == right[2] and _covers(r, giver)] if not named else [right]
            depth = max(each[6] for each in same)
            ahead = [place for n, _, _, _, _, place in pairs if n == number and 0 < place.rank - here.rank <= depth]
            for units, until in layers[number]:
                if day > until:
                    continue
                reached = [place for place in ahead if "" < place.released_on <= min(until, as_of)]
                order = (
                    there.rank, MODELS[taker.model], other, named,
                    max([place.rank for place in reached], default=here.rank),
                    max([place.released_on for place in reached], default=""),
                    -here.rank, number, until, right[0],
                )  # fmt: skip
                rule = "upgrade-pair" if named else "upgrade"
                yield Offer(order, rule, right, (giver, until), units, taker)


def _covers(right: Right, giver: Stand) -> bool:
    return right[5] is None or right[5] == giver.metric


def _layers(row: Stand, lots: dict[Key, list[Lot]], as_of: str) -> Iterator[tuple[int, str]]:
    """Units of a surplus that were maintained, and the last day on which so many were; the furthest reaching first."""
    cover = [lot for lot in lots.get((row.product, "maintenance", row.metric), ()) if lot.starts_on <= as_of]
    taken = 0
    for day in sorted({lot.ends_on for lot in cover}, reverse=True):
        level = sum(lot.quantity for lot in cover if lot.starts_on <= day <= lot.ends_on)
        if min(level, row.balance) > taken:
            yield min(level, row.balance) - taken, day
            taken = min(level, row.balance)
