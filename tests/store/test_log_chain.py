"""One hash stands for the whole change log: whatever is changed in it changes the hash."""

import hashlib
import sqlite3

import pytest
import rfc8785

from store import log_chain
from store.log_chain import COLUMNS, Head
from tests.estates import item, of


@pytest.fixture
def estate(book, fill):
    for quantity in (1, 2, 3, 4):
        fill(book, of(item("1", "Büro „Ω“", quantity)))
    return book


def test_the_chain_is_what_its_description_says(estate):
    link, seq = bytes(32), 0
    for row in estate.rows(f"SELECT {', '.join(COLUMNS)} FROM change_log ORDER BY id"):
        seq, body = row[0], rfc8785.dumps(list(row))
        link = hashlib.sha256(link + seq.to_bytes(8, "big") + len(body).to_bytes(8, "big") + body).digest()
    assert seq >= 4
    assert log_chain.head(estate) == Head(seq, link.hex())


def test_every_column_of_the_log_counts_but_the_link_itself_and_the_mark_that_follows_from_two_moments(estate):
    found = tuple(row[1] for row in estate.rows("PRAGMA table_info(change_log)"))
    assert found == (*COLUMNS, "link", "clock_suspect")


def test_an_empty_log_has_a_head_too(book):
    assert log_chain.head(book) == Head(0, "00" * 32)


def test_an_earlier_head_is_found_again_when_the_log_has_grown(estate, fill):
    before = log_chain.head(estate)
    fill(estate, of(item("1", "Visio", 9)))
    assert log_chain.head(estate) != before
    assert log_chain.head(estate, upto=before.seq) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change_log SET who = 'bob' WHERE id = 2",
        "UPDATE change_log SET after = NULL WHERE id = 2",
        "DELETE FROM change_log WHERE id = 2",
        "DELETE FROM change_log WHERE id = (SELECT max(id) FROM change_log)",
        "UPDATE change_log SET id = -1 WHERE id = 1",
    ],
)
def test_whatever_is_done_to_the_log_changes_its_head(estate, statement):
    before = log_chain.head(estate)
    outside = sqlite3.connect(estate.path, isolation_level=None)
    outside.execute("DROP TRIGGER change_log_keeps_entries")
    outside.execute("DROP TRIGGER change_log_keeps_what_was_written")
    outside.execute("DROP TRIGGER change_log_loses_nothing")
    outside.execute(statement)
    outside.close()
    assert log_chain.head(estate, upto=before.seq) != before
