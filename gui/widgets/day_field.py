"""A field for a day: typed as YYYY-MM-DD or picked from a calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QCalendarWidget, QDateEdit


def day_field(name: str, day: date) -> QDateEdit:
    """A field that holds a day. `name` is what a reader of the screen calls it."""
    made = QDateEdit(to_qt(day))
    made.setDisplayFormat("yyyy-MM-dd")
    made.setLocale(QLocale.c())
    made.setCalendarPopup(True)
    made.setDateRange(QDate(1900, 1, 1), QDate(9999, 12, 31))
    made.setAccessibleName(name)
    calendar = made.calendarWidget()
    calendar.setFirstDayOfWeek(QLocale().firstDayOfWeek())
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setGridVisible(False)
    return made


def day_of(field: QDateEdit) -> date:
    """The day in the field."""
    at = field.date()
    return date(at.year(), at.month(), at.day())


def to_qt(day: date) -> QDate:
    """A day as Qt has it."""
    return QDate(day.year, day.month, day.day)
