"""Damaged files by the thousand: imported whole or refused with places, in bounded time and memory."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from store.book import Book
from store.imports import csv_files, readers, text_reader
from store.imports import load as loads
from store.imports.children import strict_json
from store.imports.finding import Refused
from store.imports.reading import Extract, Reading
from store.imports.source import RawTable, Source
from tests import estates
from tests.conftest import opened
from tests.hostile import harness, second, warm, xlsx
from tests.hostile.memory import growth
from tests.promises import Promise

QUICK, DEEP = 2_000, 100_000
FEW, MANY = 240, 5_000
"""Invoices, each of which takes a hundred times as long to read."""


@pytest.fixture
def book(blank: Path, tmp_path: Path) -> Iterator[Book]:
    """A book with products that are not in the files."""
    with closing(opened(Path(shutil.copy(blank, tmp_path / "book.elpis")))) as fresh:
        loads.load(
            fresh, estates.write(tmp_path / "before", {"products": [estates.product("Zero")]}), as_of=harness.DAY
        )
        yield fresh


@pytest.fixture(autouse=True)
def quickly_copied(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The private copies that readers make for themselves stand in memory, too."""
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))


_CONTROLS = {
    "CSV": "a swallowed row, a lenient reader and a part that is stored are caught",
    "XLSX": "a swallowed row of a workbook is caught",
    "JSON": "a parser that loses a value is caught",
    "invoices": "a place that is not in the text is caught",
}


@pytest.fixture
def told(promise: Promise) -> Callable[[str, harness.Outcome, int], None]:
    """Tells what became of so many damaged files; what breaks the promise is an assertion of the harness."""

    def tell(name: str, found: harness.Outcome, count: int) -> None:
        shown = ", ".join(f"{number:,} {what}" for what, number in sorted(found.items()))
        promise("R11", f"damaged {name}: {shown}", count=count, control=_CONTROLS[name])

    return tell


def test_thousands_of_damaged_tables_are_imported_whole_or_refused(book, scratch, told):
    with growth() as grown:
        found = harness.csv_files(range(QUICK), scratch, book, stored=20)
    told("CSV", found, QUICK)
    assert grown() < 50 << 20
    assert found["refused"] > QUICK / 5
    assert found["compared"] == found["sound"] + found["empty"] > QUICK / 5
    assert found["loaded"] > QUICK / 100


def test_thousands_of_damaged_workbooks_are_imported_whole_or_refused(book, scratch, told):
    with warm.readers(), growth() as grown:
        found = harness.workbooks(range(QUICK), scratch, book, stored=20)
    told("XLSX", found, QUICK)
    assert grown() < 50 << 20
    assert found["refused"] > QUICK / 5
    assert found["compared"] > QUICK / 8
    assert found["loaded"] > QUICK / 100


def test_thousands_of_damaged_texts_of_json_are_read_as_python_reads_them_or_refused(told):
    found = harness.texts_of_json(range(QUICK))
    told("JSON", found, QUICK)
    assert min(found["read"], found["refused"]) > QUICK / 5


def test_damaged_invoices_are_read_with_places_or_refused(scratch, told):
    with warm.readers(), growth() as grown:
        found = harness.invoices(range(FEW), scratch)
    told("invoices", found, FEW)
    assert grown() < 50 << 20
    assert min(found["read"], found["refused"]) > FEW / 20
    assert found["drafted"] > FEW / 5


@pytest.mark.deep
def test_thousands_of_damaged_invoices_are_read_with_places_or_refused(scratch, told):
    with warm.readers(), growth() as grown:
        found = harness.invoices(range(FEW, FEW + MANY), scratch)
    told("invoices", found, MANY)
    assert grown() < 50 << 20
    assert found["read"] + found["refused"] == MANY


@pytest.mark.deep
def test_a_hundred_thousand_damaged_tables_are_imported_whole_or_refused(book, scratch, told):
    with growth() as grown:
        found = harness.csv_files(range(QUICK, QUICK + DEEP), scratch, book, stored=20)
    told("CSV", found, DEEP)
    assert grown() < 50 << 20
    assert sum(found[one] for one in ("refused", "sound", "empty")) == DEEP


