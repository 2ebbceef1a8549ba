"""What the rules conclude from an estate, as the snapshot shows it: transfers, events, breakdowns and their reasons."""

import pytest

from tests.estates import allocation, demand, groups, item, maintenance, of, override, product, subscription

ANY_OLDER = [{"right": "SA", "kind": "downgrade", "family": "Server"}]


def servers(owned, needed, *items, rights=ANY_OLDER, **more):
    """Server 2019 < 2022 < 2025 of one edition: how many are owned and needed of each."""
    versions = [f"Server {year}" for year in (2019, 2022, 2025)]
    return {
        "products": [
            product(name, family="Server", edition="Standard", version_rank=n, released_on=f"{year}-11-16")
            for n, (name, year) in enumerate(zip(versions, (2018, 2021, 2024), strict=True))
        ],
        "contracts": [{"contract": "C1", "name": "C1", "invoice_date": "2024-01-15"}],
        "contract_items": [
            *(item(str(n), name, units) for n, (name, units) in enumerate(zip(versions, owned, strict=True))),
            *items,
        ],
        "demand": [demand(name, units) for name, units in zip(versions, needed, strict=True)],
        "rights": rights,
        **more,
    }


def figures(snapshot, *names):
    return {p["product"][-4:]: tuple(p[name] for name in names) for p in snapshot["positions"]}


def moved(snapshot):
    return [(t["from_product"][-4:], t["to_product"][-4:], t["quantity"]) for t in snapshot["transfers"]]


# --------------------------------------------------------------------------------------------------------- transfers
@pytest.mark.parametrize(
    ("owned", "needed", "downgrades", "balances"),
    [
        ((0, 100, 200), (35, 120, 100), (35, 20, -55), (0, 0, 45)),
        ((0, 100, 140), (35, 120, 100), (35, 5, -40), (0, -15, 0)),
        ((0, 10, 50), (30, 0, 0), (30, -10, -20), (0, 0, 30)),
        ((0, 0, 50), (0, 0, 60), (0, 0, 0), (0, 0, -10)),
    ],
    ids=["surplus covers two", "the oldest first", "the nearest newer gives first", "who is short gives nothing"],
)
def test_newer_versions_cover_older_ones(owned, needed, downgrades, balances, review):
    found = figures(review(servers(owned, needed)), "downgrade", "balance")
    assert found == dict(zip(("2019", "2022", "2025"), zip(downgrades, balances, strict=True), strict=True))
    assert sum(down for down, _ in found.values()) == 0


def test_what_one_gives_the_other_receives_and_both_say_by_which_right(review):
    found = review(servers((0, 0, 35), (35, 0, 0)))
    (transfer,) = found["transfers"]
    assert moved(found) == [("2025", "2019", 35)]
    assert transfer["right"] == "SA"
    assert transfer["because"] == [
        "right:SA",
        "entitlement:Server 2025|perpetual|device",
        "entitlement:Server 2019|perpetual|device",
    ]
    assert [p["product"] for p in found["positions"] if "right:SA" in p["because"]] == ["Server 2019", "Server 2025"]


def test_an_upgrade_covers_a_newer_version_with_units_under_maintenance(review):
    up = [{"right": "SA up", "kind": "upgrade", "family": "Server"}]
    kept = maintenance("m", "Server 2019", 10, "2020-01-01", "2025-12-31")
    found = review(servers((25, 0, 0), (0, 0, 30), kept, rights=up))
    assert figures(found, "upgrade") == {"2019": (-10,), "2022": (0,), "2025": (10,)}


def test_a_right_counts_between_its_days_for_its_metric_and_its_depth(review):
    def moved_with(limit: dict[str, str]) -> object:
        rights = [ANY_OLDER[0] | {"valid_from": "", "valid_until": "", "metric": "", "depth": ""} | limit]
        return moved(review(servers((0, 0, 35), (35, 0, 0), rights=rights)))

    for limit in ({"valid_until": "2026-11-20"}, {"valid_from": "2026-11-22"}, {"metric": "core"}, {"depth": "1"}):
        assert moved_with(limit) == []
    for limit in ({"valid_from": "2026-11-21", "valid_until": "2026-11-21"}, {"metric": "device"}, {"depth": "2"}):
        assert moved_with(limit) == [("2025", "2019", 35)]


