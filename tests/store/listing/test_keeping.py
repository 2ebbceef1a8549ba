"""The sums that a large book sorts by are those of the rows, after any change, by whatever hand."""

from datetime import timedelta
from random import Random

import pytest

from store import contracts, demand, derivation, overviews, undo
from store.bulk import insert
from store.listing import keeping, preparing
from store.listing.keeping import KEPT
from store.overviews import Ask
from store.records import ContractItem, Count
from tests.conftest import AS_OF
from tests.estates import demand as count
from tests.estates import item, of, product

SORTS = {"contracts": ("total_costs", "items"), "products": ("active", "demand"), "demand": ("quantity", "counted_on")}


@pytest.fixture
def estate(book, fill):
    """A book that is kept as a large one."""
    names = ["Office", "Visio", "Reader", "Studio"]
    items = [item(str(n), name, 5 * n, unit_price=f"{n}.50") for n, name in enumerate(names, start=1)]
    fill(book, {**of(*items, products=[product(name) for name in names]), "demand": [count("Visio", 30)]})
    preparing.prepare(book, large=1)
    return book


def held(book):
    """What the tables of sums hold."""
    return {name: book.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in KEPT}


def counted(book):
    """What they hold when all of it is counted now."""
    keeping.make(book)
    return held(book)


def item_of(number, quantity):
    return ContractItem("C1", number, "Office", "perpetual", "device", quantity, AS_OF)


def marked(book):
    return {noun: book.value(f"SELECT count(*) FROM {keeping.marks(noun)}") for noun in ("contracts", "products")}


def test_sums_follow_every_change_of_what_they_are_made_of(estate):
    changes = {
        "a new item": lambda: contracts.save_item(estate, item_of("9", 70)),
        "a changed item": lambda: contracts.save_item(estate, item_of("9", 71)),
        "a removed item": lambda: contracts.remove_item(estate, "C1", "9"),
        "a new count": lambda: demand.save(estate, Count("Office", "user", 8, "", "recount")),
        "a changed count": lambda: demand.save(estate, Count("Office", "user", 9, "", "recount")),
        "another currency": lambda: estate.run("UPDATE contracts SET currency = 'USD'"),
        "an installation": lambda: estate.run("INSERT INTO installations (product_id, device) VALUES (3, 'pc')"),
        "no count at all": lambda: estate.run("DELETE FROM demand"),
        "another day": lambda: derivation.recalculate(estate, as_of=AS_OF + timedelta(40)),
        "another metric": lambda: estate.run("UPDATE products SET metric_id = 2 WHERE id = 3"),
    }
    before = held(estate)
    for what, change in changes.items():
        change()
        overviews.keep_up(estate)
        now = held(estate)
        assert now == counted(estate), what
        assert now != before or what in {"a removed item", "another day"}, what
        before = now


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_rows_is_the_same_with_and_without_sums(seed, estate):
    random = Random(seed)
    for _ in range(12):
        contracts.save_item(estate, item_of(str(random.randrange(1, 9)), random.randrange(1, 200)))
        demand.save(estate, Count(random.choice(["Office", "Visio"]), "device", random.randrange(50), "", "recount"))
    keys = [(name, sort, down) for name, sorts in SORTS.items() for sort in sorts for down in (False, True)]
    asked = {key: overviews.first(estate, key[0], Ask(sort=key[1], descending=key[2])) for key in keys}
    overviews.keep_up(estate)
    for key in keys:
        assert overviews.first(estate, key[0], Ask(sort=key[1], descending=key[2])) == asked[key], key


def test_while_rows_are_marked_their_sums_are_not_read(estate):
    contracts.save_item(estate, item_of("9", 100_000))
    assert marked(estate) == {"contracts": 1, "products": 1}
    assert keeping.is_behind(estate)
    estate.run("UPDATE overview_product_sums SET active = -1")
    ids = overviews.first(estate, "products", Ask(sort="active", descending=True))
    assert overviews.key(estate, "products", ids[0]) == "Office"


def test_a_change_has_only_its_own_rows_counted_anew(estate):
    estate.run("UPDATE overview_product_sums SET active = -1")
    contracts.save_item(estate, item_of("9", 70))
    overviews.keep_up(estate)
    assert marked(estate) == {"contracts": 0, "products": 0}
    assert estate.value("SELECT count(*) FROM overview_product_sums WHERE active = -1") == 3


def test_judging_again_marks_nothing_where_nothing_changed(estate):
    derivation.recalculate(estate, as_of=AS_OF)
    assert marked(estate) == {"contracts": 0, "products": 0}


def test_undo_takes_the_sums_back_too(estate):
    before = held(estate)
    with undo.step(estate, "Add item"):
        contracts.save_item(estate, item_of("9", 70))
    overviews.keep_up(estate)
    assert held(estate) != before
    undo.back(estate)
    overviews.keep_up(estate)
    assert held(estate) == before


def test_rows_that_come_many_a_statement_are_marked_once_each(estate):
    """What an import inserts fails on double keys of its own; a mark that is there already is none of them."""
    rows = [(1, 1, 0, f"source {n}", 2, "2026-11-01") for n in range(60)]
    names = ("product_id", "metric_id", "resource_group_id", "source", "quantity", "counted_on")
    with estate.transaction():
        insert(estate, "demand", names, rows)
    assert marked(estate)["products"] == 1
    overviews.keep_up(estate)
    assert estate.value("SELECT quantity FROM overview_demand_sums WHERE product_id = 1") == 120


def test_a_book_that_is_judged_elsewhere_is_behind_until_a_window_opens_it(estate):
    contracts.save_item(estate, item_of("9", 70))
    assert not preparing.is_prepared(estate, large=1)
    steps = []
    preparing.prepare(estate, lambda *step: steps.append(step), large=1)
    assert steps == [(0, 1)]
    assert preparing.is_prepared(estate, large=1)


def test_sums_of_an_earlier_version_are_made_anew(estate):
    estate.run("DROP TRIGGER overview_marks_products_of_demand_UPDATE")
    assert not preparing.is_prepared(estate, large=1)
    preparing.prepare(estate, large=1)
    assert preparing.is_prepared(estate, large=1)


def test_a_small_book_keeps_no_sums_and_has_nothing_to_keep_up(book):
    overviews.keep_up(book)
    assert not keeping.is_kept(book)
    assert not keeping.is_behind(book)
