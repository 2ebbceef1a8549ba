"""Arithmetic on quantities, days and versions: what needs no rule because there is nothing to decide."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from rules.vocabulary import NEVER, UNLIMITED

Number = TypeVar("Number", int, Decimal, Fraction)

Lot = tuple[int, int, int]
"""A purchase as a quantity in time: first day, last day (ordinals, inclusive; `NEVER` without end), units."""

Version = tuple[int | None, int, str]
"""What tells the age of a version: its rank or None, the day of its release or 0, the version as text."""

Key = tuple[tuple[int, int, str], ...]
"""What two versions are compared by."""

_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")


def balance(active: int, downgrade: int, upgrade: int, demand: int) -> int:
    """Units left (above zero) or missing (below zero): active + downgrade + upgrade - demand."""
    return active + downgrade + upgrade - demand


def licensed(purchased: int, per_unit: int) -> int:
    """Units that a purchase line licenses: a bundle several for each unit bought, an upgrade none that is new."""
    return purchased * per_unit


def period_cost(rights: int, unit_cost: Number, periods: int) -> Number:
    """What rights cost that are paid anew in each of so many periods; in one of them, `periods` is 1."""
    return rights * unit_cost * periods


def remaining(quantity: int, allocated: int) -> int:
    """Units of an entitlement that are not allocated; below zero where more is allocated than there is."""
    return quantity - allocated


def days(first: int, last: int) -> int:
    """Days from the first to the last valid one, 0 when they are the same; `NEVER` where there is no end."""
    return NEVER if last == NEVER else last - first


def total(quantities: Iterable[int]) -> int:
    """Sum of units, where one unlimited quantity makes the sum exactly `UNLIMITED`."""
    return min(sum(quantities), UNLIMITED)


def active(lots: Iterable[Lot], as_of: int) -> int:
    """Units of the purchases in force on a day, first and last valid day included."""
    return total([units for first, last, units in lots if first <= as_of <= last])


def maintained(base: int, lots: Iterable[Lot], as_of: int) -> int:
    """Units of a base entitlement under maintenance on a day: never more than the base has active."""
    return min(base, active(lots, as_of))


def ranks(versions: Sequence[Version]) -> list[int]:
    """Places of the versions of one family and edition, 0 for the oldest, equal versions on the same place.

    Ordered by the first of rank, release day and version text (numbers as numbers) that all of them have, or else by
    the one that most of them have. A version without it, and one that has none of the three, has no place: -1.
    """
    has, key = max(_CRITERIA, key=lambda criterion: sum(map(criterion[0], versions)))
    keys = {version: key(version) for version in versions if has(version)}
    places = {value: place for place, value in enumerate(sorted(set(keys.values())))}
    return [places[keys[version]] if version in keys else -1 for version in versions]


def natural(text: str) -> Key:
    """A key that sorts version texts as people do: "9" before "10" before "10.1", "2012" before "2012 R2"."""
    return tuple([_part(part) for part in _PARTS.findall(text.casefold())])


def _part(part: str) -> tuple[int, int, str]:
    if not part.isdecimal():
        return (0, 0, part)
    digits = part.lstrip("0")
    return (1, len(digits), digits)


_CRITERIA: tuple[tuple[Callable[[Version], bool], Callable[[Version], Key]], ...] = (
    (lambda version: version[0] is not None, lambda version: ((0, version[0] or 0, ""),)),
    (lambda version: version[1] > 0, lambda version: ((0, version[1], ""),)),
    (lambda version: bool(version[2]), lambda version: natural(version[2])),
)
