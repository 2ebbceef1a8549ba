"""What a person does with the calendar: events of his own. Automatic ones follow their contract, and are refused."""

from __future__ import annotations

from rules.vocabulary import EVENT_KINDS
from store import names, rows
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import ManualEvent
from store.tables import ManualEvent as EventTable

MANUAL_KINDS = ("status-update", "activity-log", "custom")
"""Kinds of events that people make."""


def save(book: Book, event: ManualEvent) -> int:
    """Add an event of one's own, or change it when it has an id; its id.

    Raises Unfit for a kind that only rules make, Unknown for a contract or event that does not exist.
    """
    if event.kind in EVENT_KINDS:
        raise Unfit(f"{event.kind} events are automatic: they follow their contract. Change the contract instead.")
    if event.kind not in MANUAL_KINDS:
        raise Unfit(f"event type: {event.kind!r} is none; possible are {', '.join(MANUAL_KINDS)}.")
    with book.transaction():
        if event.id is not None and rows.find(book, EventTable, {"id": event.id}) is None:
            raise Unknown(f"the calendar has no event {event.id} of yours.")
        number = event.id or book.value("SELECT coalesce(max(id), 0) + 1 FROM manual_events")
        values = {
            "kind": event.kind,
            "on_day": event.on.isoformat(),
            "contract_id": names.number(book, "contracts", event.contract),
            "name": names.name(event.name, "display name"),
        }
        rows.save(book, EventTable, {"id": number}, values, named=str(number))
        return number


def remove(book: Book, event: int) -> None:
    """Remove an event of one's own. Raises Unknown: automatic events have no id here."""
    with book.transaction():
        if rows.remove(book, EventTable, {"id": event}, named=str(event)) is None:
            raise Unknown(f"the calendar has no event {event} of yours; automatic events cannot be removed.")
