"""Opens a book: one SQLite file, one writer, durable transactions, a version that is checked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import peewee
from filelock import FileLock, Timeout

from store import cipher, handles, log_chain, protections, rows, upgrading
from store.cipher import Passphrase
from store.errors import BookFault, BookInUse, Locked, sentence
from store.handles import Handle

APPLICATION_ID: Final = 0x456C7073
"""Marks a file as a book (the letters "Elps" where SQLite keeps the application id)."""

BOOK_MARKS: Final = ("application_id", "user_version")
"""The pragmas that say what a file is: a book, of which schema."""

SCHEMA_VERSION: Final = 12
"""The number of the newest migration."""

OLDEST_SQLITE: Final = (3, 51, 3)
"""Below it, SQLite's write-ahead log can damage a book that two connections use."""

_OF_THE_CONNECTION: Final = {
    "synchronous": 2,  # FULL: what is committed survives a power cut; measured as free in batches
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
}
PRAGMAS: Final = {**_OF_THE_CONNECTION, "journal_mode": "wal"}
"""How a book is opened for writing. The journal mode is written into the file, so it comes after the checks."""


def integrity() -> tuple[type[Exception], ...]:
    """What a double key or a reference to nothing raises."""
    return cipher.errors("IntegrityError")


def damage() -> tuple[type[Exception], ...]:
    """What a damaged page or text raises, among others: `store.errors.is_damage` tells which."""
    return (*cipher.errors(), UnicodeDecodeError)  # the latter where the driver cannot even say what is wrong


TEMPORARY: Final = {**PRAGMAS, "synchronous": 0, "journal_mode": "memory"}
"""How a book is opened that is deleted afterwards: no power cut can take what nobody wants to keep."""

_HEAD: Final = 100
"""Bytes that a database has at least."""

_STATEMENTS: Final = 1_000
"""Statements that stay prepared: a change and what rules derive from it take more than the usual 128."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"
"""The numbered steps that make the schema."""

logging.getLogger("peewee").disabled = True  # it would log every query with its values: the user's data

Row = tuple[Any, ...]


@dataclass
class Hand:
    """What the one hand that may write is doing just now."""

    step: int | None = None
    """The number of the user's step that is under way, which can be undone later (`store.undo`)."""
    linked: log_chain.Linked | None = None
    """Where the chain of the change log ends, as far as this hand knows in its transaction."""


