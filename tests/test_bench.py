"""The bench compares with what it should: its estates repeat, its loops conclude what the rules do, its measures run."""

import csv
from datetime import timedelta
from math import isfinite

import pysqlite3
import pytest

from store import contracts, derivation
from store.book import Book
from tests.bench import bars, estate, loops, measures, prepared, stalls, varied
from tests.bench.__main__ import MEASURES
from tests.bench.estate import AS_OF
from tests.bench.measures import WRITTEN, Scale
from tests.bench.timing import Time, compared

DAYS = (varied.DAY, varied.DAY - timedelta(200), varied.DAY + timedelta(60))


def written(connection, table: str) -> list[str]:
    names = ", ".join(WRITTEN[table].split())
    return sorted(map(repr, connection.execute(f"SELECT {names} FROM {table}")))


def by_hand(book: Book, as_of, tmp_path) -> dict[str, list[str]]:
    """What the loops make of a book."""
    target = tmp_path / f"{as_of}-{len(list(tmp_path.glob('*.db')))}.db"
    loops.derive(book.path, target, as_of.isoformat(), everything=True)
    connection = pysqlite3.connect(str(target))
    found = {table: written(connection, table) for table in WRITTEN}
    connection.close()
    return found


def by_rules(book: Book) -> dict[str, list[str]]:
    return {table: written(book.database.connection(), table) for table in WRITTEN}


@pytest.mark.parametrize("seed", [11, 46])
def test_rules_and_hand_written_loops_conclude_the_same_on_any_day(seed, book, fill, tmp_path):
    fill(book, varied.estate(seed))

    for as_of in DAYS:
        derivation.recalculate(book, as_of=as_of)
        assert by_rules(book) == by_hand(book, as_of, tmp_path)


def test_they_still_agree_after_single_edits(book, fill, tmp_path):
    fill(book, varied.estate(21))

    for item in measures.some_items(book, 12):
        contracts.save_item(book, item)
    free = "SELECT c.contract, i.item FROM contract_items i JOIN contracts c ON c.id = i.contract_id WHERE i.id % 9 = 0"
    allocated = "SELECT entitlement_id FROM allocations"
    for contract, item in book.rows(f"{free} AND i.entitlement_id NOT IN ({allocated})"):
        contracts.remove_item(book, contract, item)

    assert book.value("SELECT count(*) FROM entitlements WHERE archived = 1") > 0
    assert by_rules(book) == by_hand(book, AS_OF, tmp_path)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(300))
def test_they_agree_on_hundreds_of_estates(seed, book, fill, tmp_path):
    fill(book, varied.estate(seed))

    for as_of in (*DAYS, varied.DAY + timedelta(seed), varied.DAY - timedelta(3 * seed)):
        derivation.recalculate(book, as_of=as_of)
        assert by_rules(book) == by_hand(book, as_of, tmp_path)


def test_the_varied_estates_have_something_of_everything(book, fill):
    fill(book, varied.estate(46))

    def some(sql: str) -> bool:
        return book.one(sql) is not None

    assert {rule for (rule,) in book.rows("SELECT DISTINCT rule FROM events")} == {
        "lifecycle.contract-invoiced",
        "lifecycle.purchased",
        "lifecycle.purchased-renewal",
        "lifecycle.license-end",
        "lifecycle.final-day-warning",
        "lifecycle.early-warning",
    }
    assert {status for (status,) in book.rows("SELECT DISTINCT rule FROM positions")} == {
        "compliance.unlimited",
        "compliance.over-licensed",
        "compliance.exact",
        "compliance.under-licensed",
    }
    assert {rule for (rule,) in book.rows("SELECT DISTINCT rule FROM transfers")} >= {
        "transfers.downgrade",
        "transfers.downgrade-pair",
        "transfers.upgrade",
    }
    assert some("SELECT 1 FROM positions WHERE crossings > 0")
    assert some("SELECT 1 FROM positions WHERE model IS NULL AND downgrade > 0")
    assert some(
        "SELECT 1 FROM positions s JOIN overrides o USING (entitlement_id) WHERE s.balance <> calculated_balance"
    )
    assert some("SELECT 1 FROM entitlements WHERE active < allocated")
    assert some("SELECT 1 FROM entitlements WHERE maintained > active AND model = 'perpetual'")
    assert some("SELECT 1 FROM contract_items WHERE formed_by = 'formation.orphan-maintenance'")
    assert some("SELECT 1 FROM contract_items WHERE formed_by = 'formation.dedicated-maintenance'")


def test_a_seed_gives_the_same_estate_every_time(tmp_path):
    for name in ("one", "other"):
        estate.write(tmp_path / name, 7)

    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert [(tmp_path / "one" / f).read_bytes() for f in files] == [
        (tmp_path / "other" / f).read_bytes() for f in files
    ]
    assert varied.estate(3) == varied.estate(3)
    with (tmp_path / "one" / "contract_items.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 1 + 7 * estate.ITEMS


SLOW = ("opening", "stalls", "window")
"""Measures that start the program again and again, or wait for it, also at the smallest size."""


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.deep] * (one in SLOW)) for one in MEASURES])
def test_every_measure_runs_at_a_tiny_size(name, tmp_path, monkeypatch):
    monkeypatch.setattr(prepared, "HOME", tmp_path)
    monkeypatch.setattr(bars, "EACH", 2)
    monkeypatch.setattr(measures, "EDITS", 5)
    monkeypatch.setattr(stalls, "_REST", 0.1)

    figures = list(MEASURES[name](Scale(10, 1, (10, 20))))

    assert figures
    assert all(isfinite(figure.ratio) for figure in figures)


def test_a_ratio_is_the_median_of_the_rounds_not_the_ratio_of_medians():
    ones, others = ([Time(wall, wall) for wall in walls] for walls in ((1, 4, 9), (1, 2, 9)))

    figure = compared("a / b", ones, others, must=1.5)

    assert (figure.ratio, figure.holds, figure.numerator) == (1.0, True, "4.00 s")
