"""A record is found again under the name that its product bears now."""

import pytest

from store import products, renames, undo
from store.records import Product
from tests.estates import item, of


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 5)))
    return book


def rename(book, old, new):
    with undo.step(book, f"Rename {old}"):
        products.rename(book, old, new)


def test_a_renamed_product_is_followed_over_several_names(estate):
    rename(estate, "Office", "Suite")
    rename(estate, "Suite", "Bundle|2026")
    assert renames.product(estate, "Office") == "Bundle|2026"
    assert renames.key(estate, "product", "Suite") == "Bundle|2026"
    assert renames.key(estate, "entitlement", "Office|perpetual|device") == "Bundle|2026|perpetual|device"
    assert renames.key(estate, "position", "Office||device") == "Bundle|2026||device"


def test_undo_leads_back_to_the_old_name(estate):
    rename(estate, "Office", "Suite")
    undo.back(estate)
    assert renames.product(estate, "Suite") == "Office"


def test_a_name_that_another_product_took_over_is_that_product(estate):
    rename(estate, "Office", "Suite")
    products.save(estate, Product("Office"))
    assert renames.product(estate, "Office") == "Office"
    assert renames.key(estate, "product", "Office") is None
    products.remove(estate, "Office")
    assert renames.product(estate, "Office") is None


def test_what_was_never_there_or_has_no_product_in_its_key_leads_nowhere(estate):
    assert renames.product(estate, "Visio") is None
    assert renames.key(estate, "contract", "C-9") is None
    products.save(estate, Product("Visio"))
    products.remove(estate, "Visio")
    assert renames.key(estate, "product", "Visio") is None
