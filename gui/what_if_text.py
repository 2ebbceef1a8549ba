"""A scenario beside the book, as the command line tells it, and its changes as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from gui import wording
from gui.ahead_text import named
from store.money import cents
from store.scenarios.judging import Amounts, Comparison, Difference, Side
from store.scenarios.shape import (
    AddItem,
    Change,
    ChangeDemand,
    DropItem,
    RedateItem,
    RenewItem,
    SwitchRight,
)

AMOUNTS: Final[Mapping[str, str]] = {
    "to_close": "Cost to close",
    "to_keep": "Cost to keep",
    "surplus": "Worth of the surplus",
}
"""What the amounts of a side are called."""


def told(found: Comparison) -> Iterator[str]:
    """The lines of a comparison."""
    yield f"{found.scenario.scenario or 'Scenario'}, on {wording.day(found.on)}, beside the book"
    yield from (f"  {number}. {change(one)}" for number, one in enumerate(found.scenario.changes, start=1))
    differing = [one for one in found.positions if one.changes]
    yield from (difference(one) for one in differing)
    if not differing:
        yield "No position is any different."
    before, after = found.before, found.after
    yield "Of what the changes touch:"
    yield f"Positions short: {wording.number(before.positions)} → {wording.number(after.positions)}"
    yield f"Licenses missing: {wording.number(before.shortfall)} → {wording.number(after.shortfall)}"
    for name, words in AMOUNTS.items():
        yield from _side_by_side(words, getattr(before, name), getattr(after, name))
    yield from (f"Bought: {wording.amount(amount, code)}" for code, amount in found.bought.items())
    yield from (f"Dropped: {wording.amount(amount, code)}" for code, amount in found.dropped.items())


def _side_by_side(words: str, before: Amounts, after: Amounts) -> Iterator[str]:
    for code in sorted(before.keys() | after.keys()):
        sides = (wording.amount(cents(side.get(code, Decimal(0))), code) for side in (before, after))
        yield f"{words}: {' → '.join(sides)}"


def difference(one: Difference) -> str:
    """A position that the scenario changes: its balances, its status, and from when on it is short."""
    balances = " → ".join(_balance(side) for side in (one.before, one.after))
    short = " → ".join(short_from(side) for side in (one.before, one.after))
    return f"{named(one.product, one.model, one.metric)}: balance {balances}; short {short}"


def _balance(side: Side | None) -> str:
    return "none" if side is None else wording.quantity(side.standing.balance)


def short_from(side: Side | None) -> str:
    """From when on a side is short: "from 2027-01-01", "never"."""
    return "never" if side is None or side.shortage is None else f"from {side.shortage.on.isoformat()}"


# -------------------------------------------------------------------------------------------------------------- changes
KINDS: Final[Mapping[str, str]] = {
    "add-item": "Buy licenses",
    "drop-item": "Drop a contract item",
    "renew-item": "Renew a contract item",
    "redate-item": "Move a contract item",
    "change-demand": "Change demand",
    "switch-right": "Switch a right",
}
"""What the kinds of changes are called."""


def change(one: Change) -> str:
    """A change as a sentence."""
    return wording.line(_SAID[type(one)](one))


def _add(one: AddItem) -> str:
    term = f"from {one.license_start.isoformat()} {_until(one.license_end)}"
    price = "" if one.unit_price is None else f", {one.unit_price:f} {one.currency}".rstrip() + " each"
    units = "unlimited" if one.quantity is None else wording.number(one.quantity)
    return f"Buy {units} {named(one.product, one.model, one.metric)} in contract {one.contract}, {term}{price}"


def _renew(one: RenewItem) -> str:
    units = "" if one.quantity is None else f" with {wording.number(one.quantity)}"
    price = "" if one.unit_price is None else f" at {one.unit_price:f} each"
    return f"Renew item {one.contract}/{one.item}{units}{price} {_until(one.license_end)}"


def _redate(one: RedateItem) -> str:
    return f"Move item {one.contract}/{one.item}: from {one.license_start.isoformat()} {_until(one.license_end)}"


def _until(end: Any) -> str:
    return "without end" if end is None else f"to {end.isoformat()}"


def _demand(one: ChangeDemand) -> str:
    by = f"{wording.signed(one.by)}" if one.percent is None else f"{one.percent:+f} %".replace("-", wording.MINUS)
    return f"Demand of {one.product} by {one.metric}: {by}"


def _switch(one: SwitchRight) -> str:
    return f"Switch the right {one.right} {'on' if one.on else 'off'}"


_SAID: Final[Mapping[type, Callable[[Any], str]]] = {
    AddItem: _add,
    DropItem: lambda one: f"Drop item {one.contract}/{one.item}",
    RenewItem: _renew,
    RedateItem: _redate,
    ChangeDemand: _demand,
    SwitchRight: _switch,
}
