"""What a person does with entitlements, which rules form: names, who is responsible, and those without a contract.

A manual entitlement is kept as a contract of its own that is marked as manual and has no invoice: so its licenses are
purchases like all others, with a term, a price, events and reasons.
"""

from __future__ import annotations

from store import contracts, names, naming, rows, settings
from store.book import Book
from store.effects import settled
from store.errors import Unfit
from store.records import ContractItem, EntitlementKey, ManualEntitlement
from store.tables import Contract, Entitlement


def add(book: Book, entitlement: ManualEntitlement) -> EntitlementKey:
    """Add licenses that no contract is known for; the key of their entitlement.

    Raises Unfit when a contract feeds that entitlement, or for impossible values; Unknown for names that do not exist.
    """
    product = names.name(entitlement.product, "product")
    key = EntitlementKey(product, names.model(entitlement.model), entitlement.metric)
    with book.transaction():
        for contract, item in _fed(book, key, manual=False):
            raise Unfit(f"{_worded(key)} is fed by contract {contract!r}, item {item!r}. Add an item there instead.")
        number = _contract(book, entitlement, key)
        contracts.save_item(
            book,
            ContractItem(
                *(number, "1", product, key.model, key.metric, entitlement.quantity, entitlement.license_start),
                license_end=entitlement.license_end,
                unit_price=entitlement.unit_price,
                responsible=entitlement.responsible,
            ),
        )
        return key


def _worded(key: EntitlementKey) -> str:
    return f"{key.product} ({key.model}, {key.metric})"


def _contract(book: Book, entitlement: ManualEntitlement, key: EntitlementKey) -> str:
    """Make the contract that stands for a manual entitlement; its number."""
    number = book.value("SELECT coalesce(max(substr(contract, 8) + 0), 0) + 1 FROM contracts WHERE manual = 1")
    while book.one("SELECT 1 FROM contracts WHERE contract = ?", (f"manual-{number}",)):
        number += 1
    values = {
        "name": naming.entitlement_name(key.product, key.model, key.metric),
        "invoice_date": entitlement.license_start.isoformat(),
        "currency": names.currency(entitlement.currency) or settings.get(book, "currency"),
        "manual": 1,
    }
    rows.save(book, Contract, {"contract": f"manual-{number}"}, values, named=f"manual-{number}")
    return f"manual-{number}"


def remove(book: Book, key: EntitlementKey, *, confirmed: bool = False) -> None:
    """Remove the licenses of a manual entitlement; what is left of it is archived.

    Raises Unknown; Unfit, naming them, when contracts feed it, and as `store.contracts.remove` does.
    """
    with book.transaction():
        names.entitlement(book, key)
        for contract, item in _fed(book, key, manual=False):
            raise Unfit(
                f"{_worded(key)} follows contract {contract!r}, item {item!r}. Change or remove that item instead."
            )
        for contract, _ in _fed(book, key, manual=True):
            contracts.remove(book, contract, confirmed=confirmed)


def is_manual(book: Book, key: EntitlementKey) -> bool:
    """Whether an entitlement is fed, and by no contract."""
    return bool(_fed(book, key, manual=True)) and not _fed(book, key, manual=False)


def is_fed(book: Book, key: EntitlementKey) -> bool:
    """Whether any purchase feeds an entitlement, of a contract or without one."""
    return bool(_fed(book, key, manual=False) or _fed(book, key, manual=True))


def _fed(book: Book, key: EntitlementKey, *, manual: bool) -> list[tuple[str, str]]:
    """The contract items that feed an entitlement: number of the contract, item."""
    sql = """SELECT c.contract, i.item FROM entitlements e JOIN products p ON p.id = e.product_id
        JOIN metrics m ON m.id = e.metric_id JOIN contract_items i ON i.entitlement_id = e.id
        JOIN contracts c ON c.id = i.contract_id
        WHERE p.product = ? AND e.model = ? AND m.code = ? AND c.manual = ? ORDER BY c.contract, i.item"""
    return [(row[0], row[1]) for row in book.rows(sql, (key.product, key.model, key.metric, int(manual)))]


def rename(book: Book, key: EntitlementKey, name: str) -> None:
    """Give an entitlement a name of one's own. Raises Unknown, Unfit for an empty name."""
    with settled(book) as effects:
        number = names.entitlement(book, key)
        effects.save(Entitlement, {"id": number}, {"name": names.name(name, "name")}, named=str(key))


def set_responsible(book: Book, key: EntitlementKey, user_group: str) -> None:
    """Name the user group that answers for an entitlement; "" leaves it to its purchases. Raises Unknown."""
    with settled(book) as effects:
        number = names.entitlement(book, key)
        values = {"responsible_id": names.optional(book, "user_groups", user_group)}
        effects.save(Entitlement, {"id": number}, values, named=str(key))
