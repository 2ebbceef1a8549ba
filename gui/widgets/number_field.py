"""Fields for whole numbers and for times of day."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import QAbstractSpinBox, QSpinBox, QTimeEdit

from gui.theme import SPACE
from rules.vocabulary import MAX_QUANTITY


def number_field(low: int = 0, high: int = MAX_QUANTITY, value: int | None = None, *, name: str = "") -> QSpinBox:
    """A field from a lowest to a highest number, thousands separated. `name` is what readers of the screen call it."""
    made = QSpinBox()
    made.setLocale(QLocale.c())
    made.setGroupSeparatorShown(True)
    made.setRange(low, min(high, MAX_QUANTITY))
    made.setValue(low if value is None else value)
    made.setAccessibleName(name)
    _pad(made)
    return made


def time_field(value: QTime) -> QTimeEdit:
    """A field for a time of day, to the minute."""
    made = QTimeEdit(value)
    made.setDisplayFormat("HH:mm")
    _pad(made)
    return made


def _pad(made: QAbstractSpinBox) -> None:
    """The stylesheet's padding does not reach the text of a spin box."""
    made.lineEdit().setTextMargins(SPACE - 2, 0, 0, 0)
