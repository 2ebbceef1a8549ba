"""What the store hands out of reviews, and takes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

ALL: Final = "all"
UNDER: Final = "under-licensed"
UNEVEN: Final = "uneven"
SCOPES: Final = (UNDER, UNEVEN, ALL)
"""Which positions a review freezes: what is short; what is not compliant; every one."""


class Position(NamedTuple):
    """What names a position; `model` is "" where there is demand but no entitlement."""

    product: str
    model: str
    metric: str

    def __str__(self) -> str:
        return "|".join(self)


@dataclass(frozen=True)
class Review:
    """A review: the day whose positions it froze, when and by whom it was opened, and signed off ("" while it is not).

    Moments are UTC. `frozen_sha256` is the SHA-256 of what was frozen (see `store.reviews.opening.fingerprint`);
    `decisions` counts the rows by decision, "" for those that have none yet.
    """

    title: str
    as_of: str
    scope: str
    opened_at: str
    opened_by: str
    frozen_sha256: str
    signed_off_at: str
    signed_off_by: str
    decisions: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many positions it has."""
        return sum(self.decisions.values())

    @property
    def decided(self) -> int:
        """On how many of them somebody has decided."""
        return self.rows - self.decisions.get("", 0)

    @property
    def signed(self) -> bool:
        """Whether it is signed off, so that nothing changes any more."""
        return bool(self.signed_off_at)


@dataclass(frozen=True)
class Decision:
    """What a person decides on a position: a word of `REVIEW_DECISIONS` ("" for none yet), a note, who sees to it (a
    user group, "" for nobody), and until when."""

    decision: str = ""
    note: str = ""
    responsible: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Reviewed:
    """A position as it was frozen, and what was decided. Quantities as the book has them (`UNLIMITED`)."""

    position: Position
    active: int
    demand: int
    downgrade: int
    upgrade: int
    balance: int
    status: str
    decision: Decision
