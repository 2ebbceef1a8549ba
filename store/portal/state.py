"""What the portal knows of some holders, in memory: what requests and decisions are judged against, and change.

Ids stand for rows of the book; days are ordinals, NEVER without end. Nothing here writes: `store.portal.writing` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from rules.vocabulary import NEVER
from store import settings
from store.book import Book, Row
from store.facts import ordinal

Trail = list[tuple[tuple[str, ...], tuple[int, ...]]]
"""The rules that decided on a line, in order: their names, and the fact that they were shown."""


class Title(NamedTuple):
    """A title by what rules see of it, and its price."""

    requires_approval: int
    orderable: int
    price: str | None


class Definition(NamedTuple):
    """An entitlement definition by what rules see of it, and its price."""

    title: int
    included: int
    orderable: int
    forced: int
    starts_on: int
    ends_on: int
    contract_ends_on: int
    max_days: int
    price: str | None


@dataclass(slots=True)
class Authorization:
    """A title that a holder has, until it is ended."""

    id: int
    authorization: str
    title: int
    holder: str
    authorized_on: int
    ended_on: int = NEVER
    units: int = 1


@dataclass(slots=True)
class Held:
    """The present period of what an authorization holds of a definition."""

    id: int
    authorization: Authorization
    definition: int
    number: int
    quantity: int
    starts_on: int
    ends_on: int
    line: int | None = None
    replaced_on: int = NEVER


@dataclass(slots=True)
class Asked:
    """A line of a request, and what became of it so far."""

    id: int
    request_id: int
    request: str
    line: str
    kind: str
    title: int
    definition: int | None
    quantity: int
    starts_on: int
    ends_on: int
    requester: str
    holder: str
    submitted_on: int
    decided: bool = False
    price: str | None = None
    currency: str = ""
    outcome: str = ""
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    trail: Trail = field(default_factory=Trail)
    authorization: Authorization | None = None
    before: Held | None = None
    after: Held | None = None
    amount: str | None = None
    was: Row | None = None
    """What the book holds in the columns of `OUTCOME`; None where the line is not in the book yet."""

    def outcome_row(self) -> Row:
        """What the book is to hold in the columns of `OUTCOME`."""
        return (
            self.price,
            self.currency,
            self.outcome,
            _json(self.reasons),
            _json(self.warnings),
            orjson.dumps(self.trail, default=tuple).decode(),
            self.authorization.id if self.authorization else None,
        )


OUTCOME = ("price", "currency", "outcome", "reasons", "warnings", "trail", "authorization_id")
"""The columns of a line that rules and decisions fill."""


def _json(words: tuple[str, ...]) -> str:
    return orjson.dumps(words).decode() if words else "[]"


class Charge(NamedTuple):
    """An entry of the ledger that is to be made."""

    line: Asked
    amount: str
    day: int
    rule: str


class Decided(NamedTuple):
    """A decision that is to be stored."""

    line: Asked
    decision: str
    day: int
    by: str
    reason: str


@dataclass(slots=True)
class State:
    """The book as far as some holders are concerned, and what is new in it."""

    currency: str
    titles: Mapping[int, Title]
    definitions: Mapping[int, Definition]
    next_authorization: int
    next_held: int
    names: set[str]
    """Names of authorizations that are taken."""
    authorizations: dict[tuple[int, str], list[Authorization]]
    held: dict[tuple[int, int], Held]
    lines: dict[int, list[Asked]]
    """Request -> its lines."""
    authorized: list[Authorization] = field(default_factory=list[Authorization])
    deployed: list[Held] = field(default_factory=list[Held])
    replaced: list[Held] = field(default_factory=list[Held])
    charges: list[Charge] = field(default_factory=list[Charge])
    decisions: list[Decided] = field(default_factory=list[Decided])

    def authorization(self, title: int, holder: str, day: int) -> Authorization | None:
        """The oldest authorization of a title that a holder has not lost by a day."""
        return next((one for one in self.authorizations.get((title, holder), ()) if one.ended_on > day), None)


def read(book: Book, holders: Iterable[str], requests: Iterable[int] = ()) -> State:
    """What the book knows of some holders, with the lines of some requests (ids)."""
    listed = orjson.dumps(sorted(set(holders))).decode()
    authorizations: dict[tuple[int, str], list[Authorization]] = defaultdict(list)
    by_id: dict[int, Authorization] = {}
    for row in book.each(_AUTHORIZATIONS, (listed,)):
        number, name, title, holder, begin, end, units = row
        one = Authorization(number, name, title, holder, ordinal(begin), ordinal(end), units)
        authorizations[one.title, one.holder].append(one)
        by_id[one.id] = one
    held: dict[tuple[int, int], Held] = {}
    for number, authorization, definition, count, quantity, begin, end, line in book.each(_HELD, (listed,)):
        owner = by_id[authorization]
        held[authorization, definition] = Held(
            number, owner, definition, count, quantity, ordinal(begin), ordinal(end), line
        )
    return State(
        settings.get(book, "currency"),
        {
            row[0]: Title._make(row[1:])
            for row in book.rows("SELECT id, requires_approval, orderable, price FROM titles")
        },
        {row[0]: _definition(row[1:]) for row in book.rows(_DEFINITIONS)},
        _next(book, "authorizations"),
        _next(book, "deployed_entitlements"),
        {row[0] for row in book.each("SELECT authorization FROM authorizations")},
        authorizations,
        held,
        lines(book, requests, by_id),
    )


def _next(book: Book, table: str) -> int:
    return book.value(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")


def _definition(row: Row) -> Definition:
    title, included, orderable, forced, starts_on, ends_on, contract_ends_on, max_days, price = row
    begin = ordinal(starts_on) if starts_on else 0
    limit = NEVER if max_days is None else max_days
    return Definition(
        title, included, orderable, forced, begin, ordinal(ends_on), ordinal(contract_ends_on), limit, price
    )


def lines(book: Book, requests: Iterable[int], known: Mapping[int, Authorization]) -> dict[int, list[Asked]]:
    """The lines of some requests (ids), by request."""
    found: dict[int, list[Asked]] = defaultdict(list)
    for row in book.each(_LINES, (orjson.dumps(sorted(set(requests))).decode(),)):
        line = asked(row[:13], decided=bool(row[20]))
        line.was = row[13:20]
        line.price, line.currency, line.outcome = row[13:16]
        line.reasons, line.warnings = tuple(orjson.loads(row[16])), tuple(orjson.loads(row[17]))
        line.trail = [(tuple(names), tuple(fact)) for names, fact in orjson.loads(row[18])]
        line.authorization = known.get(row[19])
        found[line.request_id].append(line)
    return found


def asked(row: Row, *, decided: bool = False) -> Asked:
    """A line from a row of `LINE`. An entitlement without a first day begins on the day of the request."""
    number, request_id, request, line, kind, title, definition, quantity, begin, end, requester, holder, day = row
    asked_on = ordinal(day)
    days = ordinal(begin) if begin else asked_on, ordinal(end)
    who = requester, holder
    return Asked(number, request_id, request, line, kind, title, definition, quantity, *days, *who, asked_on, decided)


CONTRACT_END = """(SELECT CASE WHEN count(*) = count(i.license_end) THEN max(i.license_end) END
    FROM contract_items i WHERE i.contract_id = d.contract_id)"""
"""The last valid day of a definition's contract: that of its last item; none where one has no end, or without items."""

