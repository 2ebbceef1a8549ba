"""What a person does with authorizations: who may use a title, what is deployed on top of that, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from operator import itemgetter

from rules import optional_entitlements
from rules.optional_entitlements import Authorization as Fact
from rules.optional_entitlements import Deployment
from store import names, rows, uses
from store.book import Book, Row
from store.errors import Unfit, Unknown
from store.facts import ordinal
from store.portal.records import Authorization, Deployed, Period, Span
from store.tables import Authorization as Table
from store.tables import DeployedEntitlement


def save(book: Book, authorization: Authorization) -> None:
    """Add an authorization or change it, without a request and without a charge.

    Raises Unknown for a title that does not exist, Unfit for impossible values, and for another title or holder once
    something is deployed on it or was requested for it, and for a day after its end.
    """
    key = {"authorization": names.name(authorization.authorization, "authorization")}
    if authorization.units < 1:
        raise Unfit(f"units: {authorization.units} is not possible; 1 or more is.")
    with book.transaction():
        values = {
            "title_id": names.number(book, "titles", authorization.title),
            "holder": names.name(authorization.holder, "holder"),
            "authorized_on": authorization.authorized_on.isoformat(),
            "units": names.units(authorization.units, "units"),
        }
        begin = authorization.authorized_on.isoformat()
        held = rows.find(book, Table, key)
        if held is not None and any(held[column] != values[column] for column in ("title_id", "holder")):
            uses.refuse(book, "authorizations", held["id"], authorization.authorization)
        if held is not None and (held["ended_on"] or begin) < begin:
            raise Unfit(f"authorized on: {begin} lies after its end, {held['ended_on']}.")
        rows.save(book, Table, key, values, named=key["authorization"])


def end(book: Book, authorization: str, on: date | None) -> None:
    """End an authorization: from that day on its holder has it no more, and all that is deployed on it is ended.

    Its row and all periods stay. None takes the end back. Raises Unknown; Unfit for a day before it began.
    """
    with book.transaction():
        held = rows.get(book, Table, names.number(book, "authorizations", authorization))
        if on is not None and on.isoformat() < held["authorized_on"]:
            raise Unfit(f"ended on: {on} lies before the authorization, {held['authorized_on']}.")
        day = None if on is None else on.isoformat()
        rows.save(book, Table, {"id": held["id"]}, {"ended_on": day}, named=held["authorization"])


def remove(book: Book, authorization: str) -> None:
    """Remove an authorization on which nothing was ever deployed and that no request led to.

    Raises Unknown; Unfit, naming what uses it: then it can be ended.
    """
    with book.transaction():
        number = names.number(book, "authorizations", authorization)
        uses.refuse(book, "authorizations", number, authorization)
        rows.remove(book, Table, {"id": number}, named=authorization)


def exists(book: Book, authorization: str) -> bool:
    """Whether there is an authorization of that name."""
    return rows.find(book, Table, {"authorization": authorization.strip()}) is not None


def propose_name(book: Book) -> str:
    """A name that no authorization has: A-1, and on from there."""
    taken = book.rows("SELECT substr(authorization, 3) FROM authorizations WHERE authorization GLOB 'A-*'")
    return f"A-{max([int(rest) for (rest,) in taken if rest.isascii() and rest.isdigit()], default=0) + 1}"


def read(book: Book, authorization: str) -> Authorization:
    """The authorization of that name. Raises Unknown."""
    return of(book, rows.get(book, Table, names.number(book, "authorizations", authorization)))


def of(book: Book, row: rows.Values) -> Authorization:
    """A row of authorizations as a record."""
    title = book.value("SELECT title FROM titles WHERE id = ?", (row["title_id"],))
    day = date.fromisoformat(row["authorized_on"])
    return Authorization(row["authorization"], title, row["holder"], day, row["units"])


def states(book: Book, as_of: date, authorizations: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The state of authorizations on a day (`rules.vocabulary.AUTHORIZATION_STATES`), and the rule that says so."""
    marks = ", ".join("?" * len(authorizations))
    sql = f"SELECT authorization, authorized_on, ended_on FROM authorizations WHERE authorization IN ({marks})"
    found = book.rows(sql, authorizations)
    facts = [Fact(ordinal(first), ordinal(ended), as_of.toordinal()) for _, first, ended in found]
    return {row[0]: state for row, state in zip(found, optional_entitlements.authorizations(facts), strict=True)}


