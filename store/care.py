"""Looks after a book: what it holds, whether it is sound, and safe copies of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from store import evidence, log_chain, schema, settings
from store.book import APPLICATION_ID, SCHEMA_VERSION, Book, damage, open_book
from store.errors import BookFault, is_damage
from store.snapshots.saving import save_file

_COUNTED = (
    *"products contracts contract_items entitlements allocations demand installations rights overrides".split(),
    *"hosts virtual_machines counting_rules".split(),
    *"titles entitlement_definitions authorizations requests request_lines charges".split(),
)


Progress = Callable[[str, int, int], None]
"""Called with what is being checked, and how many of how many parts have been."""


def contents(book: Book) -> dict[str, Any]:
    """What a book holds: rows by table, the day it was last judged on, the number of changes and the last one."""
    counts = {name: book.value(f"SELECT count(*) FROM {name}") for name in _COUNTED}
    last = book.one("SELECT at, who, action FROM change_log ORDER BY id DESC LIMIT 1")
    return {
        "schema": SCHEMA_VERSION,
        "judged as of": settings.get(book, "as_of") or None,
        "currency": settings.get(book, "currency"),
        **{name.replace("_", " "): count for name, count in counts.items()},
        "changes": book.value("SELECT count(*) FROM change_log"),
        "last change": None if last is None else f"{last[2]} by {last[1]} at {last[0]}",
    }


def check(book: Book, progress: Progress | None = None) -> list[str]:
    """What is wrong with a book, a sentence each: damaged pages, dangling references, missing protection, a change log
    or rows that are not what they were.

    It only reads, so that it can look at a book in use; of rows that have no hash yet (`evidence.unhashed`), nothing
    is said.
    """
    return [problem for _, problems in checked(book, progress) for problem in problems]


def checked(book: Book, progress: Progress | None = None) -> list[tuple[str, list[str]]]:
    """The same by what was checked."""
    found: list[tuple[str, list[str]]] = []
    for number, (what, work) in enumerate(_CHECKS):
        if progress is not None:
            progress(what, number, len(_CHECKS))
        found.append((what, _problems(book, what, work)))
    return found


def _problems(book: Book, what: str, work: Callable[[Book], list[str]]) -> list[str]:
    try:
        with book.reading():
            return work(book)
    except damage() as error:
        if not is_damage(error):
            raise
        return [f"the file is damaged: {what} cannot be read ({error})"]


def _pages(book: Book) -> list[str]:
    return [f"the file is damaged: {row[0]}" for row in book.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]


def _references(book: Book) -> list[str]:
    return [
        f"{table}, row {row}: refers to a row of {parent} that does not exist"
        for table, row, parent, _ in book.rows("PRAGMA foreign_key_check")
    ]


def _schema(book: Book) -> list[str]:
    found = schema.differences(book)
    if book.value("PRAGMA application_id") != APPLICATION_ID:
        found.append("the mark of an Elpis book is missing")
    return found


_CHECKS: Final[tuple[tuple[str, Callable[[Book], list[str]]], ...]] = (
    ("the pages of the file", _pages),
    ("references", _references),
    ("the schema, and what protects the records", _schema),
    ("the change log", log_chain.problems),
    ("the rows", evidence.problems),
)


def quick_check(book: Book, progress: Callable[[int, int], None]) -> list[str]:
    """What is wrong with a book at a look: damaged pages, a schema that is not ours. A second and a half for a GB.

    `progress` is called with how many of how many tables are looked at; what it raises ends the look.
    """
    tables = [name for (name,) in book.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")]
    problems = schema.differences(book)
    for number, table in enumerate(tables):
        progress(number, len(tables))
        problems += _problems(book, f"the table {table}", partial(_table, table))
    progress(len(tables), len(tables))
    return problems


def _table(table: str, book: Book) -> list[str]:
    found = book.rows(f'PRAGMA quick_check("{table}")')
    return [f"the file is damaged: {row[0]}" for row in found if row[0] != "ok"]


def back_up(book: Book, target: Path) -> None:
    """Write a copy of the book to `target`, check it, and only then put it in place. Others may go on writing.

    Where the book is open for writing, rows without a hash get one first, so that nothing in the copy goes unchecked.
    Raises BookFault when the copy is not sound; a good earlier copy then stays.
    """
    if target.resolve() == book.path.resolve():
        raise BookFault(f"{target}: a book cannot be its own backup. Name another file.")
    if book.lock is not None:
        evidence.settle(book)

    def produce(path: Path) -> None:
        book.run("VACUUM INTO ?", (str(path),))
        verify(book, path)

    save_file(target, produce)


def verify(book: Book, copy: Path) -> None:
    """Open a copy of a book and check it from end to end. Raises BookFault when it is not sound."""
    with open_book(copy, clock=book.clock, who=book.who, read_only=True, passphrase=book.passphrase) as opened:
        problems = check(opened)
    if problems:
        raise BookFault(f"{book.path}: the copy is not sound ({problems[0]}). The earlier backup was kept.")
