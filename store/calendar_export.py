"""Writes the calendar as an iCalendar file (RFC 5545), for the calendars of other programs.

Every event is one of a whole day, known by an identity that stays: exported again, it moves, it is not doubled. The
same book and day give the same bytes.
"""

# icalendar leaves the types of values open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from icalendar import Alarm, Calendar, Event, vRecur

from rules import recurrence
from store import agenda, settings
from store.agenda import Entry, Kinds
from store.book import Book
from store.snapshots.saving import save_file

Report = Callable[[int, int], None]
"""Called with how many of how many events are written; may raise to stop there."""

_MONTHS: Final = {"monthly": ("MONTHLY", 1), "quarterly": ("MONTHLY", 3), "yearly": ("YEARLY", 1)}
_SHORTEST: Final = 28
"""Every month has so many days; what comes on a later one comes on the last day that a shorter month has."""


@dataclass(frozen=True)
class Told:
    """An event in words: its title, its category, and what else there is to say."""

    title: str
    category: str
    about: str


def export(
    book: Book,
    target: Path,
    words: Callable[[Entry], Told],
    *,
    first: date = date.min,
    last: date = date.max,
    kinds: Kinds = None,
    report: Report | None = None,
) -> int:
    """Write the events from first to last; how many. One's own that repeat are one event with its repetition.

    Raises SavingFault, and then the file that was there is untouched.
    """
    count = 0

    def produce(path: Path) -> None:
        nonlocal count
        stamp = _stamp(book)
        steps = agenda.total(book, first, last, kinds)
        head, foot = _frame()
        with book.reading(), path.open("wb") as out:
            out.write(head)
            for count, entry in enumerate(agenda.every(book, first, last, kinds), 1):
                out.write(_event(book, entry, words(entry), stamp).to_ical())
                if report is not None:
                    report(count, max(steps, count))
            out.write(foot)

    save_file(target, produce)
    return count


def _frame() -> tuple[bytes, bytes]:
    """What stands before and behind the events."""
    calendar = Calendar()
    calendar.add("prodid", "-//Elpis//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Elpis")
    text = calendar.to_ical()
    at = text.index(b"END:VCALENDAR")
    return text[:at], text[at:]


def _stamp(book: Book) -> datetime:
    """The moment that events are stamped with: the day of judgement, so that the same book gives the same bytes."""
    day = date.fromisoformat(settings.get(book, "as_of") or "1970-01-01")
    return datetime.combine(day, time.min, UTC)


def _event(book: Book, entry: Entry, told: Told, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", _identity(book, entry))
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.on)
    if entry.on < date.max:
        event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", told.title)
    event.add("description", told.about)
    event.add("categories", [told.category])
    event.add("transp", "TRANSPARENT")
    if entry.repeat != recurrence.ONCE:
        event.add("rrule", _repetition(entry))
    for day in range(entry.remind_days, 0, -1):
        event.add_component(_alarm(told.title, day, time.fromisoformat(entry.remind_at)))
    return event


def _identity(book: Book, entry: Entry) -> str:
    """What an event is known by wherever it goes: its key, and for one's own, the moment it was made."""
    made = ""
    if not entry.automatic:
        sql = "SELECT at FROM change_log WHERE subject = 'manual_events' AND key = ? ORDER BY id LIMIT 1"
        row = book.one(sql, (str(entry.number),))
        made = row[0] if row else ""
    return f"{sha256(f'{entry.key}|{made}'.encode()).hexdigest()[:32]}@elpis"


def _repetition(entry: Entry) -> vRecur:
    """Its repetition, which counts from the first day and takes the last day of months that are too short."""
    frequency, interval = _MONTHS[entry.repeat]
    rule: dict[str, object] = {"FREQ": frequency, "INTERVAL": interval}
    if entry.on.day > _SHORTEST and (frequency == "MONTHLY" or entry.on.month == 2):
        rule |= {"BYMONTHDAY": list(range(_SHORTEST, entry.on.day + 1)), "BYSETPOS": -1}
        if frequency == "YEARLY":
            rule["BYMONTH"] = entry.on.month
    return vRecur(rule)


def _alarm(title: str, days: int, at: time) -> Alarm:
    """A reminder so many days before the day, at a time of day."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(hours=at.hour, minutes=at.minute) - timedelta(days=days))
    return alarm
