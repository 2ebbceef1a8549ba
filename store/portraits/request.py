"""The portrait of a request: who asked for what, what became of each line, and who decided that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from rules.vocabulary import DEBIT
from store import names, settings
from store.book import Book, Row
from store.portal import decisions, requests
from store.portal.ledger import STANDING
from store.portal.records import Decision, Effect, Span
from store.portal.records import Request as Record


@dataclass(frozen=True)
class Line:
    """A line: what it has led to or, while it waits, what it would lead to today; the decision, if there is one.

    `charged` and `credited` stand in the ledger; None for nothing.
    """

    effect: Effect
    decision: Decision | None
    charged: Decimal | None
    credited: Decimal | None

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide on it."""
        return self.effect.step == "pending" and self.decision is None


@dataclass(frozen=True)
class Request:
    """A request with its lines. `mine` says whether the user of the book has made it, so that others approve it."""

    record: Record
    currency: str
    lines: tuple[Line, ...]
    mine: bool

    @property
    def waiting(self) -> tuple[Line, ...]:
        """The lines that wait for a decision."""
        return tuple(one for one in self.lines if one.waits)


_PERIODS: Final = """
SELECT l.line, e.quantity, e.starts_on, e.ends_on, b.quantity, b.starts_on, b.ends_on
FROM request_lines l JOIN deployed_entitlements e ON e.line_id = l.id
LEFT JOIN deployed_entitlements b ON b.authorization_id = e.authorization_id AND b.definition_id = e.definition_id
    AND b.number = e.number - 1 WHERE l.request_id = ?"""

_DECISIONS: Final = """
SELECT l.line, d.decision, d.decided_on, d.decided_by, d.reason
FROM request_lines l JOIN decisions d ON d.line_id = l.id
WHERE l.request_id = ?"""

_CHARGES: Final = f"SELECT c.line, c.kind, c.amount FROM charges c WHERE c.request = ? AND {STANDING}"


def read(book: Book, key: str) -> Request | None:
    """The request of that number, or None when there is none any more."""
    if not requests.exists(book, key):
        return None
    number = names.number(book, "requests", key)
    periods = {row[0]: row[1:] for row in book.rows(_PERIODS, (number,))}
    decided = {row[0]: _decision(key, row) for row in book.rows(_DECISIONS, (number,))}
    amounts = {(line, kind): Decimal(amount) for line, kind, amount in book.rows(_CHARGES, (key,))}
    lines = [
        Line(
            _carried_out(one, periods.get(one.line), amounts.get((one.line, DEBIT))),
            decided.get(one.line),
            amounts.get((one.line, DEBIT)),
            amounts.get((one.line, "credit")),
        )
        for one in requests.effects_of(book, key)
    ]
    mine = not decisions.may_decide(book, key)
    return Request(requests.read(book, key), settings.get(book, "currency"), tuple(lines), mine)


def _carried_out(effect: Effect, period: Row | None, charged: Decimal | None) -> Effect:
    """A line that was carried out, with what was held before and after, and what was charged; others as they are."""
    if period is None:
        return effect if effect.step == "pending" else effect._replace(amount=charged)
    before = _span(period[3:]) if period[3] is not None else None
    return effect._replace(before=before, after=_span(period[:3]), amount=charged)


def _span(row: Row) -> Span:
    return Span(row[0], date.fromisoformat(row[1]), date.fromisoformat(row[2]) if row[2] else None)


def _decision(request: str, row: Row) -> Decision:
    line, decision, day, who, reason = row
    return Decision(request, line, decision, date.fromisoformat(day), who, reason)
