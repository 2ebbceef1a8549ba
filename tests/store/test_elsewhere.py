"""A book from elsewhere is guilty until it is checked: only its rows come in, and only where all else of it is ours."""

import shutil
import subprocess
import sys
from pathlib import Path

import pysqlite3
import pytest

from store import care, cipher, content, elsewhere, encrypting, evidence
from store.book import APPLICATION_ID, SCHEMA_VERSION
from store.cipher import Passphrase
from store.errors import BookFault, Locked
from tests import estates
from tests.conftest import NOW, opened, snapshot_of
from tests.durability import older
from tests.promises import Promise

pytestmark = pytest.mark.usefixtures("warm_readers")


@pytest.fixture
def sent(book, fill, tmp_path) -> Path:
    """A book that somebody sends: closed, in one file."""
    fill(book, estates.of(estates.item("1", "Büro", 10, end="2027-03-31"), demand=[estates.demand("Büro", 4)]))
    evidence.settle(book)
    care.back_up(book, tmp_path / "sent" / "sent.elpis")
    return tmp_path / "sent" / "sent.elpis"


def taken(path: Path, target: Path) -> elsewhere.TakenIn:
    return elsewhere.take_in(path, target, clock=lambda: NOW, who="ann")


def crafted(path: Path, *statements: str) -> None:
    """Change a file as somebody may who knows SQLite well."""
    other = pysqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA writable_schema = ON")
    for statement in statements:
        other.execute(statement)
    other.close()


