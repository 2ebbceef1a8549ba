"""What the book tells of one record at a time."""

from datetime import date

import pytest

from rules.vocabulary import UNLIMITED
from store import calendar, contracts, entitlements, products
from store.portraits import contract, entitlement, position, product
from store.portraits.shape import Count, Link
from store.records import EntitlementKey, ManualEvent, Product
from tests import estates
from tests.estates import allocation, demand, groups, item, maintenance, of, override, subscription

SERVERS = [
    estates.product("Server 2019", version="2019", released_on="2018-10-02"),
    estates.product("Server 2025", version="2025", released_on="2024-11-01"),
]


@pytest.fixture
def estate(book, fill):
    """Two versions of a server, an office without limit, and a tool that only somebody uses."""
    fill(
        book,
        of(
            item("1", "Server 2025", 100, unit_price="9.50", sku="S-25"),
            item("2", "Server 2025", 20, "2025-01-01", "2025-12-31", unit_price="10", contract="C2"),
            maintenance("3", "Server 2025", 130, "2026-01-01", "2026-12-31"),
            item("1", "Office", "unlimited", "2027-01-01", unit_price="5", contract="C2", responsible="Sales"),
            products=[*estates.family(*SERVERS), estates.product("Office", vendor="Ofix"), estates.product("Tool")],
            contracts=[
                estates.contract(supplier="Shop", notice_date="2026-10-01"),
                estates.contract("C2", name="C2"),
                estates.contract("C3", name="Nothing bought", invoice_date=""),
            ],
            demand=[demand("Server 2019", 30, resource_group="Berlin"), demand("Server 2025", 20, counted_on="")],
            installations=[{"product": "Tool", "device": "PC-1", "user": "ann", "resource_group": "Berlin"}],
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales", "Team"),
            allocations=[allocation("Server 2025", "Berlin", "Sales", 60)],
            overrides=[override("Server 2025", demand=25)],
            rights=[
                {"right": "SA", "kind": "downgrade", "family": "Server", "metric": "device", "depth": 3},
                {"right": "OLD", "kind": "upgrade", "family": "Server", "valid_until": "2020-12-31"},
                {"right": "SOON", "kind": "downgrade", "from_product": "Server 2025", "to_product": "Tool"}
                | {"valid_from": "2027-01-01"},
            ],
        ),
    )
    return book


# --------------------------------------------------------------------------------------------------------- entitlement
def test_an_entitlement_tells_what_it_holds_and_what_that_is_worth(estate):
    found = entitlement.read(estate, "Server 2025|perpetual|device")

    assert (found.quantity, found.active, found.allocated, found.remaining) == (120, 100, 60, 60)
    assert (found.maintenance_quantity, found.excess_maintenance) == (100, 30)
    assert (found.unit_price, found.value) == ("10.00 EUR", "1000.00 EUR")
    assert (found.state, found.license_start, found.expiration) == ("active", "2024-02-01", None)
    assert [(one.resource_group, one.user_group, one.quantity) for one in found.allocations] == [
        ("Berlin", "Sales", 60)
    ]


def test_its_purchases_are_told_with_their_contracts_and_the_maintenance_that_covers_it(estate):
    found = entitlement.read(estate, "Server 2025|perpetual|device")

    assert [(one.contract.key, one.item, one.model, one.in_force) for one in found.purchases] == [
        ("C1", "1", "perpetual", True),
        ("C2", "2", "perpetual", False),
        ("C1", "3", "maintenance", True),
    ]
    assert found.purchases[0].price == "950.00 EUR"
    assert found.purchases[2].price is None
    assert found.purchases[1].contract == Link("contract", "C2", "C2")
    assert found.purchases[2].entitlement == Link(
        "entitlement", "Server 2025|perpetual|device", "Server 2025 - Perpetual - Device based"
    )
    assert found.purchase_count == 3


