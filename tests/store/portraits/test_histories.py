"""The history of a record holds its own changes, and those of what it is made of."""

from dataclasses import replace
from datetime import date

import pytest

from store import audit, contracts, demand, entitlements
from store.portraits import histories
from store.records import ContractItem, Count, EntitlementKey
from tests import estates
from tests.estates import item, of

SERVER = EntitlementKey("Server", "perpetual", "device")
BOUGHT = ContractItem("C1", "1", "Server", "perpetual", "device", 10, date(2024, 2, 1))


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Server", 10), demand=[estates.demand("Server", 4)]))
    return book


def fields(changes):
    return [(change.field, change.old, change.new) for change in changes]


def test_nothing_was_changed_by_hand_at_first(estate):
    assert histories.read(estate, "entitlement", str(SERVER)) == []


def test_an_entitlement_changes_with_the_items_that_feed_it_newest_first(estate):
    entitlements.rename(estate, SERVER, "Ours")
    contracts.save_item(estate, replace(BOUGHT, quantity=12))

    found = histories.read(estate, "entitlement", str(SERVER))

    assert fields(found) == [("quantity", 10, 12), ("name", "Server - Perpetual - Device based", "Ours")]
    assert fields(histories.read(estate, "contract", "C1")) == [("quantity", 10, 12)]


def test_a_product_and_a_position_change_with_what_is_counted(estate):
    demand.save(estate, Count("Server", "device", 6, source="count"))

    assert ("quantity", 4, 6) in fields(histories.read(estate, "product", "Server"))
    assert ("quantity", 4, 6) in fields(histories.read(estate, "position", str(SERVER)))


def test_a_value_can_be_restored_from_the_history(estate):
    entitlements.rename(estate, SERVER, "Ours")
    (change,) = histories.read(estate, "entitlement", str(SERVER))

    assert change.action in histories.RESTORABLE
    audit.restore(estate, change.entry, change.field)

    assert fields(histories.read(estate, "entitlement", str(SERVER)))[0] == (
        "name",
        "Ours",
        "Server - Perpetual - Device based",
    )


def test_what_is_gone_has_no_history(estate):
    assert histories.read(estate, "position", "Nothing||device") == []
