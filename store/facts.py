"""Reads the facts that the rules judge, a range of transfer groups at a time.

A transfer group is a set of products between which quantities may move: a family, or families tied by a named pair, or
a single product. Nothing outside of it can change its positions, so it is the unit of every derivation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import orjson

from rules import counted
from rules.vocabulary import NEVER
from store import counting, settings
from store.book import Book, Row

Cell = tuple[int, int]
"""A product and a metric (ids): demand is known for it, entitlements of several models may serve it."""

Key = tuple[int, str, int]
"""Product, model and metric: what identifies an entitlement."""


@lru_cache(maxsize=65_536)
def ordinal(day: str | None) -> int:
    """The ordinal of an ISO date; NEVER for none."""
    return NEVER if day is None else date.fromisoformat(day).toordinal()


@lru_cache(maxsize=65_536)
def iso(day: int) -> str | None:
    """The ISO date of an ordinal; None for NEVER."""
    return None if day == NEVER else date.fromordinal(day).isoformat()


def because(keys: Sequence[str]) -> str:
    """The keys of the facts behind a conclusion, as the book stores them: a JSON list."""
    return orjson.dumps(keys).decode()


class Product(NamedTuple):
    """A product with what decides whether and how its licenses may move."""

    id: int
    name: str
    family_id: int | None
    edition: str
    version: str
    version_rank: int | None
    released_on: str | None
    maintenance_separate: int


class Lot(NamedTuple):
    """A contract item as a purchase. Days are ordinals."""

    id: int
    product_id: int
    model: str
    metric_id: int
    quantity: int
    unit_price: str | None
    entitlement_id: int | None
    responsible_id: int | None
    formed_by: str
    contract: str
    item: str
    currency: str
    contract_id: int
    starts_on: int
    ends_on: int
    invoiced_on: int

    @property
    def key(self) -> str:
        """The key of this fact where conclusions name their reasons."""
        return f"contract_item:{self.contract}/{self.item}"


class Entitled(NamedTuple):
    """An entitlement as it stands in the book; `derived` are the columns of `DERIVED`, none if it is not judged yet."""

    id: int
    responsible_id: int | None
    derived: Row


class Listed(NamedTuple):
    """A row of the price list: from which day (ordinal) on, and what a unit costs."""

    valid_from: int
    unit_price: str
    currency: str


DERIVED = (
    "archived",
    "quantity",
    "active",
    "allocated",
    "maintenance_quantity",
    "maintained",
    "license_start",
    "activation",
    "expiration",
    "state",
    "last_demand_synchronization",
    "price_amount",
    "price_currency",
    "managed_by_id",
    "rule",
    "because",
)
"""The columns of an entitlement that follow from its purchases, allocations, demand and the as-of day."""


Versions = list[tuple[int, str, dict[int | None, int]]]
"""Demand by resource group, from a day (ordinal) on until the next, in their order; and the key of the counting rule
that says so, "" where none does."""


@dataclass(slots=True)
class Facts:
    """Everything that the rules need to judge a range of transfer groups on one day."""

    products: dict[int, Product] = field(default_factory=dict[int, Product])
    metrics: dict[int, str] = field(default_factory=dict[int, str])
    lots: dict[Key, list[Lot]] = field(default_factory=dict[Key, list[Lot]])
    entitlements: dict[Key, Entitled] = field(default_factory=dict[Key, Entitled])
    allocations: dict[int, list[tuple[int, int]]] = field(default_factory=dict[int, list[tuple[int, int]]])
    demand: dict[Cell, dict[int | None, int]] = field(default_factory=dict[Cell, dict[int | None, int]])
    synchronized: dict[Cell, str | None] = field(default_factory=dict[Cell, str | None])
    rights: list[Row] = field(default_factory=list[Row])
    overrides: dict[int, Row] = field(default_factory=dict[int, Row])
    prices: dict[Key, list[Listed]] = field(default_factory=dict[Key, list[Listed]])
    counted: dict[Cell, Versions] = field(default_factory=dict[Cell, Versions])
    """Demand by counting rules; `demand` holds that of the day that the book was last judged on."""
    ruled: dict[Cell, str] = field(default_factory=dict[Cell, str])
    """The keys of the counting rules that hold on that day."""


_PRODUCTS = """
SELECT id, product, family_id, edition, version, version_rank, released_on, maintenance_separate
FROM products WHERE transfer_group BETWEEN ? AND ? ORDER BY transfer_group, id"""

_LOTS = """
SELECT i.id, i.product_id, i.model, i.metric_id, i.quantity, i.unit_price, i.entitlement_id, i.responsible_id,
       i.formed_by, c.contract, i.item, c.currency, c.id, i.license_start, i.license_end, c.invoice_date
