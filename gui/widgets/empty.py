"""What stands where nothing is: why it is empty, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from gui.theme import SPACE
from gui.widgets.layout import column, row
from gui.widgets.text import label, picture


def empty(icon: str, title: str, sentence: str, *buttons: QPushButton) -> QWidget:
    """An empty state in the middle of its place."""
    head, told = label(title, "heading"), label(sentence, "muted", wrap=True)
    told.setMaximumWidth(440)
    told.setMinimumWidth(320)
    for one in (head, told):
        one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    made = QWidget()
    made.setLayout(
        column(
            None,
            row(None, picture(icon, "faint", 5 * SPACE), None),
            SPACE,
            head,
            row(None, told, None),
            SPACE,
            row(None, *buttons, None),
            None,
            margins=(3 * SPACE, 3 * SPACE, 3 * SPACE, 3 * SPACE),
        )
    )
    return made