_DEFINITIONS = f"""
SELECT d.id, d.title_id, d.kind = 'included', d.orderable, d.forced, d.starts_on, d.ends_on, {CONTRACT_END},
    d.max_request_days, d.unit_price FROM entitlement_definitions d"""

_AUTHORIZATIONS = """
SELECT a.id, a.authorization, a.title_id, a.holder, a.authorized_on, a.ended_on, a.units
FROM json_each(?) h CROSS JOIN authorizations a ON a.holder = h.value ORDER BY a.authorized_on, a.id"""

_HELD = """
SELECT e.id, e.authorization_id, e.definition_id, e.number, e.quantity, e.starts_on, e.ends_on, e.line_id
FROM json_each(?) h CROSS JOIN authorizations a ON a.holder = h.value
CROSS JOIN deployed_entitlements e ON e.authorization_id = a.id WHERE e.replaced_on IS NULL"""

LINE = """l.id, l.request_id, r.request, l.line, l.kind, l.title_id, l.definition_id, l.quantity, l.starts_on,
    l.ends_on, r.requester, r.holder, r.submitted_on"""
"""The columns of a line `l` and its request `r` that `asked` takes."""

_LINES = f"""
SELECT {LINE}, l.price, l.currency, l.outcome, l.reasons, l.warnings, l.trail, l.authorization_id,
    EXISTS (SELECT 1 FROM decisions d WHERE d.line_id = l.id)
FROM json_each(?) n CROSS JOIN requests r ON r.id = n.value CROSS JOIN request_lines l ON l.request_id = r.id
ORDER BY l.request_id, l.id"""
