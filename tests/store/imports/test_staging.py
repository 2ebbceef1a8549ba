"""Staged rows are merged by their key: new ones added, changed ones logged, doubles refused."""

import pytest

from store.imports import staging
from store.imports.source import RawTable
from store.imports.staging import Target
from store.imports.template import BY_NAME

CONTRACTS = Target(
    "contracts", ("contract", "name", "invoice_date", "currency"), ("contract",), "contract", keep=frozenset({"name"})
)
TABLE = BY_NAME["contracts"]


def merged(book, *rows, given=CONTRACTS.columns):
    numbers = range(2, 2 + len(rows))
    parts = [RawTable(TABLE, "contracts.csv", TABLE.columns[:4], lambda: iter([(numbers, rows)]))]
    staging.stage(book, CONTRACTS)
    staging.fill(book, CONTRACTS, 0, numbers, rows)
    found = staging.merge(book, CONTRACTS, given, parts)
    staging.drop(book, CONTRACTS)
    return found


def row(number, name="First", day="2026-01-01"):
    return (number, name, day, "EUR")


def contracts(book):
    return book.rows("SELECT contract, name, invoice_date FROM contracts ORDER BY id")


def test_rows_are_added_in_the_order_of_the_file_then_changed_by_their_key(book):
    assert merged(book, row("B"), row("A")) == (2, 0, 0)
    assert merged(book, row("A", "Second"), row("B"), row("C")) == (1, 1, 1)
    assert contracts(book) == [
        ("B", "First", "2026-01-01"),
        ("A", "Second", "2026-01-01"),
        ("C", "First", "2026-01-01"),
    ]
    assert book.rows("SELECT action, subject, key, before, after FROM change_log") == [
        (
            "import",
            "contracts",
            "A",
            '{"name":"First","invoice_date":"2026-01-01","currency":"EUR"}',
            '{"name":"Second","invoice_date":"2026-01-01","currency":"EUR"}',
        )
    ]


def test_a_column_that_was_not_given_is_kept(book):
    merged(book, row("A"))
    assert merged(book, row("A", "", "2026-02-02"), given=("contract", "invoice_date", "currency")) == (0, 1, 0)
    assert contracts(book) == [("A", "First", "2026-02-02")]


def test_doubles_come_back_as_findings_in_a_first_import_and_in_a_later_one(book):
    for _ in range(2):
        found = merged(book, row("A"), row("B"), row("A"), row("A"))
        assert [f.place for f in found] == [
            "contracts.csv, row 4, column contract",
            "contracts.csv, row 5, column contract",
        ]
        assert found[0].message == ('"A" is a duplicate: row 2 of contracts.csv has this key already; keep one of them')
        book.run("DELETE FROM contracts")
        merged(book, row("Z"))


def test_a_row_that_breaks_the_table_otherwise_is_a_fault_of_ours(book):
    with pytest.raises(Exception, match=r"NOT NULL constraint failed: contracts.name"):
        merged(book, row("A", None))


def test_a_target_of_nothing_but_its_key_never_changes(book):
    only = Target("metrics", ("code",), ("code",), "code")
    staging.stage(book, only)
    staging.fill(book, only, 0, [2, 3], [("device",), ("socket",)])
    assert staging.merge(book, only, ("code",), [RawTable(TABLE, "metrics.csv", (), list)]) == (1, 0, 1)
