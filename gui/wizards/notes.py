"""Sentences below each other, each with the icon of its meaning: what follows, what is wrong, what to think about."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from gui import theme
from gui.theme import SPACE
from gui.widgets.layout import clear, column, row
from gui.widgets.text import label, picture

Note = tuple[str, str, str]
"""An icon, the meaning of its colour, a sentence."""


def of_severity(severity: str, sentence: str) -> Note:
    """A sentence with the looks of a severity: error, warning or info."""
    meaning, icon = theme.status(severity)
    return icon, meaning, sentence


class Notes(QWidget):
    """Shows notes instead of those before."""

    def __init__(self) -> None:
        super().__init__()
        self.setLayout(column(gap=SPACE // 2))
        self.shown: list[Note] = []

    def show_notes(self, notes: Iterable[Note]) -> None:
        """Show these."""
        found = list(notes)
        if found == self.shown:
            return
        self.shown = found
        clear(self.layout())
        for icon, meaning, sentence in found:
            told = label(sentence, wrap=True, selectable=True)
            line = row(picture(icon, meaning), told, gap=SPACE)
            line.setStretch(1, 1)
            self.layout().addLayout(line)
        self.setAccessibleName(" ".join(sentence for _, _, sentence in found))

    def text(self) -> str:
        """The sentences."""
        return "\n".join(sentence for _, _, sentence in self.shown)
