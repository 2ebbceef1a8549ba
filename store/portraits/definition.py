"""The portrait of an entitlement definition: what it is, where it comes from, and who holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from store import derivation, rows, settings
from store.book import Book
from store.facts import iso
from store.portal import authorizations, definitions
from store.portal.records import Definition as Record
from store.portal.records import Deployed
from store.portraits.shape import MOST, Link
from store.tables import EntitlementDefinition as Table


@dataclass(frozen=True)
class Held:
    """Who holds of a definition, by which authorization, and what."""

    authorization: Link
    holder: str
    deployed: Deployed


@dataclass(frozen=True)
class Definition:
    """A definition, the last day on which it is in force (ISO text, None without end), its state and who holds it."""

    record: Record
    currency: str
    title: Link
    contract: Link | None
    effective_end: str | None
    state: str
    rule: str
    held: tuple[Held, ...]
    held_count: int


_HELD: Final = """
SELECT DISTINCT a.authorization, a.holder FROM authorizations a JOIN deployed_entitlements e
    ON e.authorization_id = a.id WHERE e.definition_id = ? ORDER BY a.holder COLLATE NOCASE, a.id LIMIT ?"""


def read(book: Book, key: str) -> Definition | None:
    """The definition of that name, or None when there is none any more."""
    row = rows.find(book, Table, {"definition": key})
    if row is None:
        return None
    record, as_of = definitions.of(book, row), date.fromordinal(derivation.day_of(book).as_of)
    last = definitions.effective_end(book, key)
    count = "SELECT count(DISTINCT authorization_id) FROM deployed_entitlements WHERE definition_id = ?"
    contract = record.contract
    return Definition(
        record,
        settings.get(book, "currency"),
        Link("title", record.title, record.title),
        Link("contract", contract, _named(book, contract)) if contract else None,
        iso(last.toordinal()) if last else None,
        *definitions.states(book, as_of, [key])[key],
        tuple(
            Held(Link("authorization", name, name), holder, authorizations.held(book, name, key, as_of))
            for name, holder in book.rows(_HELD, (row["id"], MOST))
        ),
        book.value(count, (row["id"],)),
    )


def _named(book: Book, contract: str) -> str:
    return book.value("SELECT coalesce(nullif(name, ''), contract) FROM contracts WHERE contract = ?", (contract,))
