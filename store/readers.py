"""Reads rows of the book as the records that the operations take: to be shown, edited and saved again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from rules.vocabulary import is_unlimited
from store import counting, names, rows
from store.basic_tables import CountingRule as CountingRuleTable
from store.basic_tables import Host as HostTable
from store.basic_tables import VirtualMachine as MachineTable
from store.book import Book
from store.content import name_of
from store.errors import Unknown
from store.records import (
    Contract,
    ContractItem,
    Count,
    CountingRule,
    EntitlementKey,
    Host,
    ManualEvent,
    Override,
    Product,
    Right,
    VirtualMachine,
)
from store.tables import Contract as ContractTable
from store.tables import ContractItem as ItemTable
from store.tables import ManualEvent as EventTable
from store.tables import Override as OverrideTable
from store.tables import Product as ProductTable
from store.tables import Right as RightTable

Row = Mapping[str, Any]
"""A row of the book: columns and values."""


def contract(book: Book, number: str) -> Contract:
    """The contract of that number. Raises Unknown."""
    return contract_of(rows.get(book, ContractTable, names.number(book, "contracts", number)))


def item(book: Book, contract: str, item: str) -> ContractItem:
    """The item of a contract. Raises Unknown."""
    found = rows.find(book, ItemTable, {"contract_id": names.number(book, "contracts", contract), "item": item})
    if found is None:
        raise Unknown(f"contract {contract!r} has no item {item!r}.")
    return item_of(book, found)


def items(book: Book, contract: str) -> list[ContractItem]:
    """The items of a contract in the order in which they came. Raises Unknown."""
    sql = "SELECT id FROM contract_items WHERE contract_id = ? ORDER BY id"
    found = book.rows(sql, (names.number(book, "contracts", contract),))
    return [item_of(book, rows.get(book, ItemTable, number)) for (number,) in found]


def override(book: Book, entitlement: EntitlementKey) -> Override | None:
    """The manual override of an entitlement, if there is one. Raises Unknown without that entitlement."""
    found = rows.find(book, OverrideTable, {"entitlement_id": names.entitlement(book, entitlement)})
    return None if found is None else override_of(book, found)


def event(book: Book, number: int) -> ManualEvent:
    """An event of one's own by its id. Raises Unknown."""
    found = rows.find(book, EventTable, {"id": number})
    if found is None:
        raise Unknown(f"the calendar has no event {number} of yours.")
    return event_of(book, found)


def product(book: Book, name: str) -> Product:
    """The product of that name. Raises Unknown."""
    return product_of(book, rows.get(book, ProductTable, names.number(book, "products", name)))


def host(book: Book, name: str) -> Host:
    """The host of that name. Raises Unknown."""
    return host_of(book, rows.get(book, HostTable, names.number(book, "hosts", name)))


def machine(book: Book, name: str) -> VirtualMachine:
    """The virtual machine of that name. Raises Unknown."""
    return machine_of(book, rows.get(book, MachineTable, names.number(book, "virtual_machines", name)))


def counting_rules(book: Book) -> list[CountingRule]:
    """All counting rules of a book, by metric and day."""
    found = book.rows(
        "SELECT c.id FROM counting_rules c JOIN metrics m ON m.id = c.metric_id ORDER BY m.code, c.valid_from"
    )
    return [counting_rule_of(book, rows.get(book, CountingRuleTable, number)) for (number,) in found]


def right(book: Book, name: str) -> Right:
    """The right of that name. Raises Unknown."""
    return right_of(book, rows.get(book, RightTable, names.number(book, "rights", name)))


# ---------------------------------------------------------------------------------------------------- rows as records
def contract_of(row: Row) -> Contract:
    """A row of contracts as a record; an invoice date that nobody gave is left out."""
    texts: dict[str, Any] = {name: row[name] for name in _CONTRACT}
    invoiced = None if row["invoice_date_defaulted"] else names.day_of(row["invoice_date"])
    return Contract(**texts, invoice_date=invoiced, notice_date=names.day_of(row["notice_date"]))


_CONTRACT = (
    *("contract", "name", "currency", "supplier", "customer", "invoice_number", "purchase_order_number"),
    *("sales_order_number", "quote_number"),
)


