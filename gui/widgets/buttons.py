"""Buttons: with words, or with an icon that says its words to readers of the screen and in its tooltip."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from gui import icons
from gui.on_demand import on_demand

escape = on_demand("html", "escape")


def button(text: str, run: Callable[[], object], *, icon: str = "", kind: str = "") -> QPushButton:
    """A button with words. `kind` is "primary", "danger", "quiet", "link", or "" for an ordinary one."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        icons.give(made, icon, {"primary": "on-accent", "danger": "negative", "link": "accent"}.get(kind, "text"))
    made.clicked.connect(lambda _=False: run())
    return made


class Link(QPushButton):
    """A link made of data: shown as it is, cut where there is no room; its name for readers of the screen is whole."""

    def __init__(self, text: str, run: Callable[[], object]) -> None:
        super().__init__(text.replace("&", "&&"))
        self.whole = text
        self.setProperty("kind", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.setMinimumWidth(40)
        self.clicked.connect(lambda _=False: run())
        explain(self, text)

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        return QSize(self.fontMetrics().horizontalAdvance(self.whole) + 12, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        shown = self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, self.width() - 10)
        self.setText(shown.replace("&", "&&"))


def icon_button(icon: str, text: str, run: Callable[[], object], *, shortcut: str = "") -> QToolButton:
    """A button that shows only an icon. `text` is its name, and its tooltip together with the shortcut."""
    made = QToolButton()
    icons.give(made, icon, "muted")
    made.setIconSize(QSize(icons.SIZE, icons.SIZE))
    made.setAccessibleName(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    explain(made, text, shortcut)
    made.clicked.connect(lambda _=False: run())
    return made


def explain(widget: QWidget, text: str, shortcut: str = "") -> None:
    """Give a widget a tooltip in plain text, with the shortcut as this system writes it."""
    keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    widget.setToolTip(plain(f"{text} ({keys})" if keys else text))


def plain(text: str) -> str:
    """A text as tooltips have to have it: whatever looks like markup in it is shown, not obeyed."""
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>" if "<" in text else text