FROM products p CROSS JOIN contract_items i ON i.product_id = p.id CROSS JOIN contracts c ON c.id = i.contract_id
WHERE p.transfer_group BETWEEN ? AND ?"""

_OPENED = "SELECT e.product_id, e.model, e.metric_id, e.id, e.responsible_id"
_WITHIN = " FROM products p CROSS JOIN entitlements e ON e.product_id = p.id WHERE p.transfer_group BETWEEN ? AND ?"
_ENTITLEMENTS = f"{_OPENED}, {', '.join('e.' + column for column in DERIVED)}{_WITHIN}"

_ALLOCATIONS = """
SELECT a.entitlement_id, a.resource_group_id, a.quantity FROM products p
CROSS JOIN entitlements e ON e.product_id = p.id CROSS JOIN allocations a ON a.entitlement_id = e.id
WHERE p.transfer_group BETWEEN ? AND ? ORDER BY a.entitlement_id, a.id"""

_DEMAND = """
SELECT d.product_id, d.metric_id, d.resource_group_id, sum(d.quantity), max(d.counted_on)
FROM products p CROSS JOIN demand d ON d.product_id = p.id WHERE p.transfer_group BETWEEN ? AND ?
GROUP BY p.transfer_group, p.id, d.metric_id, d.resource_group_id"""

_OVERRIDES = """
SELECT o.entitlement_id, o.active, o.demand, o.downgrade, o.upgrade FROM products p
CROSS JOIN entitlements e ON e.product_id = p.id CROSS JOIN overrides o ON o.entitlement_id = e.id
WHERE p.transfer_group BETWEEN ? AND ?"""

_RIGHTS = """
SELECT r.id, r.kind, r.family_id, r.from_product_id, r.to_product_id, r.metric_id, r.depth, r.valid_from, r.valid_until,
       r."right" FROM rights r
WHERE r.family_id IN (SELECT family_id FROM products WHERE transfer_group BETWEEN ?1 AND ?2)
   OR r.from_product_id IN (SELECT id FROM products WHERE transfer_group BETWEEN ?1 AND ?2) ORDER BY r.id"""

_PRICES = """
SELECT l.product_id, l.model, l.metric_id, l.valid_from, l.unit_price, l.currency
FROM products p CROSS JOIN prices l ON l.product_id = p.id WHERE p.transfer_group BETWEEN ? AND ?"""

_COUNTED_METRIC = """
SELECT p.id, coalesce(p.metric_id, (SELECT min(i.metric_id) FROM contract_items i WHERE i.product_id = p.id),
                      (SELECT id FROM metrics WHERE code = 'device'))
