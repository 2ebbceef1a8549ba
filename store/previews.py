"""What a change would do, before it is done: the very operation runs in a transaction of which nothing is kept.

So a preview never guesses: what it says is what will be, as long as nobody changes the book in between.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import orjson

from rules.vocabulary import UNLIMITED, is_unlimited
from store import contracts
from store.book import Book
from store.errors import Unconfirmed
from store.records import Contract, ContractItem, EntitlementKey, Product


@dataclass(frozen=True)
class Figures:
    """The figures of an entitlement."""

    quantity: int
    active: int
    allocated: int
    maintenance_quantity: int
    state: str
    license_start: str | None
    expiration: str | None


@dataclass(frozen=True)
class EntitlementEffect:
    """An entitlement that changes. `before` is None when it is opened, `after` when it is archived."""

    key: EntitlementKey
    name: str
    before: Figures | None
    after: Figures | None


@dataclass(frozen=True)
class Feeding:
    """Which entitlement an item feeds. Maintenance that has no entitlement of its own `covers` one of another model."""

    item: str
    entitlement: EntitlementKey
    name: str
    covers: bool
    opens: bool
    rule: str


@dataclass(frozen=True)
class EventEffect:
    """An automatic event that is made (`before` is None), moved, or goes (`after` is None); `item` "" is the invoice.

    `lead` is how many days before the last day a warning is due, -1 for other events.
    """

    contract: str
    item: str
    kind: str
    lead: int
    before: date | None
    after: date | None


@dataclass(frozen=True)
class Standing:
    """The balance of a position and its status."""

    balance: int
    status: str


@dataclass(frozen=True)
class PositionEffect:
    """A position whose balance changes, opens or goes. `model` is "" where demand has no entitlement."""

    product: str
    model: str
    metric: str
    before: Standing | None
    after: Standing | None


@dataclass(frozen=True)
class Preview:
    """Everything that saving a contract would do. `confirm` says what must be confirmed first, "" for nothing."""

    feedings: tuple[Feeding, ...]
    entitlements: tuple[EntitlementEffect, ...]
    events: tuple[EventEffect, ...]
    positions: tuple[PositionEffect, ...]
    confirm: str


def contract(
    book: Book,
    contract: Contract,
    items: Sequence[ContractItem],
    *,
    products: Iterable[Product] = (),
    new: bool = False,
) -> Preview:
    """What `contracts.save_whole` would do. Raises what that would raise, but for what can be confirmed."""
    named = [item.product for item in items]
    made = list(products)

    def store(*, confirmed: bool) -> None:
        contracts.save_whole(book, contract, items, products=made, new=new, confirmed=confirmed)

    with book.reading():
        touched = [*named, *_products_of(book, contract.contract)]
    with trial(book):
        confirm = _confirming(book, store)
        group = _group(book, touched)
        after, feedings = _state(book, contract.contract, touched, group), _feedings(book, contract.contract)
    with book.reading():
        before = _state(book, contract.contract, touched, group)
    opened = {key for key in after.entitlements if key not in before.entitlements}
    return Preview(
        tuple(Feeding(*feeding[:4], feeding[1] in opened, feeding[4]) for feeding in feedings),
        _entitlements(before, after),
        tuple(EventEffect(*key, old, new) for key, (old, new) in _changes(before.events, after.events)),
        tuple(PositionEffect(*key, old, new) for key, (old, new) in _changes(before.positions, after.positions)),
        confirm,
    )


@contextmanager
def trial(book: Book) -> Generator[None]:
    """A block of which nothing stays in the book."""
    with book.transaction():
        book.run("SAVEPOINT trial")
        yield
        _roll_back(book, "trial")
        book.run("RELEASE trial")


def _roll_back(book: Book, mark: str) -> None:
    """Back to a mark inside of the transaction; where the chain of the change log ends is not known any more."""
    book.run(f"ROLLBACK TO {mark}")
    book.hand.linked = None


def _confirming(book: Book, store: Callable[..., None]) -> str:
    """Store it, if need be as confirmed; what had to be confirmed."""
    book.run("SAVEPOINT unconfirmed")
    try:
        store(confirmed=False)
    except Unconfirmed as fault:
        _roll_back(book, "unconfirmed")
        store(confirmed=True)
        return str(fault)
    return ""


# -------------------------------------------------------------------------------------------------------- comparisons
@dataclass(frozen=True)
class _State:
    """What can change, by keys that stay when rows are made anew."""

    entitlements: Mapping[EntitlementKey, tuple[str, Figures]]
    events: Mapping[tuple[str, str, str, int], date]
    positions: Mapping[tuple[str, str, str], Standing]


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_Change = tuple[_Key, tuple[_Value | None, _Value | None]]


def _changes(before: Mapping[_Key, _Value], after: Mapping[_Key, _Value]) -> list[_Change[_Key, _Value]]:
    """What is other than before: the new and changed ones in the order of `after`, then those that are gone."""
    keys = [*after, *(key for key in before if key not in after)]
    return [(key, (before.get(key), after.get(key))) for key in keys if before.get(key) != after.get(key)]


def _entitlements(before: _State, after: _State) -> tuple[EntitlementEffect, ...]:
    return tuple(
        EntitlementEffect(key, (new or old or ("",))[0], old and old[1], new and new[1])
        for key, (old, new) in _changes(before.entitlements, after.entitlements)
    )


def _state(book: Book, contract: str, products: Sequence[str], group: Sequence[str]) -> _State:
    near = orjson.dumps(list(products)).decode()
    wide = orjson.dumps(list(group)).decode()
    return _State(
        {EntitlementKey(*row[:3]): (row[3], Figures(*row[4:])) for row in book.rows(_OF_ENTITLEMENTS, (near,))},
        {
            (row[0], row[1], row[2], row[3]): date.fromisoformat(row[4])
            for row in book.rows(_OF_EVENTS, (near, contract.strip()))
        },
        {(row[0], row[1], row[2]): _standing(*row[3:]) for row in book.rows(_OF_POSITIONS, (wide,))},
    )


_OF_ENTITLEMENTS = """
SELECT p.product, e.model, m.code, e.name, e.quantity, e.active, e.allocated, e.maintenance_quantity, e.state,
       e.license_start, e.expiration
