"""The portrait of a position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store import counting_why, overviews
from store.book import Book, Row
from store.counting_why import Counting
from store.money import worth_in
from store.portraits import parts
from store.portraits.shape import Count, Link
from store.standing import Figures

_HEAD: Final = """
SELECT p.product, s.model, m.code, coalesce(e.name, p.product), p.product || '|' || e.model || '|' || m.code, e.name,
       s.active, s.demand, s.downgrade, s.upgrade, s.calculated_active, s.calculated_demand, s.calculated_downgrade,
       s.calculated_upgrade, s.status, s.crossings, s.price_amount, s.price_currency,
       o.active, o.demand, o.downgrade, o.upgrade, o.reason, s.product_id, s.metric_id
FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id
LEFT JOIN entitlements e ON e.id = s.entitlement_id LEFT JOIN overrides o ON o.entitlement_id = s.entitlement_id
WHERE s.id = ?"""

_TRANSFERS: Final = """
SELECT t.kind, t.quantity, r."right", t.rule, t.from_product_id = ?1 AND t.from_model IS ?3,
       f.product || '|' || t.from_model || '|' || m.code, f.product, t.from_model,
       g.product || '|' || coalesce(t.to_model, '') || '|' || m.code, g.product, t.to_model
FROM transfers t JOIN rights r ON r.id = t.right_id JOIN products f ON f.id = t.from_product_id
JOIN products g ON g.id = t.to_product_id JOIN metrics m ON m.id = t.metric_id
WHERE t.metric_id = ?2 AND ((t.from_product_id = ?1 AND t.from_model IS ?3)
    OR (t.to_product_id = ?1 AND t.to_model IS ?3)) ORDER BY t.id"""


@dataclass(frozen=True)
class Typed:
    """A manual override: figures that somebody typed (None: as calculated), and why."""

    active: int | None
    demand: int | None
    downgrade: int | None
    upgrade: int | None
    reason: str


@dataclass(frozen=True)
class Part:
    """What a resource group has of a position; "" is what no group has."""

    resource_group: str
    active: int
    downgrade: int
    upgrade: int
    demand: int
    balance: int


@dataclass(frozen=True)
class Transfer:
    """Units that a position gives to another one, or receives from it, by a right."""

    kind: str
    gives: bool
    other: Link
    other_model: str | None
    quantity: int
    right: str
    rule: str


@dataclass(frozen=True)
class Position:
    """A position; `figures` hold, `calculated` are those without a manual override."""

    product: str
    model: str | None
    metric: str
    name: str
    entitlement: Link | None
    figures: Figures
    status: str
    calculated: Figures
    override: Typed | None
    crossings: int
    """Transfers of it that move units from one resource group to another."""
    value: str | None
    """Of the balance at the unit price of the entitlement, such as "-12.50 EUR"."""
    parts: tuple[Part, ...]
    transfers: tuple[Transfer, ...]
    counts: tuple[Count, ...]
    counting: Counting | None = None
    """How installations were counted, where a counting rule says so."""

    @property
    def unexplained(self) -> int:
        """By how much the balance differs from the sum of the parts: what an override adds or takes away."""
        return self.figures.balance - sum(part.balance for part in self.parts) if self.parts else 0


def read(book: Book, key: str) -> Position | None:
    """The position of that key (product|model|metric, no model without entitlement), or None when there is none."""
    number = overviews.find(book, "compliance", key)
    if number is None:
        return None
    row = book.rows(_HEAD, (number,))[0]
    product, model, metric, name, entitlement, title = row[:6]
    status, crossings, price, currency = row[14:18]
    reason, product_id, metric_id = row[22:]
    figures = Figures(*row[6:10])
    return Position(
        *(product, model, metric, name),
        entitlement=None if entitlement is None else Link("entitlement", entitlement, title),
        figures=figures,
        status=status,
        calculated=Figures(*row[10:14]),
        override=None if reason is None else Typed(*row[18:23]),
        crossings=crossings,
        value=worth_in(figures.balance, price, currency),
        parts=tuple(_part(one) for one in overviews.children(book, "compliance", number)),
        transfers=_transfers(book, (product_id, metric_id, model)),
        counts=tuple(count for count in parts.counts(book, product_id) if count.metric == metric),
        counting=counting_why.read(book, product_id, metric),
    )


def _part(row: Sequence[object]) -> Part:
    """A part as the overview of positions has it: active, downgrade, upgrade, demand and balance follow its names."""
    return Part(*(row[0], *row[4:9]))  # type: ignore[arg-type]


def _transfers(book: Book, position: Row) -> tuple[Transfer, ...]:
    found: list[Transfer] = []
    for kind, quantity, right, rule, gives, *sides in book.rows(_TRANSFERS, position):
        key, name, model = sides[3:] if gives else sides[:3]
        found.append(Transfer(kind, bool(gives), Link("position", key, name), model, quantity, right, rule))
    return tuple(found)
