"""Labels. Every one shows plain text: markup in data stays what it is, characters."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui import icons


def label(text: str = "", role: str = "body", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A label in a role of the type scale: display, title, heading, strong, body, small, muted, hint, wrong, overline.

    A `selectable` one can be marked and copied, also by keyboard.
    """
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if selectable:
        by = Qt.TextInteractionFlag
        made.setTextInteractionFlags(by.TextSelectableByMouse | by.TextSelectableByKeyboard)
    return made


def picture(name: str, meaning: str = "text", size: int = icons.SIZE) -> QLabel:
    """An icon that only accompanies words: readers of the screen pass it by."""
    made = label()
    icons.give(made, name, meaning, size)
    made.setFixedSize(size, size)
    return made


def elided(text: str, widget: QLabel, width: int) -> str:
    """As much of a text as fits into that many pixels of the widget's font."""
    return widget.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width)
