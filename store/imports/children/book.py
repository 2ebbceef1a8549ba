"""Reads a book that somebody else made: only when its schema is ours to the letter, and only values that ours holds.

Runs in a process of its own (`start`). The file is opened unchangeable and for reading, nothing that its schema says is
run, and what is read stops when it takes too many steps.
"""

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import peewee

from store.imports.children.answers import Failed

_DRIVER: Any = peewee
_STEPS = 100_000
_PATIENCE = 20_000
"""Two thousand million steps of the database: a hundred times what a book of a million rows takes."""

_LONGEST = 1 << 20
_ROWS_A_LINE = 500
_CHARACTERS_A_LINE = 1 << 20
_KINDS: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "TEXT": (str,), "BLOB": (bytes,)}


def read(path: str, question: str) -> Iterator[list[object]]:
    """The rows of every table: ["table", name], then ["rows", rows] as often as needed. Bytes are hexadecimal.

    `question` is a JSON object: `schema` and `optional` (name -> [kind, text]) say what there must and may be,
    `tables` (name -> [[column, type], ...]) what is read, `key` what opens an encrypted file. With `marks` it names
    pragmas, and only their values are given: ["marks", values]. Raises Failed for a file that is none of ours.
    """
    asked = json.loads(question)
    key: str = asked.get("key", "")
    driver: Any = import_module("sqlcipher3.dbapi2") if key else _DRIVER.sqlite3
    try:
        connection = _connected(driver, path, key)
        if "marks" in asked:
            yield ["marks", [connection.execute(f"PRAGMA {mark}").fetchone()[0] for mark in asked["marks"]]]
            return
        admit(connection, asked["schema"], asked["optional"])
        for name, columns in asked["tables"].items():
            yield ["table", name]
            yield from _rows(connection, name, columns)
    except (driver.DatabaseError, UnicodeDecodeError, OverflowError):
        raise Failed("it is damaged") from None


def _connected(driver: Any, path: str, key: str) -> Any:
    connection = driver.connect(f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    if key:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.set_key(key.encode())
    for pragma in ("trusted_schema = 0", "cell_size_check = 1", "query_only = 1", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    left = iter(range(_PATIENCE))
    connection.set_progress_handler(lambda: next(left, None) is None, _STEPS)
    return connection


def admit(connection: Any, schema: dict[str, list[str]], optional: dict[str, list[str]]) -> None:
    """Raises Failed unless the schema is ours, nothing stands where something else stands, and every page is sound."""
    found: dict[str, list[str]] = {}
    roots: list[int] = []
    for name, kind, root, sql in connection.execute("SELECT name, type, rootpage, sql FROM sqlite_schema").fetchall():
        if kind in ("table", "index") and root:
            roots.append(root)
        if not (kind == "index" and sql is None and str(name).startswith("sqlite_autoindex_")):
            if name in found:
                raise Failed(f"{name!r} is in it twice")
            found[name] = [kind, sql or ""]
    for name, made in found.items():
        if made != schema.get(name) and made != optional.get(name):
            raise Failed(f"the {made[0]} {name!r} is not of Elpis")
    if missing := sorted(schema.keys() - found.keys()):
        raise Failed(f"{missing[0]} is missing")
    if len(set(roots)) < len(roots):
        raise Failed("two of its tables stand in one place")
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise Failed("it is damaged")


def _rows(connection: Any, name: str, columns: Sequence[Sequence[str]]) -> Iterator[list[object]]:
    kinds = [_KINDS[kind] for _, kind in columns]
    listed = ", ".join(f'"{column}"' for column, _ in columns)
    block: list[list[object]] = []
    size = 0
    for row in connection.execute(f"SELECT {listed} FROM {name} NOT INDEXED"):
        for value, kind, (column, _) in zip(row, kinds, columns, strict=True):
            if value is not None and type(value) not in kind:
                raise Failed(f"{name}, {column}: it holds what Elpis does not write there")
        length = sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if length > _LONGEST:
            raise Failed(f"{name}: a row has more than {_LONGEST:,} characters")
        block.append([value.hex() if isinstance(value, bytes) else value for value in row])
        size += length
        if len(block) == _ROWS_A_LINE or size > _CHARACTERS_A_LINE:
            yield ["rows", block]
            block, size = [], 0
    if block:
        yield ["rows", block]
