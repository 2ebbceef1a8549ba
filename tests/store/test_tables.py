"""The schema that migrations make is the one that the models describe, and it protects what nobody may change."""

import sqlite3

import pytest

from store.tables import TABLES
from tests.estates import item, of

DERIVED = {"events", "positions", "transfers"}
OF_THE_BOOK = {
    *("imports", "import_findings", "change_log", "derivation_gate", "schema_history", "entitlement_search"),
    *("steps", "import_ranges", "kept_rows", "snapshots", "seals", "charges"),
    *("row_hashes", "hashed"),
}


def test_each_model_has_the_columns_of_its_table_and_allows_empty_ones_where_the_table_does(book):
    for model in TABLES:
        fields = model._meta.sorted_fields
        described = {field.column_name: field.null for field in fields}
        found = {
            name: not required and not key
            for _, name, _, required, _, key in book.rows(f"PRAGMA table_info({model._meta.table_name})")
        }
        assert described == found, model


def test_each_table_has_a_model_or_is_written_by_rules_or_the_book_itself(book):
    sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
    tables = {row[0] for row in book.rows(sql)} - {"sqlite_schema", "sqlite_sequence"}
    assert tables == {model._meta.table_name for model in TABLES} | DERIVED | OF_THE_BOOK


def test_the_key_by_which_people_know_a_row_is_unique(book):
    for model in TABLES:
        columns = [model._meta.fields[name].column_name for name in model.key]
        indexes = book.rows(f"SELECT name FROM pragma_index_list('{model._meta.table_name}') WHERE \"unique\"")
        unique = [[row[0] for row in book.rows(f"SELECT name FROM pragma_index_info('{n}')")] for (n,) in indexes]
        primary = [
            row[1]
            for row in sorted(book.rows(f"PRAGMA table_info({model._meta.table_name})"), key=lambda r: r[5])
            if row[5]
        ]
        assert columns in [*unique, primary], model


# ------------------------------------------------------------------------------------------------------- protections
@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 100, end="2027-01-31")))
    fill(book, of(item("1", "Office", 120, end="2027-01-31")))
    return book


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET on_day = '2030-01-01'",
        "UPDATE OR REPLACE events SET id = id + 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE kind = 'license-end'",
        "INSERT INTO events (kind, on_day, contract_id, rule) SELECT 'purchased', '2026-01-01', id, 'mine' FROM contracts",
        "REPLACE INTO events SELECT id, kind, '2030-01-01', contract_id, item_id, lead, rule FROM events",
    ],
)
def test_automatic_events_cannot_be_changed_removed_or_made_by_hand_even_in_sql(statement, estate):
    before = estate.rows("SELECT * FROM events")
    assert len(before) > 4

    with pytest.raises(Exception, match=r"automatic events cannot be (edited|deleted|added by hand)"):
        estate.run(statement)
    outside = sqlite3.connect(estate.path, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match=r"they follow their contract"):
        outside.execute(statement)
    outside.close()

    assert estate.rows("SELECT * FROM events") == before


def test_a_contract_with_events_cannot_be_torn_away_from_under_them(estate):
    with pytest.raises(Exception, match=r"FOREIGN KEY"):
        estate.run("DELETE FROM contracts")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change_log SET who = 'bob'",
        "DELETE FROM change_log",
        "REPLACE INTO change_log SELECT id, at, 'bob', action, subject, key, before, after, row_key, step_id, link, 0 FROM change_log",
        "INSERT OR REPLACE INTO change_log (id, at, who, action, subject, key) VALUES (1, '', 'bob', '', '', '')",
    ],
)
def test_what_the_change_log_says_stays_said(statement, estate):
    before = estate.rows("SELECT * FROM change_log")
    assert len(before) == 3

    with pytest.raises(Exception, match=r"the change log is append-only"):
        estate.run(statement)

    assert estate.rows("SELECT * FROM change_log") == before
