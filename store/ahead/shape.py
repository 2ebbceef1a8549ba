"""What a forecast is made of: days, the positions that change on them and why, and what falls short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from store import money

PURCHASE_BEGUN: Final = "purchase-begun"
PURCHASE_ENDED: Final = "purchase-ended"
RIGHT_BEGUN: Final = "right-begun"
RIGHT_ENDED: Final = "right-ended"
RELEASE: Final = "release"
COUNTING: Final = "counting"

CAUSES: Final = (PURCHASE_ENDED, PURCHASE_BEGUN, RIGHT_ENDED, RIGHT_BEGUN, RELEASE, COUNTING)
"""What changes a position with time: a purchase or a right has ended the day before, or begins; a version comes out;
demand is counted by another rule."""


class Cause(NamedTuple):
    """What changes on a day: its kind, the key of the fact (such as "contract_item:C1/2"), and the product that it is
    about; "" for a right, which is about all that it covers."""

    kind: str
    fact: str
    product: str


class Standing(NamedTuple):
    """What holds of a position from a day on: units, manual overrides in them, and the status that follows."""

    active: int
    demand: int
    downgrade: int
    upgrade: int
    balance: int
    status: str


class Change(NamedTuple):
    """A position that a day changes. `model` is "" where demand has no entitlement.

    `causes` are what changed on that day: of the product itself, and of its family where units move otherwise.
    """

    product: str
    model: str
    metric: str
    before: Standing
    after: Standing
    causes: tuple[Cause, ...]

    @property
    def key(self) -> str:
        """What names the position elsewhere."""
        return f"{self.product}|{self.model}|{self.metric}"


@dataclass(frozen=True)
class Day:
    """A day on which positions change: which, and what holds from then on.

    `positions` are under-licensed then, of all that was asked about, and lack `shortfall` units together.
    """

    on: date
    changes: tuple[Change, ...]
    positions: int
    shortfall: int


@dataclass(frozen=True)
class Shortage:
    """A position that is short on some day: from when on, and how many units it lacks then.

    `most` are the units that it lacks at worst up to the horizon, from `most_on` on: with so many more it is never
    short. They cost `cost` at the unit price that is known on the first day; None without one. With `flat`, that price
    was paid for licenses without limit, and is paid once.
    """

    product: str
    model: str
    metric: str
    on: date
    units: int
    most: int
    most_on: date
    price: str | None
    currency: str | None
    flat: bool = False

    @property
    def key(self) -> str:
        """What names the position elsewhere."""
        return f"{self.product}|{self.model}|{self.metric}"

    @property
    def cost(self) -> Decimal | None:
        """What it costs to keep the position from falling short."""
        return None if self.price is None else money.cents(money.cost(1 if self.flat else self.most, self.price))


@dataclass(frozen=True)
class Forecast:
    """Every day after `as_of`, up to `until`, on which a position changes; on all others nothing does.

    `positions` are under-licensed on the first day, and lack `shortfall` units. `shortages` are all positions that are
    short on some day, by the first of these days.
    """

    as_of: date
    until: date
    positions: int
    shortfall: int
    days: tuple[Day, ...]
    shortages: tuple[Shortage, ...]

    @property
    def costs(self) -> dict[str, Decimal]:
        """What it costs that no position is ever short, by currency; those without a price are not in it."""
        return money.by_currency((one.currency or "", one.cost) for one in self.shortages if one.cost is not None)

    @property
    def unpriced(self) -> int:
        """Positions that are short on some day and have no known price."""
        return sum(1 for one in self.shortages if one.cost is None)


@dataclass(frozen=True)
class Point:
    """What holds from a day on. `ended` and `begun` are the purchases whose last or first day this change follows.

    `positions` are under-licensed, and lack `shortfall` units together. The first point is the first day.
    """

    on: date
    positions: int
    shortfall: int
    ended: int = 0
    begun: int = 0
