"""Loads an import into a book: checks every row, merges all tables, derives what follows; or stores nothing at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rules.formulas import natural
from store import allocations, derivation, forming, search, settings, traces
from store.book import Book
from store.bulk import collector_off, indexes_afterwards
from store.imports import book_loading, decisions, discovered, hardware, tables
from store.imports.finding import ERROR, Finding, Refused, printable
from store.imports.looking import Look
from store.imports.mapping import keeping
from store.imports.mapping.shape import ColumnMapping
from store.imports.readers import open_source
from store.imports.references import References
from store.imports.source import Source, without_refused
from store.imports.staging import Counts
from store.matching import applying, judging

Progress = Callable[[str, int, int], None]
"""Called with what is being done, and how many of how many steps of it are done."""


@dataclass(frozen=True)
class Imported:
    """What an import did: rows by table, what is worth knowing about it, and by what the input was recognized."""

    counts: dict[str, Counts]
    findings: tuple[Finding, ...]
    reason: str = ""

    @property
    def changed(self) -> bool:
        """Whether anything in the book is other than before."""
        return any(counts.any_ for counts in self.counts.values())


@dataclass
class Work:
    """An import under way."""

    book: Book
    source: Source
    as_of: date
    references: References
    findings: list[Finding] = field(default_factory=list[Finding])
    marks: traces.Marks = field(default_factory=traces.Marks)
    portal: decisions.Portal = field(default_factory=decisions.Portal)
    counts: dict[str, Counts] = field(default_factory=dict[str, Counts])
    whole: bool = False
    """Whether this is all of a book, as it was exported: then every cell says what the book held, and no more."""
    look: Look | None = None

    @property
    def failed(self) -> bool:
        """Whether an error was found, so that nothing will be stored."""
        return any(finding.severity == ERROR for finding in self.findings)


@dataclass(frozen=True)
class How:
    """How an input is read: by a mapping, where its columns are its own; and whether refused rows are left out."""

    mapping: ColumnMapping | None = None
    without_refused: bool = False


PLAINLY = How()


def opened(book: Book, path: Path, how: How = PLAINLY, before: Callable[[], object] | None = None) -> Source:
    """The input as it would be imported into this book, which may remember a mapping for it."""
    source = open_source(path, before, mapping=how.mapping, remembered=keeping.held(book))
    return without_refused(source) if how.without_refused else source


def load(book: Book, path: Path, *, as_of: date, progress: Progress | None = None, how: How = PLAINLY) -> Imported:
    """Import a folder or file into the book, and judge the book on `as_of`.

    All or nothing: raises Refused with every finding when there is an error in the input. Rows are recognized by their
    keys: what is there already is changed or left as it is, never added twice.
    """
    return load_source(book, opened(book, path, how), as_of=as_of, progress=progress)


def load_source(
    book: Book, source: Source, *, as_of: date, progress: Progress | None = None, look: Look | None = None
) -> Imported:
    """The same for an input that is open already. `look` notes what becomes of each row."""
    with book.transaction(resolved=True), collector_off():
        found = applying.applied(book, source)
        work = Work(book, found.source, as_of, References(book), list(source.findings), traces.marks(book), look=look)
        work.portal.known = decisions.ends(book)
        _tables(work, tables.OF_THE_BOOK, progress)
        hardware.open_metrics(work)
        with indexes_afterwards(book, ["contract_items"], only="contract_items_entitlement"):
            _tables(work, tables.BEFORE_ENTITLEMENTS, progress)
            fed = _fed(work)
            if not work.failed:
                forming.form_all(book)
        _tables(work, tables.AFTER_ENTITLEMENTS, progress)
        tables.check_together(work)
        _tables(work, tables.OF_THE_PORTAL, progress)
        decisions.settle(work)
        book_loading.check_frozen(work)
        book_loading.sign(work)
        if work.failed:
            raise Refused(sorted(work.findings, key=_by_place))
        allocations.follow_all(book, fed)  # only now: what the file allocates itself comes first
        applying.enter_near(book, found.near)
        if found.near or any(work.counts[name].any_ for name in work.counts.keys() & discovered.CHANGES):
            judging.all_(book)
        derivation.regroup(book)
        imported = Imported(work.counts, tuple(sorted(work.findings, key=_by_place)), source.reason)
        _settle(work, imported, progress)
        if imported.changed and not book.temporary:
            search.rebuild(book)
        return imported


def _fed(work: Work) -> Mapping[int, set[int]]:
    """The items of every entitlement that others may follow, before the changed ones feed what they feed now."""
    items = work.counts.get("contract_items")
    return allocations.fed(work.book) if items and items.changed and not work.failed else {}


def _by_place(finding: Finding) -> tuple[bool, object, str]:
    """Errors first, then by the place as people count: row 9 before row 10."""
    return finding.severity != ERROR, natural(finding.place), finding.message


def _tables(work: Work, names: Iterable[str], progress: Progress | None) -> None:
    for name in names:
        parts = [raw for raw in work.source.tables if raw.table.name == name]
        if parts:
            if progress is not None:
                progress(f"reading {name.replace('_', ' ')}", 0, 1)
            tables.load(work, name, parts)
            if work.failed:  # then it was not stored, and what it tells is known from the file alone
                work.references.tolerate(name, parts)


def _settle(work: Work, imported: Imported, progress: Progress | None) -> None:
    """Write down what was imported, and derive what follows when anything changed or another day is asked for."""
    book = work.book
    moved = settings.get(book, "as_of") != work.as_of.isoformat()
    if moved:
        settings.put(book, "as_of", work.as_of.isoformat())
    if not imported.changed and not moved:
        return
    if imported.changed:
        _record(work, imported)

    def step(done: int, steps: int) -> None:
        if progress is not None:
            progress("applying the rules", done, steps)

    derivation.derive_all(book, step)


def _record(work: Work, imported: Imported) -> None:
    book, source = work.book, work.source
    counts = {name: counts._asdict() for name, counts in imported.counts.items()}
    name = printable(source.path.name)
    values = (book.now(), book.who, source.kind, name, source.sha256, json.dumps(counts, sort_keys=True))
    number = book.insert(
        "INSERT INTO imports (at, who, kind, source, sha256, counts, step_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*values, book.hand.step),
    )
    traces.note(book, number, work.marks)
    after = json.dumps({"source": name, "sha256": source.sha256, "rows": counts}, sort_keys=True)
    traces.log(book, "import", number, None, after)
    book.run("DELETE FROM import_findings")
    book.many(
        "INSERT INTO import_findings (severity, code, place, message) VALUES (?, ?, ?, ?)",
        [(f.severity, f.code, f.place, f.message) for f in imported.findings],
    )
