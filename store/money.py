"""Amounts of money, exact to the last decimal. What has no limit has no amount; currencies are never added up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import Final

from rules.vocabulary import is_unlimited

EXACT: Final = Context(prec=60)
"""Room for any number of units at any price, and for the sums of them."""

_CENTS: Final = Decimal("0.01")
_NOTHING: Final = Decimal(0)


def cost(units: int, price: Decimal | str) -> Decimal:
    """What some units cost at a unit price."""
    return EXACT.multiply(Decimal(units), Decimal(price))


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts of one currency, with as many decimals as the longest of them."""
    found = Decimal(0)
    for amount in amounts:
        found = EXACT.add(found, amount)
    return found


def by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The sums of amounts by their currency, in the order of the currencies."""
    found: dict[str, Decimal] = {}
    for currency, amount in amounts:
        found[currency] = EXACT.add(found.get(currency, _NOTHING), amount)
    return dict(sorted(found.items()))


def cents(amount: Decimal) -> Decimal:
    """The amount with two decimals, or as many as it needs."""
    rounded = amount.quantize(_CENTS, context=EXACT)
    return rounded if rounded == amount else amount.normalize(EXACT)


def worth(units: int, price: str) -> str | None:
    """What some units are worth at a unit price, as text with its cents or as many decimals as it needs.

    None without limit.
    """
    return None if is_unlimited(units) else f"{cents(cost(units, price)):f}"


def worth_in(units: int, price: str | None, currency: str | None) -> str | None:
    """The same with its currency, such as "-12.50 EUR"; None without a price, too."""
    value = None if price is None else worth(units, price)
    return None if value is None else f"{value} {currency}"
