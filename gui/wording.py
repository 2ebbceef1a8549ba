"""Codes to words: every text about license data that people read, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

WORDS: Final[Mapping[str, str]] = {
    "upcoming": "upcoming",
    "active": "active",
    "expiring": "expiring",
    "final-day": "on their final day",
    "expired": "expired",
    "compliant": "compliant",
    "over-licensed": "over-licensed",
    "under-licensed": "under-licensed",
    "contract-invoiced": "contract invoiced",
    "purchased": "purchased",
    "purchased-renewal": "purchased renewal",
    "expiration-warning": "license expiration warning",
    "license-end": "license end",
    "downgrade": "downgrade",
    "upgrade": "upgrade",
}
"""What each code of states, statuses, events and transfers is called in a sentence."""


# --------------------------------------------------------------------------------------------------------------- frame
PAGES: Final[Mapping[str, str]] = {
    "home": "Home",
    "contracts": "License contracts",
    "entitlements": "Entitlements",
    "compliance": "Compliance",
    "calendar": "Calendar",
    "demand": "Demand",
    "products": "Products",
    "rulebook": "Rulebook",
    "snapshots": "Snapshots",
    "settings": "Settings",
}
"""What the pages are called."""

ALONE: Final[Mapping[str, str]] = {"final-day": "Final day", "expiration-warning": "Expiration warning"}
"""What a code is called standing alone, where that is not its word with a capital."""


def badge(code: str) -> str:
    """A code standing alone, as in a badge: "Under-licensed"."""
    word = WORDS.get(code, code.replace("-", " "))
    return ALONE.get(code, word[:1].upper() + word[1:])


# -------------------------------------------------------------------------------------------------------------- numbers
def number(value: int) -> str:
    """A number with thousands separated, a real minus sign and no decimals."""
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def counted(counts: Mapping[str, int]) -> str:
    """Counts by code as a phrase: "12 compliant, 3 under-licensed"; "none" for nothing."""
    return ", ".join(f"{number(count)} {WORDS.get(code, code)}" for code, count in counts.items()) or "none"


def day(value: date) -> str:
    """A day with its weekday: "Saturday, 2026-11-21"."""
    return f"{value:%A}, {value.isoformat()}"
