"""A line for a day that may be empty: typed in any usual spelling, or picked from a calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QMenu, QWidgetAction

from gui import icons
from gui.widgets.day_field import to_qt
from store import drafts


class DayEdit(QLineEdit):
    """Holds a day as YYYY-MM-DD, or nothing, or what somebody typed that is no day."""

    def __init__(self, placeholder: str = "YYYY-MM-DD") -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.editingFinished.connect(self._tidy)
        self.menu: QMenu | None = None
        self.pick_action = QAction(self)
        self.pick_action.setToolTip("Pick a day (Alt+Down)")
        icons.give(self.pick_action, "calendar", "muted")
        self.pick_action.triggered.connect(self.pick)
        self.addAction(self.pick_action, QLineEdit.ActionPosition.TrailingPosition)

    def day(self) -> date | None:
        """The day that stands there, None for nothing or for what is none."""
        try:
            return date.fromisoformat(drafts.plain("license_start", self.text()))
        except ValueError:
            return None

    def pick(self) -> None:
        """Show a calendar below the line."""
        calendar = QCalendarWidget()
        calendar.setFirstDayOfWeek(QLocale().firstDayOfWeek())
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        if (held := self.day()) is not None:
            calendar.setSelectedDate(to_qt(held))
        self.menu = QMenu(self)
        action = QWidgetAction(self.menu)
        action.setDefaultWidget(calendar)
        self.menu.addAction(action)
        calendar.clicked.connect(self._picked)
        calendar.activated.connect(self._picked)
        self.menu.aboutToHide.connect(self.menu.deleteLater)
        self.menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        calendar.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down opens the calendar, as it does with other boxes."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.pick()
        else:
            super().keyPressEvent(event)

    def _picked(self, day: QDate) -> None:
        self.setText(day.toString(Qt.DateFormat.ISODate))
        if self.menu is not None:
            self.menu.close()
        self.setFocus()

    def _tidy(self) -> None:
        tidy = drafts.plain("license_start", self.text())
        if tidy != self.text():
            self.setText(tidy)
