"""A field for a whole number."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QSpinBox

from gui.theme import SPACE
from rules.vocabulary import MAX_QUANTITY


def number_field(name: str, low: int = 0, high: int = MAX_QUANTITY) -> QSpinBox:
    """A field from a lowest to a highest number, thousands separated. `name` is what readers of the screen call it."""
    made = QSpinBox()
    made.setLocale(QLocale.c())
    made.setGroupSeparatorShown(True)
    made.setRange(low, min(high, MAX_QUANTITY))
    made.setAccessibleName(name)
    made.lineEdit().setTextMargins(SPACE, 0, 0, 0)  # the stylesheet's padding does not reach the text of a spin box
    return made
