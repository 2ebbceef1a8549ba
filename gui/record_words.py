"""What the pages of records say: tabs, reasons, obstacles, conditions with their values, changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gui import portal_words, wording

TABS: Final[Mapping[str, str]] = {
    "details": "Details",
    "timeline": "License timeline",
    "periods": "Timeline",
    "history": "History",
    "why": "Why",
}
"""The tabs of a record page."""

GONE: Final[Mapping[str, str]] = {
    "entitlement": "This entitlement is no longer in the book.",
    "contract": "This contract is no longer in the book.",
    "product": "This product is no longer in the book.",
    "title": "This title is no longer in the book.",
    "definition": "This entitlement definition is no longer in the book.",
    "authorization": "This authorization is no longer in the book.",
    "request": "This request is no longer in the book.",
    "position": "This position is no longer there: its product has neither an entitlement nor demand by this metric.",
}
"""What stands in the place of a record that is gone."""

OUTCOMES: Final[Mapping[str, str]] = {
    "within": "Allocations in order",
    "over-allocated": "Over-allocated",
    "own": "Feeds its own entitlement",
    "base": "Maintains the perpetual entitlement",
    "orphan": "Maintenance without a license",
    "no-entitlement": "No entitlement",
    "archived": "Archived",
    "supported": "Supported",
    "unsupported": "Out of support",
    "released": "Released",
    "support-end": "End of support",
    "notice": "Notice date",
    "maintenance": "Maintenance",
    "status-update": "Status update",
    "activity-log": "Activity log",
    "custom": "Event",
    "deployed": "Deployed",
    "authorized": "Authorized",
    "entitlement-end": "Last day",
    "authorization-ended": "Authorization ended",
    "offered": "May be requested",
    "locked": "Goes with its title",
    "free": "Chosen freely",
    "granted": "Needs no approver",
    "deny": "Denied",
    "approve": "Approved",
    "shortens": "Warning: shortens",
    "fewer": "Warning: fewer",
    "gap": "Warning: gap",
    "stays-expired": "Warning: stays ended",
    "host": "By hosts",
    "vm": "By virtual machines",
    "device": "By devices",
    "user": "By users",
}
"""What conclusions and marks are called where that is not the word of their code."""

TOPICS: Final[Mapping[str, str]] = {
    "status": "Status",
    "counting": "How demand is counted",
    "state": "State on this day",
    "allocation": "Allocations",
    "formation": "What it feeds",
    "event": "Events",
    "request": "What became of its lines",
    "other": "What it is not, and why not",
    "moved": "What moved",
    "refused": "What did not move, and why not",
}
"""Headings of the reasons of a record."""

OBSTACLES: Final[Mapping[str, str]] = {
    "no-right": "no {kind} right reaches these two",
    "no-order": "nothing says which version is newer",
    "no-surplus": "no surplus is left there",
    "no-maintained-surplus": "no maintained license is left there",
    "no-maintenance": "it has never been under maintenance",
    "maintenance-lapsed": "its maintenance had ended before the newer version came out",
    "not-perpetual": "only perpetual licenses can be upgraded",
    "not-released": "the newer version is not out yet",
    "release-unknown": "nobody has told when the newer version came out",
    "no-shortfall": "nothing is missing there",
    "not-newer": "it is not the newer version",
    "not-older": "it is not the older version",
    "too-far": "it is more versions away than the right reaches",
    "right-ended": "the right has ended",
    "right-to-come": "the right has not begun",
    "out-of-reach": "the right is about other products",
    "wrong-right": "the right is of another kind",
    "used-up": "the licenses that could have moved have been given elsewhere",
}
"""What stood in the way of a transfer, as the end of a sentence."""

_SIGNS: Final[Mapping[str, str]] = {" == ": " = ", " != ": " ≠ ", " <= ": " ≤ ", " >= ": " ≥ ", "3652059": "never"}

_SPEAKERS: Final[Mapping[str, str]] = {"r": "right", "g": "giver", "m": "giver", "t": "taker"}
"""The facts of the rules that look at several."""


def outcome(code: str) -> str:
    """A conclusion, a mark or a state standing alone: "Purchased renewal"."""
    return OUTCOMES.get(code) or wording.badge(code)


def condition_of(text: str, several: bool) -> str:
    """A condition of a rule as people read it: "giver: balance > 0". `several`: the rule looks at several facts."""
    words = _FACT.sub(lambda found: _fact(found[1], found[2], several), text)
    return values_of(words)


def fact(alias: str, kind: str, *, several: bool) -> str:
    """What a rule looks at: "a purchase"; of several, what it is called in the conditions: "giver: a row"."""
    named = f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind.replace('-', ' ').replace('_', ' ')}"
    return f"{_SPEAKERS.get(alias, alias)}: {named}" if several else named


def _fact(alias: str, field: str, several: bool) -> str:
    name = field.replace("_", " ")
    return f"{_SPEAKERS.get(alias, alias)}’s {name}" if several else name


_FACT: Final = re.compile(r"\b([a-z])\.([a-z_]+)")


def values_of(text: str) -> str:
    """A comparison with the signs and numbers that people write: "2026-11-21 ≤ never", "-32 < 0" with a real minus."""
    for written, shown in _SIGNS.items():
        text = text.replace(written, shown)
    return _NUMBER.sub(_figure, text).replace(" - ", f" {wording.MINUS} ")


def _figure(found: re.Match[str]) -> str:
    """Beyond what a book can hold, a number only stands for "without limit"."""
    digits = found[2]
    shown = "any" if digits in _ANY else "unlimited" if len(digits) > 15 else digits
    return f"{wording.MINUS if found[1] and shown == digits else ''}{shown}"


_NUMBER: Final = re.compile(r"(?<![\w-])(-?)(\d{9,}|\d+(?![\d-]))")
_ANY: Final = frozenset(str(2**30 + away) for away in range(-300, 301))


def lasting(first: str | None, last: str | None) -> str:
    """A term: "2025-01-01 to 2025-12-31", "from 2025-01-01", "until 2025-12-31", "" for always."""
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else ""


def far(depth: int | None) -> str:
    """How many versions a right reaches: "Any", "1 version", "3 versions"."""
    return "Any" if depth is None else f"{wording.number(depth)} version{'' if depth == 1 else 's'}"


def age(place: int | None) -> str:
    """Where a version stands beside another: "2 versions older", "This version"."""
    if place is None:
        return "Order unknown"
    if place == 0:
        return "This version"
    return f"{far(abs(place))} {'newer' if place > 0 else 'older'}"


def ahead(lead: int) -> str:
    """How far ahead a warning comes: "30 days before the end", "on the final day"."""
    return "on the final day" if lead == 0 else f"{wording.number(lead)} day{'' if lead == 1 else 's'} before the end"


def changed_value(field: str, value: str | int | None) -> str:
    """A value of the history as it is shown where the field has a page of its own."""
    if value is None or value == "":
        return "nothing"
    if field in _LISTED and isinstance(value, str):
        return portal_words.listed(", ".join(_WORD.findall(value))) or "nothing"
    if isinstance(value, int):
        return {0: "No", 1: "Yes"}[value] if field in _FLAGS else wording.quantity(value)
    return wording.moment(value) if _MOMENT.match(value) else wording.label(value)


_LISTED: Final = frozenset({"reasons", "warnings", "decision", "kind", "how", "version_right"})
"""Fields of codes that have words of the request portal, some of them several in a list."""

_WORD: Final = re.compile(r"[a-z][a-z-]*")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT")
_FLAGS: Final = frozenset(
    {"maintenance_separate", "invoice_date_defaulted", "notify", "manual", "archived"}
    | {"requires_approval", "orderable", "forced"}
)

CHANGES: Final[Mapping[str, str]] = {
    "add": "added",
    "change": "changed",
    "remove": "removed",
    "import": "imported",
    "undo": "undone",
    "redo": "done again",
}
"""What happened to a field."""

PARTS: Final[Mapping[str, str]] = {
    "contract_items": "Item",
    "allocations": "Allocation",
    "overrides": "Override",
    "demand": "Count",
    "deployed_entitlements": "Entitlement",
    "request_lines": "Line",
    "decisions": "Decision on line",
}
"""What a record is made of, where the history tells of it."""
