"""Reverses entries of the change log: what was added goes, what was removed comes back, what changed is as it was.

Before anything is written, the present is compared with what the entry left behind: what somebody else has changed
since is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from store import rows, runs, traces
from store.book import Book
from store.effects import Effects
from store.errors import Unfit
from store.portal import ledger
from store.runs import Run
from store.tables import BY_NAME, Entitlement, Table

Image = dict[str, Any]
"""Columns and values of a row, as the change log has them."""

_ENTRIES = "SELECT id, subject, key, row_key, before, after FROM change_log WHERE id BETWEEN ? AND ? ORDER BY id DESC"


def reverse(book: Book, first: int, last: int, action: str, effects: Effects) -> set[str]:
    """Reverse a range of entries, each logged as `action`; the subjects that they were about. Inside a transaction.

    Raises Unfit when a row is no longer as its entry left it.
    """
    subjects: set[str] = set()
    for run in runs.split(book, first, last) if effects.loaded else [Run(first, last)]:
        if run.columns and runs.reverse(book, run, action):
            subjects.add(run.subject)
        else:
            subjects |= _each(book, run, action, effects)
    return subjects


def _each(book: Book, run: Run, action: str, effects: Effects) -> set[str]:
    """Reverse entries one by one; the subjects that they were about."""
    subjects: set[str] = set()
    for number, subject, named, key, before, after in book.rows(_ENTRIES, run[:2]):
        effects.report(run.last - number, run.last - run.first + 1)
        if subject == "imports":
            _import(book, number, int(named), before, after, action)
        elif subject == "charges":
            ledger.log(book, action, ledger.reverse(book, orjson.loads(key)["id"]))
        else:
            images = (None if image is None else orjson.loads(image) for image in (before, after))
            _one(book, _Entry(BY_NAME[subject], named, orjson.loads(key), *images), action, effects)
        subjects.add(subject)
    return subjects


def has_import(book: Book, first: int, last: int) -> bool:
    """Whether a range of entries has one of an import as a whole."""
    sql = "SELECT 1 FROM change_log WHERE subject = 'imports' AND id BETWEEN ? AND ?"
    return book.one(sql, (first, last)) is not None


def _import(book: Book, entry: int, number: int, before: str | None, after: str | None, action: str) -> None:
    if before is None:
        traces.take_away(book, number, entry)
    else:
        traces.put_back(book, number)
    traces.log(book, action, number, after, before)


@dataclass(frozen=True)
class _Entry:
    table: type[Table]
    named: str
    key: Image
    before: Image | None
    after: Image | None


def _one(book: Book, entry: _Entry, action: str, effects: Effects) -> None:
    if entry.before is None:
        _take_away(book, entry, action, effects)
    elif entry.after is None:
        _bring_back(book, entry, action, effects)
    else:
        _change_back(book, entry, action, effects)


def _take_away(book: Book, entry: _Entry, action: str, effects: Effects) -> None:
    """Remove a row that was added, if it still is what it was then."""
    subject = rows.name(entry.table)
    held = rows.find(book, entry.table, entry.key)
    left = {**rows.defaults(entry.table), **entry.key, **(entry.after or {})}
    if held is None or _entered(entry.table, held) != _entered(entry.table, left):
        raise _changed_since(entry)
    effects.note(subject, held)
    if subject == "products":
        _take_entitlements_away(book, held["id"], action, effects)
    effects.removing(subject, held)
    rows.delete(book, entry.table, entry.key)
    rows.log(book, action, entry.table, entry.named, entry.key, held, None)


def _take_entitlements_away(book: Book, product: int, action: str, effects: Effects) -> None:
    """Entitlements that nothing feeds any more go with their product, and come back with it."""
    for number, named in book.rows(_FORMED, (product,)):
        held = rows.find(book, Entitlement, {"id": number})
        effects.removing("entitlements", {"id": number})
        rows.delete(book, Entitlement, {"id": number})
        rows.log(book, action, Entitlement, named, {"id": number}, held, None)


_FORMED = """
SELECT e.id, p.product || '|' || e.model || '|' || m.code FROM entitlements e JOIN products p ON p.id = e.product_id
JOIN metrics m ON m.id = e.metric_id
WHERE e.product_id = ? AND NOT EXISTS (SELECT 1 FROM contract_items i WHERE i.entitlement_id = e.id)"""


def _bring_back(book: Book, entry: _Entry, action: str, effects: Effects) -> None:
    """Add a row that was removed, by its old id."""
    subject = rows.name(entry.table)
    row = _entered(entry.table, {**entry.key, **(entry.before or {})})
    rows.insert(book, entry.table, row)
    effects.note(subject, rows.find(book, entry.table, entry.key))
    rows.log(book, action, entry.table, entry.named, entry.key, None, row)


def _change_back(book: Book, entry: _Entry, action: str, effects: Effects) -> None:
    """Give columns of a row the values that they had, if they still have those that they were given then."""
    before, after = entry.before or {}, entry.after or {}
    held = rows.find(book, entry.table, entry.key)
    if held is None or {column: held[column] for column in after} != after:
        raise _changed_since(entry)
    subject = rows.name(entry.table)
    effects.note(subject, held)
    rows.update(book, entry.table, entry.key, before)
    effects.note(subject, {**held, **before})
    rows.log(book, action, entry.table, entry.named, entry.key, after, before)


def _entered(table: type[Table], row: Mapping[str, Any]) -> Image:
    """What of a row a person entered."""
    return {column: row[column] for column in rows.entered(table) if column in row}


def _changed_since(entry: _Entry) -> Unfit:
    what = rows.name(entry.table).replace("_", " ")
    return Unfit(f"{what}: {entry.named!r} has been changed since in another way. Nothing was changed.")
