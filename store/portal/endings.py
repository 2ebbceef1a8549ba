"""The last days of optional entitlements that are deployed, as events of the calendar.

They are read, never stored: an event follows the period that holds now. Its number lies above those of all others, so
that both kinds can be read in one order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from store.book import Book, Row

ABOVE: Final = 1 << 40
"""What the numbers of these events have more than the ids of what ends."""

KEY: Final = "deployment"
"""How the public key of such an event begins."""

RULE: Final = "optional_entitlements.expired"
"""The rule by which they end."""

COLUMNS: Final = """
    e.id, e.ends_on, coalesce(c.contract, ''), coalesce(c.name, ''), coalesce(p.product, ''), e.quantity, d.definition,
    a.holder, a.authorization, EXISTS (
        SELECT 1 FROM acknowledgements k WHERE k.contract = a.authorization AND k.item = d.definition
        AND k.kind = 'deployment-end' AND k.lead = 0 AND k.on_day = e.ends_on AND k.who = ?)"""

FROM: Final = """FROM deployed_entitlements e JOIN authorizations a ON a.id = e.authorization_id
JOIN entitlement_definitions d ON d.id = e.definition_id JOIN titles t ON t.id = a.title_id
LEFT JOIN products p ON p.id = t.product_id LEFT JOIN contracts c ON c.id = d.contract_id
WHERE e.replaced_on IS NULL AND e.ends_on IS NOT NULL AND coalesce(a.ended_on > e.ends_on, 1)"""


def counts(book: Book, first: date, last: date) -> list[Row]:
    """Days from first to last on which something ends, and how much does."""
    sql = f"SELECT e.ends_on, count(*) {FROM} AND e.ends_on BETWEEN ? AND ? GROUP BY e.ends_on"
    return book.rows(sql, (first.isoformat(), last.isoformat()))


def rows(book: Book, first: date, last: date, after: tuple[str, int] | None = None, limit: int = -1) -> list[Row]:
    """What ends from first to last, in the order of days; of them those after a mark, at most so many."""
    mark = after or (first.isoformat(), -1)
    sql = f"""SELECT {COLUMNS} {FROM} AND (e.ends_on, e.id + {ABOVE}) > (?, ?) AND e.ends_on BETWEEN ? AND ?
        ORDER BY e.ends_on, e.id LIMIT ?"""
    return book.rows(sql, (book.who, *mark, first.isoformat(), last.isoformat(), limit))


def one(book: Book, number: int) -> Row | None:
    """The end with that id (without `ABOVE`), if there is one."""
    return book.one(f"SELECT {COLUMNS} {FROM} AND e.id = ?", (book.who, number))


def neighbor(book: Book, day: date, first: date, last: date, *, forward: bool) -> str | None:
    """The nearest day after (or before) a day on which something ends, from first to last."""
    pick, sign = ("min", ">") if forward else ("max", "<")
    sql = f"SELECT {pick}(e.ends_on) {FROM} AND e.ends_on {sign} ? AND e.ends_on BETWEEN ? AND ?"
    return book.value(sql, (day.isoformat(), first.isoformat(), last.isoformat()))


def key_of(book: Book, number: int) -> Sequence[str] | None:
    """Authorization, definition, kind, lead and day: by which the end with that id is acknowledged."""
    return book.one(
        f"SELECT a.authorization, d.definition, 'deployment-end', 0, e.ends_on {FROM} AND e.id = ?", (number,)
    )
