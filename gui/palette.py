"""The command palette: type a few letters, and go to any page, run any action, open any record.

`finders` answer at once from what the window knows; `searches` ask the book and run in the background. Whoever adds a
kind of thing that can be found adds a function to one of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from gui.desk import Desk
from gui.theme import SPACE
from gui.widgets.layout import column, frame, line, row
from gui.widgets.text import label, picture
from gui.work import Job, Report, using

if TYPE_CHECKING:
    from store.book import Book

_WIDTH = 600
_ROWS = 9
_AROUND = 120
"""What stands in a row beside its words: edges, the icon, gaps, the scroll bar."""
_CALM = 120


@dataclass(frozen=True)
class Hit:
    """Something found: its title, what it is like, its icon, and what going to it does."""

    title: str
    detail: str
    icon: str
    run: Callable[[], object]
    also: str = ""
    """Words that it is found by, too."""


Finder = Callable[[str], Sequence[Hit]]
"""From what was typed to what fits, best first."""

Search = Callable[["Book", str], Sequence[Hit]]
"""The same from the book, on a background thread; it must not touch a widget before the hit is run."""


def fits(typed: str, *texts: str) -> bool:
    """Whether every typed word begins a word of the texts."""
    words = [word for text in texts for word in text.casefold().replace("-", " ").split()]
    return all(any(word.startswith(part) for word in words) for part in typed.casefold().split())


class Palette(QFrame):
    """A field and a list over the upper middle of the window; Escape, or the focus going elsewhere, closes it."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over)
        self.finders: list[Finder] = []
        self.searches: list[Search] = []
        self._desk = desk
        self._over = over
        self._before: QWidget | None = None
        self._job: Job | None = None
        self._instant: list[Hit] = []
        self._hits: list[Hit] = []
        self._timer = QTimer(self, singleShot=True, interval=_CALM)
        self._timer.timeout.connect(self._search)
        self.field = QLineEdit()
        self.list = QListWidget()
        self._nothing = label("Nothing fits. Try fewer letters.", "muted")
        self._build()
        self.hide()
        desk.opened.connect(self._leave)

    def _build(self) -> None:
        self.setProperty("kind", "popup")
        self.field.setProperty("kind", "bare")
        self.field.setPlaceholderText("Go to a page, a record or an action")
        self.field.setAccessibleName("Go to a page, a record or an action")
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.list.setAccessibleName("What fits")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setProperty("kind", "palette")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda _: self._run())
        edge = 2 * SPACE
        head = row(picture("search", "muted", 18), self.field, gap=SPACE + 4, margins=(edge, SPACE, edge, SPACE))
        keys = label("↑ ↓ to choose     Enter to go     Esc to close", "hint")
        foot = row(keys, None, margins=(edge, SPACE, edge, SPACE))
        inner = column(self._nothing, self.list, gap=0, margins=(SPACE, SPACE, SPACE, SPACE))
        self._nothing.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self.setLayout(column(head, line(), inner, line(), foot, gap=0))
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(48)
        shadow.setOffset(0, 12)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)

    def open_(self, typed: str = "") -> None:
        """Show the palette, ready to be typed into."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self.field.setText(typed)
        self._typed(typed)
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def hits(self) -> list[Hit]:
        """What fits to what is typed, as the list shows it."""
        return self._hits

    # --------------------------------------------------------------------------------------------------------- finding
    def _typed(self, text: str) -> None:
        self._drop()
        self._instant = [hit for finder in self.finders for hit in finder(text.strip())]
        self._show(self._instant)
        if text.strip() and self._desk.is_open and self.searches:
            self._timer.start()

    def _drop(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _search(self) -> None:
        typed, book, searches = self.field.text().strip(), self._desk.book, tuple(self.searches)

        def job(report: Report) -> list[Hit]:
            with using(book, report):
                return [hit for search in searches for hit in search(book, typed)]

        self._job = self._desk.work.run("", job, self._found, lane="find", owner=self)

    def _found(self, hits: list[Hit]) -> None:
        self._job = None
        self._show([*self._instant, *hits], keep=self.list.currentRow())

    # --------------------------------------------------------------------------------------------------------- showing
    def _show(self, hits: Sequence[Hit], keep: int = 0) -> None:
        self._hits = list(hits)
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.title}, {hit.detail}")
            self.list.addItem(item)
            shown = _row(hit)
            item.setSizeHint(shown.sizeHint())
            self.list.setItemWidget(item, shown)
        self.list.setCurrentRow(min(max(keep, 0), len(hits) - 1))
        self.list.setVisible(bool(hits))
        self.list.setFixedHeight(max(0, self.list.sizeHintForRow(0)) * min(len(hits), _ROWS))
        self._nothing.setVisible(not hits)
        self._place()

    def _place(self) -> None:
        width = min(_WIDTH, self._over.width() - 4 * SPACE)
        self.setFixedWidth(width)
        self.layout().activate()  # at once: what was found in the background would stand in a frame for what was before
        self.adjustSize()
        self.move((self._over.width() - width) // 2, max(4 * SPACE, self._over.height() // 8))

    def _run(self) -> None:
        number = self.list.currentRow()
        if 0 <= number < len(self._hits):
            hit = self._hits[number]
            self._leave()
            self._over.setFocus()
            hit.run()
            if self._over.hasFocus():  # what was run has put the keyboard nowhere else
                self._give_back()

    def close_(self) -> None:
        """Hide the palette and give the keyboard back."""
        self._leave()
        self._give_back()

    def _give_back(self) -> None:
        there = self._before is not None and shiboken6.isValid(self._before) and self._before.isVisible()
        (self._before if there else self._over).setFocus()

    # ----------------------------------------------------------------------------------------------------------- keys
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field keeps the focus; keys that it has no use for move through the list."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(Qt.Key(event.key()))
        if watched is self.field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            QTimer.singleShot(0, self, self._left)
        return False

    def _left(self) -> None:
        if not self.field.hasFocus() and self.window().isActiveWindow():
            self._leave()

    def _leave(self) -> None:
        self._drop()
        self.hide()

    def _pressed(self, key: Qt.Key) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}
        if key in steps and self._hits:
            at = self.list.currentRow() + steps[key]
            self.list.setCurrentRow(
                at % len(self._hits) if abs(steps[key]) == 1 else min(max(at, 0), len(self._hits) - 1)
            )
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape:
            self.close_()
        else:
            return False
        return True


def _row(hit: Hit) -> QWidget:
    title, detail = label(hit.title), label(hit.detail, "hint")
    room = _WIDTH - _AROUND - detail.sizeHint().width()
    title.setText(title.fontMetrics().elidedText(hit.title, Qt.TextElideMode.ElideMiddle, max(room, _WIDTH // 3)))
    parts = (picture(hit.icon, "muted", 18), title, detail, None)
    made = frame("hit", row(*parts, gap=SPACE + 4, margins=(SPACE + 2, 10, SPACE, 10)))
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return made
