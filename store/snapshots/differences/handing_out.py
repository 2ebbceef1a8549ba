"""A comparison for other programs: as JSON, or as a workbook.

The JSON gives of a position that changed every field that differs, so that who has one side and the differences has the
other side, too. Quantities, days and money are spelled as in snapshots.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from store.snapshots import single
from store.snapshots.differences import shape
from store.snapshots.differences.shape import Cause, Comparison, Difference, Side
from store.snapshots.layout import Kind
from store.snapshots.single import POSITION, table

FORMAT: Final = "elpis-comparison"
"""Value of the key `format`."""

FORMAT_VERSION: Final = 1


_ORDER: Final = ("status", "balance", "active", "demand", "downgrade", "upgrade")


def _both(name: str) -> tuple[tuple[str, str, Kind], tuple[str, str, Kind]]:
    """The columns of a figure, before and after."""
    kind: Kind = "status" if name == "status" else "quantity"
    return (f"before.{name}", f"{name.capitalize()} before", kind), (
        f"after.{name}",
        f"{name.capitalize()} after",
        kind,
    )


POSITIONS: Final = table(
    "positions",
    "Positions",
    "a position that is not the same on both sides",
    ("group", "What happened", "code"),
    *POSITION,
    *chain.from_iterable(map(_both, _ORDER)),
    ("fields", "Fields that differ", "list"),
    ("causes", "Causes", "list"),
)

CAUSES: Final = table(
    "causes",
    "Causes",
    "something that is not the same on both sides, and on which a position hangs",
    *POSITION,
    ("kind", "Cause", "code"),
    ("fact", "Fact", "text"),
    ("before", "Before", "quantity"),
    ("after", "After", "quantity"),
    ("on", "Day", "date"),
    ("other", "Other position", "text"),
)

SIDES: Final = table(
    "sides",
    "Compared",
    "one of the two that were compared",
    ("side", "Side", "code"),
    ("place", "From", "text"),
    ("as_of", "Day", "date"),
    ("positions", "Positions", "quantity"),
    ("trust", "Trust", "code"),
    ("told", "What vouches for it", "text"),
)


def save(found: Comparison, target: Path) -> None:
    """Write a comparison to a file: JSON or the positions as CSV if its name ends so, otherwise a workbook.

    Raises SavingFault.
    """
    tables = (
        (POSITIONS, map(_row, found.differences)),
        (CAUSES, _cause_rows(found)),
        (SIDES, (_side_row(name, side) for name, side in _sides(found))),
    )
    title = f"From {found.before.as_of} to {found.after.as_of}"
    single.save(target, lambda: as_data(found), tables, title, found.after.as_of)


def _row(one: Difference) -> tuple[Any, ...]:
    figures = [dict(zip(shape.FIGURES, one.figures(side), strict=True)) for side in (one.before, one.after)]
    values = [side[name] for name in _ORDER for side in figures]
    because = [" ".join(filter(None, (cause.kind, cause.fact, cause.other))) for cause in one.causes]
    return (one.group, *_named(one), *values, list(one.fields), because)


def _cause_rows(found: Comparison) -> Iterator[tuple[Any, ...]]:
    for one in found.differences:
        for cause in one.causes:
            told = cause.kind, cause.fact or None, cause.before, cause.after, cause.on or None, cause.other or None
            yield (*_named(one), *told)


def _side_row(name: str, side: Side) -> tuple[Any, ...]:
    return name, side.place, side.as_of, side.positions, side.trust, side.told


def _named(one: Difference) -> tuple[str, str | None, str]:
    return one.product, one.model or None, one.metric


def _sides(found: Comparison) -> tuple[tuple[str, Side], tuple[str, Side]]:
    return ("before", found.before), ("after", found.after)


# ---------------------------------------------------------------------------------------------------------------- JSON
def as_data(found: Comparison) -> dict[str, Any]:
    """A comparison as plain data for JSON."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **{name: _side_data(side) for name, side in _sides(found)},
        "equal": found.equal,
        "groups": found.groups,
        "warnings": list(found.warnings),
        "differences": [_difference_data(one) for one in found.differences],
    }


def _side_data(side: Side) -> dict[str, Any]:
    return {
        **{"from": side.place, "as_of": side.as_of, "currency": side.currency},
        **{"trust": side.trust, "book": side.book or None, "rulebook": side.rulebook or None},
        **{"positions": side.positions, "statuses": dict(side.statuses or {})},
    }


def _difference_data(one: Difference) -> dict[str, Any]:
    told: dict[str, Any] = dict(zip(("product", "model", "metric"), _named(one), strict=True))
    told |= {"what": one.what, "group": one.group, "causes": [_cause_data(cause) for cause in one.causes]}
    if one.what == shape.CHANGED:
        pairs = one.fields.items()
        return told | {"fields": {name: {"before": before, "after": after} for name, (before, after) in pairs}}
    return told | {"position": dict(one.after or one.before or {})}


def _cause_data(cause: Cause) -> dict[str, Any]:
    told = cause._asdict()
    return {name: value for name, value in told.items() if value not in ("", None)}
