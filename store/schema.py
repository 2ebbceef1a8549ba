"""The text of the schema: whether a book has exactly the tables, indexes and triggers that the migrations make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import peewee

from store import protections
from store.book import MIGRATIONS, SCHEMA_VERSION, Book
from store.listing import preparing

Shape = Mapping[str, tuple[str, str]]
"""Name -> kind and text of a table, an index, a trigger or a view."""

_READ: Final = "SELECT name, type, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def differences(book: Book) -> list[str]:
    """What of the schema of a book is not as this program makes it, a sentence each."""
    return compared(_shape(book.rows(_READ)), expected(), optional())


def compared(found: Shape, wanted: Shape, allowed: Shape) -> list[str]:
    """What is missing, what is there besides and not allowed, and what reads otherwise."""
    missing = [f"the {_called(wanted[name])} {name} is missing" for name in sorted(wanted.keys() - found.keys())]
    more = [
        f"the {found[name][0]} {name} is not of this program"
        for name in sorted(found.keys() - wanted.keys())
        if found[name] != allowed.get(name)
    ]
    other = [
        f"the {found[name][0]} {name} is not as this program makes it"
        for name in sorted(found.keys() & wanted.keys())
        if found[name] != wanted[name]
    ]
    return [*missing, *more, *other]


def _called(made: tuple[str, str]) -> str:
    return "protection" if made[0] == "trigger" else made[0]


@cache
def expected() -> Shape:
    """The schema that the migrations make."""
    return of_version(SCHEMA_VERSION)


@cache
def of_version(version: int) -> Shape:
    """The schema that the migrations make up to one, with what protects the records of the present one."""
    database = _made(version)
    rows: list[Any] = database.execute_sql(_READ).fetchall()
    database.close()
    return _shape(rows)


@cache
def optional() -> Shape:
    """What a book may have besides: that which keeps the overviews of a large book quick. It comes and goes."""
    database = _made(SCHEMA_VERSION)
    with Book(Path(":memory:"), database, lambda: datetime.now(UTC), "", None) as book:
        book.run("INSERT INTO products (product) VALUES ('')")
        preparing.prepare(book, large=1)
        found = _shape(book.rows(_READ))
    return {name: made for name, made in found.items() if name not in expected()}


def _made(version: int) -> Any:
    migrations: Any = import_module("playhouse.migrations")
    database: Any = peewee.SqliteDatabase(":memory:")
    runner = migrations.Runner(database, str(MIGRATIONS), table_name="schema_history")
    for one in runner.migrations()[:version]:
        runner.up(one.name)
    if version == SCHEMA_VERSION:
        protections.restore(database.connection())
    return database


def _shape(rows: Iterable[Any]) -> Shape:
    return {name: (kind, sql or "") for name, kind, sql in rows}
