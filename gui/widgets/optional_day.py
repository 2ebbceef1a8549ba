"""A day that may be left open."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QCheckBox, QWidget

from gui.widgets.day_field import day_field, day_of, to_qt
from gui.widgets.layout import row


class OptionalDay(QWidget):
    """A check box that says what holds without a day, and a field for the day."""

    def __init__(self, name: str, without: str, suggested: date) -> None:
        super().__init__()
        self.open = QCheckBox(without)
        self.field = day_field(name, suggested)
        self.open.toggled.connect(lambda checked: self.field.setEnabled(not checked))
        self.setLayout(row(self.field, self.open, None))
        self.setFocusProxy(self.field)
        self.set_day(None)

    def set_day(self, day: date | None) -> None:
        """Show a day, or that there is none."""
        self.open.setChecked(day is None)
        self.field.setEnabled(day is not None)
        if day is not None:
            self.field.setDate(to_qt(day))

    def day(self) -> date | None:
        """The day, or None."""
        return None if self.open.isChecked() else day_of(self.field)
