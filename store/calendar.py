"""What a person does with the calendar: events of his own. Automatic ones follow their contract, and are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from rules import recurrence
from rules.vocabulary import EVENT_KINDS, MANUAL_KINDS
from store import names, rows
from store.book import Book
from store.errors import Unfit, Unknown
from store.portal import endings
from store.records import ManualEvent
from store.reviews import dues
from store.tables import Acknowledgement
from store.tables import ManualEvent as EventTable

LONGEST_REMINDER = 3_660
"""At most so many days before an event, reminders of it begin."""


def save(book: Book, event: ManualEvent) -> int:
    """Add an event of one's own, or change it when it has an id; its id.

    Moved to another day, it counts as not acknowledged. Raises Unfit for a kind that only rules make and for an
    impossible time frame, Unknown for a contract or event that does not exist.
    """
    _check(event)
    with book.transaction():
        held = None if event.id is None else rows.find(book, EventTable, {"id": event.id})
        if event.id is not None and held is None:
            raise Unknown(f"the calendar has no event {event.id} of yours.")
        number = event.id or book.value("SELECT coalesce(max(id), 0) + 1 FROM manual_events")
        values: dict[str, str | int | None] = {
            "kind": event.kind,
            "on_day": event.on.isoformat(),
            "contract_id": names.number(book, "contracts", event.contract),
            "name": names.name(event.name, "display name"),
            "remind_at": event.remind_at.strftime("%H:%M") if event.remind_at else "",
            "remind_days": event.remind_days,
            "repeat": event.repeat,
            "notify": int(event.notify),
        }
        if held is not None and (held["on_day"], held["repeat"]) != (values["on_day"], values["repeat"]):
            values["acknowledged_on"] = None
        rows.save(book, EventTable, {"id": number}, values, named=str(number))
        return number


def _check(event: ManualEvent) -> None:
    if event.kind in EVENT_KINDS:
        raise Unfit(f"{event.kind} events are automatic: they follow their contract. Change the contract instead.")
    if event.kind not in MANUAL_KINDS:
        raise Unfit(f"event type: {event.kind!r} is none; possible are {', '.join(MANUAL_KINDS)}.")
    if event.repeat not in recurrence.REPEATS:
        raise Unfit(f"repeat: {event.repeat!r} is none; possible are {', '.join(recurrence.REPEATS)}.")
    if not 0 <= event.remind_days <= LONGEST_REMINDER:
        raise Unfit(f"reminders: {event.remind_days:,} days are not possible; 0 to {LONGEST_REMINDER:,} are.")
    if event.remind_days and event.remind_at is None:
        raise Unfit("reminders: name the time of day for them.")


def remove(book: Book, event: int) -> None:
    """Remove an event of one's own. Raises Unknown: automatic events have no id here."""
    with book.transaction():
        if rows.remove(book, EventTable, {"id": event}, named=str(event)) is None:
            raise Unknown(f"the calendar has no event {event} of yours; automatic events cannot be removed.")


# ------------------------------------------------------------------------------------------------------ acknowledging
def acknowledge(book: Book, event: int, *, seen: bool = True) -> None:
    """Mark an automatic event (by its number) as seen by oneself, or take that back. Moved, it is a new one to all.

    Raises Unknown for an event that does not exist.
    """
    with book.transaction():
        found = _key_of(book, event)
        if found is None:
            raise Unknown(f"the calendar has no automatic event {event}.")
        key = dict(zip(("contract", "item", "kind", "lead", "on_day"), found, strict=True)) | {"who": book.who}
        named = "|".join(map(str, found))
        if not seen:
            rows.remove(book, Acknowledgement, key, named=named)
        elif rows.find(book, Acknowledgement, key) is None:
            rows.save(book, Acknowledgement, key, {"at": book.now()}, named=named)


def _key_of(book: Book, event: int) -> Sequence[str] | None:
    if event >= dues.ABOVE:
        return dues.key_of(book, event - dues.ABOVE)
    if event >= endings.ABOVE:
        return endings.key_of(book, event - endings.ABOVE)
    return book.one(f"SELECT {_KEY} {_AUTOMATIC} WHERE e.id = ?", (event,))


def acknowledged(book: Book) -> set[int]:
    """The ids of the automatic events that oneself has acknowledged."""
    same = " AND ".join(f"a.{column} = e.{column}" for column in ("kind", "lead", "on_day"))
    sql = f"""SELECT e.id FROM acknowledgements a CROSS JOIN contracts c ON c.contract = a.contract
        CROSS JOIN events e ON e.contract_id = c.id LEFT JOIN contract_items i ON i.id = e.item_id
        WHERE a.who = ? AND {same} AND a.item = coalesce(i.item, '')"""
    return {row[0] for row in book.rows(sql, (book.who,))}


