"""Codes to words: every text about license data that people read, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from rules.vocabulary import is_unlimited

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


def number(value: int) -> str:
    """A number with thousands separated, a real minus sign and no decimals."""
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def counted(counts: Mapping[str, int]) -> str:
    """Counts by code as a phrase: "12 compliant, 3 under-licensed"; "none" for nothing."""
    return ", ".join(f"{number(count)} {WORDS.get(code, code)}" for code, count in counts.items()) or "none"


def day(value: date) -> str:
    """A day with its weekday: "Saturday, 2026-11-21"."""
    return f"{value:%A}, {value.isoformat()}"


# ------------------------------------------------------------------------------------------------------------- tables
TITLES: Final[Mapping[str, str]] = {
    "contract": "Contract ID",
    "po_number": "PO number",
    "purchase_order_number": "PO number",
    "sku": "SKU",
    "at": "When",
    "who": "Who",
    "on_day": "Day",
}
"""Titles of columns that are not just the name of the field."""

LABELS: Final[Mapping[str, str]] = {
    "final-day": "Final day",
    "device": "Device-based",
    "user": "User-based",
    "core": "Core-based",
    "expiration-warning": "License expiration warning",
}
"""Codes that are called otherwise in a cell of a table than their code says."""

FILTERS: Final[Mapping[str, str]] = {"all": "All"}
"""Filters that are called otherwise than the code that they are named after."""


def title(field: str) -> str:
    """The title of a column: "License start"."""
    return TITLES.get(field) or _capital(field.replace("_", " "))


@lru_cache(maxsize=1_024)
def label(code: str | None) -> str:
    """A code as it stands in a cell: "Over-licensed"; what people have named themselves stays as it is."""
    if not code:
        return ""
    return LABELS.get(code) or (_capital(code) if code in WORDS or code in _CODES else line(code))


_CODES: Final = frozenset({"perpetual", "subscription", "maintenance", "status-update", "activity-log", "custom"})


def filtered(code: str) -> str:
    """What a filter is called on its chip."""
    return FILTERS.get(code) or LABELS.get(code) or _capital(code.replace("-", " ") if code not in WORDS else code)


def line(text: str | None) -> str:
    """A text on one line."""
    return "" if not text else text if text.isprintable() else " ".join(text.split())


def quantity(value: int | None) -> str:
    """A quantity: "1,000", "Unlimited", or nothing."""
    if value is None:
        return ""
    return "Unlimited" if is_unlimited(value) else number(value)


def signed(value: int | None) -> str:
    """A quantity that goes both ways: "+35", "−35", "0"."""
    return f"+{quantity(value)}" if value is not None and 0 < value and not is_unlimited(value) else quantity(value)


def money(text: str | None) -> str:
    """An amount with its currency, thousands separated: "1,250.50 EUR" of "1250.50 EUR"."""
    if not text:
        return ""
    amount, _, currency = text.partition(" ")
    whole, point, part = amount.partition(".")
    return f"{number(int(whole or 0)) if whole != '-0' else MINUS + '0'}{point}{part} {currency}".rstrip()


MINUS: Final = "−"


@lru_cache(maxsize=4_096)
def moment(text: str | None) -> str:
    """A moment in the time of this machine, to the minute; a day stays a day."""
    if not text or "T" not in text:
        return text or ""
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"


def flag(value: object) -> str:
    """Yes, or nothing."""
    return "Yes" if value else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
