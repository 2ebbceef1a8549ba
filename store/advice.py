"""What is allowed, but seldom meant: said while a contract is typed, so that it is meant when it is stored.

The place of each finding is the field that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.vocabulary import PERPETUAL
from store.book import Book
from store.imports.finding import INFO, WARNING, Finding
from store.records import Contract, ContractItem


def on_item(item: ContractItem, day: date) -> Iterator[Finding]:
    """What to think about in an item, on the day that the book is judged on."""
    if item.model == PERPETUAL and item.license_end is not None:
        text = f"A perpetual license usually has no end; this one counts until {item.license_end}."
        yield Finding(WARNING, "perpetual-with-end", "license_end", text)
    if item.model != PERPETUAL and item.license_end is None:
        text = f"A {item.model} usually ends; without an end it counts for ever."
        yield Finding(WARNING, "end-missing", "license_end", text)
    if item.license_end is not None and item.license_end < day:
        text = f"This ended before {day}, the day that the book is judged on: it adds nothing to what is active."
        yield Finding(INFO, "ended", "license_end", text)
    if item.license_start > day:
        text = f"This counts from {item.license_start} on, not yet on {day}, the day that the book is judged on."
        yield Finding(INFO, "upcoming", "license_start", text)
    if item.quantity == 0:
        yield Finding(WARNING, "no-quantity", "quantity", "A quantity of 0 gives nothing.")


def on_contract(book: Book, contract: Contract, day: date) -> Iterator[Finding]:
    """What to think about in a contract: an invoice that another one has, too, and days that look wrong."""
    if contract.invoice_number.strip():
        yield from _invoice_known(book, contract)
    if contract.invoice_date is not None and contract.invoice_date > day:
        text = f"This is after {day}, the day that the book is judged on."
        yield Finding(INFO, "invoice-later", "invoice_date", text)
    if contract.notice_date is not None and contract.invoice_date and contract.notice_date < contract.invoice_date:
        text = f"This is before the invoice date, {contract.invoice_date}."
        yield Finding(WARNING, "notice-before-invoice", "notice_date", text)


def _invoice_known(book: Book, contract: Contract) -> Iterator[Finding]:
    sql = """SELECT contract FROM contracts
        WHERE invoice_number = ? AND contract <> ? AND supplier = ? COLLATE NOCASE ORDER BY id LIMIT 1"""
    values = (contract.invoice_number.strip(), contract.contract.strip(), contract.supplier.strip())
    found = book.one(sql, values)
    if found is not None:
        text = f"Contract {found[0]} has the same invoice number and supplier: is this the same purchase?"
        yield Finding(WARNING, "invoice-known", "invoice_number", text)
