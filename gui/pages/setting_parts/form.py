"""What the parts of the settings share: lines with a control at the right, and changes that may be refused."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QWidget

from gui.desk import Desk
from gui.theme import SPACE
from gui.widgets.layout import Part, column, frame, line, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from store.book import Book
from store.errors import KnownFault

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


def done(desk: Desk, said: Inline, what: str, change: Callable[[Book], object]) -> bool:
    """Make a change, one step to undo; whether that was possible: why it was not is `said`."""
    said.clear()
    try:
        desk.do(what, change)
    except KnownFault as fault:
        said.say(str(fault))
        return False
    return True
