"""What a person does with contracts and their items. Each call is one transaction with all that follows from it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from rules.vocabulary import is_unlimited
from store import allocations, derivation, names, rows, settings
from store import products as product_store
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import Contract, ContractItem, Product
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
        "notice_date": names.day_text(contract.notice_date),
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
    with book.transaction():
        _settle(book, [_put(book, item)])


@dataclass(frozen=True)
class _Put:
    """An item that was written: its key, what it was before (None: it is new), its product, whether it is another."""

    key: Mapping[str, Any]
    before: Mapping[str, Any] | None
    product: int
    changed: bool


def _put(book: Book, item: ContractItem) -> _Put:
    """Write the row of an item; what follows from it is left to `_settle`."""
    start, end = names.term(item.license_start, item.license_end)
    product = names.number(book, "products", item.product)
    key = {"contract_id": names.number(book, "contracts", item.contract), "item": names.name(item.item, "item")}
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
    changed = rows.save(book, ItemTable, key, values, named=f"{item.contract}|{item.item}")
    return _Put(key, before, product, changed)


def _settle(book: Book, put: Iterable[_Put], gone: Iterable[Mapping[str, Any]] = ()) -> None:
    """Derive what follows from items written and removed; allocations follow those that moved."""
    changed = [one for one in put if one.changed]
    moved = [one for one in changed if one.before is not None]
    products = {one.product for one in changed} | {row["product_id"] for row in gone}
    groups = derivation.groups_of(book, products | {one.before["product_id"] for one in moved if one.before})
    if not groups:
        return
    derivation.derive(book, groups)
    followed = [_follow(book, one) for one in moved]
    if True in followed:
        derivation.derive(book, groups)


def _follow(book: Book, item: _Put) -> bool:
    after = rows.find(book, ItemTable, item.key)
    return bool(
        item.before and after and allocations.follow(book, item.before["entitlement_id"], after["entitlement_id"])
    )


def save_whole(
    book: Book,
    contract: Contract,
    items: Sequence[ContractItem],
    *,
    products: Iterable[Product] = (),
    new: bool = False,
    confirmed: bool = False,
) -> None:
    """Add a contract or change it, so that it has exactly these items, with products that the book lacks so far.

    One transaction. Raises Unfit for what no contract can hold, for an item twice, and, when it shall be `new`, for a
    number that is taken; Unknown as `save_item`; Unconfirmed when removed items leave more allocated than there is,
    unless that is `confirmed`.
    """
    numbers = [names.name(item.item, "item") for item in items]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        raise Unfit(f"item: {twice!r} is there twice; give each item of a contract a number of its own.")
    with book.transaction():
        if new:
            _refuse_taken(book, contract)
        for product in products:
            product_store.add(book, product)
        save(book, contract)
        named = names.name(contract.contract, "contract")
        gone = _remove_others(book, named, set(numbers))
        _settle(book, [_put(book, replace(item, contract=named)) for item in items], gone)
        for row in gone if not confirmed else ():
            allocations.check(book, row["entitlement_id"])


def exists(book: Book, contract: str) -> bool:
    """Whether the book has a contract of that number, however it is typed."""
    return rows.find(book, ContractTable, {"contract": names.line(contract, "contract")}) is not None


def _refuse_taken(book: Book, contract: Contract) -> None:
    number = names.name(contract.contract, "contract")
    if exists(book, number):
        raise Unfit(f"contract: {number!r} is in the book already. Give another number, or edit that contract.")


def _remove_others(book: Book, contract: str, kept: Container[str]) -> list[dict[str, Any]]:
    """Remove the rows of a contract's items that are not kept, with their events; the rows."""
    number = names.number(book, "contracts", contract)
    held = book.rows("SELECT id, item FROM contract_items WHERE contract_id = ? ORDER BY id", (number,))
    found: list[dict[str, Any]] = []
    for item_id, item in held:
        if item not in kept:
            derivation.drop_events(book, item_id)
            key = {"contract_id": number, "item": item}
            found.append(rows.remove(book, ItemTable, key, named=f"{contract}|{item}") or {})
    return found


def read(book: Book, contract: str) -> tuple[Contract, list[ContractItem]]:
    """A contract with its items, in the order in which they were added. Raises Unknown."""
    number = names.number(book, "contracts", contract)
    held = rows.find(book, ContractTable, {"id": number}) or {}
    values = {name: held[name] for name in ("contract", "name", "currency", *_TEXTS)}
    values |= {name: names.day_of(held[name]) for name in ("invoice_date", "notice_date")}
    return Contract(**values), [_item(held["contract"], *row) for row in book.rows(_ITEMS, (number,))]


_ITEMS = """
SELECT i.item, p.product, i.model, m.code, i.quantity, i.license_start, i.license_end, i.unit_price, i.sku, u.name
FROM contract_items i JOIN products p ON p.id = i.product_id JOIN metrics m ON m.id = i.metric_id
LEFT JOIN user_groups u ON u.id = i.responsible_id WHERE i.contract_id = ? ORDER BY i.id"""


def _item(contract: str, *row: Any) -> ContractItem:
    item, product, model, metric, quantity, start, end, price, sku, responsible = row
    amount = None if price is None else Decimal(price)
    first, units = date.fromisoformat(start), None if is_unlimited(quantity) else int(quantity)
    return ContractItem(
        contract, item, product, model, metric, units, first, names.day_of(end), amount, sku, responsible or ""
    )


def propose_number(book: Book, today: date) -> str:
    """A contract number that is free: C-2026-001, and on from there."""
    start = f"C-{today.year}-"
    taken = book.rows("SELECT substr(contract, ?) FROM contracts WHERE contract GLOB ?", (len(start) + 1, f"{start}*"))
    return f"{start}{max([int(rest) for (rest,) in taken if rest.isascii() and rest.isdigit()], default=0) + 1:03}"


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
