"""Staging: rows of one table of an import, checked, beside the table of the book that they are meant for.

Rows are staged first and merged by a few set-based statements afterwards. That finds new, changed and unchanged rows
by their key, logs what changes, and is as quick for a million rows as writing them straight away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import peewee

from store import traces
from store.book import Book
from store.bulk import indexes_afterwards, insert, insert_columns
from store.imports.finding import ERROR, Finding
from store.imports.source import RawTable


class Counts(NamedTuple):
    """How many rows of a table an import added, changed and found as they were."""

    new: int
    changed: int
    unchanged: int

    @property
    def any_(self) -> bool:
        """Whether any row is other than before."""
        return bool(self.new or self.changed)


@dataclass(frozen=True)
class Target:
    """Where rows of a template table go.

    `columns` are the columns of the book's table that the staged rows carry, in order; `key` identifies a row in the
    book; `key_column` is the column of the template that a finding about the key points at. `keep` are columns that a
    file may leave out without changing them, `aside` columns that are staged for checks only. `own_id` is false for
    tables that are kept in the order of their key.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    key_column: str
    own_id: bool = True
    keep: frozenset[str] = field(default_factory=frozenset[str])
    aside: tuple[str, ...] = ()

    @property
    def stage(self) -> str:
        """The name of the staging table."""
        return f"staged_{self.table}"

    @property
    def values(self) -> tuple[str, ...]:
        """The columns that a later import may change."""
        return tuple(c for c in self.columns if c not in self.key)


def stage(book: Book, target: Target) -> None:
    """Make an empty staging table: the columns of the target, the row of the file and the part it came in."""
    book.run(f"CREATE TEMP TABLE {target.stage} (part INTEGER, file_row INTEGER, {', '.join(_typed(target))})")


def _typed(target: Target) -> Iterable[str]:
    # Text columns have no affinity here: what was checked is stored as it is.
    return (f'"{column}"' for column in target.columns + target.aside)


def fill(book: Book, target: Target, part: int, numbers: Sequence[int], rows: Sequence[Sequence[object]]) -> None:
    """Stage checked rows with the numbers that they have in their file."""
    columns = ("part", "file_row", *target.columns, *target.aside)
    insert(book, target.stage, columns, ((part, number, *row) for number, row in zip(numbers, rows, strict=True)))


def write(book: Book, target: Target, rows: Sequence[Sequence[object]]) -> None:
    """Write checked rows straight into their table."""
    insert(book, target.table, target.columns, rows)


def write_columns(book: Book, target: Target, columns: Sequence[Sequence[object]]) -> None:
    """Write the values of each column straight into their table."""
    insert_columns(book, target.table, target.columns, columns)


def is_empty(book: Book, target: Target) -> bool:
    """Whether the table of the book has no row yet."""
    return book.one(f"SELECT 1 FROM {target.table} LIMIT 1") is None


def is_broken(book: Book, target: Target, condition: str) -> bool:
    """Whether a row of the table itself meets a condition that none may meet."""
    return book.one(f"SELECT 1 FROM {target.table} AS s WHERE {condition} LIMIT 1") is not None


def drop(book: Book, target: Target) -> None:
    """Remove the staging table."""
    book.run(f"DROP TABLE {target.stage}")


def select(book: Book, target: Target, columns: str, where: str) -> list[tuple[int, int, tuple[object, ...]]]:
    """Staged rows that meet a condition: part, row of the file, the columns asked for."""
    sql = f"SELECT part, file_row, {columns} FROM {target.stage} AS s WHERE {where} ORDER BY part, file_row LIMIT 1000"
    return [(row[0], row[1], row[2:]) for row in book.rows(sql)]


def duplicates(book: Book, target: Target, parts: Sequence[RawTable]) -> list[Finding]:
    """A finding for each row whose key an earlier row of the import has already."""
    key = ", ".join(f's."{column}"' for column in target.key)
    sql = f"""
        SELECT part, file_row, first_part, first_row FROM (
            SELECT part, file_row, first_value(part) OVER same AS first_part,
                   first_value(file_row) OVER same AS first_row, row_number() OVER same AS nth
            FROM {target.stage} AS s WINDOW same AS (PARTITION BY {key} ORDER BY part, file_row))
        WHERE nth > 1 ORDER BY part, file_row LIMIT 1000"""
    found = [(int(part), int(row), int(first), first_row) for part, row, first, first_row in book.rows(sql)]
    quoted = quote(parts, [(part, row) for part, row, _, _ in found], parts[0].table.key)
    return [
        Finding(
            ERROR,
            "duplicate-key",
            parts[part].cell_place(row, target.key_column),
            f"{quoted[part, row]} is a duplicate: row {first_row} of {parts[first].place} has this key already;"
            " keep one of them",
        )
        for part, row, first, first_row in found
    ]


def quote(
    parts: Sequence[RawTable], rows: Sequence[tuple[int, int]], names: Sequence[str]
) -> dict[tuple[int, int], str]:
    """The cells of some columns as their files have them, by part and row."""
    found: dict[tuple[int, int], str] = {}
    for number, raw in enumerate(parts):
        wanted = {row for part, row in rows if part == number}
        if wanted:
            found |= {(number, row): text for row, text in raw.quoted(wanted, names).items()}
    return found


