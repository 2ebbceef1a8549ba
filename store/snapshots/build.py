"""From the rows of a book to the canonical snapshot: each list in the order and with the fields that are public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from rules.vocabulary import is_unlimited
from store import findings, settings
from store.book import Book, Row
from store.bulk import collector_off
from store.errors import BookFault
from store.snapshots import canonical, formats
from store.snapshots.saving import save_snapshot

_CENTS: Final = Decimal("0.01")


def save(book: Book, folder: Path, *, json_only: bool = False) -> None:
    """Write the snapshot of the day that the book was last judged on into `folder`, in every format or as JSON alone.

    Raises BookFault when the book has not been judged yet, SavingFault when the folder cannot be written; an earlier
    snapshot in the folder then stays as it was.
    """
    if not settings.get(book, "as_of"):
        raise BookFault(f"{book.path}: this book has not been judged on any day yet; recalculate it first.")

    def produce(workplace: Path) -> None:
        written = write_json(book, workplace / formats.JSON)
        formats.complete(workplace, written, json_only=json_only)

    save_snapshot(folder, produce)


def write_json(book: Book, path: Path) -> canonical.Written:
    """Write the canonical JSON of the day that the book was last judged on, from one read transaction."""
    head = {
        "format": canonical.FORMAT,
        "format_version": canonical.FORMAT_VERSION,
        "as_of": settings.get(book, "as_of"),
        "currency": settings.get(book, "currency"),
    }
    lists: dict[str, Iterable[bytes]] = dict.fromkeys(canonical.LISTS, ())
    groups = dict(book.rows("SELECT id, name FROM resource_groups"))
    with book.reading(), collector_off():
        lists |= {
            "entitlements": map(_entitlement, book.each(_ENTITLEMENTS)),
            "events": (row[0].encode() for row in book.each(_EVENTS)),
            "positions": map(partial(_position, groups), book.each(_POSITIONS)),
            "transfers": map(_transfer, book.each(_TRANSFERS)),
            "findings": _findings(book),
        }
        return canonical.write(path, head, lists)


def _encoded(element: dict[str, Any]) -> bytes:
    """An element made of the book's own texts, whole numbers and None: what `canonical.encode` gives, unchecked."""
    return orjson.dumps(element, option=orjson.OPT_SORT_KEYS)


def quantity(number: int) -> int | str:
    """A quantity as the snapshot has it: a number, or the word for one without limit."""
    return "unlimited" if is_unlimited(number) else number


def amount(value: Decimal) -> str:
    """An amount as decimal text, with two decimals or as many as it needs."""
    return f"{value.quantize(_CENTS) if value == value.quantize(_CENTS) else value.normalize():f}"


_ENTITLEMENTS = """
SELECT p.product, e.model, m.code, e.name, e.quantity, e.active, e.allocated, e.license_start, e.maintenance_quantity,
       e.activation, e.expiration, e.state, coalesce(g.name, 'License contract'), e.last_demand_synchronization,
       e.price_currency, e.price_amount, e.rule, e.because
FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id
LEFT JOIN user_groups g ON g.id = e.managed_by_id WHERE e.archived = 0 ORDER BY p.product, e.model, m.code"""


def _entitlement(row: Row) -> bytes:
    price = None if row[15] is None else {"currency": row[14], "amount": amount(Decimal(row[15]))}
    return _encoded(
        {
            "product": row[0],
            "model": row[1],
            "metric": row[2],
            "name": row[3],
            "quantity": quantity(row[4]),
            "active": quantity(row[5]),
            "allocated": row[6],
            "remaining": quantity(row[4] - row[6]),
            "license_start": row[7],
            "maintenance_quantity": quantity(row[8]),
            "activation": row[9],
            "expiration": row[10],
            "state": row[11],
            "managed_by": row[12],
            "last_demand_synchronization": row[13],
            "price": price,
            "rule": row[16],
            "because": orjson.loads(row[17]),
        }
    )


