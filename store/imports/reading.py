"""What is read from a text: fields with their values, their places, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from store.imports import loose, text_rows
from store.imports.product_names import Products

SURE: Final = "sure"
LIKELY: Final = "likely"
UNSURE: Final = "unsure"


@dataclass(frozen=True)
class Reading:
    """A field read from a text: its value, where it stands (text[start:end]), how sure that is, and why not.

    The value is as `store.drafts` takes it: what the place says, or what follows from it, such as the end of a term.
    """

    value: str
    start: int
    end: int
    confidence: str = SURE
    remark: str = ""


Fields = Mapping[str, Reading]
"""Fields by the names that they have in the template."""


@dataclass(frozen=True)
class Extract:
    """What a text says of a contract and of its items."""

    contract: Fields
    items: tuple[Fields, ...] = ()


class Spot(Protocol):
    """Something that stands in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def overlap(one: Spot, other: Spot) -> bool:
    """Whether two things share a place."""
    return one.start < other.end and other.start < one.end


@dataclass(frozen=True)
class Text:
    """A text with everything in it that could be a value."""

    text: str
    products: Products
    days: Sequence[loose.Day]
    amounts: Sequence[loose.Amount]
    quantities: Sequence[loose.Quantity]


def text_of(text: str, products: Products) -> Text:
    """Find all values of a text. Slashed days are read month first where one of them, or a dollar, shows that order."""
    days = list(loose.days(text, month_first=_month_first(text)))
    rows = [row for row in text_rows.rows(text) if not any(overlap(one, day) for one in row for day in days)]
    amounts = [one for one in loose.amounts(text) if not any(overlap(one, day) for day in days)]
    quantities = [one for one in loose.quantities(text) if not any(overlap(one, day) for day in days)]
    amounts = _with(amounts, [one for row in rows for one in (row.unit_price, row.total)])
    return Text(text, products, days, amounts, _with(quantities, [row.quantity for row in rows]))


_S = TypeVar("_S", bound=Spot)


def _with(found: list[_S], others: list[_S]) -> list[_S]:
    """What was found by words, and what the rows of tables tell besides, in the order of the text."""
    new = [one for one in others if not any(overlap(one, other) for other in found)]
    return sorted([*found, *new], key=lambda one: one.start)


def _month_first(text: str) -> bool:
    slashed = [day for day in loose.days(text) if "/" in text[day.start : day.end] and day.other is None]
    certain = [day for day in slashed if day.value.day != day.value.month]
    if certain:
        return int(text[certain[0].start : certain[0].end].partition("/")[0]) == certain[0].value.month
    return "$" in text or "USD" in text


def dated(text: Text, day: loose.Day, confidence: str = SURE) -> Reading:
    """A day as a reading: never sure where day and month could be the other way round."""
    if day.other is None:
        return Reading(day.value.isoformat(), day.start, day.end, confidence)
    shown = text.text[day.start : day.end]
    remark = f"{shown} is read as {day.value.isoformat()}; it could also be {day.other.isoformat()}."
    return Reading(day.value.isoformat(), day.start, day.end, UNSURE, remark)


def ahead(text: str, start: int, length: int = 60) -> str:
    """What stands on the same line before a place."""
    return text[max(0, start - length) : start].rpartition("\n")[2]
