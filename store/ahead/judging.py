"""Judges transfer groups on days that are not stored, and tells what a day changes."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from rules import compliance
from rules.vocabulary import COMPLIANT, UNDER_LICENSED
from store import conclusions, positioning
from store.ahead import parts
from store.ahead.days import Days
from store.ahead.shape import Standing
from store.book import Book
from store.facts import Facts
from store.positioning import PositionKey

Standings = dict[PositionKey, Standing]

_NOTHING = Standing(0, 0, 0, 0, 0, COMPLIANT)
"""What a position is before it opens: a counting rule may count what counted nothing before."""

Prices = dict[PositionKey, tuple[str | None, str | None]]

_STORED = """
SELECT s.product_id, s.metric_id, s.model, s.active, s.demand, s.downgrade, s.upgrade, s.balance, s.status,
       s.price_amount, s.price_currency
FROM products p CROSS JOIN positions s ON s.product_id = p.id WHERE p.transfer_group BETWEEN ? AND ?"""


def stored(book: Book, between: tuple[int, int], held: Container[int]) -> tuple[Standings, Prices]:
    """The positions of some products in a range of transfer groups as the book has them, and what short ones cost."""
    found: Standings = {}
    prices: Prices = {}
    for row in book.each(_STORED, between):
        if row[0] in held:
            found[row[:3]] = Standing(*row[3:9])
            if row[8] == UNDER_LICENSED:
                prices[row[:3]] = row[9:]
    return found, prices


def judged(known: Sequence[Facts], day: int) -> Standings:
    """The positions of some groups on a day (ordinal).

    They are judged together: the rules take hardly longer for a hundred groups than for one.
    """
    if not known:
        return {}
    whole = parts.together(known)
    found = positioning.figures(whole, conclusions.in_force(whole, day), day)
    distinct = list({figures[4] for figures in found.values()})
    statuses = {balance: status for balance, (status, _) in zip(distinct, compliance.statuses(distinct), strict=True)}
    return {key: Standing(*figures, statuses[figures[4]]) for key, figures in found.items()}


def changes(
    known: Mapping[int, Facts], days: Days, first: Standings
) -> Iterator[tuple[int, PositionKey, Standing, Standing]]:
    """Every position that a day changes: the day, what it was and what it is from then on; in the order of the days."""
    by_day: dict[int, list[Facts]] = {}
    for group, some in days.items():
        for day in some:
            by_day.setdefault(day, []).append(known[group])
    present = dict(first)
    for day in sorted(by_day):
        for key, standing in judged(by_day[day], day).items():
            before = present.get(key, _NOTHING)
            if before != standing:
                yield day, key, before, standing
                present[key] = standing
