"""A product: added, changed or renamed. Its family, version and dates decide how licenses may move."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QDialog, QFormLayout, QLineEdit, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import conflict
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.optional_day import OptionalDay
from gui.widgets.text import label
from store import choices, conflicts, products
from store.book import Book
from store.conflicts import Conflict
from store.errors import KnownFault, Unknown
from store.records import Product

_TEXTS = ("vendor", "family", "edition", "version")


def open_(desk: Desk, parent: QWidget, place: Place) -> ProductDialog | None:
    """Ask for a new product, or for what shall be different about the one that the place names."""
    try:
        held = products.read(desk.book, place.key) if place.key else None
    except Unknown as fault:
        desk.tell(str(fault), "error")
        return None
    dialog = ProductDialog(desk, parent, held)
    dialog.open()
    return dialog


class ProductDialog(QDialog):
    """Every field of a product. What cannot be is said inside of the dialog, and what was typed stays."""

    def __init__(self, desk: Desk, parent: QWidget, held: Product | None) -> None:
        super().__init__(parent)
        self.desk, self.held = desk, held
        read = partial(_texts, held.product if held else "")
        self.seen = conflicts.see(desk.book, f"Product {held.product}", read) if held else None
        self.asking: conflict.ConflictDialog | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Edit product" if held else "Add product")
        self.said = Inline()
        self.name = QLineEdit()
        self.texts = {name: QLineEdit() for name in _TEXTS}
        self.known = label("", "hint", wrap=True)
        self.counted_by = QComboBox()
        self.counted_by.addItem("As its contracts say", "")
        for code in choices.metrics(desk.book):
            self.counted_by.addItem(wording.label(code), code)
        self.released_on = OptionalDay("Released on", "Not known", desk.as_of)
        self.support_ends_on = OptionalDay("Support ends on", "Not known", desk.as_of)
        self.separate = QCheckBox("Is an entitlement of its own")
        self._build()
        self._show(held or Product(""))

    def _build(self) -> None:
        completer = QCompleter(choices.families(self.desk.book), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.texts["family"].setCompleter(completer)
        self.texts["family"].setPlaceholderText("Products of one family may give rights to each other")
        self.name.editingFinished.connect(self._look_up)
        form = QFormLayout()
        form.setHorizontalSpacing(3 * SPACE)
        form.setVerticalSpacing(SPACE + 4)
        for text, field in (
            ("Name", self.name),
            *((name.capitalize(), self.texts[name]) for name in _TEXTS),
            ("Released on", self.released_on),
            ("Support ends on", self.support_ends_on),
            ("Counted by", self.counted_by),
            ("Maintenance", self.separate),
        ):
            form.addRow(label(text, "muted"), field)
            field.setAccessibleName(text)
        self.save_button = button("Save" if self.held else "Add product", self.save, kind="primary")
        self.save_button.setDefault(True)
        end = row(None, self.save_button, button("Cancel", self.reject))
        edge = 3 * SPACE
        title = label(self.windowTitle(), "title")
        self.known.hide()
        parts = (title, self.said, self.known, SPACE, form, 2 * SPACE, end)
        self.setLayout(column(*parts, margins=(edge, edge, edge, edge)))
        self.setMinimumWidth(560)

    def _show(self, product: Product) -> None:
        self.name.setText(product.product)
        for name, field in self.texts.items():
            field.setText(getattr(product, name))
        self.released_on.set_day(product.released_on)
        self.support_ends_on.set_day(product.support_ends_on)
        self.counted_by.setCurrentIndex(max(self.counted_by.findData(product.metric), 0))
        self.separate.setChecked(product.maintenance_separate)

    def _look_up(self) -> None:
        """Take from the catalogue what it knows of a new product, unless something was typed already."""
        found = products.proposed(self.name.text()) if self.held is None else None
        if found is None or any(field.text() for field in self.texts.values()):
            return
        self._show(found)
        self.known.setText("The catalogue knows this product: look at what it says.")
        self.known.show()

    def typed(self) -> Product:
        """The product as the fields say it."""
        return replace(
            self.held or Product(""),
            product=" ".join(self.name.text().split()),
            **{name: field.text().strip() for name, field in self.texts.items()},
            released_on=self.released_on.day(),
            support_ends_on=self.support_ends_on.day(),
            metric=self.counted_by.currentData(),
            maintenance_separate=self.separate.isChecked(),
        )

    def save(self) -> None:
        """Store the product and close; or say what is wrong with it."""
        typed = self.typed()
        what = f"Edit product {self.held.product}" if self.held else f"Add product {typed.product}"
        try:
            self.desk.do(what, lambda book: _store(book, self.held, typed, self.seen))
        except KnownFault as fault:
            self.said.say(str(fault))
            if isinstance(fault, Conflict):
                self.asking = conflict.open_(self, fault, self.save, self.reject)
        else:
            self.accept()


def _texts(product: str, book: Book) -> conflicts.Texts:
    return conflicts.texts(products.read(book, product))


def _store(book: Book, held: Product | None, typed: Product, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, conflicts.texts(typed))
    if held is None:
        products.add(book, typed)
        return
    if typed.product != held.product:
        products.rename(book, held.product, typed.product)
    products.save(book, typed)
