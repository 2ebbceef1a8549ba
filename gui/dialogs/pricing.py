"""A row of the price list, or an exchange rate: added, or changed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtWidgets import QLineEdit, QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import form
from gui.dialogs.form import Form
from gui.widgets.day_field import day_field, day_of
from gui.widgets.product_field import product_field
from rules.vocabulary import PERPETUAL, SUBSCRIPTION
from store import choices, conflicts, prices, rates, settings
from store.book import Book
from store.errors import Unfit
from store.records import EntitlementKey, ExchangeRate, ListedPrice

MODELS = tuple((code, wording.label(code)) for code in (PERPETUAL, SUBSCRIPTION))


def ask_price(desk: Desk, parent: QWidget, held: ListedPrice | None) -> Form:
    """Ask for a new price, or for what shall be different about one."""
    known = held or ListedPrice(
        EntitlementKey("", PERPETUAL, "device"), Decimal(0), settings.get(desk.book, "currency"), desk.as_of
    )
    product = product_field(desk, "Product")
    product.setText(known.license.product)
    model = form.choice(MODELS, known.license.model)
    metric = form.choice([(code, wording.label(code)) for code in choices.metrics(desk.book)], known.license.metric)
    amount = QLineEdit(f"{known.unit_price:f}" if held else "")
    amount.setPlaceholderText("For one license, such as 120.50")
    currency, day = currency_field(known.currency), day_field("From", known.valid_from)
    read = conflicts.record(prices.read, known.license, known.valid_from)
    seen = conflicts.see(desk.book, f"The price of {wording.line(known.license.product)}", read) if held else None

    def save() -> None:
        key = EntitlementKey(product.text().strip(), model.currentData(), metric.currentData())
        made = ListedPrice(key, decimal(amount.text()), currency.text(), day_of(day))
        deed = f"{'Edit' if held else 'Add'} price of {wording.line(key.product)}"
        desk.do(deed, lambda book: _price(book, held, made, seen))

    return form.open_(
        parent,
        "Price" if held else "New price",
        [
            *(("Product", product), ("Model", model), ("Metric", metric)),
            *(("Unit price", amount), ("Currency", currency), ("From", day)),
        ],
        save,
        about="It holds from its day on, until a later price of the same license begins.",
    )


def _price(book: Book, held: ListedPrice | None, made: ListedPrice, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, conflicts.texts(made))
    moved = held is None or (held.license, held.valid_from) != (made.license, made.valid_from)
    if held is not None and seen is not None and seen.is_there and moved:
        prices.remove(book, held)
    prices.save(book, made)


def ask_rate(desk: Desk, parent: QWidget, held: ExchangeRate | None) -> Form:
    """Ask for a new rate, or for what shall be different about one."""
    known = held or ExchangeRate("", settings.get(desk.book, "currency"), Decimal(1), desk.as_of)
    first, other = currency_field(known.from_currency), currency_field(known.to_currency)
    worth, day = QLineEdit(f"{known.rate:f}" if held else ""), day_field("From", known.valid_from)
    worth.setPlaceholderText("What one of it is worth, such as 0.92")
    called = f"The rate of {wording.line(known.from_currency)}"
    seen = conflicts.see(desk.book, called, conflicts.record(rates.read, held)) if held else None

    def save() -> None:
        made = ExchangeRate(first.text(), other.text(), decimal(worth.text()), day_of(day))
        deed = f"{'Edit' if held else 'Add'} rate of {wording.line(made.from_currency)}"
        desk.do(deed, lambda book: _rate(book, held, made, seen))

    return form.open_(
        parent,
        "Exchange rate" if held else "New exchange rate",
        [("Currency", first), ("In currency", other), ("Is worth", worth), ("From", day)],
        save,
        about="It holds from its day on, until a later rate of the same currencies begins.",
    )


def _rate(book: Book, held: ExchangeRate | None, made: ExchangeRate, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, conflicts.texts(made))
    if held is not None and seen is not None and seen.is_there:
        rates.remove(book, held)
    rates.save(book, made)


def currency_field(currency: str) -> QLineEdit:
    """A field for a currency."""
    made = QLineEdit(currency)
    made.setPlaceholderText("Three letters, such as EUR")
    made.setMaxLength(3)
    return made


def decimal(text: str) -> Decimal:
    """The number that is typed. Raises Unfit for what is none."""
    try:
        return Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        raise Unfit(f"“{text}” is no number. Type one such as 120.50.") from None
