"""What a person does with contracts and their items. Each call is one transaction with all that follows from it."""

from __future__ import annotations

from store import derivation, names, rows, settings
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import Contract, ContractItem
from store.tables import Contract as ContractTable
from store.tables import ContractItem as ItemTable


def save(book: Book, contract: Contract) -> None:
    """Add a contract or change it; its invoice event follows. Raises Unfit for what no contract can hold."""
    values = {
        "name": names.text(contract.name, "name"),
        "invoice_date": (contract.invoice_date.isoformat() if contract.invoice_date else settings.get(book, "as_of")),
        "invoice_date_defaulted": int(contract.invoice_date is None),
        "currency": contract.currency or settings.get(book, "currency"),
        "supplier": contract.supplier,
        "customer": contract.customer,
        "invoice_number": contract.invoice_number,
        "purchase_order_number": contract.purchase_order_number,
        "sales_order_number": contract.sales_order_number,
        "quote_number": contract.quote_number,
        "notice_date": contract.notice_date.isoformat() if contract.notice_date else None,
    }
    if not values["invoice_date"]:
        raise Unfit("invoice date: this is needed until the book has been judged on a day.")
    with book.transaction():
        key = {"contract": names.text(contract.contract, "contract")}
        if rows.save(book, ContractTable, key, values, named=contract.contract):
            number = names.number(book, "contracts", contract.contract)
            derivation.derive(book, _groups(book, "contract_id", number), [number])


def save_item(book: Book, item: ContractItem) -> None:
    """Add a contract item or change it; entitlements, events and positions of its family follow.

    Raises Unknown for a contract, product, metric or group that does not exist, Unfit for impossible values.
    """
    start, end = names.term(item.license_start, item.license_end)
    with book.transaction():
        contract = names.number(book, "contracts", item.contract)
        product = names.number(book, "products", item.product)
        key = {"contract_id": contract, "item": names.text(item.item, "item")}
        values = {
            "product_id": product,
            "sku": item.sku,
            "model": names.model(item.model),
            "metric_id": names.number(book, "metrics", item.metric),
            "quantity": names.units(item.quantity, "quantity"),
            "license_start": start,
            "license_end": end,
            "unit_price": names.price(item.unit_price),
            "responsible_id": names.optional(book, "user_groups", item.responsible),
        }
        before = book.one(
            "SELECT product_id FROM contract_items WHERE contract_id = ? AND item = ?", (contract, item.item)
        )
        if rows.save(book, ItemTable, key, values, named=f"{item.contract}|{item.item}"):
            touched = {product, int(before[0]) if before else product}
            derivation.derive(book, derivation.groups_of(book, touched))


def remove_item(book: Book, contract: str, item: str) -> None:
    """Remove a contract item, its events, and what it gave to its entitlement. Raises Unknown."""
    with book.transaction():
        number = names.number(book, "contracts", contract)
        found = book.one("SELECT id, product_id FROM contract_items WHERE contract_id = ? AND item = ?", (number, item))
        if found is None:
            raise Unknown(f"contract {contract!r} has no item {item!r}.")
        derivation.drop_events(book, found[0])
        rows.remove(book, ItemTable, {"contract_id": number, "item": item}, named=f"{contract}|{item}")
        derivation.derive(book, derivation.groups_of(book, [found[1]]))


def remove(book: Book, contract: str) -> None:
    """Remove a contract with its items and events; a manual event of the contract keeps it. Raises Unknown, Unfit."""
    with book.transaction():
        number = names.number(book, "contracts", contract)
        if book.one("SELECT 1 FROM manual_events WHERE contract_id = ?", (number,)):
            raise Unfit(f"contract {contract!r} has events of yours in the calendar. Remove or move them first.")
        for (item,) in book.rows("SELECT item FROM contract_items WHERE contract_id = ?", (number,)):
            remove_item(book, contract, item)
        derivation.drop_events(book, None, number)
        rows.remove(book, ContractTable, {"contract": contract}, named=contract)


def _groups(book: Book, column: str, value: int) -> list[int]:
    """Transfer groups of the products of some contract items: their order of purchases hangs on the invoice date."""
    sql = f"""SELECT DISTINCT p.transfer_group FROM contract_items i JOIN products p ON p.id = i.product_id
        WHERE i.{column} = ?"""
    return [row[0] for row in book.rows(sql, (value,))]
