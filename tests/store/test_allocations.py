"""What a person does with allocations."""

from dataclasses import replace
from datetime import date

import pytest

from store import allocations, contracts, derivation
from store.allocations import Part
from store.errors import Unfit, Unknown
from store.records import ContractItem, EntitlementKey
from tests.conftest import snapshot_of
from tests.estates import demand, groups, item, maintenance, of, product, subscription

OFFICE = EntitlementKey("Office", "perpetual", "device")


@pytest.fixture
def estate(book, fill):
    """2000 Office, two resource groups and two teams."""
    fill(
        book,
        of(
            item("1", "Office", 2000),
            demand=[demand("Office", 300, resource_group="Berlin"), demand("Office", 50)],
            resource_groups=groups("Server Infrastructure", "Berlin"),
            user_groups=groups("Infrastructure Team", "Sales"),
        ),
    )
    return book


def entitlement(book):
    return next(e for e in snapshot_of(book)["entitlements"] if e["model"] == "perpetual")


def breakdown(book):
    (position,) = snapshot_of(book)["positions"]
    return {part["resource_group"]: part for part in position["breakdown"]}, position


def test_what_is_allocated_no_longer_remains(estate):
    allocations.allocate(estate, OFFICE, "Server Infrastructure", "Infrastructure Team", 2000)
    assert (entitlement(estate)["allocated"], entitlement(estate)["remaining"]) == (2000, 0)


