"""The text of the schema: whether a book has exactly the tables, indexes and triggers that the migrations make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

import peewee

from store import protections
from store.book import MIGRATIONS, Book

Shape = Mapping[str, tuple[str, str]]
"""Name -> kind and text of a table, an index, a trigger or a view."""

_READ: Final = "SELECT name, type, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"

_OWN: Final = "overview_"
"""How names begin of what keeps the overviews of a large book quick. It comes and goes."""


def differences(book: Book) -> list[str]:
    """What of the schema of a book is not as this program makes it, a sentence each."""
    return compared(_shape(book.rows(_READ)), expected())


def compared(found: Shape, wanted: Shape) -> list[str]:
    """What is missing, what is there besides, and what reads otherwise."""
    missing = [f"the {_called(wanted[name])} {name} is missing" for name in sorted(wanted.keys() - found.keys())]
    more = [
        f"the {found[name][0]} {name} is not of this program"
        for name in sorted(found.keys() - wanted.keys())
        if not name.startswith(_OWN) or found[name][0] == "view"
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
    migrations: Any = import_module("playhouse.migrations")
    database: Any = peewee.SqliteDatabase(":memory:")
    migrations.Runner(database, str(MIGRATIONS), table_name="schema_history").up()
    protections.restore(database.connection())
    rows: list[Any] = database.execute_sql(_READ).fetchall()
    database.close()
    return _shape(rows)


def _shape(rows: Iterable[Any]) -> Shape:
    return {name: (kind, sql or "") for name, kind, sql in rows}
