"""The portrait of a product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rules import formulas
from store import facts, overviews
from store.book import Book
from store.portal import titles
from store.portraits import parts
from store.portraits.shape import MOST, Count, Link, Purchase, Right, Standing

_HEAD: Final = """
SELECT p.product, p.vendor, coalesce(f.name, ''), p.edition, p.version, p.released_on, p.support_ends_on,
       coalesce(m.code, ''), p.maintenance_separate, p.family_id
FROM products p LEFT JOIN families f ON f.id = p.family_id LEFT JOIN metrics m ON m.id = p.metric_id WHERE p.id = ?"""

_VERSIONS: Final = """
SELECT p.id, p.product, p.version, p.version_rank, p.released_on, p.support_ends_on,
       (SELECT sum(s.active) FROM positions s WHERE s.product_id = p.id),
       (SELECT sum(s.demand) FROM positions s WHERE s.product_id = p.id),
       (SELECT sum(s.balance) FROM positions s WHERE s.product_id = p.id)
FROM products p WHERE p.family_id = ? AND p.edition = ? ORDER BY p.product LIMIT ?"""


@dataclass(frozen=True)
class Version:
    """A version of the family and edition of a product; `place` is below zero for older, above for newer ones.

    A place of None: nothing says whether it is older or newer. Sums are over all models and metrics.
    """

    product: Link
    version: str
    place: int | None
    released_on: str | None
    support_ends_on: str | None
    active: int
    demand: int
    balance: int


@dataclass(frozen=True)
class Entitled:
    """An entitlement of a product in one line."""

    entitlement: Link
    model: str
    metric: str
    quantity: int
    active: int
    allocated: int
    expiration: str | None
    state: str


@dataclass(frozen=True)
class Product:
    """A product, its relatives, its entitlements and its demand. Days are ISO text."""

    product: str
    vendor: str
    family: str
    edition: str
    version: str
    released_on: str | None
    support_ends_on: str | None
    metric: str
    maintenance_separate: bool
    versions: tuple[Version, ...]
    """Oldest first, itself among them; those without a place last."""
    rights: tuple[Right, ...]
    entitlements: tuple[Entitled, ...]
    positions: tuple[Standing, ...]
    counts: tuple[Count, ...]
    purchases: tuple[Purchase, ...]
    support: str
    """Whether its vendor supports it on the day of judgement: "supported", "unsupported", or "" where nobody knows."""
    authorized: int | None
    """Units that are authorized of its titles on that day; None where no title stands for it."""


def read(book: Book, key: str) -> Product | None:
    """The product of that name, or None when there is none any more."""
    number = overviews.find(book, "products", key)
    if number is None:
        return None
    *head, separate, family = book.rows(_HEAD, (number,))[0]
    day = book.value("SELECT coalesce((SELECT value FROM settings WHERE key = 'as_of'), '')")
    return Product(
        *head,
        maintenance_separate=bool(separate),
        versions=() if family is None else _versions(book, number, family, head[3]),
        rights=parts.rights(book, number),
        entitlements=_entitlements(book, number),
        positions=parts.standings(book, "s.product_id = ?", (number,)),
        counts=parts.counts(book, number),
        purchases=parts.purchases(book, "i.product_id = ?", (number,)),
        support="" if head[6] is None else "supported" if head[6] >= day else "unsupported",
        authorized=titles.authorized_units(book, key),
    )


def _versions(book: Book, number: int, family: int, edition: str) -> tuple[Version, ...]:
    rows = book.rows(_VERSIONS, (family, edition, MOST))
    ages = [(row[3], facts.ordinal(row[4]) if row[4] else 0, row[2]) for row in rows]
    ranks = formulas.ranks(ages)
    own = next((rank for rank, row in zip(ranks, rows, strict=True) if row[0] == number), -1)
    found = [
        Version(
            Link("product", row[1], row[1]),
            row[2],
            None if own < 0 or rank < 0 else rank - own,
            *row[4:6],
            *(formulas.total([units or 0]) for units in row[6:9]),
        )
        for rank, row in sorted(zip(ranks, rows, strict=True), key=lambda pair: (pair[0] < 0, pair[0]))
    ]
    return tuple(found)


def _entitlements(book: Book, number: int) -> tuple[Entitled, ...]:
    rows = book.rows(
        """SELECT p.product || '|' || e.model || '|' || m.code, e.name, e.model, m.code, e.quantity, e.active,
               e.allocated, e.expiration, e.state FROM entitlements e JOIN products p ON p.id = e.product_id
           JOIN metrics m ON m.id = e.metric_id WHERE e.product_id = ? ORDER BY e.archived, e.model, m.code LIMIT ?""",
        (number, MOST),
    )
    return tuple(Entitled(Link("entitlement", row[0], row[1]), *row[2:]) for row in rows)
