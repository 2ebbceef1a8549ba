"""Fields for whole numbers and for times of day."""

from __future__ import annotations

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QSpinBox, QTimeEdit

from gui.theme import SPACE


def number_field(low: int, high: int, value: int) -> QSpinBox:
    """A field for a whole number, written with thousands separated."""
    made = QSpinBox()
    made.setRange(low, high)
    made.setGroupSeparatorShown(True)
    made.setValue(value)
    made.lineEdit().setTextMargins(SPACE - 2, 0, 0, 0)
    return made


def time_field(value: QTime) -> QTimeEdit:
    """A field for a time of day, to the minute."""
    made = QTimeEdit(value)
    made.setDisplayFormat("HH:mm")
    made.lineEdit().setTextMargins(SPACE - 2, 0, 0, 0)
    return made
