"""The price list, and the exchange rates by which amounts of several currencies become one sum."""

from __future__ import annotations

from gui import wording
from gui.desk import Desk
from gui.dialogs import pricing
from gui.pages.setting_parts.boxed import Boxed, Kind
from store import price_files, prices, rates
from store.records import ExchangeRate, ListedPrice


def make_prices(desk: Desk) -> Boxed[ListedPrice]:
    """The price list of the book, with what can be done with it."""
    return Boxed(desk, _PRICES)


def make_rates(desk: Desk) -> Boxed[ExchangeRate]:
    """The exchange rates of the book, with what can be done with them."""
    return Boxed(desk, _RATES)


def _price_cells(one: ListedPrice) -> tuple[str, ...]:
    named = one.license
    amount = wording.amount(one.unit_price, one.currency)
    return named.product, wording.label(named.model), wording.label(named.metric), amount, one.valid_from.isoformat()


def _rate_cells(one: ExchangeRate) -> tuple[str, ...]:
    return f"1 {one.from_currency} in {one.to_currency}", f"{one.rate:f}", one.valid_from.isoformat()


_PRICES = Kind[ListedPrice](
    "Price list",
    "What one license costs from a day on. Where the list has a price for the day, it makes the value of a balance and"
    " the cost to close it; elsewhere the latest price that was paid does. A CSV file may bring many: product, model,"
    " metric, unit_price, currency, valid_from.",
    ("Product", "Model", "Metric", "Unit price", "From"),
    frozenset({3}),
    frozenset({"prices", "products"}),
    "tag",
    ("No price is listed", "Balances are worth what was last paid. Add a price for what was never bought."),
    prices.held,
    _price_cells,
    pricing.ask_price,
    prices.remove,
    lambda one: f"price of {one.license.product} from {one.valid_from}",
    price_files.load,
)

_RATES = Kind[ExchangeRate](
    "Exchange rates",
    "What a unit of one currency is worth in another from a day on. Amounts of several currencies are shown as one sum"
    " only where each of them has a rate that holds on the day, directly into the currency of the book.",
    ("Rate", "Worth", "From"),
    frozenset({1}),
    frozenset({"exchange_rates"}),
    "coins",
    ("No rate is kept", "Amounts of several currencies stand side by side, and are never added."),
    rates.held,
    _rate_cells,
    pricing.ask_rate,
    rates.remove,
    lambda one: f"rate of {one.from_currency} in {one.to_currency} from {one.valid_from}",
)
