"""What the last import had to say."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from gui import wording
from gui.desk import Desk
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.findings import FindingsList
from gui.widgets.layout import column, row
from gui.widgets.text import label
from store import attention


def open_(desk: Desk, parent: QWidget) -> QDialog:
    """Show the findings of the last import."""
    last = attention.last_import(desk.book)
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Findings of the last import")
    found = FindingsList()
    findings = attention.import_findings(desk.book)
    found.show_findings(findings)
    about = f"{last.source}, imported {wording.moment(last.at)} by {last.who}" if last else "Nothing was imported yet."
    if last and not findings:
        about = f"{about}: there was nothing to say about it."
    close = button("Close", dialog.close, kind="primary")
    edge = 3 * SPACE
    parts = (label("Findings of the last import", "title"), label(about, "muted", wrap=True), SPACE, found)
    dialog.setLayout(column(*parts, SPACE, row(None, close), margins=(edge, edge, edge, edge)))
    found.setVisible(bool(findings))
    dialog.resize(880, 560 if findings else 200)
    dialog.open()
    found.setFocus()
    return dialog
