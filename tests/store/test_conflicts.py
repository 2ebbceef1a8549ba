"""A record that was changed while somebody edited it: told with what it was, what it is, and what was typed."""

from dataclasses import replace
from functools import partial

import pytest

from store import conflicts, contracts, drafts, products
from store.conflicts import Conflict, Difference
from store.errors import Unfit
from store.records import Product
from tests.estates import item, of


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 100)))
    return book


@pytest.fixture
def seen(estate):
    return conflicts.see(estate, "Contract C1", conflicts.contract("C1"))


def typed(book, **changes):
    held, items = contracts.read(book, "C1")
    return conflicts.contract_texts({**drafts.of_contract(held), **changes}, [drafts.of_item(one) for one in items])


def edit(book, **changes):
    contracts.save(book, replace(contracts.read(book, "C1")[0], **changes))


def test_a_record_that_is_as_it_was_may_be_stored(estate, seen):
    conflicts.require_unchanged(estate, seen, typed(estate, supplier="mine"))
    conflicts.require_unchanged(estate, None, {})


def test_a_field_that_was_changed_meanwhile_is_told_in_three_columns(estate, seen):
    mine = typed(estate, supplier="mine")
    edit(estate, supplier="theirs")
    with pytest.raises(
        Conflict, match=r"Contract C1 was changed \(supplier\) since you opened it. Nothing was stored"
    ) as told:
        conflicts.require_unchanged(estate, seen, mine)
    assert told.value.differences == (Difference("supplier", "", "theirs", "mine"),)
    assert isinstance(told.value, Unfit)


def test_a_change_that_was_not_typed_over_is_told_as_well_for_storing_would_take_it_back(estate, seen):
    mine = typed(estate, customer="mine")
    edit(estate, supplier="theirs")
    with pytest.raises(Conflict) as told:
        conflicts.require_unchanged(estate, seen, mine)
    assert told.value.differences == (Difference("supplier", "", "theirs", ""),)


def test_who_typed_the_same_as_the_other_has_no_conflict(estate, seen):
    edit(estate, supplier="both")
    conflicts.require_unchanged(estate, seen, typed(estate, supplier="both"))


def test_items_are_compared_each_by_its_number(estate, seen):
    mine = typed(estate)
    contracts.save_item(estate, replace(contracts.read(estate, "C1")[1][0], quantity=120))
    with pytest.raises(Conflict) as told:
        conflicts.require_unchanged(estate, seen, mine)
    assert told.value.differences == (Difference("item 1: quantity", "100", "120", "100"),)


def test_once_it_is_known_it_may_be_stored_over_until_it_is_changed_again(estate, seen):
    mine = typed(estate, supplier="mine")
    edit(estate, supplier="theirs")
    with pytest.raises(Conflict) as told:
        conflicts.require_unchanged(estate, seen, mine)
    told.value.accept()
    conflicts.require_unchanged(estate, seen, mine)
    edit(estate, supplier="once more")
    with pytest.raises(Conflict):
        conflicts.require_unchanged(estate, seen, mine)


def test_a_record_that_was_removed_meanwhile_is_told(book):
    products.add(book, Product("Visio"))
    seen = conflicts.see(book, "Product Visio", partial(_product, "Visio"))
    products.remove(book, "Visio")
    with pytest.raises(Conflict, match=r"Product Visio was removed since you opened it") as told:
        conflicts.require_unchanged(book, seen, {"product": "Visio", "vendor": "Contoso"})
    assert told.value.removed


def test_many_fields_are_not_all_named_in_the_sentence(estate, seen):
    mine = typed(estate)
    edit(estate, supplier="a", customer="b", quote_number="c", name="d")
    with pytest.raises(Conflict, match="and more"):
        conflicts.require_unchanged(estate, seen, mine)


def _product(name, book):
    return conflicts.texts(products.read(book, name))
