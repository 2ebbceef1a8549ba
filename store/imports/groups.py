"""Loads resource groups and user groups: trees, in which a parent may stand below its children in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from store.imports.checks import checked, converter
from store.imports.finding import ERROR, Finding
from store.imports.loading import Out
from store.imports.looking import CHANGED, NEW, UNCHANGED
from store.imports.source import RawTable
from store.imports.staging import Counts

if TYPE_CHECKING:
    from store.imports.load import Work

_Named = dict[str, tuple[RawTable, int, str | None]]
"""Group -> where it stands (part, row) and the name of its parent."""


OUT: Final = Out(
    {"name": "t.name", "parent": "(SELECT p.name FROM {table} p WHERE p.id = t.parent_id)"}, which="t.name <> ''"
)
"""How groups leave the book again."""


def load_resource_groups(work: Work, parts: Sequence[RawTable]) -> None:
    """Check and store resource groups; findings and counts go into the work."""
    _load(work, "resource_groups", parts)


def load_user_groups(work: Work, parts: Sequence[RawTable]) -> None:
    """The same for user groups."""
    _load(work, "user_groups", parts)


def _load(work: Work, table: str, parts: Sequence[RawTable]) -> None:
    book = work.book
    held = {name: parent for name, parent in book.rows(_HELD.format(table)) if name}
    named = _read(work, parts, held)
    tree: dict[str, str | None] = held | {name: parent for name, (_, _, parent) in named.items()}
    for name, (raw, row, parent) in named.items():
        if parent is not None and parent not in tree:
            text = f'"{parent}" is not known in {table.replace("_", " ")}; add it, or leave the parent empty'
            _say(work, "unknown-reference", raw.cell_place(row, "parent"), text)
        elif parent is not None and _loops(name, tree):
            text = f'"{name}" would be above and below "{parent}" at once; a group cannot be its own ancestor'
            _say(work, "cycle-of-groups", raw.cell_place(row, "parent"), text)
    if work.look is not None:
        work.look.note(parts, _kinds(parts, named, held))
    if not work.failed:
        _store(work, table, named, held)


def _kinds(parts: Sequence[RawTable], named: _Named, held: Mapping[str, str | None]) -> Iterator[tuple[int, int, str]]:
    """What becomes of each group: part, row, and whether it is new, changed or as before."""
    at = {id(raw): part for part, raw in enumerate(parts)}
    for name, (raw, row, parent) in named.items():
        yield at[id(raw)], row, NEW if name not in held else UNCHANGED if held[name] == parent else CHANGED


_HELD = "SELECT g.name, p.name FROM {0} g LEFT JOIN {0} p ON p.id = g.parent_id"


def _read(work: Work, parts: Sequence[RawTable], held: Mapping[str, str | None]) -> _Named:
    """The groups of the files; one whose file says nothing of parents keeps its own."""
    named: _Named = {}
    for raw in parts:
        by_name = {column.name: converter(column) for column in raw.table.columns}
        silent = "parent" not in {column.name for column in raw.columns}
        for numbers, rows in checked(raw, by_name, work.findings.append, {}):
            for number, (name, parent) in zip(numbers, rows, strict=True):
                if str(name) in named:
                    first, row, _ = named[str(name)]
                    text = f'"{name}" is a duplicate: row {row} of {first.place} has this key already; keep one of them'
                    _say(work, "duplicate-key", raw.cell_place(number, "name"), text)
                else:
                    kept = held.get(str(name)) if silent else None
                    named[str(name)] = raw, number, kept if parent is None else str(parent)
    return named


def _say(work: Work, code: str, place: str, text: str) -> None:
    work.findings.append(Finding(ERROR, code, place, text))


def _loops(name: str, tree: Mapping[str, str | None]) -> bool:
    above, seen = tree.get(name), {name}
    while above is not None and above not in seen:
        seen.add(above)
        above = tree.get(above)
    return above == name


def _store(work: Work, table: str, named: _Named, held: Mapping[str, str | None]) -> None:
    book = work.book
    new = [(name,) for name in named if name not in held]
    book.many(f"INSERT INTO {table} (name) VALUES (?)", new)
    changed = [(name, parent) for name, (_, _, parent) in named.items() if held.get(name, parent) != parent]
    book.many(
        "INSERT INTO change_log (step_id, at, who, action, subject, key, row_key, before, after)"
        f" SELECT ?, ?, ?, 'import', '{table}', name, json_object('id', id), json_object('parent_id', parent_id),"
        f" json_object('parent_id', (SELECT id FROM {table} WHERE name = ?)) FROM {table} WHERE name = ?",
        [(book.hand.step, book.now(), book.who, parent, name) for name, parent in changed],
    )
    moved = {name for name, *_ in new} | {name for name, *_ in changed}
    book.many(
        f"UPDATE {table} SET parent_id = (SELECT id FROM {table} WHERE name = ?) WHERE name = ?",
        [(parent, name) for name, (_, _, parent) in named.items() if name in moved],
    )
    work.counts[table] = Counts(len(new), len(changed), len(named) - len(new) - len(changed))
