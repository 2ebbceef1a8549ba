"""One setting: its name and what it does at the left, its control at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from gui.theme import SPACE
from gui.widgets.layout import Part, column, frame, line, row
from gui.widgets.text import label

_CONTROL = 280


def setting(title: str, about: str, control: QWidget) -> Part:
    """One line of a form. The control speaks its title to readers of the screen."""
    name = label(title, "strong")
    name.setBuddy(control)
    if not control.accessibleName():
        control.setAccessibleName(title)
    control.setFixedWidth(_CONTROL)
    told = column(name, label(about, "muted", wrap=True), gap=2)
    made = row(told, 4 * SPACE, control, margins=(0, SPACE, 0, SPACE))
    made.setStretch(0, 1)
    return made


def form(*settings: Part) -> QFrame:
    """Settings below each other in a card, with a thin line between them."""
    parts: list[Part] = []
    for number, one in enumerate(settings):
        parts += [one] if number == 0 else [line(), one]
    return frame("card", column(*parts, gap=SPACE, margins=(2 * SPACE, SPACE, 2 * SPACE, SPACE)))
