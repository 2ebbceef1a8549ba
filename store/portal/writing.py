"""Writes what requests and decisions have changed into the book, many rows a statement, and into the change log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from rules.vocabulary import DEBIT
from store import bulk
from store.book import Book, Row
from store.facts import iso
from store.portal import ledger
from store.portal.ledger import Entry
from store.portal.state import OUTCOME, Asked, Held, State

Known = Mapping[str, int]
"""Table -> the largest id before an import."""

_Entry = tuple[str, str, str, int, Mapping[str, Any] | None, Mapping[str, Any] | None]
"""What the change log is told: action, table, key for people, id, what was, what is."""

_AUTHORIZATION: Final = ("id", "authorization", "title_id", "holder", "authorized_on", "units", "how")
_HELD: Final = (
    *("id", "authorization_id", "definition_id", "number", "quantity", "starts_on", "ends_on"),
    *("replaced_on", "line_id"),
)
_DECISION: Final = ("id", "line_id", "decision", "decided_on", "decided_by", "reason")


def write(book: Book, state: State, definitions: Mapping[int, str], known: Known | None = None) -> None:
    """Store what is new in a state. Inside a transaction; lines of requests have their rows already.

    `definitions` are the names of definitions by id. Each added and changed row is logged. During an import, `known`
    leaves out the rows that this import itself has added: they come and go with it.
    """
    authorizations = [
        (a.id, a.authorization, a.title, a.holder, iso(a.authorized_on), a.units, "portal") for a in state.authorized
    ]
    decisions = _decisions(book, state)
    before = ledger_end(book)
    bulk.insert(book, "authorizations", _AUTHORIZATION, authorizations)
    changed = _write_lines(book, state)
    replaced = [held for held in state.replaced if held.id < _first(state)]
    book.many(
        "UPDATE deployed_entitlements SET replaced_on = ? WHERE id = ?",
        [(iso(held.replaced_on), held.id) for held in replaced],
    )
    bulk.insert(book, "deployed_entitlements", _HELD, list(map(_held_row, state.deployed)))
    bulk.insert(book, "decisions", _DECISION, decisions)
    ledger.post(book, map(_entry, state.charges))
    _log(book, _changes(changed, replaced, definitions, known or {}))
    if known is None:
        _log(book, _additions(state, authorizations, decisions, definitions))
        for (number,) in book.rows("SELECT id FROM charges WHERE id > ? ORDER BY id", (before,)):
            ledger.log(book, "add", number)


def ledger_end(book: Book) -> int:
    """The id of the last entry of the ledger, 0 if there is none."""
    return book.value("SELECT coalesce(max(id), 0) FROM charges")


def _first(state: State) -> int:
    """The id of the first period that is new."""
    return state.deployed[0].id if state.deployed else state.next_held


def _decisions(book: Book, state: State) -> list[Row]:
    number = book.value("SELECT coalesce(max(id), 0) FROM decisions")
    return [
        (number + place, one.line.id, one.decision, iso(one.day), one.by, one.reason)
        for place, one in enumerate(state.decisions, 1)
    ]


def _write_lines(book: Book, state: State) -> list[tuple[Asked, Row]]:
    """Update the lines that are other than the book has them; they and what the columns hold now."""
    rows = [(line, line.outcome_row()) for lines in state.lines.values() for line in lines]
    changed = [(line, row) for line, row in rows if line.was != row]
    columns = ", ".join(f"{column} = ?" for column in OUTCOME)
    book.many(f"UPDATE request_lines SET {columns} WHERE id = ?", [(*row, line.id) for line, row in changed])
    return changed


def _held_row(held: Held) -> Row:
    replaced_on = iso(held.replaced_on)
    span = held.quantity, iso(held.starts_on), iso(held.ends_on)
    return (held.id, held.authorization.id, held.definition, held.number, *span, replaced_on, held.line)


def _entry(charge: Any) -> Entry:
    line = charge.line
    return Entry(line.request, line.line, DEBIT, charge.amount, line.currency, iso(charge.day) or "", charge.rule)


# -------------------------------------------------------------------------------------------------------- change log
def _changes(
    lines: Sequence[tuple[Asked, Row]], replaced: Iterable[Held], definitions: Mapping[int, str], known: Known
) -> Iterable[_Entry]:
    """Rows that were there before and are changed."""
    last = known.get("request_lines")
    for line, row in lines:
        if line.was is not None and (last is None or line.id <= last):
            old, new = _differing(line.was, row)
            yield "change", "request_lines", f"{line.request}|{line.line}", line.id, old, new
    last = known.get("deployed_entitlements")
    for held in replaced:
        if last is None or held.id <= last:
            name = _name(held, definitions)
            new = {"replaced_on": iso(held.replaced_on)}
            yield "change", "deployed_entitlements", name, held.id, {"replaced_on": None}, new


def _differing(was: Row, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    places = [place for place in range(len(OUTCOME)) if was[place] != row[place]]
    return {OUTCOME[place]: was[place] for place in places}, {OUTCOME[place]: row[place] for place in places}


def _additions(
    state: State, authorizations: Iterable[Row], decisions: Iterable[Row], definitions: Mapping[int, str]
) -> Iterable[_Entry]:
    """Rows that are new."""
    for row in authorizations:
        yield _added("authorizations", row[1], _AUTHORIZATION, row)
    for held in state.deployed:
        yield _added("deployed_entitlements", _name(held, definitions), _HELD, _held_row(held))
    for one, row in zip(state.decisions, decisions, strict=True):
        yield _added("decisions", f"{one.line.request}|{one.line.line}", _DECISION, row)


def _added(table: str, named: str, columns: Sequence[str], row: Row) -> _Entry:
    return "add", table, named, row[0], None, dict(zip(columns, row, strict=True))


def _name(held: Held, definitions: Mapping[int, str]) -> str:
    return f"{held.authorization.authorization}|{definitions[held.definition]}|{held.number}"


def _log(book: Book, entries: Iterable[_Entry]) -> None:
    head, step = (book.now(), book.who), book.hand.step
    book.many(
        "INSERT INTO change_log (at, who, action, subject, key, row_key, before, after, step_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (*head, action, table, named, f'{{"id":{number}}}', _image(before), _image(after), step)
            for action, table, named, number, before, after in entries
        ),
    )


def _image(image: Mapping[str, Any] | None) -> str | None:
    return None if image is None else orjson.dumps(image).decode()
