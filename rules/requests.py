"""Who may request what, what waits for an approver, and what an approval leads to (rulebook/requests.toml).

The rules compare days with each other and never count them, so they are shown facts that they judge alike: with days
next to the day of the request. There are a few hundred of those, however many lines are judged; each is judged once.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from rules.conclusions import Ruling, agreed
from rules.terms import Fact

SUBJECT: Final = "requests"

_DAY: Final = 10
"""The day of the request in the facts that stand for others."""


class Title(NamedTuple):
    """A title as it is asked for; orderable is 1 or 0."""

    orderable: int


class Wish(NamedTuple):
    """An optional entitlement as it is asked for on a day (ordinals; `NEVER` for no end and no limit of days).

    together: its title is in the same request and was not refused. authorized_on: since when the holder has the title,
    0 where not. max_days: how long after that it may be requested.
    """

    together: int
    of_title: int
    included: int
    orderable: int
    starts_on: int
    ends_on: int
    contract_ends_on: int
    authorized_on: int
    max_days: int
    asked_on: int


class Choice(NamedTuple):
    """An entitlement beside its title in a cart: whether it is forced, whether the holder has the title already."""

    forced: int
    held: int


class Line(NamedTuple):
    """A line that may be requested: whether it is an entitlement, whether its title is held, and needs approval."""

    entitlement: int
    held: int
    requires_approval: int


class Decision(NamedTuple):
    """A decision on a line: whether it waits for one, whether the requester makes it, and the days of both."""

    pending: int
    own: int
    approves: int
    decided_on: int
    submitted_on: int


class Withdrawal(NamedTuple):
    """A line that somebody wants to take back: whether it is pending, whether it is his own."""

    pending: int
    own: int


class Grant(NamedTuple):
    """A line that was granted or approved; the last two say of its title in the same request whether it still waits,
    or was denied.
    """

    entitlement: int
    held: int
    title_open: int
    title_lost: int


def title(fact: Title) -> Ruling:
    """Return "offered", or "refused" with the reason."""
    return _ruled("title", fact, "offer")


def wish(fact: Wish) -> Ruling:
    """Return "offered", or "refused" with every reason that there is."""
    return _ruled("wish", _near_wish(fact), "offer")


def choice(fact: Choice) -> Ruling:
    """Return "locked" for an entitlement that goes with its title whether wanted or not, else "free"."""
    return _ruled("choice", fact, "choice")


def line(fact: Line) -> Ruling:
    """Return "granted" for a line that needs no approver, else "pending"."""
    return _ruled("line", fact, "step")


def decision(fact: Decision) -> Ruling:
    """Return "approve", "deny", or "refused" with the reasons why the decision does not count."""
    pending, own, approves, decided_on, submitted_on = fact
    return _ruled("decision", Decision(pending, own, approves, _DAY - (decided_on < submitted_on), _DAY), "decision")


def withdrawal(fact: Withdrawal) -> Ruling:
    """Return "cancelled", or "refused" with the reasons."""
    return _ruled("withdrawal", fact, "outcome")


def grant(fact: Grant) -> Ruling:
    """Return what becomes of a granted line; "deployed" for one that `optional_entitlements.update` decides."""
    return _ruled("grant", fact, "outcome")


def _near_wish(fact: Wish) -> Wish:
    """Return a wish that is judged alike, asked for on day 10."""
    asked_on = fact.asked_on
    since = int(fact.authorized_on > 0)
    late = since and asked_on > fact.authorized_on + fact.max_days
    return Wish(
        *fact[:4],
        _DAY + (fact.starts_on > asked_on),
        _DAY - (fact.ends_on < asked_on),
        _DAY - (fact.contract_ends_on < asked_on),
        since,
        0 if late else _DAY,
        _DAY,
    )


@lru_cache(maxsize=4_096)
def _ruled(kind: str, fact: Fact, word: str) -> Ruling:
    return agreed(SUBJECT, kind, [fact], word)[0]
