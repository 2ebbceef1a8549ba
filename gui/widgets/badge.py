"""A status as icon, word and colour: none of the three alone."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QSizePolicy

from gui import theme, wording
from gui.widgets.layout import frame, row
from gui.widgets.text import label, picture


def badge(code: str, text: str = "") -> QFrame:
    """The badge of a status, state or severity. Without a text it says the word of the code."""
    meaning, icon = theme.status(code)
    word = label(text or wording.badge(code), "badge")
    word.setProperty("meaning", meaning)
    made = frame("badge", row(picture(icon, meaning, 14), word, gap=4, margins=(8, 3, 10, 3)))
    made.setProperty("meaning", meaning)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made
