"""The position of one entitlement with its calculated figures and the typed ones beside them."""

from __future__ import annotations

from dataclasses import dataclass

from rules import compliance, formulas
from rules.vocabulary import MAINTENANCE
from store import names, readers
from store.book import Book
from store.errors import Unfit
from store.records import EntitlementKey, Override


@dataclass(frozen=True)
class Figures:
    """The four figures of a position, in units; what it gives by downgrade or upgrade is below zero."""

    active: int
    demand: int
    downgrade: int
    upgrade: int

    @property
    def balance(self) -> int:
        """Units left (above zero) or missing (below zero)."""
        return formulas.balance(self.active, self.downgrade, self.upgrade, self.demand)


@dataclass(frozen=True)
class Standing:
    """An entitlement by its key and name, what the rules calculate for it, and the override, if one is on."""

    entitlement: EntitlementKey
    name: str
    calculated: Figures
    override: Override | None


def of(book: Book, entitlement: EntitlementKey) -> Standing:
    """The standing of an entitlement. Raises Unknown; Unfit for maintenance, which has no position."""
    if entitlement.model == MAINTENANCE:
        raise Unfit(f"{entitlement}: maintenance has no position of its own. Take that of the license it covers.")
    number = names.entitlement(book, entitlement)
    row = book.one(
        "SELECT e.name, s.calculated_active, s.calculated_demand, s.calculated_downgrade, s.calculated_upgrade"
        " FROM entitlements e JOIN positions s ON s.entitlement_id = e.id WHERE e.id = ?",
        (number,),
    )
    if row is None:
        raise Unfit(f"{entitlement}: the book has not been judged on any day yet; choose a day first.")
    return Standing(entitlement, row[0], Figures(*row[1:]), readers.override(book, entitlement))


def status(balance: int) -> str:
    """What a balance says, by the rules of compliance: compliant, over-licensed or under-licensed."""
    return compliance.statuses([balance])[0][0]