# ---------------------------------------------------------------------------------------------------------- deployed
def enter(book: Book, authorization: str, definition: str, span: Span) -> None:
    """Enter what an authorization holds already, without a request and without a charge, or correct that.

    Raises Unknown; Unfit for impossible values, for an entitlement of another title, and once a request brought it or
    has replaced it: then it is changed by a request.
    """
    if span.quantity < 1:
        raise Unfit(f"quantity: {span.quantity} is not possible; 1 or more is.")
    start, last = names.term(span.start, span.end)
    with book.transaction():
        number = names.number(book, "authorizations", authorization)
        offered = names.number(book, "entitlement_definitions", definition)
        titles = "SELECT title_id FROM {} WHERE id = ?"
        of_title = book.value(titles.format("entitlement_definitions"), (offered,))
        if book.value(titles.format("authorizations"), (number,)) != of_title:
            raise Unfit(f"{definition!r} is an entitlement of another title than {authorization!r}.")
        key = {"authorization_id": number, "definition_id": offered, "number": 1}
        held = rows.find(book, DeployedEntitlement, key)
        if held is not None and (held["line_id"] is not None or held["replaced_on"] is not None):
            raise Unfit(f"{definition!r} of {authorization!r} was requested since. Request the change, too.")
        values = {"quantity": names.units(span.quantity, "quantity"), "starts_on": start, "ends_on": last}
        rows.save(book, DeployedEntitlement, key, values, named=f"{authorization}|{definition}|1")


def deployed(book: Book, authorization: str, as_of: date) -> list[Deployed]:
    """What an authorization holds, each with its state on a day and all of its periods. Raises Unknown."""
    number = names.number(book, "authorizations", authorization)
    return list(_deployed(book, as_of, "a.id = ?", (number,)))


def held(book: Book, authorization: str, definition: str, as_of: date) -> Deployed:
    """What an authorization holds of one definition. Raises Unknown."""
    found = [one for one in deployed(book, authorization, as_of) if one.definition == definition]
    if not found:
        raise Unknown(f"{authorization!r} holds nothing of {definition!r}.")
    return found[0]


def every_deployed(book: Book, as_of: date) -> Iterator[Deployed]:
    """Everything that is deployed, by authorization and definition."""
    return _deployed(book, as_of, "1", ())


_PERIODS = """
SELECT a.authorization, d.definition, e.quantity, e.starts_on, e.ends_on, e.replaced_on,
    coalesce(r.request || '|' || l.line, ''), a.ended_on
FROM authorizations a JOIN deployed_entitlements e ON e.authorization_id = a.id
JOIN entitlement_definitions d ON d.id = e.definition_id LEFT JOIN request_lines l ON l.id = e.line_id
LEFT JOIN requests r ON r.id = l.request_id WHERE {} ORDER BY a.authorization, d.definition, e.number"""

_TOGETHER = 1_000
"""What is judged at once."""


def _deployed(book: Book, as_of: date, condition: str, values: Sequence[object]) -> Iterator[Deployed]:
    rows = book.each(_PERIODS.format(condition), values)
    groups = (list(group) for _, group in groupby(rows, key=itemgetter(0, 1)))
    while some := list(islice(groups, _TOGETHER)):
        states = optional_entitlements.deployments([_fact(found[-1], as_of) for found in some])
        for found, state in zip(some, states, strict=True):
            last = found[-1]
            yield Deployed(last[0], last[1], _span(last), *state, tuple(map(_period, found)))


def _fact(row: Row, as_of: date) -> Deployment:
    return Deployment(ordinal(row[3]), ordinal(row[4]), ordinal(row[7]), as_of.toordinal())


def _span(row: Row) -> Span:
    return Span(row[2], date.fromisoformat(row[3]), _date(row[4]))


def _period(row: Row) -> Period:
    return Period(row[2], date.fromisoformat(row[3]), _date(row[4]), _date(row[5]), row[6])


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
