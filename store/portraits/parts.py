"""Reads what belongs to records of several kinds: purchases, events, counts, rights, positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from store import facts, settings
from store.book import Book, Row
from store.money import worth_in
from store.portraits.shape import MOST, Count, Event, Link, Purchase, Right, Standing

Values = Sequence[Any]

_PURCHASES: Final = """
SELECT c.contract, c.name, i.item, p.product, i.model, m.code, i.sku, i.quantity, i.license_start, i.license_end,
       i.unit_price, c.currency, i.license_start <= s.day AND coalesce(i.license_end >= s.day, 1),
       q.product || '|' || e.model || '|' || n.code, e.name, i.formed_by
FROM contract_items i JOIN contracts c ON c.id = i.contract_id JOIN products p ON p.id = i.product_id
JOIN metrics m ON m.id = i.metric_id LEFT JOIN entitlements e ON e.id = i.entitlement_id
LEFT JOIN products q ON q.id = e.product_id LEFT JOIN metrics n ON n.id = e.metric_id
JOIN (SELECT coalesce((SELECT value FROM settings WHERE key = 'as_of'), '') AS day) s"""

_EVENTS: Final = """
SELECT v.on_day, v.kind, v.lead, c.contract, coalesce(i.item, ''), v.rule
FROM events v JOIN contracts c ON c.id = v.contract_id LEFT JOIN contract_items i ON i.id = v.item_id"""

_RIGHTS: Final = """
SELECT r."right", r.kind, f.name, p.product, q.product, m.code, r.depth, r.valid_from, r.valid_until
FROM rights r LEFT JOIN families f ON f.id = r.family_id LEFT JOIN products p ON p.id = r.from_product_id
LEFT JOIN products q ON q.id = r.to_product_id LEFT JOIN metrics m ON m.id = r.metric_id"""

_STANDINGS: Final = """
SELECT p.product || '|' || coalesce(s.model, '') || '|' || m.code, coalesce(e.name, p.product), s.model, m.code,
       s.active, s.demand, s.downgrade, s.upgrade, s.balance, s.status
FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id
LEFT JOIN entitlements e ON e.id = s.entitlement_id"""

_COUNTED_BY: Final = """
SELECT coalesce(p.metric_id, (SELECT min(i.metric_id) FROM contract_items i WHERE i.product_id = p.id),
                (SELECT id FROM metrics WHERE code = 'device')) FROM products p WHERE p.id = ?"""
"""The metric by which installations of a product count, as `store.facts` has it."""


def money(amount: str | None, currency: str | None) -> str | None:
    """An amount with its currency, as all amounts are handed out."""
    return None if amount is None else f"{amount} {currency}"


def purchases(book: Book, where: str, values: Values, limit: int = MOST) -> tuple[Purchase, ...]:
    """Contract items as purchases, in the order in which they begin. `where` is over `i`, the contract item."""
    rows = book.rows(f"{_PURCHASES} WHERE {where} ORDER BY i.license_start, c.contract, i.id LIMIT ?", (*values, limit))
    return tuple(_purchase(row) for row in rows)


def _purchase(row: Row) -> Purchase:
    contract, title, item, product, model, metric, sku, quantity, start, end = row[:10]
    price, currency, in_force, entitlement, name, formed_by = row[10:]
    return Purchase(
        Link("contract", contract, title or contract),
        *(item, product, model, metric, sku, quantity, start, end),
        unit_price=money(price, currency),
        price=worth_in(quantity, price, currency),
        in_force=bool(in_force),
        entitlement=None if entitlement is None else Link("entitlement", entitlement, name),
        formed_by=formed_by,
    )


def events(book: Book, where: str, values: Values) -> tuple[Event, ...]:
    """Automatic events by day; `where` is over `v`, the event, and `i`, the contract item of it."""
    rows = book.rows(f"{_EVENTS} WHERE {where} ORDER BY v.on_day, v.id LIMIT ?", (*values, MOST))
    return tuple(Event(*row) for row in rows)


def counts(book: Book, product: int) -> tuple[Count, ...]:
    """The demand of a product: what was counted, and what installations come to where nobody has counted."""
    rows = book.rows(
        "SELECT m.code, g.name, d.source, d.quantity, d.counted_on FROM demand d JOIN metrics m ON m.id = d.metric_id"
        " JOIN resource_groups g ON g.id = d.resource_group_id WHERE d.product_id = ?"
        " ORDER BY m.code, g.name, d.source LIMIT ?",
        (product, MOST),
    )
    return *(Count(*row) for row in rows), *_installed(book, product)


def _installed(book: Book, product: int) -> list[Count]:
    if book.one("SELECT 1 FROM installations WHERE product_id = ?", (product,)) is None:
        return []
    metric = book.value(_COUNTED_BY, (product,))
    if book.one("SELECT 1 FROM demand WHERE product_id = ? AND metric_id = ?", (product, metric)):
        return []
    names: dict[int | None, str] = dict(book.rows("SELECT id, name FROM resource_groups"))
    code = book.value("SELECT code FROM metrics WHERE id = ?", (metric,))
    found = facts.installed(book, product, code)
    return [Count(code, names[group] if group else "", None, units, None) for group, units in found.items()]


def rights(book: Book, product: int) -> tuple[Right, ...]:
    """The rights by which licenses of a product can give or receive: those of its family, and those that name it."""
    rows = book.rows(
        f"{_RIGHTS} WHERE r.family_id = (SELECT family_id FROM products WHERE id = ?1)"
        ' OR r.from_product_id = ?1 OR r.to_product_id = ?1 ORDER BY r.kind, r."right"',
        (product,),
    )
    day = settings.get(book, "as_of")
    return tuple(_right(row, day) for row in rows)


def _right(row: Row, day: str) -> Right:
    name, kind, family, giver, taker, metric, depth, first, last = row
    state = "upcoming" if first and first > day else "expired" if last and last < day else "active"
    reach = (family,) if family is not None else (giver, taker)
    return Right(name, kind, reach, metric or "", depth, first, last, state)


def standings(book: Book, where: str, values: Values) -> tuple[Standing, ...]:
    """Positions in one line each; `where` is over `s`, the position."""
    rows = book.rows(f"{_STANDINGS} WHERE {where} ORDER BY m.code, s.model LIMIT ?", (*values, MOST))
    return tuple(Standing(Link("position", row[0], row[1]), *row[2:]) for row in rows)
