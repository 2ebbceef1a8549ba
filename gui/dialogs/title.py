"""A title: added, or changed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import partial

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import form, question
from gui.dialogs.form import Form
from gui.widgets.product_field import product_field
from store import conflicts, settings
from store.book import Book
from store.errors import KnownFault, Unfit
from store.portal import titles
from store.portal.records import Title


def open_(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Ask for a new title, or for what shall be different about the one that the key names."""
    try:
        return _shown(desk, parent, titles.read(desk.book, place.key) if place.key else None)
    except KnownFault as fault:
        return question.tell(parent, "This title cannot be edited", str(fault))


def _shown(desk: Desk, parent: QWidget, held: Title | None) -> Form:
    known = held or Title("")
    name, product = QLineEdit(known.title), product_field(desk, "Product")
    product.setText(known.product)
    product.setPlaceholderText("None: it stands for itself")
    price = price_field(known.price)
    approval, orderable = QCheckBox("Needs approval"), QCheckBox("May be requested")
    approval.setChecked(known.requires_approval)
    orderable.setChecked(known.orderable)

    read = partial(_texts, known.title)
    seen = conflicts.see(desk.book, f"Title {wording.line(known.title)}", read) if held else None

    def save() -> None:
        made = Title(
            name.text().strip(), product.text().strip(), approval.isChecked(), orderable.isChecked(), typed(price)
        )
        _refuse_taken(desk.book, held, made)
        deed = f"{'Edit' if held else 'Add'} title {wording.line(made.title)}"
        desk.do(deed, lambda book: _store(book, held, made, seen))

    currency = settings.get(desk.book, "currency")
    return form.open_(
        parent,
        f"Title {wording.line(held.title)}" if held else "New title",
        [("Name", name), ("Product", product), (f"Price in {currency}", price), ("", approval), ("", orderable)],
        save,
        about="Software as people request it. Tied to a product, it shows what is authorized beside its position.",
    )


def _refuse_taken(book: Book, held: Title | None, made: Title) -> None:
    """A new title, or a new name of one, must not be that of another."""
    if (held is None or held.title != made.title) and titles.exists(book, made.title):
        raise Unfit(f"There is a title “{made.title}” already. Choose another name, or edit that one.")


def _texts(title: str, book: Book) -> conflicts.Texts:
    return conflicts.texts(titles.read(book, title))


def _store(book: Book, held: Title | None, made: Title, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, conflicts.texts(made))
    if held is not None and held.title != made.title:
        titles.rename(book, held.title, made.title)
    titles.save(book, made)


def price_field(price: Decimal | None) -> QLineEdit:
    """A field for an amount that may stay empty."""
    made = QLineEdit("" if price is None else f"{price:f}")
    made.setPlaceholderText("Free")
    made.setMaxLength(40)
    return made


def typed(price: QLineEdit) -> Decimal | None:
    """The amount that is typed, None for nothing. Raises Unfit for what is none."""
    text = price.text().replace(",", "").strip()
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise Unfit(f"“{price.text()}” is no amount. Type one such as 120.50, or nothing for free.") from None
