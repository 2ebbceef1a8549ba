"""One damaged file after the other: imported whole, or refused with places; nothing else, and nothing of it is lost."""

import json
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

from store.audit import content_hash
from store.book import Book
from store.errors import Unfit
from store.imports import checks, documents, readers, text_reader
from store.imports import load as loads
from store.imports.children import strict_json
from store.imports.children.answers import Failed
from store.imports.finding import ERROR, Finding, Refused
from store.imports.invoices import EMPTY, Words
from store.imports.product_names import Products
from store.imports.reading import Extract
from store.imports.source import RawTable, Source, Unreadable
from store.imports.template import folded
from tests.hostile import mutations, second

DAY = date(2026, 11, 21)
Outcome = Counter[str]


def csv_files(seeds: Iterable[int], folder: Path, book: Book, *, stored: int) -> Outcome:
    """Damaged tables as CSV; every `stored`-th goes all the way into the book."""
    found: Outcome = Counter()
    for seed in seeds:
        path = folder / "products.csv"
        path.write_bytes(mutations.csv_file(Random(f"csv {seed}")))
        _one(path, found, book if seed % stored == 0 else None, f"csv {seed}")
    return found


def workbooks(seeds: Iterable[int], folder: Path, book: Book, *, stored: int) -> Outcome:
    """Damaged tables as workbooks; every `stored`-th goes all the way into the book."""
    found: Outcome = Counter()
    for seed in seeds:
        path = folder / "estate.xlsx"
        path.write_bytes(mutations.workbook(Random(f"xlsx {seed}")))
        _one(path, found, book if seed % stored == 0 else None, f"xlsx {seed}")
    return found


def texts_of_json(seeds: Iterable[int]) -> Outcome:
    """Damaged JSON: what is read is what Python reads."""
    found: Outcome = Counter()
    for seed in seeds:
        data = mutations.json_text(Random(f"json {seed}"))
        try:
            value = strict_json.parse(data)
        except Failed:
            found["refused"] += 1
            continue
        assert value == json.loads(data.decode("utf-8-sig")), seed
        found["read"] += 1
    return found


def invoices(seeds: Iterable[int], folder: Path) -> Outcome:
    """Damaged invoices: what is read of one stands in its text, or it is refused by its name."""
    found: Outcome = Counter()
    for seed in seeds:
        ending, data = mutations.invoice(Random(f"invoice {seed}"))
        path = folder / f"invoice{ending}"
        path.write_bytes(data)
        begun = time.monotonic()
        try:
            words = documents.read(path).words
        except Unfit as refused:
            words, sentence = EMPTY, str(refused)
        else:
            sentence = ""
        assert not sentence or sentence.startswith(f"{path.name}: "), seed
        found["refused" if sentence else "read"] += 1
        found["drafted"] += bool(_drafted(words, f"invoice {seed}").items)
        assert time.monotonic() - begun < 10, seed
    return found


def _drafted(words: Words, name: str) -> Extract:
    """The draft of a contract, each value of which has its place in the text."""
    draft = text_reader.read(words.text, Products([]))
    for fields in (draft.contract, *draft.items):
        for reading in fields.values():
            assert 0 <= reading.start <= reading.end <= len(words.text), name
            assert words.place(reading.start), name
    return draft


def _one(path: Path, found: Outcome, book: Book | None, name: str) -> None:
    begun = time.monotonic()
    source = readers.open_source(path)
    rows, findings = _drained(source)
    errors = [finding for finding in (*source.findings, *findings) if finding.severity == ERROR]
    for finding in errors:
        assert finding.place.startswith(path.name), (name, finding)
        assert finding.message, name
    if not errors:
        found["sound" if rows else "empty"] += 1
        found["compared"] += _compared(path, source, name)
    found["refused"] += bool(errors)
    if book is not None:
        found["loaded"] += _loads(path, book, rows, errors, name)
    assert time.monotonic() - begun < 10, name


def _drained(source: Source) -> tuple[int, list[Finding]]:
    """How many rows were sound, and everything that was said of the others."""
    findings: list[Finding] = []
    rows = 0
    for raw in source.tables:
        for numbers, _ in checks.checked(raw, checks.converters(raw.table.columns), findings.append, {}):
            rows += len(numbers)
    return rows, findings


def _loads(path: Path, book: Book, rows: int, errors: list[Finding], name: str) -> bool:
    """Import it: all of its rows arrive, or the book is as it was."""
    before = content_hash(book)
    try:
        imported = loads.load(book, path, as_of=DAY)
    except Refused as refused:
        refusal = refused
    else:
        refusal = None
    if refusal is not None:
        assert content_hash(book) == before, f"{name}: refused, but something of it is stored"
        assert all(one.place.startswith(path.name) for one in refusal.findings if one.severity == ERROR), name
        return False
    assert not errors, f"{name}: stored, although {errors}"
    assert sum(map(sum, imported.counts.values())) == rows, f"{name}: some rows are neither stored nor refused"
    return True


# ------------------------------------------------------------------------------------------------------ second readers
def _compared(path: Path, source: Source, name: str) -> bool:
    """Whether there was something to compare what was read with; it is the same then."""
    for raw in source.tables:
        given = _given(raw)
        if path.suffix == ".csv":
            ways = [_picked(second.csv_cells(path.read_bytes(), one), raw) for one in ",;\t"]
            assert given in ways, f"{name}: {given} is none of {ways}"
            continue
        try:
            cells = second.sheet_cells(str(path), raw.place.partition(", sheet ")[2])
        except second.Unsure:
            return False
        assert given == _picked(cells, raw), f"{name}: {given} is not {_picked(cells, raw)}"
    return True


def _given(raw: RawTable) -> list[tuple[int, list[str]]]:
    """The rows that our reader gives, without those that hold nothing."""
    found = [(n, list(row)) for numbers, rows in raw.batches() for n, row in zip(numbers, rows, strict=True)]
    return [(number, row) for number, row in found if any(row)]


def _picked(cells: second.Cells | None, raw: RawTable) -> list[tuple[int, list[str]]]:
    """The cells of a second reader in the order of our columns."""
    if not cells:
        return []
    header = {folded(text.strip()): at for at, text in cells[0][1].items()}
    at = [header.get(folded(raw.origins.get(column.name, column.name)), -1) for column in raw.columns]
    rows = [(number, [row.get(each, "") for each in at]) for number, row in cells[1:]]
    return [(number, row) for number, row in rows if any(row)]


def swallowed(path: Path) -> bool:
    """Whether the comparison finds what our reader gives for a file wrong: for trying the comparison itself."""
    source = readers.open_source(path)
    with suppress(AssertionError, Unreadable):
        return not _compared(path, source, "")
    return True
