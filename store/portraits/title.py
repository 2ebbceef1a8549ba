"""The portrait of a title: what it offers, who has it, and the product that it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from store import derivation, names, rows, settings
from store.book import Book
from store.portal import authorizations, definitions, titles
from store.portal.records import Title as Record
from store.portraits import parts
from store.portraits.shape import MOST, Link, Standing
from store.tables import Title as Table


@dataclass(frozen=True)
class Offer:
    """An entitlement definition of a title in one line. Days are ISO text; `state` is that of the day of judgement."""

    definition: Link
    kind: str
    unit_price: str | None
    forced: bool
    ends_on: str | None
    state: str
    holders: int


@dataclass(frozen=True)
class Holder:
    """An authorization of a title in one line, with how many entitlements it holds."""

    authorization: Link
    holder: str
    authorized_on: str
    ended_on: str | None
    units: int
    state: str
    entitlements: int


@dataclass(frozen=True)
class Title:
    """A title. `authorized` are the units of its active authorizations."""

    record: Record
    currency: str
    listed_on: str
    product: Link | None
    offers: tuple[Offer, ...]
    holders: tuple[Holder, ...]
    holder_count: int
    authorized: int
    positions: tuple[Standing, ...]


_OFFERS: Final = """
SELECT d.definition, d.kind, d.unit_price, d.forced, (SELECT count(DISTINCT e.authorization_id)
    FROM deployed_entitlements e WHERE e.definition_id = d.id)
FROM entitlement_definitions d WHERE d.title_id = ? ORDER BY d.kind, d.definition COLLATE NOCASE LIMIT ?"""

_HOLDERS: Final = """
SELECT a.authorization, a.holder, a.authorized_on, a.ended_on, a.units, (SELECT count(*) FROM deployed_entitlements e
    WHERE e.authorization_id = a.id AND e.replaced_on IS NULL)
FROM authorizations a WHERE a.title_id = ? ORDER BY a.ended_on IS NOT NULL, a.holder COLLATE NOCASE, a.id LIMIT ?"""

_AUTHORIZED: Final = f"SELECT coalesce(sum(a.units), 0) FROM authorizations a WHERE a.title_id = ? AND {titles.ACTIVE}"


def read(book: Book, key: str) -> Title | None:
    """The title of that name, or None when there is none any more."""
    held = rows.find(book, Table, {"title": key})
    if held is None:
        return None
    number, record = held["id"], titles.of(book, held)
    day = derivation.day_of(book).as_of
    count = book.value("SELECT count(*) FROM authorizations WHERE title_id = ?", (number,))
    product = record.product
    return Title(
        record,
        settings.get(book, "currency"),
        held["listed_on"],
        Link("product", product, product) if product else None,
        offers(book, number, date.fromordinal(day)),
        holders(book, number, date.fromordinal(day)),
        count,
        book.value(_AUTHORIZED.replace(":as_of", "?"), (number, *[date.fromordinal(day).isoformat()] * 2)),
        parts.standings(book, "s.product_id = ?", (names.number(book, "products", product),)) if product else (),
    )


def offers(book: Book, title: int, as_of: date) -> tuple[Offer, ...]:
    """What a title (by its id) offers, what is included first."""
    found = book.rows(_OFFERS, (title, MOST))
    states = definitions.states(book, as_of, [row[0] for row in found])
    return tuple(
        Offer(Link("definition", name, name), kind, price, bool(forced), _end(book, name), states[name][0], count)
        for name, kind, price, forced, count in found
    )


def _end(book: Book, definition: str) -> str | None:
    last = definitions.effective_end(book, definition)
    return None if last is None else last.isoformat()


def holders(book: Book, title: int, as_of: date) -> tuple[Holder, ...]:
    """Who has a title (by its id) or had it, at most as many as a portrait holds; those who have it first."""
    found = book.rows(_HOLDERS, (title, MOST))
    states = authorizations.states(book, as_of, [row[0] for row in found])
    return tuple(
        Holder(Link("authorization", name, name), holder, since, ended, units, states[name][0], count)
        for name, holder, since, ended, units, count in found
    )
