"""A tile: one figure that matters, what it is about, and what it is made of. Every number leads to its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from gui import wording
from gui.theme import SPACE
from gui.widgets.buttons import Link, button
from gui.widgets.layout import clear, column, row
from gui.widgets.text import label, picture

_INSET = 4
"""What a button keeps around its words for its frame."""


@dataclass(frozen=True)
class Line:
    """A line of a tile: its words, and where they lead; None for nowhere."""

    text: str
    run: Callable[[], object] | None = None


class Tile(QFrame):
    """Icon and name at the top, the figure, and lines below it."""

    def __init__(self, icon: str, meaning: str, title: str) -> None:
        super().__init__()
        self.title = title
        self.setProperty("kind", "card")
        self._run: Callable[[], object] | None = None
        self.figure = button("…", self._press, kind="figure")
        self.figure.setEnabled(False)
        self.icon = picture(icon, meaning, 18)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(2)
        edge = 2 * SPACE
        self.setLayout(
            column(
                row(self.icon, label(title, "strong"), None, gap=SPACE, margins=(_INSET, 0, 0, 0)),
                row(self.figure, None),
                self.lines,
                None,
                gap=4,
                margins=(edge - _INSET, edge - 4, edge, edge - 4),
            )
        )

    def show_figure(self, number: int, lines: Sequence[Line], run: Callable[[], object] | None) -> None:
        """Show a figure with its lines. Zero, and a figure without a way to its rows, cannot be pressed."""
        self.figure.setText(wording.number(number))
        self.figure.setAccessibleName(f"{self.title}: {wording.number(number)}")
        self.figure.setEnabled(bool(number) and run is not None)
        self.figure.setCursor(
            Qt.CursorShape.PointingHandCursor if self.figure.isEnabled() else Qt.CursorShape.ArrowCursor
        )
        self._run = run
        clear(self.lines)
        for line in lines:
            self.lines.addWidget(_line(line))

    def _press(self) -> None:
        if self._run is not None:
            self._run()

    def texts(self) -> list[str]:
        """What the lines say."""
        shown = (self.lines.itemAt(number).widget() for number in range(self.lines.count()))
        return [one.whole if isinstance(one, Link) else one.text() for one in shown if isinstance(one, Link | QLabel)]


def _line(line: Line) -> QLabel | Link:
    if line.run is None:
        told = label(line.text, "muted", wrap=True)
        told.setContentsMargins(_INSET, 2, 0, 2)
        return told
    return Link(line.text, line.run)
