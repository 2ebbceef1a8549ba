"""Encrypting a book and back, killed and with the power cut at any moment: one book or the other, whole; and nothing
of an encrypted book is ever written down as it is."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from store import backups, cipher, encrypting, generations
from store.cipher import Passphrase
from tests.conftest import NOW, SECRET, opened
from tests.durability import replay, states, work
from tests.durability.forks import ROUNDS, Forks, forks

SEED = 20261122
recorded = pytest.mark.skipif(bool(replay.why_not()), reason=replay.why_not() or "it can be recorded")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "ROUNDS", ROUNDS)


@pytest.fixture(scope="module")
def forked() -> Iterator[Forks]:
    with forks() as made:
        yield made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A plain book with two backups beside it, closed."""
    path = tmp_path / "place" / "book.elpis"
    path.parent.mkdir()
    with closing(opened(path, create=True)) as book:
        work.seed(book, path.parent)
        backups.back_up(book)
        work.finish_wizard(book, path.parent, 1)
        backups.back_up(book)
    return path


def held(path: Path) -> str:
    """What a book holds, by whichever way it opens; "" for one that opens by neither."""
    try:
        key = cipher.key_of(path, Passphrase(SECRET))
        with closing(cipher.connect(str(path), key)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return states.fingerprint_of(connection) if sound else ""
    except cipher.errors():
        return ""


def faults_of(path: Path, wanted: str, kept: dict[Path, str]) -> list[str]:
    """What is wrong with the book and its backups, and what is plain beside an encrypted book that should not be."""
    found = [] if held(path) == wanted else ["the book does not hold what it held"]
    found += [f"{one.name} does not hold what it held" for one, was in kept.items() if held(one) != was]
    with closing(opened(path, passphrase=Passphrase(SECRET))) as book:
        encrypted = book.passphrase is not None
    halves = [one for one in path.parent.rglob("*") if ".elpis-unfinished" in str(one) and cipher.is_plain(one)]
    return found + [f"{one} is left plain" for one in halves if encrypted]


@pytest.mark.parametrize("count", [16, pytest.param(800, marks=pytest.mark.deep)])
def test_a_book_is_encrypted_or_plain_and_nothing_between(path, forked, promise, count):
    wanted, kept = held(path), {one.path: held(one.path) for one in generations.listed(path)}
    lasted = {way: forked.time("change_passphrase", str(path), *way) for way in (("", SECRET), (SECRET, ""))}
    chance, faults, ends = random.Random(SEED), [], {"before": 0, "after": 0}
    for number in range(count):
        way = (SECRET, "") if cipher.is_encrypted(path) else ("", SECRET)
        delay = chance.uniform(0.1, 1.1) * lasted[way]
        said = forked.kill(delay, "change_passphrase", str(path), *way)
        done = cipher.is_encrypted(path) == bool(way[1])
        ends["after" if done else "before"] += 1
        wrong = faults_of(path, wanted, kept)
        wrong += ["it was acknowledged, and is not done"] if said == ["changed"] and not done else []
        if way[1] and done:
            wrong += [f"{one.name} is left plain" for one in kept if not cipher.is_encrypted(one)]
        faults += [f"kill {number} after {delay:.4f} s: {fault}" for fault in wrong + said[1:]]
    assert min(ends.values()) > 0, ends
    bad = sum(_broken_in_place(path, forked, wanted, n / 1_000) for n in (1, 5, 10))
    assert bad, "the control: a book that is written over is neither the one nor the other"
    control = f"{ends['before']} times before, {ends['after']} times after; written over in place: {bad} of 3 broken"
    promise("R1", "kill -9 while a book is encrypted or made plain", count=count, faults=faults, control=control)


def _broken_in_place(path: Path, forked: Forks, wanted: str, delay: float) -> bool:
    copy = path.with_name("copy.elpis")
    for end in ("", "-wal", "-shm"):
        Path(f"{copy}{end}").unlink(missing_ok=True)
    if cipher.is_encrypted(path):
        forked.time("change_passphrase", str(path), SECRET, "")
    copy.write_bytes(path.read_bytes())
    forked.kill(delay, "encrypt_in_place", str(copy), SECRET, after=1)
    return held(copy) != wanted


# ------------------------------------------------------------------------------------------------------- power cuts
CHANGES = f"""
import sys
from pathlib import Path
from store import cipher
from tests.durability import forks
cipher.ROUNDS = {ROUNDS}
for way in (("", sys.argv[2]), (sys.argv[2], "")):
    forks.change_passphrase(print, sys.argv[1], *way)
"""


def run(program: str, library: Path, place: Path, *arguments: object) -> list[replay.Entry]:
    """What a program writes in a folder."""
    scratch = {"TMPDIR": str(place), "SQLITE_TMPDIR": str(place)}
    how = {**os.environ, **scratch, **replay.environment(library, place)}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    said = subprocess.run(command, env=how, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return replay.entries(place)


@recorded
@pytest.mark.parametrize("count", [200, pytest.param(20_000, marks=pytest.mark.deep)])
def test_a_power_cut_leaves_the_one_book_or_the_other(path, library, scratch, promise, count):
    wanted, kept = held(path), {one.path: held(one.path) for one in generations.listed(path)}
    disk, again = replay.begin(path.parent), replay.begin(path.parent)
    record = run(CHANGES, library, path.parent, path, SECRET)
    wrong = _judged(disk, record, count, scratch, (path, wanted, kept))
    assert not wrong
    hasty = [entry for entry in record if entry.kind != "s"]
    missed = len(_judged(again, hasty, 60, scratch, (path, wanted, kept)))
    assert missed, "the control: without what flushes, a book gets lost"
    control = f"nothing flushed: {missed} files broken in 60 images"
    promise("R2", "power cuts while a book is encrypted and made plain", count=count, faults=wrong, control=control)


ENDS = ("", "-wal", "-journal")
"""A book, and the files by which the database makes up for what was cut off."""

Scene = tuple[Path, str, dict[Path, str]]


def _judged(disk: replay.Disk, record: Sequence[replay.Entry], count: int, scratch: Path, scene: Scene) -> list[str]:
    path, wanted, kept = scene
    known: dict[tuple[int, ...], str] = {}
    goals = {str(one.resolve()): was for one, was in {**kept, path: wanted}.items()}
    found = []
    for image in replay.images(disk, record, count, SEED):
        for name, goal in goals.items():
            parts = [image.files.get(f"{name}{end}", b"") for end in ENDS]
            if _known(parts, known, scratch) != goal:
                found.append(f"cut {image.cut}: {Path(name).name}")
    return found


def _known(parts: Sequence[bytes], known: dict[tuple[int, ...], str], scratch: Path) -> str:
    """What the book of an image holds; the same bytes are looked at once."""
    key = tuple(map(hash, parts))
    if key not in known:
        image = scratch / "image.elpis"
        for end, part in zip((*ENDS, "-shm"), (*parts, b""), strict=True):
            Path(f"{image}{end}").unlink(missing_ok=True)
            if part:
                Path(f"{image}{end}").write_bytes(part)
        known[key] = held(image)
    return known[key]


# ------------------------------------------------------------------------------------------------- what is written
BEGUN = b"the next book"
PLAYS = f"""
import os, sys
from contextlib import closing
from datetime import date
from pathlib import Path
from store import backups, cipher
from store.snapshots import compare
from tests.conftest import opened
from tests.durability import work
cipher.ROUNDS = {ROUNDS}
elsewhere = Path(sys.argv[1])
for number, path in enumerate(map(Path, sys.argv[3:])):
    os.write(os.open(path.parent / f"{{number}}.begun", os.O_WRONLY | os.O_CREAT), {BEGUN})
    with closing(opened(path, passphrase=cipher.Passphrase(sys.argv[2]))) as book:
        work.finish_wizard(book, elsewhere, 7)
        work.import_files(book, elsewhere, number)
        work.go_back(book, elsewhere, number)
        backups.back_up(book)
        work.back_up(book, path.parent, number)
        book.run("CREATE TEMP TABLE many AS WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                 " SELECT 'Wizard ' || i AS text FROM n")
        book.rows("SELECT text FROM temp.many ORDER BY text DESC LIMIT 3")
        if number:  # of a plain book, days are written as they are
            compare.compare(date(2026, 11, 21), date(2027, 6, 1), book=book)
"""
WORDS = ("Office", "Mail", "Wizard", "Tool 3")
"""What the book holds, and what comes into it."""


@recorded
def test_nothing_that_a_process_writes_of_an_encrypted_book_can_be_read(path, library, tmp_path, promise):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    hidden = Path(shutil.copy(path, path.with_name("hidden.elpis")))
    encrypting.change(hidden, None, Passphrase(SECRET), clock=lambda: NOW, who="ann")
    record = run(PLAYS, library, path.parent, elsewhere, SECRET, path, hidden)
    written = [entry.data for entry in record if entry.kind == "w"]
    first, second = (number for number, data in enumerate(written) if data == BEGUN)
    plain = _told(written[first:second])
    assert set(WORDS) == plain, "the control: of a plain book, all of it is written as it is"
    assert sum(map(len, written[second:])) > 500_000
    faults, control = _told(written[second:]), f"a plain book: {len(plain)} of {len(WORDS)} words are found"
    count = len(written) - second
    promise("R26", "writes of a process with an encrypted book", count=count, faults=faults, control=control)


def _told(written: Sequence[bytes]) -> set[str]:
    """The words that can be read in what was written."""
    spelled = [(word, form) for word in WORDS for form in (word.encode(), word.encode("utf-16-le"))]
    return {word for data in written for word, form in spelled if form in data}
