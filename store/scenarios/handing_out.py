"""A scenario beside the book for other programs: as JSON, as a workbook, or as a CSV file with a line a position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import orjson

from store.ahead.handing_out import standing_data, units
from store.ahead.shape import Shortage
from store.scenarios import reading
from store.scenarios.judging import Amounts, Comparison, Difference, Side, Sum
from store.scenarios.shape import Scenario
from store.snapshots import csv_files, workbook
from store.snapshots.layout import Column, Table
from store.snapshots.saving import save_file

FORMAT: Final = "elpis-what-if"
"""Value of the key `format`."""

FORMAT_VERSION: Final = 1

POSITIONS: Final = Table(
    "positions",
    "Positions",
    "a position as the book has it, and as the scenario has it",
    "positions",
    (
        Column("product", "Product", "text"),
        Column("model", "Model", "code"),
        Column("metric", "Metric", "code"),
        Column("before.balance", "Balance in the book", "quantity"),
        Column("after.balance", "Balance in the scenario", "quantity"),
        Column("before.status", "Status in the book", "status"),
        Column("after.status", "Status in the scenario", "status"),
        Column("before.value", "Value in the book", "money"),
        Column("after.value", "Value in the scenario", "money"),
        Column("currency", "Currency", "code"),
        Column("before.short", "Short from, in the book", "date"),
        Column("after.short", "Short from, in the scenario", "date"),
    ),
)
"""The columns of a CSV file, and of the first sheet of a workbook."""

CHANGES: Final = Table(
    "changes",
    "Changes",
    "what the scenario changes",
    "changes",
    (Column("number", "Number", "quantity"), Column("kind", "Change", "code"), Column("says", "What", "list")),
)

TOTALS: Final = Table(
    "totals",
    "Totals",
    "an amount of money of all positions that the changes touch",
    "totals",
    (
        Column("amount", "Amount", "code"),
        Column("currency", "Currency", "code"),
        Column("before", "In the book", "money"),
        Column("after", "In the scenario", "money"),
    ),
)


def save_scenario(scenario: Scenario, target: Path) -> None:
    """Write the changes alone to a JSON file, which can be read again. Raises SavingFault."""
    save_file(target, lambda path: _put(path, reading.as_data(scenario)))


def save(found: Comparison, target: Path) -> None:
    """Write a comparison to a file, by its ending JSON, CSV (the positions) or a workbook. Raises SavingFault."""
    save_file(target, lambda path: _WRITERS.get(target.suffix.lower(), _write_workbook)(path, found))


def _write_json(path: Path, found: Comparison) -> None:
    _put(path, as_data(found))


def _put(path: Path, data: dict[str, Any]) -> None:
    path.write_bytes(orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n")


def _write_csv(path: Path, found: Comparison) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_files.lines(POSITIONS, map(_row, found.positions)))


def _write_workbook(path: Path, found: Comparison) -> None:
    name = found.scenario.scenario
    sheets = (POSITIONS, map(_row, found.positions)), (CHANGES, _changes(found.scenario)), (TOTALS, _totals(found))
    workbook.write_tables(path, sheets, f"{name} on {found.on}", found.on.isoformat())


_WRITERS: Final = {".json": _write_json, ".csv": _write_csv}


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
