"""Encrypted books on the command line: there and back, and every command that opens a book."""

import json
import sys
from pathlib import Path

import click
import pytest

from gui import commands
from store import backups, cipher, generations
from store.snapshots import pkcs8
from tests import estates
from tests.conftest import AS_OF, SECRET, opened

OTHER = "another one entirely"


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path, secret):
    monkeypatch.setattr(pkcs8, "ROUNDS", 1_000)
    monkeypatch.setenv("ELPIS_BOOK_PASSPHRASE", SECRET)
    monkeypatch.setenv("ELPIS_PASSPHRASE", "for the signing key")


@pytest.fixture
def tables(tmp_path) -> Path:
    rows = estates.of(estates.item("1", "Office", 100), demand=[estates.demand("Office", 120)])
    return estates.write(tmp_path / "tables", rows)


@pytest.fixture
def plain(book, fill) -> Path:
    """A plain book with a backup beside it, closed."""
    fill(book, estates.of(estates.item("1", "Office", 100), demand=[estates.demand("Office", 120)]))
    backups.back_up(book)
    book.close()
    return book.path


@pytest.fixture
def hidden(plain, elpis) -> Path:
    assert elpis("books", "encrypt", plain).status == 0
    return plain


# ---------------------------------------------------------------------------------------------------- there and back
def test_a_book_is_encrypted_with_its_backups_and_both_become_plain_again(plain, elpis):
    (backup,) = generations.listed(plain)
    said = elpis("books", "encrypt", plain)
    told = f"{plain}: encrypted; it opens with its passphrase only\n1 backup beside it: likewise\n"
    assert (said.status, said.out) == (0, told)
    assert "without it nobody can open this book" in said.err
    assert cipher.is_encrypted(plain)
    assert cipher.is_encrypted(backup.path)
    said = elpis("books", "decrypt", plain)
    told = f"{plain}: plain; anybody who has the file can open it\n1 backup beside it: likewise\n"
    assert (said.status, said.out) == (0, told)
    assert cipher.is_plain(plain)
    assert cipher.is_plain(backup.path)


def test_backups_that_are_left_plain_are_named_one_by_one(plain, elpis):
    (backup,) = generations.listed(plain)
    said = elpis("books", "encrypt", plain, "--backups", "leave")
    assert said.out == f"{plain}: encrypted; it opens with its passphrase only\n"
    assert f"{backup.path}: it is still plain: anybody who has it can read an earlier state of the book" in said.err


def test_backups_are_removed_where_that_is_wanted(plain, elpis):
    said = elpis("books", "encrypt", plain, "--backups", "remove")
    assert said.out.endswith("1 backup beside it: removed\n")
    assert generations.listed(plain) == []


def test_a_passphrase_is_changed_and_only_the_new_one_opens(hidden, elpis, monkeypatch):
    monkeypatch.setenv("ELPIS_BOOK_NEW_PASSPHRASE", OTHER)
    said = elpis("books", "passphrase", hidden, "--backups", "leave")
    assert said.out == f"{hidden}: it opens with the new passphrase only\n"
    assert "it does not open with the new passphrase" in said.err
    said = elpis("books", "open", hidden)
    assert (said.status, said.out) == (1, "")
    assert "the passphrase does not open this book" in said.err
    monkeypatch.setenv("ELPIS_BOOK_PASSPHRASE", OTHER)
    assert elpis("books", "open", hidden).status == 0
    said = elpis("books", "decrypt", hidden, "--backups", "leave")
    assert "it still needs the passphrase" in said.err


@pytest.mark.parametrize("command", ["encrypt", "decrypt", "passphrase"])
def test_what_is_not_there_is_told_before_anything_is_asked(command, elpis, tmp_path):
    said = elpis("books", command, tmp_path / "no.elpis")
    assert (said.status, said.err) == (1, f"error: {tmp_path / 'no.elpis'}: there is no such book. Check the name.\n")


def test_what_is_so_already_is_told(hidden, elpis):
    assert "this book is encrypted. To give it another" in elpis("books", "encrypt", hidden).err
    assert elpis("books", "decrypt", hidden).status == 0
    for command in ("decrypt", "passphrase"):
        assert "this book is not encrypted. To encrypt it" in elpis("books", command, hidden).err


def test_a_short_passphrase_encrypts_nothing(plain, elpis, monkeypatch):
    monkeypatch.setenv("ELPIS_BOOK_PASSPHRASE", "short")
    said = elpis("books", "encrypt", plain)
    assert (said.status, said.out) == (1, "")
    assert "8 characters or more" in said.err
    assert cipher.is_plain(plain)


