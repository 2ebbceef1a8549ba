"""Why the records of the portal are what they are: states by their days, and lines of requests by all their rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.optional_entitlements import Authorization, Definition, Deployment
from store import derivation, facts, rows
from store.book import Book
from store.portal import authorizations, definitions, requests
from store.portraits.reasons import Reason, of_fact
from store.portraits.shape import Link
from store.tables import Authorization as AuthorizationTable
from store.tables import EntitlementDefinition


def of_definition(book: Book, key: str) -> list[Reason]:
    """The state of a definition; none if it is gone."""
    row = rows.find(book, EntitlementDefinition, {"definition": key})
    if row is None:
        return []
    as_of = derivation.day_of(book).as_of
    _, rule = definitions.states(book, date.fromordinal(as_of), [key])[key]
    last = definitions.effective_end(book, key)
    first = facts.ordinal(row["starts_on"]) if row["starts_on"] else 0
    ends = last.toordinal() if last else facts.ordinal(None)
    fact = Definition(int(row["kind"] == "included"), row["orderable"], first, ends, as_of)
    contract = definitions.of(book, row).contract
    return [of_fact("state", rule, fact, links=[Link("contract", contract, contract)] if contract else [])]


def of_authorization(book: Book, key: str) -> list[Reason]:
    """The state of an authorization, and that of everything deployed on it; none if it is gone."""
    row = rows.find(book, AuthorizationTable, {"authorization": key})
    return [] if row is None else list(_states(book, row, date.fromordinal(derivation.day_of(book).as_of)))


def _states(book: Book, row: rows.Values, as_of: date) -> Iterator[Reason]:
    name, ended, day = row["authorization"], facts.ordinal(row["ended_on"]), as_of.toordinal()
    _, rule = authorizations.states(book, as_of, [name])[name]
    yield of_fact("state", rule, Authorization(facts.ordinal(row["authorized_on"]), ended, day))
    for one in authorizations.deployed(book, name, as_of):
        last = one.span.end.toordinal() if one.span.end else facts.ordinal(None)
        fact = Deployment(one.span.start.toordinal(), last, ended, day)
        link = Link("definition", one.definition, one.definition)
        yield of_fact("state", one.rule, fact, about=one.definition, links=[link])


def of_request(book: Book, key: str) -> list[Reason]:
    """Every rule that has decided on a line of a request, in the order of its lines; none if it is gone."""
    if not requests.exists(book, key):
        return []
    return [
        of_fact("request", rule, fact, about=f"line {line}, {what}")
        for line, what, trail in requests.trails(book, key)
        for names, fact in trail
        for rule in names
    ]