def fill_in(book: Book, target: Target, columns: Sequence[str]) -> None:
    """Give staged rows that the book knows what it holds in some columns: those of which the import is silent."""
    if columns:
        assignments = ", ".join(f'"{column}" = t."{column}"' for column in columns)
        book.run(f"UPDATE {target.stage} AS s SET {assignments} FROM {target.table} AS t WHERE {_same_key(target)}")


def merge(
    book: Book, target: Target, given: Iterable[str], parts: Sequence[RawTable], last: int | None = None
) -> Counts | list[Finding]:
    """Bring the staged rows into the book: new ones added, changed ones updated and logged.

    Rows with ids above `last` came by this very import, and go with it: their changes need no entry of the log.

    `given` are the columns that the import really has; what it is silent about stays as it is in the book. Findings
    come back instead of counts when two staged rows have one key; then nothing was written.
    """
    if is_empty(book, target):
        try:
            with indexes_afterwards(book, [target.table]):
                return Counts(_add(book, target, ""), 0, 0)
        except peewee.IntegrityError:
            if twice := duplicates(book, target, parts):
                return twice
            raise
    twice = duplicates(book, target, parts)
    if twice:
        return twice
    staged = book.value(f"SELECT count(*) FROM {target.stage}")
    columns = [c for c in target.values if c in set(given) or c not in target.keep]
    changed = _change(book, target, columns, last if target.own_id else None)
    unknown = f"WHERE NOT EXISTS (SELECT 1 FROM {target.table} AS t WHERE {_same_key(target)})"
    if book.hand.step is not None and not target.own_id:
        traces.keep_keys(book, target.table, target.key, f"FROM {target.stage} AS s {unknown}")
    new = _add(book, target, unknown)
    return Counts(new, changed, staged - new - changed)


def kinds(book: Book, target: Target, given: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """What would become of each staged row, as part, row of the file, and new, changed or unchanged."""
    columns = [c for c in target.values if c in set(given) or c not in target.keep]
    differs = " OR ".join(f't."{column}" IS NOT s."{column}"' for column in columns) or "0"
    sql = f"""
        SELECT s.part, s.file_row,
               CASE WHEN t."{target.key[0]}" IS NULL THEN 'new' WHEN {differs} THEN 'changed' ELSE 'unchanged' END
        FROM {target.stage} AS s LEFT JOIN {target.table} AS t ON {_same_key(target)} ORDER BY s.part, s.file_row"""
    for part, row, kind in book.each(sql):
        yield int(part), int(row), kind


def _same_key(target: Target) -> str:
    return " AND ".join(f't."{column}" = s."{column}"' for column in target.key)


def _add(book: Book, target: Target, where: str) -> int:
    names = ", ".join(f'"{column}"' for column in target.columns)
    order = "rowid" if target.own_id else ", ".join(f'"{column}"' for column in target.key)
    return book.run(
        f"INSERT INTO {target.table} ({names}) SELECT {names} FROM {target.stage} AS s {where} ORDER BY {order}"
    )


_NAMED = {
    "contract_id": "(SELECT contract FROM contracts WHERE id = t.contract_id)",
    "product_id": "(SELECT product FROM products WHERE id = t.product_id)",
    "metric_id": "(SELECT code FROM metrics WHERE id = t.metric_id)",
    "resource_group_id": "(SELECT name FROM resource_groups WHERE id = t.resource_group_id)",
    "user_group_id": "(SELECT name FROM user_groups WHERE id = t.user_group_id)",
    "authorization_id": "(SELECT authorization FROM authorizations WHERE id = t.authorization_id)",
    "definition_id": "(SELECT definition FROM entitlement_definitions WHERE id = t.definition_id)",
    "host_id": "(SELECT host FROM hosts WHERE id = t.host_id)",
    "name_id": "(SELECT publisher || '|' || name || '|' || version FROM software_names WHERE id = t.name_id)",
    "entitlement_id": "(SELECT p.product || '|' || e.model || '|' || m.code FROM entitlements e"
    " JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id WHERE e.id = t.entitlement_id)",
}
"""The names that stand for ids where the change log says which row it is about."""


def _change(book: Book, target: Target, columns: Sequence[str], last: int | None) -> int:
    """Update the rows that differ, each with an entry in the change log; how many there were."""
    if not columns:
        return 0
    differs = " OR ".join(f't."{column}" IS NOT s."{column}"' for column in columns)
    key = " || '|' || ".join(_NAMED.get(column, f't."{column}"') for column in target.key)
    before, after = (
        "json_object(" + ", ".join(f"'{column}', {side}.\"{column}\"" for column in columns) + ")" for side in "ts"
    )
    found_by = ("id",) if target.own_id else target.key
    row_key = "json_object(" + ", ".join(f"'{column}', t.\"{column}\"" for column in found_by) + ")"
    same = f"FROM {target.stage} AS s JOIN {target.table} AS t ON {_same_key(target)} WHERE ({differs})"
    same += "" if last is None else f" AND t.id <= {last}"
    book.run(
        f"INSERT INTO change_log (step_id, at, who, action, subject, key, row_key, before, after)"
        f" SELECT ?, ?, ?, 'import', '{target.table}', {key}, {row_key}, {before}, {after} {same}"
        " ORDER BY s.part, s.file_row",
        (book.hand.step, book.now(), book.who),
    )
    assignments = ", ".join(f'"{column}" = s."{column}"' for column in columns)
    return book.run(
        f"UPDATE {target.table} AS t SET {assignments} FROM {target.stage} AS s"
        f" WHERE {_same_key(target)} AND ({differs})"
    )
