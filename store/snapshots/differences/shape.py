"""What a comparison is made of: two sides, the positions that differ between them, and what brought that about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from rules.vocabulary import UNDER_LICENSED

Element = Mapping[str, Any]
"""An element of a list of a snapshot, with the fields that the snapshot gives it."""

Value = str | int | None

# ------------------------------------------------------------------------------------------------ what happened to one
NEWLY_SHORT: Final = "newly-short"
RESOLVED: Final = "resolved"
STILL_SHORT: Final = "still-short"
CAME: Final = "came"
WENT: Final = "went"
CHANGED: Final = "changed"
DETAILS: Final = "details"
GROUPS: Final = (NEWLY_SHORT, RESOLVED, STILL_SHORT, CAME, WENT, CHANGED, DETAILS)
"""What can have happened to a position, the most important first. It is under-licensed and was not; was and is no more;
was and is, by another number; otherwise it came, went, or has other figures. `DETAILS`: all figures and the status are
the same, but not what stands behind them, such as the resource groups, the value or the reasons."""

FIGURES: Final = ("active", "demand", "downgrade", "upgrade", "balance", "status")
"""What people compare of a position."""

# -------------------------------------------------------------------------------------------------------------- causes
PURCHASE_BEGUN: Final = "purchase-begun"
PURCHASE_ENDED: Final = "purchase-ended"
ITEM_ADDED: Final = "item-added"
ITEM_REMOVED: Final = "item-removed"
ITEM_CHANGED: Final = "item-changed"
ENTITLEMENT_ADDED: Final = "entitlement-added"
ENTITLEMENT_REMOVED: Final = "entitlement-removed"
QUANTITY: Final = "quantity-changed"
MAINTENANCE: Final = "maintenance-changed"
DEMAND: Final = "demand-changed"
COUNTING: Final = "counting-changed"
OVERRIDE_SET: Final = "override-set"
OVERRIDE_CHANGED: Final = "override-changed"
OVERRIDE_REMOVED: Final = "override-removed"
TAKEN: Final = "units-taken"
GIVEN: Final = "units-given"
PRICE: Final = "price-changed"
GROUPS_CHANGED: Final = "groups-changed"
RULE: Final = "rule-changed"
RULEBOOK: Final = "rulebook-changed"
FACT_ADDED: Final = "fact-added"
FACT_REMOVED: Final = "fact-removed"
CAUSES: Final = (
    *(ENTITLEMENT_ADDED, ENTITLEMENT_REMOVED, ITEM_ADDED, ITEM_REMOVED, ITEM_CHANGED, PURCHASE_BEGUN, PURCHASE_ENDED),
    *(QUANTITY, MAINTENANCE, DEMAND, COUNTING, OVERRIDE_SET, OVERRIDE_CHANGED, OVERRIDE_REMOVED, TAKEN, GIVEN, PRICE),
    *(GROUPS_CHANGED, RULE, RULEBOOK, FACT_ADDED, FACT_REMOVED),
)
"""The kinds of causes, in the order in which they are told."""

# ------------------------------------------------------------------------------------------------------ trust in a side
TRUSTED: Final = "trusted"
INTACT: Final = "intact"
WHOLE: Final = "whole"
ALTERED: Final = "altered"
LOOSE: Final = "loose"
JUDGED: Final = "judged"
TRUST: Final = (TRUSTED, INTACT, WHOLE, ALTERED, LOOSE, JUDGED)
"""What vouches for a side: the signature of a key that was named; one of a key that nobody vouches for here; the
manifest of its folder, with which it agrees, or does not; nothing, since it is a single file; the book itself."""


class Cause(NamedTuple):
    """Something that is not the same on both sides, and on which the position hangs.

    `fact` is its key, such as "contract_item:C1/2", "" where the kind says all. `before` and `after` are what it was
    and is; `on` is the day on which a purchase begins or has its last valid day; `other` is the position that units are
    taken from or given to.
    """

    kind: str
    fact: str = ""
    before: Value = None
    after: Value = None
    on: str = ""
    other: str = ""


@dataclass(frozen=True)
class Difference:
    """A position that is not the same on both sides; `before` or `after` is None where there is none."""

    product: str
    model: str
    metric: str
    before: Element | None
    after: Element | None
    causes: tuple[Cause, ...] = ()

    @property
    def key(self) -> str:
        """What names the position elsewhere."""
        return f"{self.product}|{self.model}|{self.metric}"

    @property
    def what(self) -> str:
        """`CAME`, `WENT` or `CHANGED`."""
        return CAME if self.before is None else WENT if self.after is None else CHANGED

    @property
    def group(self) -> str:
        """What happened to it: one of `GROUPS`."""
        was, is_now = is_short(self.before), is_short(self.after)
        if was and is_now:
            return STILL_SHORT if self._figures_differ() else DETAILS
        if was or is_now:
            return RESOLVED if was else NEWLY_SHORT
        return self.what if self.what != CHANGED or self._figures_differ() else DETAILS

    def _figures_differ(self) -> bool:
        return self.figures(self.before) != self.figures(self.after)

    @staticmethod
    def figures(side: Element | None) -> tuple[Value, ...]:
        """The values of `FIGURES` on one side, each None where there is no position."""
        return tuple(None if side is None else side[name] for name in FIGURES)

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """The fields that differ, each before and after, of a position that both sides have; none of another."""
        if self.before is None or self.after is None:
            return {}
        names = sorted(self.before.keys() | self.after.keys())
        pairs = {name: (self.before.get(name), self.after.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: where it is from, its day, and what vouches for it (one of `TRUST`).

    `told` says the latter in a sentence. `book` and `rulebook` are the id and the hash that a signed snapshot or a book
    tells, "" where nothing does. `statuses` counts its positions.
    """

    place: str
    as_of: str
    currency: str
    trust: str
    told: str
    book: str = ""
    rulebook: str = ""
    statuses: Mapping[str, int] | None = None

    @property
    def positions(self) -> int:
        """How many positions it has."""
        return sum((self.statuses or {}).values())


@dataclass(frozen=True)
class Comparison:
    """Two sides and what differs, the most important first. `equal` positions are the same to the last field."""

    before: Side
    after: Side
    equal: int
    differences: tuple[Difference, ...]

    @property
    def groups(self) -> dict[str, int]:
        """How many positions each of `GROUPS` has; those without any are left out."""
        found = [one.group for one in self.differences]
        return {group: found.count(group) for group in GROUPS if group in found}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before he relies on it, in sentences."""
        sides = self.before, self.after
        found = [f"{side.place}: {side.told}" for side in sides if side.trust in (INTACT, ALTERED)]
        if _differ(self.before.book, self.after.book):
            found.append("The two are of different books.")
        if self.before.currency != self.after.currency:
            found.append(f"The currency is another one: {self.before.currency} before, {self.after.currency} after.")
        if _differ(self.before.rulebook, self.after.rulebook):
            found.append("The two were judged by different rulebooks.")
        return tuple(found)


def is_short(position: Element | None) -> bool:
    """Whether there is a position and it is under-licensed."""
    return position is not None and position["status"] == UNDER_LICENSED


def lack(position: Element | None) -> int:
    """How many units a position lacks; 0 for none, and for one that lacks nothing."""
    balance = 0 if position is None else position["balance"]
    return -balance if isinstance(balance, int) and balance < 0 else 0


def _differ(before: str, after: str) -> bool:
    return bool(before and after) and before != after
