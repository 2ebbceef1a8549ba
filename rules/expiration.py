"""The state of purchases and entitlements on a day (rulebook/expiration.toml)."""

from collections.abc import Sequence
from typing import NamedTuple

from rules.conclusions import only
from rules.lifecycle import Lot
from rules.vocabulary import NEVER


class Term(NamedTuple):
    """A purchase and the day on which it is judged (ordinals); lead is the longest warning lead in days."""

    starts_on: int
    ends_on: int
    as_of: int
    lead: int


def governing(lots: Sequence[Lot], as_of: int) -> int:
    """Return the position of the purchase that gives an entitlement its state.

    That is the one that lasts longest among those in force (of equal ones the latest), or the latest if none is. Latest
    goes by first day, invoice day and key, as in the series of purchases. `ValueError` without any purchase.
    """
    if len(lots) == 1:
        return 0
    return max(range(len(lots)), key=lambda position: _weight(lots[position], as_of))


def states(terms: Sequence[Term]) -> list[tuple[str, str]]:
    """Return for every purchase its state and the name of the rule that concludes it."""
    return only("expiration", "term", list(map(_near, terms)), "state")


def _near(term: Term) -> Term:
    """Return a term that the rules judge alike, with its days close to the day of judgement.

    No rule looks further than the lead, so there are a few hundred terms to match instead of one for every purchase.
    """
    starts_on, ends_on, as_of, lead = term
    last = NEVER if ends_on == NEVER else min(max(ends_on, as_of - 1), as_of + lead + 1)
    return Term(as_of if starts_on <= as_of else as_of + 1, last, as_of, lead)


def _weight(lot: Lot, as_of: int) -> tuple[int, Lot]:
    starts_on, _, _, ends_on = lot
    return (ends_on if starts_on <= as_of <= ends_on else -1), lot
