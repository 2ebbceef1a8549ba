"""The product of an item: completed from the book and the catalogue, and added where the book lacks it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QCompleter, QFrame

from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.text import label
from gui.wizards.contract_state import State
from gui.wizards.fields import Field, grid, text_field
from store import catalogue, drafts, products
from store.records import Product

_PARTS = ("vendor", "family", "edition", "version")
_HINTS = {"family": "Products of one family may give rights to each other."}


@cache
def _catalogue_names() -> tuple[str, ...]:
    """Every product of the catalogue as one would write it."""
    made = (" ".join(filter(None, (one.family, one.version, one.edition))) for one in catalogue.entries())
    return tuple(dict.fromkeys(made))


class ProductPart(QFrame):
    """Shown below the field of the product while it names one that the book lacks."""

    changed = Signal()

    def __init__(self, state: State, field: Field) -> None:
        super().__init__()
        self.state = state
        self.field = field
        self.setProperty("kind", "well")
        self.told = label("", wrap=True)
        self.near = button("Take the one of the book", self._take_near, kind="link")
        self.add = QCheckBox("Add this product to the book")
        self.add.toggled.connect(self._toggle)
        self.parts = {name: text_field(name.capitalize(), hint=_HINTS.get(name, "")) for name in _PARTS}
        self.form = QFrame()
        self.form.setLayout(
            grid((self.parts["vendor"], self.parts["family"]), (self.parts["edition"], self.parts["version"]))
        )
        edge = 2 * SPACE
        self.setLayout(column(row(self.told), row(self.near, None), self.add, self.form, margins=(edge, 12, edge, 12)))
        for part in self.parts.values():
            part.changed.connect(self.changed)
        field.changed.connect(self.refresh)
        self._complete()
        self.refresh()

    def _complete(self) -> None:
        names = sorted({*self.state.known_with(None).products, *_catalogue_names()}, key=str.casefold)
        completer = QCompleter(names, self.field.control)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(12)
        self.field.control.setCompleter(completer)
        self.field.control.setPlaceholderText("Type a few letters of its name")

    # ------------------------------------------------------------------------------------------------------- product
    def name(self) -> str:
        """What stands in the field."""
        return " ".join(self.field.control.text().split())

    def show_product(self, product: Product | None) -> None:
        """Show the product that is to be added with the item."""
        if product is not None:
            self.add.setChecked(True)
            for name, part in self.parts.items():
                part.control.setText(getattr(product, name))

    def product(self) -> Product | None:
        """The product that is to be added, None where the book has it or it shall not be."""
        if not self._lacking() or not self.add.isChecked():
            return None
        made = self._proposed() or Product(self.name())
        return replace(made, **{name: part.control.text().strip() for name, part in self.parts.items()})

    def wrongs(self) -> drafts.Wrongs:
        """What is wrong with it."""
        if self._lacking() and not self.add.isChecked():
            return {"product": "This product is not in the book. Choose another one, or tick that it is added."}
        return {}

    def _lacking(self) -> bool:
        return bool(self.name()) and self.name() not in self.state.known_with(None).products

    def _proposed(self) -> Product | None:
        return products.proposed(self.name())

    def refresh(self) -> None:
        """Say what is known of the name."""
        lacking = self._lacking()
        self.setVisible(lacking)
        if not lacking:
            return
        own = self.state.names.find(self.name())
        close = own or next(iter(drafts.near(self.name(), self.state.known.products)), "")
        proposed = self._proposed()
        self.near.setText(f"Take “{close}” of the book instead")
        self.near.setProperty("name", close)
        self.near.setVisible(bool(own or (close and not proposed)))
        self.told.setText(
            _of_catalogue(proposed) if proposed else "Neither the book nor the catalogue knows this name."
        )
        if proposed is not None:
            for name, part in self.parts.items():
                part.control.setText(getattr(proposed, name))
            self.add.setChecked(not own)
        elif self.add.isChecked() and self.state.known_with(None).products:
            self._toggle(True)
        self.form.setVisible(self.add.isChecked())

    def _toggle(self, on: bool) -> None:
        self.form.setVisible(on)
        self.changed.emit()

    def _take_near(self) -> None:
        self.field.control.setText(str(self.near.property("name")))
        self.field.control.setFocus()


def _of_catalogue(product: Product) -> str:
    day = product.support_ends_on
    support = f", supported until {day}" if day else ""
    return (
        f"Not in the book yet. The catalogue knows it: by {product.vendor}, out since {product.released_on}{support}."
    )
