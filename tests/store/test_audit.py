"""Who changed what, field by field; and each change can be taken back by itself, if it still can."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from store import (
    allocations,
    audit,
    calendar,
    contracts,
    demand,
    entitlements,
    groups,
    overrides,
    preferences,
    products,
    readers,
    rights,
    undo,
)
from store.errors import Unfit
from store.records import Contract, ContractItem, Count, EntitlementKey, ManualEvent, Override, Product, Right
from tests.conftest import snapshot_of
from tests.estates import demand as count
from tests.estates import groups as named_groups
from tests.estates import item, of, product

OFFICE = EntitlementKey("Office", "perpetual", "device")
FIRST = Contract("C1", "Contract C1", date(2024, 1, 15), "EUR")
LOT = ContractItem("C1", "1", "Office", "perpetual", "device", 100, date(2024, 2, 1))
EVENT = ManualEvent("C1", "custom", date(2027, 1, 1), "Talk", remind_at=time(10), remind_days=3)
RIGHT = Right("R1", "downgrade", family="Suite")


@pytest.fixture
def estate(book, fill):
    tables = of(
        item("1", "Office", 100),
        products=[product("Office", family="Suite"), product("Visio")],
        resource_groups=named_groups("Europe", "Berlin"),
        user_groups=named_groups("Desk", "Build"),
        demand=[count("Office", 50)],
    )
    fill(book, tables)
    return book


def told(book, subject, key):
    """The changes of a row as (action, field, old, new), oldest first."""
    changes = sorted(audit.history(book, subject, key), key=lambda change: change.entry)
    return [(change.action, change.field, change.old, change.new) for change in changes]


def last(book, field):
    """The newest entry, which must be about that field."""
    number = book.value("SELECT max(id) FROM change_log")
    audit.restore(book, number, field)


# ------------------------------------------------------------------------------------------------------------ history
def test_each_change_of_a_contract_is_told_with_who_when_and_in_which_step(estate):
    with undo.step(estate, "Rename C1"):
        contracts.save(estate, replace(FIRST, name="Ours"))
    contracts.save(replace(estate, who="bob"), replace(FIRST, name="Ours", supplier="Contoso"))
    newest, oldest = audit.history(estate, "contracts", "C1")
    assert (oldest.at, oldest.who, oldest.action, oldest.step) == ("2026-11-21T08:30:00Z", "ann", "change", "Rename C1")
    assert (oldest.field, oldest.old, oldest.new) == ("name", "Contract C1", "Ours")
    assert (newest.who, newest.field, newest.old, newest.new, newest.step) == ("bob", "supplier", "", "Contoso", None)
    assert newest.entry > oldest.entry


def test_the_history_of_a_contract_tells_of_its_items_too_and_of_no_other(estate):
    contracts.save(estate, replace(FIRST, contract="C10", name="Tenth"))
    contracts.save_item(estate, replace(LOT, contract="C10"))
    contracts.save_item(estate, replace(LOT, quantity=120, product="Visio"))
    assert told(estate, "contracts", "C1") == [
        ("change", "product", "Office", "Visio"),
        ("change", "quantity", 100, 120),
    ]


def test_the_history_of_an_entitlement_tells_of_allocations_and_overrides(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Desk", 40)
    allocations.allocate(estate, OFFICE, "Berlin", "Desk", 50)
    overrides.save(estate, Override(OFFICE, "audit", active=90))
    entitlements.set_responsible(estate, OFFICE, "Build")
    assert told(estate, "entitlements", str(OFFICE)) == [
        ("add", "quantity", None, 40),
        ("change", "quantity", 40, 50),
        ("add", "active", None, 90),
        ("add", "reason", None, "audit"),
        ("change", "responsible", None, "Build"),
    ]


def test_what_was_removed_is_told_with_what_it_held(estate):
    contracts.save_item(estate, replace(LOT, item="2", responsible="Desk", unit_price=Decimal("9.90")))
    contracts.remove_item(estate, "C1", "2")
    removed = {c.field: (c.old, c.new) for c in audit.history(estate, "contract_items", "C1|2") if c.action == "remove"}
    assert removed["responsible"] == ("Desk", None)
    assert removed["unit_price"] == ("9.90", None)
    assert not {"id", "entitlement", "formed_by"} & set(removed)


def test_a_name_is_told_though_its_row_is_gone(estate):
    entitlements.set_responsible(estate, OFFICE, "Build")
    entitlements.set_responsible(estate, OFFICE, "")
    groups.remove(estate, "user_groups", "Build")
    assert told(estate, "entitlements", str(OFFICE)) == [
        ("change", "responsible", None, "Build"),
        ("change", "responsible", "Build", None),
    ]


def test_a_renamed_row_keeps_its_history(estate):
    products.save(estate, Product("Office", family="Suite", vendor="Contoso"))
    products.rename(estate, "Office", "Desk set")
    products.rename(estate, "Desk set", "Office pack")
    groups.rename(estate, "resource_groups", "Berlin", "Capital")
    groups.move(estate, "resource_groups", "Capital", "Europe")
    assert told(estate, "products", "Office pack") == [
        ("change", "vendor", "", "Contoso"),
        ("change", "product", "Office", "Desk set"),
        ("change", "product", "Desk set", "Office pack"),
    ]
    assert told(estate, "resource_groups", "Capital") == [
        ("change", "name", "Berlin", "Capital"),
        ("change", "parent", None, "Europe"),
    ]


def test_undo_and_an_import_are_changes_like_others(estate, fill):
    with undo.step(estate, "Demand"):
        demand.save(estate, Count("Office", "device", 60, source="count", counted_on="2026-11-01"))
    undo.back(estate)
    fill(estate, {"demand": [count("Office", 70)]})
    assert told(estate, "demand", "Office|device||count") == [
        ("change", "quantity", 50, 60),
        ("undo", "quantity", 60, 50),
        ("import", "quantity", 50, 70),
    ]


def test_an_import_as_a_whole_has_no_fields(estate):
    assert audit.history(estate, "imports", "1") == []


# ------------------------------------------------------------------------------------------------------------ restore
def test_a_field_gets_back_the_value_it_had_and_what_follows_from_it_follows(estate):
    before = snapshot_of(estate)
    contracts.save_item(estate, replace(LOT, quantity=120, license_end=date(2027, 1, 31)))
    entry = estate.value("SELECT max(id) FROM change_log")
    audit.restore(estate, entry, "quantity")
    (found,) = snapshot_of(estate)["entitlements"]
    assert (found["quantity"], found["expiration"]) == (100, "2027-01-31")
    audit.restore(estate, entry, "license_end")
    assert snapshot_of(estate) == before
    assert [c.action for c in audit.history(estate, "contract_items", "C1|1")] == ["change"] * 4


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda b: contracts.save(b, replace(FIRST, supplier="Contoso")), "supplier"),
        (lambda b: contracts.save(b, replace(FIRST, invoice_date=date(2025, 1, 1))), "invoice_date"),
        (lambda b: contracts.save_item(b, replace(LOT, responsible="Desk")), "responsible"),
        (lambda b: demand.save(b, Count("Office", "device", 9, "", "count", "2026-11-01")), "quantity"),
        (lambda b: entitlements.rename(b, OFFICE, "Ours"), "name"),
        (lambda b: entitlements.set_responsible(b, OFFICE, "Desk"), "responsible"),
        (lambda b: products.save(b, Product("Office")), "family"),
        (lambda b: products.rename(b, "Visio", "Draw"), "product"),
        (lambda b: products.rename_family(b, "Suite", "Set"), "name"),
        (lambda b: groups.rename(b, "resource_groups", "Berlin", "Paris"), "name"),
        (lambda b: groups.move(b, "user_groups", "Desk", "Build"), "parent"),
    ],
)
def test_each_kind_of_change_can_be_taken_back(change, field, estate):
    before = audit.content_hash(estate)
    change(estate)
    assert audit.content_hash(estate) != before
    last(estate, field)
    assert audit.content_hash(estate) == before


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        (
            lambda b: allocations.allocate(b, OFFICE, "Berlin", "Desk", 40),
            lambda b: allocations.allocate(b, OFFICE, "Berlin", "Desk", 50),
            "quantity",
        ),
        (
            lambda b: overrides.save(b, Override(OFFICE, "audit", active=90)),
            lambda b: overrides.save(b, Override(OFFICE, "audit", active=91)),
            "active",
        ),
        (
            lambda b: calendar.save(b, EVENT),
            lambda b: calendar.save(b, replace(EVENT, id=1, remind_days=5)),
            "remind_days",
        ),
        (
            lambda b: calendar.save(b, EVENT),
            lambda b: calendar.acknowledge_own(b, 1, date(2027, 1, 1)),
            "acknowledged_on",
        ),
        (lambda b: rights.save(b, RIGHT), lambda b: rights.save(b, replace(RIGHT, depth=2)), "depth"),
        (
            lambda b: preferences.change(b, "warning_leads", "30"),
            lambda b: preferences.change(b, "warning_leads", "14"),
            "value",
        ),
    ],
)
def test_each_kind_of_change_of_what_was_entered_before_can_be_taken_back(first, second, field, estate):
    first(estate)
    before = audit.content_hash(estate)
    second(estate)
    assert audit.content_hash(estate) != before
    last(estate, field)
    assert audit.content_hash(estate) == before


def test_an_acknowledgement_taken_back_can_be_had_again(estate):
    calendar.save(estate, EVENT)
    calendar.acknowledge_own(estate, 1, date(2027, 1, 1))
    before = audit.content_hash(estate)
    calendar.acknowledge_own(estate, 1, None)
    last(estate, "acknowledged_on")
    assert audit.content_hash(estate) == before


def refused(book, entry, field, sentence):
    before = audit.content_hash(book)
    with pytest.raises(Unfit, match=sentence):
        audit.restore(book, entry, field)
    assert audit.content_hash(book) == before


def newest(book):
    return book.value("SELECT max(id) FROM change_log")


def test_a_value_that_is_no_longer_allowed_is_not_restored(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Desk", 80)
    allocations.allocate(estate, OFFICE, "Berlin", "Desk", 10)
    entry = newest(estate)
    allocations.allocate(estate, OFFICE, "Europe", "Desk", 50)
    refused(estate, entry, "quantity", "80 cannot be allocated of Office - Perpetual - Device based: 50 remain")


def test_a_reference_to_what_is_gone_is_not_restored(estate):
    entitlements.set_responsible(estate, OFFICE, "Build")
    entitlements.set_responsible(estate, OFFICE, "")
    entry = newest(estate)
    groups.remove(estate, "user_groups", "Build")
    refused(estate, entry, "responsible", "its user groups are no longer there")


def test_what_is_gone_itself_is_not_restored(estate):
    contracts.save_item(estate, replace(LOT, quantity=120))
    entry = newest(estate)
    contracts.remove_item(estate, "C1", "1")
    refused(estate, entry, "quantity", "What was changed then is no longer there")


def test_an_archived_entitlement_takes_no_name(estate):
    entitlements.rename(estate, OFFICE, "Ours")
    entry = newest(estate)
    contracts.remove_item(estate, "C1", "1")
    refused(estate, entry, "name", r"not possible any more: there is no entitlement Office\|perpetual\|device")


def test_only_a_value_that_a_change_took_away_can_be_restored(estate):
    contracts.save_item(estate, replace(LOT, item="2"))
    added = newest(estate)
    contracts.remove_item(estate, "C1", "2")
    for entry in (added, newest(estate)):
        refused(estate, entry, "quantity", "the change took no single value away. Undo the whole of it instead")
    contracts.save(estate, replace(FIRST, supplier="Contoso"))
    refused(estate, newest(estate), "customer", "customer: the change took no single value away")
    refused(estate, 9_999, "name", "Entry 9999 of the change log tells of no field")
    refused(estate, estate.value("SELECT id FROM change_log WHERE subject = 'imports'"), "rows", "tells of no field")


def test_what_follows_from_other_changes_is_not_restored_by_itself(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Desk", 40)
    contracts.save_item(estate, replace(LOT, product="Visio"))
    moved = estate.value("SELECT max(id) FROM change_log WHERE subject = 'allocations'")
    refused(estate, moved, "entitlement", "allocations, entitlement: this follows from other changes")


def test_whether_an_invoice_date_was_given_follows_from_the_date(book, fill):
    fill(book, of(item("1", "Office", 1), contracts=[{"contract": "C1", "name": "C", "currency": "EUR"}]))
    contracts.save(book, replace(FIRST, name="C"))
    entry = newest(book)
    refused(book, entry, "invoice_date_defaulted", "contracts, invoice_date_defaulted: this follows")
    audit.restore(book, entry, "invoice_date")
    assert readers.contract(book, "C1").invoice_date == date(2026, 11, 21)
