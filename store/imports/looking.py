"""What a dry run sees of the rows of an input: which are new, changed or as before, and which are refused and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from store.imports.finding import ERROR, Finding
from store.imports.source import RawTable, Source, Unreadable

NEW: Final = "new"
CHANGED: Final = "changed"
UNCHANGED: Final = "unchanged"
REFUSED: Final = "refused"
KINDS: Final = (NEW, CHANGED, UNCHANGED, REFUSED)
"""What can become of a row."""

SHOWN: Final = 200
"""Rows of a kind in a table that are shown one by one, unless all are wanted."""

_ROW: Final = re.compile(r"(?P<place>.*), row (?P<row>[0-9]+)(?:, column .*)?", re.DOTALL)


@dataclass(frozen=True)
class SeenRow:
    """A row: what becomes of it, where it stands, its cells by the user's own columns, and why it is refused."""

    table: str
    kind: str
    place: str
    cells: tuple[tuple[str, str], ...]
    reason: str = ""


@dataclass
class Look:
    """What is noted while an import is tried; `most` bounds the rows of a kind and table, None keeps all."""

    most: int | None = SHOWN
    counts: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    _noted: dict[tuple[str, int], tuple[RawTable, dict[int, str]]] = field(
        default_factory=dict[tuple[str, int], tuple[RawTable, dict[int, str]]]
    )

    def note(self, parts: Sequence[RawTable], kinds: Iterable[tuple[int, int, str]]) -> None:
        """Note what becomes of rows of a table, given as part, row and kind."""
        for part, row, kind in kinds:
            name = parts[part].table.name
            if self.most is None or self.counts[name, kind] < self.most:
                self._noted.setdefault((name, part), (parts[part], {}))[1][row] = kind
            self.counts[name, kind] += 1

    def all_new(self, parts: Sequence[RawTable], total: int) -> None:
        """Note that all the rows of a table are new, so many of them."""
        every = ((part, row, NEW) for part, raw in enumerate(parts) for row in _filled(raw))
        self.note(parts, islice(every, self.most))
        self.counts[parts[0].table.name, NEW] = total

    def rows(self, source: Source, findings: Sequence[Finding]) -> Iterator[SeenRow]:
        """The rows that were noted, by table and place, and those that are refused."""
        refused = _reasons(source, findings)
        for raw, kinds in self._noted.values():
            sound = {row: kind for row, kind in kinds.items() if (raw.place, row) not in refused}
            yield from (
                SeenRow(raw.table.name, sound[row], f"{raw.place}, row {row}", cells)
                for row, cells in _cells(raw, sound)
            )
        left = [SeenRow("", REFUSED, row.place, row.cells, row.reason) for row in source.left_out]
        yield from left[: self.most]
        yield from self._refused(source, refused)

    def _refused(self, source: Source, reasons: Mapping[tuple[str, int], str]) -> Iterator[SeenRow]:
        """The rows of the tables that an error names, in the last table that has them."""
        open_ = dict(list(reasons.items())[: self.most])
        for raw in reversed(source.tables):
            mine = {row: REFUSED for place, row in open_ if place == raw.place}
            for row, cells in _cells(raw, mine):
                reason = open_.pop((raw.place, row))
                yield SeenRow(raw.table.name, REFUSED, f"{raw.place}, row {row}", cells, reason)


def refused_rows(source: Source, findings: Sequence[Finding]) -> int:
    """How many rows are refused or left aside."""
    return source.left + len(_reasons(source, findings))


def _reasons(source: Source, findings: Sequence[Finding]) -> dict[tuple[str, int], str]:
    """The rows that an error names, and what it says; but for those that a reader has left out itself."""
    left = {row.place for row in source.left_out}
    found: dict[tuple[str, int], str] = {}
    for finding in findings:
        named = _ROW.fullmatch(finding.place) if finding.severity == ERROR else None
        if named and f"{named['place']}, row {named['row']}" not in left:
            key = named["place"], int(named["row"])
            found[key] = f"{found[key]}; {finding.message}" if key in found else finding.message
    return found


def _cells(raw: RawTable, rows: Mapping[int, str]) -> Iterator[tuple[int, tuple[tuple[str, str], ...]]]:
    """The cells of some rows of a table, read anew, without the empty ones."""
    names = [raw.origins.get(column.name, column.name) for column in raw.columns]
    left = len(rows)
    if not left:
        return
    with suppress(Unreadable):
        for numbers, cells in raw.batches():
            for number, row in zip(numbers, cells, strict=True):
                if number in rows:
                    yield number, tuple((name, text) for name, text in zip(names, row, strict=True) if text.strip())
                    left -= 1
            if not left:
                return


def _filled(raw: RawTable) -> Iterator[int]:
    for numbers, rows in raw.batches():
        for number, row in zip(numbers, rows, strict=True):
            if any(map(str.strip, row)):
                yield number
