"""Which newer versions an entitlement gives for free (rulebook/version_rights.toml).

Every period in which the entitlement was in force counts, replaced ones, too: what was earned by the release of a
version is not lost by a renewal.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rules import library

SUBJECT: Final = "version_rights"


class Version(NamedTuple):
    """A version beside the one that is held, and one period of the entitlement. Days are ordinals.

    right: one of `vocabulary.VERSION_RIGHTS`. rank: the place of a version in its family, larger is newer; versions are
    of one family where the numbers are equal. The now_ fields are the period that holds now.
    """

    right: str
    family: int
    rank: int
    released_on: int
    held_family: int
    held_rank: int
    starts_on: int
    ends_on: int
    now_starts_on: int
    now_ends_on: int
    as_of: int


class Period(NamedTuple):
    """Days in which an entitlement was to be in force, and the day on which that was replaced (`NEVER` if not)."""

    starts_on: int
    ends_on: int
    replaced_on: int


class Newer(NamedTuple):
    """A newer version that may be free: family, rank, day of release."""

    family: int
    rank: int
    released_on: int


def in_force(periods: Sequence[Period]) -> list[tuple[int, int]]:
    """Return of every period, oldest first, the days in which it really was in force.

    A replaced period ends where the next one takes over: on the day of the replacement, or on the day before the next
    one begins if that is later. One that is replaced before it began has its last day before its first.
    """
    found = [
        (one.starts_on, min(one.ends_on, max(one.replaced_on, later.starts_on - 1))) for one, later in pairwise(periods)
    ]
    return [*found, *[(one.starts_on, one.ends_on) for one in periods[-1:]]]


def free(
    right: str, held: Newer, newer: Sequence[Newer], periods: Sequence[Period], as_of: int
) -> list[tuple[str, ...]]:
    """Return for every newer version the rules by which one of the periods gives it; none where it is not free."""
    spans = in_force(periods)
    if not spans or not newer:
        return [()] * len(newer)
    now = spans[-1]
    facts = [
        Version(right, *version, held.family, held.rank, *span, *now, as_of) for version in newer for span in spans
    ]
    fired = library.engine(SUBJECT).conclude("version", facts)
    rules = [tuple(rule.name for rule in one) for one in fired]
    return [max(rules[start : start + len(spans)], key=len) for start in range(0, len(rules), len(spans))]
