"""The change log as a chain: one hash that stands for every entry up to a point, in order and in full.

Entry n has the hash SHA-256(hash of the entry before ‖ id ‖ length ‖ body). Id and length are 8 bytes, most significant
first; the body is the entry as a JSON array of its columns in the order of `COLUMNS`, spelled by RFC 8785. Before the
first entry stand 32 zero bytes. Whoever changes, adds, moves or takes out an entry changes every hash after it.

The hash of each entry, its link, is kept with it from the transaction on that wrote the entry, so that it can be told
which entry is not as it was. Who can write to the file can also make all links anew: that shows only where an earlier
link is kept outside of the book, or in it, by a signed snapshot. What came after the last of those is not proved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

if TYPE_CHECKING:
    from store.book import Book

COLUMNS: Final = ("id", "at", "who", "action", "subject", "key", "before", "after", "row_key", "step_id")
"""What of an entry counts: all but its link, and the mark that follows from its moment and the one before."""

_START: Final = bytes(32)
_ENTRIES: Final = f"SELECT {', '.join(COLUMNS)} FROM change_log"


@dataclass(frozen=True)
class Head:
    """Where a change log ends: the id of its last entry (0: there is none), and that entry's hash in hexadecimal."""

    seq: int
    sha256: str


def link(before: bytes, entry: Sequence[Any]) -> bytes:
    """The link of an entry: before it stands the link of the entry before."""
    body = orjson.dumps(entry, default=repr)  # bytes in a damaged text: no entry was ever written so
    return hashlib.sha256(b"".join((before, entry[0].to_bytes(8, signed=True), len(body).to_bytes(8), body))).digest()


def head(book: Book, upto: int | None = None) -> Head:
    """The head of the change log, or of its entries up to the id `upto`. Reads each entry once, and holds only one."""
    found, seq = _START, 0
    wanted = "" if upto is None else " WHERE id <= ?"
    for entry in book.each(f"{_ENTRIES}{wanted} ORDER BY id", () if upto is None else (upto,)):
        seq, found = entry[0], link(found, entry)
    return Head(seq, found.hex())


# ------------------------------------------------------------------------------------------------------- while written
class Linked(NamedTuple):
    """The last entry that has a link: its id, the link, and its moment."""

    entry: int = 0
    sha256: bytes = _START
    at: str = ""


_LAST: Final = "SELECT id, link, at FROM change_log WHERE link IS NOT NULL ORDER BY id DESC LIMIT 1"
_NEW: Final = f"{_ENTRIES} WHERE id > ? ORDER BY id"
_KEEP: Final = "UPDATE change_log SET link = ?, clock_suspect = ? WHERE id = ?"


def last(connection: Any) -> Linked:
    """The last entry that has a link."""
    found = connection.execute(_LAST).fetchone()
    return Linked() if found is None else Linked(*found)


def append(connection: Any, after: Linked | None, entry: Sequence[Any]) -> Linked:
    """Write an entry (its columns but the id) with its link, or without one where others still lack theirs: `extend`
    makes up for it. `after` is where the chain ends, if that is known. Inside a transaction."""
    end = after or last(connection)
    if connection.execute(_NEWEST).fetchone()[0] == end.entry:
        whole = (end.entry + 1, *entry)
        end, before = Linked(whole[0], link(end.sha256, whole), entry[0]), end.at
        connection.execute(_APPEND, (*whole, end.sha256, int(end.at < before)))
    else:
        connection.execute(_APPEND, (None, *entry, None, 0))
    return end


_NEWEST: Final = "SELECT coalesce(max(id), 0) FROM change_log"
_APPEND: Final = (
    f"INSERT INTO change_log ({', '.join(COLUMNS)}, link, clock_suspect) VALUES ({', '.join('?' * len(COLUMNS))}, ?, ?)"
)


def extend(connection: Any, after: Linked | None) -> Linked:
    """Give each entry that has none its link; the last of them. Inside a transaction, at its end.

    An entry whose moment is before that of the entry before it is marked: the clock went backwards, or was wrong.
    """
    end = after or last(connection)
    while connection.execute(_NEWEST).fetchone()[0] > end.entry:
        for entry in connection.execute(_NEW, (end.entry,)).fetchmany(_AT_ONCE):
            made = Linked(entry[0], link(end.sha256, entry), entry[1])
            connection.execute(_KEEP, (made.sha256, int(made.at < end.at), made.entry))
            end = made
    return end


_AT_ONCE: Final = 1_000


# ------------------------------------------------------------------------------------------------------------- checked
_PROBLEMS: Final = 20
"""As many are told one by one; more would tell nothing more."""

Progress = Callable[[int, int], None]
"""Called with how many of how many entries are checked."""


def problems(book: Book, progress: Progress | None = None) -> list[str]:
    """What is wrong with the change log, a sentence each: entries that are not as they were written, and signed
    snapshots that saw another log."""
    count = book.value("SELECT count(*) FROM change_log")
    found = [*_broken(book, count, progress), *_contradicted(book)]
    more = len(found) - _PROBLEMS
    return found if more <= 0 else [*found[:_PROBLEMS], f"change log: {more:,} more problems like these"]


def _broken(book: Book, count: int, progress: Progress | None) -> Iterator[str]:
    """Each link is made anew from the one kept before it, so that only the entries that differ are told."""
    before, at = _START, ""
    found = book.each(f"SELECT link, clock_suspect, {', '.join(COLUMNS)} FROM change_log ORDER BY id")
    for number, (kept, suspect, *entry) in enumerate(found):
        if progress is not None and number % _OFTEN == 0:
            progress(number, count)
        if kept is None:
            yield f"change log, entry {entry[0]}: it was put in by something else than Elpis"
        elif link(before, entry) != kept:
            yield f"change log, entry {entry[0]}: it is not as it was written, or not after what it was written after"
        elif suspect != (entry[1] < at):
            yield f"change log, entry {entry[0]}: the mark about the clock is not as it was written"
        before, at = kept or before, entry[1]


_OFTEN: Final = 10_000


_ANCHORS: Final = """
SELECT s.seq, s.log_seq FROM seals s LEFT JOIN change_log l ON l.id = s.log_seq
WHERE s.log_seq > 0 AND lower(hex(l.link)) IS NOT s.log_sha256 ORDER BY s.seq"""


def _contradicted(book: Book) -> Iterator[str]:
    """The signed snapshots that saw another log than there is: it was cut off, or all of it was written anew."""
    for snapshot, seq in book.rows(_ANCHORS):
        yield f"change log: up to entry {seq} it is not what it was when snapshot {snapshot} was signed"
