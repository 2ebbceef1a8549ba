"""A book of an older schema tells how far it is while it is brought up to date, and can be stopped at any point."""

from contextlib import closing
from pathlib import Path

import pytest

from store import backups, book, upgrading
from store.book import SCHEMA_VERSION, is_old
from tests.conftest import opened
from tests.durability import older, states

VERSION = 9


@pytest.fixture
def old(tmp_path: Path, monkeypatch) -> Path:
    """A book of an older schema with rows in every table, and somebody who looks at the work all the time."""
    monkeypatch.setattr(upgrading, "_OFTEN", 50)
    return older.make(tmp_path / "old.elpis", VERSION)


class Stopped(Exception):
    """Whoever waited does not any more."""


def test_every_part_tells_how_far_it_is(old):
    told: list[tuple[int, int]] = []
    with upgrading.told(lambda done, total: told.append((done, total))), closing(opened(old)):
        pass
    done = [one for one, _ in told]
    assert done == sorted(done)
    assert {total for _, total in told} == {3000}
    assert [part for part in range(3) if any(part * 1000 <= one < part * 1000 + 1000 for one in done)] == [0, 1, 2]
    assert not is_old(old)
    assert [one.why for one in backups.listed(old)] == ["migration"]


@pytest.mark.parametrize("part", range(3))
def test_stopped_at_any_part_the_book_is_as_it_was_and_can_be_opened_later(old, part):
    before, times = states.fingerprint(old), 0

    def stop(done, total):
        nonlocal times
        times += done >= 1000 * part
        if times > 3:
            raise Stopped

    with pytest.raises(Stopped), upgrading.told(stop):
        opened(old)
    assert (is_old(old), states.fingerprint(old)) == (True, before)
    with closing(opened(old)) as brought:
        assert brought.value("PRAGMA user_version") == SCHEMA_VERSION


def test_how_much_of_the_copy_is_written_is_told(tmp_path):
    target, source = tmp_path / "copy", tmp_path / "book"
    source.write_bytes(b"x" * 200)
    assert upgrading.share(target, source)() == 0
    target.write_bytes(b"x" * 50)
    assert upgrading.share(target, source)() == 0.25


def test_nobody_has_to_wait(old):
    opened(old).close()
    assert not is_old(old)
    assert not book.is_old(old.with_name("nothing.elpis"))
