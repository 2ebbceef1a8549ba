"""The portrait of a license contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rules.vocabulary import is_unlimited
from store import money, overviews
from store.book import Book
from store.portraits import parts
from store.portraits.shape import Event, Link, Purchase

_HEAD: Final = """
SELECT contract, name, invoice_date, invoice_date_defaulted, currency, supplier, customer, invoice_number,
       purchase_order_number, sales_order_number, quote_number, notice_date, manual FROM contracts WHERE id = ?"""

_MANUAL: Final = """
SELECT v.on_day, v.kind, -1, c.contract, '', '', v.name FROM manual_events v JOIN contracts c ON c.id = v.contract_id
WHERE v.contract_id = ? ORDER BY v.on_day, v.id"""


@dataclass(frozen=True)
class Contract:
    """A contract with its items and events. Days are ISO text, amounts text such as "12.50 EUR"."""

    contract: str
    name: str
    invoice_date: str
    invoice_date_defaulted: bool
    currency: str
    supplier: str
    customer: str
    invoice_number: str
    purchase_order_number: str
    sales_order_number: str
    quote_number: str
    notice_date: str | None
    manual: bool
    """Whether it only stands for entitlements that no contract is known for."""
    items: tuple[Purchase, ...]
    item_count: int
    total: str | None
    """The costs of all items that have a price and a limit; None where none has."""
    unpriced: int
    """Items that the total leaves out."""
    running: int
    """Items in force on the day of judgement."""
    next_end: str | None
    """The next last valid day of an item, on or after the day of judgement."""
    events: tuple[Event, ...]
    entitlements: tuple[Link, ...]
    products: tuple[Link, ...]


def read(book: Book, key: str) -> Contract | None:
    """The contract of that number, or None when there is none any more."""
    number = overviews.find(book, "contracts", key)
    if number is None:
        return None
    *head, notice_date, manual = book.rows(_HEAD, (number,))[0]
    head[3] = bool(head[3])
    items = parts.purchases(book, "i.contract_id = ?", (number,))
    total, unpriced = _total(book, number, head[4])
    running, next_end = _running(book, number)
    return Contract(
        *head,
        notice_date=notice_date,
        manual=bool(manual),
        items=items,
        item_count=book.value("SELECT count(*) FROM contract_items WHERE contract_id = ?", (number,)),
        total=total,
        unpriced=unpriced,
        running=running,
        next_end=next_end,
        events=events(book, number),
        entitlements=tuple(dict.fromkeys(item.entitlement for item in items if item.entitlement)),
        products=tuple(dict.fromkeys(Link("product", item.product, item.product) for item in items)),
    )


def events(book: Book, number: int) -> tuple[Event, ...]:
    """All events of a contract (its id) by day, automatic and manual."""
    own = (Event(*row) for row in book.rows(_MANUAL, (number,)))
    automatic = parts.events(book, "v.contract_id = ?", (number,))
    return tuple(sorted((*automatic, *own), key=lambda event: event.day))


def _total(book: Book, number: int, currency: str) -> tuple[str | None, int]:
    """The costs of a contract, and how many items they leave out."""
    costs = [
        None if price is None or is_unlimited(quantity) else money.cost(quantity, price)
        for quantity, price in book.each(
            "SELECT quantity, unit_price FROM contract_items WHERE contract_id = ?", (number,)
        )
    ]
    known = [cost for cost in costs if cost is not None]
    return (f"{money.total(known):.2f} {currency}" if known else None), len(costs) - len(known)


def _running(book: Book, number: int) -> tuple[int, str | None]:
    sql = """SELECT count(*) FILTER (WHERE license_start <= s.day AND coalesce(license_end >= s.day, 1)),
            min(license_end) FILTER (WHERE license_end >= s.day)
        FROM contract_items, (SELECT coalesce((SELECT value FROM settings WHERE key = 'as_of'), '') AS day) s
        WHERE contract_id = ?"""
    running, next_end = book.rows(sql, (number,))[0]
    return running, next_end