def test_an_allocation_of_the_same_groups_is_replaced_not_added(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Sales", 1500)
    allocations.allocate(estate, OFFICE, "Berlin", "Sales", 1600)
    assert entitlement(estate)["allocated"] == 1600
    assert estate.value("SELECT count(*) FROM allocations") == 1


def test_more_than_remains_is_refused_with_what_is_possible(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Sales", 1200)
    with pytest.raises(Unfit, match=r"801 cannot be allocated of Office .*: 800 remain, so at least 1 and at most 800"):
        allocations.allocate(estate, OFFICE, "Berlin", "Infrastructure Team", 801)
    assert entitlement(estate)["allocated"] == 1200


@pytest.mark.parametrize("quantity", [0, -5])
def test_nothing_or_less_is_refused(quantity, estate):
    with pytest.raises(Unfit, match=r"cannot be allocated"):
        allocations.allocate(estate, OFFICE, "Berlin", "Sales", quantity)


def test_names_that_do_not_exist_are_told(estate):
    for where, who, sentence in (
        ("Bern", "Sales", "Did you mean 'Berlin'"),
        ("Berlin", "Sale", "Did you mean 'Sales'"),
    ):
        with pytest.raises(Unknown, match=sentence):
            allocations.allocate(estate, OFFICE, where, who, 1)
    with pytest.raises(Unknown, match=r"there is no entitlement Office\|subscription\|device"):
        allocations.allocate(estate, EntitlementKey("Office", "subscription", "device"), "Berlin", "Sales", 1)


def test_maintenance_is_not_allocated(book, fill):
    apart = [product("Office", maintenance_separate="true")]
    fill(book, of(maintenance("1", "Office", 5, "2024-01-01"), products=apart))
    with pytest.raises(Unfit, match=r"maintenance covers licenses, it is not allocated"):
        allocations.allocate(book, EntitlementKey("Office", "maintenance", "device"), "Berlin", "Sales", 1)


def test_a_released_allocation_remains_again(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Sales", 1200)
    allocations.release(estate, OFFICE, "Berlin", "Sales")
    assert entitlement(estate)["remaining"] == 2000
    with pytest.raises(Unknown, match=r"nothing of Office.* is allocated to 'Berlin' for 'Sales'"):
        allocations.release(estate, OFFICE, "Berlin", "Sales")


def test_a_quantity_that_falls_below_what_is_allocated_is_flagged_and_nothing_is_trimmed(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Sales", 1000)
    contracts.save_item(estate, ContractItem("C1", "1", "Office", "perpetual", "device", 800, date(2024, 2, 1)))

    assert (entitlement(estate)["allocated"], entitlement(estate)["remaining"]) == (1000, -200)
    (finding,) = [f for f in snapshot_of(estate)["findings"] if f["code"] == "over-allocated"]
    assert finding["severity"] == "warning"
    assert finding["message"] == "1,000 are allocated, but the entitlement holds 800: 200 too many"


# --------------------------------------------------------------------------------------------------------- by resource group
def test_a_position_without_groups_has_no_breakdown(book, fill):
    fill(book, of(item("1", "Office", 5), demand=[demand("Office", 3)]))
    assert breakdown(book)[0] == {}


def test_the_breakdown_adds_up_to_the_position_with_a_row_for_what_is_not_allocated(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Sales", 250)

    parts, position = breakdown(estate)
    assert {name: (p["active"], p["demand"], p["balance"]) for name, p in parts.items()} == {
        "Berlin": (250, 300, -50),
        None: (1750, 50, 1700),
    }
    for figure in ("active", "demand", "downgrade", "upgrade", "balance"):
        assert sum(part[figure] for part in parts.values()) == position[figure]


def test_when_less_is_active_than_allocated_the_newest_allocations_are_cut_and_that_is_flagged(book, fill):
    fill(
        book,
        of(
            subscription("1", "Office", 60, "2025-01-01", "2026-12-31"),
            subscription("2", "Office", 60, "2025-01-01", "2026-06-30"),
            resource_groups=groups("Berlin", "Bonn"),
            user_groups=groups("Sales"),
        ),
    )
    key = EntitlementKey("Office", "subscription", "device")
    allocations.allocate(book, key, "Bonn", "Sales", 50)
    allocations.allocate(book, key, "Berlin", "Sales", 40)

    assert {name: part["active"] for name, part in breakdown(book)[0].items()} == {"Bonn": 50, "Berlin": 10}
    (finding,) = [f for f in snapshot_of(book)["findings"] if f["code"] == "allocation-cut"]
    assert finding["place"] == "entitlement Office - Subscription - Device based"
    assert finding["message"].startswith("90 are allocated, but only 60 are active on this day")

    derivation.recalculate(book, as_of=date(2026, 6, 30))
    assert "allocation-cut" not in {f["code"] for f in snapshot_of(book)["findings"]}


# ----------------------------------------------------------------------------------------------- all rows of one at once
SERVERS = Part("Server Infrastructure", "Infrastructure Team", 2000)


def test_all_rows_are_replaced_at_once_and_nothing_remains(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Sales", 10)
    allocations.replace_all(estate, OFFICE, [SERVERS])
    assert allocations.parts(estate, OFFICE) == [SERVERS]
    assert (entitlement(estate)["allocated"], entitlement(estate)["remaining"]) == (2000, 0)
    parts, _ = breakdown(estate)
    assert parts["Server Infrastructure"]["active"] == 2000


def test_equal_rows_are_added_up(estate):
    allocations.replace_all(
        estate, OFFICE, [Part("Berlin", "Sales", 100), replace(SERVERS, quantity=900), Part(" Berlin", "Sales", 50)]
    )
    assert allocations.parts(estate, OFFICE) == [Part("Berlin", "Sales", 150), replace(SERVERS, quantity=900)]


def test_rows_that_stay_as_they_are_change_nothing(estate):
    allocations.replace_all(estate, OFFICE, [SERVERS])
    before = estate.value("SELECT max(id) FROM change_log")
    allocations.replace_all(estate, OFFICE, [SERVERS])
    assert estate.value("SELECT max(id) FROM change_log") == before


def test_rows_that_come_to_more_than_there_is_are_refused_and_nothing_changes(estate):
    allocations.replace_all(estate, OFFICE, [Part("Berlin", "Sales", 5)])
    with pytest.raises(Unfit, match=r"50 cannot be allocated of Office .*: 0 remain, so nothing more can be"):
        allocations.replace_all(estate, OFFICE, [SERVERS, Part("Berlin", "Sales", 50)])
    with pytest.raises(Unfit, match="0 cannot be allocated"):
        allocations.replace_all(estate, OFFICE, [Part("Berlin", "Sales", 0)])
    assert allocations.parts(estate, OFFICE) == [Part("Berlin", "Sales", 5)]


def test_where_too_much_is_allocated_rows_can_be_taken_back_but_not_raised(estate):
    allocations.replace_all(estate, OFFICE, [Part("Berlin", "Sales", 1500), replace(SERVERS, quantity=500)])
    contracts.save_item(estate, ContractItem("C1", "1", "Office", "perpetual", "device", 1000, date(2024, 2, 1)))
    allocations.replace_all(estate, OFFICE, [Part("Berlin", "Sales", 1400), replace(SERVERS, quantity=500)])
    assert entitlement(estate)["allocated"] == 1900
    with pytest.raises(Unfit):
        allocations.replace_all(estate, OFFICE, [Part("Berlin", "Sales", 1401), replace(SERVERS, quantity=400)])
    with pytest.raises(Unfit):
        allocations.replace_all(estate, OFFICE, [Part("Berlin", "Sales", 1400), replace(SERVERS, quantity=0)])


def test_maintenance_and_unknown_groups_are_refused(estate):
    with pytest.raises(Unfit, match="maintenance covers licenses"):
        allocations.replace_all(estate, EntitlementKey("Office", "maintenance", "device"), [])
    with pytest.raises(Unknown, match="resource groups"):
        allocations.replace_all(estate, OFFICE, [Part("Rome", "Sales", 5)])


def test_the_demand_of_an_entitlement_is_told_by_resource_group(estate):
    assert allocations.demanded(estate, OFFICE) == {"Berlin": 300, "": 50}


def test_a_suggestion_gives_each_resource_group_what_it_needs(estate):
    assert allocations.suggest(estate, OFFICE, [SERVERS], "Sales") == [Part("Berlin", "Sales", 300)]


def test_a_suggestion_keeps_the_user_groups_of_the_rows_there_are(estate):
    rows = [Part("Berlin", "Infrastructure Team", 100), Part("Berlin", "Sales", 250), Part("Berlin", "Sales", 50)]
    assert allocations.suggest(estate, OFFICE, rows, "") == [
        Part("Berlin", "Infrastructure Team", 100),
        Part("Berlin", "Sales", 200),
    ]


def test_a_suggestion_shares_out_what_does_not_suffice(book, fill):
    fill(
        book,
        of(
            item("1", "Office", 10),
            demand=[demand("Office", n, resource_group=g) for g, n in (("Rome", 10), ("Oslo", 10), ("Bonn", 1))],
            resource_groups=groups("Rome", "Oslo", "Bonn"),
            user_groups=groups("Sales"),
        ),
    )
    shared = allocations.suggest(book, OFFICE, [], "Sales")
    assert {part.resource_group: part.quantity for part in shared} == {"Rome": 5, "Oslo": 5}
    allocations.replace_all(book, OFFICE, shared)
