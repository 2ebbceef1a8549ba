"""When an approved entitlement creates or replaces what is held, and its states (rulebook/optional_entitlements.toml).

A start is no field of what decides: it is replaced together with quantity and end, and triggers nothing.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple, cast

from rules import library
from rules.conclusions import Ruling, agreed, only

SUBJECT: Final = "optional_entitlements"


class Update(NamedTuple):
    """What an authorization holds (held 0: nothing), and what was approved. Days are ordinals, `NEVER` without end."""

    held: int
    quantity: int
    ends_on: int
    new_quantity: int
    new_ends_on: int


class Effect(NamedTuple):
    """What is replaced (replaced 1) or left as it is (0) by an approval on a day."""

    replaced: int
    quantity: int
    starts_on: int
    ends_on: int
    new_quantity: int
    new_starts_on: int
    new_ends_on: int
    approved_on: int


class Deployment(NamedTuple):
    """What an authorization holds, the day on which that was ended (`NEVER` if not), and the day of judgement."""

    starts_on: int
    ends_on: int
    ended_on: int
    as_of: int


class Authorization(NamedTuple):
    """Since when a title is authorized, the day on which that was ended (`NEVER` if not), and the day of judgement."""

    authorized_on: int
    ended_on: int
    as_of: int


class Definition(NamedTuple):
    """An entitlement definition on a day: kind and flag as 1 or 0, first and effective last day."""

    included: int
    orderable: int
    starts_on: int
    ends_on: int
    as_of: int


class Warned(NamedTuple):
    """The warnings of an effect, each once, and the rules that give them."""

    warnings: tuple[str, ...]
    rules: tuple[str, ...]


def updates(facts: Sequence[Update]) -> list[Ruling]:
    """Return for every approved entitlement "created", "replaced" with the reasons, or "no-change"."""
    return [_updated(*_near(*fact)) for fact in facts]


def update(fact: Update) -> Ruling:
    """Return the same for a single one."""
    return _updated(*_near(*fact))


def effects(facts: Sequence[Effect]) -> list[Warned]:
    """Return for every effect what it is warned of."""
    return [_warned(*_in_order(*fact)) for fact in facts]


def effect(fact: Effect) -> Warned:
    """Return the same for a single one."""
    return _warned(*_in_order(*fact))


def deployments(facts: Sequence[Deployment]) -> list[tuple[str, str]]:
    """Return for everything that authorizations hold its state and the name of the rule."""
    return only(SUBJECT, "deployment", facts, "state")


def authorizations(facts: Sequence[Authorization]) -> list[tuple[str, str]]:
    """Return for every authorization its state and the name of the rule."""
    return only(SUBJECT, "authorization", facts, "state")


def definitions(facts: Sequence[Definition]) -> list[tuple[str, str]]:
    """Return for every entitlement definition its state and the name of the rule."""
    return only(SUBJECT, "definition", facts, "state")


Numbers = tuple[int, ...]


def _near(held: int, quantity: int, ends_on: int, new_quantity: int, new_ends_on: int) -> Numbers:
    """Return an update that the rules judge alike: they only see which of two numbers is larger."""
    if not held:
        return 0, 0, 0, 0, 0
    return 1, 1, 1, 1 + _sign(new_quantity - quantity), 1 + _sign(new_ends_on - ends_on)


def _in_order(
    replaced: int, quantity: int, starts_on: int, ends_on: int, units: int, start: int, end: int, day: int
) -> Numbers:
    """Return an effect that the rules judge alike: its days in the same order, next to each other.

    The day after the old end is one of them, so that it still is the day after it.
    """
    at = sorted({starts_on, ends_on, ends_on + 1, start, end, day}).index
    return replaced, 1, at(starts_on), at(ends_on), 1 + _sign(units - quantity), at(start), at(end), at(day)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


@lru_cache(maxsize=64)
def _updated(*numbers: int) -> Ruling:
    return agreed(SUBJECT, "update", [Update(*numbers)], "outcome")[0]


@lru_cache(maxsize=4_096)
def _warned(*numbers: int) -> Warned:
    (rules,) = library.engine(SUBJECT).conclude("effect", [Effect(*numbers)])
    warnings = dict.fromkeys(cast("str", rule.then["warning"]) for rule in rules)
    return Warned(tuple(warnings), tuple(rule.name for rule in rules))
