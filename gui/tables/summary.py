"""What selected rows add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from gui import wording
from gui.tables.columns import Column
from gui.tables.pages import Row
from store.money import EXACT


class Sums:
    """Adds rows up, a part at a time: quantities, and money by currency."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.rows = 0
        self._columns = columns
        self._counts = {place: 0 for place, column in enumerate(columns) if column.kind in {"count", "number"}}
        self._money: dict[int, dict[str, Decimal]] = {
            place: {} for place, column in enumerate(columns) if column.kind == "money"
        }

    def add(self, rows: Iterable[Row]) -> None:
        """Add more rows."""
        for row in rows:
            self.rows += 1
            for place in self._counts:
                self._counts[place] += row[place] or 0
            for place, amounts in self._money.items():
                if row[place]:
                    amount, _, currency = row[place].partition(" ")
                    amounts[currency] = EXACT.add(amounts.get(currency, Decimal(0)), Decimal(amount))

    def texts(self, places: Iterable[int]) -> list[tuple[str, str]]:
        """Title and sum of each column of numbers among these places, in their order."""
        return [(self._columns[place].title, text) for place in places if (text := self._text(place))]

    def _text(self, place: int) -> str:
        if place in self._counts:
            return wording.quantity(self._counts[place])
        return " + ".join(wording.money(f"{amount:f} {currency}") for currency, amount in self._amounts(place))

    def _amounts(self, place: int) -> list[tuple[str, Decimal]]:
        return sorted(self._money.get(place, {}).items())


def said(count: int, sums: Sequence[tuple[str, str]]) -> str:
    """The sentence below a table: "3 selected   Quantity 1,500   Remaining 200"."""
    parts: list[Any] = [f"{wording.number(count)} selected", *(f"{title} {text}" for title, text in sums)]
    return "   ".join(parts)
