"""Rows that are evidence stay what they were when they were written: whatever becomes of one on the disk is told."""

import random
import shutil
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from store import care, contracts, demand, evidence, row_hashes, undo
from store.errors import BookFault
from store.imports.load import load
from store.records import Contract, Count
from store.row_hashes import subjects
from store.tables import BY_NAME
from tests import estates
from tests.conftest import AS_OF, opened
from tests.promises import Promise


@pytest.fixture
def estate(book, fill):
    """An estate that was imported, and all of it hashed."""
    fill(
        book,
        estates.of(
            *(estates.item(str(n), f"Product {n % 7}", 10 + n, end="2027-03-31") for n in range(40)),
            resource_groups=estates.groups("Berlin"),
            user_groups=estates.groups("Desk"),
            demand=[estates.demand(f"Product {n}", 4) for n in range(7)],
            installations=[{"product": "Product 1", "device": f"pc{n}"} for n in range(9)],
            rights=[{"right": "R1", "kind": "downgrade", "family": "Server"}],
            products=[estates.product(f"Product {n}", family="Server", version_rank=n) for n in range(7)],
        ),
    )
    evidence.settle(book)
    return book


def meddle(path: Path, *statements: str) -> None:
    """Change a book by another program, which knows nothing of hashes."""
    other = pysqlite3.connect(path, isolation_level=None)
    for statement in statements:
        other.execute(statement)
    other.close()


# --------------------------------------------------------------------------------------------------------------- told
def test_a_sound_estate_has_nothing_to_tell(estate):
    assert evidence.is_settled(estate)
    assert care.check(estate) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE contract_items SET quantity = 99 WHERE id = 3", "contract items, row 3 (C1|2): it is not as it was"),
        (
            "UPDATE contract_items SET unit_price = '1' WHERE id = 3",
            "contract items, row 3 (C1|2): it is not as it was",
        ),
        ("UPDATE products SET product = 'Other' WHERE id = 2", "products, row 2 (Other): it is not as it was written"),
        ("UPDATE entitlements SET name = 'Ours' WHERE id = 1", "entitlements, row 1 "),
        (
            "UPDATE demand SET quantity = 0 WHERE product_id = 4",
            "demand, row 4 | 1 | 0 | count: it is not as it was written",
        ),
        ("DELETE FROM installations WHERE device = 'pc3'", "it is gone, and nothing in the change log tells why"),
        ("INSERT INTO rights (\"right\", kind) VALUES ('R2', 'upgrade')", "rights, row 2: it was put in by something"),
        (
            "UPDATE installations SET device = 'pc99' WHERE device = 'pc3'",
            "installations, row 2 | pc99 | : it was put in",
        ),
        ("UPDATE products SET product = CAST(x'ff41' AS TEXT) WHERE id = 2", "products, row 2"),
        ("UPDATE row_hashes SET hash = hash + 1", "contracts, row 1 (C1): it is not as it was written"),
        ("DELETE FROM row_hashes", "contracts, row 1 (C1): it was put in by something else than Elpis"),
    ],
)
def test_what_another_program_does_to_a_row_is_told_with_the_row(estate, statement, told):
    meddle(estate.path, statement)
    assert any(told in one for one in evidence.problems(estate)), evidence.problems(estate)


def test_a_damaged_row_stays_damaged_whatever_else_changes(estate, fill):
    meddle(estate.path, "UPDATE contract_items SET quantity = 99 WHERE id = 3")
    demand.save(estate, Count("Product 2", "device", 77))
    fill(estate, estates.of(estates.item("1", "Visio", 11, contract="C2")))
    evidence.settle(estate)
    assert evidence.problems(estate) == ["contract items, row 3 (C1|2): it is not as it was written"]


def test_a_row_that_is_put_right_is_sound_again(estate):
    meddle(estate.path, "UPDATE contract_items SET quantity = quantity + 1 WHERE id = 3")
    assert evidence.problems(estate)
    meddle(estate.path, "UPDATE contract_items SET quantity = quantity - 1 WHERE id = 3")
    assert evidence.problems(estate) == []


