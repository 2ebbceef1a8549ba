"""What the pages of records are made of: purchases, versions, counts, links to other records."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 300
"""Rows of one kind that a portrait holds; it tells how many there are in all."""


@dataclass(frozen=True)
class Link:
    """A way to another record: "entitlement", "contract", "product" or "position", its public key, and its name."""

    subject: str
    key: str
    name: str


@dataclass(frozen=True)
class Purchase:
    """A contract item as a purchase. Days are ISO text, None without end; amounts are text such as "12.50 EUR"."""

    contract: Link
    item: str
    product: str
    model: str
    metric: str
    sku: str
    quantity: int
    license_start: str
    license_end: str | None
    unit_price: str | None
    price: str | None
    """Of the whole quantity; None without a unit price, or without limit."""
    in_force: bool
    entitlement: Link | None
    formed_by: str


@dataclass(frozen=True)
class Allotment:
    """So many licenses of an entitlement are set aside for a resource group and a user group."""

    resource_group: str
    user_group: str
    quantity: int


@dataclass(frozen=True)
class Event:
    """An event on a day (ISO text). `lead` is how many days ahead a warning comes, -1 for what is no warning.

    Manual ones have a name and no rule.
    """

    day: str
    kind: str
    lead: int
    contract: str
    item: str
    rule: str
    name: str = ""


@dataclass(frozen=True)
class Count:
    """Demand of a product and metric in a resource group ("" for none), and who counted it when.

    `source` is None for what installations come to.
    """

    metric: str
    resource_group: str
    source: str | None
    quantity: int
    counted_on: str | None


@dataclass(frozen=True)
class Right:
    """What lets quantities move. `reach` names the family, or both products of a pair; depth None is any.

    `state` says whether it holds on the day of judgement: "active", "upcoming" or "expired".
    """

    name: str
    kind: str
    reach: tuple[str, ...]
    metric: str
    depth: int | None
    valid_from: str | None
    valid_until: str | None
    state: str


@dataclass(frozen=True)
class Standing:
    """A position in one line. `status` is a code of the vocabulary."""

    position: Link
    model: str | None
    metric: str
    active: int
    demand: int
    downgrade: int
    upgrade: int
    balance: int
    status: str
