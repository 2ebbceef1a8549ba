"""Books of older schemas: brought to a version by the shipped migrations, with rows in every table that it has."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import peewee
from playhouse.migrations import Runner

from store import book as books
from tests.durability import states

_DRIVER: Any = peewee
MIGRATIONS = Path(books.__file__).parent / "migrations"
ROWS = 3
"""Rows in each table."""


def make(path: Path, version: int, *, filled: bool = True) -> Path:
    """A book of that schema version; every table has rows, which were put there while it was at that version.

    These are made up, and only fit the schema; not `filled`, there are only those that migrations put there.
    """
    database = peewee.SqliteDatabase(str(path), pragmas={"journal_mode": "wal", "foreign_keys": 0})
    with closing(database):
        runner = Runner(database, str(MIGRATIONS), table_name="schema_history")
        for one in runner.migrations()[:version]:
            with database.atomic():
                runner.up(one.name)
                if filled:
                    _fill(database.connection())
        if version:
            database.pragma("application_id", books.APPLICATION_ID)
            database.pragma("user_version", version)
    with closing(states.connect(path)) as made:
        assert made.execute("PRAGMA foreign_key_check").fetchall() == []
    return path


def _fill(connection: Any) -> None:
    """Rows in every table that has none yet, made up and without regard to what triggers want."""
    held = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in held:
        connection.execute(f"DROP TRIGGER {name}")
    for (table,) in connection.execute(states.TABLES).fetchall():
        if table != "derivation_gate":  # of one row
            rows = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for number in range(rows, ROWS + (table == "resource_groups")):  # whose first row has the number 0
                _add(connection, table, number)
    for _, sql in held:
        connection.execute(sql)


def _add(connection: Any, table: str, number: int) -> None:
    columns = connection.execute(f'SELECT name, type, pk FROM pragma_table_info("{table}")').fetchall()
    refers = {row[3] for row in connection.execute(f'PRAGMA foreign_key_list("{table}")')}
    values = {name: _value(name, kind, number, refers) for name, kind, pk in columns if (name, pk) != ("id", 1)}
    marks = ", ".join("?" * len(values))
    names = ", ".join(f'"{name}"' for name in values)
    connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(values.values()))


def _value(name: str, kind: str, number: int, refers: set[str]) -> object:
    if name in refers:
        return number % ROWS + 1  # each table has rows of these numbers
    if kind == "INTEGER":
        return number + 1
    if "signed_off" in name:
        return None
    return f"{name} {number}"
