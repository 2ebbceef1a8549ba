"""Amounts of money, exact to the last decimal. What has no limit has no amount; currencies are never added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Amount:
    """Positions of one currency, the units that they are about, and what these cost at the last unit price.

    Positions without a price stand under the currency "", and cost nothing that is known.
    """

    currency: str
    positions: int
    units: int
    value: Decimal = Decimal(0)


class Sums:
    """Sums by currency and by the decimals of the price, in whole numbers: exact, and many times as fast as Decimal."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], list[int]] = {}

    def add(self, units: int, price: str | None, currency: str | None) -> None:
        """Count a position with so many units at a unit price in decimal text; None for no price."""
        whole, _, decimals = (price or "").partition(".")
        held = self._found.setdefault((currency or "", len(decimals)), [0, 0, 0])
        held[0] += 1
        held[1] += units
        held[2] += units * int(whole + decimals or 0)

    def amounts(self) -> tuple[Amount, ...]:
        """The sums by currency; what has no price comes last."""
        found: dict[str, Amount] = {}
        for (currency, decimals), (positions, units, scaled) in self._found.items():
            held = found.get(currency, Amount(currency, 0, 0))
            value = EXACT.add(held.value, Decimal(scaled).scaleb(-decimals, EXACT))
            found[currency] = Amount(currency, held.positions + positions, held.units + units, cents(value))
        return tuple(found[currency] for currency in sorted(found, key=lambda code: (not code, code)))