def item_of(book: Book, row: Row) -> ContractItem:
    """A row of contract items as a record."""
    return ContractItem(
        contract=name_of(book, "contracts", row["contract_id"]),
        item=row["item"],
        product=name_of(book, "products", row["product_id"]),
        model=row["model"],
        metric=name_of(book, "metrics", row["metric_id"]),
        quantity=None if is_unlimited(row["quantity"]) else row["quantity"],
        license_start=date.fromisoformat(row["license_start"]),
        license_end=names.day_of(row["license_end"]),
        unit_price=None if row["unit_price"] is None else Decimal(row["unit_price"]),
        sku=row["sku"],
        responsible=name_of(book, "user_groups", row["responsible_id"]),
    )


def count_of(book: Book, row: Row) -> Count:
    """A row of demand as a record."""
    return Count(
        product=name_of(book, "products", row["product_id"]),
        metric=name_of(book, "metrics", row["metric_id"]),
        quantity=row["quantity"],
        resource_group=name_of(book, "resource_groups", row["resource_group_id"]),
        source=row["source"],
        counted_on=row["counted_on"],
    )


def override_of(book: Book, row: Row) -> Override:
    """A row of overrides as a record."""
    figures = {name: row[name] for name in ("reason", "active", "demand", "downgrade", "upgrade")}
    return Override(entitlement=key_of(book, row["entitlement_id"]), **figures)


def key_of(book: Book, entitlement: int) -> EntitlementKey:
    """What identifies the entitlement of that id."""
    sql = """SELECT p.product, e.model, m.code FROM entitlements e JOIN products p ON p.id = e.product_id
        JOIN metrics m ON m.id = e.metric_id WHERE e.id = ?"""
    return EntitlementKey(*book.rows(sql, (entitlement,))[0])


def event_of(book: Book, row: Row) -> ManualEvent:
    """A row of events of one's own as a record."""
    return ManualEvent(
        contract=name_of(book, "contracts", row["contract_id"]),
        kind=row["kind"],
        on=date.fromisoformat(row["on_day"]),
        name=row["name"],
        id=row["id"],
        remind_at=time.fromisoformat(row["remind_at"]) if row["remind_at"] else None,
        remind_days=row["remind_days"],
        repeat=row["repeat"],
        notify=bool(row["notify"]),
    )


def product_of(book: Book, row: Row) -> Product:
    """A row of products as a record."""
    texts = {name: row[name] for name in ("product", "vendor", "edition", "version", "version_rank")}
    return Product(
        **texts,
        family=name_of(book, "families", row["family_id"]),
        released_on=names.day_of(row["released_on"]),
        support_ends_on=names.day_of(row["support_ends_on"]),
        metric=name_of(book, "metrics", row["metric_id"]),
        maintenance_separate=bool(row["maintenance_separate"]),
    )


def right_of(book: Book, row: Row) -> Right:
    """A row of rights as a record."""
    return Right(
        right=row["right"],
        kind=row["kind"],
        family=name_of(book, "families", row["family_id"]),
        from_product=name_of(book, "products", row["from_product_id"]),
        to_product=name_of(book, "products", row["to_product_id"]),
        metric=name_of(book, "metrics", row["metric_id"]),
        depth=row["depth"],
        valid_from=names.day_of(row["valid_from"]),
        valid_until=names.day_of(row["valid_until"]),
    )


def host_of(book: Book, row: Row) -> Host:
    """A row of hosts as a record."""
    figures = {name: row[name] for name in ("host", "processors", "cores_per_processor", "cluster")}
    return Host(**figures, resource_group=name_of(book, "resource_groups", row["resource_group_id"]))


def machine_of(book: Book, row: Row) -> VirtualMachine:
    """A row of virtual machines as a record."""
    return VirtualMachine(row["vm"], name_of(book, "hosts", row["host_id"]), row["cluster"], row["vcpus"])


def counting_rule_of(book: Book, row: Row) -> CountingRule:
    """A row of counting rules as a record."""
    return CountingRule(
        name_of(book, "metrics", row["metric_id"]),
        row["method"],
        counting.parameters([row[name] for name in counting.COLUMNS]),
        names.day_of(row["valid_from"]),
    )
