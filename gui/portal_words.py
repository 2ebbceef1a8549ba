"""What the request portal says: what lines of requests lead to, why something is not offered, what to think about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from gui import wording
from rules.vocabulary import APPROVE, FEWER, GAP, SHORTENS, STAYS_EXPIRED, TITLE
from store.portal.records import Decision, Effect, Span

REASONS: Final = {
    "not-orderable": "it may not be ordered",
    "title-missing": "its title is not in the request",
    "of-another-title": "it belongs to another title",
    "included": "it comes with the title anyway",
    "not-yet-available": "it is not available yet",
    "definition-expired": "it is not offered any more",
    "contract-expired": "its contract has ended",
    "window-closed": "its request window has closed",
    "already-authorized": "the holder has it already",
    "end-later": "the end is later",
    "quantity-changed": "the quantity is another",
    "title-denied": "its title was denied or withdrawn",
    "waits-for-title": "it waits for its title",
    "authorization-ended": "the authorization has ended meanwhile",
    "withdrawn": "its requester has withdrawn it",
}
"""Why a line came to what it came to, or why something is not offered, as the end of a sentence."""

STEPS: Final = {"granted": "Granted at once", "pending": "Needs approval", "refused": "Refused"}
"""What happens to a line on its request."""

COMING: Final = {"authorized": "To be authorized", "created": "To be created", "replaced": "To be replaced"}
"""Outcomes of what waits for an approver."""

OUTCOMES: Final = {
    "authorized": "{holder} may use it from then on.",
    "created": "{holder} gets it new.",
    "replaced": "It takes the place of what {holder} had.",
    "no-change": "It stays as it is, and is not charged: neither is the end later, nor the quantity another.",
    "pending": "It waits for an approver.",
}
"""What a line leads to, as a sentence, where its reasons do not say it."""

KINDS: Final = {"optional": "Optional: it is requested", "included": "Included: it comes with every authorization"}
"""The kinds of entitlement definitions."""

VERSIONS: Final = {
    "none": "No right to them",
    "while-in-force": "Free while it is in force",
    "perpetual": "Free forever, when they came out while it was in force",
}
"""What an entitlement gives to newer versions."""

HOW: Final = {"portal": "By request", "entered": "Entered by hand"}
"""How an authorization has come about."""

_CELLS: Final = {
    "title": "Title",
    "entitlement": "Entitlement",
    "portal": "By request",
    "entered": "By hand",
    "none": "",
    "perpetual": "Forever",
    "shortens": "Shortens",
    "fewer": "Fewer",
    "gap": "Gap",
    "stays-expired": "Stays ended",
    "approve": "Approved",
    "deny": "Denied",
}
"""Codes as they stand in a cell."""


def listed(codes: str | None) -> str:
    """Codes that are parted by commas, as a cell of an overview: "The end is later, the quantity is another"."""
    return wording.capital(", ".join(filter(None, map(_cell, (codes or "").split(", ")))))


def _cell(code: str) -> str:
    return REASONS[code] if code in REASONS and code not in _KINDS else _CELLS.get(code, wording.label(code))


_KINDS: Final = frozenset({"included"})
"""Kinds that are a reason, too."""

ALREADY: Final = "{holder} has it already: nothing to approve, and nothing is charged."


def reasons(codes: Sequence[str]) -> str:
    """Reasons as a sentence: "Its contract has ended, and its request window has closed."."""
    said = [REASONS.get(code, code.replace("-", " ")) for code in codes]
    return f"{wording.capital(', and '.join(said))}." if said else ""


def span(held: Span | None) -> str:
    """A quantity with its days: "5, 2024-01-01 to 2025-12-31"; "nothing" for None."""
    return "nothing" if held is None else f"{wording.quantity(held.quantity)}, {lasting(held.start, held.end)}"


def lasting(start: date, end: date | None) -> str:
    """First and last day: "2024-01-01 to 2025-12-31", or "from 2024-01-01, no end"."""
    return f"{start.isoformat()} to {end.isoformat()}" if end else f"from {start.isoformat()}, no end"


def name(effect: Effect) -> str:
    """What a line asks for."""
    return wording.line(effect.definition or effect.title)


def sentence(effect: Effect) -> str:
    """What a line leads to, in a sentence."""
    holder = wording.line(effect.holder)
    if effect.kind == TITLE and "already-authorized" in effect.reasons:
        return ALREADY.format(holder=holder)
    known = OUTCOMES.get(effect.outcome, "").format(holder=holder)
    if effect.outcome == "replaced":
        return f"{known} {reasons(effect.reasons)}"
    return known if effect.outcome in OUTCOMES and effect.outcome != "pending" else reasons(effect.reasons) or known


def charge(effect: Effect) -> str:
    """What a line is charged: "150.00 EUR", or "No charge"."""
    return wording.amount(effect.amount, effect.currency) if effect.amount is not None else "No charge"


def warnings(effect: Effect, on: date) -> Iterator[str]:
    """What is worth knowing about a line that is carried out on a day, a sentence each."""
    before, after = effect.before, effect.after
    for code in effect.warnings:
        if before is not None and after is not None:
            yield _WARNINGS[code](before, after, on)


def _shortens(before: Span, after: Span, _: date) -> str:
    return f"It ends earlier: {_last(after)} instead of {_last(before)}."


def _fewer(before: Span, after: Span, _: date) -> str:
    return f"It is fewer: {wording.quantity(after.quantity)} instead of {wording.quantity(before.quantity)}."


def _gap(before: Span, after: Span, on: date) -> str:
    first = on if before.end is None else min(on, before.end + timedelta(1))
    return f"Nothing is in force from {first.isoformat()} to {(after.start - timedelta(1)).isoformat()}."


def _stays_expired(before: Span, _: Span, __: date) -> str:
    return f"It ended on {_last(before)} and stays ended: ask for a later end."


_WARNINGS: Final = {SHORTENS: _shortens, FEWER: _fewer, GAP: _gap, STAYS_EXPIRED: _stays_expired}


def _last(held: Span) -> str:
    return held.end.isoformat() if held.end else "never"


def total(effects: Sequence[Effect]) -> str:
    """What lines are charged together: "180.00 EUR", "No charge"."""
    amounts = [one.amount for one in effects if one.amount is not None]
    return wording.amount(sum(amounts[1:], amounts[0]), effects[0].currency) if amounts else "No charge"


def decision(made: Decision) -> str:
    """Who decided what, when and why."""
    word = "Approved" if made.decision == APPROVE else "Denied"
    said = f"{word} by {wording.line(made.decided_by)} on {made.decided_on.isoformat()}"
    return f"{said}: {made.reason}" if made.reason else f"{said}."
