"""What a person does with demand counts, and how installations are counted where nobody counted."""

import pytest

from store import demand as counts
from store.errors import Unfit, Unknown
from store.records import Count
from tests.conftest import snapshot_of
from tests.estates import demand, groups, item, of, product, subscription


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 100), demand=[demand("Office", 90)], resource_groups=groups("Berlin")))
    return book


def position(book, product="Office"):
    return next(p for p in snapshot_of(book)["positions"] if p["product"] == product)


@pytest.mark.parametrize(
    ("needed", "balance", "status"),
    [(99, 1, "over-licensed"), (100, 0, "compliant"), (101, -1, "under-licensed")],
)
def test_a_count_of_the_same_source_is_replaced_and_the_balance_follows(needed, balance, status, estate):
    counts.save(estate, Count("Office", "device", needed, source="count"))
    assert (position(estate)["demand"], position(estate)["balance"], position(estate)["status"]) == (
        needed,
        balance,
        status,
    )


def test_counts_of_several_sources_and_groups_add_up(estate):
    counts.save(estate, Count("Office", "device", 5, "Berlin", "scan", "2026-11-20T10:00:00+01:00"))
    assert position(estate)["demand"] == 95
    (entitlement,) = snapshot_of(estate)["entitlements"]
    assert entitlement["last_demand_synchronization"] == "2026-11-20T09:00:00Z"


def test_a_removed_count_no_longer_counts(estate):
    counts.remove(estate, Count("Office", "device", 0, source="count"))
    assert position(estate)["demand"] == 0
    with pytest.raises(Unknown, match=r"demand: there is no count Office\|device\|\|count"):
        counts.remove(estate, Count("Office", "device", 0, source="count"))


def test_saving_a_count_as_it_is_writes_nothing(estate):
    before = estate.value("SELECT count(*) FROM change_log")
    counts.save(estate, Count("Office", "device", 90, source="count", counted_on="2026-11-01"))
    assert estate.value("SELECT count(*) FROM change_log") == before


@pytest.mark.parametrize(
    ("count", "fault", "sentence"),
    [
        (Count("Offize", "device", 1), Unknown, "Did you mean 'Office'"),
        (Count("Office", "heads", 1), Unknown, "metrics: there is no 'heads'"),
        (Count("Office", "device", 1, "Bonn"), Unknown, "resource groups: there is no 'Bonn'"),
        (Count("Office", "device", -1), Unfit, "quantity: -1 is not possible"),
        (Count("Office", "device", 1, counted_on="soon"), Unfit, "counted on: 'soon' is neither a day nor a time"),
    ],
)
def test_a_count_of_what_does_not_exist_is_refused(count, fault, sentence, estate):
    with pytest.raises(fault, match=sentence):
        counts.save(estate, count)
    assert position(estate)["demand"] == 90


def test_demand_without_an_entitlement_has_a_row_that_goes_when_the_demand_goes(book, fill):
    fill(book, {"products": [product("Visio")], "demand": [demand("Visio", 7)]})
    assert position(book, "Visio")["model"] is None
    assert (position(book, "Visio")["balance"], position(book, "Visio")["status"]) == (-7, "under-licensed")

    counts.save(book, Count("Visio", "device", 0, source="count"))
    assert snapshot_of(book)["positions"] == []


def test_demand_fills_perpetual_first_and_what_is_missing_stays_on_the_last_row(book, fill):
    both = item("1", "Office", 60), subscription("2", "Office", 30, "2026-01-01", "2026-12-31")
    fill(book, of(*both, demand=[demand("Office", 100)]))
    placed = {p["model"]: (p["demand"], p["balance"]) for p in snapshot_of(book)["positions"]}
    assert placed == {"perpetual": (60, 0), "subscription": (40, -10)}

    counts.save(book, Count("Office", "device", 70, source="count"))
    placed = {p["model"]: (p["demand"], p["balance"]) for p in snapshot_of(book)["positions"]}
    assert placed == {"perpetual": (60, 0), "subscription": (10, 20)}


def test_the_balance_is_worth_its_units_at_the_latest_price(book, fill):
    priced = item("1", "Office", 100, unit_price="12.34"), item("2", "Office", 10, "2025-01-01", unit_price="20.005")
    fill(book, of(*priced, demand=[demand("Office", 113)]))
    assert position(book)["balance_value"] == {"currency": "EUR", "amount": "-60.015"}
    counts.save(book, Count("Office", "device", 110, source="count"))
    assert position(book)["balance_value"] == {"currency": "EUR", "amount": "0.00"}


# ------------------------------------------------------------------------------------------------------ installations
INSTALLED = [
    {"product": "Office", "device": "PC-1", "user": "ann", "cores": 8, "resource_group": "Berlin"},
    {"product": "Office", "device": "PC-1", "user": "bob", "cores": 8, "resource_group": "Berlin"},
    {"product": "Office", "device": "PC-2", "user": "ann", "cores": 4, "resource_group": ""},
    {"product": "Office", "device": "PC-3", "user": "", "cores": "", "resource_group": "Bonn"},
    {"product": "Office", "device": "PC-1", "user": "", "cores": 8, "resource_group": "Berlin"},
]


@pytest.mark.parametrize(("metric", "count"), [("device", 3), ("user", 4), ("core", 12)])
def test_installations_are_counted_by_distinct_devices_users_or_the_cores_of_devices(metric, count, book, fill):
    bought = item("1", "Office", 100, metric=metric)
    fill(book, of(bought, resource_groups=groups("Berlin", "Bonn"), installations=INSTALLED))
    assert position(book)["demand"] == count
    assert sum(part["demand"] for part in position(book)["breakdown"]) == count


def test_a_count_takes_the_place_of_installations(book, fill):
    tables = of(item("1", "Office", 100), resource_groups=groups("Berlin", "Bonn"), installations=INSTALLED)
    fill(book, tables)
    counts.save(book, Count("Office", "device", 40, source="count"))
    assert position(book)["demand"] == 40
    counts.remove(book, Count("Office", "device", 40, source="count"))
    assert position(book)["demand"] == 3


def test_the_product_may_say_by_which_metric_its_installations_are_counted(book, fill):
    both = item("1", "Office", 100), item("2", "Office", 100, metric="user")
    told = [product("Office", metric="user")]
    fill(book, of(*both, products=told, resource_groups=groups("Berlin", "Bonn"), installations=INSTALLED))
    assert {p["metric"]: p["demand"] for p in snapshot_of(book)["positions"]} == {"device": 0, "user": 4}


def test_installations_of_what_nobody_bought_are_counted_by_device(book, fill):
    fill(
        book, {"products": [product("Office")], "resource_groups": groups("Berlin", "Bonn"), "installations": INSTALLED}
    )
    assert (position(book)["metric"], position(book)["demand"]) == ("device", 3)
