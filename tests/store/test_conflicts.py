"""A record that was changed while somebody edited it: told with what it was, what it is, and what was typed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from store import (
    allocations,
    calendar,
    conflicts,
    contracts,
    demand,
    drafts,
    overrides,
    prices,
    products,
    rates,
    readers,
    rights,
)
from store.conflicts import Conflict, Difference
from store.errors import Unfit
from store.records import Count, EntitlementKey, ExchangeRate, ListedPrice, ManualEvent, Override, Product, Right
from tests.estates import groups, item, of


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


# ---------------------------------------------------------------------------------------------------- other kinds of it
OFFICE = EntitlementKey("Office", "perpetual", "device")
COUNT = Count("Office", "device", 80, source="survey")
PRICE = ListedPrice(OFFICE, Decimal("12.50"), "EUR", date(2026, 1, 1))
RATE = ExchangeRate("USD", "EUR", Decimal("0.9"), date(2026, 1, 1))
RIGHT = Right("R1", "downgrade", from_product="Office", to_product="Mail", depth=1)
TALK = ManualEvent("C1", "custom", date(2027, 1, 1), "Talk")

KINDS = [
    ("quantity", demand.save, demand.read, (COUNT,), COUNT, replace(COUNT, quantity=90)),
    (
        "active",
        overrides.save,
        readers.override,
        (OFFICE,),
        Override(OFFICE, "mine", 5),
        Override(OFFICE, "mine", 6),
    ),
    ("depth", rights.save, readers.right, ("R1",), RIGHT, replace(RIGHT, depth=2)),
    ("name", calendar.save, readers.event, (1,), TALK, replace(TALK, name="Call", id=1)),
    ("unit price", prices.save, prices.read, (OFFICE, PRICE.valid_from), PRICE, replace(PRICE, unit_price=Decimal(13))),
    ("rate", rates.save, rates.read, (RATE,), RATE, replace(RATE, rate=Decimal("0.8"))),
]


@pytest.mark.parametrize(("field", "save", "read", "key", "mine", "theirs"), KINDS, ids=[kind[0] for kind in KINDS])
def test_figures_rights_events_and_prices_are_asked_about_as_contracts_are(
    book, fill, field, save, read, key, mine, theirs
):
    fill(book, of(item("1", "Office", 100), item("2", "Mail", 5)))
    save(book, mine)
    seen = conflicts.see(book, "It", conflicts.record(read, *key))
    save(book, theirs)
    with pytest.raises(Conflict) as told:
        conflicts.require_unchanged(book, seen, conflicts.texts(mine))
    [one] = told.value.differences
    assert (one.field, one.base, one.yours) == (field, one.yours, one.base)
    assert one.theirs != one.base


def test_what_was_added_by_somebody_else_first_is_told(book, fill):
    fill(book, of(item("1", "Office", 100)))
    seen = conflicts.see(book, "The override", conflicts.record(readers.override, OFFICE))
    assert not seen.is_there
    overrides.save(book, Override(OFFICE, "theirs", 5))
    with pytest.raises(Conflict, match="The override was changed") as told:
        conflicts.require_unchanged(book, seen, conflicts.texts(Override(OFFICE, "mine", 5)))
    assert told.value.differences == (Difference("reason", "", "theirs", "mine"),)


def test_an_entitlement_is_compared_with_all_that_is_allocated_of_it(book, fill):
    fill(book, of(item("1", "Office", 100), resource_groups=groups("Berlin"), user_groups=groups("Desk")))
    seen = conflicts.see(book, "Office", conflicts.entitlement(OFFICE))
    mine = conflicts.entitlement_texts(seen.base["name"], "Desk", [])
    allocations.allocate(book, OFFICE, "Berlin", "Desk", 7)
    with pytest.raises(Conflict) as told:
        conflicts.require_unchanged(book, seen, mine)
    assert told.value.differences == (Difference("allocated to Berlin / Desk", "", "7", ""),)


def test_a_number_that_is_spelled_another_way_is_the_same():
    assert conflicts.texts(PRICE) == conflicts.texts(replace(PRICE, unit_price=Decimal("12.5")))