def test_of_many_damaged_rows_the_first_are_named_and_the_others_counted(estate):
    meddle(estate.path, "UPDATE contract_items SET quantity = quantity + 1")
    told = evidence.problems(estate)
    assert len(told) == 21
    assert told[-1] == "contract items: 20 more rows of which the same is true"


# ------------------------------------------------------------------------------------------------------------ in step
def test_nothing_is_told_of_changes_that_have_no_hash_yet_and_then_they_have_one(estate):
    demand.save(estate, Count("Product 2", "device", 77))
    contracts.save(estate, Contract("C9", "later", date(2026, 1, 1), "EUR"))
    assert (evidence.unhashed(estate), evidence.problems(estate)) == (2, [])
    evidence.settle(estate)
    assert (evidence.unhashed(estate), evidence.problems(estate)) == (0, [])
    meddle(estate.path, "UPDATE demand SET quantity = 78 WHERE quantity = 77")
    assert len(evidence.problems(estate)) == 1


def test_a_removed_row_needs_no_hash_and_a_row_that_came_back_has_one(estate):
    with undo.step(estate, "gone"):
        demand.remove(estate, Count("Product 2", "device", 0, source="count"))
    evidence.settle(estate)
    assert evidence.problems(estate) == []
    undo.back(estate)
    evidence.settle(estate)
    assert evidence.problems(estate) == []


def test_an_import_that_is_undone_and_redone_leaves_nothing_to_tell(estate, tmp_path):
    tables = estates.of(*(estates.item(f"n{n}", "Visio", 3, contract="C3") for n in range(600)))
    with undo.step(estate, "Import"):
        load(estate, estates.write(tmp_path / "more", tables), as_of=AS_OF)
    for turn in (undo.back, undo.forward, undo.back):
        assert evidence.problems(estate) == []
        turn(estate)
        evidence.settle(estate)
        assert evidence.problems(estate) == []


