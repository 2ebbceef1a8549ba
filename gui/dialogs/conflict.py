"""Asks what shall be of a record that was changed while it was edited: what it was, what it is, what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QTreeWidget, QTreeWidgetItem, QWidget

from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.text import label
from store.conflicts import Conflict, Difference

_HEADS = ("Field", "When you opened it", "Now in the book", "What you typed")
_WIDTHS = (184, 168, 168, 168)
_ABOUT = (
    "Something else has changed it meanwhile: an import, an undo or another window. Only the fields that differ are"
    " shown; nothing was stored yet."
)


class ConflictDialog(QDialog):
    """Three columns: base, theirs, yours."""

    def __init__(
        self, parent: QWidget, conflict: Conflict, keep: Callable[[], object], drop: Callable[[], object]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Changed meanwhile")
        self._conflict, self._keep, self._drop = conflict, keep, drop
        done = "removed" if conflict.removed else "changed"
        title = label(f"{conflict.what} was {done} while you edited it", "title", wrap=True)
        self.table = _table(conflict.differences)
        self.keep = button("Store what I typed", self._stored)
        self.drop = button("Leave the book as it is", self._left)
        back = button("Go on typing", self.reject)
        edge = 3 * SPACE
        end = row(None, back, self.drop, self.keep)
        about = label(_ABOUT, "muted", wrap=True)
        self.setLayout(column(title, about, SPACE, self.table, 2 * SPACE, end, margins=(edge, edge, edge, edge)))
        self.resize(760, 380)
        back.setDefault(True)
        back.setFocus()

    def _stored(self) -> None:
        self._conflict.accept()
        self.accept()
        self._keep()

    def _left(self) -> None:
        self.accept()
        self._drop()


def _table(differences: Sequence[Difference]) -> QTreeWidget:
    made = QTreeWidget()
    made.setAccessibleName("Fields that differ")
    made.setHeaderLabels(list(_HEADS))
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setAllColumnsShowFocus(True)
    made.setProperty("kind", "boxed")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    for place, width in enumerate(_WIDTHS):
        made.header().resizeSection(place, width)
    for one in differences:
        name = one.field[:1].upper() + one.field[1:]
        item = QTreeWidgetItem([name, *(text or "–" for text in (one.base, one.theirs, one.yours))])
        item.setSizeHint(0, QSize(0, 4 * SPACE))
        made.addTopLevelItem(item)
    return made


def open_(
    parent: QWidget, conflict: Conflict, keep: Callable[[], object], drop: Callable[[], object]
) -> ConflictDialog:
    """Show it. `keep` stores again, `drop` leaves without storing; else one goes on typing."""
    made = ConflictDialog(parent, conflict, keep, drop)
    made.open()
    return made
