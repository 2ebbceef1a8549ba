"""What a scenario is made of: changes that a person could make in the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final


@dataclass(frozen=True)
class AddItem:
    """Buy a quantity (None: unlimited) of a product from a first to a last valid day (None: without end).

    A contract that does not exist is made, in that `currency` ("" for that of the book), invoiced on the day that the
    book was last judged on. Without a number, the item gets the next one that is free.
    """

    contract: str
    product: str
    model: str
    metric: str
    quantity: int | None
    license_start: date
    license_end: date | None = None
    unit_price: Decimal | None = None
    currency: str = ""
    item: str = ""


@dataclass(frozen=True)
class DropItem:
    """Do without a contract item."""

    contract: str
    item: str


@dataclass(frozen=True)
class RenewItem:
    """Buy what a contract item holds again, from the day after its end to another (None: without end).

    Quantity and unit price are as before where none are given.
    """

    contract: str
    item: str
    license_end: date | None
    quantity: int | None = None
    unit_price: Decimal | None = None


@dataclass(frozen=True)
class RedateItem:
    """Let a contract item begin and end on other days (None: without end)."""

    contract: str
    item: str
    license_start: date
    license_end: date | None


@dataclass(frozen=True)
class ChangeDemand:
    """Need more or less of a product in a metric: by a number, or (with `percent`) by a share, rounded up."""

    product: str
    metric: str
    by: int = 0
    percent: Decimal | None = None


@dataclass(frozen=True)
class SwitchRight:
    """Let a right hold from the day that the book was last judged on, whatever its days were, or end it before."""

    right: str
    on: bool


Change = AddItem | DropItem | RenewItem | RedateItem | ChangeDemand | SwitchRight

KINDS: Final[Mapping[str, type[Change]]] = {
    "add-item": AddItem,
    "drop-item": DropItem,
    "renew-item": RenewItem,
    "redate-item": RedateItem,
    "change-demand": ChangeDemand,
    "switch-right": SwitchRight,
}
"""The kinds of changes by the codes that files have for them."""


@dataclass(frozen=True)
class Scenario:
    """Changes under a name, in the order in which they are made."""

    scenario: str
    changes: tuple[Change, ...] = ()
