"""A few numbers beside each other, each under its name."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from gui.theme import SPACE
from gui.widgets.layout import Part, column, row
from gui.widgets.text import label


class Figures(QFrame):
    """Numbers in words ("2,000"), in the order of their names."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.setProperty("kind", "well")
        self._names = names
        self._values = [label("", "heading") for _ in names]
        parts: list[Part] = []
        for name, value in zip(names, self._values, strict=True):
            parts += [column(label(name, "hint"), value, gap=0), 4 * SPACE]
        self.setLayout(row(*parts, None, gap=0, margins=(2 * SPACE, SPACE, 2 * SPACE, SPACE)))

    def show_figures(self, *values: str) -> None:
        """Show the numbers."""
        for shown, value in zip(self._values, values, strict=True):
            shown.setText(value)
        self.setAccessibleName(", ".join(f"{name} {value}" for name, value in self.shown().items()))

    def shown(self) -> dict[str, str]:
        """The numbers by their names."""
        return {name: value.text() for name, value in zip(self._names, self._values, strict=True)}

    def mark(self, place: int, meaning: str) -> None:
        """Give a number the colour of a meaning, "" for none."""
        shown = self._values[place]
        shown.setProperty("meaning", meaning)
        shown.style().unpolish(shown)
        shown.style().polish(shown)
