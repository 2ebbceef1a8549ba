"""The backups of a book as files: where they stand, what they are called, what is known of each, which are kept.

They stand in a folder beside the book, named after it: whoever finds the book finds them, they go along when the folder
is moved, and to restore one is a renaming on the same disk, all of it or nothing. A copy for another disk is made by
`store.care.back_up`. Beside each backup lies a small JSON file with what it holds and the SHA-256 of its bytes.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Generator, Hashable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from store.errors import BookFault
from store.snapshots.saving import save_file

if TYPE_CHECKING:
    from store.cipher import Passphrase

REASONS: Final = ("changes", "close", "import", "migration", "restore", "undo", "user")
"""What a backup was made for: half an hour of changes, the book was closed; before an import, a new schema, a
restored backup, an undone import; because the user wanted it."""

LEAST_ROOM: Final = 100 * 2**20
"""Bytes that a disk has free after a backup."""

RECENT: Final = 12
DAYS: Final = 14
WEEKS: Final = 8
MONTHS: Final = 12

_NAME: Final = re.compile(rf"(\d{{8}}T\d{{6}}Z)-(\d\d+)-({'|'.join(REASONS)})\.elpis")
_MOMENT: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Holding:
    """What a book or a backup holds: rows by table, entries of its change log, the day that it was judged on."""

    schema: int
    as_of: str
    entry: int
    rows: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class Backup:
    """A backup: its file, the moment (UTC) and the reason of its making, its size in bytes.

    `holding` and `sha256` are what was found when it was made and checked; None and "" where nobody wrote it down.
    """

    path: Path
    at: datetime
    why: str
    size: int
    holding: Holding | None = None
    sha256: str = ""
    number: int = 0
    """Counts those of one second."""

    @property
    def order(self) -> datetime:
        """Its moment, with a microsecond more for each that was made before it in the same second."""
        return self.at + timedelta(microseconds=self.number)


def folder(book: Path) -> Path:
    """Where the backups of a book stand, whether there are some or not."""
    return book.with_name(f"{book.name}.backups")


def listed(book: Path) -> list[Backup]:
    """The backups of a book, the newest first."""
    home = folder(book)
    found = [made for path in home.glob("*.elpis") if (made := _known(path))] if home.is_dir() else []
    return sorted(found, key=lambda one: (one.order, one.path.name), reverse=True)


def _known(path: Path) -> Backup | None:
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    at = datetime.strptime(named[1], _MOMENT).replace(tzinfo=UTC)
    holding, sha256 = _described(path)
    return Backup(path, at, named[3], path.stat().st_size, holding, sha256, int(named[2]))


def _described(path: Path) -> tuple[Holding | None, str]:
    """What was written down of a backup; nothing where that is missing or is not ours."""
    try:
        told = orjson.loads(_beside(path).read_bytes())
        return Holding(**told["holding"]), str(told["sha256"])
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return None, ""


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def make(
    book: Path, at: datetime, why: str, copy: Callable[[Path], None], passphrase: Passphrase | None = None
) -> Backup:
    """Keep what `copy(path)` writes and finds to be sound as a new backup; then let old ones go, never before.

    `passphrase` opens the copy, where the book is encrypted.
    Raises BookFault when the disk is nearly full, SavingFault when it cannot be written, and what `copy` raises; all
    earlier backups are there then.
    """
    require_room(book)
    moment = f"{at.astimezone(UTC):{_MOMENT}}"
    number = _free_number(book, moment)
    target = folder(book) / f"{moment}-{number:02}-{why}.elpis"
    holding, digest = _put(target, copy, passphrase)
    thin_out(book)
    return Backup(target, at, why, target.stat().st_size, holding, digest, number)


def _put(target: Path, copy: Callable[[Path], None], passphrase: Passphrase | None) -> tuple[Holding, str]:
    """Put a backup in its place, and beside it what it holds."""
    told: list[tuple[Holding, str]] = []

    def produce(path: Path) -> None:
        copy(path)
        told.append((look(path, passphrase), sha256(path)))

    save_file(target, produce)
    holding, digest = told[0]
    text = orjson.dumps({"holding": holding, "sha256": digest}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    save_file(_beside(target), lambda path: _write(path, text))
    return holding, digest


def _write(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def replace(backup: Backup, copy: Callable[[Path], None], passphrase: Passphrase | None) -> None:
    """Put what `copy(path)` writes in the place of a backup that holds the same; `passphrase` opens it.

    Killed just then, the backup counts as one of which nobody wrote down what it holds.
    """

    def whole(path: Path) -> None:
        copy(path)
        _beside(backup.path).unlink(missing_ok=True)

    _put(backup.path, whole, passphrase)


def remove(backup: Backup) -> None:
    """Let a backup go."""
    backup.path.unlink(missing_ok=True)
    _beside(backup.path).unlink(missing_ok=True)


def _free_number(book: Path, moment: str) -> int:
    """The number after those that the backups of one second have."""
    names = (_NAME.fullmatch(path.name) for path in folder(book).glob(f"{moment}-*.elpis"))
    return 1 + max((int(named[2]) for named in names if named), default=-1)


def require_room(book: Path) -> None:
    """Raise BookFault where the disk would be nearly full with another copy of the book on it."""
    wanted = LEAST_ROOM + sum(path.stat().st_size for path in (book, Path(f"{book}-wal")) if path.is_file())
    free = shutil.disk_usage(book.parent).free
    if free < wanted:
        raise BookFault(
            f"{book}: there is no room for a backup: {free // 2**20:,} MB of the disk are free, and"
            f" {wanted // 2**20:,} MB are needed. Free some space and try again."
        )


def sha256(path: Path) -> str:
    """The SHA-256 of a file that nobody writes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ------------------------------------------------------------------------------------------------------ what is in them
