"""A downgrade or upgrade right: added, or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QComboBox, QDialog, QFormLayout, QLineEdit, QRadioButton, QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import conflict
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.number_field import number_field
from gui.widgets.optional_day import OptionalDay
from gui.widgets.product_field import product_field
from gui.widgets.text import label
from rules.vocabulary import TRANSFER_KINDS
from store import choices, conflicts, readers, rights
from store.book import Book
from store.conflicts import Conflict
from store.errors import KnownFault
from store.records import Right

_DEEPEST = 99


def open_(desk: Desk, parent: QWidget, right: Right | None = None) -> RightDialog:
    """Ask for a new right, or for what shall be different about one."""
    dialog = RightDialog(desk, parent, right)
    dialog.open()
    return dialog


class RightDialog(QDialog):
    """Every field of a right. What cannot be is said inside of the dialog, and what was typed stays."""

    def __init__(self, desk: Desk, parent: QWidget, right: Right | None) -> None:
        super().__init__(parent)
        self.desk, self.right = desk, right
        self.seen = _see(desk.book, right) if right else None
        self.asking: conflict.ConflictDialog | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Right {right.right}" if right else "New right")
        self.said = Inline()
        self.name = QLineEdit()
        self.kind = _choice([(kind, wording.badge(kind)) for kind in TRANSFER_KINDS])
        self.of_family = QRadioButton("Within a family")
        self.of_pair = QRadioButton("From one product to another")
        self.family = _choice([(name, name) for name in choices.families(desk.book)])
        self.from_product = product_field(desk, "From product")
        self.to_product = product_field(desk, "To product")
        self.counted_by = _choice([("", "All"), *((code, wording.label(code)) for code in choices.metrics(desk.book))])
        self.apart = number_field(0, _DEEPEST, name="Versions apart")
        self.valid_from = OptionalDay("Valid from", "Since ever", desk.as_of)
        self.valid_until = OptionalDay("Valid until", "Without end", desk.as_of)
        self._build()
        self._show(right or Right("", TRANSFER_KINDS[0]))

    def _build(self) -> None:
        self.apart.setSpecialValueText("Any number")
        scope = QButtonGroup(self)
        for one in (self.of_family, self.of_pair):
            scope.addButton(one)
            one.toggled.connect(lambda _: self._scoped())
        form = QFormLayout()
        form.setHorizontalSpacing(3 * SPACE)
        form.setVerticalSpacing(SPACE + 4)
        for text, field in (
            ("Name", self.name),
            ("Kind", self.kind),
            ("Holds", column(self.of_family, self.of_pair, gap=0)),
            ("Family", self.family),
            ("From product", self.from_product),
            ("To product", self.to_product),
            ("Metric", self.counted_by),
            ("Versions apart", self.apart),
            ("Valid from", self.valid_from),
            ("Valid until", self.valid_until),
        ):
            form.addRow(label(text, "muted"), field)
            if isinstance(field, QWidget):
                field.setAccessibleName(text)
        self.save_button = button("Save", self.save, kind="primary")
        self.save_button.setDefault(True)
        end = row(None, self.save_button, button("Cancel", self.reject))
        edge = 3 * SPACE
        title = label(self.windowTitle(), "title")
        self.setLayout(column(title, self.said, SPACE, form, 2 * SPACE, end, margins=(edge, edge, edge, edge)))
        self.setMinimumWidth(520)

    def _show(self, right: Right) -> None:
        self.name.setText(right.right)
        self.name.setReadOnly(self.right is not None)
        self.kind.setCurrentIndex(self.kind.findData(right.kind))
        (self.of_pair if right.from_product else self.of_family).setChecked(True)
        self.family.setCurrentIndex(self.family.findData(right.family))
        self.from_product.setText(right.from_product)
        self.to_product.setText(right.to_product)
        self.counted_by.setCurrentIndex(self.counted_by.findData(right.metric))
        self.apart.setValue(right.depth or 0)
        self.valid_from.set_day(right.valid_from)
        self.valid_until.set_day(right.valid_until)
        self._scoped()

    def _scoped(self) -> None:
        """Only the fields of the chosen scope can be filled in."""
        self.family.setEnabled(self.of_family.isChecked())
        self.from_product.setEnabled(self.of_pair.isChecked())
        self.to_product.setEnabled(self.of_pair.isChecked())

    def typed(self) -> Right:
        """The right as the fields say it."""
        pair = self.of_pair.isChecked()
        made = Right(
            self.name.text().strip(),
            self.kind.currentData(),
            metric=self.counted_by.currentData(),
            depth=self.apart.value() or None,
            valid_from=self.valid_from.day(),
            valid_until=self.valid_until.day(),
        )
        if pair:
            return replace(made, from_product=self.from_product.text(), to_product=self.to_product.text())
        return replace(made, family=self.family.currentData() or "")

    def save(self) -> None:
        """Store the right and close; or say what is wrong with it."""
        typed = self.typed()
        if self.right is None and any(one.right == typed.right for one in choices.rights(self.desk.book)):
            self.said.say(f"There is a right “{typed.right}” already. Choose another name, or edit that one.")
            return
        what = f"Change right {typed.right}" if self.right else f"Add right {typed.right}"
        try:
            self.desk.do(what, lambda book: _store(book, typed, self.seen))
        except KnownFault as fault:
            self.said.say(str(fault))
            if isinstance(fault, Conflict):
                self.asking = conflict.open_(self, fault, self.save, self.reject)
        else:
            self.accept()


def _see(book: Book, right: Right) -> conflicts.Seen:
    return conflicts.see(book, f"Right {wording.line(right.right)}", conflicts.record(readers.right, right.right))


def _store(book: Book, typed: Right, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, conflicts.texts(typed))
    rights.save(book, typed)


def _choice(options: Sequence[tuple[str, str]]) -> QComboBox:
    made = QComboBox()
    for code, text in options:
        made.addItem(text, code)
    return made
