"""What is worth knowing about a book: what its last import said, and what its own rows show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rules import allocation
from rules.vocabulary import UNLIMITED
from store.book import Book
from store.imports.finding import INFO, WARNING, Finding, Severity

_Told = tuple[Severity, str, str, str]

_SUM: Final = """(SELECT sum(t.{0}) FROM products q JOIN positions t ON t.product_id = q.id
               WHERE q.transfer_group = p.transfer_group AND t.metric_id = s.metric_id)"""
"""What the transfers of one kind come to in the family of a position `s`: nothing, unless figures were typed."""

_TOLD: Final[dict[str, _Told]] = {
    "invoice-date-defaulted": (
        INFO,
        "SELECT contract, invoice_date FROM contracts WHERE invoice_date_defaulted = 1",
        "contract {0}, invoice date",
        "the contract came without an invoice date; {1}, the day of the review, was taken",
    ),
    "orphan-maintenance": (
        WARNING,
        """SELECT c.contract, i.item, p.product FROM contract_items i JOIN contracts c ON c.id = i.contract_id
           JOIN products p ON p.id = i.product_id WHERE i.formed_by = 'formation.orphan-maintenance'""",
        "contract {0}, item {1}",
        "this is maintenance of {2}, but no perpetual license of that product and metric is known",
    ),
    "excess-maintenance": (
        WARNING,
        f"""SELECT name, maintained, active, maintained - active FROM entitlements
           WHERE archived = 0 AND model = 'perpetual' AND maintained > active AND maintained < {UNLIMITED}""",
        "entitlement {0}",
        "{1} are under maintenance, but only {2} are active: maintenance of {3} covers nothing",
    ),
    "end-missing": (
        WARNING,
        """SELECT c.contract, i.item, i.model FROM contract_items i JOIN contracts c ON c.id = i.contract_id
           WHERE i.model IN ('subscription', 'maintenance') AND i.license_end IS NULL""",
        "contract {0}, item {1}",
        "a {2} usually ends; without a license end it counts for ever",
    ),
    "perpetual-with-end": (
        WARNING,
        """SELECT c.contract, i.item, i.license_end FROM contract_items i JOIN contracts c ON c.id = i.contract_id
           WHERE i.model = 'perpetual' AND i.license_end IS NOT NULL""",
        "contract {0}, item {1}",
        "a perpetual license usually has no end; this one counts until {2}",
    ),
    "allocation-cut": (
        WARNING,
        """SELECT name, allocated, active FROM entitlements
           WHERE archived = 0 AND active < allocated AND allocated <= quantity""",
        "entitlement {0}",
        "{1} are allocated, but only {2} are active on this day: by resource group, the newest allocations count less",
    ),
    "unbalanced-override": (
        WARNING,
        f"""SELECT e.name FROM overrides o JOIN entitlements e ON e.id = o.entitlement_id
           JOIN positions s ON s.entitlement_id = e.id JOIN products p ON p.id = s.product_id
           WHERE (s.downgrade <> s.calculated_downgrade AND {_SUM.format("downgrade")} <> 0)
           OR (s.upgrade <> s.calculated_upgrade AND {_SUM.format("upgrade")} <> 0)""",
        "override of {0}",
        "the typed downgrade or upgrade has no counterpart in another position: the family does not add up to zero",
    ),
    "crossing-groups": (
        INFO,
        """SELECT p.product, coalesce(s.model, 'no entitlement'), m.code, s.crossings FROM positions s
           JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id WHERE s.crossings > 0""",
        "position {0}, {1}, {2}",
        "a transfer moves licenses of one resource group to another ({3} times)",
    ),
}
"""Code -> severity, the rows it is about, their place, and what is said of each."""


def of(book: Book) -> Iterator[Finding]:
    """Every finding of the book as it was last judged, in no order."""
    for severity, code, place, message in book.rows("SELECT severity, code, place, message FROM import_findings"):
        yield Finding(severity, code, place, message)
    for code, (severity, sql, place, message) in _TOLD.items():
        for row in book.each(sql):
            yield Finding(severity, code, place.format(*row), message.format(*row))
    yield from _over_allocated(book)


def _over_allocated(book: Book) -> Iterator[Finding]:
    rows = book.rows("SELECT name, quantity, allocated FROM entitlements WHERE allocated > 0 ORDER BY id")
    judged = allocation.judge([allocation.Standing(quantity, allocated) for _, quantity, allocated in rows])
    for (name, quantity, allocated), (judgement, _) in zip(rows, judged, strict=True):
        if judgement == allocation.OVER_ALLOCATED:
            over = allocated - quantity
            text = f"{allocated:,} are allocated, but the entitlement holds {quantity:,}: {over:,} too many"
            yield Finding(WARNING, "over-allocated", f"entitlement {name}", text)
