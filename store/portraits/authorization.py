"""The portrait of an authorization: who may use what since when, all that is deployed on it, and what led to that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from store import derivation, rows
from store.book import Book
from store.portal import authorizations, definitions, versions
from store.portal.records import Authorization as Record
from store.portal.records import Deployed
from store.portal.versions import FreeVersion
from store.portraits.shape import MOST, Link
from store.tables import Authorization as Table


@dataclass(frozen=True)
class Asked:
    """A line of a request that concerned an authorization. The day is ISO text; `amount` is text such as "5 EUR"."""

    request: Link
    line: str
    what: str
    submitted_on: str
    outcome: str
    amount: str | None


@dataclass(frozen=True)
class Authorization:
    """An authorization. `how` is "portal" for what was requested, "entered" for what was entered; days are ISO text."""

    record: Record
    title: Link
    how: str
    ended_on: str | None
    state: str
    rule: str
    deployed: tuple[Deployed, ...]
    included: tuple[Link, ...]
    """What comes with it, as far as it is in force."""
    versions: tuple[FreeVersion, ...]
    asked: tuple[Asked, ...]


_INCLUDED: Final = """
SELECT definition FROM entitlement_definitions WHERE title_id = ? AND kind = 'included' ORDER BY definition LIMIT ?"""

_ASKED: Final = """
SELECT r.request, l.line, coalesce(d.definition, t.title), r.submitted_on, l.outcome,
    (SELECT c.amount || ' ' || c.currency FROM charges c WHERE c.request = r.request AND c.line = l.line
        AND c.kind = 'debit' AND c.reverses IS NULL
        AND NOT EXISTS (SELECT 1 FROM charges v WHERE v.reverses = c.id))
FROM request_lines l JOIN requests r ON r.id = l.request_id JOIN titles t ON t.id = l.title_id
LEFT JOIN entitlement_definitions d ON d.id = l.definition_id
WHERE l.authorization_id = ? ORDER BY r.submitted_on DESC, r.id DESC, l.id LIMIT ?"""


def read(book: Book, key: str) -> Authorization | None:
    """The authorization of that name, or None when there is none any more."""
    row = rows.find(book, Table, {"authorization": key})
    if row is None:
        return None
    record, as_of = authorizations.of(book, row), date.fromordinal(derivation.day_of(book).as_of)
    included = [name for (name,) in book.rows(_INCLUDED, (row["title_id"], MOST))]
    states = definitions.states(book, as_of, included)
    return Authorization(
        record,
        Link("title", record.title, record.title),
        row["how"],
        row["ended_on"],
        *authorizations.states(book, as_of, [key])[key],
        tuple(authorizations.deployed(book, key, as_of)),
        tuple(Link("definition", name, name) for name in included if states[name][0] == "included"),
        tuple(versions.free(book, key, as_of)),
        tuple(Asked(Link("request", one[0], one[0]), *one[1:]) for one in book.rows(_ASKED, (row["id"], MOST))),
    )
