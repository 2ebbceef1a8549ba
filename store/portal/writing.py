"""Writes what requests and decisions have changed into the book, many rows a statement, and into the change log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
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
_DECISION: Final = ("line_id", "decision", "decided_on", "decided_by", "reason")


_ADDED: Final = {
    "authorizations": (_AUTHORIZATION, "n.authorization", ""),
    "deployed_entitlements": (
        _HELD,
        "a.authorization || '|' || d.definition || '|' || n.number",
        "JOIN authorizations a ON a.id = n.authorization_id JOIN entitlement_definitions d ON d.id = n.definition_id",
    ),
    "decisions": (
        ("id", *_DECISION),
        "r.request || '|' || l.line",
        "JOIN request_lines l ON l.id = n.line_id JOIN requests r ON r.id = l.request_id",
    ),
    "charges": (Entry._fields, "n.request || '|' || n.line", ""),
}
"""Tables in which rows are added: their columns, their keys for people, and what those are joined from."""


def write(book: Book, state: State, definitions: Mapping[int, str], known: Known | None = None) -> None:
    """Store what is new in a state. Inside a transaction; lines of requests have their rows already.

    `definitions` are the names of definitions by id. Each added and changed row is logged. During an import, `known`
    leaves out the rows that this import itself has added: they come and go with it.
    """
    before = {table: _end(book, table) for table in _ADDED}
    made = [
        (a.id, a.authorization, a.title, a.holder, iso(a.authorized_on), a.units, "portal") for a in state.authorized
    ]
    bulk.insert(book, "authorizations", _AUTHORIZATION, made)
    changed = _write_lines(book, state)
    replaced = [held for held in state.replaced if held.id <= before["deployed_entitlements"]]
    book.many(
        "UPDATE deployed_entitlements SET replaced_on = ? WHERE id = ?",
        [(iso(held.replaced_on), held.id) for held in replaced],
    )
    bulk.insert(book, "deployed_entitlements", _HELD, map(_held_row, state.deployed))
    decided = ((one.line.id, one.decision, iso(one.day), one.by, one.reason) for one in state.decisions)
    bulk.insert(book, "decisions", _DECISION, decided)
    ledger.post(book, map(_entry, state.charges))
    _log(book, sorted(_changes(changed, replaced, definitions, known or {}), key=itemgetter(1, 2)))
    if known is None:
        for table, after in before.items():
            _log_added(book, table, after)


def _end(book: Book, table: str) -> int:
    """The largest id of a table, 0 if it is empty."""
    return book.value(f"SELECT coalesce(max(id), 0) FROM {table}")


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


def _name(held: Held, definitions: Mapping[int, str]) -> str:
    return f"{held.authorization.authorization}|{definitions[held.definition]}|{held.number}"


def _log_added(book: Book, table: str, after: int) -> None:
    """Log the rows of a table with ids after one; sorted by their keys, the index of the log takes them quicker."""
    columns, named, joins = _ADDED[table]
    image = ", ".join(f"'{column}', n.{column}" for column in columns)
    book.run(
        f"""INSERT INTO change_log (at, who, action, subject, key, row_key, after, step_id)
            SELECT ?, ?, 'add', '{table}', {named}, json_object('id', n.id), json_object({image}), ?
            FROM {table} n {joins} WHERE n.id > ? ORDER BY 5""",
        (book.now(), book.who, book.hand.step, after),
    )


_LOGGED: Final = tuple("at who action subject key row_key before after step_id".split())


def _log(book: Book, entries: Iterable[_Entry]) -> None:
    head, step = (book.now(), book.who), book.hand.step
    rows = (
        (*head, action, table, named, f'{{"id":{number}}}', _image(before), _image(after), step)
        for action, table, named, number, before, after in entries
    )
    bulk.insert(book, "change_log", _LOGGED, rows)


def _image(image: Mapping[str, Any] | None) -> str | None:
    return None if image is None else orjson.dumps(image).decode()
