"""Rows of a table in a text: a quantity, a unit price and a total that are one the product of the other two.

In tables no word tells what a number is; its arithmetic does: 500, 62.50 and 31,250.00 on one line are five hundred at
62.50 each. What does not come out is left to the rules that go by words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

from rules.vocabulary import MAX_QUANTITY
from store.imports import loose
from store.imports.loose import Amount, Quantity

MOST: Final = 12
"""Numbers of a line that are looked at: a line with more is no row of an invoice."""

_CELL: Final = re.compile(
    r"(?<![\w.,/'’-])(?:[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{2})?|[0-9](?:[0-9.,'’\u00a0\u202f]{0,24}[0-9])?)"
    r"(?![\w/'’-]|[.,][0-9])"
)
_PENNY: Final = Decimal("0.01")


_Cell: TypeAlias = tuple[Decimal, str, int, int]
"""A number: its value, as it is written, where it begins and ends."""


class Row(NamedTuple):
    """What a line of a table tells."""

    quantity: Quantity
    unit_price: Amount
    total: Amount


def rows(text: str) -> Iterator[Row]:
    """The rows of tables in a text, at most one a line."""
    for line in re.finditer(r"[^\n]+", text):
        cells = list(_cells(line[0], line.start()))
        found = next(_triples(cells), None) if 3 <= len(cells) <= MOST else None
        if found is not None:
            yield found


def _cells(line: str, start: int) -> Iterator[_Cell]:
    for found in _CELL.finditer(line):
        value = loose.number(found[0])
        if value is not None:
            yield value, found[0], found.start() + start, found.end() + start


def _triples(cells: list[_Cell]) -> Iterator[Row]:
    """A whole number before or behind a price, and behind both the total; the last such ones of the line."""
    for total in reversed(cells):
        before = [cell for cell in cells if cell[3] <= total[2]]
        for one, other in reversed(list(combinations(before, 2))):
            for count, price in ((one, other), (other, one)):
                if _fits(count, price, total):
                    yield Row(Quantity(int(count[0]), "", count[2], count[3]), _amount(price), _amount(total))


def _fits(count: _Cell, price: _Cell, total: _Cell) -> bool:
    whole = re.fullmatch(r"[0-9]{1,3}(?:[.,'’ \u00a0\u202f][0-9]{3})*|[0-9]+", count[1])
    written = all(re.search(r"[.,][0-9]{2}$", cell[1]) for cell in (price, total))
    fits = 0 < count[0] <= MAX_QUANTITY and abs(count[0] * price[0] - total[0]) < _PENNY
    return bool(whole) and written and total[0] > 0 and fits


def _amount(cell: _Cell) -> Amount:
    return Amount(cell[0], "", cell[2], cell[3])
