"""kill -9 during an import of 20,000 rows, and while a book is brought to the present schema: all of it or nothing."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from store.book import SCHEMA_VERSION
from tests import estates
from tests.conftest import opened
from tests.durability import older, states, work
from tests.durability.forks import Forks

SEED = 20261122
ROWS = 20_000


def fresh(source: Path, target: Path) -> Path:
    """A copy of a closed book, with nothing beside it of what was there before."""
    for end in ("-wal", "-shm"):
        Path(f"{target}{end}").unlink(missing_ok=True)
    return Path(shutil.copy(source, target))


def many_rows() -> estates.Tables:
    """20,000 rows: contracts with their items, and where everything is installed."""
    names = [f"Tool {n:03}" for n in range(200)]
    items = [estates.item(str(n), names[n], 50, contract=f"L{n // 20}") for n in range(200)]
    installed = [{"product": names[n % 200], "device": f"PC-{n:05}", "user": ""} for n in range(ROWS - 410)]
    return estates.of(*items, contracts=[estates.contract(f"L{n}") for n in range(10)], installations=installed)


@pytest.mark.parametrize("count", [30, pytest.param(500, marks=pytest.mark.deep)])
def test_an_import_of_20_000_rows_is_stored_whole_or_not_at_all(tmp_path, forked, promise, count):
    first, path = tmp_path / "first.elpis", tmp_path / "book.elpis"
    with closing(opened(first, create=True)) as book:
        work.seed(book, tmp_path)
    tables = many_rows()
    folder = estates.write(tmp_path / "tables", tables)
    assert sum(map(len, tables.values())) >= ROWS
    lasted = forked.time("import_folder", str(fresh(first, path)), str(folder))
    with closing(opened(path)):  # which brings in what its write-ahead log holds
        old, new = states.fingerprint(first), states.fingerprint(path)
    chance, faults, ends = random.Random(SEED), [], {"none": 0, "all": 0}
    for number in range(count):
        fresh(first, path)
        delay, after = _moment(number, chance.uniform(0, 1.05) * lasted)
        said = forked.kill(delay, "import_folder", str(path), str(folder), after=after)
        held = states.fingerprint(path)
        wrong = _sound(path) if held in (old, new) and ends["all" if held == new else "none"] else states.problems(path)
        ends["all" if held == new else "none"] += 1
        if wrong or held not in ((new,) if said else (old, new)):
            faults.append((number, delay, said, wrong))
    assert ends["none"] > 0, f"some kills come before the end: {ends}"
    assert ends["all"] > 0, f"and some after it: {ends}"
    parts = [str(estates.write(tmp_path / "parts" / name, {name: rows})) for name, rows in tables.items()]
    partial = [_partial(forked, fresh(first, path), parts, n, (old, new)) for n in (1, 2, 3)]
    assert any(partial), "the control: imported table by table, it is found half done"
    told = (
        f"{ends['none']} times nothing, {ends['all']} times all; table by table {sum(partial)} of 3 are found half done"
    )
    promise("R3", f"kill -9 during an import of {ROWS:,} rows", count=count, faults=faults, control=told)


def _moment(number: int, delay: float) -> tuple[float, int]:
    """When a kill comes: after how many seconds, and after how much was acknowledged.

    The first comes at once, and the second when all is done, however quick or slow the machine is just now.
    """
    return (0, number) if number < 2 else (delay, 0)


def _partial(forked: Forks, path: Path, folders: Sequence[str], parts: int, whole: tuple[str, str]) -> bool:
    """Whether the same rows are found half imported when each table is an import of its own, and so many are done."""
    forked.kill(0, "import_parts", str(path), *folders, after=parts)
    return states.fingerprint(path) not in whole


# ---------------------------------------------------------------------------------------------------------- migrations
@pytest.fixture(scope="module")
def old_books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A book of each older schema, from the first on."""
    folder = tmp_path_factory.mktemp("older")
    return [older.make(folder / f"schema{version}.elpis", version) for version in range(1, SCHEMA_VERSION)]


def upgraded(source: Path, target: Path) -> Path:
    with closing(opened(fresh(source, target))):
        return target


def test_every_migration_keeps_every_row_and_every_trigger(old_books, tmp_path, promise):
    newest = older.make(tmp_path / "newest.elpis", SCHEMA_VERSION)
    faults = []
    for number, old in enumerate(old_books, 1):
        before, present = states.census(old), upgraded(old, tmp_path / "upgraded.elpis")
        after = states.census(present)
        faults += [f"schema {number}: {name} lost rows" for name, count in before.items() if after.get(name, 0) < count]
        faults += [f"schema {number}: {name} is missing" for name in states.triggers(newest) - states.triggers(present)]
        faults += [f"schema {number}: {wrong}" for wrong in _kept(old, present) + _sound(present)]
    promise(
        "R5", "rows and triggers over every migration", count=len(old_books), faults=faults, control=_biting(old_books)
    )


def _sound(path: Path) -> list[str]:
    with closing(states.connect(path)) as found:
        checks = (
            found.execute("PRAGMA integrity_check").fetchall() + found.execute("PRAGMA foreign_key_check").fetchall()
        )
    return [str(one) for one in checks if one != ("ok",)]


def _kept(old: Path, new: Path) -> list[str]:
    """Rows of the old book that the new one no longer has, column by column."""
    with closing(states.connect(old)) as before, closing(states.connect(new)) as after:
        found = []
        for (table,) in before.execute(states.TABLES).fetchall():
            names = ", ".join(f'"{row[1]}"' for row in before.execute(f'PRAGMA table_info("{table}")'))
            held = set(after.execute(f'SELECT {names} FROM "{table}"'))
            found += [f"{table}: {row}" for row in before.execute(f'SELECT {names} FROM "{table}"') if row not in held]
        return found


def _biting(old_books: list[Path]) -> str:
    """The control: a row that is gone, and a value that is another, are noticed."""
    path = fresh(old_books[0], old_books[0].with_name("changed.elpis"))
    with closing(states.connect(path)) as changed:
        changed.execute("DELETE FROM demand WHERE quantity = 1")
        changed.execute("UPDATE products SET vendor = 'another' WHERE id = 2")
        changed.commit()
    assert len(_kept(old_books[0], path)) == 2
    return "a lost row and a changed value are told"


@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.deep)])
def test_a_book_is_of_the_old_schema_or_the_new_one_and_nothing_between(old_books, tmp_path, forked, promise, count):
    path = tmp_path / "book.elpis"
    goals = [states.fingerprint(upgraded(old, path)) for old in old_books]
    lasted = forked.time("upgrade", str(fresh(old_books[0], path)))
    origins = [states.fingerprint(old) for old in old_books]
    chance, faults, ends = random.Random(SEED), [], {"old": 0, "new": 0}
    for number in range(count):
        which = number % len(old_books)
        fresh(old_books[which], path)
        delay, after = _moment(number, chance.uniform(0.2, 1.2) * lasted)
        said = forked.kill(delay, "upgrade", str(path), after=after)
        held = states.fingerprint(path)
        ends["old" if held == origins[which] else "new"] += 1
        allowed = (goals[which],) if said else (origins[which], goals[which])
        after = states.fingerprint(upgraded(path, tmp_path / "again.elpis"))
        if held not in allowed or _sound(path) or after != goals[which]:
            faults.append((number, which + 1, delay, said))
    assert min(ends.values()) > 0, ends
    told = f"{ends['old']} times the old schema, {ends['new']} times the new one"
    promise(
        "R4", f"kill -9 while {len(old_books)} older schemas are upgraded", count=count, faults=faults, control=told
    )
