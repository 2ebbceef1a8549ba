"""Asks for the passphrase of an encrypted book, until one opens it. Nothing of it is remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from gui import wording
from gui.desk import Desk
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.text import label
from gui.wizards.base import fault_sentence
from gui.wizards.fields import Field
from gui.work import Report
from store import cipher
from store.cipher import Passphrase

_EDGE = 3 * SPACE
_ABOUT = "This book is encrypted. Its passphrase opens it; nobody can replace one that is lost."


def open_(desk: Desk, parent: QWidget, path: Path, then: Callable[[Passphrase], object]) -> PassphraseDialog:
    """Show the dialog; go on with `then` and what opens the book."""
    dialog = PassphraseDialog(desk, parent, path, then)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    dialog.field.control.setFocus()
    return dialog


def secret_field(title: str) -> Field:
    """A field in which nothing that is typed can be read."""
    control = QLineEdit()
    control.setEchoMode(QLineEdit.EchoMode.Password)
    return Field(title, control, needed=True)


class PassphraseDialog(QDialog):
    """One field. A passphrase is tried in the background; one that does not open the book is told below the field."""

    def __init__(self, desk: Desk, parent: QWidget, path: Path, then: Callable[[Passphrase], object]) -> None:
        super().__init__(parent)
        self.desk, self.path = desk, path
        self._then = then
        self.setWindowTitle("Passphrase")
        self.setMinimumWidth(60 * SPACE)
        self.field = secret_field("Passphrase")
        self.go = button("Open", self.attempt, icon="lock-open", kind="primary")
        self.go.setDefault(True)
        self.setLayout(
            column(
                label(f"Open {path.stem}", "title"),
                label(str(path), "muted", wrap=True, selectable=True),
                label(_ABOUT, wrap=True),
                self.field,
                SPACE,
                row(None, self.go, button("Cancel", self.reject)),
                gap=SPACE,
                margins=(_EDGE,) * 4,
            )
        )

    def attempt(self) -> None:
        """Try what was typed."""
        typed = self.field.control.text()
        if not typed:
            self.field.say("Type the passphrase.")
            return
        passphrase, path = Passphrase(typed), self.path

        def job(_: Report) -> Passphrase:
            cipher.require_opening(path, passphrase)
            return passphrase

        self.go.setEnabled(False)
        self.desk.work.run("", job, self._opened, self._failed, lane="passphrase", owner=self)

    def _opened(self, passphrase: Passphrase) -> None:
        self.field.control.clear()
        self.accept()
        self._then(passphrase)

    def _failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.field.control.selectAll()
        self.field.control.setFocus()
        self.field.say(wording.capital(fault_sentence(error).removeprefix(f"{self.path}: ")))
