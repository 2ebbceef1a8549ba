"""A window with fields below each other. What the book refuses is said in it, and everything typed stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QWidget

from gui.dialogs import conflict
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from store.conflicts import Conflict
from store.errors import KnownFault

Fields = Sequence[tuple[str, QWidget]]
"""Names and controls; a check box has its name itself, and stands under ""."""


class Form(QDialog):
    """`run` stores what stands in the fields; what it raises is said, and the window stays."""

    def __init__(
        self, parent: QWidget, title: str, fields: Fields, run: Callable[[], object], save: str, about: str
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(70 * SPACE)
        self.fields = {name or _words(control): control for name, control in fields}
        self._run = run
        self.said = Inline()
        self.asking: conflict.ConflictDialog | None = None
        form = QFormLayout()
        form.setHorizontalSpacing(3 * SPACE)
        form.setVerticalSpacing(SPACE + 4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, control in fields:
            _add(form, name, control)
        self.save_button = button(save, self.save, kind="primary")
        self.save_button.setDefault(True)
        told = [label(about, "muted", wrap=True)] if about else []
        end = row(None, button("Cancel", self.reject), self.save_button)
        edge = 3 * SPACE
        head = (label(title, "title", wrap=True), *told, self.said)
        self.setLayout(column(*head, SPACE, form, 2 * SPACE, end, margins=(edge, edge, edge, edge)))

    def save(self) -> None:
        """Store it and close; or say what is wrong."""
        self.said.clear()
        try:
            self._run()
        except KnownFault as fault:
            self.said.say(str(fault))
            if isinstance(fault, Conflict):
                self.asking = conflict.open_(self, fault, self.save, self.reject)
        else:
            self.accept()


def _add(form: QFormLayout, name: str, control: QWidget) -> None:
    if not name:
        form.addRow("", control)
        return
    named = label(name, "muted")
    named.setBuddy(control)
    named.setMinimumHeight(control.sizeHint().height())
    form.addRow(named, control)
    if not control.accessibleName():
        control.setAccessibleName(name)


def _words(control: QWidget) -> str:
    return control.text() if isinstance(control, QCheckBox) else control.accessibleName()


def open_(
    parent: QWidget, title: str, fields: Fields, run: Callable[[], object], *, save: str = "Save", about: str = ""
) -> Form:
    """Show the window, ready to be typed into."""
    made = Form(parent, title, fields, run, save, about)
    made.open()
    return made


def choice(options: Sequence[tuple[str, str]], chosen: str = "") -> QComboBox:
    """A box to choose from: codes with the words that stand for them."""
    made = QComboBox()
    for code, text in options:
        made.addItem(text, code)
    made.setCurrentIndex(max(0, made.findData(chosen)))
    return made