@pytest.mark.deep
def test_a_hundred_thousand_damaged_workbooks_are_imported_whole_or_refused(book, scratch, told):
    with warm.readers(), growth() as grown:
        found = harness.workbooks(range(QUICK, QUICK + DEEP), scratch, book, stored=20)
    told("XLSX", found, DEEP)
    assert grown() < 50 << 20
    assert sum(found[one] for one in ("refused", "sound", "empty")) == DEEP


@pytest.mark.deep
def test_a_hundred_thousand_damaged_texts_of_json_are_read_or_refused(told):
    found = harness.texts_of_json(range(QUICK, QUICK + DEEP))
    told("JSON", found, DEEP)
    assert sum(found.values()) == DEEP


# ------------------------------------------------------------------------------------------------------- does it bite?
def test_a_reader_that_swallows_a_row_of_csv_is_caught(book, scratch, monkeypatch):
    honest = csv_files._picked

    def swallowing(*arguments):
        for numbers, rows in honest(*arguments):
            yield list(numbers)[:-1], list(rows)[:-1]

    monkeypatch.setattr(csv_files, "_picked", swallowing)
    with pytest.raises(AssertionError, match="is none of"):
        harness.csv_files(range(20), scratch, book, stored=1_000_000)


def test_a_reader_that_is_not_strict_with_quotation_marks_is_caught(book, scratch, monkeypatch):
    lenient = csv_files.csv.reader
    monkeypatch.setattr(csv_files.csv, "reader", lambda stream, delimiter, **_: lenient(stream, delimiter=delimiter))
    with pytest.raises(AssertionError, match="is none of"):
        harness.csv_files(range(QUICK), scratch, book, stored=1_000_000)


def test_a_reader_that_swallows_a_row_of_a_workbook_is_caught(book, scratch, monkeypatch):
    honest = readers.open_source

    def short(raw: RawTable) -> RawTable:
        return replace(raw, batches=lambda: ((n[:-1], r[:-1]) for n, r in raw.batches()))

    def swallowing(path: Path) -> Source:
        source = honest(path)
        return replace(source, tables=tuple(map(short, source.tables)))

    monkeypatch.setattr(readers, "open_source", swallowing)
    with warm.readers(), pytest.raises(AssertionError, match="is not"):
        harness.workbooks(range(20), scratch, book, stored=1_000_000)


def test_an_import_that_stores_a_part_is_caught(book, scratch, monkeypatch):
    honest = loads.load

    def partial(book: Book, path: Path, **more):
        try:
            return honest(book, path, **more)
        except Refused:
            book.run("INSERT INTO products (product) VALUES ('half')")
            raise

    monkeypatch.setattr(loads, "load", partial)
    with pytest.raises(AssertionError, match="something of it is stored"):
        harness.csv_files(range(20), scratch, book, stored=1)


def test_an_import_that_forgets_a_row_is_caught(book, scratch, monkeypatch):
    honest = csv_files.rows_of
    calls = []

    def forgetful(file, **how):
        calls.append(file)
        rows = honest(file, **how)
        yield from rows if len(calls) % 3 else islice(rows, 0)  # read soundly twice, and then not at all

    monkeypatch.setattr(csv_files, "rows_of", forgetful)
    with pytest.raises(AssertionError, match="neither stored nor refused"):
        harness.csv_files(range(20), scratch, book, stored=1)


def test_a_parser_that_loses_a_value_is_caught(monkeypatch):
    honest = strict_json.parse

    def losing(data: bytes) -> object:
        value = honest(data)
        return value[:-1] if isinstance(value, list) else value

    monkeypatch.setattr(strict_json, "parse", losing)
    with pytest.raises(AssertionError):
        harness.texts_of_json(range(50))


def test_a_value_whose_place_is_not_in_the_text_is_caught(scratch, monkeypatch):
    monkeypatch.setattr(text_reader, "read", lambda text, _: Extract({"name": Reading("x", 0, len(text) + 1)}))
    with warm.readers(), pytest.raises(AssertionError, match="invoice 0"):
        harness.invoices(range(1), scratch)


def test_the_second_reader_of_workbooks_reads_what_was_written(tmp_path):
    path = xlsx.zipped(tmp_path / "estate.xlsx", xlsx.parts())
    cells = second.sheet_cells(str(path), "products")
    assert [row for _, row in cells] == [
        {at: str(value) for at, value in enumerate(row) if value != ""} for row in (xlsx.HEADER, *xlsx.ROWS)
    ]
