"""What an entitlement holds: its quantity and how much of it is allocated, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from store import names
from store.book import Book
from store.records import EntitlementKey


@dataclass(frozen=True)
class Holding:
    """An entitlement by its key and name. `responsible` was named by hand, "" where nobody was.

    `managed_by` is who answers for it all told: the one named by hand, or else the one that its purchases name.
    """

    entitlement: EntitlementKey
    name: str
    quantity: int
    allocated: int
    responsible: str
    managed_by: str


def of(book: Book, entitlement: EntitlementKey) -> Holding:
    """What an entitlement holds. Raises Unknown."""
    number = names.entitlement(book, entitlement)
    row = book.rows(
        "SELECT e.name, e.quantity, e.allocated, coalesce(r.name, ''), coalesce(m.name, '') FROM entitlements e"
        " LEFT JOIN user_groups r ON r.id = e.responsible_id LEFT JOIN user_groups m ON m.id = e.managed_by_id"
        " WHERE e.id = ?",
        (number,),
    )[0]
    return Holding(entitlement, *row)
