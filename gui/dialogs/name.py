"""Asks for a name, and says at once what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QWidget

from gui.theme import SPACE
from gui.widgets.layout import column
from gui.widgets.text import label

LONGEST = 60
_EDGE = 3 * SPACE


class NameDialog(QDialog):
    """A window with one field. `taken` are names that cannot be chosen; `done` is called with the name."""

    def __init__(
        self, parent: QWidget, title: str, name: str, taken: Collection[str], done: Callable[[str], object]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(45 * SPACE)
        self._taken = {each.casefold() for each in taken if each != name}
        self._done = done
        self.field = QLineEdit(name)
        self.field.setMaxLength(LONGEST)
        self.field.selectAll()
        caption = label("&Name")
        caption.setBuddy(self.field)
        self.wrong = label("", "wrong")
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.setLayout(column(caption, self.field, self.wrong, SPACE, self.buttons, margins=(_EDGE,) * 4))
        self.field.textChanged.connect(lambda _: self._check())
        self._check()

    def accept(self) -> None:
        """Hand the name out, and close."""
        super().accept()
        self._done(self._name())

    def _name(self) -> str:
        return " ".join(self.field.text().split())

    def _check(self) -> None:
        taken = self._name().casefold() in self._taken
        self.wrong.setText(f"There is “{self._name()}” already." if taken else "")
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(self._name()) and not taken)


def open_(
    parent: QWidget, title: str, done: Callable[[str], object], *, name: str = "", taken: Collection[str] = ()
) -> NameDialog:
    """Show the window."""
    made = NameDialog(parent, title, name, taken, done)
    made.setWindowModality(Qt.WindowModality.WindowModal)
    made.show()
    return made