def test_what_stops_the_hashing_leaves_everything_as_it_was(book, fill):
    fill(book, estates.of(estates.item("1", "Office", 1)))

    def stop(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evidence.settle(book, stop)
    assert book.value("SELECT count(*) FROM row_hashes") == 0
    assert not evidence.is_settled(book)


def test_a_book_that_is_only_read_is_checked_as_well(estate):
    with opened(estate.path, read_only=True) as reader:
        assert care.check(reader) == []


def test_no_backup_is_made_of_a_damaged_book_and_nothing_of_it_is_signed(estate, tmp_path):
    meddle(estate.path, "UPDATE contract_items SET quantity = 99 WHERE id = 3")
    with pytest.raises(BookFault, match=r"the copy is not sound \(contract items, row 3"):
        care.back_up(estate, tmp_path / "copy.elpis")


# --------------------------------------------------------------------------------------------------------- the hashes
def test_all_that_people_fill_is_hashed_but_settings_scenarios_and_what_they_have_seen():
    assert BY_NAME.keys() - subjects().keys() == {"settings", "scenarios", "acknowledgements"}
    assert subjects().keys() - BY_NAME.keys() == {"charges"}


def test_a_column_that_comes_later_changes_no_hash():
    subject = subjects()["demand"]
    row = (1, 2, 0, "scan", 5, None)
    longer = row_hashes.Subject("demand", (*subject.columns, "more"), (*subject.defaults, ""), subject.key)
    assert longer.hash((*row, "")) == subject.hash(row) != longer.hash((*row, "x"))


def test_columns_stand_in_the_order_in_which_they_came_into_the_book(book):
    for subject in subjects().values():
        held = [row[1] for row in book.rows(f"PRAGMA table_info({subject.name})")]
        places = [held.index(column) for column in subject.columns]
        assert places == sorted(places), subject.name


# ----------------------------------------------------------------------------------------------------------------- R9
_PAGE = 4096


def flips(path: Path, count: int, seed: int) -> tuple[list[int], int]:
    """Flip one bit of a closed book at a time, so that what people entered is other than it was: where that was not
    noticed, and how often what the database itself checks would not have noticed it, of the first 60."""
    chance, before, inside, overlooked = random.Random(seed), dict(_read(path, subjects())), 0, 0
    pages = {page: names for page in range(1, path.stat().st_size // _PAGE) if (names := _of_page(path, page, before))}
    missed: list[int] = []
    while inside < count:
        page = chance.choice(list(pages))
        bit = (page * _PAGE + chance.randrange(_PAGE)) * 8 + chance.randrange(8)
        with _flipped(path, bit):
            if any(before[name] != found for name, found in _read(path, pages[page])):
                inside += 1
                missed += [] if _told(path) else [bit]
                overlooked += inside <= 60 and _is_sound(path)
    return missed, overlooked


@contextmanager
def _flipped(path: Path, bit: int) -> Generator[None]:
    """The file with another value of one bit."""
    with path.open("r+b", buffering=0) as file:
        file.seek(bit // 8)
        (was,) = file.read(1)
        for value in (was ^ 1 << bit % 8, was):
            file.seek(bit // 8)
            file.write(bytes([value]))
            if value != was:
                yield


def _of_page(path: Path, page: int, before: Mapping[str, object]) -> list[str]:
    """The tables of which a page holds anything that people entered."""
    whole = path.read_bytes()
    path.write_bytes(whole[: page * _PAGE] + bytes(_PAGE) + whole[(page + 1) * _PAGE :])
    found = dict(_read(path, before))
    path.write_bytes(whole)
    return [name for name in before if found[name] != before[name]]


def _is_sound(path: Path) -> bool:
    other = pysqlite3.connect(f"file:{path}?immutable=1", uri=True)
    try:
        return other.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except (pysqlite3.DatabaseError, UnicodeDecodeError):
        return False
    finally:
        other.close()


def _read(path: Path, names: Iterable[str]) -> Iterator[tuple[str, object]]:
    """What people entered into these tables, read as plainly as possible; the fault where it cannot be read."""
    with closing(pysqlite3.connect(f"file:{path}?immutable=1", uri=True)) as other:
        other.text_factory = bytes
        for name in names:
            yield name, _rows(other, name)


def _rows(other: Any, name: str) -> object:
    columns = ", ".join(map(_quoted, subjects()[name].columns))
    try:
        return other.execute(f"SELECT {columns} FROM {name} NOT INDEXED").fetchall()
    except (pysqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error)


def _quoted(column: str) -> str:
    return f'"{column}"'


def _told(path: Path) -> list[str]:
    try:
        with opened(path, read_only=True) as book:
            return evidence.problems(book) or care.check(book)
    except BookFault as fault:
        return [f"damaged: {fault}"]


@pytest.fixture
def closed(estate, tmp_path) -> Path:
    """A copy of the estate, closed, all of it in one file."""
    care.back_up(estate, tmp_path / "closed.elpis")
    return Path(shutil.copy(tmp_path / "closed.elpis", tmp_path / "flipped.elpis"))


def tried(closed: Path, count: int, seed: int, promise: Promise) -> None:
    missed, overlooked = flips(closed, count, seed)
    assert overlooked > 2, "without the hashes, damage would be overlooked"
    control = f"SQLite alone overlooks {overlooked} of 60"
    promise("R9", "a bit of what people entered flipped", count=count, faults=missed, control=control)


def test_a_flipped_bit_in_what_people_entered_is_never_overlooked(closed, promise):
    tried(closed, 300, 9, promise)


@pytest.mark.deep
def test_a_flipped_bit_is_never_overlooked_however_many_are_tried(closed, promise):
    tried(closed, 5_000, 99, promise)