FROM products p WHERE p.transfer_group BETWEEN ? AND ?
AND EXISTS (SELECT 1 FROM installations n WHERE n.product_id = p.id)"""

_DEVICES = """
SELECT resource_group_id, count(*), sum(cores) FROM (
    SELECT min(resource_group_id) AS resource_group_id, coalesce(max(cores), 0) AS cores
    FROM installations WHERE product_id = ? GROUP BY device) GROUP BY 1"""

_USERS = """
SELECT resource_group_id, count(*) FROM (
    SELECT min(resource_group_id) AS resource_group_id FROM installations WHERE product_id = ?
    GROUP BY CASE user WHEN '' THEN 'device ' || device ELSE 'user ' || user END) GROUP BY 1"""


def ranges(book: Book, size: int = 2_000) -> Iterator[tuple[int, int]]:
    """The transfer groups of the whole book as ranges (first, last) of about `size` products each."""
    first = last = None
    total = 0
    for group, count in book.rows("SELECT transfer_group, count(*) FROM products GROUP BY 1 ORDER BY 1"):
        first = group if first is None else first
        last, total = group, total + count
        if total >= size:
            yield first, last
            first, total = None, 0
    if first is not None and last is not None:
        yield first, last


class Rows(NamedTuple):
    """The rows behind the facts of a range of transfer groups, as the database gives them: plain data."""

    metrics: list[Row]
    products: list[Row]
    lots: list[Row]
    entitlements: list[Row]
    allocations: list[Row]
    overrides: list[Row]
    rights: list[Row]
    demand: list[Row]
    installed: list[Row]
    """Product, metric, resource group and number, of what is installed where no demand was told."""
    prices: list[Row]
    counted: Sequence[Row] = ()
    """Product, metric, first day, key of the counting rule, resource group and number, day after day."""
    day: int = 0
    """The day that the book was last judged on, where anything is counted by rules."""


def read(book: Book, first: int, last: int) -> Facts:
    """The facts of the transfer groups from `first` to `last`."""
    return of(fetch(book, first, last))


def fetch(book: Book, first: int, last: int, *, fresh: bool = False) -> Rows:
    """The rows behind the facts of the transfer groups from `first` to `last`; `fresh` where none is judged yet."""
    between = (first, last)
    entitlements = book.rows(_OPENED + _WITHIN if fresh else _ENTITLEMENTS, between)
    demand = book.rows(_DEMAND, between)
    installed, ruled, day = _installed(book, between, demand)
    return Rows(
        metrics=book.rows("SELECT id, code FROM metrics"),
        products=book.rows(_PRODUCTS, between),
        lots=book.rows(_LOTS, between),
        entitlements=entitlements,
        allocations=book.rows(_ALLOCATIONS, between) if entitlements else [],
        overrides=book.rows(_OVERRIDES, between) if entitlements else [],
        rights=book.rows(_RIGHTS, between),
        demand=demand,
        installed=installed,
        prices=book.rows(_PRICES, between),
        counted=ruled,
        day=day,
    )


def of(rows: Rows) -> Facts:
    """The facts that rows tell."""
    facts = Facts(metrics=dict(rows.metrics), rights=rows.rights)
    facts.products = {row[0]: Product(*row) for row in rows.products}
    facts.lots = _lots(rows.lots)
    facts.entitlements = {(row[0], row[1], row[2]): Entitled(row[3], row[4], row[5:]) for row in rows.entitlements}
    facts.overrides = {row[0]: row[1:] for row in rows.overrides}
    for entitlement, group, quantity in rows.allocations:
        facts.allocations.setdefault(entitlement, []).append((group, quantity))
    for product, metric, group, quantity, counted_on in rows.demand:
        cell = product, metric
        facts.demand.setdefault(cell, {})[group or None] = quantity
        known = facts.synchronized.get(cell)
        facts.synchronized[cell] = max(known or "", counted_on or "") or None
    for product, metric, group, quantity in rows.installed:
        facts.demand.setdefault((product, metric), {})[group] = quantity
    for product, model, metric, day, unit_price, currency in rows.prices:
        facts.prices.setdefault((product, model, metric), []).append(Listed(ordinal(day), unit_price, currency))
    for product, metric, first, rule, group, number in rows.counted:
        versions = facts.counted.setdefault((product, metric), [])
        if not versions or versions[-1][0] != first:
            versions.append((first, rule, {}))
        versions[-1][2][group] = number
    return on(facts, rows.day)


def on(facts: Facts, day: int) -> Facts:
    """The facts with the demand that counting rules count on a day (ordinal)."""
    if not facts.counted:
        return facts
    held = {cell: next(one for one in reversed(days) if one[0] <= day) for cell, days in facts.counted.items()}
    return replace(
        facts,
        demand=facts.demand | {cell: groups for cell, (_, _, groups) in held.items()},
        ruled={cell: rule for cell, (_, rule, _) in held.items() if rule},
    )


def _lots(rows: Sequence[Row]) -> dict[Key, list[Lot]]:
    lots: dict[Key, list[Lot]] = defaultdict(list)
    for *columns, starts_on, ends_on, invoiced_on in rows:
        lot = Lot._make((*columns, ordinal(starts_on), ordinal(ends_on), ordinal(invoiced_on)))
        lots[lot.product_id, lot.model, lot.metric_id].append(lot)
    return lots


def _installed(book: Book, between: tuple[int, int], demand: Sequence[Row]) -> tuple[list[Row], list[Row], int]:
    """Demand rows count; installations count where a product and metric has no demand row.

    By device, user or core, or, as the second list, by counting rules, and then the day that the book was judged on.
    """
    metrics_of = book.rows(_COUNTED_METRIC, between)
    if not metrics_of:
        return [], [], 0
    told, metrics = {row[:2] for row in demand}, dict(book.rows("SELECT id, code FROM metrics"))
    ruled = {metric: counting.versions(held) for metric, held in counting.rules(book).items()}
    cells = [(product, metric) for product, metric in metrics_of if (product, metric) not in told]
    plain = [
        (product, metric, group, number)
        for product, metric in cells
        if metric not in ruled
        for group, number in _built_in(book, product, metrics[metric]).items()
    ]
    by_rules = [
        (product, metric, first, _key(metrics[metric], rule), group, number)
        for product, metric in cells
        if metric in ruled
        for first, rule in ruled[metric]
        for group, number in (_by(book, product, metrics[metric], rule) or {None: 0}).items()
    ]
    return plain, by_rules, ordinal(settings.get(book, "as_of") or None) if by_rules else 0


def _key(metric: str, rule: counting.InForce | None) -> str:
    """The key of a counting rule where conclusions name their reasons; "" for none."""
    return "" if rule is None else f"counting_rule:{metric}|{rule.held.valid_from}"


def installed(book: Book, product: int, metric: str) -> dict[int | None, int]:
    """What the installations of a product come to in a metric, by resource group (None: in no group).

    As the counting rule of the metric says that holds on the day that the book was last judged on, or else: devices
    and users are counted once; an installation without a user counts its device; cores are those of each distinct
    device. A metric that nobody counts by device or user is counted by device.
    """
    return _by(book, product, metric, rule_of(book, metric))


def rule_of(book: Book, metric: str) -> counting.InForce | None:
    """The counting rule of a metric that holds on the day that the book was last judged on, if one does."""
    found = book.one(
        "SELECT m.id FROM metrics m JOIN counting_rules c ON c.metric_id = m.id WHERE m.code = ?", (metric,)
    )
    day = settings.get(book, "as_of")
    return counting.in_force(counting.rules(book)[found[0]], ordinal(day)) if found and day else None


def _by(book: Book, product: int, metric: str, rule: counting.InForce | None) -> dict[int | None, int]:
    if rule is None:
        return _built_in(book, product, metric)
    if rule.held.method in ("device", "user"):  # what the database counts takes a tenth of the time
        units = _built_in(book, product, rule.held.method)
        return counted.rights(sum(units.values()), units, rule.held.parameters)[1]
    return dict(counting.count(book, product, rule).groups)


def _built_in(book: Book, product: int, metric: str) -> dict[int | None, int]:
    if metric == "user":
        return {group or None: count for group, count in book.rows(_USERS, (product,))}
    column = 2 if metric == "core" else 1
    return {row[0] or None: row[column] for row in book.rows(_DEVICES, (product,))}