def test_its_position_stands_beside_it(estate):
    (one,) = entitlement.read(estate, "Server 2025|perpetual|device").positions

    assert (one.active, one.downgrade, one.demand, one.balance) == (100, -30, 25, 45)
    assert one.position.key == "Server 2025|perpetual|device"


def test_what_has_no_limit_is_worth_no_amount(estate):
    found = entitlement.read(estate, "Office|perpetual|device")

    assert found.quantity == UNLIMITED
    assert found.state == "upcoming"
    assert found.managed_by == "Sales"
    assert found.responsible == ""
    assert found.purchases[0].price is None
    assert found.value == "0.00 EUR"


def test_an_entitlement_that_nothing_feeds_any_more_is_archived(estate):
    contracts.remove_item(estate, "C2", "1")

    found = entitlement.read(estate, "Office|perpetual|device")

    assert found.archived
    assert found.purchases == ()
    assert found.state == ""


def test_who_was_named_for_an_entitlement_is_told_beside_who_manages_it(estate):
    entitlements.set_responsible(estate, EntitlementKey("Server 2025", "perpetual", "device"), "Team")

    found = entitlement.read(estate, "Server 2025|perpetual|device")

    assert (found.responsible, found.managed_by) == ("Team", "Team")


@pytest.mark.parametrize("read", [entitlement.read, contract.read, product.read, position.read])
def test_what_the_book_does_not_hold_has_no_portrait(estate, read):
    assert read(estate, "Nothing|perpetual|device") is None


# ------------------------------------------------------------------------------------------------------------ contract
def test_a_contract_tells_its_costs_and_what_they_leave_out(estate):
    found = contract.read(estate, "C2")

    assert (found.total, found.unpriced) == ("200.00 EUR", 1)
    assert (found.item_count, found.running, found.next_end) == (2, 0, None)
    assert [link.key for link in found.entitlements] == ["Server 2025|perpetual|device", "Office|perpetual|device"]
    assert [link.name for link in found.products] == ["Server 2025", "Office"]


def test_a_contract_says_which_of_its_items_ends_next(estate):
    found = contract.read(estate, "C1")

    assert (found.running, found.next_end, found.notice_date) == (2, "2026-12-31", "2026-10-01")
    assert found.supplier == "Shop"
    assert not found.manual


def test_a_contract_without_items_has_no_costs(estate):
    found = contract.read(estate, "C3")

    assert (found.total, found.unpriced, found.items) == (None, 0, ())
    assert found.invoice_date_defaulted
    assert [event.kind for event in found.events] == ["contract-invoiced"]


def test_automatic_and_manual_events_of_a_contract_stand_in_one_order(estate):
    calendar.save(estate, ManualEvent("C1", "custom", date(2024, 1, 31), "Audit"))

    found = contract.read(estate, "C1").events

    assert [(event.day, event.kind, event.item, event.name) for event in found[:3]] == [
        ("2024-01-15", "contract-invoiced", "", ""),
        ("2024-01-31", "custom", "", "Audit"),
        ("2024-02-01", "purchased", "1", ""),
    ]
    assert {event.lead for event in found if event.kind == "expiration-warning"} == {0, 7, 30, 60, 90}


# ------------------------------------------------------------------------------------------------------------- product
def test_a_product_knows_its_older_and_newer_versions(estate):
    found = product.read(estate, "Server 2019")

    assert [(one.product.name, one.place, one.active, one.demand, one.balance) for one in found.versions] == [
        ("Server 2019", 0, 0, 30, 0),
        ("Server 2025", 1, 100, 25, 45),
    ]
    assert found.support == ""


def test_a_product_says_whether_its_vendor_still_supports_it(estate):
    for name, year in (("Server 2019", 2024), ("Server 2025", 2034)):
        products.save(estate, Product(name, family="Server", edition="Standard", support_ends_on=date(year, 1, 9)))

    assert product.read(estate, "Server 2019").support == "unsupported"
    assert product.read(estate, "Server 2025").support == "supported"


