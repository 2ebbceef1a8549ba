"""What the balances of a book are worth, and what it costs to close what is short: by currency, and in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.vocabulary import UNLIMITED
from store import rates, settings
from store.book import Book
from store.money import Sums
from store.rates import Together


@dataclass(frozen=True)
class Totals:
    """Amounts by currency, each exact, on the day that the book was last judged on.

    `surplus` is what the units left are worth, `to_close` what the units missing cost; the balance value is their
    difference. `unpriced` positions have a balance but no known price. The sums in the currency of the book are None
    without a rate for every currency that is involved.
    """

    surplus: dict[str, Decimal]
    to_close: dict[str, Decimal]
    unpriced: int
    surplus_together: Together | None
    to_close_together: Together | None


def of(book: Book) -> Totals:
    """The totals of all positions, at the price that each of them has."""
    left, short = Sums(), Sums()
    for balance, price, currency in book.each(_UNEVEN, (UNLIMITED // 2,)):
        (left if balance > 0 else short).add(abs(balance), price, currency)
    unpriced = sum(one.positions for sums in (left, short) for one in sums.amounts() if not one.currency)
    surplus, to_close = ({one.currency: one.value for one in s.amounts() if one.currency} for s in (left, short))
    own, day = settings.get(book, "currency"), settings.get(book, "as_of")
    held = rates.valid(rates.held(book), date.fromisoformat(day)) if day else []
    sums = (rates.together(amounts, own, held) for amounts in (surplus, to_close))
    return Totals(surplus, to_close, unpriced, *sums)


_UNEVEN = "SELECT balance, price_amount, price_currency FROM positions WHERE balance <> 0 AND balance <= ?"
