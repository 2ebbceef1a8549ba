"""What the next months bring if nobody acts: how many positions are short on each day on which something changes.

The days are judged by the rules, as every day is, and nothing of it is stored. Only what a day changes is judged anew:
the transfer groups in which a purchase begins or has ended, a right begins or has ended, or a version is released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta

from rules import compliance
from rules.vocabulary import UNDER_LICENSED
from store import conclusions, facts, positioning
from store.book import Book, Row
from store.bulk import collector_off
from store.facts import Facts

MONTHS: Final = 12

Progress = Callable[[int, int], None]
"""Called with how many of how many steps are done."""

_ALONG: Final = 3
"""Groups nearer to each other than this are read at once."""

_Short = tuple[int, int]
"""Positions that are under-licensed, and the units that they lack."""


@dataclass(frozen=True)
class Point:
    """What holds from a day on. `ended` and `begun` are the purchases whose last or first day this change follows.

    `positions` are under-licensed, and lack `shortfall` units together. The first point is the day of judgement.
    """

    on: date
    positions: int
    shortfall: int
    ended: int = 0
    begun: int = 0


def until(as_of: date) -> date:
    """The last day that is foreseen from a day on."""
    return as_of + relativedelta(months=MONTHS)


def year(book: Book, *, as_of: date, progress: Progress | None = None) -> list[Point]:
    """The day of judgement and every later day of the next 12 months on which something changes, in order.

    `as_of` is the day that the book was last judged on: what the book says of it is taken as it stands.
    """
    with book.reading(), collector_off():
        between = as_of.toordinal(), until(as_of).toordinal()
        days = _days(book, *between)
        changes = _changes(book, days, progress)
        turns = _turns(book, *between)
    positions, shortfall = _standing(book)
    points = [Point(as_of, positions, shortfall)]
    for day in sorted({*turns, *(day for day, change in changes.items() if any(change))}):
        more, units = changes.get(day, (0, 0))
        positions, shortfall = positions + more, shortfall + units
        points.append(Point(date.fromordinal(day), positions, shortfall, *turns.get(day, (0, 0))))
    return points


# --------------------------------------------------------------------------------------------------------------- days
_JULIAN: Final = 1721424.5
"""What an ordinal lacks to a Julian day, as the database counts days."""


def _ordinal(day: str, after: int = 0) -> str:
    """The ordinal of a day in SQL, or of the one after it."""
    return f"CAST(julianday({day}) - {_JULIAN} AS INTEGER) + {after}"


_ENDED: Final = _ordinal("i.license_end", 1)
_BEGUN: Final = _ordinal("i.license_start")
_ITEMS: Final = "FROM contract_items i JOIN products p ON p.id = i.product_id"
_RIGHTS: Final = """FROM rights r JOIN products p ON p.family_id = r.family_id OR p.id = r.from_product_id"""
_RELEASES: Final = "FROM products p"
_CHANGES: Final = (
    (_ENDED, _ITEMS),
    (_BEGUN, _ITEMS),
    (_ordinal("r.valid_until", 1), _RIGHTS),
    (_ordinal("r.valid_from"), _RIGHTS),
    (_ordinal("p.released_on"), _RELEASES),
)
"""What can change a position with time: the day in SQL, and what it is read from."""


def _days(book: Book, first: int, last: int) -> dict[int, set[int]]:
    """Transfer group -> the days after the first, to the last, on which something changes in it."""
    found: dict[int, set[int]] = defaultdict(set)
    for day, source in _CHANGES:
        sql = f"SELECT DISTINCT p.transfer_group, {day} AS day {source} WHERE day > ? AND day <= ?"
        for group, on in book.each(sql, (first, last)):
            found[group].add(on)
    return found


def _turns(book: Book, first: int, last: int) -> dict[int, tuple[int, int]]:
    """Day -> the purchases that have ended the day before, and those that begin."""
    ended, begun = (
        dict(
            book.rows(f"SELECT {day} AS day, count(*) FROM contract_items i WHERE day > ? AND day <= ? GROUP BY 1", at)
        )
        for day, at in ((_ENDED, (first, last)), (_BEGUN, (first, last)))
    )
    return {day: (ended.get(day, 0), begun.get(day, 0)) for day in ended.keys() | begun.keys()}


def _standing(book: Book) -> _Short:
    row = book.one("SELECT count(*), coalesce(sum(-balance), 0) FROM positions WHERE status = ?", (UNDER_LICENSED,))
    return (0, 0) if row is None else (row[0], row[1])


# ------------------------------------------------------------------------------------------------------------- judging
def _changes(book: Book, days: Mapping[int, set[int]], progress: Progress | None) -> dict[int, _Short]:
    """Day -> by how much it changes the number of positions that are short, and the units that they lack."""
    steps = list(facts.ranges(book)) if days else []
    found: dict[int, _Short] = {}
    before = _standing_groups(book)
    for number, (first, last) in enumerate(steps):
        groups = [group for group in days if first <= group <= last]
        for group, day, short in _judge(book, groups, days, first, last):
            held, was = found.get(day, (0, 0)), before.get(group, (0, 0))
            found[day] = held[0] + short[0] - was[0], held[1] + short[1] - was[1]
            before[group] = short
        if progress is not None:
            progress(number + 1, len(steps))
    return found


def _standing_groups(book: Book) -> dict[int, _Short]:
    sql = """SELECT p.transfer_group, count(*), sum(-s.balance) FROM positions s JOIN products p ON p.id = s.product_id
        WHERE s.status = ? GROUP BY 1"""
    return {group: (count, units) for group, count, units in book.each(sql, (UNDER_LICENSED,))}


def _judge(
    book: Book, groups: Iterable[int], days: Mapping[int, set[int]], first: int, last: int
) -> Iterator[tuple[int, int, _Short]]:
    """Each transfer group that changes, with what holds of it from each of its days on, in the order of the days."""
    by_day: dict[int, list[int]] = defaultdict(list)
    for group in groups:
        for day in days[group]:
            by_day[day].append(group)
    if by_day:
        held = _groups(book, first, last)
        asked = set().union(*by_day.values())
        parts: dict[int, Facts] = {}
        for run in _runs(sorted(set(held.values())), asked):
            parts |= _parts(facts.read(book, *run), held, asked)
        for day in sorted(by_day):
            yield from ((group, day, short) for group, short in _judge_day(parts, held, by_day[day], day))


def _groups(book: Book, first: int, last: int) -> dict[int, int]:
    """Product -> its transfer group."""
    return dict(
        book.rows("SELECT id, transfer_group FROM products WHERE transfer_group BETWEEN ? AND ?", (first, last))
    )


def _runs(groups: Sequence[int], asked: set[int]) -> Iterator[tuple[int, int]]:
    """The groups asked for as ranges. One that lies between is cheaper to read along than to leave out."""
    wanted = [place for place, group in enumerate(groups) if group in asked]
    first = 0
    for at, place in enumerate(wanted):
        if at + 1 == len(wanted) or wanted[at + 1] > place + _ALONG:
            yield groups[wanted[first]], groups[place]
            first = at + 1


def _judge_day(
    parts: Mapping[int, Facts], groups: Mapping[int, int], asked: Sequence[int], day: int
) -> Iterator[tuple[int, _Short]]:
    """The groups of a day are judged together: the rules take hardly longer for a hundred of them than for one."""
    whole = _together([parts[group] for group in asked])
    found = positioning.balances(whole, conclusions.in_force(whole, day), day)
    distinct = list({balance for _, balance in found})
    judged = dict(zip(distinct, compliance.statuses(distinct), strict=True))
    lacking: dict[int, list[int]] = {group: [] for group in asked}
    for product, balance in found:
        if judged[balance][0] == UNDER_LICENSED:
            lacking[groups[product]].append(-balance)
    return ((group, (len(units), sum(units))) for group, units in lacking.items())


# ------------------------------------------------------------------------------------------------------ facts by group
def _parts(known: Facts, groups: Mapping[int, int], asked: set[int]) -> dict[int, Facts]:
    """The facts of a range, sorted by the transfer groups asked for."""
    parts = {
        group: Facts(metrics=known.metrics)
        for group in {groups[product] for product in known.products}
        if group in asked
    }
    for product, one in known.products.items():
        if part := parts.get(groups[product]):
            part.products[product] = one
    for key, lots in known.lots.items():
        if part := parts.get(groups[key[0]]):
            part.lots[key] = lots
    for key, held in known.entitlements.items():
        if part := parts.get(groups[key[0]]):
            part.entitlements[key] = held
            if held.id in known.overrides:
                part.overrides[held.id] = known.overrides[held.id]
    for cell, demand in known.demand.items():
        if part := parts.get(groups[cell[0]]):
            part.demand[cell] = demand
    for right, group in _righted(known, groups):
        if part := parts.get(group):
            part.rights.append(right)
    return parts


def _righted(known: Facts, groups: Mapping[int, int]) -> Iterator[tuple[Row, int]]:
    """Each right with the transfer group that it is for: a family, or a named pair, lies in one."""
    families = {one.family_id: groups[product] for product, one in known.products.items()}
    for right in known.rights:
        yield right, groups[right[3]] if right[2] is None else families[right[2]]


def _together(parts: Sequence[Facts]) -> Facts:
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
    return whole
