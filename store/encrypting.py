"""Encrypts a book, gives it another passphrase, or makes it plain again: all of it, or nothing.

All rows are copied into a new file beside the book, compared with it row by row, flushed to disk, and the file is
renamed over the book. Killed at any moment, there is the one book or the other, whole. The backups beside it go along,
before the book does: once that is encrypted, nothing plain is left of what Elpis has made, unless that was wanted.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from store import cipher, generations
from store.book import BOOK_MARKS, open_book
from store.cipher import Passphrase
from store.errors import BookFault, BookInUse, KnownFault
from store.generations import Backup
from store.snapshots.manifest import UNFINISHED
from store.snapshots.saving import save_file

TOGETHER: Final = "together"
REMOVE: Final = "remove"
LEAVE: Final = "leave"
WAYS: Final = (TOGETHER, REMOVE, LEAVE)
"""What becomes of the backups of a book: the same as of the book, they are removed, or they are left as they are."""

Progress = Callable[[int, int], None]
"""Called with how many of how many files are done, and every now and then between; what it raises ends the work."""

Look = Callable[[], None]
"""Called every now and then; what it raises ends the work."""

_OFTEN: Final = 200_000
"""Steps of the database between two looks at whether the work is still wanted."""


@dataclass(frozen=True)
class _Work:
    """What opens the files now, and what then: the key of all of them (b"": plain), which is made once."""

    now: Passphrase | None
    then: Passphrase | None
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class Changed:
    """What came of it: how many backups went along or were removed, and the files beside the book that are left as
    they were although they hold earlier states of it."""

    backups: int
    left: tuple[Path, ...]


def change(
    path: Path,
    now: Passphrase | None,
    then: Passphrase | None,
    *,
    clock: Callable[[], datetime],
    who: str,
    backups: str = TOGETHER,
    progress: Progress | None = None,
) -> Changed:
    """Let a book that opens with `now` (None: a plain one) open with `then` (None: make it plain).

    Raises Locked when `now` does not open it, BookInUse when somebody else has it open, BookFault or SavingFault when
    it cannot be done; the book is as it was then.
    """
    tell = progress or _nobody_listens
    with open_book(path, clock=clock, who=who, passphrase=now) as book:  # whose lock is held to the end
        if (book.passphrase is None) and (then is None):
            raise BookFault(f"{path}: this book is not encrypted.")
        book.run("PRAGMA wal_checkpoint(TRUNCATE)")
        book.release()
        _require_alone(path)
        generations.require_room(path)
        kept = generations.listed(path)
        steps = 1 + (len(kept) if backups == TOGETHER else 0)
        work = _Work(now, then, b"" if then is None else then.new_key())
        done = sum(_follows(one, work, partial(tell, n, steps)) for n, one in enumerate(kept[: steps - 1]))
        save_file(path, partial(_made_beside, path, work, partial(tell, steps - 1, steps)))
        if backups == REMOVE:
            done = len([generations.remove(one) for one in kept])
    return Changed(done, left(path, then))


def _nobody_listens(_done: int, _steps: int) -> None:
    pass


def _require_alone(path: Path) -> None:
    if Path(f"{path}-wal").exists():  # who closes a book as the last takes it away
        raise BookInUse(f"{path}: another program is reading this book. Close it there and try again.")


def _made_beside(path: Path, work: _Work, look: Look, made: Path) -> None:
    look()
    copy(path, work.now, work.key, made, look)
    _require_alone(path)
    Path(f"{path}-shm").unlink(missing_ok=True)


def left(path: Path, then: Passphrase | None) -> tuple[Path, ...]:
    """The files beside a book that hold earlier states of it, and that do not open as the book does."""
    asides = sorted(path.parent.glob(f"{_literally(path.stem)} until *{_literally(path.suffix)}"))
    files = [*(one.path for one in generations.listed(path)), *asides]
    return tuple(one for one in files if not _opens(one, then))


def _literally(text: str) -> str:
    return "".join(f"[{one}]" if one in "*?[" else one for one in text)


def _opens(path: Path, passphrase: Passphrase | None) -> bool:
    """Whether a file is plain, where there is no passphrase, or opens with it."""
    if cipher.is_encrypted(path) == (passphrase is None):
        return False
    try:
        generations.look(path, passphrase)
    except KnownFault:
        return False
    return True


def _follows(one: Backup, work: _Work, look: Look) -> bool:
    """Change a backup as its book; whether that is done. One that cannot be read stays as it is."""
    look()
    if _opens(one.path, work.then):  # an earlier start was cut off
        return True
    try:
        generations.replace(one, partial(copy, one.path, work.now, work.key, look=look), work.then)
    except BookFault:
        return False
    return True


# ------------------------------------------------------------------------------------------------------------- copying
def copy(path: Path, now: Passphrase | None, key: bytes, made: Path, look: Look | None = None) -> None:
    """Write all of a closed book into a new file that opens with `key` (b"": a plain one), and compare the two.

    Who may read the one may read the other. Raises BookFault when they are not the same, or the book cannot be read.
    """
    held = cipher.key_of(path, now)
    made.touch()
    shutil.copymode(path, made)
    try:
        with closing(_connected(path, held, look)) as connection:
            _export(connection, made, key)
        with closing(_connected(path, held, look)) as before, closing(_connected(made, key or None, look)) as after:
            wrong = _difference(before, after)
    except cipher.errors() as fault:
        if look is not None:
            look()
        if cipher.is_refusal(fault):
            raise cipher.refused(path) from None
        raise BookFault(f"{path}: this cannot be read to the end ({fault}); nothing was changed.") from None
    if wrong:
        raise BookFault(f"{path}: what was written is not the same ({wrong}); nothing was changed. Try again.")


def _connected(path: Path, key: bytes | None, look: Look | None) -> Any:
    connection = cipher.closed(path, key, both=True)
    if look is not None:
        connection.set_progress_handler(look, _OFTEN)  # what it raises ends the statement
    return connection


def _export(connection: Any, made: Path, key: bytes) -> None:
    connection.execute("ATTACH ? AS made KEY ?", (str(made), key.decode()))
    connection.execute("PRAGMA made.journal_mode = OFF")  # it is thrown away where it does not come to its end
    connection.execute("PRAGMA made.synchronous = OFF")  # and flushed as a whole before it is used
    connection.execute("SELECT sqlcipher_export('made')")
    for mark in BOOK_MARKS:
        (held,) = connection.execute(f"PRAGMA main.{mark}").fetchone()
        connection.execute(f"PRAGMA made.{mark} = {held}")
    connection.execute("DETACH made")


def _difference(before: Any, after: Any) -> str:
    """What is not the same in two books, "" for nothing: marks, schema, rows, and whether all pages are sound."""
    for mark in BOOK_MARKS:
        if before.execute(f"PRAGMA {mark}").fetchone() != after.execute(f"PRAGMA {mark}").fetchone():
            return mark
    if before.execute(_SCHEMA).fetchall() != after.execute(_SCHEMA).fetchall():
        return "the schema"
    tables = before.execute(_TABLES).fetchall()
    before.text_factory = after.text_factory = bytes  # what is no text any more is to stay what it is
    for name, without_rowid in tables:
        sql = f'SELECT * FROM "{name}"' if without_rowid else f'SELECT rowid, * FROM "{name}" ORDER BY rowid'
        if _hash(before.execute(sql)) != _hash(after.execute(sql)):
            return f"the table {name}"
    (found,) = after.execute("PRAGMA integrity_check(1)").fetchone()
    return "" if found == b"ok" else str(found)


_SCHEMA: Final = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2, 3"
_TABLES: Final = """
SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type <> 'virtual' AND type <> 'view'
    AND name <> 'sqlite_schema'"""


def _hash(rows: Iterator[Any]) -> bytes:
    found = hashlib.sha256()
    for row in rows:
        found.update(repr(row).encode())
    return found.digest()


def remove_unfinished(path: Path) -> None:
    """Take away what is plain of an encrypted book because its decryption was killed. The lock is held."""
    for place in (path.parent / f".{path.name}{UNFINISHED}", *generations.folder(path).glob(f".*{UNFINISHED}")):
        for file in place.glob("*"):
            if cipher.is_plain(file):
                file.unlink(missing_ok=True)
