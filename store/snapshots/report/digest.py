"""What the first pages of the report say of a snapshot, gathered in one pass over each of its lists."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path
from typing import Final

from store.snapshots import figures, reading
from store.snapshots.canonical import LISTS
from store.snapshots.figures import Figures
from store.snapshots.report import words

MONTHS: Final = 24
"""How many months the expiry cliff shows, that of the day of judgement first."""

LARGEST: Final = 8
"""How many of the largest shortfalls and surpluses are shown."""

Extreme = tuple[int, str, str]
"""A balance, and the position that has it: product, and model with metric."""


@dataclass(frozen=True)
class Ending:
    """A month: year, number, how many entitlements have their last day in it, and how many licenses those are.

    Unlimited entitlements count among the first alone.
    """

    year: int
    month: int
    entitlements: int
    licenses: int


@dataclass(frozen=True)
class Digest:
    """A snapshot in figures: `rules` counts by name what each rule concluded, `figures` is as in the workbook."""

    figures: Figures
    short: Sequence[Extreme]
    over: Sequence[Extreme]
    endings: Sequence[Ending]
    rules: Mapping[str, int]


def of(snapshot: Path) -> Digest:
    """The digest of a snapshot, from its JSON alone. Raises what `reading` raises."""
    known = figures.of(snapshot)
    return Digest(
        known, _largest(snapshot, -1), _largest(snapshot, 1), _endings(snapshot, known.as_of), _rules(snapshot)
    )


def _largest(snapshot: Path, sign: int) -> list[Extreme]:
    """The positions furthest below zero (`sign` -1) or above it, those of one balance in the order of the snapshot."""
    found = (
        (position["balance"], position["product"], words.line(position["model"], position["metric"]))
        for position in reading.elements(snapshot, "positions")
        if isinstance(position["balance"], int) and position["balance"] * sign > 0
    )
    return nlargest(LARGEST, found, key=lambda extreme: extreme[0] * sign)


def _endings(snapshot: Path, as_of: str) -> list[Ending]:
    entitlements: Counter[str] = Counter()
    licenses: Counter[str] = Counter()
    for entitlement in reading.elements(snapshot, "entitlements"):
        end, quantity = entitlement["expiration"], entitlement["quantity"]
        if end and end >= as_of:
            entitlements[end[:7]] += 1
            licenses[end[:7]] += quantity if isinstance(quantity, int) else 0
    first = int(as_of[:4]) * 12 + int(as_of[5:7]) - 1
    months = [(number // 12, number % 12 + 1) for number in range(first, first + MONTHS)]
    return [
        Ending(year, month, entitlements[key], licenses[key])
        for year, month in months
        for key in (f"{year:04}-{month:02}",)
    ]


def _rules(snapshot: Path) -> Counter[str]:
    return Counter(
        element["rule"] for name in LISTS for element in reading.elements(snapshot, name) if element.get("rule")
    )
