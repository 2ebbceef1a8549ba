"""The facts of a range of transfer groups, sorted by group: days change some groups, and only these are judged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from store import facts
from store.book import Book, Row
from store.facts import Facts

_ALONG: Final = 3
"""Groups nearer to each other than this are read at once."""


def read(book: Book, held: Mapping[int, int], asked: Collection[int]) -> dict[int, Facts]:
    """The facts of each of the groups asked for; `held` are the products of a range of groups."""
    parts: dict[int, Facts] = {}
    for run in runs(sorted(set(held.values())), asked):
        parts |= _parts(facts.read(book, *run), held, asked)
    return parts


def runs(groups: Sequence[int], asked: Collection[int]) -> Iterator[tuple[int, int]]:
    """The groups asked for as ranges. One that lies between is cheaper to read along than to leave out."""
    wanted = [place for place, group in enumerate(groups) if group in asked]
    first = 0
    for at, place in enumerate(wanted):
        if at + 1 == len(wanted) or wanted[at + 1] > place + _ALONG:
            yield groups[wanted[first]], groups[place]
            first = at + 1


def _parts(known: Facts, groups: Mapping[int, int], asked: Collection[int]) -> dict[int, Facts]:
    """The facts of a range, sorted by the transfer groups asked for."""
    parts = {
        group: Facts(metrics=known.metrics)
        for group in {groups[product] for product in known.products}
        if group in asked
    }
    for product, one in known.products.items():
        if part := parts.get(groups[product]):
            part.products[product] = one
    for name in ("lots", "entitlements", "demand", "prices", "counted"):
        for key, value in getattr(known, name).items():
            if part := parts.get(groups[key[0]]):
                getattr(part, name)[key] = value
    for key, held in known.entitlements.items():
        if held.id in known.overrides and (part := parts.get(groups[key[0]])):
            part.overrides[held.id] = known.overrides[held.id]
    for right, group in _righted(known, groups):
        if part := parts.get(group):
            part.rights.append(right)
    return parts


def _righted(known: Facts, groups: Mapping[int, int]) -> Iterator[tuple[Row, int]]:
    """Each right with the transfer group that it is for: a family, or a named pair, lies in one."""
    families = {one.family_id: groups[product] for product, one in known.products.items()}
    for right in known.rights:
        yield right, groups[right[3]] if right[2] is None else families[right[2]]


def together(parts: Sequence[Facts]) -> Facts:
    """The facts of several groups as one."""
    if len(parts) == 1:
        return parts[0]
    whole = Facts(metrics=parts[0].metrics)
    for part in parts:
        whole.products |= part.products
        whole.lots |= part.lots
        whole.entitlements |= part.entitlements
        whole.overrides |= part.overrides
        whole.demand |= part.demand
        whole.rights += part.rights
        whole.prices |= part.prices
        whole.counted |= part.counted
        whole.ruled |= part.ruled
    return whole