FROM json_each(?) j CROSS JOIN products p ON p.product = j.value CROSS JOIN entitlements e ON e.product_id = p.id
JOIN metrics m ON m.id = e.metric_id WHERE e.archived = 0 ORDER BY e.name"""

_OF_EVENTS = """
SELECT c.contract, coalesce(i.item, ''), e.kind, e.lead, e.on_day FROM (
    SELECT i.id FROM json_each(?1) j CROSS JOIN products p ON p.product = j.value
    CROSS JOIN contract_items i ON i.product_id = p.id GROUP BY i.id) n
CROSS JOIN contract_items i ON i.id = n.id CROSS JOIN events e ON e.item_id = i.id
JOIN contracts c ON c.id = i.contract_id
UNION ALL
SELECT c.contract, '', e.kind, e.lead, e.on_day FROM contracts c CROSS JOIN events e ON e.contract_id = c.id
WHERE c.contract = ?2 AND e.item_id IS NULL ORDER BY 5, 1, 2, 3, 4"""

_OF_POSITIONS = """
SELECT p.product, coalesce(s.model, ''), m.code, s.balance, s.status
FROM json_each(?) j CROSS JOIN products p ON p.product = j.value CROSS JOIN positions s ON s.product_id = p.id
JOIN metrics m ON m.id = s.metric_id ORDER BY 1, 2, 3"""


def _products_of(book: Book, contract: str) -> list[str]:
    """The products that the items of a contract name now."""
    sql = """SELECT DISTINCT p.product FROM contracts c JOIN contract_items i ON i.contract_id = c.id
        JOIN products p ON p.id = i.product_id WHERE c.contract = ?"""
    return [row[0] for row in book.rows(sql, (contract.strip(),))]


def _group(book: Book, products: Sequence[str]) -> list[str]:
    """Every product that gives to or takes from some products."""
    sql = """SELECT p.product FROM products p WHERE p.transfer_group IN (
        SELECT n.transfer_group FROM json_each(?) j JOIN products n ON n.product = j.value)"""
    return [row[0] for row in book.rows(sql, (orjson.dumps(list(products)).decode(),))]


def _feedings(book: Book, contract: str) -> list[tuple[str, EntitlementKey, str, bool, str]]:
    """Where the items of a contract lead: item, entitlement, its name, whether it only covers it, by what rule."""
    rows = book.rows(_OF_ITEMS, (contract.strip(),))
    return [(row[0], EntitlementKey(*row[1:4]), row[4], row[5] != row[2], row[6]) for row in rows]


_OF_ITEMS = """
SELECT i.item, p.product, e.model, m.code, e.name, i.model, i.formed_by FROM contracts c
JOIN contract_items i ON i.contract_id = c.id JOIN entitlements e ON e.id = i.entitlement_id
JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id WHERE c.contract = ? ORDER BY i.id"""


def _standing(balance: int, status: str) -> Standing:
    """A standing; where the balance is without limit, what is taken off it or added changes nothing."""
    return Standing(UNLIMITED if is_unlimited(balance) else balance, status)
