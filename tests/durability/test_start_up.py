"""What is looked at before a book is let in: each thing that is wrong is refused, in a sentence of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store import book as books
from store import care
from store.book import PRAGMAS, SCHEMA_VERSION
from store.errors import BookFault
from tests.conftest import opened
from tests.durability import states


@pytest.fixture
def path(book):
    """A book, closed."""
    book.close()
    return book.path


def changed(*statements: str) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        with closing(states.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return change


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "another program's mark": (changed("PRAGMA application_id = 7"), "a database, but not a book of Elpis"),
    "no mark": (changed("PRAGMA application_id = 0"), "a database, but not a book of Elpis"),
    "a newer schema": (changed(f"PRAGMA user_version = {SCHEMA_VERSION + 1}"), "written by a newer Elpis"),
    "no database": (lambda path: path.write_text("Dear diary, " * 99), "this is not a book of Elpis"),
    "a file cut off": (lambda path: os.truncate(path, 5_000), "damaged|not a book"),
    "no file": (lambda path: path.unlink(), "there is no such book"),
}
"""What a book may have become, and what is said."""

FOUND: dict[str, tuple[Callable[[Path], object], str]] = {
    "a table is gone": (changed("DROP TABLE scenarios"), "the table scenarios is missing"),
    "an index is gone": (changed("DROP INDEX events_day"), "the index events_day is missing"),
    "a column is there besides": (changed("ALTER TABLE demand ADD COLUMN x"), "demand is not as this program makes it"),
    "a trigger is there besides": (
        changed("CREATE TRIGGER sneaky AFTER INSERT ON demand BEGIN DELETE FROM contracts; END"),
        "the trigger sneaky is not of this program",
    ),
}
"""What is found when it is looked through, on another thread than that of the window."""


def test_whatever_is_wrong_with_a_book_is_told_when_it_is_opened(path, tmp_path, promise):
    whole, faults = path.read_bytes(), []
    for name, (spoil, said) in REFUSED.items():
        path.write_bytes(whole)
        spoil(path)
        for how in ({}, {"read_only": True}):
            try:
                with pytest.raises(BookFault, match=said), opened(path, **how) as book:
                    book.rows("SELECT * FROM sqlite_schema, products")
            except BaseException as fault:  # noqa: BLE001 - told with its name
                faults.append(f"{name}: {fault}")
    for name, (spoil, said) in FOUND.items():
        path.write_bytes(whole)
        spoil(path)
        with closing(opened(path)) as book:
            if not any(said in problem for problem in care.quick_check(book, lambda *_: None)):
                faults.append(name)
    path.write_bytes(whole)
    changed("DROP TRIGGER change_log_keeps_entries")(path)
    with closing(opened(path)) as book:
        if book.repaired != ("change_log_keeps_entries",):
            faults.append("a protection is gone")
    path.write_bytes(whole)
    with closing(opened(path)) as book:
        assert care.quick_check(book, lambda *_: None) == [], "the control: a sound book is let in"
    count = 2 * len(REFUSED) + len(FOUND) + 1
    promise("R28", "start-up checks", count=count, faults=faults, control="a sound book is let in without a word")


def test_every_setting_of_the_connection_is_read_back_and_a_disk_that_refuses_one_is_told(path, monkeypatch):
    for name in ("synchronous", "foreign_keys", "journal_mode", "trusted_schema", "cell_size_check"):
        with monkeypatch.context() as patched:
            patched.setitem(PRAGMAS, name, "never")
            with pytest.raises(BookFault, match=rf"the disk does not allow {name}"):
                opened(path)
    with closing(opened(path)) as book:
        assert {name: book.value(f"PRAGMA {name}") for name in PRAGMAS} == PRAGMAS


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 6), (3, 51, 2)])
def test_a_sqlite_that_can_damage_books_is_refused(version):
    with pytest.raises(BookFault, match=r"can damage books"):
        books._check_sqlite(version)


@pytest.mark.deep
def test_a_book_of_a_gigabyte_is_looked_through_in_fifteen_seconds(tmp_path, promise):
    with closing(opened(tmp_path / "large.elpis", create=True)) as book:
        with book.transaction():
            book.run("UPDATE derivation_gate SET open = 1")
            many = ((f"Product {n:08}", "v" * 900) for n in range(1_000_000))
            book.many("INSERT INTO products (product, vendor) VALUES (?, ?)", many)
            book.run("UPDATE derivation_gate SET open = 0")
        size = book.path.stat().st_size + Path(f"{book.path}-wal").stat().st_size
    assert size > 10**9
    _forget_pages(tmp_path / "large.elpis")
    with closing(opened(tmp_path / "large.elpis")) as book:
        begun, steps = time.monotonic(), []
        assert care.quick_check(book, lambda *step: steps.append(step)) == []
        lasted = time.monotonic() - begun
    control = f"{len(steps)} steps of progress"
    promise("R28", f"quick check of 1 GB, cold: {lasted:.1f} s", count=1, faults=int(lasted > 15), control=control)


def _forget_pages(path: Path) -> None:
    """Let the system forget what it has of a file in memory."""
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)
