"""The calendar as a file for other programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject

from gui import wording
from gui.desk import Desk
from gui.event_words import told
from gui.work import Report, using
from store import calendar_export
from store.agenda import Kinds


def export(desk: Desk, owner: QObject, path: Path, first: date, kinds: Kinds) -> None:
    """Write the events of some kinds from a day on into an iCalendar file, in the background."""
    book = desk.book

    def job(report: Report) -> int:
        with using(book, report):
            return calendar_export.export(book, path, told, first=first, kinds=kinds, report=report)

    def done(count: int) -> None:
        desk.tell(f"Exported {wording.number(count)} events to {path}.", "positive")

    desk.work.run("Exporting the calendar", job, done, owner=owner)
