"""Enters a single value of a row again, by the operation that a person would use for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from store import (
    allocations,
    calendar,
    contracts,
    counting_rules,
    demand,
    entitlements,
    groups,
    hardware,
    names,
    overrides,
    preferences,
    products,
    readers,
    rights,
)
from store.book import Book
from store.content import name_of
from store.errors import Unfit, Unknown
from store.portal import authorizations, definitions, titles
from store.reviews import deciding
from store.reviews.records import Decision, Position
from store.tables import BY_NAME, references

Row = Mapping[str, Any]


def restore(book: Book, subject: str, row: Row, column: str, value: Any) -> None:
    """Give a column of a row a value. Raises Unfit when that is not possible any more. Inside a transaction."""
    operation = _OPERATIONS.get((subject, column)) or _OPERATIONS.get((subject, ""))
    if operation is None or (subject, column) in _FOLLOWING:
        raise Unfit(f"{subject.replace('_', ' ')}, {column.removesuffix('_id')}: this follows from other changes.")
    parent = references(BY_NAME[subject]).get(column)
    if parent is not None and value and not name_of(book, parent, value):
        raise Unfit(f"The earlier value is not possible any more: its {parent.replace('_', ' ')} are no longer there.")
    try:
        operation(book, row, value, {**row, column: value})
    except Unknown as unknown:
        raise Unfit(f"The earlier value is not possible any more: {unknown}") from unknown


_FOLLOWING = {("contracts", "invoice_date_defaulted"), ("contracts", "manual"), ("titles", "listed_on")}

Operation = Callable[[Book, Row, Any, Row], None]
"""Takes the book, the row as it is, the value, and the row as it is to be."""


def _contract(book: Book, _: Row, __: Any, row: Row) -> None:
    contracts.save(book, readers.contract_of(row))


def _invoice_date(book: Book, _: Row, __: Any, row: Row) -> None:
    contracts.save(book, readers.contract_of({**row, "invoice_date_defaulted": 0}))


def _item(book: Book, _: Row, __: Any, row: Row) -> None:
    contracts.save_item(book, readers.item_of(book, row))


def _allocation(book: Book, row: Row, quantity: int, _: Row) -> None:
    resource_group, user_group = (name_of(book, f"{kind}_groups", row[f"{kind}_group_id"]) for kind in _KINDS)
    allocations.allocate(book, readers.key_of(book, row["entitlement_id"]), resource_group, user_group, quantity)


_KINDS = ("resource", "user")


def _count(book: Book, _: Row, __: Any, row: Row) -> None:
    demand.save(book, readers.count_of(book, row))


def _override(book: Book, _: Row, __: Any, row: Row) -> None:
    overrides.save(book, readers.override_of(book, row))


def _event(book: Book, _: Row, __: Any, row: Row) -> None:
    calendar.save(book, readers.event_of(book, row))


def _acknowledged(book: Book, row: Row, day: str | None, _: Row) -> None:
    calendar.acknowledge_own(book, row["id"], names.day_of(day))


def _product(book: Book, _: Row, __: Any, row: Row) -> None:
    products.save(book, readers.product_of(book, row))


def _product_name(book: Book, row: Row, name: str, _: Row) -> None:
    products.rename(book, row["product"], name)


def _family_name(book: Book, row: Row, name: str, _: Row) -> None:
    products.rename_family(book, row["name"], name)


def _right(book: Book, _: Row, __: Any, row: Row) -> None:
    rights.save(book, readers.right_of(book, row))


def _host(book: Book, _: Row, __: Any, row: Row) -> None:
    hardware.save_host(book, readers.host_of(book, row))


def _machine(book: Book, _: Row, __: Any, row: Row) -> None:
    hardware.save_machine(book, readers.machine_of(book, row))


def _counting_rule(book: Book, _: Row, __: Any, row: Row) -> None:
    counting_rules.save(book, readers.counting_rule_of(book, row))


def _entitlement_name(book: Book, row: Row, name: str, _: Row) -> None:
    entitlements.rename(book, readers.key_of(book, row["id"]), name)


def _responsible(book: Book, row: Row, number: int | None, _: Row) -> None:
    entitlements.set_responsible(book, readers.key_of(book, row["id"]), name_of(book, "user_groups", number))


def _title(book: Book, _: Row, __: Any, row: Row) -> None:
    titles.save(book, titles.of(book, row))


def _title_name(book: Book, row: Row, name: str, _: Row) -> None:
    titles.rename(book, row["title"], name)


def _definition(book: Book, _: Row, __: Any, row: Row) -> None:
    definitions.save(book, definitions.of(book, row))


def _authorization(book: Book, _: Row, __: Any, row: Row) -> None:
    authorizations.save(book, authorizations.of(book, row))


def _ended(book: Book, row: Row, day: str | None, _: Row) -> None:
    authorizations.end(book, row["authorization"], names.day_of(day))


def _reviewed(book: Book, _: Row, __: Any, row: Row) -> None:
    position = Position(row["product"], row["model"], row["metric"])
    decided = Decision(
        row["decision"],
        row["note"],
        name_of(book, "user_groups", row["responsible_id"]),
        names.day_of(row["due_on"]),
    )
    deciding.decide(book, name_of(book, "reviews", row["review_id"]), position, decided)


def _setting(book: Book, row: Row, value: str, _: Row) -> None:
    preferences.change(book, row["key"], value)


def _group_name(kind: str) -> Operation:
    def rename(book: Book, row: Row, name: str, _: Row) -> None:
        groups.rename(book, kind, row["name"], name)

    return rename


def _group_parent(kind: str) -> Operation:
    def move(book: Book, row: Row, number: int | None, _: Row) -> None:
        groups.move(book, kind, row["name"], name_of(book, kind, number))

    return move


_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("contracts", ""): _contract,
    ("contracts", "invoice_date"): _invoice_date,
    ("contract_items", ""): _item,
    ("allocations", "quantity"): _allocation,
    ("demand", ""): _count,
    ("overrides", ""): _override,
    ("manual_events", ""): _event,
    ("manual_events", "acknowledged_on"): _acknowledged,
    ("products", ""): _product,
    ("products", "product"): _product_name,
    ("families", "name"): _family_name,
    ("rights", ""): _right,
    ("hosts", ""): _host,
    ("virtual_machines", ""): _machine,
    ("counting_rules", ""): _counting_rule,
    ("entitlements", "name"): _entitlement_name,
    ("entitlements", "responsible_id"): _responsible,
    ("settings", ""): _setting,
    **{("review_rows", column): _reviewed for column in ("decision", "note", "responsible_id", "due_on")},
    ("titles", ""): _title,
    ("titles", "title"): _title_name,
    ("entitlement_definitions", ""): _definition,
    ("authorizations", ""): _authorization,
    ("authorizations", "ended_on"): _ended,
    **{(kind, "name"): _group_name(kind) for kind in (groups.RESOURCE_GROUPS, groups.USER_GROUPS)},
    **{(kind, "parent_id"): _group_parent(kind) for kind in (groups.RESOURCE_GROUPS, groups.USER_GROUPS)},
}
"""Table and column ("" for all others) -> how its value is entered."""
