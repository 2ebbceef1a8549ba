"""Whatever is done to the change log is noticed, but for what was done to its end after the last signed snapshot."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from store import demand, log_chain, protections
from store.log_chain import COLUMNS
from store.records import Count
from tests.conftest import NOW, opened
from tests.estates import item, of
from tests.promises import Promise

ENTRIES, ANCHORS = 60, (12, 30, 48)
_COLUMNS = (*COLUMNS, "link", "clock_suspect")
_ALL = f"SELECT {', '.join(_COLUMNS)} FROM change_log ORDER BY id"
_PUT = f"INSERT INTO change_log ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"

Log = list[list[object]]


@pytest.fixture
def estate(book, fill):
    """A book with a change log of many entries, of which signed snapshots have seen some."""
    fill(book, of(item("1", "Office", 1)))
    while (count := log_chain.head(book).seq) < ENTRIES:
        demand.save(book, Count("Office", "device", count))
    for number, seq in enumerate(ANCHORS, 1):
        head = log_chain.head(book, upto=seq)
        book.run("INSERT INTO seals VALUES (?, '', 'ann', '', '', '', ?, ?)", (number, head.seq, head.sha256))
    for name in protections.PROTECTIONS:
        book.run(f"DROP TRIGGER {name}")
    return book


# --------------------------------------------------------------------------------------- what a tamperer may do
def changed(log: Log, at: int, chance: random.Random) -> None:
    log[at][chance.randrange(2, 9)] = f"other {chance.random()}"


def backdated(log: Log, at: int, chance: random.Random) -> None:
    log[at][1] = f"2020-01-01T00:00:{chance.randrange(60):02}Z"


def taken_out(log: Log, at: int, chance: random.Random) -> None:
    del log[at]


def put_in(log: Log, at: int, chance: random.Random) -> None:
    for entry in log[at:]:
        entry[0] = int(str(entry[0])) + 1
    log.insert(at, [at + 1, *log[at][1:]])
    log[at][2] = "somebody"


def swapped(log: Log, at: int, chance: random.Random) -> None:
    other = chance.choice([n for n in range(len(log)) if log[n][1:10] != log[at][1:10]])
    log[at][1:], log[other][1:] = log[other][1:], log[at][1:]


def doubled(log: Log, at: int, chance: random.Random) -> None:
    log.append([len(log) + 1, *log[at][1:]])


def renumbered(log: Log, at: int, chance: random.Random) -> None:
    by = chance.randrange(1, 9)
    for entry in log[at:]:
        entry[0] = int(str(entry[0])) + by


def cut_off(log: Log, at: int, chance: random.Random) -> None:
    del log[at:]


def written_anew(log: Log, at: int, chance: random.Random) -> None:
    """By one who knows how links are made."""
    changed(log, at, chance)
    before = bytes(32) if at == 0 else log[at - 1][10]
    for entry in log[at:]:
        before = entry[10] = log_chain.link(before, entry[:10])


TAMPERS: tuple[Callable[[Log, int, random.Random], None], ...] = (
    *(changed, backdated, taken_out, put_in, swapped, doubled, renumbered),
    *(cut_off, written_anew),
)
PROVED_BY_SNAPSHOTS = (cut_off, written_anew)


@contextmanager
def tampered(book, log: Log) -> Iterator[None]:
    """The book with another change log."""
    book.run("BEGIN")
    book.run("DELETE FROM change_log")
    book.many(_PUT, log)
    yield
    book.run("ROLLBACK")


def tried(book, count: int, seed: int, promise: Promise) -> None:
    chance, whole = random.Random(seed), [list(row) for row in book.rows(_ALL)]
    overlooked: list[str] = []
    tail, seen, without_snapshots = 0, 0, 0
    for turn in range(count):
        tamper = TAMPERS[turn % len(TAMPERS)]
        at, log = chance.randrange(len(whole) - 1), [list(row) for row in whole]
        tamper(log, at, chance)
        with tampered(book, log):
            found = log_chain.problems(book)
            if tamper in PROVED_BY_SNAPSHOTS:
                book.run("DELETE FROM seals")
                without_snapshots += bool(log_chain.problems(book))
        if tamper in PROVED_BY_SNAPSHOTS and at >= ANCHORS[-1]:
            tail, seen = tail + 1, seen + bool(found)
        elif not found:
            overlooked.append(f"{tamper.__name__} at {at}")
    assert tail > 0
    assert seen == 0, "what came after the last signed snapshot proves nothing: that is how it is told, too"
    assert without_snapshots == 0
    control = f"without snapshots a log cut off or written anew is not noticed; of the tail none of {tail}"
    promise("R15", "the change log tampered with, 9 ways", count=count, faults=overlooked, control=control)


def test_whatever_is_done_to_the_change_log_is_noticed(estate, promise):
    tried(estate, 2_000, 15, promise)


@pytest.mark.deep
def test_whatever_is_done_to_the_change_log_is_noticed_however_often_it_is_tried(estate, promise):
    tried(estate, 50_000, 1_500, promise)


# --------------------------------------------------------------------------------------------------------- the links
def test_every_entry_has_its_link_however_it_was_written(book, fill):
    fill(book, of(item("1", "Office", 1)))
    fill(book, of(item("1", "Office", 2)))
    demand.save(book, Count("Office", "device", 5))
    with book.transaction():
        demand.save(book, Count("Office", "device", 6))
        demand.save(book, Count("Office", "user", 6))
    assert book.value("SELECT count(*) FROM change_log WHERE link IS NULL") == 0
    seq, link = book.rows("SELECT id, lower(hex(link)) FROM change_log ORDER BY id DESC LIMIT 1")[0]
    assert log_chain.head(book) == log_chain.Head(seq, link)
    assert log_chain.problems(book) == []


def test_a_change_that_failed_leaves_the_chain_as_it_was(book):
    def fails():
        with book.transaction():
            demand.save(book, Count("Office", "device", 6))
            raise KeyboardInterrupt

    book.run("INSERT INTO products (product) VALUES ('Office')")
    for _ in range(2):
        demand.save(book, Count("Office", "device", log_chain.head(book).seq + 1))
        with pytest.raises(KeyboardInterrupt):
            fails()
    assert log_chain.head(book).seq == 2
    assert log_chain.problems(book) == []


def test_a_clock_that_went_backwards_is_marked_once_and_the_order_stays(book, tmp_path):
    book.run("INSERT INTO products (product) VALUES ('Office')")
    book.close()
    for number, minutes in enumerate((0, 5, -90, -89, 6)):
        moment = NOW + timedelta(minutes=minutes)
        with opened_at(book.path, moment) as held:
            demand.save(held, Count("Office", "device", number))
    with opened(book.path) as held:
        assert held.rows("SELECT id, clock_suspect FROM change_log ORDER BY id") == [
            *((1, 0), (2, 0), (3, 1), (4, 0), (5, 0)),
        ]
        held.run("DROP TRIGGER change_log_keeps_entries")
        held.run("UPDATE change_log SET clock_suspect = 0")
        assert log_chain.problems(held) == ["change log, entry 3: the mark about the clock is not as it was written"]


def opened_at(path, moment):
    from store.book import open_book

    return open_book(path, clock=lambda: moment, who="ann")


def test_progress_is_told(estate, monkeypatch):
    monkeypatch.setattr(log_chain, "_OFTEN", 20)
    told: list[tuple[int, int]] = []
    log_chain.problems(estate, lambda done, of: told.append((done, of)))
    assert told == [(0, 60), (20, 60), (40, 60)]
