"""Demand on the rows of a product, and what their balances mean (rulebook/compliance.toml)."""

from collections.abc import Sequence
from typing import NamedTuple

from rules.conclusions import only
from rules.vocabulary import is_unlimited


class Position(NamedTuple):
    """What the rules see of a position: its balance in units, and 1 where that is without limit."""

    balance: int
    unlimited: int


def position(balance: int) -> Position:
    """Return the fact by which the rules judge a balance."""
    return Position(balance, int(is_unlimited(balance)))


def statuses(balances: Sequence[int]) -> list[tuple[str, str]]:
    """Return for every balance its status and the name of the rule that concludes it."""
    return only("compliance", "position", [position(balance) for balance in balances], "status")


def place_demand(actives: Sequence[int], demand: int) -> list[int]:
    """Return the demand of one product and metric row by row: each filled up to its active units, the rest on the last.

    `actives` holds the rows with perpetual ones before subscriptions, and these with the latest end first (Elpis
    decision 5.18), so that what is left over shows where it can be canceled. `ValueError` without any row.
    """
    if not actives:
        raise ValueError("demand needs a row to be placed on")
    placed: list[int] = []
    for active in actives[:-1]:
        placed.append(min(active, demand))
        demand -= placed[-1]
    return [*placed, demand]
