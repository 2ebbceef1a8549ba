"""What was chosen, on one look: names at the left, values at the right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QGridLayout

from gui.theme import SPACE
from gui.widgets.layout import clear
from gui.widgets.text import label


class Summary(QFrame):
    """Rows of a name and a value; an empty value is a dash."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        self._grid.setHorizontalSpacing(3 * SPACE)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self._shown: dict[str, str] = {}
        self.setLayout(self._grid)

    def show_rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """Show these rows, and no others."""
        clear(self._grid)
        self._shown = dict(rows)
        for number, (name, value) in enumerate(self._shown.items()):
            self._grid.addWidget(label(name, "muted"), number, 0)
            self._grid.addWidget(label(value or "–", wrap=True, selectable=True), number, 1)

    def shown(self) -> dict[str, str]:
        """The rows that are shown."""
        return dict(self._shown)
