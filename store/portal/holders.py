"""What holders have: their authorizations, with what is deployed on each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from store import rows
from store.book import Book
from store.portal import authorizations
from store.portal.records import Authorization, Deployed
from store.tables import Authorization as Table


@dataclass(frozen=True)
class Holding:
    """An authorization of a holder, and all that it holds."""

    authorization: Authorization
    deployed: tuple[Deployed, ...]


def holding(book: Book, holder: str, as_of: date) -> list[Holding]:
    """What a holder has not lost by a day, by title; what is to begin later is among it."""
    sql = """SELECT a.id FROM authorizations a JOIN titles t ON t.id = a.title_id
        WHERE a.holder = ? AND coalesce(a.ended_on > ?, 1) ORDER BY t.title COLLATE NOCASE, a.authorized_on, a.id"""
    found = [authorizations.of(book, rows.get(book, Table, row[0])) for row in book.rows(sql, (holder, str(as_of)))]
    return [Holding(one, tuple(authorizations.deployed(book, one.authorization, as_of))) for one in found]
