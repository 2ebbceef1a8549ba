"""What events and days are called in the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from gui import wording
from store.agenda import Entry
from store.calendar_export import Told

REPEATS: Final[Mapping[str, str]] = {
    "none": "Does not repeat",
    "monthly": "Every month",
    "quarterly": "Every three months",
    "yearly": "Every year",
}
"""How often an event comes again."""

FACTS: Final[Mapping[str, str]] = {
    "place": "Place among the purchases",
    "continued-by": "Continued by contract",
    "lead": "Days before the end",
}
"""Facts behind an event that are not just called as their code."""


def fact(code: str) -> str:
    """What a fact behind an event is called: "License end"."""
    return FACTS.get(code) or wording.capital(code.replace("-", " "))


def fact_value(value: str | int | date) -> str:
    """A fact behind an event: a day, a number, a name, or a place such as "2 of 3"."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return wording.number(value) if value else "on the day itself"
    first, _, last = value.partition("/")
    return f"{first} of {last}" if first.isdecimal() and last.isdecimal() else wording.line(value)


def month(day: date) -> str:
    """The month of a day: "November 2026"."""
    return f"{day:%B %Y}"


_SHORT: Final[Mapping[str, str]] = {
    "license-end": "end",
    "deployment-end": "optional end",
    "review-due": "review decision",
    "expiration-warning": "warning",
    "purchased": "purchase",
    "purchased-renewal": "renewal",
    "contract-invoiced": "invoice",
    "custom": "own event",
}
"""What events are called where there is little room."""


def event_kind(kind: str) -> str:
    """A kind of events in a word, as on a filter: "Warning"."""
    return wording.capital(_SHORT.get(kind, wording.WORDS.get(kind, kind)))


def events(kind: str, count: int, *, short: bool = False) -> str:
    """A number of events of a kind: "1 license end", "12 warnings"; `short` for little room: "12 ends"."""
    word = _SHORT[kind] if kind in _SHORT and (short or kind != "license-end") else wording.WORDS.get(kind, kind)
    return f"{wording.number(count)} {word}{'' if count == 1 else 's'}"


def event_title(entry: Entry) -> str:
    """An event in a few words: what its owner called it, or what happens to what."""
    if entry.authorization:
        return f"{wording.line(entry.name)} ends"
    if entry.review:
        return f"{wording.badge(entry.name.partition('|')[0])}: {wording.line(entry.product)}"
    if entry.name:
        return wording.line(entry.name)
    about = wording.line(entry.product or entry.contract_name or entry.contract)
    if entry.model == "maintenance":
        about = f"Maintenance of {about}"
    if entry.kind == "expiration-warning":
        return f"{about}: last valid day" if entry.lead <= 0 else f"{about} ends in {days(entry.lead)}"
    ends = {
        "contract-invoiced": "invoiced",
        "purchased": "purchased",
        "purchased-renewal": "renewed",
        "license-end": "ends",
    }
    return f"{about} {ends[entry.kind]}"


def event_about(entry: Entry) -> str:
    """What else there is to say of an event, on one line: contract, item, quantity, repetition."""
    contract = (
        f"{wording.line(entry.contract_name)} ({wording.line(entry.contract)})"
        if entry.contract_name
        else wording.line(entry.contract)
    )
    if entry.authorization:
        return f"authorization {wording.line(entry.authorization)} · {wording.quantity(entry.quantity or 0)}"
    if entry.review:
        responsible = wording.line(entry.name.partition("|")[2])
        return f"review {wording.line(entry.review)}" + (f" · {responsible}" if responsible else "")
    parts = [contract]
    if entry.item:
        parts.append(f"item {wording.line(entry.item)}")
    if entry.quantity is not None:
        parts.append(f"{wording.quantity(entry.quantity)} {wording.label(entry.model).lower()}")
    if entry.repeat != "none":
        parts.append(REPEATS[entry.repeat].lower())
    return " · ".join(parts)


def automatic(entry: Entry) -> str:
    """Why an automatic event cannot be edited, and what to do instead."""
    if entry.authorization:
        return "Automatic: it follows what is deployed and cannot be edited. Request an extension instead."
    if entry.review:
        return (
            "Automatic: it follows the decision of a review. Change the decision instead, while it is not signed off."
        )
    return "Automatic: it follows its contract and cannot be edited. Change the contract instead."


def in_days(days: int) -> str:
    """How far away a day is: "today", "tomorrow", "in 12 days", "3 days ago"."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {wording.number(days)} days" if days > 0 else f"{wording.number(-days)} days ago")


def days(count: int) -> str:
    """A number of days: "1 day", "30 days"."""
    return "1 day" if count == 1 else f"{wording.number(count)} days"


def told(entry: Entry) -> Told:
    """An event in words, for other calendars."""
    made = "Automatic: it follows its contract." if entry.automatic else "Made by hand."
    return Told(event_title(entry), wording.badge(entry.kind), f"{event_about(entry)}\n{made}")
