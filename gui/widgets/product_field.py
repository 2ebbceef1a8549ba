"""A field for a product of the book: what is typed is looked for, and what is found is offered."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from gui.desk import Desk
from store import choices


def product_field(desk: Desk, name: str) -> QLineEdit:
    """A field that offers the products which hold what is typed."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText("Type some letters of a product")
    found = QStringListModel(made)
    completer = QCompleter(found, made)
    completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setCompleter(completer)
    made.textEdited.connect(lambda text: found.setStringList(choices.products(desk.book, text.strip())))
    return made
