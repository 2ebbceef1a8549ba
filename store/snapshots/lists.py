"""The lists of a snapshot, each element written as JSON by the database.

Fields and their order (sorted, as canonical JSON has them) are public: see the layout of the snapshot. A list may have
hundreds of thousands of elements; made here, an element costs a quarter of what it costs as a Python dict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import orjson

from rules import formulas
from rules.vocabulary import UNLIMITED, is_unlimited
from store import money
from store.book import Book


def install(book: Book) -> None:
    """Give the book's connection the two functions that the queries call."""
    groups: dict[int, str] = dict(book.rows("SELECT id, name FROM resource_groups"))
    functions: dict[str, tuple[int, Callable[..., object]]] = {
        "balance_value": (2, money.worth),
        "breakdown": (1, partial(breakdown, groups)),
    }
    for name, (arguments, function) in functions.items():
        book.database.connection().create_function(name, arguments, function)


def breakdown(groups: Mapping[int, str], stored: str) -> str:
    """The parts of a position by resource group as JSON; what no group has comes last."""
    parts: list[dict[str, Any]] = [
        {
            "active": _quantity(active),
            "balance": _quantity(formulas.balance(active, downgrade, upgrade, demand)),
            "demand": demand,
            "downgrade": downgrade,
            "resource_group": None if group is None else groups[group],
            "upgrade": upgrade,
        }
        for group, active, demand, downgrade, upgrade in orjson.loads(stored)
    ]
    parts.sort(key=lambda part: (part["resource_group"] is None, part["resource_group"] or ""))
    return orjson.dumps(parts).decode()


def _quantity(number: int) -> int | str:
    return "unlimited" if is_unlimited(number) else number


def units(column: str) -> str:
    """A quantity in SQL: the number, or the word for one without limit."""
    return f"CASE WHEN {column} > {UNLIMITED // 2} THEN 'unlimited' ELSE {column} END"


_SOURCE = """CASE WHEN e.id IN (
        SELECT i.entitlement_id FROM contracts c JOIN contract_items i ON i.contract_id = c.id WHERE c.manual = 1)
    AND NOT EXISTS (SELECT 1 FROM contract_items i JOIN contracts c ON c.id = i.contract_id
        WHERE i.entitlement_id = e.id AND c.manual = 0) THEN 'Manual' ELSE 'License contract' END"""
"""What manages an entitlement for which no group is responsible."""

ENTITLEMENTS: Final = f"""
SELECT json_object('activation', e.activation, 'active', {units("e.active")}, 'allocated', e.allocated,
    'because', json(e.because), 'expiration', e.expiration,
    'last_demand_synchronization', e.last_demand_synchronization, 'license_start', e.license_start,
    'maintenance_quantity', {units("e.maintenance_quantity")}, 'managed_by', coalesce(g.name, {_SOURCE}),
    'metric', m.code, 'model', e.model, 'name', e.name,
    'price', CASE WHEN e.price_amount IS NOT NULL
        THEN json_object('amount', e.price_amount, 'currency', e.price_currency) END,
    'product', p.product, 'quantity', {units("e.quantity")}, 'remaining', {units("(e.quantity - e.allocated)")},
    'rule', e.rule, 'state', e.state)
FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id
LEFT JOIN user_groups g ON g.id = e.managed_by_id WHERE e.archived = 0 ORDER BY p.product, e.model, m.code"""


POSITIONS: Final = f"""
SELECT json_object('active', {units("s.active")}, 'balance', {units("s.balance")},
    'balance_value', CASE WHEN s.price_amount IS NOT NULL AND s.balance <= {UNLIMITED // 2}
        THEN json_object('amount', balance_value(s.balance, s.price_amount), 'currency', s.price_currency) END,
    'because', json(s.because),
    'breakdown', CASE s.breakdown WHEN '[]' THEN json_array() ELSE json(breakdown(s.breakdown)) END,
    'calculated', json_object('active', {units("s.calculated_active")}, 'balance', {units("s.calculated_balance")},
        'demand', s.calculated_demand, 'downgrade', s.calculated_downgrade, 'status', s.calculated_status,
        'upgrade', s.calculated_upgrade), 'demand', s.demand, 'downgrade', s.downgrade,
    'metric', m.code, 'model', s.model,
    'override', CASE WHEN o.id IS NOT NULL THEN json_object('active', o.active, 'demand', o.demand,
        'downgrade', o.downgrade, 'reason', o.reason, 'upgrade', o.upgrade) END,
    'product', p.product, 'rule', s.rule, 'status', s.status, 'upgrade', s.upgrade)
FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id
LEFT JOIN overrides o ON o.entitlement_id = s.entitlement_id
ORDER BY p.product, s.model, m.code"""

TRANSFERS: Final = """
SELECT json_object('because', json(t.because), 'from_model', t.from_model, 'from_product', a.product, 'kind', t.kind,
    'metric', m.code, 'quantity', t.quantity, 'right', r."right", 'rule', t.rule, 'to_model', t.to_model,
    'to_product', b.product)
FROM transfers t JOIN products a ON a.id = t.from_product_id JOIN products b ON b.id = t.to_product_id
JOIN metrics m ON m.id = t.metric_id JOIN rights r ON r.id = t.right_id
ORDER BY t.kind, a.product, b.product, m.code, t.from_model, t.to_model, r."right\""""
