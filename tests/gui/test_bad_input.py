"""Bad input on the command line: one sentence that says what, where and what would be right; and nothing is stored."""

import hashlib
import os
import resource
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from store.book import APPLICATION_ID, SCHEMA_VERSION
from store.review import review
from tests import estates
from tests.conftest import opened
from tests.estates import allocation, contract, demand, groups, item, override, product

GOOD = estates.of(item("1", "Office", 100), demand=[demand("Office", 90)])


def contents(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*.*")}


def dump(path: Path) -> list[str]:
    with opened(path, read_only=True) as book:
        tables = [row[0] for row in book.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        return [f"{table} {row}" for table in tables for row in book.rows(f"SELECT * FROM {table}")]


@pytest.fixture(scope="module")
def stands(tmp_path_factory):
    """A book and a snapshot of an earlier, good review; what a bad input must leave as it is."""
    base = tmp_path_factory.mktemp("stands")
    with opened(base / "estate.elpis", create=True) as book:
        review(book, estates.write(base / "good", GOOD), base / "out", as_of=date(2026, 11, 20))
    return base / "out", base / "estate.elpis", contents(base / "out"), dump(base / "estate.elpis")


def text(name: str, content: str | bytes):
    def write(folder: Path) -> None:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return write


def tables(**more):
    def write(folder: Path) -> None:
        estates.write(folder, GOOD | more)

    return write


def crafted_workbook(folder: Path) -> None:
    with zipfile.ZipFile(folder / "estate.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<!DOCTYPE w [<!ENTITY a 'aaaa'>]><workbook>&a;</workbook>")


def bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "estate.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300_000_000))


def nothing(folder: Path) -> None:
    text("holidays.csv", "day,place\n")(folder)


ITEMS = "contract,item,product,model,metric,quantity,license_start\n"

BAD = {
    "a missing column": (
        text("contract_items.csv", "contract,item,product,model,metric,license_start\n"),
        "error: contract_items.csv",
        "the column quantity is missing",
    ),
    "a date that is none": (
        tables(contract_items=[item("1", "Office", 5, "21.11.2026")]),
        "error: contract_items.csv, row 2, column license_start",
        '"21.11.2026" is not a date; write it as YYYY-MM-DD',
    ),
    "a day that does not exist": (
        tables(contract_items=[item("1", "Office", 5, "2025-02-29")]),
        "error: contract_items.csv, row 2, column license_start",
        "is not a day of the calendar",
    ),
    "a number that is none": (
        tables(contract_items=[item("1", "Office", "many")]),
        "error: contract_items.csv, row 2, column quantity",
        '"many" is not a whole number; write digits only, for example 250 (or the word unlimited)',
    ),
    "a negative number": (
        tables(contract_items=[item("1", "Office", -5)]),
        "error: contract_items.csv, row 2, column quantity",
        '"-5" is negative; a number from 0 to 2,147,483,647 is accepted',
    ),
    "a number that is too large": (
        tables(contract_items=[item("1", "Office", 2_147_483_648)]),
        "error: contract_items.csv, row 2, column quantity",
        "is too large; at most 2,147,483,647 is accepted",
    ),
    "a price with too many digits": (
        tables(contract_items=[item("1", "Office", 1, unit_price="1" * 16)]),
        "error: contract_items.csv, row 2, column unit_price",
        "has too many digits",
    ),
    "a contract that stands there twice": (
        tables(contracts=[contract(), contract(name="again")]),
        "error: contracts.csv, row 3, column contract",
        "is a duplicate: row 2 of",
    ),
    "a product that stands there twice": (
        tables(products=[product("Office"), product("Office")]),
        "error: products.csv, row 3, column product",
        "is a duplicate: row 2 of",
    ),
    "an item that stands there twice": (
        tables(contract_items=[item("1", "Office", 1), item("1", "Office", 2)]),
        "error: contract_items.csv, row 3, column item",
        "is a duplicate: row 2 of",
    ),
    "a demand count that stands there twice": (
        tables(demand=[demand("Office", 1), demand("Office", 2)]),
        "error: demand.csv, row 3, column product",
        "is a duplicate: row 2 of",
    ),
    "a group that stands there twice": (
        tables(resource_groups=groups("Berlin", "Berlin")),
        "error: resource_groups.csv, row 3, column name",
        "is a duplicate: row 2 of",
    ),
    "a product that nobody knows": (
        tables(demand=[demand("Offize", 1)]),
        "error: demand.csv, row 2, column product",
        '"Offize" is not known in products; did you mean "Office"?',
    ),
    "a contract that nobody knows": (
        tables(contract_items=[item("1", "Office", 1, contract="K-77")]),
        "error: contract_items.csv, row 2, column contract",
        '"K-77" is not known in contracts; add it to the table contracts',
    ),
    "a parent that nobody knows": (
        tables(user_groups=groups(Sales="Europe")),
        "error: user_groups.csv, row 2, column parent",
        '"Europe" is not known in user groups',
    ),
    "groups in a circle": (
        tables(resource_groups=groups(North="South", South="West", West="North")),
        "error: resource_groups.csv, row 2, column parent",
        "a group cannot be its own ancestor",
    ),
    "a group above itself": (
        tables(resource_groups=groups(North="North")),
        "error: resource_groups.csv, row 2, column parent",
        "a group cannot be its own ancestor",
    ),
    "an end before the start": (
        tables(contract_items=[item("1", "Office", 1, "2026-05-01", "2026-04-30")]),
        "error: contract_items.csv, row 2, column license_end",
        '"2026-04-30" lies before the license start "2026-05-01"; give an end on or after it, or none',
    ),
    "a right that ends before it begins": (
        tables(
            products=[product("Office", family="Office")],
            rights=[
                {
                    "right": "R",
                    "kind": "downgrade",
                    "family": "Office",
                    "valid_from": "2026-01-02",
                    "valid_until": "2026-01-01",
                }
            ],
        ),
        "error: rights.csv, row 2, column valid_until",
        'lies before valid_from "2026-01-02"',
    ),
    "a right for a family that no product has": (
        tables(rights=[{"right": "R", "kind": "downgrade", "family": "Nothing"}]),
        "error: rights.csv, row 2, column family",
        '"Nothing" is the family of no product',
    ),
    "a right for nothing": (
        tables(rights=[{"right": "R", "kind": "upgrade"}]),
        "error: rights.csv, row 2, column family",
        "the row does not say what the right is for; name either a family, or both from_product and to_product",
    ),
    "a right of a product to itself": (
        tables(rights=[{"right": "R", "kind": "upgrade", "from_product": "Office", "to_product": "Office"}]),
        "error: rights.csv, row 2, column to_product",
        '"Office" needs no right to cover itself',
    ),
    "a model that does not exist": (
        tables(contract_items=[item("1", "Office", 1, model="rental")]),
        "error: contract_items.csv, row 2, column model",
        '"rental" is not known here; accepted: perpetual, subscription, maintenance',
    ),
    "a metric that does not exist": (
        tables(contract_items=[item("1", "Office", 1, metric="heads")]),
        "error: contract_items.csv, row 2, column metric",
        '"heads" is not a metric of this book; accepted: core, device, user',
    ),
    "more allocated than there is": (
        tables(
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales", "Support"),
            allocations=[allocation("Office", "Berlin", "Sales", 60), allocation("Office", "Berlin", "Support", 50)],
        ),
        "error: allocations.csv, row 3, column quantity",
        "110 are allocated of Office - Perpetual - Device based, which holds 100: 10 too many",
    ),
    "an allocation of nothing": (
        tables(
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales"),
            allocations=[allocation("Office", "Berlin", "Sales", 0)],
        ),
        "error: allocations.csv, row 2, column quantity",
        'column quantity: "0" allocates nothing; give 1 or more',
    ),
    "an allocation of an entitlement that nothing opens": (
        tables(
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales"),
            allocations=[allocation("Office", "Berlin", "Sales", 1, model="subscription")],
        ),
        "error: allocations.csv, row 2, column product",
        '"Office" has no entitlement of the model subscription and this metric; add a contract item',
    ),
    "an override of an entitlement that nothing opens": (
        tables(overrides=[override("Office", metric="core")]),
        "error: overrides.csv, row 2, column product",
        '"Office" has no entitlement of the model perpetual and this metric',
    ),
    "installations that could be counted by several metrics": (
        tables(
            contract_items=[item("1", "Office", 1), item("2", "Office", 1, metric="user")],
            installations=[{"product": "Office", "device": "PC-1"}],
        ),
        'error: products, product "Office", column metric',
        "its contract items use several metrics (device,user): name the one by which its installations are counted",
    ),
    "an empty file": (text("demand.csv", ""), "error: demand.csv", "the file is empty; its first row must name"),
    "a picture with the name of a table": (
        text("demand.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256))),
        "error: demand.csv",
        "the file is not in UTF-8",
    ),
    "a file in the encoding of old Windows": (
        text("demand.csv", "product,metric,quantity\nBüro,device,1\n".encode("cp1252")),
        "error: demand.csv",
        "the file is not in UTF-8: byte 25 is 0xFC; save it as CSV in UTF-8",
    ),
    "a file in UTF-16": (
        text("demand.csv", "product,metric,quantity\n".encode("utf-16")),
        "error: demand.csv",
        "the file is in UTF-16; save it as CSV in UTF-8",
    ),
    "NUL bytes": (
        text("demand.csv", b"product,metric,quantity\nOff\0ice,device,1\n"),
        "error: demand.csv",
        "the file is no text: byte 27 is NUL",
    ),
    "a quotation mark that is never closed": (
        text("demand.csv", 'product,metric,quantity\n"Office,device,1\nOffice,user,2\n'),
        "error: demand.csv, row 2",
        "a quotation mark that opens a cell here is never closed",
    ),
    "a row with a cell too many": (
        text("demand.csv", "product,metric,quantity\nOffice,device,1,2\n"),
        "error: demand.csv, row 2",
        "the row has 4 cells and the header 3",
    ),
    "a crafted workbook": (crafted_workbook, "error: ", "estate.xlsx"),
    "a workbook that unpacks to no end": (bomb, "error: ", "estate.xlsx"),
    "a folder without any table": (
        nothing,
        "error: bad",
        "the folder holds no table of the template, such as products.csv or contracts.csv; it holds: holidays.csv",
    ),
}


@pytest.mark.parametrize(("write", "place", "sentence"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_told_with_its_place_and_changes_nothing(write, place, sentence, stands, tmp_path, elpis):
    out, book, snapshot, rows = stands
    bad = tmp_path / "bad"
    bad.mkdir()
    write(bad)
    source = bad / "estate.xlsx" if (bad / "estate.xlsx").exists() else bad

    said = elpis("review", source, "--as-of", "2026-11-21", "--out", out, "--book", book)

    assert said.status == 1, said
    told = [line for line in said.err.splitlines() if line.startswith("error:")]
    assert any(line.startswith(place) and sentence in line for line in told), said.err
    assert "Traceback" not in said.err
    assert contents(out) == snapshot
    assert dump(book) == rows


@pytest.mark.parametrize("name", [name for name in BAD if "workbook" not in name])
def test_bad_input_is_told_for_a_new_book_too_and_leaves_none_behind(name, tmp_path, elpis):
    write, place, sentence = BAD[name]
    bad = tmp_path / "bad"
    bad.mkdir()
    write(bad)

    said = elpis("import", bad, "--book", tmp_path / "new.elpis")

    assert said.status == 1, said
    assert any(line.startswith(place) and sentence in line for line in said.err.splitlines()), said.err
    assert [path.name for path in tmp_path.iterdir()] == ["bad"]


def test_a_source_that_is_not_there_is_told(tmp_path, elpis):
    said = elpis("review", tmp_path / "nowhere", "--out", tmp_path / "out")

    assert (said.status, said.err) == (1, "error: nowhere: there is no such file or folder\n")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_column_and_an_unknown_file_are_named_and_the_import_goes_on(tmp_path, elpis):
    tables(products=[product("Office", colour="blue")])(tmp_path / "in")
    text("holidays.csv", "day\n")(tmp_path / "in")

    said = elpis("review", tmp_path / "in", "--as-of", "2026-11-21", "--out", tmp_path / "out", "--json")

    assert said.status == 0
    assert "warning: holidays.csv: the file is not named after a table of the template and was ignored" in said.err
    assert "warning: products.csv, column colour: the column colour is not known here and was ignored" in said.err
    assert {f["code"] for f in said.json["findings"]} == {"unknown-file", "unknown-column"}
    assert said.json["entitlements"] == 1


# --------------------------------------------------------------------------------------------------------- the book
def foreign(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    other.close()


def newer(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE settings (key TEXT)")
        other.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        other.execute("PRAGMA user_version = 99")
    other.close()


WRONG_BOOKS = {
    "another database": (foreign, "this file is a database, but not a book of Elpis. Choose another file."),
    "a text": (lambda path: path.write_text("Dear diary, " * 200), "this is not a book of Elpis."),
    "a letter": (lambda path: path.write_text("x"), "this is not a book of Elpis."),
    "a book of a newer Elpis": (
        newer,
        f"this book was written by a newer Elpis (schema 99; this program knows {SCHEMA_VERSION})",
    ),
    "a folder": (lambda path: path.mkdir(), "the file cannot be opened"),
}


@pytest.mark.parametrize(("make", "sentence"), WRONG_BOOKS.values(), ids=WRONG_BOOKS.keys())
@pytest.mark.parametrize("command", ["import", "review"])
def test_a_book_that_is_none_is_refused_and_left_alone(make, sentence, command, tmp_path, elpis):
    book = tmp_path / "other.elpis"
    make(book)
    before = book.read_bytes() if book.is_file() else b""
    tables()(tmp_path / "in")
    out = ["--out", tmp_path / "out"] if command == "review" else []

    said = elpis(command, tmp_path / "in", "--book", book, *out)

    assert said.status == 1
    assert f"error: {book}: {sentence}" in said.err
    assert "Traceback" not in said.err
    assert (book.read_bytes() if book.is_file() else b"") == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [("recalculate",), ("why",), ("books", "open"), ("books", "check")])
def test_a_book_that_is_not_there_is_told(command, tmp_path, elpis):
    said = elpis(*command, tmp_path / "no.elpis", *(["Office"] if command == ("why",) else []))

    assert said.status == 1
    assert said.err.strip().endswith("there is no such book. Check the name, or import a folder to make one.")
    assert list(tmp_path.iterdir()) == []


# --------------------------------------------------------------------------------------------------------- the disk
LIMITED = """
import resource, sys
from gui import commands
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
commands.main()
"""


def many(folder: Path) -> Path:
    tables(contract_items=[item(str(n), "Office", n) for n in range(2_000)])(folder)
    return folder


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """A block in which no file of this process becomes larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 5_000, 100_000, 150_000])
def test_a_full_disk_is_told_and_changes_nothing(room, stands, tmp_path, elpis):
    out, book, snapshot, rows = stands
    more = many(tmp_path / "more")

    with room_for(room):
        said = elpis("review", more, "--out", out, "--book", book)

    assert said.status == 1, said
    assert "disk" in said.err.splitlines()[-1]
    assert "Traceback" not in said.err
    assert contents(out) == snapshot
    assert dump(book) == rows


def test_so_it_is_for_a_process_of_its_own(stands, tmp_path):
    out, book, snapshot, rows = stands
    command = [sys.executable, "-c", LIMITED, 50_000, "review", many(tmp_path / "more"), "--out", out, "--book", book]

    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 1, done.stderr
    assert "disk" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert contents(out) == snapshot
    assert dump(book) == rows


UNPRIVILEGED = """
import ctypes, os, sys
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24
if os.geteuid() == 0:
    assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, "-m", "gui", *sys.argv[1:]])
"""
"""Permissions hold for root, too, once it has given up the right to ignore them."""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--out", "closed/out"), "cannot be written to (Permission denied); nothing was changed."),
        (("--out", "out", "--book", "closed/new.elpis"), "the folder cannot be written (Permission denied)"),
        (("--out", "input/products.csv"), "is a file where a folder is needed"),
    ],
    ids=["the snapshot", "the book", "a file in the way"],
)
def test_a_folder_that_may_not_be_written_is_told(arguments, sentence, tmp_path):
    tables()(tmp_path / "input")
    (tmp_path / "closed").mkdir(mode=0o555)
    command = [sys.executable, "-c", UNPRIVILEGED, "review", "input", *arguments]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path, env=here)

    assert done.returncode == 1, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not any(tmp_path.rglob("snapshot.json"))


def test_files_with_names_that_are_no_text_are_told_with_marks_in_their_place(tmp_path, elpis):
    folder = os.fsencode(estates.write(tmp_path / "in", GOOD))
    with open(os.path.join(folder, b"b\xff\x1b[31mred\n.csv"), "wb"):
        pass
    renamed = os.fsdecode(os.path.join(os.fsencode(tmp_path), b"in\xff"))
    os.rename(folder, renamed)

    said = elpis("review", renamed, "--out", tmp_path / "out", "--book", tmp_path / "b.elpis", "--json")

    assert said.status == 0
    assert [f["place"] for f in said.json["findings"]] == [
        "b\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31mred .csv"
    ]
    assert len(said.err.splitlines()) == 1
    assert "\x1b" not in said.err
