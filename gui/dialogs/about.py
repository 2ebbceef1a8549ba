"""What this program is."""

from __future__ import annotations

from importlib.metadata import version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.text import label, picture

_PARTS = (
    "Elpis is free software under the MIT License.",
    "It stands on Qt (LGPL), SQLite, durable_rules, Peewee and others; the icons are Lucide's (ISC), the typeface is"
    " Inter (OFL). Their licenses are in the folder resources.",
)


def open_(parent: QWidget) -> QDialog:
    """Show name, version and licenses."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("About Elpis")
    head = row(picture("scale", "accent", 40), label("Elpis", "display"), None, gap=SPACE + 4)
    told = [label(text, wrap=True) for text in _PARTS]
    close = button("Close", dialog.close, kind="primary")
    edge = 3 * SPACE
    parts = (head, label(f"Version {version('elpis')}", "muted"), SPACE, *told, 2 * SPACE, row(None, close))
    dialog.setLayout(column(*parts, margins=(edge, edge, edge, edge)))
    dialog.setFixedWidth(480)
    dialog.open()
    return dialog
