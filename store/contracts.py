"""What a person does with contracts and their items. Each call is one transaction with all that follows from it."""

from __future__ import annotations

from typing import Any

from store import allocations, derivation, names, rows, settings
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import Contract, ContractItem
from store.tables import Contract as ContractTable
from store.tables import ContractItem as ItemTable


def save(book: Book, contract: Contract) -> None:
    """Add a contract or change it; its invoice event follows. Raises Unfit for what no contract can hold.

    Without an invoice date a contract keeps the one it has; a new one takes the day that the book was last judged on.
    """
    key = {"contract": names.name(contract.contract, "contract")}
    values = {
        "name": names.name(contract.name, "name"),
        "currency": names.currency(contract.currency) or settings.get(book, "currency"),
        **{column: names.line(getattr(contract, column), column.replace("_", " ")) for column in _TEXTS},
        "notice_date": contract.notice_date.isoformat() if contract.notice_date else None,
    }
    with book.transaction():
        values |= _invoiced(book, contract, rows.find(book, ContractTable, key))
        if rows.save(book, ContractTable, key, values, named=key["contract"]):
            number = names.number(book, "contracts", key["contract"])
            derivation.derive(book, _groups(book, number), [number])


_TEXTS = ("supplier", "customer", "invoice_number", "purchase_order_number", "sales_order_number", "quote_number")


def _invoiced(book: Book, contract: Contract, held: dict[str, Any] | None) -> dict[str, Any]:
    if contract.invoice_date is not None:
        return {"invoice_date": contract.invoice_date.isoformat(), "invoice_date_defaulted": 0}
    if held is not None:
        return {name: held[name] for name in ("invoice_date", "invoice_date_defaulted")}
    day = settings.get(book, "as_of")
    if not day:
        raise Unfit("invoice date: this is needed until the book has been judged on a day.")
    return {"invoice_date": day, "invoice_date_defaulted": 1}


def save_item(book: Book, item: ContractItem) -> None:
    """Add a contract item or change it; entitlements, events and positions of its family follow.

    An item that is the last of its entitlement and moves to another one takes the allocations along, if that has none.
    Raises Unknown for a contract, product, metric or group that does not exist, Unfit for impossible values.
    """
    start, end = names.term(item.license_start, item.license_end)
    with book.transaction():
        contract = names.number(book, "contracts", item.contract)
        product = names.number(book, "products", item.product)
        key = {"contract_id": contract, "item": names.name(item.item, "item")}
        values = {
            "product_id": product,
            "sku": names.line(item.sku, "sku"),
            "model": names.model(item.model),
            "metric_id": names.number(book, "metrics", item.metric),
            "quantity": names.units(item.quantity, "quantity"),
            "license_start": start,
            "license_end": end,
            "unit_price": names.price(item.unit_price),
            "responsible_id": names.optional(book, "user_groups", item.responsible),
        }
        before = rows.find(book, ItemTable, key)
        if rows.save(book, ItemTable, key, values, named=f"{item.contract}|{item.item}"):
            groups = derivation.groups_of(book, {product, before["product_id"] if before else product})
            derivation.derive(book, groups)
            after = rows.find(book, ItemTable, key)
            if before and after and allocations.follow(book, before["entitlement_id"], after["entitlement_id"]):
                derivation.derive(book, groups)


def remove_item(book: Book, contract: str, item: str, *, confirmed: bool = False) -> None:
    """Remove a contract item, its events, and what it gave to its entitlement.

    Raises Unknown; Unconfirmed when more would stay allocated than the entitlement holds, unless that is `confirmed`.
    """
    with book.transaction():
        number = names.number(book, "contracts", contract)
        key = {"contract_id": number, "item": item}
        held = rows.find(book, ItemTable, key)
        if held is None:
            raise Unknown(f"contract {contract!r} has no item {item!r}.")
        derivation.drop_events(book, held["id"])
        rows.remove(book, ItemTable, key, named=f"{contract}|{item}")
        derivation.derive(book, derivation.groups_of(book, [held["product_id"]]))
        if not confirmed:
            allocations.check(book, held["entitlement_id"])


def remove(book: Book, contract: str, *, confirmed: bool = False) -> None:
    """Remove a contract with its items and events; a manual event of the contract keeps it.

    Raises Unknown; Unconfirmed as `remove_item` does; Unfit for a contract with events of one's own.
    """
    with book.transaction():
        number = names.number(book, "contracts", contract)
        if book.one("SELECT 1 FROM manual_events WHERE contract_id = ?", (number,)):
            raise Unfit(f"contract {contract!r} has events of yours in the calendar. Remove or move them first.")
        for (item,) in book.rows("SELECT item FROM contract_items WHERE contract_id = ?", (number,)):
            remove_item(book, contract, item, confirmed=confirmed)
        derivation.drop_events(book, None, number)
        rows.remove(book, ContractTable, {"id": number}, named=contract)


def _groups(book: Book, contract: int) -> list[int]:
    """Transfer groups of the products of a contract: the order of their purchases hangs on its invoice date."""
    sql = """SELECT DISTINCT p.transfer_group FROM contract_items i JOIN products p ON p.id = i.product_id
        WHERE i.contract_id = ?"""
    return [row[0] for row in book.rows(sql, (contract,))]
