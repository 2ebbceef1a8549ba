"""What can be done on an overview: as data, as actions with shortcuts, and as buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from gui import icons, wording
from gui.widgets.buttons import button, explain


@dataclass(frozen=True)
class PageAction:
    """Something that an overview offers for its rows.

    `run` is called with the public keys of the selected rows; `needs` says how many of them it takes. A `shortcut` may
    name several keys, separated by blanks. An action that is not on the toolbar is in the context menu all the same.
    """

    code: str
    icon: str
    shortcut: str
    run: Callable[[list[str]], None]
    needs: Literal["none", "one", "some"] = "none"
    toolbar: bool = True

    def fits(self, selected: int) -> bool:
        """Whether it can be run with so many selected rows."""
        return self.needs == "none" or selected == 1 or (self.needs == "some" and selected > 1)


def make(parent: QWidget, code: str, icon: str, shortcut: str, run: Callable[[], object]) -> QAction:
    """An action that its shortcuts trigger wherever the focus is inside of `parent`."""
    made = QAction(wording.action(code), parent)
    made.setObjectName(code)
    icons.give(made, icon)
    made.setShortcuts([QKeySequence(keys) for keys in shortcut.split()])
    made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.triggered.connect(lambda _=False: run())
    parent.addAction(made)
    return made


def worded(action: QAction, icon: str, kind: str) -> QPushButton:
    """A button with the words of an action; it is enabled when the action is."""
    made = button(action.text(), action.trigger, icon=icon, kind=kind)
    _tie(made, action)
    return made


def bare(action: QAction, icon: str) -> QToolButton:
    """A button with nothing but an icon, that says its words to readers of the screen and in its tooltip."""
    made = QToolButton()
    icons.give(made, icon, "muted")
    made.setIconSize(QSize(icons.SIZE, icons.SIZE))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.clicked.connect(lambda _=False: action.trigger())
    made.setAccessibleName(action.text().rstrip("…"))
    _tie(made, action)
    return made


def _tie(made: QPushButton | QToolButton, action: QAction) -> None:
    keys: Sequence[QKeySequence] = action.shortcuts()
    explain(made, action.text(), keys[0].toString() if keys else "")
    made.setObjectName(action.objectName())
    made.setEnabled(action.isEnabled())
    action.changed.connect(lambda: made.setEnabled(action.isEnabled()))
