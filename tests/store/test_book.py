"""A book: one file, one writer, durable, and never opened when it is not one of ours."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import peewee
import pytest

from store import book as books
from store.book import APPLICATION_ID, PRAGMAS, SCHEMA_VERSION
from store.errors import BookFault, BookInUse
from tests.conftest import opened


@pytest.fixture
def path(tmp_path):
    """A book with an estate in it, closed."""
    with opened(tmp_path / "kept.elpis", create=True) as book:
        book.run("INSERT INTO products (product) VALUES ('Office')")
    return tmp_path / "kept.elpis"


def raw(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


# ---------------------------------------------------------------------------------------------------------- opening
def test_a_fresh_book_is_marked_versioned_durable_and_checks_references(book):
    assert {name: book.value(f"PRAGMA {name}") for name in PRAGMAS} == PRAGMAS
    assert book.value("PRAGMA synchronous") == 2, "FULL: what is committed survives a power cut"
    assert book.value("PRAGMA application_id") == APPLICATION_ID
    assert book.value("PRAGMA user_version") == SCHEMA_VERSION


def test_the_schema_version_is_the_number_of_migrations():
    migrations = list((Path(books.__file__).parent / "migrations").glob("[0-9]*.py"))
    assert len(migrations) == SCHEMA_VERSION


def test_a_book_keeps_what_it_holds_when_it_is_opened_again(path):
    with opened(path) as book:
        assert book.rows("SELECT product FROM products") == [("Office",)]
        assert not book.made


def test_a_book_that_is_not_there_is_not_made_by_mistake(tmp_path):
    with pytest.raises(BookFault, match=r"there is no such book. Check the name, or import a folder"):
        opened(tmp_path / "estat.elpis")
    assert list(tmp_path.iterdir()) == []


def test_a_newer_book_is_refused_and_left_as_it_is(path):
    raw(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    said = rf"written by a newer Elpis \(schema {SCHEMA_VERSION + 1}; this program knows {SCHEMA_VERSION}\)"
    for how in ({}, {"read_only": True}):
        with pytest.raises(BookFault, match=said):
            opened(path, **how)
    assert path.read_bytes() == before


def test_an_older_book_is_not_read_before_it_is_brought_up_to_date(path):
    raw(path, f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    with pytest.raises(BookFault, match=r"written by an older Elpis; recalculate it once"):
        opened(path, read_only=True)


def test_a_database_of_another_program_is_refused_and_not_even_its_journal_mode_is_touched(tmp_path):
    other = tmp_path / "songs.db"
    raw(other, "CREATE TABLE songs (name TEXT)")
    before = other.read_bytes()
    for how in ({}, {"create": True}, {"read_only": True}):
        with pytest.raises(BookFault, match=r"a database, but not a book of Elpis"):
            opened(other, **how)
    assert other.read_bytes() == before


def test_a_text_is_refused(tmp_path):
    (tmp_path / "diary.txt").write_text("Dear diary, " * 100)
    with pytest.raises(BookFault, match=r"this is not a book of Elpis"):
        opened(tmp_path / "diary.txt")


def test_an_empty_file_becomes_a_book_but_cannot_be_read_as_one(tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(BookFault, match=r"this file is empty, it is not a book yet"):
        opened(tmp_path / "empty", read_only=True)
    with opened(tmp_path / "empty") as book:
        assert book.value("SELECT count(*) FROM metrics") == 3


def test_a_sqlite_that_can_damage_books_is_refused():
    with pytest.raises(BookFault, match=r"SQLite 3.40.1 can damage books; 3.51.3 or later is needed"):
        books._check_sqlite((3, 40, 1))


def test_a_disk_that_allows_no_write_ahead_log_is_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(books.PRAGMAS, "journal_mode", "delete")
    with opened(tmp_path / "b.elpis", create=True):
        pass
    monkeypatch.setitem(books.PRAGMAS, "page_size", 1)
    with pytest.raises(BookFault, match=r"the disk does not allow page_size"):
        opened(tmp_path / "b.elpis")


def test_a_file_that_no_longer_can_be_made_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(books, "_migrate", lambda database: database.execute_sql("nonsense"))
    with pytest.raises(Exception, match=r"nonsense"):
        opened(tmp_path / "b.elpis", create=True)
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_no_file_can_be_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BookFault, match=r"the folder cannot be written .*Choose another place"):
        opened(tmp_path / "file" / "b.elpis", create=True)


# ------------------------------------------------------------------------------------------------------- one writer
def test_a_second_writer_is_turned_away_and_let_in_when_the_first_has_closed(path):
    first = opened(path)
    with pytest.raises(BookFault, match=r"this book is open in another program. Close it there and try again"):
        opened(path)
    first.close()
    opened(path).close()


def test_a_reader_sees_the_book_while_another_writes(path):
    with opened(path) as writer, opened(path, read_only=True) as reader:
        with writer.transaction():
            writer.run("INSERT INTO products (product) VALUES ('Visio')")
            assert reader.value("SELECT count(*) FROM products") == 1
        assert reader.value("SELECT count(*) FROM products") == 2


def test_a_reader_can_hold_on_to_one_moment(path):
    with opened(path) as writer, opened(path, read_only=True) as reader, reader.reading(), reader.reading():
        writer.run("INSERT INTO products (product) VALUES ('Visio')")
        assert reader.value("SELECT count(*) FROM products") == 1


def test_a_reader_cannot_write(path):
    with (
        pytest.raises(BookFault, match=r"cannot be written"),
        opened(path, read_only=True) as reader,
        reader.transaction(),
    ):
        reader.run("DELETE FROM products")


HOLDS = """
import sys
from pathlib import Path
from tests.conftest import opened
book = opened(Path(sys.argv[1]))
with book.transaction():
    book.run("INSERT INTO products (product) VALUES ('half done')")
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_killed_writer_leaves_the_book_free_and_as_it_was(path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(BookFault, match=r"open in another program"):
            opened(path)
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(30)

        with opened(path) as book:
            assert book.rows("SELECT product FROM products") == [("Office",)]


# ----------------------------------------------------------------------------------------------------- transactions
def test_a_transaction_that_fails_leaves_nothing(book):
    def fails():
        with book.transaction():
            book.run("INSERT INTO products (product) VALUES ('Office')")
            return 1 / 0

    with pytest.raises(ZeroDivisionError):
        fails()
    assert book.value("SELECT count(*) FROM products") == 0


def test_a_transaction_inside_another_stands_or_falls_with_it(book):
    def fails():
        with book.transaction():
            with book.transaction():
                book.insert("INSERT INTO products (product) VALUES ('Office')")
            return 1 / 0

    with pytest.raises(ZeroDivisionError):
        fails()
    assert book.one("SELECT 1 FROM products") is None


def test_the_clock_is_told_in_utc(book):
    assert book.now() == "2026-11-21T08:30:00Z"


# ------------------------------------------------------------------------------------------------------ damaged books
@pytest.fixture
def full(tmp_path):
    """A book of some hundred pages, closed."""
    with opened(tmp_path / "full.elpis", create=True) as book, book.transaction():
        book.many("INSERT INTO products (product) VALUES (?)", ((f"Product {n:06}",) for n in range(20_000)))
    return tmp_path / "full.elpis"


def flip(path: Path, start: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        page = file.read(length)
        file.seek(start)
        file.write(bytes(byte ^ 0xA5 for byte in page))


@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_page_is_told_with_what_to_do_and_a_transaction_stores_nothing(full, read_only):
    flip(full, 4096 * 40, 4096 * 200)
    with (
        pytest.raises(BookFault, match=r"full.elpis: the file is damaged. Open the latest backup"),
        opened(full, read_only=read_only) as book,
    ):
        book.rows("SELECT count(*), max(vendor) FROM products")


def test_damage_that_a_bulk_statement_meets_is_told_as_well(full):
    flip(full, 4096 * 40, 4096 * 200)
    with pytest.raises(BookFault, match=r"the file is damaged"), opened(full) as book, book.transaction():
        book.many("UPDATE products SET vendor = ?", [("Contoso",)])


@pytest.mark.parametrize("kept", [10, 100, 5_000, 100_000])
def test_a_truncated_book_is_told(full, kept):
    with full.open("r+b") as file:
        file.truncate(kept)
    with (
        pytest.raises(BookFault, match=r"full.elpis: (the file is damaged|this is not a book of Elpis)"),
        opened(full) as book,
    ):
        book.rows("SELECT * FROM products")


def test_a_fault_of_ours_is_no_fault_of_the_book(book):
    with pytest.raises(Exception, match=r"no such table"), opened(book.path, read_only=True) as reader:
        reader.rows("SELECT * FROM songs")


def test_a_query_of_another_thread_can_be_stopped_and_that_thread_lets_go_of_the_book(book):
    begun, go_on = threading.Event(), threading.Event()
    connections, ended = [], []

    def count():
        connections.append(book.connection())
        begun.set()
        try:
            book.value("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
        except peewee.OperationalError as stopped:
            ended.append(str(stopped))
        go_on.wait(10)
        book.release()

    thread = threading.Thread(target=count)
    thread.start()
    begun.wait(10)
    while not ended:
        book.interrupt(connections[0])
    go_on.set()
    thread.join()
    assert ended == ["interrupted"]
    assert book.value("SELECT 1") == 1


def test_a_book_in_use_is_told_apart_from_one_that_cannot_be_opened(book):
    with pytest.raises(BookInUse, match="open in another program"):
        opened(book.path)