_KEY = "c.contract, coalesce(i.item, ''), e.kind, e.lead, e.on_day"
_AUTOMATIC = "FROM events e JOIN contracts c ON c.id = e.contract_id LEFT JOIN contract_items i ON i.id = e.item_id"


def acknowledge_own(book: Book, event: int, on: date | None) -> None:
    """Mark an event of one's own as done up to its day `on`, with its repetitions before that; None takes it back.

    Raises Unknown for an event that does not exist.
    """
    with book.transaction():
        if rows.find(book, EventTable, {"id": event}) is None:
            raise Unknown(f"the calendar has no event {event} of yours.")
        values = {"acknowledged_on": names.day_text(on)}
        rows.save(book, EventTable, {"id": event}, values, named=str(event))


# --------------------------------------------------------------------------------------------------------- reminding
@dataclass(frozen=True)
class Own:
    """An event of one's own on one of its days. `days` are left until then, or below zero have passed since."""

    event: int
    contract: str
    kind: str
    name: str
    on: date
    days: int


@dataclass(frozen=True)
class Reminder:
    """A moment at which somebody is to be reminded of an event."""

    at: datetime
    of: Own


def reminders(book: Book, since: datetime, until: datetime) -> list[Reminder]:
    """The reminders from one moment to another, both included, earliest first.

    Both are moments of one time zone, or both of none, and so are those of the reminders. A time of day that the clocks
    leave out is the next minute that there is. Events that are acknowledged, or not to be notified of, are left out.
    """
    found: list[Reminder] = []
    for event in (event for event in _notifying(book) if event.remind_days):
        last = until.date() + timedelta(days=event.remind_days)
        for on in recurrence.occurrences(event.start, event.repeat, since.date(), last):
            for day in recurrence.reminder_days(on, event.remind_days) if on > event.acknowledged else ():
                at = _moment(datetime.combine(day, time.fromisoformat(event.remind_at), since.tzinfo))
                found += [Reminder(at, _own(event, on, day))] if since <= at <= until else []
    return sorted(found, key=lambda reminder: (reminder.at, reminder.of.event))


def _moment(at: datetime) -> datetime:
    """The moment itself, or the first minute after it that its time zone has."""
    while at.tzinfo is not None and at.astimezone(UTC).astimezone(at.tzinfo).replace(fold=at.fold) != at:
        at += timedelta(minutes=1)
    return at


def due(book: Book, as_of: date) -> list[Own]:
    """Events of one's own that come on that day, or of which reminders have begun, soonest first."""
    found = [
        _own(event, on, as_of)
        for event in _notifying(book)
        for on in recurrence.occurrences(event.start, event.repeat, as_of, as_of + timedelta(days=event.remind_days))
        if on > event.acknowledged
    ]
    return sorted(found, key=lambda own: (own.on, own.event))


def overdue(book: Book, as_of: date) -> list[Own]:
    """Events of one's own that came before that day and are not acknowledged, each on its last day, oldest first."""
    found = [
        _own(event, on, as_of)
        for event in _notifying(book)
        if (on := recurrence.latest(event.start, event.repeat, as_of - timedelta(days=1))) and on > event.acknowledged
    ]
    return sorted(found, key=lambda own: (own.on, own.event))


class _Event(NamedTuple):
    """A row of what people are notified of: its first day, and the day up to which it is acknowledged."""

    id: int
    contract: str
    kind: str
    name: str
    start: date
    remind_at: str
    remind_days: int
    repeat: str
    acknowledged: date


def _notifying(book: Book) -> list[_Event]:
    sql = """SELECT e.id, c.contract, e.kind, e.name, e.on_day, remind_at, remind_days, repeat, acknowledged_on
        FROM manual_events e JOIN contracts c ON c.id = e.contract_id WHERE e.notify = 1 ORDER BY e.id"""
    return [
        _Event(number, contract, kind, name, _day(start), at, days, repeat, _day(seen) if seen else date.min)
        for number, contract, kind, name, start, at, days, repeat, seen in book.rows(sql)
    ]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _own(event: _Event, on: date, day: date) -> Own:
    return Own(event.id, event.contract, event.kind, event.name, on, (on - day).days)
