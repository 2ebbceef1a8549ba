"""Every table of the template has its place in the book."""

import pytest

from store.imports import tables
from store.imports.template import TABLES
from store.tables import TABLES as MODELS

COLUMNS = {model._meta.table_name: set(model._meta.columns) for model in MODELS}


def test_each_table_of_the_template_is_loaded():
    assert set(tables.STORED) == {table.name for table in TABLES}
    assert set(tables.LOADINGS) == {*tables.STORED} - {"resource_groups", "user_groups", "decisions"}


@pytest.mark.parametrize("name", tables.LOADINGS)
def test_what_is_loaded_goes_into_columns_that_the_book_has(name):
    target = tables.LOADINGS[name].target
    assert set(target.columns) <= COLUMNS[target.table]
    assert set(target.key) <= set(target.columns)
    assert target.keep <= set(target.values)


@pytest.mark.parametrize("name", tables.LOADINGS)
def test_every_column_of_the_template_goes_somewhere(name):
    table = next(table for table in TABLES if table.name == name)
    loading = tables.LOADINGS[name]
    key_of_the_entitlement = {"model", "metric"} if loading.target.aside == ("model",) else set()
    part_of_the_name = {"publisher", "version"} if "name_id" in loading.target.columns else set()
    assert {column.name for column in table.columns} == set(loading.names) | key_of_the_entitlement | part_of_the_name
    assert table.column(loading.target.key_column).key
