"""The content hash tells whether two books hold the same: what people entered, by its names, and nothing else."""

import shutil
from datetime import date

import pytest

from store import calendar, content, contracts, demand, derivation, entitlements, preferences
from store.records import Contract, Count, EntitlementKey, ManualEvent
from tests.conftest import opened
from tests.estates import demand as count
from tests.estates import groups, item, of, product

OFFICE = EntitlementKey("Office", "perpetual", "device")
TABLES = of(
    item("1", "Office", 100),
    item("2", "Visio", 5),
    demand=[count("Office", 50), count("Visio", 3)],
    resource_groups=groups("Europe", Berlin="Europe"),
    user_groups=groups("Desk"),
)


@pytest.fixture
def estate(book, fill):
    fill(book, TABLES)
    return book


def test_the_same_content_has_the_same_hash_whatever_its_order_and_numbers(estate, fill, tmp_path):
    with opened(tmp_path / "other.elpis", create=True) as other:
        fill(other, {"products": [product("Gone")]})
        other.run("DELETE FROM products")
        fill(other, {name: list(reversed(rows)) for name, rows in TABLES.items()}, date(2027, 5, 1))
        assert other.rows("SELECT min(id) FROM contract_items") == estate.rows("SELECT min(id) FROM contract_items")
        assert other.rows("SELECT item FROM contract_items ORDER BY id") != estate.rows(
            "SELECT item FROM contract_items ORDER BY id"
        )
        assert content.content_hash(other) == content.content_hash(estate)


def test_the_day_the_log_and_what_rules_derive_do_not_count(estate):
    before = content.content_hash(estate)
    assert len(before) == 64
    derivation.recalculate(estate, as_of=date(2030, 1, 1))
    demand.save(estate, Count("Office", "device", 51, source="count"))
    demand.save(estate, Count("Office", "device", 50, source="count", counted_on="2026-11-01"))
    assert content.content_hash(estate) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda book: demand.save(book, Count("Office", "device", 51, source="count")),
        lambda book: demand.save(book, Count("Office", "device", 50, "Berlin", "count", "2026-11-01")),
        lambda book: contracts.save(book, Contract("C1", "Other", date(2024, 1, 15), "EUR")),
        lambda book: contracts.remove_item(book, "C1", "2"),
        lambda book: entitlements.rename(book, OFFICE, "Ours"),
        lambda book: entitlements.set_responsible(book, OFFICE, "Desk"),
        lambda book: preferences.change(book, "currency", "USD"),
        lambda book: calendar.save(book, ManualEvent("C1", "custom", date(2027, 1, 1), "Talk")),
        lambda book: calendar.acknowledge(book, book.value("SELECT min(id) FROM events")),
    ],
)
def test_whatever_a_person_enters_counts(change, estate):
    before = content.content_hash(estate)
    change(estate)
    assert content.content_hash(estate) != before


def test_a_copy_of_the_book_has_its_hash(estate, tmp_path):
    estate.run("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(estate.path, tmp_path / "copy.elpis")
    with opened(tmp_path / "copy.elpis", read_only=True) as copy:
        assert content.content_hash(copy) == content.content_hash(estate)


def test_a_row_that_is_gone_has_no_name(estate):
    assert content.name_of(estate, "products", 1) == "Office"
    assert content.name_of(estate, "products", 99) == content.name_of(estate, "products", None) == ""
