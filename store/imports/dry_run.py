"""What an import would do: the real import, in a transaction that is taken back.

`recognized` tells what was understood of an input before any row of it is judged; `dry_run` tells everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import orjson

from store.book import Book
from store.content import name_of
from store.imports.finding import ERROR, Finding, Refused
from store.imports.load import Progress, load_source
from store.imports.looking import KINDS, SHOWN, Look, SeenRow, refused_rows
from store.imports.source import RawTable, Source, refusals, watched
from store.imports.staging import Counts
from store.tables import BY_NAME, references

_HIDDEN: Final = frozenset({"invoice_date_defaulted", "support_ends_on"})
"""Columns that files do not have."""


@dataclass(frozen=True)
class Part:
    """A table found in the input: its name in the template, and where it stands.

    `columns` pairs the template's names with the user's own; `absent` are the columns that the input does not have.
    """

    table: str
    place: str
    columns: tuple[tuple[str, str], ...]
    absent: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A row that would change: its key, and each column that differs with its old and its new value as text."""

    key: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Preview:
    """What an import would do. One that is `refused` does nothing; what its sound rows would do is told all the same.

    `counts` and `changes` are by table, `changes` the first 200; `before` and `after` count positions by status.
    `rows` are the first 200 of each table that are new, changed or as before, and those that are refused or left aside,
    `left` how many these are.
    """

    counts: Mapping[str, Counts] = field(default_factory=dict[str, Counts])
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict[str, tuple[Change, ...]])
    findings: tuple[Finding, ...] = ()
    before: Mapping[str, int] = field(default_factory=dict[str, int])
    after: Mapping[str, int] = field(default_factory=dict[str, int])
    refused: bool = False
    rows: tuple[SeenRow, ...] = ()
    left: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything in the book would be other than it is."""
        return not self.refused and any(counts.any_ for counts in self.counts.values())


class _TakenBack(Exception):
    """Ends the transaction of a dry run."""

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview


# ---------------------------------------------------------------------------------------------------------- recognized
def recognized(source: Source) -> tuple[Part, ...]:
    """What was understood of an input: its tables with their columns."""
    return tuple(map(_part, source.tables))


def _part(raw: RawTable) -> Part:
    present = [column.name for column in raw.columns]
    pairs = tuple((name, raw.origins.get(name, name)) for name in present)
    absent = tuple(column.name for column in raw.table.columns if column.name not in present)
    return Part(raw.table.name, raw.place, pairs, absent)


def stops(source: Source) -> bool:
    """Whether an input cannot even be read, by the findings that it came with. Rows that are refused do not stop it."""
    of_rows = refusals(source)
    return any(finding.severity == ERROR and finding not in of_rows for finding in source.findings)


# ------------------------------------------------------------------------------------------------------------- preview
def dry_run(
    book: Book, source: Source, *, as_of: date, progress: Progress | None = None, most: int | None = SHOWN
) -> Preview:
    """Import `source` into the book, note what that did, and take all of it back.

    Nothing is stored, whatever happens. It must not be called inside of a transaction. `most` bounds the rows of a kind
    and table that are told one by one; None tells all.
    """
    look = Look(most)
    try:
        with book.transaction(resolved=True):
            raise _TakenBack(_load(book, source, as_of, progress, look))
    except _TakenBack as taken:
        preview = taken.preview
    except Refused as refused:
        preview = Preview(_counts(source, look), findings=refused.findings, refused=True)
    rows = tuple(look.rows(source, preview.findings))
    return replace(preview, rows=rows, left=refused_rows(source, preview.findings))


def _counts(source: Source, look: Look) -> dict[str, Counts]:
    """What the sound rows of a refused input would do, by table."""
    tables = dict.fromkeys(raw.table.name for raw in source.tables)
    return {name: Counts(*(look.counts[name, kind] for kind in KINDS[:3])) for name in tables}


def _load(book: Book, source: Source, as_of: date, progress: Progress | None, look: Look) -> Preview:
    mark = book.value("SELECT coalesce(max(id), 0) FROM change_log")
    before = _statuses(book)

    def wait() -> None:
        if progress is not None:
            progress("reading", 0, 0)

    imported = load_source(book, watched(source, wait), as_of=as_of, progress=progress, look=look)
    changes = {
        table: tuple(_changes(book, mark, table, look.most))
        for table, counts in imported.counts.items()
        if counts.changed
    }
    return Preview(imported.counts, changes, imported.findings, before, _statuses(book))


def _statuses(book: Book) -> dict[str, int]:
    return dict(book.rows("SELECT status, count(*) FROM positions GROUP BY status ORDER BY status"))


_CHANGED: Final = """
SELECT key, before, after FROM change_log WHERE id > ? AND subject = ? AND action = 'import' ORDER BY id LIMIT ?"""


def _changes(book: Book, mark: int, table: str, most: int | None) -> Iterator[Change]:
    """The first rows of a table that the import has changed, from the change log."""
    refers = references(BY_NAME[table])
    for key, before, after in book.rows(_CHANGED, (mark, table, -1 if most is None else most)):
        if after is None:
            yield Change(key, (("found", "yes", "no"),))
            continue
        old, new = orjson.loads(before), orjson.loads(after)
        fields = tuple(
            (column.removesuffix("_id"), _text(book, refers, column, old[column]), _text(book, refers, column, value))
            for column, value in new.items()
            if value != old[column] and column not in _HIDDEN
        )
        yield Change(key, fields)


def _text(book: Book, refers: Mapping[str, str], column: str, value: Any) -> str:
    """A value as text: the name of what an id stands for."""
    if column in refers:
        return name_of(book, refers[column], value)
    return "" if value is None else str(value)
