"""A card: what belongs together, with a heading."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from gui.theme import SPACE
from gui.widgets.layout import Part, column, frame, row
from gui.widgets.text import label


def card(heading: str, *parts: Part, about: str = "") -> QFrame:
    """A card with a heading, a sentence about it if there is one, and the parts below each other."""
    above: list[Part] = [label(heading, "heading")] if heading else []
    if about:
        above.append(label(about, "muted", wrap=True))
    gap = [SPACE] if above else []
    edge = 2 * SPACE
    return frame("card", column(*above, *gap, *parts, margins=(edge, edge, edge, edge)))


def heading(title: str, about: str = "", *beside: Part) -> Part:
    """The head of a page: its title, a sentence about it, and at the right what can be done."""
    told: list[Part] = [label(title, "title")]
    if about:
        told.append(label(about, "muted", wrap=True))
    made = row(column(*told, gap=4), *beside, gap=SPACE)
    made.setStretch(0, 1)
    return made
