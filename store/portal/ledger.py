"""The ledger of charges: entries are added, never changed or removed. What was entered in error is given back.

An entry stands until another one reverses it. A line has one standing debit at most, and one credit at most beside it:
the database refuses a second one, however it comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, NamedTuple

import orjson

from rules.vocabulary import CREDIT, DEBIT
from store import names
from store.book import Book
from store.errors import Unfit, Unknown

STANDING: Final = "c.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM charges r WHERE r.reverses = c.id)"
"""The condition under which an entry of the ledger, as `c`, stands."""

UNDONE: Final = "undone"
"""The reason of an entry that reverses another."""


class Entry(NamedTuple):
    """A charge of a line: `amount` is decimal text, `charged_on` an ISO day, `rule` what concluded it."""

    request: str
    line: str
    kind: str
    amount: str
    currency: str
    charged_on: str
    rule: str = ""
    reason: str = ""
    reverses: int | None = None


_COUNT: Final = "(SELECT count(*) FROM charges c WHERE c.request = {0} AND c.line = {1} AND c.kind = {2})"
_INSERT: Final = f"""
INSERT INTO charges (request, line, kind, amount, currency, charged_on, rule, reason, reverses, turn)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, {_COUNT.format("?1", "?2", "?3")})"""


def post(book: Book, entries: Iterable[Entry]) -> None:
    """Add entries. Inside a transaction; the database refuses what is charged already."""
    book.many(_INSERT, entries)


def log(book: Book, action: str, number: int) -> None:
    """Note an entry in the change log, so that undo finds it."""
    row = _row(book, number)
    images = [orjson.dumps(image).decode() for image in (row, {"id": number})]
    book.run(
        "INSERT INTO change_log (at, who, action, subject, key, after, row_key, step_id)"
        " VALUES (?, ?, ?, 'charges', ?, ?, ?, ?)",
        (book.now(), book.who, action, f"{row['request']}|{row['line']}", *images, book.hand.step),
    )


def _row(book: Book, number: int) -> dict[str, Any]:
    row = book.rows(f"SELECT {', '.join(Entry._fields)} FROM charges WHERE id = ?", (number,))[0]
    return dict(zip(Entry._fields, row, strict=True))


def reverse(book: Book, number: int) -> int:
    """Take an entry back by a new one: what stands is given back, what was given back is charged anew. Its id."""
    entry = Entry(**_row(book, number))
    day = book.now()[:10]
    if entry.reverses is None:
        other = CREDIT if entry.kind == DEBIT else DEBIT
        made = entry._replace(kind=other, charged_on=day, reason=UNDONE, reverses=number)
    else:
        made = Entry(**_row(book, entry.reverses))
    return book.insert(_INSERT, made)


_ORIGINALS: Final = "FROM charges o WHERE o.id > ? AND o.id <= ? AND o.reverses IS NULL"


def take_back(book: Book, after: int, last: int) -> None:
    """Reverse what stands of the entries with ids after one, to another: those of an import that is undone."""
    day = book.now()[:10]
    same = "CROSS JOIN charges c ON c.request = o.request AND c.line = o.line AND c.kind = o.kind WHERE"
    sql = f"""
        SELECT c.request, c.line, iif(c.kind = 'debit', 'credit', 'debit'), c.amount, c.currency, ?, c.rule, ?, c.id
        {_ORIGINALS.replace("WHERE", same)} AND {STANDING} ORDER BY c.id"""
    post(book, map(Entry._make, book.rows(sql, (day, UNDONE, after, last))))


def bring_back(book: Book, after: int, last: int) -> None:
    """Charge anew what `take_back` has reversed."""
    columns = ", ".join(f"o.{name}" for name in Entry._fields)
    post(book, map(Entry._make, book.rows(f"SELECT {columns} {_ORIGINALS} ORDER BY o.id", (after, last))))


def credit(book: Book, request: str, line: str, amount: Decimal, reason: str) -> None:
    """Give back all or a part of what a line was charged, by hand and with a reason.

    Raises Unknown for a line that was not charged, Unfit for an amount that is not above 0 or above the charge, for a
    second credit, and without a reason.
    """
    given, why = names.price(amount), names.note(reason, "reason")
    with book.transaction():
        held = book.rows(
            f"SELECT c.kind, c.amount, c.currency FROM charges c WHERE c.request = ? AND c.line = ? AND {STANDING}",
            (request, line),
        )
        charged = next((row for row in held if row[0] == DEBIT), None)
        if charged is None:
            raise Unknown(f"request {request!r}, line {line!r}: nothing was charged for it.")
        if len(held) > 1:
            raise Unfit(f"request {request!r}, line {line!r} has its credit already.")
        if not 0 < amount <= Decimal(charged[1]):
            raise Unfit(f"amount: {amount} is not possible; more than 0 and at most {charged[1]} is.")
        entry = Entry(request, line, CREDIT, given or "", charged[2], book.now()[:10], "", why)
        log(book, "add", book.insert(_INSERT, entry))
