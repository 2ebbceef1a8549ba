"""Estates and books that the measures start from, made once under build/bench and kept for the next run."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from store.imports.load import load
from tests.bench import estate
from tests.bench.child import opened
from tests.bench.timing import ROOT

HOME = ROOT / "build" / "bench"


def folder(families: int) -> Path:
    """The folder with the CSV files of a generated estate."""
    made = HOME / f"estate-{families}-{digest(Path(estate.__file__))}"
    if not made.exists():
        fresh = made.with_suffix(".unfinished")
        shutil.rmtree(fresh, ignore_errors=True)
        estate.write(fresh, families)
        fresh.rename(made)
    return made


def book(families: int) -> Path:
    """A book with a generated estate, judged. It must not be changed: work on a `copy`."""
    made = HOME / f"book-{families}-{digest(Path(estate.__file__), *sources())}.elpis"
    if not made.exists():
        for stale in HOME.glob(f"book-{families}-*"):
            stale.unlink()
        fresh = HOME / f"book-{families}.unfinished"
        remove(fresh)
        with opened(fresh) as held:
            load(held, folder(families), as_of=estate.AS_OF)
        fresh.rename(made)
    return made


def warm(path: Path) -> None:
    """Read a file once: the works that are compared meet it in memory, whatever the machine did since it was made."""
    with path.open("rb") as file:
        while file.read(2**20):
            pass


def without(families: int, *tables: str) -> Path:
    """The same book without the rows of some tables, and packed. It must not be changed either."""
    made = book(families).with_suffix(f".{'-'.join(tables)}")
    if not made.exists():
        fresh = HOME / "without.unfinished"
        remove(fresh)
        shutil.copy(book(families), fresh)
        with opened(fresh) as held:
            with held.transaction():
                held.run("UPDATE derivation_gate SET open = 1")
                for table in tables:
                    held.run(f"DELETE FROM {table}")
                held.run("UPDATE derivation_gate SET open = 0")
            held.run("VACUUM")
        fresh.rename(made)
    return made


def remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", ".lock"):
        Path(f"{path}{end}").unlink(missing_ok=True)


@contextmanager
def workplace() -> Generator[Path]:
    """A folder on the disk of the estates that is gone afterwards."""
    HOME.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=HOME, prefix="work-") as name:
        yield Path(name)


def copy(made: Path, place: Path) -> Path:
    """A copy of a book, to be worked on."""
    return Path(shutil.copy(made, place / "copy.elpis"))


def sources() -> list[Path]:
    """What decides how a book looks."""
    return sorted([*(ROOT / "store").rglob("*.py"), *(ROOT / "rules").rglob("*.py"), *(ROOT / "rules").rglob("*.toml")])


@cache
def digest(*files: Path) -> str:
    """A short digest of the contents of files: what was made by them is kept under it."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]
