"""The portrait of an entitlement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store import overviews
from store.book import Book
from store.money import worth_in
from store.portraits import parts
from store.portraits.shape import MOST, Allotment, Purchase, Standing

_HEAD: Final = """
SELECT e.name, p.product, e.model, m.code, p.vendor, coalesce(f.name, ''), e.archived, e.quantity, e.active,
       e.allocated, e.maintenance_quantity, e.maintained, e.license_start, e.activation, e.expiration, e.state,
       e.last_demand_synchronization, e.price_amount, e.price_currency, coalesce(g.name, ''), coalesce(r.name, ''),
       e.product_id, e.metric_id
FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id
LEFT JOIN families f ON f.id = p.family_id LEFT JOIN user_groups g ON g.id = e.managed_by_id
LEFT JOIN user_groups r ON r.id = e.responsible_id WHERE e.id = ?"""


@dataclass(frozen=True)
class Entitlement:
    """An entitlement with its purchases and allocations. Quantities may be unlimited, days are ISO text."""

    name: str
    product: str
    model: str
    metric: str
    vendor: str
    family: str
    archived: bool
    quantity: int
    active: int
    allocated: int
    maintenance_quantity: int
    maintained: int
    """Units of maintenance in force, also those beyond what there is to maintain."""
    license_start: str | None
    activation: str | None
    expiration: str | None
    state: str
    last_demand_synchronization: str | None
    unit_price: str | None
    value: str | None
    """Of the active licenses at the unit price."""
    managed_by: str
    responsible: str
    """The user group that somebody named for it; "" where it goes by its purchases."""
    purchases: tuple[Purchase, ...]
    purchase_count: int
    allocations: tuple[Allotment, ...]
    allocation_count: int
    positions: tuple[Standing, ...]

    @property
    def remaining(self) -> int:
        """What is not allocated, below zero when more is allocated than there is."""
        return self.quantity - self.allocated

    @property
    def excess_maintenance(self) -> int:
        """Units of maintenance in force that have nothing to maintain."""
        return self.maintained - self.maintenance_quantity


def read(book: Book, key: str) -> Entitlement | None:
    """The entitlement of that key (product|model|metric), or None when there is none any more."""
    number = overviews.find(book, "entitlements", key)
    if number is None:
        return None
    *head, price, currency, managed_by, responsible, product, metric = book.rows(_HEAD, (number,))[0]
    head[6] = bool(head[6])
    feeding = _feeding(number, head[2], product, metric)
    return Entitlement(
        *head,
        unit_price=parts.money(price, currency),
        value=worth_in(head[8], price, currency),
        managed_by=managed_by,
        responsible=responsible,
        purchases=parts.purchases(book, *feeding),
        purchase_count=book.value(f"SELECT count(*) FROM contract_items i WHERE {feeding[0]}", feeding[1]),
        allocations=_allocations(book, number),
        allocation_count=book.value("SELECT count(*) FROM allocations WHERE entitlement_id = ?", (number,)),
        positions=parts.standings(book, "s.entitlement_id = ?", (number,)),
    )


def feeding(book: Book, number: int) -> tuple[str, tuple[int, ...]]:
    """The condition, over `i`, for the contract items that an entitlement (its id) lives on, with its values."""
    row = book.rows("SELECT model, product_id, metric_id FROM entitlements WHERE id = ?", (number,))[0]
    return _feeding(number, *row)


def _feeding(number: int, model: str, product: int, metric: int) -> tuple[str, tuple[int, ...]]:
    """A perpetual one also lives on maintenance that is kept apart."""
    if model != "perpetual":
        return "i.entitlement_id = ?", (number,)
    apart = "i.product_id = ? AND i.metric_id = ? AND i.model = 'maintenance'"
    return f"(i.entitlement_id = ? OR ({apart}))", (number, product, metric)


def _allocations(book: Book, number: int) -> tuple[Allotment, ...]:
    rows = book.rows(
        "SELECT r.name, u.name, a.quantity FROM allocations a JOIN resource_groups r ON r.id = a.resource_group_id"
        " JOIN user_groups u ON u.id = a.user_group_id WHERE a.entitlement_id = ? ORDER BY 1, 2 LIMIT ?",
        (number, MOST),
    )
    return tuple(Allotment(*row) for row in rows)
