"""Signed snapshots of a small estate, made once: two of one book in a row, and one of another book."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from store.imports.load import load
from store.snapshots import sealing
from tests import estates, signing
from tests.conftest import AS_OF, opened
from tests.estates import demand, item, of


@dataclass(frozen=True)
class Signed:
    """Three files: the first and second signed snapshot of a book, and the first one of another."""

    first: Path
    second: Path
    other: Path


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    home = tmp_path_factory.mktemp("signed")
    with closing(opened(home / "estate.elpis", create=True)) as book:
        load(book, estates.write(home / "one", of(item("1", "Office", 5), demand=[demand("Office", 7)])), as_of=AS_OF)
        sealing.seal(book, home / "first.licsnap", signing.signer())
        load(book, estates.write(home / "two", of(item("1", "Office", 9))), as_of=AS_OF)
        sealing.seal(book, home / "second.licsnap", signing.signer())
    with closing(opened(home / "other.elpis", create=True)) as book:
        load(book, home / "two", as_of=AS_OF)
        sealing.seal(book, home / "other.licsnap", signing.signer())
    return Signed(*(home / f"{name}.licsnap" for name in ("first", "second", "other")))
