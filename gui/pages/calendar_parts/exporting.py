"""The calendar as a file for other programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject

from gui import event_words, wording
from gui.desk import Desk
from gui.work import Report, using
from store import calendar_export
from store.agenda import Entry, Kinds
from store.calendar_export import Told


def export(desk: Desk, owner: QObject, path: Path, first: date, kinds: Kinds) -> None:
    """Write the events of some kinds from a day on into an iCalendar file, in the background."""
    book = desk.book

    def job(report: Report) -> int:
        with using(book, report):
            return calendar_export.export(book, path, told, first=first, kinds=kinds, report=report)

    def done(count: int) -> None:
        desk.tell(f"Exported {wording.number(count)} events to {path}.", "positive")

    desk.work.run("Exporting the calendar", job, done, owner=owner)


def told(entry: Entry) -> Told:
    """An event in words, for other calendars."""
    made = "Automatic: it follows its contract." if entry.automatic else "Made by hand."
    return Told(event_words.event_title(entry), wording.badge(entry.kind), f"{event_words.event_about(entry)}\n{made}")
