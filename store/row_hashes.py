"""The hashes of the rows that are evidence: which those are, and how a hash is made.

A row's hash is the first 8 bytes of the SHA-256 of its values, as a JSON array in the order of the columns that people
fill; empty values and defaults at the end are left out, so that a column that is added later changes no hash. Hashes
are kept by the table (the CRC-32 of its name) and the row (its id; of tables without ids the hash of the key).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

import orjson

from store import rows
from store.tables import TABLES, Acknowledgement, Scenario, Setting, Table

if TYPE_CHECKING:
    from store.book import Row

CHARGES: Final = "charges"
"""The ledger, which no model describes: its entries come, and stay."""

_LEDGER: Final = tuple("id request line kind turn amount currency charged_on rule reason reverses".split())

FORMED: Final = frozenset({CHARGES, "software_names"})
"""Where rows come that no entry of the change log tells of one by one."""

_ONLY: Final = {"installations": '"found" = 0'}
"""Which rows people entered, where a table holds others, too."""

_LEFT_OUT: Final = (Setting, Scenario, Acknowledgement)
"""What people fill, but nothing is concluded from."""

_FIRST_BYTES: Final = Struct(">q").unpack_from


@dataclass(frozen=True)
class Subject:
    """A table whose rows are hashed. `key` are the columns that its rows are found by."""

    name: str
    columns: tuple[str, ...]
    defaults: tuple[Any, ...]
    key: tuple[str, ...]

    @cached_property
    def number(self) -> int:
        """What stands for the table beside its hashes."""
        return zlib.crc32(self.name.encode())

    @property
    def only(self) -> str:
        """The condition for the rows of the table that are hashed."""
        return _ONLY.get(self.name, "1")

    @cached_property
    def select(self) -> str:
        """The rows of the table, read from the table itself and no index; a condition may follow."""
        return f"SELECT {', '.join(map(_quoted, self.columns))} FROM {self.name} AS t NOT INDEXED WHERE {self.only}"

    @cached_property
    def find(self) -> str:
        """One row of the table by its key."""
        same = " AND ".join(f"{_quoted(column)} = ?" for column in self.key)
        return f"SELECT {', '.join(map(_quoted, self.columns))} FROM {self.name} WHERE {same} AND {self.only}"

    @cached_property
    def row(self) -> Callable[[Row], int]:
        """What stands for a row beside its hash."""
        places = [self.columns.index(column) for column in self.key]
        return (lambda row: row[0]) if self.key == ("id",) else lambda row: short_hash([row[at] for at in places])

    def hash(self, row: Sequence[Any]) -> int:
        """The hash of a row."""
        end = len(row)
        while end and (row[end - 1] is None or row[end - 1] == self.defaults[end - 1]):
            end -= 1
        return short_hash(row[:end])


def _quoted(column: str) -> str:
    return f'"{column}"'


def short_hash(values: Sequence[Any]) -> int:
    """The first 8 bytes of a hash, as a number that the database takes."""
    body = orjson.dumps(values, default=repr)  # bytes, which only a damaged row holds
    return _FIRST_BYTES(hashlib.sha256(body).digest())[0]


@cache
def subjects() -> Mapping[str, Subject]:
    """Every table whose rows are hashed, by its name."""
    found = {rows.name(table): _subject(table) for table in TABLES if table not in _LEFT_OUT}
    return found | {CHARGES: Subject(CHARGES, _LEDGER, (None,) * len(_LEDGER), ("id",))}


def _subject(table: type[Table]) -> Subject:
    columns, defaults = rows.entered(table), rows.defaults(table)
    model: Any = table
    key = tuple(model._meta.fields[name].column_name for name in table.key)
    return Subject(
        rows.name(table),
        columns,
        tuple(defaults[column] for column in columns),
        ("id",) if "id" in columns else key,
    )
