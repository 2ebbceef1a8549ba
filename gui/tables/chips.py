"""The filters of an overview as chips: one is chosen, each says how many rows it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from gui import icons, wording
from gui.tables.flow import Flow
from gui.widgets.buttons import explain


class Chips(QWidget):
    """One chip a filter, and one for each further condition, which goes when it is pressed."""

    chosen = Signal(str)
    """Another filter."""

    def __init__(self, filters: Sequence[str]) -> None:
        super().__init__()
        self._flow = Flow(self)
        self._group = QButtonGroup(self)
        self._chips = {code: self._chip(code) for code in filters}
        self._conditions: list[QPushButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.count({})

    def choose(self, code: str) -> None:
        """Show a filter as the chosen one."""
        self._chips[code].setChecked(True)

    def count(self, counts: Mapping[str, int]) -> None:
        """Say how many rows each filter has; without counts, only what it is called."""
        for code, chip in self._chips.items():
            name = wording.filtered(code)
            text = f"{name}  {wording.number(counts[code])}" if code in counts else name
            if chip.text() != text:
                chip.setText(text)
                chip.setAccessibleName(text.replace("  ", ", "))

    def narrow(self, conditions: Sequence[str], drop: Callable[[], None]) -> None:
        """Show what else narrows the list, in words; pressing it drops all of it."""
        for chip in self._conditions:
            chip.hide()
            chip.deleteLater()
        self._conditions = [self._condition(text, drop) for text in conditions]

    def _chip(self, code: str) -> QPushButton:
        made = QPushButton()
        made.setProperty("kind", "chip")
        made.setObjectName(code)
        made.setCheckable(True)
        made.setAutoDefault(False)
        made.clicked.connect(lambda _=False: self.chosen.emit(code))
        self._group.addButton(made)
        self._flow.addWidget(made)
        return made

    def _condition(self, text: str, drop: Callable[[], None]) -> QPushButton:
        made = QPushButton(text.replace("&", "&&"))
        made.setProperty("kind", "chip")
        made.setAutoDefault(False)
        icons.give(made, "x", "muted", 12)
        made.setAccessibleName(f"Only {text}. Press to see all")
        explain(made, f"Only {text}. Press to see all.")
        made.clicked.connect(lambda _=False: drop())
        self._flow.addWidget(made)
        return made
