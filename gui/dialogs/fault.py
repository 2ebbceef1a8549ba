"""A fault of the program, with what those who mend it have to know."""

from __future__ import annotations

import traceback

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import message

_SAID = (
    "Elpis has made a mistake. This is a fault of the program, not of your data: what was stored before is safe, and"
    " what was under way was not stored."
)


def open_(parent: QWidget | None, error: BaseException) -> QDialog:
    """Show what has happened, to be copied into a report."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("A fault of the program")
    details = QPlainTextEdit("".join(traceback.format_exception(error)))
    details.setReadOnly(True)
    details.setAccessibleName("Details for a report")
    copy = button("Copy the details", lambda: QGuiApplication.clipboard().setText(details.toPlainText()), icon="copy")
    close = button("Close", dialog.close, kind="primary")
    edge = 2 * SPACE
    parts = (message(_SAID, "error"), details, row(copy, None, close))
    dialog.setLayout(column(*parts, margins=(edge, edge, edge, edge)))
    dialog.resize(720, 420)
    dialog.open()
    return dialog
