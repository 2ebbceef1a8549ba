"""The book in which everything that people fill holds something, made once and copied for each test."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.book import Book
from store.imports.load import load
from tests import estates
from tests.conftest import AS_OF, opened
from tests.store.exports import full


@pytest.fixture(scope="session")
def full_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That book."""
    place = tmp_path_factory.mktemp("full")
    with opened(place / "full.elpis", create=True) as book:
        full.fill(book, lambda book, tables: load(book, estates.write(place / "tables", tables), as_of=AS_OF))
    return place / "full.elpis"


@pytest.fixture
def filled(full_book: Path, tmp_path: Path) -> Iterator[Book]:
    """A copy of it, open."""
    with closing(opened(Path(shutil.copy(full_book, tmp_path / "estate.elpis")))) as book:
        yield book
