"""Entitlements: a name and a responsible group of one's own, and licenses that no contract is known for."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from store import allocations, contracts, entitlements, groups
from store.errors import Unfit, Unknown
from store.records import ContractItem, EntitlementKey, ManualEntitlement
from tests.conftest import snapshot_of
from tests.estates import groups as named_groups
from tests.estates import item, of, product

OFFICE = EntitlementKey("Office", "perpetual", "device")
PAINT = ManualEntitlement("Paint", "subscription", "user", 25, date(2026, 1, 1), date(2026, 12, 31))
PAINT_KEY = EntitlementKey("Paint", "subscription", "user")


@pytest.fixture
def estate(book, fill):
    tables = of(
        item("1", "Office", 100),
        products=[product("Office"), product("Paint")],
        resource_groups=named_groups("Berlin"),
        user_groups=named_groups("Desk", "Build"),
    )
    fill(book, tables)
    return book


def found(book, key):
    return next(
        (
            e
            for e in snapshot_of(book)["entitlements"]
            if (e["product"], e["model"], e["metric"]) == tuple(vars(key).values())
        ),
        None,
    )


# ---------------------------------------------------------------------------------------------------- without contract
def test_licenses_without_a_contract_count_as_others_do(estate):
    lot = replace(PAINT, unit_price=Decimal("9.90"), currency="usd", responsible="Desk")
    assert entitlements.add(estate, lot) == PAINT_KEY
    held = found(estate, PAINT_KEY)
    assert (held["quantity"], held["active"], held["expiration"], held["managed_by"]) == (25, 25, "2026-12-31", "Desk")
    entitlements.add(estate, replace(PAINT, product="Office"))
    assert found(estate, replace(PAINT_KEY, product="Office"))["managed_by"] == "Manual"
    assert entitlements.is_manual(estate, PAINT_KEY)
    assert not entitlements.is_manual(estate, OFFICE)


def test_licenses_without_a_contract_have_no_invoice_but_a_beginning_and_an_end(estate):
    entitlements.add(estate, PAINT)
    events = {(e["kind"], e["on"]) for e in snapshot_of(estate)["events"] if e["contract"].startswith("manual")}
    assert ("purchased", "2026-01-01") in events
    assert ("license-end", "2026-12-31") in events
    assert "contract-invoiced" not in {kind for kind, _ in events}


def test_more_of_them_come_as_purchases_of_the_same_entitlement(estate):
    entitlements.add(estate, PAINT)
    entitlements.add(estate, replace(PAINT, quantity=5))
    assert found(estate, PAINT_KEY)["quantity"] == 30
    assert estate.rows("SELECT contract FROM contracts WHERE manual = 1") == [("manual-1",), ("manual-2",)]


def test_a_number_that_a_contract_has_already_is_passed_over(estate):
    contracts.save(estate, replace_contract("manual-1"))
    entitlements.add(estate, PAINT)
    assert estate.rows("SELECT contract FROM contracts WHERE manual = 1") == [("manual-2",)]


def replace_contract(number):
    from store.records import Contract

    return Contract(number, "Named so", date(2026, 1, 1))


def test_where_a_contract_feeds_the_entitlement_nothing_is_added_beside_it(estate):
    lot = ManualEntitlement("Office", "perpetual", "device", 5, date(2026, 1, 1))
    with pytest.raises(
        Unfit, match=r"Office \(perpetual, device\) is fed by contract 'C1', item '1'. Add an item there"
    ):
        entitlements.add(estate, lot)


@pytest.mark.parametrize(
    ("lot", "fault", "sentence"),
    [
        (replace(PAINT, product=""), Unfit, "product: is empty"),
        (replace(PAINT, product="Brush"), Unknown, "products: there is no 'Brush'"),
        (replace(PAINT, model="rental"), Unfit, "model: 'rental' is none"),
        (replace(PAINT, metric="seat"), Unknown, "metrics: there is no 'seat'"),
        (replace(PAINT, quantity=-1), Unfit, "quantity: -1 is not possible"),
        (replace(PAINT, license_end=date(2025, 1, 1)), Unfit, "license end: 2025-01-01 lies before"),
        (replace(PAINT, currency="dollars"), Unfit, "currency"),
        (replace(PAINT, responsible="Nobody"), Unknown, "user groups: there is no 'Nobody'"),
    ],
)
def test_what_no_entitlement_can_be_is_refused_and_leaves_no_trace(lot, fault, sentence, estate):
    before = snapshot_of(estate)
    with pytest.raises(fault, match=sentence):
        entitlements.add(estate, lot)
    assert snapshot_of(estate) == before
    assert estate.value("SELECT count(*) FROM contracts") == 1


def test_licenses_without_a_contract_can_be_removed(estate):
    before = snapshot_of(estate)
    entitlements.add(estate, PAINT)
    entitlements.add(estate, PAINT)
    entitlements.remove(estate, PAINT_KEY)
    assert snapshot_of(estate) == before


def test_what_is_allocated_of_them_holds_them_unless_that_is_confirmed(estate):
    entitlements.add(estate, PAINT)
    allocations.allocate(estate, PAINT_KEY, "Berlin", "Desk", 20)
    with pytest.raises(Unfit, match=r"20 are allocated, but 0 would be left. Release 20 first, or confirm it"):
        entitlements.remove(estate, PAINT_KEY)
    entitlements.remove(estate, PAINT_KEY, confirmed=True)
    assert found(estate, PAINT_KEY) is None


def test_an_entitlement_of_a_contract_is_removed_at_the_contract(estate):
    with pytest.raises(Unfit, match=r"follows contract 'C1', item '1'. Change or remove that item instead"):
        entitlements.remove(estate, OFFICE)
    with pytest.raises(Unknown, match=r"there is no entitlement Paint\|subscription\|user"):
        entitlements.remove(estate, PAINT_KEY)


def test_a_contract_that_comes_later_takes_over_beside_them(estate):
    entitlements.add(estate, PAINT)
    contracts.save_item(estate, ContractItem("C1", "2", "Paint", "subscription", "user", 5, date(2026, 2, 1)))
    assert not entitlements.is_manual(estate, PAINT_KEY)
    with pytest.raises(Unfit, match="follows contract 'C1', item '2'"):
        entitlements.remove(estate, PAINT_KEY)


# ------------------------------------------------------------------------------------------- name and responsibility
def test_an_entitlement_can_bear_a_name_of_ones_own(estate):
    entitlements.rename(estate, OFFICE, "Our office licenses")
    assert found(estate, OFFICE)["name"] == "Our office licenses"
    with pytest.raises(Unfit, match="name: is empty"):
        entitlements.rename(estate, OFFICE, "")


def test_a_responsible_group_can_be_named_and_left_to_the_purchases_again(estate):
    entitlements.set_responsible(estate, OFFICE, "Build")
    assert found(estate, OFFICE)["managed_by"] == "Build"
    with pytest.raises(Unfit, match="'Build' cannot be removed: it is used by entitlements"):
        groups.remove(estate, groups.USER_GROUPS, "Build")
    entitlements.set_responsible(estate, OFFICE, "")
    assert found(estate, OFFICE)["managed_by"] == "License contract"
    with pytest.raises(Unknown, match="user groups: there is no 'Nobody'"):
        entitlements.set_responsible(estate, OFFICE, "Nobody")
