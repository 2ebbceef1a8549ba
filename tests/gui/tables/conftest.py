"""Tables over lists made up for a test: rows are numbers with a name, children are their halves."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui.tables import columns
from gui.tables.window_model import Source
from gui.work import Report, Worker


@dataclass(frozen=True)
class Asked:
    """What these lists can be asked: a word that names must hold, and the order."""

    search: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Kind:
    name: str
    kind: str
    hidden: bool = False
    sortable: bool = True


FIELDS = (Kind("name", "text"), Kind("quantity", "count"), Kind("balance", "count"), Kind("status", "code"))


@dataclass
class List:
    """A list that notes what is read of it. Ids are ten times the number of a row."""

    numbers: Sequence[int]
    read: list[int] = field(default_factory=list)
    before_each: Callable[[], None] = lambda: None
    parts: dict[int, int] = field(default_factory=dict)

    def asked(self, ask: Any) -> list[int]:
        found = [10 * n for n in self.numbers if ask.search in f"row {n}"]
        return found[::-1] if ask.descending else found

    def ids(self, ask: Any, _: Report) -> Generator[Sequence[int]]:
        found = self.asked(ask)
        for start in range(0, len(found), 1_000):
            self.before_each()
            yield found[start : start + 1_000]

    def rows(self, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        self.read.append(len(ids))
        return {n: self.row(n // 10) for n in ids if n // 10 in self.numbers}

    def row(self, number: int) -> tuple[Any, ...]:
        status = "under-licensed" if number % 2 else "compliant"
        return f"row {number}", number, -number, status

    def children(self, number: int) -> list[tuple[Any, ...]]:
        return [(f"part {part} of {number // 10}", part, None, None) for part in range(self.parts.get(number, 0))]

    @property
    def source(self) -> Source:
        return Source(
            first=lambda ask, limit: self.asked(ask)[:limit],
            ids=self.ids,
            rows=self.rows,
            children=self.children,
            opens=lambda row: 10 * row[1] in self.parts,
            key=lambda row: row[0],
            find=lambda key: next((10 * n for n in self.numbers if f"row {n}" == key), None),
        )


COLUMNS = columns.of(FIELDS)


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()
