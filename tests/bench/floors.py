"""What the same job costs at the least: the standard tools, no checks, no rules, no indexes. Equally durable."""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pysqlite3


def opened(path: Path) -> Any:
    """A new SQLite file that keeps what is committed, in the middle of a transaction."""
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = 2")
    connection.execute("BEGIN IMMEDIATE")
    return connection


def load(folder: Path, workplace: Path) -> None:
    """Read every CSV file of a folder and insert its rows into a table without indexes."""
    connection = opened(workplace / "floor.db")
    for file in sorted(folder.glob("*.csv")):
        with file.open(newline="", encoding="utf-8") as stream:
            rows = csv.reader(stream)
            insert(connection, file.stem, next(rows), rows)
    connection.execute("COMMIT")
    connection.close()


def insert(connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Make a table and fill it."""
    connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
    connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)


def read(file: Path) -> None:
    """Go through a CSV file."""
    with file.open(newline="", encoding="utf-8") as stream:
        deque(csv.reader(stream), maxlen=0)


def fetch(path: Path, queries: Sequence[tuple[str, Sequence[object]]]) -> int:
    """Fetch all rows of some queries; how many there were."""
    connection = pysqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)
    try:
        kept = [connection.execute(sql, values).fetchall() for sql, values in queries]
        return sum(map(len, kept))
    finally:
        connection.close()


class Page:
    """Four kilobytes of a file on the disk of the books, written and flushed again and again."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.pwrite(self._file, bytes(1 << 20), 0)
        os.fsync(self._file)
        self._turn = 0

    def flush(self) -> None:
        """Write a page and wait until the disk has it."""
        self._turn = (self._turn + 1) % 256
        os.pwrite(self._file, os.urandom(4096), self._turn * 4096)
        os.fdatasync(self._file)

    def close(self) -> None:
        os.close(self._file)
