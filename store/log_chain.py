"""The change log as a chain: one hash that stands for every entry up to a point, in order and in full.

Entry n has the hash SHA-256(hash of the entry before ‖ id ‖ length ‖ body). Id and length are 8 bytes, most significant
first; the body is the entry as a JSON array of its columns in the order of `COLUMNS`, spelled by RFC 8785. Before the
first entry stand 32 zero bytes. Whoever changes, adds, moves or takes out an entry changes every hash after it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import orjson

from store.book import Book

COLUMNS: Final = ("id", "at", "who", "action", "subject", "key", "before", "after", "row_key", "step_id")
"""What of an entry counts: all of it."""


@dataclass(frozen=True)
class Head:
    """Where a change log ends: the id of its last entry (0: there is none), and that entry's hash in hexadecimal."""

    seq: int
    sha256: str


def head(book: Book, upto: int | None = None) -> Head:
    """The head of the change log, or of its entries up to the id `upto`. Reads each entry once, and holds only one."""
    link, seq = bytes(32), 0
    wanted = "" if upto is None else " WHERE id <= ?"
    found = book.each(
        f"SELECT {', '.join(COLUMNS)} FROM change_log{wanted} ORDER BY id", () if upto is None else (upto,)
    )
    for row in found:
        seq, body = row[0], orjson.dumps(row)
        link = hashlib.sha256(b"".join((link, seq.to_bytes(8, signed=True), len(body).to_bytes(8), body))).digest()
    return Head(seq, link.hex())
