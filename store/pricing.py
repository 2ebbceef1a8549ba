"""The unit price of a position on a day: from the price list where it says one, or else the latest that was paid."""

from __future__ import annotations

from rules.vocabulary import PERPETUAL, SUBSCRIPTION
from store.facts import Facts, Listed

Price = tuple[str | None, str | None]
"""A unit price as decimal text and its currency; None for both where none is known."""


def listed(facts: Facts, product: int, model: str | None, metric: int, day: int) -> Price | None:
    """What the price list says on a day (ordinal): its latest row that is valid by then; None where it has none.

    A position without an entitlement takes the price of a perpetual license, or else that of a subscription.
    """
    for one in (PERPETUAL, SUBSCRIPTION) if model is None else (model,):
        rows = [row for row in facts.prices.get((product, one, metric), ()) if row.valid_from <= day]
        if rows:
            latest: Listed = max(rows)
            return latest.unit_price, latest.currency
    return None
