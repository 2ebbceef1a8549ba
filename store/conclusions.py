"""From the facts of a range of transfer groups to what follows from them on a day: events, entitlements, positions.

No row is written here. Every conclusion is made by a rule of the rulebook; this module gives each rule its facts and
puts its conclusions, with the rule and the facts behind them, into the shape of the tables. Equal facts are judged
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rules import expiration, formulas, lifecycle
from rules.lifecycle import Mark, Term
from rules.vocabulary import MAINTENANCE, PERPETUAL
from store import positioning
from store.book import Row
from store.facts import DERIVED, Entitled, Facts, Key, Lot, Rows, because, iso, of
from store.positioning import PositionKey, TransferKey


class Day(NamedTuple):
    """The day of judgement (an ordinal) and the days before an end on which warnings are due, longest first."""

    as_of: int
    leads: tuple[int, ...]


Series = tuple[tuple[str, int, str, str], ...]
"""The events of a purchase by day: kind, lead, day and rule of each. Equal purchases share one object."""


Bought = tuple[int, int, int, int]
"""A contract item as the rules of lifecycle see it: its id, that of its contract, first day, number of its term."""


@dataclass(slots=True)
class Conclusions:
    """What follows from the facts, by the keys by which the book is compared with it."""

    bought: list[Bought] = field(default_factory=list[Bought])
    """Every contract item."""
    marks: list[list[Mark]] = field(default_factory=list[list[Mark]])
    """The events of each term, as days after the first valid day."""
    changed: list[Row] = field(default_factory=list[Row])
    """The derived columns (`store.facts.DERIVED`) and the id of the entitlements for which the book has others."""
    positions: dict[PositionKey, Row] = field(default_factory=dict[PositionKey, Row])
    """Position -> its columns from the entitlement on (`store.positioning.COLUMNS`)."""
    transfers: dict[TransferKey, Row] = field(default_factory=dict[TransferKey, Row])
    """Transfer -> quantity, rule, because."""


def judged(rows: Rows, day: Day) -> Conclusions:
    """Apply every rule of the rulebook to the facts behind some rows: plain data in, plain data out."""
    known = of(rows)
    entitlements = judge_entitlements(known, day)
    changed = [(*row, held.id) for key, row in entitlements.items() if (held := known.entitlements[key]).derived != row]
    positions, transfers = positioning.judge(known, entitlements, day.as_of)
    bought, terms = _bought(known)
    marks = lifecycle.marks_of(terms, day.leads)
    return Conclusions(bought, [marks[term] for term in terms], changed, positions, transfers)


# ------------------------------------------------------------------------------------------------------------- events
def _bought(facts: Facts) -> tuple[list[Bought], list[Term]]:
    """Every purchase, and the terms that there are. It counts within the purchases of its product, model and metric."""
    found: list[Bought] = []
    numbers: dict[Term, int] = {}
    for lots in facts.lots.values():
        if len(lots) == 1:
            terms = [Term(1, formulas.days(lots[0].starts_on, lots[0].ends_on), 0)]
        else:
            # The rules tell the first purchase from later ones; the second and the tenth are judged alike.
            ones = lifecycle.series(list(map(_in_series, lots)))
            terms = [lifecycle.term(one if one.number <= 2 else one._replace(number=2)) for one in ones]
        for lot, term in zip(lots, terms, strict=True):
            found.append((lot.id, lot.contract_id, lot.starts_on, numbers.setdefault(term, len(numbers))))
    return found, list(numbers)


def series(found: Conclusions) -> dict[int, tuple[int, Series]]:
    """Contract item -> its contract and its events on their days."""
    known: dict[tuple[int, int], Series] = {}
    series: dict[int, tuple[int, Series]] = {}
    for item, contract, starts_on, term in found.bought:
        events = known.get((starts_on, term))
        if events is None:
            on = ((kind, lead, iso(starts_on + after) or "", rule) for after, kind, lead, rule in found.marks[term])
            events = tuple(on)
            known[starts_on, term] = events
        series[item] = contract, events
    return series


def _in_series(lot: Lot) -> tuple[int, int, str, int]:
    return lot.starts_on, lot.invoiced_on, lot.key, lot.ends_on


# ------------------------------------------------------------------------------------------------------- entitlements
def judge_entitlements(facts: Facts, day: Day) -> dict[Key, Row]:
    """The derived columns of every entitlement: of those that purchases feed, and of those that none feeds any more."""
    fed = _fed(facts)
    governing = {key: lots[0] if len(lots) == 1 else _governing(lots, day.as_of) for key, lots in fed.items()}
    states = _states(governing.values(), day)
    found = {
        key: _entitlement(facts, day.as_of, key, fed[key], states[lot.starts_on, lot.ends_on], lot.key)
        for key, lot in governing.items()
    }
    for key, entitlement in facts.entitlements.items():
        if key not in found:
            found[key] = _archived(facts, key, entitlement)
    return found


def in_force(facts: Facts, as_of: int) -> dict[Key, Row]:
    """Of the derived columns of every entitlement those that balances hang on, and None for all others."""
    fed = _fed(facts)
    rest = (None,) * (len(DERIVED) - 3)
    return {
        key: (0, 0, _active(fed[key], as_of), *rest) if key in fed else (1, 0, 0, *rest) for key in facts.entitlements
    }


def _fed(facts: Facts) -> dict[Key, list[Lot]]:
    """The purchases of every entitlement that has some."""
    held = facts.entitlements
    return {key: lots for key, lots in facts.lots.items() if key in held and lots[0].entitlement_id == held[key].id}


def _governing(lots: Sequence[Lot], as_of: int) -> Lot:
    return lots[expiration.governing(list(map(_in_series, lots)), as_of)]


def _states(lots: Iterable[Lot], day: Day) -> dict[tuple[int, int], tuple[str, str]]:
    """(First day, last day) of a purchase -> its state and the rule."""
    lead = max(day.leads, default=0)
    spans = list({(lot.starts_on, lot.ends_on) for lot in lots})
    judged = expiration.states([expiration.Term(*span, day.as_of, lead) for span in spans])
    return dict(zip(spans, judged, strict=True))


def _entitlement(facts: Facts, as_of: int, key: Key, lots: Sequence[Lot], judged: tuple[str, str], reason: str) -> Row:
    product, model, metric = key
    held = facts.entitlements[key]
    allocations = facts.allocations.get(held.id)
    active = _active(lots, as_of)
    maintained = _active(facts.lots.get((product, MAINTENANCE, metric), ()), as_of) if model == PERPETUAL else 0
    first, last, quantity = _extent(lots, as_of)
    price, currency = price_of(lots, as_of)
    return (
        0,
        quantity,
        active,
        sum([units for _, units in allocations]) if allocations else 0,
        min(active, maintained),
        maintained,
        iso(first),
        iso(first) if first <= as_of else None,
        iso(last),
        judged[0],
        facts.synchronized.get((product, metric)),
        price,
        currency,
        held.responsible_id or _responsible(lots),
        judged[1],
        because([reason]),
    )


def _extent(lots: Sequence[Lot], as_of: int) -> tuple[int, int, int]:
    """First day, last day (of those purchases that have not ended, if there are any) and quantity of all purchases."""
    if len(lots) == 1:
        return lots[0].starts_on, lots[0].ends_on, lots[0].quantity
    ends = [lot.ends_on for lot in lots]
    alive = [end for end in ends if end >= as_of] or ends
    return min([lot.starts_on for lot in lots]), max(alive), formulas.total([lot.quantity for lot in lots])


def _responsible(lots: Sequence[Lot]) -> int | None:
    """The group that the latest purchase naming one names."""
    if len(lots) == 1:
        return lots[0].responsible_id
    named = [(lot.starts_on, lot.invoiced_on, lot.key, lot.responsible_id) for lot in lots if lot.responsible_id]
    return max(named)[3] if named else None


def _active(lots: Sequence[Lot], as_of: int) -> int:
    current = [lot.quantity for lot in lots if lot.starts_on <= as_of <= lot.ends_on]
    return formulas.total(current) if len(current) > 1 else sum(current)


def price_of(lots: Sequence[Lot], as_of: int) -> tuple[str | None, str | None]:
    """The latest unit price, among the purchases that have begun where there are any, with its currency."""
    lot = priced(lots, as_of)
    return (None, None) if lot is None else (lot.unit_price, lot.currency)


def priced(lots: Sequence[Lot], as_of: int) -> Lot | None:
    """The purchase whose unit price is the latest, as `price_of` takes it."""
    known = [lot for lot in lots if lot.unit_price is not None]
    if len(known) > 1:
        known.sort(key=lambda lot: (lot.starts_on <= as_of, lot.starts_on, lot.invoiced_on, lot.key))
    return known[-1] if known else None


def _archived(facts: Facts, key: Key, held: Entitled) -> Row:
    """An entitlement that no contract item feeds is kept for its history, holds nothing and has no state."""
    allocated = sum(units for _, units in facts.allocations.get(held.id, ()))
    synchronized = facts.synchronized.get((key[0], key[2]))
    activation = held.derived[DERIVED.index("activation")] if held.derived else None
    return (1, 0, 0, allocated, 0, 0, None, activation, None, "", synchronized, None, None, None, "", "[]")