@dataclass(frozen=True)
class Book:
    """An open book. Every change goes through `transaction`; `clock` and `who` are what the change log writes down."""

    path: Path
    database: Any  # a peewee.SqliteDatabase; Peewee publishes no complete types
    clock: Callable[[], datetime]
    who: str
    lock: FileLock | None
    made: bool = False
    """Whether there was no file before this opening."""
    temporary: bool = False
    """Whether it is deleted after this use: what only later use needs is left out."""
    hand: Hand = field(default_factory=Hand)
    repaired: tuple[str, ...] = ()
    """The protections that something else had taken away or changed, and that were made anew at this opening."""
    passphrase: Passphrase | None = None
    """What opens the book, and every copy that is made of it; None for a plain one."""
    handle: Handle | None = field(default=None, repr=False)
    """By which its file can be looked at as long as it is open."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows of a query, as tuples."""
        return self.database.execute_sql(sql, values).fetchall()

    def each(self, sql: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """The rows of a query one after the other, for results that should not stand in memory at once."""
        return iter(self.database.connection().execute(sql, values))

    def one(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """The first row of a query, or None."""
        return self.database.execute_sql(sql, values).fetchone()

    def value(self, sql: str, values: Sequence[object] = ()) -> Any:
        """The first value of the first row; the query must have one."""
        return self.rows(sql, values)[0][0]

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run one statement; how many rows it changed."""
        return self.database.execute_sql(sql, values).rowcount

    def insert(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run one INSERT; the id of the new row."""
        return int(self.database.execute_sql(sql, values).lastrowid or 0)

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row. Sixteen times as fast as rows inserted through models."""
        self.database.connection().executemany(sql, rows)

    def now(self) -> str:
        """The moment by the book's clock, UTC, as text to the second."""
        return self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @contextmanager
    def transaction(self, *, resolved: bool = False) -> Generator[None]:
        """One user action: all of it is stored durably, or nothing. A transaction inside another joins it.

        `resolved` is for bulk work that took every id it writes from the book itself, under this very transaction:
        the database then does not look each reference up a second time.
        """
        if self.database.in_transaction():
            yield
            return
        with _told(self.path), self._references(checked=not resolved), self.database.atomic("IMMEDIATE"):
            self.hand.linked = None  # what was true of the transaction before need not be: it may have been taken back
            yield
            self._prove()

    def _prove(self) -> None:
        """Give each new entry of the change log its link."""
        self.hand.linked = log_chain.extend(self.connection(), self.hand.linked)

    @contextmanager
    def _references(self, *, checked: bool) -> Generator[None]:
        if checked:
            yield
            return
        self.run("PRAGMA foreign_keys = 0")
        try:
            yield
        finally:
            self.run("PRAGMA foreign_keys = 1")

    @contextmanager
    def reading(self) -> Generator[None]:
        """A block in which all queries see the book at one moment, whatever others write meanwhile."""
        if self.database.in_transaction():
            yield
            return
        with self.database.atomic():
            self.value("SELECT count(*) FROM settings")  # the moment is that of the first query
            yield

    def connection(self) -> Any:
        """The calling thread's own connection to the book, to be handed to `interrupt`; made when first asked for."""
        return self.database.connection()

    def interrupt(self, connection: Any) -> None:
        """Stop the query that another thread runs on its `connection`; there it raises, and nothing of it is stored."""
        connection.interrupt()

    def release(self) -> None:
        """Close the calling thread's connection. Every thread but the one that closes the book does so at its end."""
        self.database.close()

    def close(self) -> None:
        """Close the file and let the next writer in."""
        self.database.close()
        if self.handle is not None:
            self.handle.close()
        if self.lock is not None:
            self.lock.release()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        self.close()
        if error is not None:
            if self.made:
                _discard(self.path)
            with _told(self.path):
                raise error


def known(error: Exception) -> Exception:
    """The known problem that an error of a database or of the system is, where it is one; else the error itself."""
    text = sentence(error) if isinstance(error, (*cipher.errors(), OSError)) else None
    return error if text is None else BookFault(f"{text[0].upper()}{text[1:]}.")


@contextmanager
def _told(path: Path, *, locked: bool = False) -> Generator[None]:
    """Known problems of database and disk, as sentences about the book; bulk statements raise theirs without Peewee."""
    try:
        yield
    except (*cipher.errors(), OSError) as error:
        known = sentence(error)
        if known is None:
            raise
        if locked and cipher.is_refusal(error):
            raise cipher.refused(path) from None
        raise BookFault(f"{path}: {known}.") from error


def _discard(path: Path) -> None:
    """Remove a book that was made for something that failed."""
    for name in (path, *(Path(f"{path}{end}") for end in ("-wal", "-shm", ".lock"))):
        name.unlink(missing_ok=True)


def open_book(
    path: Path,
    *,
    clock: Callable[[], datetime],
    who: str,
    create: bool = False,
    read_only: bool = False,
    temporary: bool = False,
    passphrase: Passphrase | None = None,
) -> Book:
    """Open the book at `path`, bringing an older one to the present schema.

    `create` allows a file that does not exist yet; a failure inside of `with` takes it away again. `read_only` takes no
    lock and changes nothing, not even a schema. `temporary` is for a new book that is deleted after use. `passphrase`
    opens an encrypted book, a plain one needs none. Raises Locked where it is missing or does not fit, and BookFault
    with a sentence when the file is no book of ours, is newer than this program, is in use, or cannot be read or
    written.
    """
    driver: Any = peewee
    _check_sqlite(driver.sqlite3.sqlite_version_info)
    if not create and not path.is_file():
        raise BookFault(f"{path}: there is no such book. Check the name, or import a folder to make one.")
    made = not path.exists()
    lock = None if read_only else take(path)
    try:
        passphrase = passphrase if cipher.key_of(path, passphrase) else None  # a plain book has none
        if passphrase is not None:
            _check_sqlite(cipher.driver().sqlite_version_info, "sqlcipher3")
        database = _connect(path, read_only, TEMPORARY if temporary else PRAGMAS, clock, passphrase)
        book = Book(path, database, clock, who, lock, made, temporary, passphrase=passphrase, handle=Handle(path))
        if passphrase is not None and lock is not None:
            import_module("store.encrypting").remove_unfinished(path)  # here alone: most books are plain
        return book if read_only else _protected(book)
    except BaseException:
        if lock is not None:
            lock.release()
            if made:
                _discard(path)
        raise


def _protected(book: Book) -> Book:
    """The book with all that protects its records; what had to be made anew is in the change log."""
    try:
        with _told(book.path):
            if not protections.broken(book.connection()):
                return book
            with book.transaction():
                names = protections.restore(book.connection())
                for name in names:
                    rows.note(book, "repair", "protections", name, None, None)
    except BaseException:
        book.database.close()
        raise
    return replace(book, repaired=tuple(names))


def is_old(path: Path, passphrase: Passphrase | None = None) -> bool:
    """Whether to open a book means to bring it to the present schema, after a backup: for a large one, a while.

    Not for what cannot be opened so: that is told when it is.
    """
    try:
        connection = cipher.closed(path, cipher.key_of(path, passphrase))
    except (Locked, *cipher.errors()):
        return False
    try:
        application, version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in BOOK_MARKS)
    except cipher.errors():
        return False
    finally:
        connection.close()
    return application == APPLICATION_ID and 0 < version < SCHEMA_VERSION


def _check_sqlite(version: tuple[int, ...], package: str = "pysqlite3") -> None:
    if version < OLDEST_SQLITE:
        found, wanted = (".".join(map(str, v)) for v in (version, OLDEST_SQLITE))
        raise BookFault(
            f"SQLite {found} can damage books; {wanted} or later is needed. Install {package} again (make setup)."
        )


def sqlite_version() -> str:
    """The version of the SQLite that runs here."""
    driver: Any = peewee
    return str(driver.sqlite3.sqlite_version)


def take(path: Path) -> FileLock:
    """The right to write to a book, until it is released or the process ends. Raises BookInUse when another has it."""
    lock = FileLock(f"{path}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BookInUse(f"{path}: this book is open in another program. Close it there and try again.") from None
    except OSError as error:
        raise BookFault(f"{path}: the folder cannot be written ({error.strerror}). Choose another place.") from error
    return lock


def _connect(
    path: Path,
    read_only: bool,
    pragmas: Mapping[str, Any],
    clock: Callable[[], datetime],
    passphrase: Passphrase | None,
) -> Any:
    if 0 < len(handles.begins(path)) < _HEAD:  # SQLite would take it for an empty one, and write over it
        raise BookFault(f"{path}: this is not a book of Elpis.")
    name = f"{path.absolute().as_uri()}?mode=ro" if read_only else str(path)
    key = cipher.key_of(path, passphrase)
    options: dict[str, Any] = {"uri": read_only, "pragmas": _OF_THE_CONNECTION, "cached_statements": _STATEMENTS}
    database: Any = cipher.Database(name, key, **options)
    try:
        with _told(path, locked=key is not None):
            database.connect()
            _admit(path, database, read_only)
            if not read_only:
                _prepare(path, database, pragmas, clock, passphrase)
    except UnicodeDecodeError as error:  # the driver cannot even say what is wrong with the schema
        database.close()
        raise BookFault(f"{path}: the file is damaged. Open the latest backup, and keep this file aside.") from error
    except BaseException:
        database.close()
        raise
    return database


def _admit(path: Path, database: Any, read_only: bool) -> None:
    """Let a file in only when it is empty or a book that this program understands. Nothing is written."""
    empty = database.execute_sql("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    version = int(database.pragma("user_version"))
    if empty and read_only:
        raise BookFault(f"{path}: this file is empty, it is not a book yet.")
    if not empty and database.pragma("application_id") != APPLICATION_ID:
        raise BookFault(f"{path}: this file is a database, but not a book of Elpis. Choose another file.")
    if version > SCHEMA_VERSION:
        raise BookFault(
            f"{path}: this book was written by a newer Elpis (schema {version}; this program knows {SCHEMA_VERSION}). "
            "Update Elpis to open it. Nothing was changed."
        )
    if version < SCHEMA_VERSION and read_only:
        raise BookFault(f"{path}: this book was written by an older Elpis; recalculate it once to bring it up to date.")


def _prepare(
    path: Path,
    database: Any,
    pragmas: Mapping[str, Any],
    clock: Callable[[], datetime],
    passphrase: Passphrase | None,
) -> None:
    """Make a file that was let in safe to write, and bring it to the present schema."""
    for name in ("journal_mode", "synchronous"):
        database.pragma(name, pragmas[name], permanent=True)
    version = int(database.pragma("user_version"))
    if 0 < version < SCHEMA_VERSION:
        _keep_old(path, database, clock(), passphrase)
    if version < SCHEMA_VERSION:
        _migrate(database)
    wrong = {k: v for k, v in pragmas.items() if str(database.pragma(k)) != str(v)}
    if wrong:
        raise BookFault(f"{path}: the disk does not allow {', '.join(wrong)}; a book would not be safe here.")


def _keep_old(path: Path, database: Any, at: datetime, passphrase: Passphrase | None) -> None:
    """A checked backup of the book in its old schema. Without one it is not brought to the present schema."""
    generations: Any = import_module("store.generations")  # here alone, as the migrations

    def copy(target: Path) -> None:
        with upgrading.part(upgrading.COPIED, database.connection(), upgrading.share(target, path)):
            database.execute_sql("VACUUM INTO ?", (str(target),))
        with upgrading.part(upgrading.CHECKED, database.connection()):
            generations.require_sound(target, passphrase)

    generations.make(path, at, "migration", copy, passphrase)


def _migrate(database: Any) -> None:
    """All steps and the new version number in one transaction: a book is old or new, never between."""
    with database.atomic("IMMEDIATE"), upgrading.part(upgrading.MIGRATED, database.connection()):
        migrations: Any = import_module("playhouse.migrations")  # here alone: most books are of the present schema
        runner = migrations.Runner(database, str(MIGRATIONS), table_name="schema_history")
        runner.up()
        protections.restore(database.connection())
        database.pragma("application_id", APPLICATION_ID)
        database.pragma("user_version", SCHEMA_VERSION)
