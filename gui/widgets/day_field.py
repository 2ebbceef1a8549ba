"""A field for a day: typed as YYYY-MM-DD or picked from a calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCalendarWidget, QDateEdit

_BETWEEN = frozenset("-./ ")
"""What people type between the parts of a day."""
_YEAR = 4
"""The digits of a year: whoever has typed fewer writes days in another order, which is not guessed at."""


def day_field(name: str, day: date) -> DayField:
    """A field that holds a day. `name` is what a reader of the screen calls it."""
    made = DayField(to_qt(day))
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


class DayField(QDateEdit):
    """Takes a day as it is written.

    Qt goes on to the next part of a day when one is complete, and once more for the hyphen that follows: 2027-06-15,
    typed as it stands, would become the sixth of another month.
    """

    def __init__(self, day: QDate) -> None:
        super().__init__(day)
        self._went_on = False
        self.lineEdit().installEventFilter(self)

    def type_anew(self) -> None:
        """Take the keyboard, to be typed into from the beginning."""
        self.setFocus()
        self.setSelectedSection(self.Section.YearSection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        went_on, self._went_on = self._went_on, False
        if event.matches(QKeySequence.StandardKey.Paste) and self._paste():
            return
        if event.text() and event.text() in _BETWEEN:
            if not went_on and len(self.sectionText(self.Section.YearSection)) == _YEAR:
                super().keyPressEvent(_hyphen())
            return
        if event.text().isdigit() and self.lineEdit().selectedText() == self.text():
            self.setSelectedSection(self.Section.YearSection)
        part = self.currentSection()
        super().keyPressEvent(event)
        self._went_on = event.text().isdigit() and self.currentSection() != part

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """A click into a part selects it, so that what is typed takes its place."""
        self._went_on = self._went_on and event.type() != QEvent.Type.MouseButtonPress
        if event.type() == QEvent.Type.MouseButtonRelease and not self.lineEdit().hasSelectedText():
            self.setSelectedSection(self.currentSection())
        return False

    def _paste(self) -> bool:
        """Take the whole day from the clipboard; whether one was there."""
        day = QDate.fromString(QGuiApplication.clipboard().text().strip(), Qt.DateFormat.ISODate)
        if self.minimumDate() <= day <= self.maximumDate() and not self.isReadOnly():
            self.setDate(day)
        return day.isValid()


def _hyphen() -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Minus, Qt.KeyboardModifier.NoModifier, "-")


def day_of(field: QDateEdit) -> date:
    """The day in the field."""
    at = field.date()
    return date(at.year(), at.month(), at.day())


def to_qt(day: date) -> QDate:
    """A day as Qt has it."""
    return QDate(day.year, day.month, day.day)
