"""Takes in a book from elsewhere: a process of its own looks it through, and its rows are copied into a new book.

Nothing of the file itself is ever opened by this process: not its schema, which must be ours to the letter, and not its
pages. What it says is another question, which the checks of the new book answer (`store.care`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from store import care, cipher, protections, schema, search
from store.book import APPLICATION_ID, BOOK_MARKS, MIGRATIONS, SCHEMA_VERSION, open_book
from store.cipher import Passphrase
from store.errors import BookFault
from store.imports import isolated
from store.imports.isolated import Answer
from store.imports.source import Unreadable
from store.snapshots.saving import save_file

_LIMITS: Final = isolated.Limits(seconds=600, patience=900, size=4 << 30, written=16 << 30)
_HEADER: Final = 100
_NOT_COPIED: Final = ("schema_history", "derivation_gate")
"""What a new book has of its own."""


@dataclass(frozen=True)
class TakenIn:
    """What came of it: the new book, and what its checks say, a sentence each; nothing if it is sound."""

    path: Path
    problems: tuple[str, ...]


def take_in(
    path: Path, target: Path, *, clock: Callable[[], datetime], who: str, passphrase: Passphrase | None = None
) -> TakenIn:
    """Copy the rows of a book from elsewhere into a new book at `target`, and check that.

    Where it is encrypted, `passphrase` opens it, and will open the new one. Raises Locked where it does not, BookFault
    with a sentence when the file is no book of ours, or has anything in it that Elpis does not make; nothing stands at
    `target` then.
    """
    if target.exists():
        raise BookFault(f"{target}: there is such a file already. Choose another name.")
    if any(Path(f"{path}{end}").exists() and Path(f"{path}{end}").stat().st_size for end in ("-wal", "-journal")):
        raise BookFault(f"{path}: this book was not closed, a part of it lies beside it. Close it where it comes from.")
    found: list[str] = []
    with isolated.private_copy(path) as (private, _):
        key = cipher.key_of(private, passphrase)
        version = _version(path, *(_header(private) if key is None else _marks(path, private, key)))
        answer = _answer(path, private, question(version, key), secret=key is not None)

        def produce(made: Path) -> None:
            _make(made, version, answer, None if key is None or passphrase is None else passphrase.new_key())
            found.extend(_finished(path, made, clock, who, passphrase))

        save_file(target, produce)
    return TakenIn(target, tuple(found))


def _header(private: Path) -> tuple[int, int]:
    """Mark and schema that a plain file says it has. Its first bytes are enough for that; (0, 0) for no database."""
    with private.open("rb") as file:
        header = file.read(_HEADER)
    is_database = header.startswith(b"SQLite format 3\0")
    return (int.from_bytes(header[68:72]), int.from_bytes(header[60:64])) if is_database else (0, 0)


def _marks(path: Path, private: Path, key: bytes) -> tuple[int, int]:
    """The same of an encrypted file, of which nothing can be known but by opening it."""
    asked = json.dumps({"marks": BOOK_MARKS, "key": key.decode()})
    try:
        ((_, (mark, version)),) = isolated.ask("book", private, asked, place=path.name, secret=True)
    except Unreadable:
        raise cipher.refused(path) from None
    return mark, version


def _version(path: Path, mark: int, version: int) -> int:
    """The schema of a file, which is to be one that we know."""
    if mark != APPLICATION_ID:
        raise BookFault(f"{path}: this is not a book of Elpis.")
    if not 0 < version <= SCHEMA_VERSION:
        raise BookFault(
            f"{path}: this book was written by a newer Elpis (schema {version}). Update Elpis to take it in."
        )
    return version


def _answer(path: Path, private: Path, asked: str, *, secret: bool) -> Answer:
    try:
        return isolated.ask("book", private, asked, limits=_LIMITS, place=path.name, secret=secret)
    except Unreadable as unreadable:
        reason = unreadable.finding.message.partition(": ")[2]
        raise BookFault(
            f"{path}: this book was not taken in: {reason}. Elpis did not make it so. Ask whoever sent it for another"
            " copy, or for a snapshot."
        ) from None


def question(version: int, key: bytes | None = None) -> str:
    """What the reader is asked (`store.imports.children.book`): what a book of that schema must and may hold."""
    shape = schema.of_version(version)
    tables = {name: columns for name, columns in _tables(version).items() if name not in _NOT_COPIED}
    opens = {} if key is None else {"key": key.decode()}
    return json.dumps({"schema": shape, "optional": schema.optional(), "tables": tables} | opens)


@cache
def _tables(version: int) -> Mapping[str, list[tuple[str, str]]]:
    """The tables that hold rows of their own, in the order in which they were made, with columns and types."""
    found: dict[str, list[tuple[str, str]]] = {}
    database = _blank(":memory:", version)
    sql = """SELECT l.name FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name
        WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite%' ORDER BY s.rowid"""
    for (name,) in database.execute_sql(sql).fetchall():
        rows: list[Any] = database.execute_sql(f"PRAGMA table_info({name})").fetchall()
        found[name] = [(row[1], row[2]) for row in rows]
    database.close()
    return found


def _blank(name: str, version: int, key: bytes | None = None) -> Any:
    """A new database of that schema, open."""
    migrations: Any = import_module("playhouse.migrations")
    database: Any = cipher.Database(name, key)
    runner = migrations.Runner(database, str(MIGRATIONS), table_name="schema_history")
    for one in runner.migrations()[:version]:
        runner.up(one.name)
    return database


def _make(path: Path, version: int, answer: Answer, key: bytes | None) -> None:
    """A book of that schema with the rows of the answer."""
    path.unlink(missing_ok=True)
    database = _blank(str(path), version, key)
    try:
        with database.atomic("EXCLUSIVE"):
            connection = database.connection()
            held = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in held:
                connection.execute(f"DROP TRIGGER {name}")
            _fill(connection, answer)
            for _, sql in held:
                connection.execute(sql)
            if version == SCHEMA_VERSION:
                protections.restore(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
    finally:
        database.close()


def _fill(connection: Any, answer: Answer) -> None:
    statement, blobs = "", list[int]()
    for line in answer:
        if line[0] == "table":
            columns = connection.execute(f"PRAGMA table_info({line[1]})").fetchall()
            statement = f"INSERT INTO {line[1]} VALUES ({', '.join('?' * len(columns))})"
            blobs = [row[0] for row in columns if row[2] == "BLOB"]
            connection.execute(f"DELETE FROM {line[1]}")
        else:
            for row in line[1] if blobs else ():
                for at in blobs:
                    row[at] = None if row[at] is None else bytes.fromhex(row[at])
            connection.executemany(statement, line[1])


def _finished(
    path: Path, made: Path, clock: Callable[[], datetime], who: str, passphrase: Passphrase | None
) -> list[str]:
    """Bring the new book to the present schema, and check it."""
    with open_book(made, clock=clock, who=who, passphrase=passphrase) as book:
        with book.transaction():
            search.rebuild(book)
        if book.rows("PRAGMA foreign_key_check"):
            raise BookFault(f"{path}: this book was not taken in: some of its rows refer to others that are not there.")
        found = care.check(book)
        book.run("PRAGMA wal_checkpoint(TRUNCATE)")
    Path(f"{made}.lock").unlink(missing_ok=True)
    return found
