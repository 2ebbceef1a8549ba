"""What a snapshot comes to: the counts and sums that stand on the first sheet of the workbook."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from store.money import EXACT
from store.snapshots import layout, reading


@dataclass(frozen=True)
class Figures:
    """Counts of elements by list and by code, and what the balances are worth in each currency.

    `rows` counts by the name of the table. `values` has for each currency the sum of the negative balance values and
    that of the positive ones.
    """

    as_of: str
    currency: str
    rows: Mapping[str, int]
    statuses: Mapping[str, int]
    states: Mapping[str, int]
    severities: Mapping[str, int]
    overrides: int
    values: Mapping[str, tuple[Decimal, Decimal]]


def of(snapshot: Path) -> Figures:
    """The figures of a snapshot, from its JSON alone. Raises what `reading.head` raises."""
    head = reading.head(snapshot)
    positions = [
        (position["status"], position.get("override") is not None, position.get("balance_value"))
        for position in reading.elements(snapshot, "positions")
    ]
    return Figures(
        as_of=head["as_of"],
        currency=head["currency"],
        rows=_rows(snapshot),
        statuses=Counter(status for status, _, _ in positions),
        states=_counts(reading.elements(snapshot, "entitlements"), "state"),
        severities=_counts(reading.elements(snapshot, "findings"), "severity"),
        overrides=sum(overridden for _, overridden, _ in positions),
        values=_sums(value for _, _, value in positions if value),
    )


def _rows(snapshot: Path) -> dict[str, int]:
    totals = reading.totals(snapshot)
    return {
        table.name: sum(len(element.get(table.inner) or ()) for element in reading.elements(snapshot, table.source))
        if table.inner
        else totals[table.source]
        for table in layout.TABLES
    }


def _counts(elements: Iterable[Mapping[str, Any]], field: str) -> Counter[str]:
    return Counter(element[field] for element in elements)


def _sums(values: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Decimal, Decimal]]:
    """Currencies are never added to each other."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for value in values:
        amount = Decimal(value["amount"])
        zero = EXACT.subtract(amount, amount)  # with the decimals of the currency
        short, over = sums.get(value["currency"], (zero, zero))
        sums[value["currency"]] = (EXACT.add(short, min(amount, zero)), EXACT.add(over, max(amount, zero)))
    return dict(sorted(sums.items()))
