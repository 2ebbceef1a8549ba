"""A scenario beside the book for other programs: as JSON, as a workbook, or as a CSV file with a line a position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from store.ahead.handing_out import standing_data, units
from store.ahead.shape import Shortage
from store.scenarios import reading
from store.scenarios.judging import Amounts, Comparison, Difference, Side, Sum
from store.scenarios.shape import Scenario
from store.snapshots import single
from store.snapshots.single import POSITION, table

FORMAT: Final = "elpis-what-if"
"""Value of the key `format`."""

FORMAT_VERSION: Final = 1

POSITIONS: Final = table(
    "positions",
    "Positions",
    "a position as the book has it, and as the scenario has it",
    *POSITION,
    ("before.balance", "Balance in the book", "quantity"),
    ("after.balance", "Balance in the scenario", "quantity"),
    ("before.status", "Status in the book", "status"),
    ("after.status", "Status in the scenario", "status"),
    ("before.value", "Value in the book", "money"),
    ("after.value", "Value in the scenario", "money"),
    ("currency", "Currency", "code"),
    ("before.short", "Short from, in the book", "date"),
    ("after.short", "Short from, in the scenario", "date"),
)
"""The columns of a CSV file, and of the first sheet of a workbook."""

CHANGES: Final = table(
    "changes",
    "Changes",
    "what the scenario changes",
    ("number", "Number", "quantity"),
    ("kind", "Change", "code"),
    ("says", "What", "list"),
)

TOTALS: Final = table(
    "totals",
    "Totals",
    "an amount of money of all positions that the changes touch",
    ("amount", "Amount", "code"),
    ("currency", "Currency", "code"),
    ("before", "In the book", "money"),
    ("after", "In the scenario", "money"),
)


def save_scenario(scenario: Scenario, target: Path) -> None:
    """Write the changes alone to a JSON file, which can be read again. Raises SavingFault."""
    single.save_json(target, reading.as_data(scenario))


def save(found: Comparison, target: Path) -> None:
    """Write a comparison to a file, by its ending JSON, CSV (the positions) or a workbook. Raises SavingFault."""
    tables = (POSITIONS, map(_row, found.positions)), (CHANGES, _changes(found.scenario)), (TOTALS, _totals(found))
    title = f"{found.scenario.scenario} on {found.on}"
    single.save(target, lambda: as_data(found), tables, title, found.on.isoformat())


def _row(one: Difference) -> tuple[Any, ...]:
    sides = one.before, one.after
    priced = next((side.price[1] for side in reversed(sides) if side is not None and side.price[1]), None)
    balances = (None if side is None else units(side.standing.balance) for side in sides)
    statuses = (None if side is None else side.standing.status for side in sides)
    values = (None if side is None else _money(side.value) for side in sides)
    short = (None if side is None or side.shortage is None else side.shortage.on.isoformat() for side in sides)
    return (one.product, one.model or None, one.metric, *balances, *statuses, *values, priced, *short)


def _changes(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    for number, change in enumerate(scenario.changes, start=1):
        data = reading.change_data(change)
        yield number, data.pop("kind"), [f"{name} {value}" for name, value in data.items()]


def _totals(found: Comparison) -> Iterator[tuple[Any, ...]]:
    for name in ("to_close", "to_keep", "surplus"):
        before, after = (getattr(side, name) for side in (found.before, found.after))
        for currency in sorted(before.keys() | after.keys()):
            yield name.replace("_", "-"), currency, *(_money(one.get(currency, Decimal(0))) for one in (before, after))
    for name in ("bought", "dropped"):
        yield from ((name, currency, None, _money(amount)) for currency, amount in getattr(found, name).items())


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


# ---------------------------------------------------------------------------------------------------------------- JSON
def as_data(found: Comparison) -> dict[str, Any]:
    """A comparison as plain data for JSON."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "scenario": reading.as_data(found.scenario),
        "on": found.on.isoformat(),
        "until": found.until.isoformat(),
        "before": _sum(found.before),
        "after": _sum(found.after),
        "bought": _amounts(found.bought),
        "dropped": _amounts(found.dropped),
        "positions": [_position(one) for one in found.positions],
    }


def _sum(one: Sum) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else _amounts(value) for name, value in asdict(one).items()}


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {currency: f"{amount:f}" for currency, amount in amounts.items()}


def _position(one: Difference) -> dict[str, Any]:
    named = {"product": one.product, "model": one.model or None, "metric": one.metric}
    return {**named, "changes": one.changes, "before": _side(one.before), "after": _side(one.after)}


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    amount, currency = side.price
    return {
        **standing_data(side.standing),
        "price": None if amount is None else {"amount": amount, "currency": currency},
        "value": _money(side.value),
        "short": None if side.shortage is None else _short(side.shortage),
    }


def _short(one: Shortage) -> dict[str, Any]:
    return {"on": one.on.isoformat(), "units": one.units, "most": one.most, "most_on": one.most_on.isoformat()}
