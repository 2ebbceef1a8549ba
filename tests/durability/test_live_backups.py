"""Backups of a book that another process is writing to: each is sound, none is behind, each can be restored."""

from __future__ import annotations

import shutil
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import peewee
import pytest

from store import backups, care
from store import book as books
from store.content import content_hash
from tests.conftest import NOW, opened
from tests.durability import states, work
from tests.durability.forks import Forks

_DRIVER: Any = peewee


@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.deep)])
def test_every_backup_of_a_book_in_use_is_sound_up_to_date_and_can_be_restored(tmp_path, forked, promise, count):
    path, drill = tmp_path / "book.elpis", tmp_path / "drill" / "book.elpis"
    drill.parent.mkdir()
    with closing(opened(path, create=True)) as book:
        work.seed(book, tmp_path)
    faults, bad, beside = [], 0, 0
    told, allowed = tmp_path / "acknowledged", tmp_path / "allowed"
    allowed.write_text("0")
    with _reading(path) as book, forked.beside("write_on", str(path), str(told), 0, str(allowed)):
        for number in range(count):
            known = _grown(told, allowed)
            faults += [f"backup {number}: {fault}" for fault in _tried(book, drill, known, number)]
            beside += _told(told) > known
            bad += number < 10 and not _copied_well(path, tmp_path / f"copy{number}.elpis", _told(told))
    assert beside, "while backups were made, somebody wrote"
    assert bad, "the control: a live book that is copied as a file is damaged or behind"
    control = f"copied as a file: {bad} of {min(count, 10)} damaged or behind"
    promise("R8", "backups beside a writer, each restored", count=count, faults=faults, control=control)


A_TIME = 8
"""Contracts that are written while a backup is made: more would make the book, and not the promise, larger."""


def _told(told: Path) -> int:
    return int(told.read_bytes() or b"0")


def _grown(told: Path, allowed: Path) -> int:
    """Let some contracts more be written; how many have been when the first of them has, so that others follow now."""
    before, most = _told(told), int(allowed.read_text()) + A_TIME
    put = allowed.with_suffix(".new")
    put.write_text(str(most))
    put.replace(allowed)
    end = time.monotonic() + 60
    while _told(told) == before:
        assert time.monotonic() < end, "nobody writes any more"
        time.sleep(0.0005)
    return _told(told)


def _reading(path: Path) -> Any:
    """The book as a second program opens it; each backup is a second later."""
    clock = (NOW + timedelta(seconds=n) for n in range(100_000))
    return books.open_book(path, clock=lambda: next(clock), who="ann", read_only=True)


def _tried(book: books.Book, drill: Path, known: int, number: int) -> list[str]:
    made = backups.back_up(book)
    backups.check(made)
    with closing(opened(made.path, read_only=True)) as copy:
        wanted, faults, held = content_hash(copy), care.check(copy), _last(copy.database.connection())
    if held < known:
        faults.append(f"contract {known} was acknowledged, the backup ends with {held}")
    backups.restore(drill, made, clock=lambda: NOW, who="ann")
    with closing(opened(drill)) as restored:
        if content_hash(restored) != wanted:
            faults.append("restored, it holds something else")
    drill.unlink()
    return faults


def _last(connection: Any) -> int:
    sql = "SELECT coalesce(max(CAST(substr(contract, 2) AS INTEGER)), 0) FROM contracts WHERE contract LIKE 'K%'"
    return int(connection.execute(sql).fetchone()[0])


def _copied_well(path: Path, copy: Path, known: int) -> bool:
    shutil.copy(path, copy)
    with suppress(_DRIVER.sqlite3.DatabaseError), closing(states.connect(copy)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return sound and _last(connection) >= known
    return False


# ------------------------------------------------------------------------------------------------------------ restoring
@pytest.mark.parametrize("count", [20, pytest.param(300, marks=pytest.mark.deep)])
def test_a_book_that_is_being_restored_is_the_present_one_or_the_backup(tmp_path, forked: Forks, promise, count):
    first, path = tmp_path / "first.elpis", tmp_path / "book.elpis"
    with closing(opened(first, create=True)) as book:
        work.seed(book, tmp_path)
    shutil.copy(first, path)
    with closing(opened(path)) as book:
        old = content_hash(book)
        backup = backups.back_up(book)
        work.save_contract(book, tmp_path, 1)
        new = content_hash(book)
    shutil.copy(path, tmp_path / "changed.elpis")
    lasted = forked.time("restore", str(path), str(backup.path))
    ends, faults = {old: 0, new: 0}, []
    for number in range(count):
        for rest in (*tmp_path.glob("book until *"), *tmp_path.glob("book.elpis-*")):
            rest.unlink()
        shutil.copy(tmp_path / "changed.elpis", path)
        said = forked.kill(lasted * (number % 11) / 10, "restore", str(path), str(backup.path))
        faults += [f"kill {number}: {fault}" for fault in states.problems(path)]
        with closing(opened(path)) as book:
            held = content_hash(book)
        ends[held] = ends.get(held, 0) + 1
        if held != old and (said or held != new):
            faults.append(f"kill {number} left a third state, or lost a restore that was told")
    control = f"{ends[new]} times the present book, {ends[old]} times the backup"
    promise("R8", "kill -9 while a backup is restored", count=count, faults=faults, control=control)
