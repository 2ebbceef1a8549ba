"""Inputs that somebody made on purpose: read exactly, or refused with a place; and nothing else happens."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from store.audit import content_hash
from store.book import Book
from store.imports.finding import Refused
from store.imports.load import load
from store.imports.readers import open_source
from tests.conftest import opened
from tests.hostile import warm
from tests.hostile.crafted import Crafted
from tests.hostile.crafted_json import JSON, kinds
from tests.hostile.crafted_texts import TEXTS
from tests.hostile.crafted_workbooks import WORKBOOKS
from tests.hostile.memory import growth
from tests.promises import Promise

ALL = (*WORKBOOKS, *TEXTS, *JSON)
_CONTROL = "a refused file of which a part is stored is caught"
STORED = "SELECT product, vendor, version_rank, released_on, maintenance_separate FROM products ORDER BY id"


pytestmark = pytest.mark.usefixtures("light_collector", "warm_readers")


@pytest.fixture
def book(blank: Path, tmp_path: Path) -> Iterator[Book]:
    with closing(opened(Path(shutil.copy(blank, tmp_path / "book.elpis")))) as fresh:
        yield fresh


def _spent() -> float:
    """Seconds of processor time, of this process and of those that it has started."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def comes_to_its_end(crafted: Crafted, book: Book, tmp_path: Path, promise: Promise) -> None:
    """All that is asked of one: each assertion that fails breaks the promise."""
    is_read_or_refused(crafted, book, tmp_path)
    promise("R10", "crafted files, read exactly or refused with a place", count=1, control=_CONTROL)


def is_read_or_refused(crafted: Crafted, book: Book, tmp_path: Path) -> None:
    before = content_hash(book)
    path = crafted.make(tmp_path)
    begun, spent = time.monotonic(), _spent()
    with growth() as grown:
        try:
            load(book, path, as_of=date(2026, 11, 21))
            findings = ()
        except Refused as refused:
            findings = refused.findings
    assert _spent() - spent < 60
    assert time.monotonic() - begun < 180  # a machine may be busy with other things, but nothing waits for ever
    assert grown() < 50 << 20
    if crafted.rows is not None:
        assert findings == ()
        assert book.rows(STORED) == list(crafted.rows)
        return
    errors = [finding for finding in findings if finding.severity == "error"]
    assert errors
    assert all(finding.place.startswith(path.name) for finding in errors), errors
    assert any(re.search(crafted.says, str(finding)) or crafted.says in str(finding) for finding in errors), errors
    assert content_hash(book) == before


@pytest.mark.parametrize("crafted", [one for one in ALL if not one.large], ids=lambda one: one.name)
def test_a_crafted_input_is_read_exactly_or_refused(crafted, book, tmp_path, promise):
    comes_to_its_end(crafted, book, tmp_path, promise)


FRESHLY = (
    *("cell: a number of twenty digits", "sheet: a dimension that is too small", "sheet: corners that lie far apart"),
    *("much: twelve MB in a cell", "inventory: nested without end", "document: something behind it"),
)
"""One of each reader and danger, for the process that people have; that it is a fork elsewhere is to make no odds."""


@pytest.mark.parametrize("crafted", [one for one in ALL if one.name in FRESHLY], ids=lambda one: one.name)
def test_so_it_is_by_a_process_that_starts_anew(crafted, book, tmp_path, cold_readers, promise):
    comes_to_its_end(crafted, book, tmp_path, promise)


@pytest.mark.deep
@pytest.mark.parametrize("crafted", [one for one in ALL if one.large], ids=lambda one: one.name)
def test_a_large_crafted_input_is_read_exactly_or_refused(crafted, book, tmp_path, promise):
    comes_to_its_end(crafted, book, tmp_path, promise)


def test_a_refused_input_of_which_a_part_is_stored_is_caught(book, tmp_path, monkeypatch):
    honest, refused = load, next(one for one in ALL if one.rows is None and not one.large)

    def partly(held: Book, path: Path, **how: object) -> object:
        held.run("INSERT INTO products (product) VALUES ('half')")
        return honest(held, path, **how)

    monkeypatch.setattr("tests.hostile.test_crafted.load", partly)
    with pytest.raises(AssertionError):
        is_read_or_refused(refused, book, tmp_path)


def test_values_of_every_wrong_kind_are_read_or_refused_with_a_place(book, tmp_path):
    path = tmp_path / "sent.json"
    before = content_hash(book)
    with warm.readers():
        for name, text in kinds():
            path.write_text(text)
            source = open_source(path)
            errors = [finding for finding in source.findings if finding.severity == "error"]
            assert all(finding.place.startswith(path.name) for finding in errors), (name, errors)
            assert not any("misled" in finding.message or "ended early" in finding.message for finding in errors), name
            for raw in source.tables:
                list(raw.batches())
    assert content_hash(book) == before


def test_there_are_enough_of_them():
    assert len(ALL) >= 250
    assert len({one.name for one in ALL}) == len(ALL)
    assert {one.name for one in ALL} > set(FRESHLY)
