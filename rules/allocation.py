"""How much of an entitlement may be allocated (rulebook/allocation.toml)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rules.conclusions import only

WITHIN: Final = "within"
OVER_ALLOCATED: Final = "over-allocated"
GRANTED: Final = "granted"
REFUSED: Final = "refused"


class Standing(NamedTuple):
    """An entitlement's quantity and the sum of its allocations, in units."""

    quantity: int
    allocated: int


class Request(NamedTuple):
    """An allocation to be made: the entitlement's quantity, what its other allocations hold, and the units wanted."""

    quantity: int
    allocated: int
    requested: int


class Decision(NamedTuple):
    """`GRANTED` or `REFUSED`, by how many units the quantity would be exceeded (0 if not), and the rule."""

    judgement: str
    excess: int
    rule: str


def judge(standings: Sequence[Standing]) -> list[tuple[str, str]]:
    """Return for every entitlement `WITHIN` or `OVER_ALLOCATED`, and the name of the rule."""
    return only("allocation", "standing", standings, "judgement")


def decide(requests: Sequence[Request]) -> list[Decision]:
    """Return for every new allocation whether it is granted; several at once do not know of each other."""
    said = only("allocation", "request", requests, "judgement")
    return [
        Decision(judgement, max(0, allocated + requested - quantity), rule)
        for (quantity, allocated, requested), (judgement, rule) in zip(requests, said, strict=True)
    ]
