"""Who changed what, field by field; and each change can be taken back by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from store import content, restoring, rows
from store.book import Book
from store.content import content_hash
from store.errors import Unfit
from store.tables import BY_NAME, FOLLOWING, references

__all__ = ["Change", "content_hash", "history", "restore"]

Value = str | int | None


@dataclass(frozen=True)
class Change:
    """What an entry of the change log says of one field; references are names. `at` is a moment in UTC.

    `action` is add, change, remove, import, undo or redo. `old` is None where there was nothing before, `new` where
    there is nothing any more. `step` says which action of a user it belongs to, if it belongs to one.
    """

    entry: int
    at: str
    who: str
    action: str
    subject: str
    key: str
    field: str
    old: Value
    new: Value
    step: str | None
    clock_suspect: bool = False
    """Whether the clock had gone backwards since the entry before: order is by entries, never by moments."""


_PARTS = {
    "contracts": ("contract_items",),
    "entitlements": ("allocations", "overrides"),
    "authorizations": ("deployed_entitlements",),
    "requests": ("request_lines", "decisions"),
    "reviews": ("review_rows",),
}
"""Subject -> those whose keys begin with its key and belong to its history."""

_UNTOLD = ("id", "trail")
"""What no person would read: a line of a request tells its reasons in words of their own."""

_NAMES = {"products": "product", "metrics": "code"}
"""Subject -> the column that its key is, where that is not `name`."""


def history(book: Book, subject: str, key: str) -> list[Change]:
    """Every change of the fields of a row, and of the rows that are parts of it, newest first.

    `subject` is the name of a table, `key` what the change log calls the row. A row that was renamed keeps its history.
    """
    entries = {row[0]: row for name in _names(book, subject, key) for row in _entries(book, subject, name)}
    return [change for number in sorted(entries, reverse=True) for change in _changes(book, entries[number])]


def _names(book: Book, subject: str, key: str) -> list[str]:
    """The key of a row, and those that it had before."""
    found, column = [key], _NAMES.get(subject, "name")
    if subject not in ("products", "families", "resource_groups", "user_groups"):
        return found
    sql = f"SELECT before ->> '{column}' FROM change_log WHERE subject = ? AND key = ? AND before ->> '{column}' <> ?"
    for name in found:
        found += [old for (old,) in book.rows(sql, (subject, name, name)) if old not in found]
    return found


_COLUMNS = """c.id, c.at, c.who, c.action, c.subject, c.key, c.before, c.after,
    (SELECT what FROM steps s WHERE s.id = c.step_id), c.clock_suspect"""


def _entries(book: Book, subject: str, key: str) -> list[tuple[Any, ...]]:
    own = book.rows(f"SELECT {_COLUMNS} FROM change_log c WHERE subject = ? AND key = ?", (subject, key))
    sql = f"""SELECT {_COLUMNS} FROM change_log c
        WHERE subject = ?1 AND (key = ?2 OR key >= ?2 || '|' AND key < ?2 || '}}')"""
    return own + [row for part in _PARTS.get(subject, ()) for row in book.rows(sql, (part, key))]


def _changes(book: Book, row: tuple[Any, ...]) -> Iterator[Change]:
    number, at, who, action, subject, key, before, after, step, suspect = row
    if subject not in BY_NAME:
        return
    old, new = _image(before), _image(after)
    refers = references(BY_NAME[subject])
    defaults = rows.defaults(BY_NAME[subject])
    for column in dict.fromkeys((*old, *new)):
        was, is_now = old.get(column), new.get(column)
        told = column not in _UNTOLD and column not in FOLLOWING.get(subject, ())
        if told and (was != is_now) and not (before is None and is_now == defaults[column]):
            was, is_now = (_shown(book, refers.get(column), value) for value in (was, is_now))
            yield Change(
                number, at, who, action, subject, key, _field(column, refers), was, is_now, step, bool(suspect)
            )


def _image(text: str | None) -> Mapping[str, Any]:
    return {} if text is None else orjson.loads(text)


def _field(column: str, refers: Mapping[str, str]) -> str:
    return column.removesuffix("_id") if column in refers else column


def _shown(book: Book, table: str | None, value: Value) -> Value:
    """A value as it is; an id as the name that stands for it, or stood for it when it was there."""
    if table is None or not isinstance(value, int):
        return value
    sql = "SELECT key FROM change_log WHERE subject = ? AND row_key ->> 'id' = ? ORDER BY id DESC LIMIT 1"
    return content.name_of(book, table, value) or next((row[0] for row in book.rows(sql, (table, value))), "")


def restore(book: Book, entry: int, field: str) -> None:
    """Give a field back the value that it had before an entry, as if it were entered again: checked, logged, derived.

    Raises Unfit, and changes nothing, when there was no value before or it is not possible any more.
    """
    sql = "SELECT subject, row_key, before, after FROM change_log WHERE id = ?"
    found = book.one(sql, (entry,))
    if found is None or found[0] not in BY_NAME or found[1] is None:
        raise Unfit(f"Entry {entry} of the change log tells of no field that could be restored.")
    subject, key, before = found[0], _image(found[1]), _image(found[2])
    columns = {_field(column, references(BY_NAME[subject])): column for column in before}
    if field not in columns or found[3] is None:
        raise Unfit(f"{field.replace('_', ' ')}: the change took no single value away. Undo the whole of it instead.")
    with book.transaction():
        held = rows.find(book, BY_NAME[subject], {"id": key["id"]} if "id" in key else key)
        if held is None:
            raise Unfit("What was changed then is no longer there.")
        restoring.restore(book, subject, held, columns[field], before[columns[field]])
