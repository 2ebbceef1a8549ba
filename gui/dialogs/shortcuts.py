"""The keys that do something, all in one list."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.text import label


def open_(parent: QWidget, actions: Mapping[str, QAction]) -> QDialog:
    """Show the shortcuts of the actions."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Keyboard shortcuts")
    grid = QGridLayout()
    grid.setHorizontalSpacing(4 * SPACE)
    grid.setVerticalSpacing(SPACE)
    known = [action for action in actions.values() if not action.shortcut().isEmpty()]
    half = -(-len(known) // 2)
    for number, action in enumerate(known):
        line, side = number % half, 2 * (number // half)
        grid.addWidget(label(action.text().rstrip("…")), line, side)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        grid.addWidget(label(keys, "key"), line, side + 1, Qt.AlignmentFlag.AlignLeft)
    close = button("Close", dialog.close, kind="primary")
    edge = 3 * SPACE
    parts = (label("Keyboard shortcuts", "title"), SPACE, grid, 2 * SPACE, row(None, close))
    dialog.setLayout(column(*parts, margins=(edge, edge, edge, edge)))
    dialog.open()
    return dialog