def test_versions_without_order_have_no_place(book, fill):
    loose = [estates.product("A", family="F", version="1"), estates.product("B", family="F", version_rank=1)]
    fill(book, of(item("1", "A", 1), products=loose))

    found = product.read(book, "A")

    assert [one.place for one in found.versions] == [None, None]
    assert found.support == ""


def test_a_product_lists_the_rights_that_reach_it_and_whether_they_hold(estate):
    found = {right.name: right for right in product.read(estate, "Server 2025").rights}

    assert {name: right.state for name, right in found.items()} == {
        "SA": "active",
        "OLD": "expired",
        "SOON": "upcoming",
    }
    assert (found["SA"].reach, found["SA"].depth, found["SA"].metric) == (("Server",), 3, "device")
    assert found["SOON"].reach == ("Server 2025", "Tool")


def test_a_product_lists_its_entitlements_and_its_demand_by_group_and_source(estate):
    found = product.read(estate, "Server 2019")

    assert found.entitlements == ()
    assert found.counts == (Count("device", "Berlin", "count", 30, "2026-11-01"),)
    assert [one.entitlement.key for one in product.read(estate, "Server 2025").entitlements] == [
        "Server 2025|perpetual|device"
    ]


def test_where_nobody_has_counted_installations_are_the_demand(estate):
    found = product.read(estate, "Tool")

    assert found.counts == (Count("device", "Berlin", None, 1, None),)
    assert found.versions == ()


def test_where_somebody_has_counted_installations_say_nothing(book, fill):
    installed = [{"product": "Tool", "device": "PC-1"}]
    fill(book, of(item("1", "Tool", 1), demand=[demand("Tool", 5)], installations=installed))

    assert [count.quantity for count in product.read(book, "Tool").counts] == [5]


# ------------------------------------------------------------------------------------------------------------ position
def test_a_position_tells_typed_figures_beside_the_calculated_ones(estate):
    found = position.read(estate, "Server 2025|perpetual|device")

    assert (found.figures.demand, found.calculated.demand) == (25, 20)
    assert (found.figures.balance, found.calculated.balance) == (45, 50)
    assert found.override.demand == 25
    assert found.override.active is None
    assert found.override.reason == "audit of 2026"
    assert found.value == "450.00 EUR"


def test_a_position_is_split_by_resource_group_and_says_what_the_parts_leave_out(estate):
    found = position.read(estate, "Server 2025|perpetual|device")

    assert [(part.resource_group, part.active, part.downgrade, part.balance) for part in found.parts] == [
        ("Berlin", 60, -30, 30),
        ("", 40, 0, 20),
    ]
    assert found.unexplained == -5


def test_both_sides_of_a_transfer_tell_of_it_with_its_right(estate):
    (given,) = position.read(estate, "Server 2025|perpetual|device").transfers
    (received,) = position.read(estate, "Server 2019||device").transfers

    assert (given.gives, given.other.key, given.other_model, given.quantity) == (True, "Server 2019||device", None, 30)
    assert (received.gives, received.other.key) == (False, "Server 2025|perpetual|device")
    assert (given.kind, given.right, given.rule) == ("downgrade", "SA", "transfers.downgrade")


def test_a_position_without_entitlement_has_no_value_and_no_override(estate):
    found = position.read(estate, "Tool||device")

    assert (found.entitlement, found.override, found.value, found.model) == (None, None, None, None)
    assert found.name == "Tool"
    assert found.status == "under-licensed"
    assert found.unexplained == 0


def test_a_subscription_lives_on_its_own_purchases_alone(book, fill):
    bought = [
        subscription("1", "Office", 5, "2026-01-01", "2026-12-31"),
        maintenance("2", "Office", 5, "2026-01-01", "2026-12-31"),
    ]
    fill(book, of(*bought))

    assert [one.item for one in entitlement.read(book, "Office|subscription|device").purchases] == ["1"]
