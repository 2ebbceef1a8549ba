"""Makes the changes of a scenario, each by the very operation that a person would use for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from rules.vocabulary import MAX_QUANTITY
from store import contracts, demand, derivation, facts, forecast, names, readers, rights
from store.book import Book
from store.content import name_of
from store.errors import KnownFault, Unfit
from store.records import Contract, ContractItem, Count
from store.scenarios.shape import (
    AddItem,
    Change,
    ChangeDemand,
    DropItem,
    RedateItem,
    RenewItem,
    Scenario,
    SwitchRight,
)

SOURCE: Final = "scenario"
"""The source of demand that no count was known for."""


def apply(book: Book, scenario: Scenario) -> None:
    """Make all changes in their order, in one transaction, with what follows from them.

    Raises Unfit for the first one that is not possible, naming it by its number. What stays allocated beyond what a
    dropped item leaves is taken as confirmed.
    """
    as_of = forecast.judged_on(book)
    with book.transaction():
        for number, change in enumerate(scenario.changes, start=1):
            try:
                _MAKE[type(change)](book, change, scenario.scenario, as_of)
            except KnownFault as fault:
                raise Unfit(f"change {number}: {fault}") from fault


def products(book: Book, changes: Iterable[Change]) -> set[int]:
    """The products (ids) that changes are about, as far as the book knows them; one stands for its whole family."""
    found = [row[0] for change in changes for row in book.rows(*_ABOUT[type(change)](change))]
    return {number for number in found if number is not None}


# --------------------------------------------------------------------------------------------------------------- items
def _add(book: Book, change: AddItem, scenario: str, as_of: date) -> None:
    number = names.name(change.contract, "contract")
    if not contracts.exists(book, number):
        contracts.save(book, Contract(number, scenario or number, as_of, change.currency))
    item = change.item or _free(book, number, map(str, range(1, MAX_QUANTITY)))
    if change.item and item in _items(book, number):
        raise Unfit(f"contract {number!r} has an item {item!r} already.")
    contracts.save_item(
        book,
        ContractItem(
            *(number, item, change.product, change.model, change.metric, change.quantity),
            *(change.license_start, change.license_end, change.unit_price),
        ),
    )


def _drop(book: Book, change: DropItem, _: str, __: date) -> None:
    contracts.remove_item(book, change.contract, change.item, confirmed=True)


def _renew(book: Book, change: RenewItem, _: str, __: date) -> None:
    held = readers.item(book, change.contract, change.item)
    if held.license_end is None:
        raise Unfit(f"item {change.item!r} of contract {change.contract!r} has no end; there is nothing to renew.")
    more = (f" {number}" if number > 1 else "" for number in range(1, MAX_QUANTITY))
    renewed = replace(
        held,
        item=_free(book, change.contract, (f"{change.item} renewed{end}" for end in more)),
        license_start=held.license_end + timedelta(1),
        license_end=change.license_end,
        quantity=held.quantity if change.quantity is None else change.quantity,
        unit_price=held.unit_price if change.unit_price is None else change.unit_price,
    )
    contracts.save_item(book, renewed)


def _redate(book: Book, change: RedateItem, _: str, __: date) -> None:
    held = readers.item(book, change.contract, change.item)
    contracts.save_item(book, replace(held, license_start=change.license_start, license_end=change.license_end))


def _items(book: Book, contract: str) -> set[str]:
    sql = "SELECT i.item FROM contracts c JOIN contract_items i ON i.contract_id = c.id WHERE c.contract = ?"
    return {row[0] for row in book.rows(sql, (contract.strip(),))}


def _free(book: Book, contract: str, numbers: Iterable[str]) -> str:
    taken = _items(book, contract)
    return next(number for number in numbers if number not in taken)


# -------------------------------------------------------------------------------------------------------------- demand
def _demand(book: Book, change: ChangeDemand, _: str, __: date) -> None:
    product = names.number(book, "products", change.product)
    metric = names.number(book, "metrics", change.metric)
    held = _counts(book, change, product, metric)
    total = sum(count.quantity for count in held)
    wanted = _wanted(total, change)
    for count, quantity in zip(held, spread([count.quantity for count in held], wanted), strict=True):
        demand.save(book, replace(count, quantity=quantity))


def _wanted(total: int, change: ChangeDemand) -> int:
    if change.percent is None:
        return max(0, total + change.by)
    share = Decimal(total) * (100 + change.percent) / 100
    return max(0, int(share.to_integral_value(ROUND_CEILING)))


def _counts(book: Book, change: ChangeDemand, product: int, metric: int) -> list[Count]:
    """The demand of a product in a metric as counts; of what is only installed, what that comes to; at least one."""
    told = book.rows(_COUNTS, (product, metric))
    if told:
        return [Count(change.product, change.metric, *row) for row in told]
    (group,) = derivation.groups_of(book, [product])
    known = facts.read(book, group, group).demand.get((product, metric)) or {None: 0}
    parts = sorted((name_of(book, "resource_groups", number), quantity) for number, quantity in known.items())
    return [Count(change.product, change.metric, quantity, name, SOURCE) for name, quantity in parts]


_COUNTS: Final = """
SELECT d.quantity, coalesce(g.name, ''), d.source, d.counted_on FROM demand d
LEFT JOIN resource_groups g ON g.id = d.resource_group_id WHERE d.product_id = ? AND d.metric_id = ? ORDER BY 2, 3"""


def spread(parts: Sequence[int], total: int) -> list[int]:
    """A total in the proportions of some parts, in whole units: what is left over goes to the largest remainders.

    All of it goes to the first part where there is nothing yet.
    """
    whole = sum(parts)
    if not whole:
        return [total, *([0] * (len(parts) - 1))]
    found = [part * total // whole for part in parts]
    remainders = sorted(range(len(parts)), key=lambda place: (-(parts[place] * total % whole), place))
    for place in remainders[: total - sum(found)]:
        found[place] += 1
    return found


# -------------------------------------------------------------------------------------------------------------- rights
def _switch(book: Book, change: SwitchRight, _: str, as_of: date) -> None:
    held = readers.right(book, change.right)
    begun = held.valid_from is None or held.valid_from <= as_of
    if change.on:
        ended = held.valid_until is not None and held.valid_until < as_of
        first, last = held.valid_from if begun else as_of, None if ended else held.valid_until
        rights.save(book, replace(held, valid_from=first, valid_until=last))
    elif held.valid_from is not None and held.valid_from >= as_of:
        rights.remove(book, change.right)
    elif held.valid_until is None or held.valid_until >= as_of:
        rights.save(book, replace(held, valid_until=as_of - timedelta(1)))


# --------------------------------------------------------------------------------------------------------------- tables
_MAKE: Final[Mapping[type, Callable[[Book, Any, str, date], None]]] = {
    AddItem: _add,
    DropItem: _drop,
    RenewItem: _renew,
    RedateItem: _redate,
    ChangeDemand: _demand,
    SwitchRight: _switch,
}

_Query = tuple[str, tuple[str, ...]]
_PRODUCT: Final = "SELECT id FROM products WHERE product = ?"
_OF_ITEM: Final = """
SELECT i.product_id FROM contracts c JOIN contract_items i ON i.contract_id = c.id
WHERE c.contract = ? AND i.item = ?"""
_OF_RIGHT: Final = """
SELECT from_product_id FROM rights WHERE "right" = ?1 UNION SELECT to_product_id FROM rights WHERE "right" = ?1
UNION SELECT min(p.id) FROM rights r JOIN products p ON p.family_id = r.family_id WHERE r."right" = ?1"""


def _of_product(change: AddItem | ChangeDemand) -> _Query:
    return _PRODUCT, (change.product.strip(),)


def _of_item(change: DropItem | RenewItem | RedateItem) -> _Query:
    return _OF_ITEM, (change.contract.strip(), change.item)


def _of_right(change: SwitchRight) -> _Query:
    return _OF_RIGHT, (change.right,)


_ABOUT: Final[Mapping[type, Callable[[Any], _Query]]] = {
    AddItem: _of_product,
    ChangeDemand: _of_product,
    DropItem: _of_item,
    RenewItem: _of_item,
    RedateItem: _of_item,
    SwitchRight: _of_right,
}