def test_a_named_pair_covers_a_renamed_product(review):
    pair = [{"right": "renamed", "kind": "downgrade", "from_product": "New App", "to_product": "Old App"}]
    tables = of(item("1", "New App", 10), demand=[demand("Old App", 7)], rights=pair)
    found = review(tables)
    assert [(t["from_product"], t["to_product"], t["to_model"], t["quantity"]) for t in found["transfers"]] == [
        ("New App", "Old App", None, 7)
    ]


def test_editions_and_products_without_an_order_do_not_cover_each_other(review):
    lost = servers((0, 0, 35), (35, 0, 0))
    lost["products"][2] = lost["products"][2] | {"edition": "Datacenter"}
    assert review(lost)["transfers"] == []
    for row in lost["products"]:
        row.update(edition="Standard", version_rank="", released_on="")
    assert review(lost)["transfers"] == []


def test_an_unlimited_entitlement_covers_whatever_is_missing(review):
    found = review(servers((0, 0, "unlimited"), (35, 20, 10)))
    assert figures(found, "active", "downgrade", "balance")["2025"] == ("unlimited", -55, "unlimited")
    assert next(p for p in found["positions"] if p["product"] == "Server 2025")["balance_value"] is None
    assert figures(found, "balance", "status")["2019"] == (0, "compliant")


# ------------------------------------------------------------------------------------------------------- by resource group
def test_licenses_move_inside_of_a_resource_group_first_and_a_crossing_is_told(review):
    tables = servers(
        (0, 0, 100),
        (0, 0, 0),
        resource_groups=groups("Berlin", "Bonn"),
        user_groups=groups("Sales"),
        allocations=[allocation("Server 2025", "Berlin", "Sales", 40), allocation("Server 2025", "Bonn", "Sales", 60)],
    )
    tables["demand"] = [demand("Server 2019", 50, resource_group="Berlin")]
    found = review(tables)

    parts = {
        p["product"][-4:]: {b["resource_group"]: (b["active"], b["downgrade"], b["balance"]) for b in p["breakdown"]}
        for p in found["positions"]
    }
    assert parts["2025"] == {"Berlin": (40, -40, 0), "Bonn": (60, -10, 50)}
    assert parts["2019"] == {"Berlin": (0, 50, 0)}
    assert parts["2022"] == {}
    crossing = [f["place"] for f in found["findings"] if f["code"] == "crossing-groups"]
    assert crossing == ["position Server 2019, perpetual, device", "position Server 2025, perpetual, device"]


def test_the_parts_add_up_to_each_position_that_nobody_overrode(review):
    tables = servers(
        (5, 60, 100),
        (35, 90, 40),
        resource_groups=groups("Berlin", "Bonn"),
        user_groups=groups("Sales"),
        allocations=[allocation("Server 2022", "Berlin", "Sales", 40), allocation("Server 2025", "Bonn", "Sales", 60)],
    )
    tables["demand"] += [demand("Server 2019", 12, resource_group="Bonn")]
    for position in review(tables)["positions"]:
        if position["breakdown"]:
            for figure in ("active", "demand", "downgrade", "upgrade", "balance"):
                assert sum(part[figure] for part in position["breakdown"]) == position[figure]


# --------------------------------------------------------------------------------------------- entitlements and events
@pytest.mark.parametrize(
    ("as_of", "active", "state", "expiration"),
    [
        ("2024-12-31", 0, "upcoming", None),
        ("2025-06-30", 500, "active", None),
        ("2025-12-31", 800, "active", None),
        ("2026-01-01", 300, "active", None),
    ],
)
def test_an_entitlement_of_several_purchases_counts_those_in_force(as_of, active, state, expiration, review):
    lots = subscription("1", "App", 500, "2025-01-01", "2025-12-31"), subscription("2", "App", 300, "2025-07-01")
    (found,) = review(of(*lots), as_of)["entitlements"]
    assert (found["quantity"], found["active"], found["state"], found["expiration"]) == (800, active, state, expiration)
    assert found["license_start"] == "2025-01-01"
    assert found["activation"] == (None if as_of < "2025" else "2025-01-01")