def patched(path: Path, at: int, value: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(value)


# --------------------------------------------------------------------------------------------------------- an honest one
def test_an_honest_book_comes_in_whole_and_sound_and_the_file_stays_as_it_is(sent, tmp_path, cold_readers):
    before = sent.read_bytes()
    found = taken(sent, tmp_path / "mine.elpis")
    assert (found.path, found.problems) == (tmp_path / "mine.elpis", ())
    with opened(found.path) as mine, opened(tmp_path / "estate.elpis", read_only=True) as theirs:
        assert content.content_hash(mine) == content.content_hash(theirs)
        assert snapshot_of(mine) == snapshot_of(theirs)
        assert mine.rows("SELECT * FROM change_log") == theirs.rows("SELECT * FROM change_log")
        assert mine.rows("SELECT rowid FROM entitlement_search") == theirs.rows("SELECT rowid FROM entitlement_search")
    assert sent.read_bytes() == before
    assert sorted(path.name for path in sent.parent.iterdir()) == ["sent.elpis"]


# --------------------------------------------------------------------------------------------------------- encrypted
@pytest.fixture
def hidden(sent, secret) -> Path:
    """The same book, encrypted."""
    encrypting.change(sent, None, secret, clock=lambda: NOW, who="bob")
    return sent


def test_an_encrypted_book_comes_in_by_its_passphrase_and_stays_encrypted(hidden, secret, tmp_path):
    found = elsewhere.take_in(hidden, tmp_path / "mine.elpis", clock=lambda: NOW, who="ann", passphrase=secret)
    assert found.problems == ()
    assert cipher.is_encrypted(found.path)
    assert found.path.read_bytes()[:16] != hidden.read_bytes()[:16], "with a key of its own"
    with opened(found.path, passphrase=secret) as mine, opened(tmp_path / "estate.elpis", read_only=True) as theirs:
        assert content.content_hash(mine) == content.content_hash(theirs)
        assert mine.rows("SELECT * FROM change_log") == theirs.rows("SELECT * FROM change_log")


@pytest.mark.parametrize("given", [None, Passphrase("not this one")])
def test_an_encrypted_book_does_not_come_in_without_its_passphrase(hidden, given, tmp_path):
    with pytest.raises(Locked, match="encrypted" if given is None else "the passphrase does not open"):
        elsewhere.take_in(hidden, tmp_path / "mine.elpis", clock=lambda: NOW, who="ann", passphrase=given)
    assert not (tmp_path / "mine.elpis").exists()


def test_what_is_built_into_an_encrypted_book_does_not_come_in_either(hidden, secret, tmp_path):
    other = cipher.connect_by_sqlcipher(str(hidden), cipher.key_of(hidden, secret), isolation_level=None)
    other.execute("CREATE TRIGGER spy AFTER INSERT ON contracts BEGIN DELETE FROM demand; END")
    with pytest.raises(BookFault, match="the trigger 'spy' is not of Elpis"):
        elsewhere.take_in(hidden, tmp_path / "mine.elpis", clock=lambda: NOW, who="ann", passphrase=secret)
    other.execute("PRAGMA application_id = 7")
    other.close()
    with pytest.raises(BookFault, match="this is not a book of Elpis"):
        elsewhere.take_in(hidden, tmp_path / "mine.elpis", clock=lambda: NOW, who="ann", passphrase=secret)


# ------------------------------------------------------------------------------------------------------------- older
@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_book_of_an_older_schema_comes_in_and_is_brought_up_to_date(version, tmp_path):
    old = older.make(tmp_path / "old.elpis", version)
    pysqlite3.connect(old).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    found = taken(old, tmp_path / "mine.elpis")
    with opened(found.path) as mine:
        assert mine.value("SELECT count(*) FROM contracts") == older.ROWS
        assert mine.value("PRAGMA user_version") == SCHEMA_VERSION


def test_what_was_changed_in_the_rows_comes_in_and_is_told(sent, tmp_path):
    crafted(sent, "UPDATE contract_items SET quantity = 99")
    assert taken(sent, tmp_path / "mine.elpis").problems == (
        "contract items, row 1 (C1|1): it is not as it was written",
    )


def test_a_file_is_never_written_over(sent, tmp_path):
    (tmp_path / "mine.elpis").write_text("mine")
    with pytest.raises(BookFault, match="there is such a file already"):
        taken(sent, tmp_path / "mine.elpis")
    assert (tmp_path / "mine.elpis").read_text() == "mine"


def test_a_book_of_which_a_part_lies_beside_it_is_not_taken_in_by_half(sent, tmp_path):
    Path(f"{sent}-wal").write_bytes(b"part")
    with pytest.raises(BookFault, match="a part of it lies beside it"):
        taken(sent, tmp_path / "mine.elpis")


# --------------------------------------------------------------------------------------------------------------- attacks
_SCHEMA = "UPDATE sqlite_schema SET "
ATTACKS: dict[str, tuple[str, ...]] = {
    "a trigger that deletes": ("CREATE TRIGGER spy AFTER INSERT ON contracts BEGIN DELETE FROM demand; END",),
    "a trigger by a name of ours": (
        "DROP TRIGGER seals_lose_nothing",
        "CREATE TRIGGER seals_lose_nothing BEFORE DELETE ON seals BEGIN SELECT 1; END",
    ),
    "a protection taken away": ("DROP TRIGGER change_log_loses_nothing",),
    "a view by the name of a table": (
        *("PRAGMA foreign_keys = 0", "DROP TABLE scenarios"),
        "CREATE VIEW scenarios AS SELECT 1 AS id, hex(randomblob(9)) AS scenario, '[]' AS changes",
    ),
    "a view that looks like one of the overviews": ("CREATE VIEW overview_all AS SELECT 1",),
    "a table more": ("CREATE TABLE songs (name TEXT)",),
    "an index over an expression": ("CREATE INDEX overview_mine ON contracts (upper(name))",),
    "a column that is computed": ("ALTER TABLE contracts ADD COLUMN more TEXT AS (hex(zeroblob(1000000000)))",),
    "a table that runs a program": ("CREATE VIRTUAL TABLE shadow USING fts5 (words)",),
    "a check in a table": (
        _SCHEMA
        + "sql = replace(sql, 'quantity INTEGER NOT NULL', 'quantity INTEGER NOT NULL CHECK (load_extension(1))')"
        " WHERE name = 'demand'",
    ),
    "a schema that makes no sense": (_SCHEMA + "sql = 'CREATE TABLE products (id' WHERE name = 'products'",),
    "two tables in one place": (
        _SCHEMA + "rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'contracts') WHERE name = 'scenarios'",
    ),
    "a number that is a text": ("UPDATE contract_items SET quantity = 'many'",),
    "a text that is an endless one": ("UPDATE contracts SET name = hex(zeroblob(20000000))",),
    "a text of no encoding": ("UPDATE contracts SET name = CAST(x'ff41' AS TEXT)",),
    "a row that refers to nothing": ("PRAGMA foreign_keys = 0", "UPDATE contract_items SET product_id = 77"),
    "a mark of another program": ("PRAGMA application_id = 7",),
    "a version of the future": (f"PRAGMA user_version = {SCHEMA_VERSION + 1}",),
    "a version of the past": (f"PRAGMA user_version = {SCHEMA_VERSION - 1}",),
}


def outcome(path: Path, target: Path) -> str:
    """What was said of a file that was refused; "" for one that came in."""
    try:
        taken(path, target)
    except BookFault as fault:
        assert not target.exists()
        return str(fault)
    return ""


def test_what_somebody_has_built_into_a_book_never_comes_in(sent, tmp_path, promise):
    came = []
    for number, (name, statements) in enumerate(ATTACKS.items()):
        path = Path(shutil.copy(sent, tmp_path / f"attack{number}.elpis"))
        crafted(path, *statements)
        came += [] if outcome(path, tmp_path / f"mine{number}.elpis") else [name]
    cut = Path(shutil.copy(sent, tmp_path / "cut.elpis"))
    with cut.open("r+b") as file:
        file.truncate(cut.stat().st_size // 2)
    came += [] if outcome(cut, tmp_path / "mine-cut.elpis") else ["half of a file"]
    lying = Path(shutil.copy(sent, tmp_path / "lying.elpis"))
    patched(lying, 16, b"\x02\x00")
    came += [] if outcome(lying, tmp_path / "mine-lying.elpis") else ["a header that lies"]
    honest = outcome(sent, tmp_path / "mine.elpis")
    promise(
        "R22", "a book with something built in", count=len(ATTACKS) + 2, faults=came, control="an honest one comes in"
    )
    assert honest == ""


def test_the_mark_in_the_first_bytes_is_where_it_is_looked_for(sent):
    assert int.from_bytes(sent.read_bytes()[68:72]) == APPLICATION_ID
    assert elsewhere._header(sent) == (APPLICATION_ID, SCHEMA_VERSION)


# -------------------------------------------------------------------------------------------------------------- by chance
FUZZ = """
import json, random, sqlite3, sys
from pathlib import Path
from store.imports.children import book, start
from store.imports.children.answers import Failed
whole, place, question = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]), Path(sys.argv[3]).read_text()
asked, came = json.loads(question), 0
start.limit(2 << 30, 3600, 4 << 30)
for seed in range(int(sys.argv[4]), int(sys.argv[5])):
    chance, damaged = random.Random(seed), bytearray(whole)
    for _ in range(chance.choice((1, 1, 3, 20, 200))):
        at = chance.randrange(100 if chance.random() < 0.1 else 8192 if chance.random() < 0.4 else len(whole))
        damaged[at] = chance.choice((0, 1, 127, 128, 255, damaged[at] ^ 1 << chance.randrange(8)))
    if chance.random() < 0.1:
        del damaged[chance.randrange(len(damaged)):]
    place.write_bytes(damaged)
    try:
        list(book.read(str(place), question))
    except Failed:
        continue
    came += 1
    other = sqlite3.connect(f"file:{place}?immutable=1", uri=True)
    for name, kind, sql in other.execute("SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL"):
        if [kind, sql] not in (asked["schema"].get(name), asked["optional"].get(name)):
            print("let in", seed, name)
    other.close()
print("came", came)
"""


def fuzzed(sent: Path, place: Path, first: int, last: int, promise: Promise) -> None:
    (place / "question.json").write_text(elsewhere.question(SCHEMA_VERSION))
    values = [sent, place / "damaged.elpis", place / "question.json", first, last]
    ran = subprocess.run([sys.executable, "-c", FUZZ, *map(str, values)], capture_output=True, text=True, check=False)
    *wrong, came = ran.stdout.splitlines() or [f"died with {ran.returncode}: {ran.stderr[-500:]}"]
    faults = wrong if came.startswith("came") else [came]
    promise(
        "R22", "a book with bytes changed by chance", count=last - first, faults=faults, control=f"harmless: {came}"
    )


def test_a_book_that_was_damaged_by_chance_never_ends_its_reader_nor_brings_anything_in(sent, scratch, promise):
    fuzzed(sent, scratch, 0, 2_000, promise)


@pytest.mark.deep
def test_a_book_that_was_damaged_by_chance_however_often(sent, scratch, promise):
    fuzzed(sent, scratch, 10_000, 110_000, promise)
