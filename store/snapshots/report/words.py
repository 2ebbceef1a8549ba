"""Words, numbers and days as the report writes them, the same in every place and locale."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

MINUS: Final = "\N{MINUS SIGN}"

_MONTHS: Final = tuple("January February March April May June July August September October November December".split())


def code(value: str | None) -> str:
    """A code as words: "expiration warning" of "expiration-warning"; statuses keep their hyphen, as names do."""
    if not value or value.endswith("-licensed"):
        return value or ""
    return value.replace("-", " ")


def number(value: int | str | None) -> str:
    """A quantity with its thousands separated and a real minus sign; words such as "unlimited" stay."""
    return f"{value:,}".replace("-", MINUS) if isinstance(value, int) else value or ""


def signed(value: int | str | None) -> str:
    """A difference with its sign; nothing for zero."""
    if value == 0:
        return ""
    return f"+{value:,}" if isinstance(value, int) and value > 0 else number(value)


def money(value: dict[str, Any] | None) -> str:
    """An amount and its currency: "1,250.50 EUR"; amounts that are no numbers stay as they are."""
    return amount(value["amount"], value["currency"]) if value else ""


def amount(text: str, currency: str) -> str:
    """A decimal as text and a currency: "-1250.50", "EUR" gives "−1,250.50 EUR"."""
    whole, point, part = text.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdigit()):
        return f"{text} {currency}"
    return f"{MINUS if text.startswith('-') else ''}{int(whole):,}{point}{part} {currency}"


def line(model: str | None, metric: str) -> str:
    """A model and a metric: "perpetual, device"; without a model there is no entitlement."""
    return f"{model}, {metric}" if model else f"no model, {metric}"


def day(text: str) -> str:
    """An ISO day as one says it: "21 November 2026"."""
    on = date.fromisoformat(text)
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def month(year: int, number: int) -> str:
    """A month in three letters, January with its year: "Jan 2027", "Feb"."""
    return f"{_MONTHS[number - 1][:3]} {year}" if number == 1 else _MONTHS[number - 1][:3]


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 position", "1,070 positions"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def joined(parts: Iterable[str]) -> str:
    """Parts of a list as one text."""
    return "; ".join(parts)
