"""Messages: one that stays in its place until it is dealt with, and one that passes by at the bottom of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from gui import theme
from gui.theme import SPACE
from gui.widgets.buttons import button, icon_button
from gui.widgets.layout import frame, row
from gui.widgets.text import label, picture

_SECONDS = 6


def message(text: str, severity: str = "info", *buttons: QPushButton, close: bool = False) -> QFrame:
    """A sentence with icon and colour of its severity (info, positive, warning, error), in its place in a screen."""
    meaning, icon = _look(severity)
    told = label(text, wrap=True, selectable=True)
    told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    edge = SPACE + 4
    made = frame("message", row(picture(icon, meaning), told, *buttons, gap=SPACE, margins=(edge, SPACE, SPACE, SPACE)))
    made.setProperty("severity", severity)
    made.setAccessibleName(text)
    if close:
        made.layout().addWidget(icon_button("x", "Close this message", made.deleteLater))
    return made


def _look(severity: str) -> tuple[str, str]:
    return ("positive", "circle-check") if severity == "positive" else theme.status(severity)


class Inline(QFrame):
    """A place for one message, hidden while there is none: what went wrong stands where it has to be put right."""

    def __init__(self, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
        super().__init__()
        self.setLayout(row(margins=margins))
        self._text = ""
        self.hide()

    def text(self) -> str:
        """What is being said, "" for nothing."""
        return self._text

    def say(self, text: str, severity: str = "error", *buttons: QPushButton) -> None:
        """Say a sentence instead of the present one."""
        self.clear()
        self._text = text
        self.layout().addWidget(message(text, severity, *buttons))
        self.show()
        announce(self, text)

    def clear(self) -> None:
        """Say nothing any more."""
        self._text = ""
        while (item := self.layout().takeAt(0)) is not None:
            item.widget().deleteLater()
        self.hide()


class Toasts(QObject):
    """Shows one message at a time over the bottom of a widget. Most of them pass, unless the pointer is on them."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._shown: QFrame | None = None
        self._passes = True
        self._timer = QTimer(self, singleShot=True, interval=_SECONDS * 1000)
        self._timer.timeout.connect(self.clear)
        over.installEventFilter(self)

    def text(self) -> str:
        """What is being said, "" for nothing."""
        return self._shown.findChild(QLabel, "told").text() if self._shown is not None else ""

    def say(self, text: str, severity: str = "info", action: str = "", run: Callable[[], object] | None = None) -> None:
        """Say a sentence, with a button for what there is to `run`. Errors, and what has a button, do not pass."""
        self.clear()
        meaning, icon = _look(severity)
        told = label(text, wrap=len(text) > 70)
        told.setObjectName("told")
        parts: list[QWidget] = [picture(icon, meaning), told]
        if run is not None:
            parts.append(button(action, lambda: (self.clear(), run()), kind="link"))
        parts.append(icon_button("x", "Close this message", self.clear))
        self._shown = frame("toast", row(*parts, gap=SPACE + 4, margins=(2 * SPACE, SPACE, SPACE, SPACE)))
        self._shown.setParent(self._over)
        self._shown.installEventFilter(self)
        self._place()
        self._shown.show()
        self._shown.raise_()
        announce(self._shown, text)
        self._passes = severity != "error" and run is None
        if self._passes:
            self._timer.start()

    def clear(self) -> None:
        """Say nothing any more."""
        self._timer.stop()
        if self._shown is not None:
            self._shown.hide()
            self._shown.deleteLater()
            self._shown = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place while the window changes its size; wait while the pointer is on the message."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        elif watched is self._shown and event.type() == QEvent.Type.Enter:
            self._timer.stop()
        elif watched is self._shown and event.type() == QEvent.Type.Leave and self._passes:
            self._timer.start()
        return False

    def _place(self) -> None:
        if self._shown is None:
            return
        room = self._over.rect()
        self._shown.setMaximumWidth(min(640, room.width() - 4 * SPACE))
        self._shown.adjustSize()
        self._shown.move((room.width() - self._shown.width()) // 2, room.height() - self._shown.height() - 7 * SPACE)


def announce(widget: QWidget, text: str) -> None:
    """Let a reader of the screen say a text, without moving the focus."""
    widget.setAccessibleName(text)
    told = QtGui.QAccessibleEvent(widget, QtGui.QAccessible.Event.Alert)  # made with its 200 names when first asked for
    QtGui.QAccessible.updateAccessibility(told)
