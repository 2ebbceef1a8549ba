"""What a person does with entitlement definitions: what a title offers beside the right to use it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules import optional_entitlements
from rules.optional_entitlements import Definition as Fact
from rules.vocabulary import DEFINITION_KINDS, INCLUDED, VERSION_RIGHTS
from store import names, rows, uses
from store.book import Book
from store.errors import Unfit
from store.facts import iso, ordinal
from store.portal.records import Definition
from store.portal.state import CONTRACT_END
from store.tables import EntitlementDefinition as Table


def save(book: Book, definition: Definition) -> None:
    """Add a definition or change it. What is deployed stays as it is.

    Raises Unknown for a title or contract that does not exist, Unfit for impossible values, and for another title or
    kind once somebody holds or has requested it.
    """
    key = {"definition": names.name(definition.definition, "definition")}
    _check(definition)
    with book.transaction():
        values = {
            "title_id": names.number(book, "titles", definition.title),
            "kind": definition.kind,
            "unit_price": names.price(definition.unit_price),
            "max_request_days": definition.max_request_days,
            "starts_on": _day(definition.starts_on),
            "ends_on": _day(definition.ends_on),
            "contract_id": names.optional(book, "contracts", definition.contract),
            "orderable": int(definition.orderable),
            "forced": int(definition.forced),
            "version_right": definition.version_right,
        }
        held = rows.find(book, Table, key)
        if held is not None and any(held[column] != values[column] for column in ("title_id", "kind")):
            uses.refuse(book, "entitlement_definitions", held["id"], definition.definition)
        rows.save(book, Table, key, values, named=key["definition"])


def _check(definition: Definition) -> None:
    if definition.kind not in DEFINITION_KINDS:
        raise Unfit(f"kind: {definition.kind!r} is none; possible are {', '.join(DEFINITION_KINDS)}.")
    if definition.version_right not in VERSION_RIGHTS:
        raise Unfit(f"version right: {definition.version_right!r} is none; possible are {', '.join(VERSION_RIGHTS)}.")
    if definition.starts_on and definition.ends_on and definition.ends_on < definition.starts_on:
        raise Unfit(f"ends on: {definition.ends_on} lies before the first day, {definition.starts_on}.")
    if definition.max_request_days is not None:
        names.units(definition.max_request_days, "request window")


def remove(book: Book, definition: str) -> None:
    """Remove a definition that nothing uses. Raises Unknown; Unfit, naming what uses it."""
    with book.transaction():
        number = names.number(book, "entitlement_definitions", definition)
        uses.refuse(book, "entitlement_definitions", number, definition)
        rows.remove(book, Table, {"id": number}, named=definition)


def exists(book: Book, definition: str) -> bool:
    """Whether there is a definition of that name."""
    return rows.find(book, Table, {"definition": definition.strip()}) is not None


def read(book: Book, definition: str) -> Definition:
    """The definition of that name. Raises Unknown."""
    return of(book, rows.get(book, Table, names.number(book, "entitlement_definitions", definition)))


def of(book: Book, row: rows.Values) -> Definition:
    """A row of definitions as a record."""
    contract = book.one("SELECT contract FROM contracts WHERE id IS ?", (row["contract_id"],))
    return Definition(
        definition=row["definition"],
        title=book.value("SELECT title FROM titles WHERE id = ?", (row["title_id"],)),
        kind=row["kind"],
        unit_price=None if row["unit_price"] is None else Decimal(row["unit_price"]),
        max_request_days=row["max_request_days"],
        starts_on=_date(row["starts_on"]),
        ends_on=_date(row["ends_on"]),
        contract=contract[0] if contract else "",
        orderable=bool(row["orderable"]),
        forced=bool(row["forced"]),
        version_right=row["version_right"],
    )


def effective_end(book: Book, definition: str) -> date | None:
    """The last day on which a definition is in force: its own, or the last valid day of its contract if that is
    earlier. Raises Unknown.
    """
    number = names.number(book, "entitlement_definitions", definition)
    row = book.rows(f"SELECT d.ends_on, {CONTRACT_END} FROM entitlement_definitions d WHERE d.id = ?", (number,))[0]
    return _date(iso(min(map(ordinal, row))))


def states(book: Book, as_of: date, definitions: list[str]) -> dict[str, tuple[str, str]]:
    """The state of definitions on a day (one of `rules.vocabulary.DEFINITION_STATES`), and the rule that says so."""
    marks = ", ".join("?" * len(definitions))
    found = book.rows(
        f"""SELECT d.definition, d.kind, d.orderable, d.starts_on, d.ends_on, {CONTRACT_END}
            FROM entitlement_definitions d WHERE d.definition IN ({marks})""",
        definitions,
    )
    facts = [
        Fact(int(kind == INCLUDED), orderable, ordinal(first) if first else 0, last, as_of.toordinal())
        for _, kind, orderable, first, *ends in found
        for last in [min(map(ordinal, ends))]
    ]
    return {row[0]: state for row, state in zip(found, optional_entitlements.definitions(facts), strict=True)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
