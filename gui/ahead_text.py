"""What is to come, as the command line tells it: days with the positions that change, then what falls short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from gui import wording
from store.forecast import Cause, Change, Day, Forecast, Shortage

CAUSES: Final[Mapping[str, str]] = {
    "purchase-ended": "{} has ended",
    "purchase-begun": "{} begins",
    "right-ended": "{} has ended",
    "right-begun": "{} begins",
    "release": "{} is released",
    "counting": "{} holds",
}
"""What each kind of cause is in words; {} is what it is about."""

_FACTS: Final = {"contract_item": "item", "right": "right", "product": "product", "counting_rule": "counting rule"}


def told(found: Forecast) -> Iterator[str]:
    """The lines of a forecast."""
    yield f"From {wording.day(found.as_of)} to {wording.day(found.until)}"
    yield f"On the first day {_short(found.positions, found.shortfall)}."
    for day in found.days:
        yield from _day(day)
    if not found.days:
        yield "Nothing changes in these months."
    later = [one for one in found.shortages if one.on > found.as_of]
    if later:
        yield "Falls short:"
        yield from (f"  {shortage(one)}" for one in later)
    yield from costs(found.costs, found.unpriced)


def _day(day: Day) -> Iterator[str]:
    yield f"{day.on.isoformat()}: {_short(day.positions, day.shortfall)}"
    yield from (f"  {change(one)}" for one in day.changes)


def _short(positions: int, units: int) -> str:
    if not positions:
        return "nothing is short"
    lack = "lacks" if positions == 1 else "lack"
    return f"{wording.plural(positions, 'position')} {lack} {wording.plural(units, 'license')}"


def named(product: str, model: str, metric: str) -> str:
    """A position by its name: "Office | subscription | device"."""
    return f"{product} | {model or 'no entitlement'} | {metric}"


def change(one: Change) -> str:
    """A position that changes: its balance before and after, its status, and why."""
    balances = f"{wording.quantity(one.before.balance)} → {wording.quantity(one.after.balance)}"
    status = wording.WORDS[one.after.status]
    return f"{named(*one[:3])}: balance {balances}, {status}; {'; '.join(map(cause, one.causes))}"


def cause(one: Cause) -> str:
    """What changes on a day: "item C1/1 has ended"."""
    kind, _, name = one.fact.partition(":")
    return CAUSES[one.kind].format(f"{_FACTS[kind]} {wording.line(name)}")


def shortage(one: Shortage) -> str:
    """From when on a position is short, by how much at worst, and what it costs to keep it."""
    units = wording.plural(one.most, "license")
    worst = "" if one.most_on == one.on else f" from {one.most_on.isoformat()} on"
    cost = "no known price" if one.cost is None else f"{wording.amount(one.cost, one.currency or '')} to keep it"
    position = named(one.product, one.model, one.metric)
    return f"{one.on.isoformat()}  {position}: {units}{worst}, {cost}"


def costs(found: Mapping[str, Decimal], unpriced: int) -> Iterator[str]:
    """What it costs by currency that nothing is ever short, and how much of it nobody knows."""
    for currency, cost in found.items():
        yield f"Cost to keep everything: {wording.amount(cost, currency)}"
    if unpriced:
        yield f"Without a known price: {wording.plural(unpriced, 'position')}"
