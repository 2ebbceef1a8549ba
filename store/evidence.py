"""Whether the rows that are evidence are still what they were when they were written, by the hashes kept of them.

No change waits for a hash: up to which entry of the change log rows are hashed is noted, and `settle` makes up for the
rest, off the user's way: in the window when nothing has been changed for a moment, and before every backup and every
signed snapshot. Only rows that the change log tells of get a new hash, and those that came with an import; any other
row that is not as its hash says is damaged, and stays so until it is put right.

This guards against disks and accidents, not against who can write to the file as Elpis does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import orjson

from store import content, row_hashes
from store.book import Book, Row, damage
from store.errors import is_damage
from store.row_hashes import CHARGES, FORMED, Subject

Progress = Callable[[int, int], None]
"""Called with how many of how many tables are done."""

_NONE: Final = frozenset[int]()
_TOLD: Final = 20
"""As many rows of a table are told one by one."""


_FEW: Final = 500
"""As many rows are hashed one by one, of more every table is read."""

_SMALL: Final = 3_000
"""A book of which no table has more rows is hashed in a moment."""


@dataclass(frozen=True)
class _Pending:
    """What the change log tells of, but no hash does yet: whether rows came, whether rows went, and single rows.

    The latter by the names of their tables, with what stands for them and their keys.
    """

    came: bool
    went: bool
    touched: dict[str, dict[int, tuple[Any, ...]]] = field(default_factory=dict[str, dict[int, tuple[Any, ...]]])

    def rows(self, subject: Subject) -> frozenset[int]:
        """The single rows of a table."""
        return frozenset(self.touched.get(subject.name, ()))


# ------------------------------------------------------------------------------------------------------------- settled
def unhashed(book: Book) -> int:
    """How many entries of the change log tell of rows that have no hash yet; 1 at least if none ever had one."""
    last, upto = _last(book), _upto(book)
    return max(last - upto, 0) if upto >= 0 else max(last, 1)


def is_settled(book: Book) -> bool:
    """Whether every row that should have a hash has one."""
    return unhashed(book) == 0


def is_quick(book: Book) -> bool:
    """Whether to settle takes no longer than a change of a few rows: there are few to hash, or the book is small."""
    count = unhashed(book)
    return count > 0 and ((count <= _FEW and not _pending(book).came) or not _is_large(book))


def _is_large(book: Book) -> bool:
    rows = (f"SELECT 1 FROM {name} LIMIT 1 OFFSET {_SMALL}" for name in row_hashes.subjects())
    return any(book.one(sql) is not None for sql in rows)


def _last(book: Book) -> int:
    return book.value("SELECT coalesce(max(id), 0) FROM change_log")


def _upto(book: Book) -> int:
    return book.value("SELECT upto FROM hashed")


def settle(book: Book, progress: Progress | None = None) -> None:
    """Hash what the change log tells of since the last time. Damaged rows keep the hash that they should have.

    What `progress` raises leaves everything as it was.
    """
    if is_settled(book):
        return
    with book.transaction():
        pending = _pending(book)
        if pending.came or sum(map(len, pending.touched.values())) > _FEW:
            _settle_all(book, pending, progress)
        else:
            _settle_few(book, pending)
        book.run("UPDATE hashed SET upto = ?", (_last(book),))


def _settle_all(book: Book, pending: _Pending, progress: Progress | None) -> None:
    for subject in _each(progress):
        touched = pending.rows(subject)
        _present(book, subject)
        if pending.came or subject.name in FORMED:
            book.run(_ADD, (subject.number,))
        moved = touched & (_changed(book, subject) | _fresh(book, subject))
        book.many(_REPLACE, ((subject.number, row) for row in moved))
        gone = _gone(book, subject)
        book.many(_FORGET, ((subject.number, row) for row in (gone if pending.went else gone & touched)))
        book.run("DELETE FROM temp.present")


def _settle_few(book: Book, pending: _Pending) -> None:
    known = row_hashes.subjects()
    for name, keys in pending.touched.items():
        for row, key in keys.items():
            found = book.one(known[name].find, key)
            if found is None:
                book.run(_FORGET, (known[name].number, row))
            else:
                book.run(_KEEP, (known[name].number, row, known[name].hash(found)))
    ledger = known[CHARGES]
    fresh = book.rows(f"{ledger.select} AND id > coalesce(({_NEWEST}), 0)", (ledger.number,))
    book.many(_KEEP, [(ledger.number, row[0], ledger.hash(row)) for row in fresh])


def _each(progress: Progress | None) -> Iterator[Subject]:
    known = row_hashes.subjects()
    for number, subject in enumerate(known.values()):
        if progress is not None:
            progress(number, len(known))
        yield subject


_KEEP: Final = "INSERT OR REPLACE INTO row_hashes VALUES (?, ?, ?)"
_ADD: Final = """
INSERT INTO row_hashes SELECT ?1, row, hash FROM temp.present
WHERE row NOT IN (SELECT row FROM row_hashes WHERE subject = ?1) ORDER BY row"""
_REPLACE: Final = "INSERT OR REPLACE INTO row_hashes SELECT ?, row, hash FROM temp.present WHERE row = ?"
_FORGET: Final = "DELETE FROM row_hashes WHERE subject = ? AND row = ?"
_NEWEST: Final = "SELECT max(row) FROM row_hashes WHERE subject = ?"


def _pending(book: Book) -> _Pending:
    """What the entries tell of that are not hashed yet."""
    upto = _upto(book)
    imports = "SELECT 1 FROM change_log WHERE id > ? AND subject = 'imports'"
    came = upto < 0 or book.one(imports, (upto,)) is not None
    found = _Pending(came, book.one(f"{imports} AND after IS NULL", (upto,)) is not None)
    known = row_hashes.subjects()
    told = "SELECT DISTINCT subject, row_key FROM change_log WHERE id > ? AND row_key IS NOT NULL"
    for name, text in book.each(told, (upto,)):
        if name in known:
            subject, key = known[name], orjson.loads(text)
            values = tuple(key[column] for column in subject.key)
            row = values[0] if subject.key == ("id",) else row_hashes.short_hash(values)
            found.touched.setdefault(name, {})[row] = values
    return found


# ------------------------------------------------------------------------------------------------------------- checked
def problems(book: Book, progress: Progress | None = None) -> list[str]:
    """The rows that are not what they were when they were written, a sentence each."""
    pending = _pending(book)
    return [told for subject in _each(progress) for told in _problems(book, subject, pending)]


def _problems(book: Book, subject: Subject, pending: _Pending) -> list[str]:
    touched = pending.rows(subject)
    try:
        _present(book, subject)
        fresh = _NONE if pending.came or subject.name in FORMED else _fresh(book, subject) - touched
        gone = _NONE if pending.went else _gone(book, subject) - touched
        found = list(_sentences(book, subject, _changed(book, subject) - touched, fresh, gone))
        book.run("DELETE FROM temp.present")
    except damage() as error:
        if not is_damage(error):
            raise
        return [f"{_words(subject)}: its rows cannot be read to the end ({error})"]
    return found


def _sentences(
    book: Book, subject: Subject, changed: frozenset[int], fresh: frozenset[int], gone: frozenset[int]
) -> Iterator[str]:
    named = _names(book, subject, sorted(changed | fresh)[:_TOLD])
    for numbers, text in (
        (changed, "it is not as it was written"),
        (fresh, "it was put in by something else than Elpis"),
        (gone, "it is gone, and nothing in the change log tells why"),
    ):
        for number in sorted(numbers)[:_TOLD]:
            yield f"{_words(subject)}, {named.get(number) or f'row {number}'}: {text}"
        if len(numbers) > _TOLD:
            yield f"{_words(subject)}: {len(numbers) - _TOLD:,} more rows of which the same is true"


def _words(subject: Subject) -> str:
    return subject.name.replace("_", " ")


def _names(book: Book, subject: Subject, numbers: Sequence[int]) -> dict[int, str]:
    """What rows are called: by their ids and the names that people know, or by their keys."""
    if not numbers:
        return {}
    if subject.key == ("id",):
        names = ((number, _name(book, subject, number)) for number in numbers)
        return {number: f"row {number}" + (f" ({name})" if name else "") for number, name in names}
    places = [subject.columns.index(column) for column in subject.key]
    held = ((subject.row(row), row) for row in book.each(subject.select))
    found = islice(((number, row) for number, row in held if number in numbers), len(numbers))
    return {number: f"row {' | '.join(str(row[at]) for at in places)}" for number, row in found}


def _name(book: Book, subject: Subject, number: int) -> str:
    try:
        return content.name_of(book, subject.name, number) if subject.name in content.NAMED else ""
    except damage():
        return ""


# ------------------------------------------------------------------------------------------------------------ compared
def _present(book: Book, subject: Subject) -> None:
    """Put the hashes that the rows of a table have now into `temp.present`."""
    book.run("CREATE TEMP TABLE IF NOT EXISTS present (row INTEGER PRIMARY KEY, hash INTEGER NOT NULL)")
    for text in (str, _as_well_as_can_be):
        book.run("DELETE FROM temp.present")
        try:
            book.many("INSERT OR REPLACE INTO temp.present VALUES (?, ?)", _hashes(book, subject, text))
            return
        except damage() as error:
            if text is not str or not is_damage(error):
                raise


def _hashes(book: Book, subject: Subject, text: Any) -> Iterator[Row]:
    connection = book.connection()
    before, connection.text_factory = connection.text_factory, text
    try:
        for row in connection.execute(subject.select):
            yield subject.row(row), subject.hash(row)
    finally:
        connection.text_factory = before


def _as_well_as_can_be(found: bytes) -> str:
    """A text that damage has made one of no encoding."""
    return found.decode(errors="backslashreplace")


_OTHER: Final = """
SELECT p.row FROM temp.present p CROSS JOIN row_hashes h ON h.subject = ? AND h.row = p.row WHERE h.hash <> p.hash"""
_WITHOUT: Final = "SELECT row FROM temp.present WHERE row NOT IN (SELECT row FROM row_hashes WHERE subject = ?)"
_LEFT: Final = "SELECT row FROM row_hashes WHERE subject = ? AND row NOT IN (SELECT row FROM temp.present)"


def _changed(book: Book, subject: Subject) -> frozenset[int]:
    """The rows that are not as their hashes say."""
    return _rows(book, _OTHER, subject)


def _fresh(book: Book, subject: Subject) -> frozenset[int]:
    """The rows that have no hash."""
    return _rows(book, _WITHOUT, subject)


def _gone(book: Book, subject: Subject) -> frozenset[int]:
    """The hashes whose rows are not there."""
    return _rows(book, _LEFT, subject)


def _rows(book: Book, sql: str, subject: Subject) -> frozenset[int]:
    return frozenset(row for (row,) in book.rows(sql, (subject.number,)))
