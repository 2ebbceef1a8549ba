"""The timeline of an authorization: a lane for each entitlement, with every period that it has had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from store import derivation, facts, rows
from store.book import Book
from store.portal import authorizations
from store.portal.records import Deployed, Period
from store.portraits.timeline import Bar, Lane, Mark, Timeline
from store.tables import Authorization as Table

NOTHING: Final = Timeline((), (), ())


def timeline(book: Book, key: str) -> Timeline:
    """The authorization itself first, then its entitlements by name; an empty one when it is gone."""
    row = rows.find(book, Table, {"authorization": key})
    if row is None:
        return NOTHING
    title = authorizations.of(book, row).title
    first, ended = facts.ordinal(row["authorized_on"]), row["ended_on"]
    last = facts.ordinal(ended) - 1 if ended else None
    deployed = authorizations.deployed(book, key, date.fromordinal(derivation.day_of(book).as_of))
    whole = Bar("authorized", first, last, row["units"], title, "", "")
    marks = sorted(_marks(title, first, last, deployed), key=lambda mark: mark.day)
    lanes = [Lane(one.definition, tuple(_bar(one, period, last) for period in one.periods)) for one in deployed]
    return Timeline((), (), tuple(marks), (Lane("Authorization", (whole,)), *lanes))


def _marks(title: str, first: int, last: int | None, deployed: list[Deployed]) -> Iterator[Mark]:
    yield Mark(first, "authorized", -1, "", "", title)
    if last is not None:
        yield Mark(last + 1, "authorization-ended", -1, "", "", title)
    for one in deployed:
        if one.span.end is not None:
            yield Mark(one.span.end.toordinal(), "entitlement-end", -1, "", "", one.definition)


def _bar(deployed: Deployed, period: Period, last: int | None) -> Bar:
    """A period as long as it was in force: until its end, until another took its place, or until all was ended."""
    first = period.start.toordinal()
    ends = [last] if last is not None else []
    ends += [period.end.toordinal()] if period.end else []
    ends += [period.replaced_on.toordinal() - 1] if period.replaced_on else []
    request, _, line = period.line.rpartition("|")
    kind = "replaced" if period.replaced_on else "deployed"
    until = max(first, min(ends)) if ends else None
    return Bar(kind, first, until, period.quantity, deployed.definition, "", line, request)
