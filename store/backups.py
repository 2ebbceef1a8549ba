"""Backups of a book that is open, and back: made, checked, compared with the book, restored."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from store import care, cipher, encrypting, generations, rows
from store.book import Book, open_book, take
from store.cipher import Passphrase
from store.errors import BookFault, BookInUse, KnownFault
from store.generations import Backup, Holding, listed
from store.snapshots.saving import save_file

__all__ = ["Backup", "Comparison", "back_up", "before", "check", "compare", "latest", "listed", "restore", "unsaved"]

Progress = Callable[[int, int], None]
"""Called with how many of how many steps are done."""

_TOLD: Final = 500
"""Changes that a comparison tells."""


@dataclass(frozen=True)
class Comparison:
    """A backup beside the book as it is now: rows by table then and now, and what was done since, newest first.

    `changes` are moments, users and words of steps, `more` how many there are besides. `related` tells whether the book
    has come from what the backup holds; else there is nothing to tell of "since".
    """

    then: Holding
    now: Holding
    related: bool
    changes: Sequence[tuple[str, str, str]]
    more: int = 0


def latest(book: Path) -> Backup | None:
    """The newest backup of a book that was found to be sound when it was made."""
    return next((one for one in listed(book) if one.sha256), None)


def unsaved(book: Book) -> int:
    """How many entries the change log has that the newest backup lacks; all of them where there is no backup."""
    entry = int(book.value("SELECT coalesce(max(id), 0) FROM change_log"))
    newest = latest(book.path)
    return entry - newest.holding.entry if newest and newest.holding and newest.holding.entry <= entry else entry


def back_up(book: Book, why: str = "user", *, progress: Progress | None = None) -> Backup:
    """Make a checked backup of the book as it is at this moment. Others may go on writing; not inside a transaction.

    Raises BookFault when the copy is not sound or the disk nearly full, SavingFault when it cannot be written; all
    earlier backups are there then, and none is let go of.
    """

    def copy(path: Path) -> None:
        _tell(progress, 0)
        book.run("VACUUM INTO ?", (str(path),))
        _tell(progress, 1)
        care.verify(book, path)
        _tell(progress, 2)

    made = generations.make(book.path, book.clock(), why, copy, book.passphrase)
    _tell(progress, 3)
    return made


def _tell(progress: Progress | None, done: int) -> None:
    if progress is not None:
        progress(done, 3)


def before(book: Book, why: str, *, progress: Progress | None = None) -> Backup | None:
    """A backup before something is done that changes much; None where the newest one has all of it already."""
    return back_up(book, why, progress=progress) if unsaved(book) else None


# ------------------------------------------------------------------------------------------------------------ comparing
def compare(book: Book, backup: Backup) -> Comparison:
    """What a backup holds and what has happened since. Raises BookFault for a backup that cannot be read."""
    then = backup.holding or generations.look(backup.path, book.passphrase)
    with book.reading():
        now = generations.held(book.connection())
        related = then.entry <= now.entry and _last_entry(book.connection(), then.entry) == _last_of(book, backup, then)
        if not related:
            return Comparison(then, now, related, ())
        found = book.rows(_SINCE, (then.entry,))
    told = [(at, who, _TURNED.get(action, "{}").format(what)) for at, who, what, action in found]
    return Comparison(then, now, related, told[:_TOLD], max(0, len(told) - _TOLD))


_TURNED: Final = {"undo": "Undone: {}", "redo": "Redone: {}"}
_SINCE = """
SELECT max(l.at), l.who, coalesce(s.what, l.action || ' ' || l.subject || ' ' || l.key), l.action
FROM change_log l LEFT JOIN steps s ON s.id = l.step_id WHERE l.id > ?
GROUP BY coalesce(l.step_id, -l.id), l.action = 'undo', l.action = 'redo' ORDER BY max(l.id) DESC"""


def _last_of(book: Book, backup: Backup, then: Holding) -> object:
    with generations.reading(backup.path, book.passphrase) as connection:
        return _last_entry(connection, then.entry)


def _last_entry(connection: Any, entry: int) -> object:
    """An entry of the change log, by which two books are known to have it in common."""
    found = connection.execute("SELECT at, who, action, subject, key FROM change_log WHERE id = ?", (entry,))
    return found.fetchone()


# ------------------------------------------------------------------------------------------------------------ restoring
def check(backup: Backup, passphrase: Passphrase | None = None) -> None:
    """Read a backup from end to end. Raises BookFault when it is not what was written, or is damaged."""
    if backup.sha256 and generations.sha256(backup.path) != backup.sha256:
        raise BookFault(f"{backup.path}: this backup is not what was written. Choose another one.")
    generations.require_sound(backup.path, passphrase)


def restore(
    path: Path,
    backup: Backup,
    *,
    clock: Callable[[], datetime],
    who: str,
    checked: bool = False,
    passphrase: Passphrase | None = None,
) -> Path | None:
    """Put a backup in the place of a book that nobody has open; where the present book, if there is one, stands now.

    At each moment the one or the other is in its place, whole. The change log of the restored book tells of it.
    `passphrase` opens both, as far as they are encrypted; in the place of an encrypted book a plain backup gets
    encrypted. Raises BookInUse when the book is open, BookFault for a backup that is not sound (unless it was `checked`
    just now); then all is as it was.
    """
    if not checked:
        check(backup, passphrase)
    _keep_present(path, clock, who, passphrase)
    lock = take(path)
    try:
        aside = _swap(path, backup, clock(), passphrase)
    finally:
        lock.release()
    with open_book(path, clock=clock, who=who, passphrase=passphrase) as book, book.transaction():
        rows.note(book, "restore", "backups", backup.path.name, None, None)
    return aside


def _keep_present(path: Path, clock: Callable[[], datetime], who: str, passphrase: Passphrase | None) -> None:
    """A last backup of the present book, if it can be had: a book may be restored because it is damaged."""
    try:
        with open_book(path, clock=clock, who=who, passphrase=passphrase) as present:  # which closes it as the last
            before(present, "restore")
    except BookInUse:
        raise
    except KnownFault:
        return


def _swap(path: Path, backup: Backup, at: datetime, passphrase: Passphrase | None) -> Path | None:
    """The backup takes the place of the book, which keeps a name of its own. The lock is held."""
    if Path(f"{path}-wal").exists():  # who closes a book as the last takes it away
        raise BookInUse(f"{path}: another program is reading this book. Close it there and try again.")
    aside = _aside(path, at) if path.exists() else None
    if aside is not None:
        save_file(aside, _copy_of(path))
    Path(f"{path}-shm").unlink(missing_ok=True)
    key = None if cipher.is_encrypted(backup.path) else cipher.key_of(path, passphrase)
    save_file(path, _copy_of(backup.path) if key is None else partial(encrypting.copy, backup.path, None, key))
    return aside


def _copy_of(source: Path) -> Callable[[Path], None]:
    def produce(path: Path) -> None:
        shutil.copyfile(source, path)

    return produce


def _aside(path: Path, at: datetime) -> Path:
    moment = at.astimezone(UTC).strftime("%Y-%m-%d %H%M%S")
    marks = chain([""], map(" {}".format, count(2)))
    names = (path.with_name(f"{path.stem} until {moment}{mark}{path.suffix}") for mark in marks)
    return next(name for name in names if not name.exists())
