"""What a book that was closed by force is worth: whether it is sound, and exactly what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import peewee

from store import care
from store.book import Book
from tests.conftest import opened

_DRIVER: Any = peewee

TABLES = """SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
    AND name NOT LIKE 'entitlement_search_%' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_history' ORDER BY name"""
"""Everything but what the search keeps in a form of its own, and the hours at which migrations ran."""

_BY_CHANCE = " WHERE key <> 'book_id'"
"""The one value that no two books share."""


def connect(path: Path) -> Any:
    """The file through the SQLite that the program uses."""
    return _DRIVER.sqlite3.connect(str(path))


def fingerprint(path: Path) -> str:
    """The SHA-256 of every row of every table, what rules derived, the change log and the schema included."""
    with closing(connect(path)) as database:
        return fingerprint_of(database)


def fingerprint_of(database: Any) -> str:
    found = hashlib.sha256()
    for line in _lines(database):
        found.update(line.encode())
    return found.hexdigest()


def _lines(database: Any) -> Iterator[str]:
    yield from map(str, database.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2"))
    yield str(database.execute("PRAGMA user_version").fetchone())
    for (table,) in database.execute(TABLES).fetchall():
        only = _BY_CHANCE if table == "settings" else ""
        rows = map(str, database.execute(f'SELECT * FROM "{table}"{only}'))
        yield f"{table}: {sorted(rows)}"


def census(path: Path) -> dict[str, int]:
    """Rows by table."""
    with closing(connect(path)) as database:
        tables = [name for (name,) in database.execute(TABLES)]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def triggers(path: Path) -> set[str]:
    """The names of the triggers."""
    with closing(connect(path)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}


def problems(path: Path) -> list[str]:
    """What is wrong with a book, as the program itself finds it, and with the order of its change log."""
    with closing(opened(path)) as book:
        return problems_of(book)


def problems_of(book: Book) -> list[str]:
    """The same of an open one."""
    return [*care.check(book), *gaps(book.connection())]


def gaps(database: Any) -> list[str]:
    """What is missing in the change log, and steps that point to what is not there."""
    last, count = database.execute("SELECT coalesce(max(id), 0), count(*) FROM change_log").fetchone()
    loose = database.execute(
        "SELECT id FROM steps WHERE last_entry > ? OR first_entry > last_entry", (last,)
    ).fetchall()
    found = [] if last == count else [f"the change log has {count} entries, and the last one is number {last}"]
    return found + [f"step {number} points to entries that are not there" for (number,) in loose]
