"""A book, a way to fill it, a snapshot of it, and the command line: what most tests of the store and its faces need."""

import gc
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from gui import commands
from store import aside, cipher, derivation
from store import book as books
from store.book import Book
from store.cipher import Passphrase
from store.imports import csv_files, isolated
from store.imports.load import Imported, load
from store.snapshots import build, parts
from tests import estates
from tests.hostile import warm
from tests.promises import promise, pytest_terminal_summary  # noqa: F401 (what a conftest holds, every test has)

AS_OF = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--dressed", action="store_true", help="every window in its whole dress, as a user sees it")


def pytest_collection_finish() -> None:
    """What stands from here to the end is no garbage: nothing looks through it again and again."""
    gc.collect()
    gc.freeze()


_blank: list[Path] = []


def opened(path: Path, **how: Any) -> Book:
    return books.open_book(path, clock=lambda: NOW, who="ann", **how)


def another(path: Path, **how: Any) -> Book:
    """One more book with nothing in it: a copy, with the same number as all of them, in a tenth of the time."""
    return opened(Path(shutil.copy(_blank[0], path)), **how)


@pytest.fixture(scope="session", autouse=True)
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with nothing in it; copied for each test, which takes a tenth of the time of making one."""
    path = tmp_path_factory.mktemp("blank") / "blank.elpis"
    opened(path, create=True).close()
    _blank.append(path)
    return path


@pytest.fixture
def book(blank: Path, tmp_path: Path) -> Iterator[Book]:
    """A fresh book of ann's, on the morning of 2026-11-21."""
    with closing(opened(Path(shutil.copy(blank, tmp_path / "estate.elpis")))) as fresh:
        yield fresh


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., Imported]:
    """Import tables into a book."""

    def fill(book: Book, tables: estates.Tables, as_of: date = AS_OF) -> Imported:
        folder = tmp_path / f"tables{len(list(tmp_path.glob('tables*')))}"
        return load(book, estates.write(folder, tables), as_of=as_of)

    return fill


SECRET = "Büro with a passphrase 5c1d"
"""The passphrase of the encrypted books of tests."""


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Passphrase:
    """What opens encrypted books, whose keys are made quickly here."""
    monkeypatch.setattr(cipher, "ROUNDS", 1_000)
    return Passphrase(SECRET)


@pytest.fixture(scope="session")
def warm_server() -> Iterator[warm.Server]:
    """A process that forks readers."""
    server = warm.Server()
    yield server
    server.stop()


@pytest.fixture
def warm_readers(request: pytest.FixtureRequest, warm_server: warm.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is read in a process of its own as ever, but that is a fork of one that has everything imported."""
    if "cold_readers" not in request.fixturenames:
        monkeypatch.setattr(isolated, "_work", warm_server.run)


@pytest.fixture
def cold_readers() -> None:
    """Where others have warm readers, this one has the process that people have, which starts anew for each file."""


@pytest.fixture(scope="session")
def forked() -> Iterator[Any]:
    """A process that forks those that work beside a test, are killed, or run small programs (`forks.Forks`)."""
    from tests.durability.forks import forks

    with forks() as made:
        yield made


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """A folder for thousands of files that are soon gone: in memory, where there is such a place."""
    from tests.durability import replay

    folder = replay.scratch(tmp_path)
    yield folder
    shutil.rmtree(folder)


def snapshot_of(book: Book) -> dict[str, Any]:
    path = book.path.with_suffix(".json")
    build.write_json(book, path)
    return json.loads(path.read_bytes())


@pytest.fixture
def shared_work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on even the smallest work is shared with a second process."""

    def share() -> None:
        monkeypatch.setattr(aside, "cores", lambda: 2)
        for module, name in ((parts, "_MANY"), (parts, "_ONE_OF"), (derivation, "_WORTH_HELP"), (csv_files, "_LARGE")):
            monkeypatch.setattr(module, name, 1)

    return share


@pytest.fixture
def review(book: Book, fill: Callable[..., Imported]) -> Callable[..., dict[str, Any]]:
    """Import tables into the book, and give the snapshot of the day."""

    def review(tables: estates.Tables, as_of: str = "2026-11-21") -> dict[str, Any]:
        fill(book, tables, date.fromisoformat(as_of))
        return snapshot_of(book)

    return review


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def elpis(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The command line, inside of this process."""

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["elpis", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            commands.main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[estates.Tables], Path]:
    """A template folder with these tables."""
    return lambda tables: estates.write(tmp_path / "input", tables)
