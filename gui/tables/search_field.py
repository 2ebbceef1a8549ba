"""The search field of an overview: finds as one types, gives the keyboard on to the table."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gui import icons
from gui.theme import SPACE

_NARROWEST = 26 * SPACE
_WIDEST = 36 * SPACE
_LONGEST = 200


class SearchField(QLineEdit):
    """Esc clears it; Enter and Down go to the rows that were found."""

    left = Signal()
    """The keyboard goes on to the table."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.setPlaceholderText(f"Search {what}")
        self.setAccessibleName(f"Search {what}")
        self.setMaxLength(_LONGEST)
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self.setClearButtonEnabled(True)
        glass = QAction(self)
        icons.give(glass, "search", "muted")
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
        else:
            super().keyPressEvent(event)
