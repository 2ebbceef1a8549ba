"""How often each rule has fired on a book, and on what."""

from store import rulebook
from store.rulebook import Firing
from tests import estates
from tests.estates import allocation, demand, groups, item, maintenance


def filled(book, fill):
    fill(
        book,
        estates.of(
            item("1", "Office", 10),
            item("2", "Office", 5, "2025-02-01"),
            maintenance("3", "Office", 10, "2024-02-01", "2027-01-31"),
            demand=[demand("Office", 20), demand("Draw", 3)],
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales"),
            allocations=[allocation("Office", "Berlin", "Sales", 12)],
        ),
    )


def test_every_rule_is_counted_also_those_that_have_not_fired(book, fill):
    filled(book, fill)
    fired = rulebook.fired(book)
    assert {rule: count for rule, count in fired.items() if count} == {
        "allocation.within": 1,
        "compliance.under-licensed": 2,
        "expiration.non-expiring": 1,
        "formation.own": 2,
        "formation.maintained-base": 1,
        "lifecycle.contract-invoiced": 1,
        "lifecycle.early-warning": 4,
        "lifecycle.final-day-warning": 1,
        "lifecycle.license-end": 1,
        "lifecycle.purchased": 2,
        "lifecycle.purchased-renewal": 1,
    }
    assert fired["transfers.downgrade"] == 0


def test_a_rule_names_what_it_fired_on(book, fill):
    filled(book, fill)
    assert rulebook.firings(book, "lifecycle.purchased-renewal") == [
        Firing("contract", "C1", "C1, item 2", "2025-02-01")
    ]
    assert rulebook.firings(book, "allocation.within") == [
        Firing("entitlement", "Office|perpetual|device", "Office - Perpetual - Device based", "12 of 15 allocated")
    ]
    assert rulebook.firings(book, "compliance.under-licensed") == [
        Firing("position", "Draw||device", "Draw", "no entitlement, device"),
        Firing("position", "Office|perpetual|device", "Office", "perpetual, device"),
    ]
    assert [one.detail for one in rulebook.firings(book, "formation.own")] == ["Office, perpetual"] * 2
    assert [one.subject for one in rulebook.firings(book, "expiration.non-expiring")] == ["entitlement"]
    assert rulebook.firings(book, "transfers.upgrade") == []
    assert rulebook.firings(book, "allocation.over-allocated") == []


def test_no_more_than_asked_for_is_named(book, fill):
    filled(book, fill)
    assert len(rulebook.firings(book, "lifecycle.early-warning", limit=2)) == 2


def test_a_transfer_names_both_sides(book, fill):
    rights = [{"right": "R1", "kind": "downgrade", "family": "Server"}]
    new, old = estates.family(estates.product("Server 2022"), estates.product("Server 2019"))
    new["version_rank"], old["version_rank"] = 2, 1
    fill(
        book,
        {
            **estates.of(item("1", "Server 2022", 5), demand=[demand("Server 2019", 3)]),
            "products": [new, old],
            "rights": rights,
        },
    )
    (firing,) = rulebook.firings(book, "transfers.downgrade")
    assert (firing.name, firing.detail) == ("Server 2022 to Server 2019", "3 by R1")
