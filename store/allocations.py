"""What a person does with allocations: parts of an entitlement set aside for a resource group and a user group."""

from __future__ import annotations

from rules import allocation, formulas
from rules.vocabulary import MAINTENANCE
from store import derivation, names, rows
from store.book import Book
from store.errors import Unconfirmed, Unfit, Unknown
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
    if entitlement.model == MAINTENANCE:
        raise Unfit(f"{entitlement}: maintenance covers licenses, it is not allocated. Allocate the license itself.")
    with book.transaction():
        number = names.entitlement(book, entitlement)
        groups = names.number(book, "resource_groups", resource_group), names.number(book, "user_groups", user_group)
        total, others, name, product = book.rows(_HELD, (*groups, number))[0]
        decision = allocation.decide([allocation.Request(total, others, quantity)])[0]
        if decision.judgement == allocation.REFUSED:
            remain = max(formulas.remaining(total, others), 0)
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


def follow(book: Book, old: int | None, new: int | None) -> bool:
    """Move the allocations of an archived entitlement to the one that its last item feeds now, if that has none.

    Whether any moved. Inside a transaction; what follows from it is the caller's to derive.
    """
    archived = book.one("SELECT 1 FROM entitlements WHERE id = ? AND archived = 1", (old,))
    free = book.one(
        "SELECT 1 FROM entitlements e WHERE id = ? AND model <> ? AND NOT EXISTS ("
        "SELECT 1 FROM allocations a WHERE a.entitlement_id = e.id)",
        (new, MAINTENANCE),
    )
    moved = book.rows(_OF_ENTITLEMENT, (old,)) if archived and free else []
    for number, resource_group, user_group in moved:
        named = f"{_named(book, old)}|{resource_group}|{user_group}"
        rows.save(book, Allocation, {"id": number}, {"entitlement_id": new}, named=named)
    return bool(moved)


_OF_ENTITLEMENT = """
SELECT a.id, r.name, u.name FROM allocations a JOIN resource_groups r ON r.id = a.resource_group_id
JOIN user_groups u ON u.id = a.user_group_id WHERE a.entitlement_id = ? ORDER BY a.id"""


def check(book: Book, entitlement: int | None) -> None:
    """Raises Unconfirmed when more of an entitlement is allocated than it holds."""
    held = book.one("SELECT quantity, allocated FROM entitlements WHERE id = ?", (entitlement,))
    if held is not None and held[1] > held[0]:
        raise Unconfirmed(
            f"{_named(book, entitlement)}: {held[1]:,} are allocated, but {held[0]:,} would be left."
            f" Release {held[1] - held[0]:,} first, or confirm it."
        )


def _named(book: Book, entitlement: int | None) -> EntitlementKey:
    sql = """SELECT p.product, e.model, m.code FROM entitlements e JOIN products p ON p.id = e.product_id
        JOIN metrics m ON m.id = e.metric_id WHERE e.id = ?"""
    return EntitlementKey(*book.rows(sql, (entitlement,))[0])
