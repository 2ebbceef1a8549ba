"""The list of a table's columns: show and hide them, put them into another order, by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QWidget

from gui import wording
from gui.tables.arrangement import Arrangement
from gui.theme import SPACE
from gui.widgets.buttons import button, icon_button
from gui.widgets.layout import column, row
from gui.widgets.text import label

_NAME = Qt.ItemDataRole.UserRole
_WIDTH = 32 * SPACE


class ColumnsPopup(QFrame):
    """Opens below a button; every change is told at once."""

    changed = Signal(object)
    """The new arrangement."""

    def __init__(self, parent: QWidget, arranged: Arrangement, reset: Callable[[], Arrangement]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._reset = reset
        self.list = _List()
        self.list.setAccessibleName("Columns from left to right")
        self.list.moved = self._move
        self.list.itemChanged.connect(lambda _: self._tell())
        self.list.model().rowsMoved.connect(lambda *_: self._tell())
        up = icon_button("arrow-up", "Move the column to the left", lambda: self._move(-1), shortcut="Alt+Up")
        down = icon_button("arrow-down", "Move the column to the right", lambda: self._move(1), shortcut="Alt+Down")
        back = button("Usual columns", self._back, kind="quiet")
        edge = SPACE + SPACE // 2
        self.setLayout(
            column(
                label("Columns", "heading"),
                self.list,
                row(up, down, None, back, gap=SPACE // 2),
                margins=(edge, edge, edge, edge),
            )
        )
        self._fill(arranged)
        self.setFixedWidth(_WIDTH)

    def open_at(self, corner: QPoint) -> None:
        """Show the list with its right upper corner there."""
        self.adjustSize()
        self.move(corner - QPoint(self.width(), 0))
        self.show()
        self.list.setFocus()

    def arranged(self) -> Arrangement:
        """The arrangement as the list shows it."""
        return [
            {**item.data(_NAME), "shown": item.checkState() == Qt.CheckState.Checked}
            for item in map(self.list.item, range(self.list.count()))
        ]

    def _fill(self, arranged: Arrangement) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for each in arranged:
            item = QListWidgetItem(wording.heading(each["name"]))
            item.setData(_NAME, dict(each))
            item.setCheckState(Qt.CheckState.Checked if each["shown"] else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(0)
        height = max(self.list.sizeHintForRow(0), 3 * SPACE)
        self.list.setFixedHeight(min(len(arranged), 14) * height + SPACE)

    def _move(self, step: int) -> None:
        place = self.list.currentRow()
        if 0 <= place + step < self.list.count():
            self.list.insertItem(place + step, self.list.takeItem(place))
            self.list.setCurrentRow(place + step)
            self._tell()

    def _back(self) -> None:
        self._fill(self._reset())
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.arranged())


class _List(QListWidget):
    """Rows can be dragged, and moved by Alt with the arrow keys."""

    moved: Callable[[int], None] = staticmethod(lambda _: None)

    def __init__(self) -> None:
        super().__init__()
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved(step)
        else:
            super().keyPressEvent(event)
