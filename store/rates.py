"""What a person does with exchange rates, and sums of several currencies in one by rates that hold on the day.

Without a rate for every currency there is no such sum. Rates are used as they were entered, in that direction alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from store import money, names, rows
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import ExchangeRate
from store.tables import ExchangeRate as RateTable


def save(book: Book, rate: ExchangeRate) -> None:
    """Add a rate or change it: one of the same currencies and first day is replaced. Raises Unfit."""
    if not rate.rate.is_finite() or rate.rate <= 0:
        raise Unfit(f"rate: {rate.rate} is not possible; a number above 0 is.")
    first, other = _key(rate)["from_currency"], _key(rate)["to_currency"]
    if first == other:
        raise Unfit(f"currency: {first} needs no rate to itself; name two currencies.")
    with book.transaction():
        rows.save(book, RateTable, _key(rate), {"rate": f"{rate.rate:f}"}, named=_named(rate))


def remove(book: Book, rate: ExchangeRate) -> None:
    """Remove a rate; an earlier one holds again. Raises Unknown."""
    with book.transaction():
        if rows.remove(book, RateTable, _key(rate), named=_named(rate)) is None:
            raise Unknown(f"there is no rate {_named(rate)}.")


def read(book: Book, like: ExchangeRate) -> ExchangeRate | None:
    """The rate of the same currencies and first day as another, if there is one."""
    return next((one for one in held(book) if _key(one) == _key(like)), None)


def held(book: Book) -> list[ExchangeRate]:
    """All rates, by currencies and day."""
    found = book.rows("SELECT from_currency, to_currency, rate, valid_from FROM exchange_rates ORDER BY 1, 2, 4")
    return [ExchangeRate(one, other, Decimal(rate), date.fromisoformat(day)) for one, other, rate, day in found]


def valid(rates: Iterable[ExchangeRate], day: date) -> list[ExchangeRate]:
    """The rates that hold on a day: of each two currencies the latest that began by then."""
    found: dict[tuple[str, str], ExchangeRate] = {}
    for rate in sorted(rates, key=lambda one: one.valid_from):
        if rate.valid_from <= day:
            found[rate.from_currency, rate.to_currency] = rate
    return list(found.values())


@dataclass(frozen=True)
class Together:
    """Amounts of several currencies as one, and the rates by which they were converted."""

    amount: Decimal
    currency: str
    used: tuple[ExchangeRate, ...]


def together(amounts: Mapping[str, Decimal], currency: str, rates: Iterable[ExchangeRate]) -> Together | None:
    """Amounts by currency as a sum in one currency, by rates that hold on the day (see `valid`).

    Exact: nothing is rounded. None where a rate is lacking.
    """
    known = {rate.from_currency: rate for rate in rates if rate.to_currency == currency}
    others = [code for code in sorted(amounts) if code != currency]
    if any(code not in known for code in others):
        return None
    converted = [money.EXACT.multiply(amounts[code], known[code].rate) for code in others]
    own = amounts.get(currency, Decimal(0))
    return Together(money.total([own, *converted]), currency, tuple(known[code] for code in others))


def _key(rate: ExchangeRate) -> dict[str, object]:
    return {
        "from_currency": names.required_currency(rate.from_currency),
        "to_currency": names.required_currency(rate.to_currency),
        "valid_from": rate.valid_from.isoformat(),
    }


def _named(rate: ExchangeRate) -> str:
    return f"{rate.from_currency}|{rate.to_currency}|{rate.valid_from}"
