"""What an approver does: sees what lines would lead to, approves or denies them. One call is one transaction.

What is approved is compared with what is held at that moment, charged at the price of the request, and carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import orjson

from rules.vocabulary import APPROVE, DECISIONS, DENY, PENDING, REFUSED
from store import names
from store.book import Book
from store.bulk import collector_off
from store.errors import Unfit, Unknown
from store.portal import effects, judging, requests, state, writing
from store.portal.records import Decision, Effect
from store.portal.state import Asked, State

Key = tuple[str, str]
"""Request and line."""

REASONS = {
    "not-pending": "this is not pending, so there is nothing to decide",
    "own-request": "nobody approves his own request; somebody else has to",
    "decided-early": "the decision is older than the request",
}
"""Why a decision does not count, as a sentence."""


def approve(book: Book, lines: Sequence[Key], *, on: date, by: str = "", reason: str = "") -> list[Effect]:
    """Approve lines of requests, titles first; what they have led to. `by` is oneself without a name.

    Raises Unknown; Unfit, with nothing stored, when one of them is not pending, when the approver is its requester, or
    when the day lies before the request.
    """
    return decide(book, [Decision(*key, APPROVE, on, by or book.who, reason) for key in lines])


def deny(book: Book, lines: Sequence[Key], *, on: date, reason: str, by: str = "") -> list[Effect]:
    """Deny lines of requests for a reason; entitlements go with their title. Raises as `approve`, and without one."""
    why = names.note(reason, "reason")
    return decide(book, [Decision(*key, DENY, on, by or book.who, why) for key in lines])


def decide(book: Book, decisions: Sequence[Decision]) -> list[Effect]:
    """Decide on lines, in order of day, then request and line; what they have led to. Raises as `approve` does."""
    with book.transaction(), collector_off():
        known = _known(book, [one.request for one in decisions])
        lines = requests.by_key(known)
        found = [(_line(lines, one), one) for one in decisions]
        for line, decision in sorted(found, key=in_order):
            ruling = judging.decide(
                known, line, decision.decision, decision.decided_on.toordinal(), decision.decided_by, decision.reason
            )
            if ruling.says == REFUSED:
                why = REASONS[ruling.reasons[-1]]
                raise Unfit(f"request {line.request!r}, line {line.line!r}: {why}. Nothing was stored.")
        named = effects.names_of(book)
        writing.write(book, known, named.definitions)
    return [effects.effect(named, line, PENDING) for line, _ in found]


def in_order(pair: tuple[Asked, Decision]) -> tuple[object, ...]:
    """The order in which decisions are carried out: by day, then request, and of a request titles first."""
    line, decision = pair
    return decision.decided_on, *judging.in_request(line)


def _line(lines: Mapping[Key, Asked], decision: Decision) -> Asked:
    if decision.decision not in DECISIONS:
        raise Unfit(f"decision: {decision.decision!r} is none; possible are {', '.join(DECISIONS)}.")
    return requests.one_in(lines, decision.request, decision.line)


def preview(book: Book, lines: Sequence[Key], *, on: date) -> list[Effect]:
    """What lines would lead to if somebody else approved them on a day. Nothing is stored.

    A line that is not pending is told as it is. Raises Unknown.
    """
    known = _known(book, [request for request, _ in lines])
    every = requests.by_key(known)
    found = [requests.one_in(every, *key) for key in lines]
    steps = [line.outcome for line in found]
    requests.approve_all(known, found, on.toordinal())
    named = effects.names_of(book)
    return [effects.effect(named, line, step) for line, step in zip(found, steps, strict=True)]


def may_decide(book: Book, request: str, by: str = "") -> bool:
    """Whether somebody (oneself without a name) may approve a request: whoever has not made it. Raises Unknown."""
    number = names.number(book, "requests", request)
    requester = book.value("SELECT requester FROM requests WHERE id = ?", (number,))
    return not judging.same(by or book.who, requester)


def decision(book: Book, request: str, line: str) -> Decision | None:
    """What was decided on a line; None while nobody has. Raises Unknown."""
    requests.one_of(_known(book, [request]), request, line)
    row = book.one(
        """SELECT d.decision, d.decided_on, d.decided_by, d.reason FROM decisions d
           JOIN request_lines l ON l.id = d.line_id JOIN requests r ON r.id = l.request_id
           WHERE r.request = ? AND l.line = ?""",
        (request, line),
    )
    return None if row is None else Decision(request, line, row[0], date.fromisoformat(row[1]), row[2], row[3])


def pending(book: Book) -> list[Key]:
    """Every line that waits for an approver, oldest requests first."""
    sql = """SELECT r.request, l.line FROM request_lines l JOIN requests r ON r.id = l.request_id
        WHERE l.outcome = 'pending' AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.line_id = l.id)
        ORDER BY r.submitted_on, r.id, l.id"""
    return [(request, line) for request, line in book.rows(sql)]


def _known(book: Book, requests: Iterable[str]) -> State:
    """What is known of the holders of some requests, with their lines. Raises Unknown for no request."""
    wanted = list(dict.fromkeys(requests))
    sql = "SELECT r.request, r.id, r.holder FROM json_each(?) n CROSS JOIN requests r ON r.request = n.value"
    held = {row[0]: row[1:] for row in book.each(sql, (orjson.dumps(wanted).decode(),))}
    for request in wanted:
        if request not in held:
            names.number(book, "requests", request)  # tells what is near
    if not wanted:
        raise Unknown("there is no line to decide on.")
    return state.read(book, [holder for _, holder in held.values()], [number for number, _ in held.values()])
