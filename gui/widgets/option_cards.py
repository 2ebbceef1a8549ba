"""A choice among a few, each on a card that says what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QSizePolicy, QWidget

from gui.theme import SPACE
from gui.widgets.layout import column, frame, row
from gui.widgets.text import label, picture


@dataclass(frozen=True)
class Option:
    """A card: the code that is chosen by it, its icon, its title, and a sentence about it."""

    code: str
    icon: str
    title: str
    about: str


class OptionCards(QWidget):
    """Cards below each other, one of them chosen; arrow keys move the choice."""

    changed = Signal()

    def __init__(self, name: str, options: Sequence[Option], chosen: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self.radios: dict[str, QRadioButton] = {}
        cards = [self._card(option) for option in options]
        self.setLayout(column(*cards, gap=SPACE))
        self.choose(chosen or options[0].code)
        self._group.buttonToggled.connect(lambda _, on: self._toggled() if on else None)
        self._toggled()

    def code(self) -> str:
        """The code of the chosen card."""
        return next(code for code, radio in self.radios.items() if radio.isChecked())

    def choose(self, code: str) -> None:
        """Choose a card."""
        self.radios[code].setChecked(True)
        self.setFocusProxy(self.radios[code])

    def _card(self, option: Option) -> QFrame:
        radio = QRadioButton(option.title)
        radio.setAccessibleDescription(option.about)
        radio.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group.addButton(radio)
        self.radios[option.code] = radio
        about = label(option.about, "muted", wrap=True)
        told = column(radio, row(26, about, gap=0), gap=2)
        made = frame("option", row(picture(option.icon, "accent", 22), told, gap=2 * SPACE, margins=(16, 12, 16, 12)))
        made.layout().setStretch(1, 1)
        made.layout().itemAt(1).layout().itemAt(1).layout().setStretch(1, 1)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.installEventFilter(self)
        made.setObjectName(option.code)
        return made

    def _toggled(self) -> None:
        for code, radio in self.radios.items():
            card = self.findChild(QFrame, code)
            card.setProperty("chosen", "true" if radio.isChecked() else "")
            card.style().unpolish(card)
            card.style().polish(card)
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press anywhere on a card chooses it."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            self.radios[watched.objectName()].setChecked(True)
            self.radios[watched.objectName()].setFocus()
        return False
