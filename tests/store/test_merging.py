"""Two products that are the same become one, and one undo makes them two again."""

import pytest

from store import merging, undo
from store.content import content_hash
from store.errors import Unknown
from tests.estates import allocation, demand, groups, item, of, product


@pytest.fixture
def book(book, fill):
    tables = of(
        item("1", "Visio", 10),
        item("2", "MS Visio", 5),
        demand=[demand("Visio", 7), demand("MS Visio", 2), demand("MS Visio", 1, source="other")],
        installations=[
            {"product": "MS Visio", "device": "PC1", "cores": 4},
            {"product": "Visio", "device": "PC2"},
            {"product": "MS Visio", "device": "PC2"},
        ],
    )
    fill(book, tables)
    return book


def positions(book):
    sql = "SELECT p.product, s.active, s.demand FROM positions s JOIN products p ON p.id = s.product_id ORDER BY 1"
    return book.rows(sql)


def test_items_counts_and_installations_go_over_and_the_product_goes(book):
    with undo.step(book, "Merge"):
        merging.merge(book, "MS Visio", "Visio")
    assert positions(book) == [("Visio", 15, 10)]
    assert book.rows("SELECT device, cores FROM installations ORDER BY device") == [("PC1", 4), ("PC2", None)]
    assert book.rows("SELECT source, quantity FROM demand ORDER BY source") == [("count", 9), ("other", 1)]
    assert book.rows("SELECT product FROM products") == [("Visio",)]


def test_it_is_undone_as_one_step(book):
    before = content_hash(book), positions(book)
    with undo.step(book, "Merge"):
        merging.merge(book, "MS Visio", "Visio")
    undo.back(book)
    assert (content_hash(book), positions(book)) == before
    undo.forward(book)
    assert positions(book) == [("Visio", 15, 10)]


def test_allocations_go_along(book, fill):
    group = {"resource_groups": groups("Plant"), "user_groups": groups("IT")}
    fill(book, {**group, "allocations": [allocation("MS Visio", "Plant", "IT", 3)]})
    merging.merge(book, "MS Visio", "Visio")
    sql = "SELECT p.product, a.quantity FROM allocations a JOIN entitlements e ON e.id = a.entitlement_id JOIN products p ON p.id = e.product_id"
    assert book.rows(sql) == [("Visio", 3)]


def test_a_product_that_something_else_uses_stays_without_them(book, fill):
    fill(book, {"products": [product("Visio")], "titles": [{"title": "Drawing", "product": "MS Visio"}]})
    merging.merge(book, "MS Visio", "Visio")
    assert ("MS Visio",) in book.rows("SELECT product FROM products")
    assert [row for row in positions(book) if row[0] == "Visio"] == [("Visio", 15, 10)]


def test_a_product_is_not_merged_with_itself_or_with_none(book):
    before = content_hash(book)
    merging.merge(book, "Visio", "Visio")
    with pytest.raises(Unknown):
        merging.merge(book, "Visio", "Nothing")
    assert content_hash(book) == before
