"""Looks ahead in a range of transfer groups: what each day changes there, and what falls short when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from rules.vocabulary import UNDER_LICENSED, UNLIMITED, is_unlimited
from store import conclusions, facts, pricing
from store.ahead import days, judging, parts
from store.ahead.days import Days
from store.ahead.judging import Standings
from store.ahead.shape import Cause, Change, Day, Forecast, Shortage, Standing
from store.book import Book
from store.facts import Facts
from store.positioning import PositionKey
from store.pricing import Price


@dataclass(frozen=True)
class Asked:
    """What is asked: the first and the last day (ordinals), and whether the book was last judged on the first.

    `groups` are the transfer groups that it is about, None for all.
    """

    first: int
    last: int
    stands: bool
    groups: frozenset[int] | None


class _Lack(NamedTuple):
    on: int
    units: int
    price: Price
    flat: bool
    most: int
    most_on: int


@dataclass
class Found:
    """What was found in all ranges so far."""

    changes: dict[int, list[Change]] = field(default_factory=lambda: defaultdict(list))
    short: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    """Day -> by how much it changes the number of positions that are short, and the units that they lack."""
    shortages: list[Shortage] = field(default_factory=list[Shortage])

    def count(self, day: int, standing: Standing, sign: int) -> None:
        """Count what is short from a day on, or (by a sign of -1) is no longer."""
        if standing.status == UNDER_LICENSED:
            held = self.short[day]
            held[0] += sign
            held[1] -= sign * standing.balance

    def forecast(self, asked: Asked) -> Forecast:
        """All of it, in order."""
        first, last = date.fromordinal(asked.first), date.fromordinal(asked.last)
        shortages = sorted(self.shortages, key=lambda one: (one.on, one.product, one.model, one.metric))
        positions, units = self.short[asked.first]
        return Forecast(first, last, positions, units, tuple(self._days(asked.first)), tuple(shortages))

    def _days(self, first: int) -> Iterator[Day]:
        positions, units = self.short[first]
        for on in sorted(self.changes):
            positions, units = positions + self.short[on][0], units + self.short[on][1]
            yield Day(date.fromordinal(on), tuple(sorted(self.changes[on])), positions, units)


def look(book: Book, between: tuple[int, int], asked: Asked, found: Found) -> None:
    """Look ahead in the transfer groups of a range, from the first to the last."""
    seen = _see(book, between, asked)
    lacks: dict[PositionKey, _Lack] = {}
    for key, standing in seen.present.items():
        found.count(asked.first, standing, 1)
        _lack(lacks, key, asked.first, standing, seen)
    for day, key, before, after in judging.changes(seen.known, seen.days, seen.present):
        found.count(day, before, -1)
        found.count(day, after, 1)
        found.changes[day].append(seen.change(key, before, after, day))
        _lack(lacks, key, day, after, seen)
    found.shortages += [seen.shortage(key, lack) for key, lack in lacks.items()]


# ------------------------------------------------------------------------------------------------------------ a range
@dataclass(frozen=True)
class _Seen:
    """What is known of a range: products with their groups and names, facts by group, days by group, the first day."""

    held: Mapping[int, int]
    names: Mapping[int, str]
    metrics: Mapping[int, str]
    known: Mapping[int, Facts]
    days: Days
    present: Standings
    prices: Mapping[PositionKey, Price]

    def named(self, key: PositionKey) -> tuple[str, str, str]:
        """Product, model and metric of a position."""
        return self.names[key[0]], key[2] or "", self.metrics[key[1]]

    def change(self, key: PositionKey, before: Standing, after: Standing, day: int) -> Change:
        """What a day makes of a position."""
        named = self.named(key)
        causes = self.days[self.held[key[0]]][day]
        return Change(*named, before, after, tuple(_of(causes, named[0], before[2:4] != after[2:4])))

    def shortage(self, key: PositionKey, lack: _Lack) -> Shortage:
        """What a position lacks, in words."""
        on, most_on = date.fromordinal(lack.on), date.fromordinal(lack.most_on)
        return Shortage(*self.named(key), on, lack.units, lack.most, most_on, *lack.price, lack.flat)

    def price(self, key: PositionKey, day: int) -> tuple[Price, bool]:
        """The unit price that is known of a position on a day, and whether it is for licenses without limit.

        As the rules find it, or, where the facts were not read, as the book has it: these hold nothing without limit.
        """
        product, metric, model = key
        known = self.known.get(self.held[product])
        if known is None:
            return self.prices[key], False
        listed = pricing.listed(known, product, model, metric, day)
        if listed is not None:
            return listed, False
        lot = conclusions.priced(known.lots.get((product, model or "", metric), ()), day)
        return ((None, None), False) if lot is None else ((lot.unit_price, lot.currency), is_unlimited(lot.quantity))


def _see(book: Book, between: tuple[int, int], asked: Asked) -> _Seen:
    products = {
        number: (group, name)
        for number, group, name in book.rows(_PRODUCTS, between)
        if asked.groups is None or group in asked.groups
    }
    held = {number: group for number, (group, _) in products.items()}
    groups = set(held.values())
    turns = {g: some for g, some in days.of(book, between, (asked.first, asked.last)).items() if g in groups}
    known = parts.read(book, held, (turns.keys() | _unlimited(book, between)) & groups if asked.stands else groups)
    names = {number: name for number, (_, name) in products.items()}
    metrics = dict(book.rows("SELECT id, code FROM metrics"))
    if not asked.stands:
        return _Seen(held, names, metrics, known, turns, judging.judged(list(known.values()), asked.first), {})
    present, prices = judging.stored(book, between, held)
    return _Seen(held, names, metrics, known, turns, present, prices)


def _unlimited(book: Book, between: tuple[int, int]) -> set[int]:
    """The transfer groups of a range in which something is held without limit."""
    sql = """SELECT DISTINCT p.transfer_group FROM products p CROSS JOIN contract_items i ON i.product_id = p.id
        WHERE p.transfer_group BETWEEN ? AND ? AND i.quantity > ?"""
    return {row[0] for row in book.rows(sql, (*between, UNLIMITED // 2))}


_PRODUCTS = "SELECT id, transfer_group, product FROM products WHERE transfer_group BETWEEN ? AND ?"


def _of(causes: Sequence[Cause], product: str, moved: bool) -> Iterable[Cause]:
    """The causes that concern a product, first its own; those of its family only where units move otherwise."""
    own = [cause for cause in causes if cause.product == product]
    return own if own and not moved else [*own, *(cause for cause in causes if cause.product != product)]


def _lack(lacks: dict[PositionKey, _Lack], key: PositionKey, day: int, standing: Standing, seen: _Seen) -> None:
    """Note what a position lacks from a day on, if it does."""
    if standing.status != UNDER_LICENSED:
        return
    units, held = -standing.balance, lacks.get(key)
    if held is None:
        lacks[key] = _Lack(day, units, *seen.price(key, day), units, day)
    elif units > held.most:
        lacks[key] = held._replace(most=units, most_on=day)


def ranges(book: Book, groups: frozenset[int] | None) -> list[tuple[int, int]]:
    """Some transfer groups, or all, as ranges: few each by itself, many together with what lies between them."""
    if groups is not None and len(groups) < _MANY:
        return [(group, group) for group in sorted(groups)]
    every = facts.ranges(book)
    return [one for one in every if groups is None or any(one[0] <= group <= one[1] for group in groups)]


_MANY: Final = 50
