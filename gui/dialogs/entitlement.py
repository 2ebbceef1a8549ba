"""Small windows on an entitlement: its name, and who answers for it. What the book refuses is said beside the field."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLineEdit, QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import conflict
from gui.theme import SPACE
from gui.widgets.layout import column
from gui.widgets.text import label
from store import conflicts, entitlements, groups, holdings
from store.book import Book
from store.conflicts import Conflict, Seen
from store.errors import KnownFault
from store.records import EntitlementKey

FOLLOWING = "As its purchases say"
"""What stands for nobody named for the entitlement itself."""


class OneField(QDialog):
    """A window with one field. `save` is called with its text; what it raises is said, and the window stays."""

    def __init__(
        self, parent: QWidget, title: str, caption: str, field: QLineEdit | QComboBox, save: Callable[[str], object]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(60 * SPACE)
        self.field, self._save = field, save
        self.asking: conflict.ConflictDialog | None = None
        named = label(caption)
        named.setBuddy(field)
        field.setAccessibleName(caption.replace("&", ""))
        self.wrong = label("", "wrong", wrap=True)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        edge = 3 * SPACE
        self.setLayout(column(named, field, self.wrong, SPACE, self.buttons, margins=(edge, edge, edge, edge)))

    def accept(self) -> None:
        """Save, and close if that was possible."""
        text = self.field.text() if isinstance(self.field, QLineEdit) else str(self.field.currentData() or "")
        try:
            self._save(text)
        except KnownFault as fault:
            self.wrong.setText(str(fault))
            self.field.setFocus()
            if isinstance(fault, Conflict):
                self.asking = conflict.open_(self, fault, self.accept, self.reject)
            return
        super().accept()


def rename(desk: Desk, parent: QWidget, key: EntitlementKey, name: str) -> OneField:
    """Show the window for the name of an entitlement."""
    field = QLineEdit(name)
    field.selectAll()
    seen = _see(desk, key, "name", name)

    def store(book: Book, text: str) -> None:
        conflicts.require_unchanged(book, seen, {"name": text.strip()})
        entitlements.rename(book, key, text)

    def save(text: str) -> None:
        desk.do(f"Rename {wording.line(name)}", lambda book: store(book, text))

    return _shown(OneField(parent, "Rename the entitlement", "&Name", field, save))


def responsible(desk: Desk, parent: QWidget, key: EntitlementKey, name: str, present: str) -> OneField:
    """Show the window for the user group that answers for an entitlement; `present` is the one named now, or ""."""
    field = _choice(groups.tree(desk.book, "user_groups"), present)
    seen = _see(desk, key, "responsible", name)

    def store(book: Book, group: str) -> None:
        conflicts.require_unchanged(book, seen, {"responsible": group})
        entitlements.set_responsible(book, key, group)

    def save(group: str) -> None:
        desk.do(f"Set responsibility of {wording.line(name)}", lambda book: store(book, group))

    return _shown(OneField(parent, "Who answers for the entitlement", "&Responsible user group", field, save))


def _see(desk: Desk, key: EntitlementKey, field: str, name: str) -> Seen:
    """One field of an entitlement as it is now."""

    def read(book: Book) -> conflicts.Texts:
        return {field: getattr(holdings.of(book, key), field)}

    return conflicts.see(desk.book, f"Entitlement {wording.line(name)}", read)


def _choice(names: Iterable[str], present: str) -> QComboBox:
    made = QComboBox()
    made.addItem(FOLLOWING, "")
    for name in names:
        made.addItem(wording.line(name), name)
    made.setCurrentIndex(max(0, made.findData(present)))
    return made


def _shown(made: OneField) -> OneField:
    made.show()
    made.field.setFocus()
    return made
