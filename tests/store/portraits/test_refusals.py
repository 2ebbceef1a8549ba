"""Why a transfer happened, and why another one did not."""

import pytest

from rules import library
from store.portraits import refusals
from tests import estates
from tests.estates import demand, item, maintenance, of

OLD, MIDDLE, NEW = "Server 2019", "Server 2022", "Server 2025"

DOWN = {"right": "SA", "kind": "downgrade", "family": "Server"}
UP = {"right": "UP", "kind": "upgrade", "family": "Server"}


def servers(released=("2018-10-02", "2021-08-18", "2024-11-01")):
    days = zip((OLD, MIDDLE, NEW), released, strict=True)
    return estates.family(*(estates.product(name, version=name[-4:], released_on=day) for name, day in days))


@pytest.fixture
def told(book, fill):
    """The refusals of a position of an estate of servers: who gives, who takes, what stood in the way, which right."""

    def told(key, *items, rights=(), products=None, **tables):
        given = {"rights": list(rights)} if rights else {}
        fill(book, of(*items, products=products or servers(), **given, **tables))
        return [
            (one.giver.name, one.taker.name, one.kind, one.obstacle, one.right)
            for one in refusals.of_position(book, key)
        ]

    return told


def test_without_a_right_nothing_moves(told):
    found = told(f"{OLD}||device", item("1", NEW, 10), demand=[demand(OLD, 4)])

    assert found == [(NEW, OLD, "downgrade", "no-right", "")]


def test_a_right_that_has_ended_and_one_that_has_not_begun_are_named(told):
    rights = [DOWN | {"valid_until": "2026-06-30"}, DOWN | {"right": "NEXT", "valid_from": "2027-01-01"}]
    found = told(f"{OLD}||device", item("1", NEW, 10), demand=[demand(OLD, 4)], rights=rights)

    assert found == [
        (NEW, OLD, "downgrade", "right-ended", "SA"),
        (NEW, OLD, "downgrade", "right-to-come", "NEXT"),
    ]


def test_a_version_too_far_away_is_out_of_the_depth_of_the_right(told):
    found = told(f"{OLD}||device", item("1", NEW, 10), demand=[demand(OLD, 4)], rights=[DOWN | {"depth": 1}])

    assert found == [(NEW, OLD, "downgrade", "too-far", "SA")]


def test_a_surplus_that_is_used_up_leaves_a_shortfall(told, book):
    found = told(f"{OLD}||device", item("1", NEW, 10), demand=[demand(OLD, 14)], rights=[DOWN])

    assert found == [(NEW, OLD, "downgrade", "no-surplus", "SA")]
    (refusal,) = refusals.of_position(book, f"{OLD}||device")
    assert (refusal.left, refusal.missing) == (0, 4)
    assert [check.values for check in refusal.checks if not check.holds] == ["0 > 0"]


def test_a_surplus_says_why_it_helps_nobody(told):
    found = told(f"{NEW}|perpetual|device", item("1", NEW, 10), demand=[demand(OLD, 4)])

    assert found == [(NEW, OLD, "downgrade", "no-right", "")]


def test_what_is_even_has_nothing_to_refuse(told):
    assert told(f"{NEW}|perpetual|device", item("1", NEW, 4), demand=[demand(NEW, 4), demand(OLD, 1)]) == []


def test_an_upgrade_needs_maintenance_from_the_day_the_newer_version_came_out(told):
    bought = [item("1", OLD, 10), maintenance("2", OLD, 10, "2020-01-01", "2022-12-31")]
    found = told(f"{NEW}||device", *bought, demand=[demand(NEW, 4)], rights=[UP])

    assert found == [(OLD, NEW, "upgrade", "maintenance-lapsed", "UP")]


def test_what_was_never_maintained_is_told_apart(told):
    found = told(f"{NEW}||device", item("1", OLD, 10), demand=[demand(NEW, 4)], rights=[UP])

    assert found == [(OLD, NEW, "upgrade", "no-maintenance", "UP")]


def test_an_older_version_without_surplus_is_not_blamed_for_its_maintenance(told):
    bought = [item("1", OLD, 10), maintenance("2", OLD, 10, "2020-01-01", "2022-12-31")]
    counted = [demand(NEW, 4), demand(OLD, 10)]
    found = told(f"{NEW}||device", *bought, demand=counted, rights=[UP])

    assert found == [(OLD, NEW, "upgrade", "no-maintained-surplus", "UP")]


def test_maintained_licenses_that_went_elsewhere_are_used_up(told):
    bought = [item("1", OLD, 10), maintenance("2", OLD, 3, "2020-01-01", "2026-12-31")]
    counted = [demand(MIDDLE, 3), demand(NEW, 4)]
    found = told(f"{NEW}||device", *bought, demand=counted, rights=[UP])

    assert (OLD, NEW, "upgrade", "used-up", "UP") in found


def test_only_the_release_is_missing(told):
    bought = [item("1", OLD, 10), maintenance("2", OLD, 10, "2020-01-01", "2026-12-31")]
    ranked = estates.family(estates.product(OLD), estates.product(NEW))
    found = told(f"{NEW}||device", *bought, demand=[demand(NEW, 4)], rights=[UP], products=ranked)

    assert found == [(OLD, NEW, "upgrade", "release-unknown", "UP")]


def test_a_named_pair_is_judged_by_its_own_right(told):
    pair = {
        "right": "PAIR",
        "kind": "downgrade",
        "from_product": NEW,
        "to_product": "Tool",
        "valid_until": "2025-01-01",
    }
    products = [*servers(), estates.product("Tool")]
    found = told("Tool||device", item("1", NEW, 10), demand=[demand("Tool", 4)], rights=[pair], products=products)

    assert found == [(NEW, "Tool", "downgrade", "right-ended", "PAIR")]


def test_versions_of_one_age_have_no_order(told):
    same = [
        {"family": "Server", "edition": "Standard", "version_rank": 1, **estates.product(name)} for name in (OLD, NEW)
    ]
    found = told(f"{OLD}||device", item("1", NEW, 10), demand=[demand(OLD, 4)], rights=[DOWN], products=same)

    assert found[0][3] in {"no-order", "not-newer", "not-older"}


def test_what_is_gone_refuses_nothing(told, book):
    told(f"{NEW}|perpetual|device", item("1", NEW, 10))

    assert refusals.of_position(book, "Nothing||device") == []
    assert refusals.moved(book, "Nothing||device") == []


def test_what_moved_is_explained_by_what_held_before(told, book):
    told(f"{OLD}||device", item("1", NEW, 10), demand=[demand(OLD, 4)], rights=[DOWN])

    (received,) = refusals.moved(book, f"{OLD}||device")
    (given,) = refusals.moved(book, f"{NEW}|perpetual|device")

    assert received == given
    assert (given.topic, given.outcome, given.about) == ("moved", "downgrade", "4 by SA")
    assert given.holds
    assert "10 > 0" in [check.values for check in given.checks]
    assert [link.key for link in given.facts] == [f"{NEW}|perpetual|device", f"{OLD}||device"]
    assert refusals.moved(book, f"{MIDDLE}||device") == []


def test_every_condition_of_the_rules_of_transfers_has_an_obstacle():
    texts = {condition.text for rule in library.documents()["transfers"].rules for condition in rule.conditions}

    assert texts == set(refusals.OBSTACLES)