# ------------------------------------------------------------------------------------------------------------- asking
def test_on_a_terminal_the_passphrase_is_asked_for_a_new_one_twice(plain, elpis, monkeypatch, terminal):
    monkeypatch.delenv("ELPIS_BOOK_PASSPHRASE")
    asked = terminal(SECRET)
    assert elpis("books", "encrypt", plain).status == 0
    assert elpis("books", "open", plain).status == 0
    assert asked == [("New passphrase", True, True), (f"Passphrase of {plain.name}", True, False)]


def test_where_nobody_can_be_asked_the_way_out_is_told(hidden, elpis, monkeypatch):
    monkeypatch.delenv("ELPIS_BOOK_PASSPHRASE")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    said = elpis("check", hidden)
    why = "this book is encrypted, and nobody can be asked for the passphrase here; put it into ELPIS_BOOK_PASSPHRASE."
    assert (said.status, said.out, said.err) == (1, "", f"error: {hidden}: {why}\n")


# ------------------------------------------------------------------------------------------------------ every command
MORE = {"kind": "change-demand", "product": "Office", "metric": "device", "percent": "20"}
COMMANDS = {
    "review": "review {tables} --as-of 2026-11-21 --out {folder}/out --book {book} --formats json",
    "import": "import {tables} --book {book} --as-of 2026-11-21",
    "recalculate": "recalculate {book} --as-of 2026-11-22",
    "why": "why {book} Office",
    "snapshot": "snapshot {book} --as-of 2026-11-22 --out {folder}/q4.licsnap --key-folder {folder}/keys",
    "verify": "verify {folder}/q4.licsnap --book {book} --key {folder}/keys/signing-key.public.pem",
    "forecast": "forecast {book}",
    "what-if": "what-if {book} --scenario {folder}/more.json",
    "diff": "diff {book} --from 2026-11-21 --to 2026-11-22",
    "export": "export {book} --to tables --out {folder}/exported",
    "match": "match {book}",
    "mapping keep": "mapping keep {book} {folder}/liste.json",
    "mapping list": "mapping list {book}",
    "mapping export": "mapping export {book} liste --out {folder}/again.json",
    "mapping remove": "mapping remove {book} liste",
    "invoice": "invoice {folder}/invoice.txt --book {book}",
    "check": "check {book}",
    "books check": "books check {book}",
    "books open": "books open {book}",
    "books settings": "books settings {book} currency CHF",
    "books backup": "books backup {book} {folder}/copy.elpis",
    "books backups": "books backups {book} latest",
    "books restore": "books restore {book} latest",
    "books take-in": "books take-in {folder}/copy.elpis {folder}/mine.elpis",
}
"""The commands that open a book, in an order in which each finds what it needs."""

CHANGING = {"books encrypt", "books decrypt", "books passphrase", "window"}
"""Those that are tried elsewhere."""


def of_books(group: click.Group, before: str = "") -> set[str]:
    """The names of the commands that take a book."""
    found: set[str] = set()
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            found |= of_books(one, f"{before}{name} ")
        elif any(parameter.name == "book" for parameter in one.params):
            found.add(f"{before}{name}")
    return found


def prepare(folder: Path, elpis) -> None:
    """The files that some of the commands need."""
    (folder / "more.json").write_text(json.dumps({"scenario": "More", "changes": [MORE]}))
    (folder / "invoice.txt").write_text("Invoice 7\n")
    (folder / "liste.csv").write_text("Titel;Menge\nOffice;12\n")
    elpis("mapping", "propose", folder / "liste.csv", "--out", folder / "liste.json")
    proposed = json.loads((folder / "liste.json").read_bytes())
    columns = {"Titel": "product", "Menge": "quantity"}
    (folder / "liste.json").write_text(json.dumps(proposed | {"columns": columns}))


def test_every_command_opens_an_encrypted_book_and_leaves_it_encrypted(hidden, tables, elpis, tmp_path):
    assert of_books(commands.elpis) | {"diff"} == COMMANDS.keys() | CHANGING
    prepare(tmp_path, elpis)
    for name, line in COMMANDS.items():
        words = line.format(book=hidden, tables=tables, folder=tmp_path).split()
        said = elpis(*words)
        assert said.status == 0, (name, said.err)
        assert cipher.is_encrypted(hidden), name
    assert cipher.is_encrypted(tmp_path / "copy.elpis")
    assert cipher.is_encrypted(tmp_path / "mine.elpis")
    assert all(cipher.is_encrypted(one.path) for one in generations.listed(hidden))


def test_a_plain_book_is_opened_whatever_the_environment_holds(plain, elpis):
    assert elpis("books", "open", plain).status == 0
    with opened(plain) as book:
        assert book.value("SELECT value FROM settings WHERE key = 'as_of'") == AS_OF.isoformat()
