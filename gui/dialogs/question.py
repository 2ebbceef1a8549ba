"""Asks before something is done that is not easily seen: in plain text, with the deed on the button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from gui import icons
from gui.theme import SPACE


def ask(
    parent: QWidget, question: str, more: str, deed: str, run: Callable[[], object], *, stay: str = "Cancel"
) -> QMessageBox:
    """Ask, and `run` when the button that names the deed is pressed. Esc and closing do nothing."""
    made = _box(parent, question, more, "circle-help")
    yes = made.addButton(deed, QMessageBox.ButtonRole.AcceptRole)
    no = made.addButton(stay, QMessageBox.ButtonRole.RejectRole)
    made.setDefaultButton(no)
    made.setEscapeButton(no)
    made.buttonClicked.connect(lambda pressed: run() if pressed is yes else None)
    made.open()
    return made


def tell(parent: QWidget, sentence: str, more: str = "", **others: Callable[[], object]) -> QMessageBox:
    """Tell why something cannot be done; `others` are buttons for what can be done instead."""
    made = _box(parent, sentence, more, "info")
    runs = {made.addButton(text, QMessageBox.ButtonRole.ActionRole): run for text, run in others.items()}
    close = made.addButton("Close", QMessageBox.ButtonRole.RejectRole)
    made.setDefaultButton(close)
    made.setEscapeButton(close)
    made.buttonClicked.connect(lambda pressed: runs[pressed]() if pressed in runs else None)
    made.open()
    return made


def _box(parent: QWidget, text: str, more: str, icon: str) -> QMessageBox:
    made = QMessageBox(parent)
    made.setIconPixmap(icons.pixmap(icon, "accent", 3 * SPACE, parent.devicePixelRatioF()))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    made.setWindowTitle("Elpis")
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setInformativeText(more)
    return made
