"""What the portal hands out and takes in: plain records, without a database behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rules.vocabulary import NO_VERSIONS, OPTIONAL


@dataclass(frozen=True)
class Title:
    """Software as people request it; it may stand for a product of the book ("" for none).

    `price` is for one unit, in the currency of the book; None is free.
    """

    title: str
    product: str = ""
    requires_approval: bool = True
    orderable: bool = True
    price: Decimal | None = None


@dataclass(frozen=True)
class Definition:
    """An entitlement that a title offers (`kind` optional), or that comes with each of its authorizations (included).

    It may be requested from `starts_on` to `ends_on` (None: no such day), while its contract ("" for none) is valid,
    and at most `max_request_days` after the authorization (None: at any time). `version_right` is one of
    `rules.vocabulary.VERSION_RIGHTS`. `unit_price` is for one of the quantity, in the currency of the book.
    """

    definition: str
    title: str
    kind: str = OPTIONAL
    unit_price: Decimal | None = None
    max_request_days: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    contract: str = ""
    orderable: bool = True
    forced: bool = False
    version_right: str = NO_VERSIONS


@dataclass(frozen=True)
class Authorization:
    """A title that a holder (a device, a person or a group) may use without asking, from a day on."""

    authorization: str
    title: str
    holder: str
    authorized_on: date
    units: int = 1


@dataclass(frozen=True)
class Span:
    """A quantity from a first to a last valid day; None is without end."""

    quantity: int
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Period(Span):
    """A span that an authorization holds or held; `replaced_on` is the day on which another took its place, or None.

    `line` is "request|line" of what brought it, "" for what was entered.
    """

    replaced_on: date | None = None
    line: str = ""


@dataclass(frozen=True)
class Deployed:
    """What an authorization holds of a definition: its present span, its state on the day, and all periods so far."""

    authorization: str
    definition: str
    span: Span
    state: str
    rule: str
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class Line:
    """One thing of a request: a title (`kind` title), or an optional entitlement of a title that is in it, too.

    An entitlement without a start begins on the day of the request.
    """

    line: str
    kind: str
    title: str
    definition: str = ""
    quantity: int = 1
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Request:
    """What somebody asks for, for a holder, on a day."""

    request: str
    requester: str
    holder: str
    submitted_on: date
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Decision:
    """What somebody decided on a line: approve or deny, on a day, with a reason (needed for a denial)."""

    request: str
    line: str
    decision: str
    decided_on: date
    decided_by: str
    reason: str = ""


class Effect(NamedTuple):
    """What a line leads to.

    `step` is granted, pending or refused: what happens on the request. `outcome` (one of
    `rules.vocabulary.OUTCOMES`), `before`, `after`, `amount` and `warnings` are what it comes to once it is approved.
    `amount` is what is charged then, None for nothing. `rules` are the rules behind it, in order.
    """

    request: str
    line: str
    kind: str
    title: str
    definition: str
    holder: str
    step: str
    outcome: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    before: Span | None
    after: Span | None
    amount: Decimal | None
    currency: str
    authorization: str
    rules: tuple[str, ...]