@contextmanager
def reading(path: Path, passphrase: Passphrase | None = None) -> Generator[Any]:
    """A connection to a closed book of any schema, for reading. Raises BookFault for what is none."""
    from store import cipher  # noqa: PLC0415 - the window stands before it is needed

    key = cipher.key_of(path, passphrase)
    connection = cipher.closed(path, key)
    try:
        yield connection
    except cipher.errors() as fault:
        if key is not None and cipher.is_refusal(fault):
            raise cipher.refused(path) from None
        raise BookFault(f"{path}: this backup cannot be read ({fault}). Choose another one.") from None
    finally:
        connection.close()


def look(path: Path, passphrase: Passphrase | None = None) -> Holding:
    """What a closed book of any schema holds. Raises BookFault for what is none."""
    with reading(path, passphrase) as connection:
        return held(connection)


def require_sound(path: Path, passphrase: Passphrase | None = None) -> None:
    """Raise BookFault for a closed book of any schema whose pages are damaged or whose references lead nowhere."""
    with reading(path, passphrase) as connection:
        wrong = [row[0] for row in connection.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
        wrong += [f"{row[0]} refers to what is not there" for row in connection.execute("PRAGMA foreign_key_check")]
    if wrong:
        raise BookFault(f"{path}: this backup is not sound ({wrong[0]}). Choose another one.")


def held(connection: Any) -> Holding:
    """What the book at a connection holds."""

    def value(sql: str) -> Any:
        found = connection.execute(sql).fetchone()
        return None if found is None else found[0]

    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    rows = {name: int(value(f"SELECT count(*) FROM {name}")) for name in COUNTED if name in there}
    as_of = value("SELECT value FROM settings WHERE key = 'as_of'")
    return Holding(
        value("PRAGMA user_version"), as_of or "", value("SELECT coalesce(max(id), 0) FROM change_log"), rows
    )


COUNTED: Final = (
    *"products contracts contract_items entitlements allocations demand installations hosts virtual_machines".split(),
    *"rights overrides manual_events prices titles entitlement_definitions authorizations requests".split(),
    *"request_lines scenarios reviews snapshots".split(),
)
"""The tables that tell people what a book holds, as far as its schema has them."""


# ----------------------------------------------------------------------------------------------------------- thinning
def thin_out(book: Path) -> None:
    """Let go of the backups that nobody will miss."""
    found = listed(book)
    wanted = kept(one.order for one in found)
    for one in found:
        if one.order not in wanted:
            remove(one)


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """Of moments of backups those that stay: the 12 latest, and the latest of each of 14 days, 8 weeks and 12 months.

    Days without a backup do not count. What is let go of once would never be wanted later.
    """
    ordered = sorted(set(moments), reverse=True)
    found = set(ordered[:RECENT])
    for count, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        latest: dict[Hashable, datetime] = {}
        for moment in ordered:
            latest.setdefault(period(moment), moment)
        found.update(list(latest.values())[:count])
    return found


def _day(moment: datetime) -> date:
    return moment.date()


def _week(moment: datetime) -> tuple[int, int]:
    return moment.isocalendar()[:2]


def _month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month
