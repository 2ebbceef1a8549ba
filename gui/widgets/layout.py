"""Arranging on the 8-point grid."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.theme import SPACE

Part = QWidget | QLayout | int | None
"""A widget, a layout, a gap in pixels, or None for all the room that is left."""


def row(*parts: Part, gap: int = SPACE, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Parts beside each other."""
    made = QHBoxLayout()
    _fill(made, parts, gap, margins)
    return made


def column(*parts: Part, gap: int = SPACE, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Parts below each other."""
    made = QVBoxLayout()
    _fill(made, parts, gap, margins)
    return made


def frame(kind: str, layout: QLayout) -> QFrame:
    """A frame that the stylesheet knows by its kind: page, side, top, card, well, line, message, popup, toast."""
    made = QFrame()
    made.setProperty("kind", kind)
    made.setLayout(layout)
    return made


def fit(window: QWidget) -> None:
    """Make a window as wide as its parts need, at least as wide as it was told, and as high as its texts are then.

    What is in it has to be dressed: call it when the window is shown.
    """
    layout = window.layout()
    layout.activate()
    window.setMinimumWidth(max(window.minimumWidth(), layout.totalMinimumSize().width()))
    width = max(window.width(), window.minimumWidth())
    window.resize(width, max(window.sizeHint().height(), layout.totalHeightForWidth(width)))


def line() -> QFrame:
    """A thin line between parts."""
    made = QFrame()
    made.setProperty("kind", "line")
    made.setFixedHeight(1)
    return made


def scrolling(inner: QWidget | QLayout) -> QScrollArea:
    """What may be higher than the window; it never scrolls sideways.

    A scroll area asks at once how large its widget is, which dresses all that is in it; when that comes to its place in
    the window, it is dressed anew. A layout is therefore better: it is filled in only when the area has its widget.
    """
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setFrameShape(QFrame.Shape.NoFrame)
    room = inner if isinstance(inner, QWidget) else QWidget()
    room.setProperty("kind", "page")
    made.setWidget(room)
    if isinstance(inner, QLayout):
        room.setLayout(inner)
    return made


def stacked(*pages: QWidget | QLayout) -> QStackedWidget:
    """Pages of which one is seen, at first the first.

    A stack shows its first page at once, which dresses all that is in it. Here, too, a layout is better, for the reason
    that `scrolling` has.
    """
    made = QStackedWidget()
    for page in pages:
        room = page if isinstance(page, QWidget) else QWidget()
        made.addWidget(room)
        if isinstance(page, QLayout):
            room.setLayout(page)
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout; its widgets are gone when the event loop comes round."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()


def _fill(box: QBoxLayout, parts: tuple[Part, ...], gap: int, margins: tuple[int, int, int, int]) -> None:
    box.setSpacing(gap)
    box.setContentsMargins(*margins)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)
