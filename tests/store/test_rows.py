"""Single rows are written with a log entry each: who, when, what, before and after."""

import json

import pytest

from store import rows
from store.tables import Demand, Product


def log(book):
    sql = "SELECT at, who, action, subject, key, before, after FROM change_log ORDER BY id"
    return [(*row[:5], *(None if image is None else json.loads(image) for image in row[5:])) for row in book.rows(sql)]


def test_adding_changing_and_removing_a_row_is_logged_with_before_and_after(book):
    moment = ("2026-11-21T08:30:00Z", "ann")
    assert rows.save(book, Product, {"product": "Office"}, {"vendor": "Contoso"}, named="Office")
    assert rows.save(book, Product, {"product": "Office"}, {"vendor": "Fabrikam", "edition": ""}, named="Office")
    held = rows.remove(book, Product, {"product": "Office"}, named="Office")

    assert held is not None
    assert log(book) == [
        (*moment, "add", "products", "Office", None, {"vendor": "Contoso"}),
        (*moment, "change", "products", "Office", {"vendor": "Contoso"}, {"vendor": "Fabrikam"}),
        (*moment, "remove", "products", "Office", held, None),
    ]


def test_saving_the_same_again_changes_and_logs_nothing(book):
    rows.save(book, Product, {"product": "Office"}, {"vendor": "Contoso"}, named="Office")
    assert not rows.save(book, Product, {"product": "Office"}, {"vendor": "Contoso"}, named="Office")
    assert len(log(book)) == 1


def test_a_row_that_is_not_there_is_neither_found_nor_removed(book):
    assert rows.find(book, Product, {"product": "Office"}) is None
    assert rows.remove(book, Product, {"product": "Office"}, named="Office") is None
    assert log(book) == []


def test_a_row_is_found_by_a_key_of_several_columns(book):
    book.run("INSERT INTO products (product) VALUES ('Office')")
    key = {"product_id": 1, "metric_id": 1, "resource_group_id": 0, "source": "count"}
    rows.save(book, Demand, key, {"quantity": 5, "counted_on": None}, named="Office|device||count")
    assert rows.find(book, Demand, key) == {**key, "quantity": 5, "counted_on": None}
    assert rows.find(book, Demand, {**key, "source": "other"}) is None


def test_a_column_that_a_table_lacks_is_a_mistake(book):
    with pytest.raises(KeyError, match="products has no column color"):
        rows.save(book, Product, {"product": "Office"}, {"color": "red"}, named="Office")