def test_the_state_names_its_rule_and_the_purchase_that_governs(review):
    lots = (
        subscription("1", "App", 5, "2025-01-01", "2026-11-30"),
        subscription("2", "App", 3, "2026-01-01", "2026-12-31"),
    )
    (found,) = review(of(*lots))["entitlements"]
    assert (found["state"], found["rule"], found["because"]) == (
        "expiring",
        "expiration.expiring",
        ["contract_item:C1/2"],
    )
    assert found["name"] == "App - Subscription - Device based"


def test_a_purchase_that_a_later_one_continues_is_not_warned_of(review):
    lots = (
        subscription("1", "App", 5, "2025-01-01", "2026-11-30"),
        subscription("2", "App", 5, "2026-12-01", "2027-11-30"),
    )
    warned = {(e["item"], e["on"]) for e in review(of(*lots))["events"] if e["kind"] == "expiration-warning"}
    days_of_the_second = {"2027-09-01", "2027-10-01", "2027-10-31", "2027-11-23", "2027-11-30"}
    assert {day for item_, day in warned if item_ == "2"} == days_of_the_second
    assert {day for item_, day in warned if item_ == "1"} <= {"2026-11-30"}


def test_each_event_names_its_rule_and_what_it_comes_from(review):
    found = review(of(item("1", "App", 5, "2025-01-01", "2026-11-30", unit_price="3")))
    for event in found["events"]:
        assert event["rule"].startswith("lifecycle.")
        assert event["because"][0] in ("contract:C1", "contract_item:C1/1")
    leads = {e["because"][1] for e in found["events"] if len(e["because"]) > 1}
    assert leads == {f"setting:warning_leads/{days}" for days in (90, 60, 30, 7)}
    perpetual = [f for f in found["findings"] if f["code"] == "perpetual-with-end"]
    assert perpetual[0]["message"] == "a perpetual license usually has no end; this one counts until 2026-11-30"


def test_the_price_is_that_of_the_latest_purchase_that_has_begun(review):
    lots = item("1", "App", 5, "2025-01-01", unit_price="3"), item("2", "App", 5, "2026-01-01", unit_price="4")
    future = item("3", "App", 5, "2027-01-01", unit_price="9")
    (found,) = review(of(*lots, future))["entitlements"]
    assert found["price"] == {"currency": "EUR", "amount": "4.00"}


def test_a_subscription_without_an_end_is_warned_of(review):
    found = review(of(subscription("1", "App", 5, "2025-01-01")))
    (finding,) = [f for f in found["findings"] if f["code"] == "end-missing"]
    assert finding["place"] == "contract C1, item 1"


def test_maintenance_without_limit_covers_everything_and_is_no_excess(review):
    kept = maintenance("2", "App", "unlimited", "2025-01-01", "2027-01-01")
    found = review(of(item("1", "App", 5), kept))
    assert found["entitlements"][0]["maintenance_quantity"] == 5
    assert "excess-maintenance" not in {f["code"] for f in found["findings"]}


def test_an_override_of_a_position_that_takes_part_in_a_transfer_is_told_as_unbalanced(review):
    tables = servers((0, 0, 35), (35, 0, 0), overrides=[override("Server 2019", downgrade=20)])
    codes = [f["place"] for f in review(tables)["findings"] if f["code"] == "unbalanced-override"]
    assert codes == ["override of Server 2019 - Perpetual - Device based"]


def test_typed_transfers_that_balance_each_other_are_not_told_as_unbalanced(review):
    typed = [override("Server 2022", downgrade=-35), override("Server 2019", downgrade=35)]
    ended = {"right": "R", "kind": "downgrade", "family": "Server", "valid_until": "2020-01-01"}
    found = review(servers((0, 100, 0), (35, 60, 0), rights=[ended], overrides=typed))
    assert {p["product"]: (p["downgrade"], p["calculated"]["downgrade"]) for p in found["positions"]} == {
        "Server 2019": (35, 0),
        "Server 2022": (-35, 0),
        "Server 2025": (0, 0),
    }
    assert "unbalanced-override" not in {f["code"] for f in found["findings"]}
