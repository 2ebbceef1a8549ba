"""What lines of requests lead to, put into words of the portal: for the requester before, for the approver after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from store.book import Book
from store.facts import iso
from store.portal.records import Effect, Span
from store.portal.state import Asked, Held


@dataclass(frozen=True)
class Names:
    """The names of titles and definitions by their ids."""

    titles: Mapping[int, str]
    definitions: Mapping[int, str]


def names_of(book: Book) -> Names:
    """The names of all titles and definitions."""
    return Names(
        dict(book.rows("SELECT id, title FROM titles")),
        dict(book.rows("SELECT id, definition FROM entitlement_definitions")),
    )


def effect(names: Names, line: Asked, step: str) -> Effect:
    """What a line leads to, judged already; `step` is what happened on its request."""
    return Effect(
        line.request,
        line.line,
        line.kind,
        names.titles[line.title],
        names.definitions.get(line.definition or 0, ""),
        line.holder,
        step,
        line.outcome,
        line.reasons,
        line.warnings,
        span(line.before),
        span(line.after),
        None if line.amount is None else Decimal(line.amount),
        line.currency,
        line.authorization.authorization if line.authorization else "",
        tuple(rules(line)),
    )


def rules(line: Asked) -> Iterable[str]:
    """The rules that decided on a line, in order."""
    return (name for names, _ in line.trail for name in names)


def span(held: Held | None) -> Span | None:
    """What is held, as a record; None for nothing."""
    if held is None:
        return None
    return Span(held.quantity, day(held.starts_on) or date.min, day(held.ends_on))


def day(ordinal: int) -> date | None:
    """An ordinal as a day; None for no end."""
    text = iso(ordinal)
    return None if text is None else date.fromisoformat(text)