# Made by the database as JSON: there are more events than rows of any other list. The order of keys is the sorted one.
_EVENTS = """
SELECT json_object('automatic', json('true'), 'because', CASE
           WHEN i.id IS NULL THEN json_array('contract:' || c.contract)
           WHEN e.lead > 0 THEN json_array('contract_item:' || c.contract || '/' || i.item,
                                           'setting:warning_leads/' || e.lead)
           ELSE json_array('contract_item:' || c.contract || '/' || i.item) END,
       'contract', c.contract, 'item', i.item, 'kind', e.kind, 'metric', m.code, 'model', i.model, 'on', e.on_day,
       'product', p.product, 'quantity', CASE WHEN i.quantity > 2251799813685248 THEN 'unlimited' ELSE i.quantity END,
       'rule', e.rule),
       e.on_day AS on_day, e.kind AS kind, c.contract AS contract, p.product AS product, i.model, m.code, i.item, e.lead
FROM events e JOIN contracts c ON c.id = e.contract_id LEFT JOIN contract_items i ON i.id = e.item_id
LEFT JOIN products p ON p.id = i.product_id LEFT JOIN metrics m ON m.id = i.metric_id
UNION ALL
SELECT json_object('automatic', json('false'), 'because', json_array(), 'contract', c.contract, 'item', NULL,
       'kind', e.kind, 'metric', NULL, 'model', NULL, 'on', e.on_day, 'product', NULL, 'quantity', NULL, 'rule', NULL),
       e.on_day, e.kind, c.contract, NULL, NULL, NULL, NULL, e.id
FROM manual_events e JOIN contracts c ON c.id = e.contract_id
ORDER BY 2, 3, 4, 5, 6, 7, 8, 9"""


_POSITIONS = """
SELECT p.product, s.model, m.code, s.active, s.demand, s.downgrade, s.upgrade, s.balance, s.status,
       s.calculated_active, s.calculated_demand, s.calculated_downgrade, s.calculated_upgrade, s.calculated_balance,
       s.calculated_status, s.breakdown, s.rule, s.because, e.price_currency, e.price_amount,
       o.active, o.demand, o.downgrade, o.upgrade, o.reason
FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id
LEFT JOIN entitlements e ON e.id = s.entitlement_id LEFT JOIN overrides o ON o.entitlement_id = s.entitlement_id
ORDER BY p.product, s.model, m.code"""


def _position(groups: Mapping[int, str], row: Row) -> bytes:
    override = None if row[24] is None else dict(zip((*_FIGURES[:4], "reason"), row[20:25], strict=True))
    return _encoded(
        {
            "product": row[0],
            "model": row[1],
            "metric": row[2],
            **_figures(row[3:9]),
            "override": override,
            "calculated": _figures(row[9:15]),
            "balance_value": _value(row[7], row[18], row[19]),
            "breakdown": _breakdown(groups, row[15]),
            "rule": row[16],
            "because": orjson.loads(row[17]),
        }
    )


_FIGURES = ("active", "demand", "downgrade", "upgrade", "balance", "status")


def _figures(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = dict(zip(_FIGURES, row, strict=True))
    found["active"], found["balance"] = quantity(row[0]), quantity(row[4])
    return found


def _value(balance: int, currency: str | None, price: str | None) -> dict[str, str] | None:
    """What the balance is worth at the latest unit price; nothing can be said without a price or of no limit."""
    if price is None or currency is None or is_unlimited(balance):
        return None
    return {"currency": currency, "amount": amount(balance * Decimal(price))}


def _breakdown(groups: Mapping[int, str], stored: str) -> list[dict[str, Any]]:
    if stored == "[]":
        return []
    parts = [
        {
            "resource_group": None if group is None else groups[group],
            "active": quantity(active),
            "demand": demand,
            "downgrade": downgrade,
            "upgrade": upgrade,
            "balance": quantity(active + downgrade + upgrade - demand),
        }
        for group, active, demand, downgrade, upgrade in orjson.loads(stored)
    ]
    return sorted(parts, key=lambda part: (part["resource_group"] is None, part["resource_group"] or ""))


_TRANSFERS = """
SELECT t.kind, a.product, t.from_model, b.product, t.to_model, m.code, t.quantity, r."right", t.rule, t.because
FROM transfers t JOIN products a ON a.id = t.from_product_id JOIN products b ON b.id = t.to_product_id
JOIN metrics m ON m.id = t.metric_id JOIN rights r ON r.id = t.right_id
ORDER BY t.kind, a.product, b.product, m.code, t.from_model, t.to_model, r."right\""""

_TRANSFER_FIELDS = "kind from_product from_model to_product to_model metric quantity right rule because".split()


def _transfer(row: Row) -> bytes:
    return _encoded(dict(zip(_TRANSFER_FIELDS, (*row[:9], orjson.loads(row[9])), strict=True)))


def _findings(book: Book) -> Iterator[bytes]:
    for finding in sorted(findings.of(book)):
        yield _encoded(
            {
                "severity": finding.severity,
                "code": finding.code,
                "place": finding.place,
                "message": finding.message,
            }
        )
