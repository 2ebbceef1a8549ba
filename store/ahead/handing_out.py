"""A forecast for other programs: as JSON, as a workbook, or as a CSV file with one line for each position that changes.

Money is text with its decimals, days are ISO text, a quantity without limit is "unlimited".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rules.vocabulary import is_unlimited
from store.ahead.shape import Cause, Change, Forecast, Shortage, Standing
from store.snapshots import single
from store.snapshots.single import POSITION, table

FORMAT: Final = "elpis-forecast"
"""Value of the key `format`."""

FORMAT_VERSION: Final = 1

CHANGES: Final = table(
    "changes",
    "Changes",
    "a position that a day changes",
    ("on", "Day", "date"),
    *POSITION,
    ("before.balance", "Balance before", "quantity"),
    ("after.balance", "Balance", "quantity"),
    ("before.status", "Status before", "status"),
    ("after.status", "Status", "status"),
    ("after.active", "Active", "quantity"),
    ("after.demand", "Demand", "quantity"),
    ("after.downgrade", "Downgrade", "quantity"),
    ("after.upgrade", "Upgrade", "quantity"),
    ("causes", "Because", "list"),
)
"""The columns of a CSV file, and of the first sheet of a workbook."""

DAYS: Final = table(
    "days",
    "Days",
    "a day on which positions change, and what is short from then on",
    ("on", "Day", "date"),
    ("changes", "Positions that change", "quantity"),
    ("positions", "Positions short", "quantity"),
    ("shortfall", "Licenses missing", "quantity"),
)

SHORTAGES: Final = table(
    "shortages",
    "Shortages",
    "a position that is short on some day, and what it costs to keep it",
    *POSITION,
    ("on", "First day short", "date"),
    ("units", "Missing then", "quantity"),
    ("most", "Missing at worst", "quantity"),
    ("most_on", "From", "date"),
    ("price.amount", "Price", "money"),
    ("cost", "Cost to keep", "money"),
    ("price.currency", "Currency", "code"),
)


def save(found: Forecast, target: Path) -> None:
    """Write a forecast to a file: by its ending JSON, a CSV file of the changes, or a workbook. Raises SavingFault."""
    tables = (CHANGES, _changes(found)), (DAYS, _days(found)), (SHORTAGES, map(_shortage, found.shortages))
    title = f"Forecast from {found.as_of} to {found.until}"
    single.save(target, lambda: as_data(found), tables, title, found.as_of.isoformat())


def _changes(found: Forecast) -> Iterator[tuple[Any, ...]]:
    for day in found.days:
        on = day.on.isoformat()
        for one in day.changes:
            before, after = one.before, one.after
            named = one.product, one.model or None, one.metric
            figures = (after.active, after.demand, after.downgrade, after.upgrade)
            because = [f"{cause.kind} {cause.fact}" for cause in one.causes]
            balances = units(before.balance), units(after.balance), before.status, after.status
            yield (on, *named, *balances, *map(units, figures), because)


def _days(found: Forecast) -> Iterator[tuple[Any, ...]]:
    yield found.as_of.isoformat(), 0, found.positions, found.shortfall
    for day in found.days:
        yield day.on.isoformat(), len(day.changes), day.positions, day.shortfall


def _shortage(one: Shortage) -> tuple[Any, ...]:
    named = one.product, one.model or None, one.metric
    days = one.on.isoformat(), one.units, one.most, one.most_on.isoformat()
    return (*named, *days, one.price, amount(one), one.currency)


# ---------------------------------------------------------------------------------------------------------------- JSON
def as_data(found: Forecast) -> dict[str, Any]:
    """A forecast as plain data for JSON."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "as_of": found.as_of.isoformat(),
        "until": found.until.isoformat(),
        "positions": found.positions,
        "shortfall": found.shortfall,
        "days": [
            {
                "on": day.on.isoformat(),
                "positions": day.positions,
                "shortfall": day.shortfall,
                "changes": [_change_data(one) for one in day.changes],
            }
            for day in found.days
        ],
        "shortages": [_shortage_data(one) for one in found.shortages],
        "costs": {currency: f"{cost:f}" for currency, cost in found.costs.items()},
        "unpriced": found.unpriced,
    }


def _change_data(one: Change) -> dict[str, Any]:
    named = {"product": one.product, "model": one.model or None, "metric": one.metric}
    sides = {"before": standing_data(one.before), "after": standing_data(one.after)}
    return {**named, **sides, "causes": [_cause_data(cause) for cause in one.causes]}


def _cause_data(cause: Cause) -> dict[str, str]:
    return {"kind": cause.kind, "fact": cause.fact}


def standing_data(standing: Standing) -> dict[str, Any]:
    """What holds of a position, as plain data for JSON."""
    return {name: value if name == "status" else units(value) for name, value in standing._asdict().items()}


def _shortage_data(one: Shortage) -> dict[str, Any]:
    return {
        "product": one.product,
        "model": one.model or None,
        "metric": one.metric,
        "on": one.on.isoformat(),
        "units": one.units,
        "most": one.most,
        "most_on": one.most_on.isoformat(),
        "price": None if one.price is None else {"amount": one.price, "currency": one.currency},
        "cost": amount(one),
    }


def amount(one: Shortage) -> str | None:
    """What it costs to keep a position, as decimal text."""
    return None if one.cost is None else f"{one.cost:f}"


def units(number: int) -> int | str:
    """A quantity as files have it."""
    return "unlimited" if is_unlimited(number) else number
