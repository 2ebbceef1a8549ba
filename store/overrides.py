"""What a person does with manual overrides: typed figures beside the calculated ones, with a reason."""

from __future__ import annotations

from dataclasses import replace

from rules.vocabulary import MAINTENANCE, MAX_QUANTITY
from store import derivation, names, rows
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import EntitlementKey, Override
from store.tables import Override as OverrideTable


def save(book: Book, override: Override) -> None:
    """Switch a manual override on, or change it. Calculated values stay beside it.

    Raises Unknown for an entitlement that does not exist, Unfit without a reason or for impossible figures.
    """
    reason = names.note(override.reason, "reason")
    for what, value in (("active", override.active), ("demand", override.demand)):
        names.units(value or 0, what)
    for what, value in (("downgrade", override.downgrade), ("upgrade", override.upgrade)):
        if abs(value or 0) > MAX_QUANTITY:
            raise Unfit(f"{what}: {value:,} is not possible; at most {MAX_QUANTITY:,} either way is.")
    typed = replace(override, reason=reason)
    values = {name: getattr(typed, name) for name in ("active", "demand", "downgrade", "upgrade", "reason")}
    if override.entitlement.model == MAINTENANCE:
        raise Unfit(f"{override.entitlement}: maintenance has no position of its own. Override that of the license.")
    with book.transaction():
        number = names.entitlement(book, override.entitlement)
        if rows.save(book, OverrideTable, {"entitlement_id": number}, values, named=str(override.entitlement)):
            _derive(book, override.entitlement)


def remove(book: Book, entitlement: EntitlementKey) -> None:
    """Switch a manual override off: the calculated values hold again, the typed ones stay in the change log."""
    with book.transaction():
        number = names.entitlement(book, entitlement)
        if rows.remove(book, OverrideTable, {"entitlement_id": number}, named=str(entitlement)) is None:
            raise Unknown(f"{entitlement} has no manual override.")
        _derive(book, entitlement)


def _derive(book: Book, entitlement: EntitlementKey) -> None:
    derivation.derive(book, derivation.groups_of(book, [names.number(book, "products", entitlement.product)]))
