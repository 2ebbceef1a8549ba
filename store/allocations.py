"""What a person does with allocations: parts of an entitlement set aside for a resource group and a user group."""

from __future__ import annotations

from rules import allocation
from store import derivation, names, rows
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import EntitlementKey
from store.tables import Allocation

_HELD = """
SELECT e.quantity, coalesce(sum(a.quantity), 0), e.name, e.product_id FROM entitlements e
LEFT JOIN allocations a ON a.entitlement_id = e.id AND NOT (a.resource_group_id = ? AND a.user_group_id = ?)
WHERE e.id = ? GROUP BY e.id"""


def allocate(book: Book, entitlement: EntitlementKey, resource_group: str, user_group: str, quantity: int) -> None:
    """Set how many licenses of an entitlement a resource group and user group have.

    Raises Unfit when more is asked for than remains, by the rules of allocation; Unknown for names that do not exist.
    """
    with book.transaction():
        number = names.entitlement(book, entitlement)
        groups = names.number(book, "resource_groups", resource_group), names.number(book, "user_groups", user_group)
        total, others, name, product = book.rows(_HELD, (*groups, number))[0]
        decision = allocation.decide([allocation.Request(total, others, quantity)])[0]
        if decision.judgement == allocation.REFUSED:
            remain = max(total - others, 0)
            raise Unfit(
                f"{quantity:,} cannot be allocated of {name}: {remain:,} remain, so at least 1 and at most {remain:,}"
                f" are possible (rule {decision.rule})."
            )
        key = {"entitlement_id": number, "resource_group_id": groups[0], "user_group_id": groups[1]}
        named = f"{entitlement}|{resource_group}|{user_group}"
        if rows.save(book, Allocation, key, {"quantity": quantity}, named=named):
            derivation.derive(book, derivation.groups_of(book, [product]))


def release(book: Book, entitlement: EntitlementKey, resource_group: str, user_group: str) -> None:
    """Take an allocation back. Raises Unknown when there is none."""
    with book.transaction():
        number = names.entitlement(book, entitlement)
        groups = names.number(book, "resource_groups", resource_group), names.number(book, "user_groups", user_group)
        key = {"entitlement_id": number, "resource_group_id": groups[0], "user_group_id": groups[1]}
        if rows.remove(book, Allocation, key, named=f"{entitlement}|{resource_group}|{user_group}") is None:
            raise Unknown(f"nothing of {entitlement} is allocated to {resource_group!r} for {user_group!r}.")
        derivation.derive(book, derivation.groups_of(book, [names.number(book, "products", entitlement.product)]))
