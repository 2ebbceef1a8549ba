"""What a license manager sees in the overviews: columns, rows, what lies below a row, and how rows are known."""

import threading
from itertools import chain

import pytest

from store import contracts, demand, overviews, search, undo
from store.overviews import OVERVIEWS, Ask
from store.portal import decisions
from store.records import Contract, Count
from store.reviews import opening as reviews
from tests import estates, portal
from tests.conftest import AS_OF
from tests.estates import allocation, contract, item, maintenance, of, override, product


def shown(book, name, ask=None, columns=""):
    """The rows of an overview in order, as dicts or as the values of some columns."""
    fields = [field.name for field in OVERVIEWS[name].fields]
    ids = overviews.first(book, name, ask or Ask())
    values = overviews.rows(book, name, ids)
    found = [dict(zip(fields, values[number], strict=True)) for number in ids]
    return [tuple(row[column] for column in columns.split()) for row in found] if columns else found


def the(book, name, key):
    """The row with that key."""
    number = overviews.find(book, name, key)
    fields = [field.name for field in OVERVIEWS[name].fields]
    return dict(zip(fields, overviews.rows(book, name, [number])[number], strict=True))


def below(book, name, key):
    return overviews.children(book, name, overviews.find(book, name, key))


# ------------------------------------------------------------------------------------------------------------- columns
def test_entitlements_have_the_thirteen_columns_in_their_order_and_four_more_on_demand():
    columns = OVERVIEWS["entitlements"].fields
    assert [field.name for field in columns if not field.hidden] == (
        "product name model metric quantity allocated remaining license_start maintenance_quantity activation"
        " expiration last_demand_synchronization managed_by"
    ).split()
    assert [field.name for field in columns if field.hidden] == ["state", "active", "vendor", "price"]


def test_compliance_has_its_columns_in_their_order():
    assert [field.name for field in OVERVIEWS["compliance"].fields][:11] == (
        "product name model metric active downgrade upgrade demand balance balance_value status".split()
    )


@pytest.mark.parametrize("name", OVERVIEWS)
def test_every_overview_ends_its_filters_with_all_and_begins_with_one_that_it_has(name):
    overview = OVERVIEWS[name]
    assert overview.filters[-1] == "all"
    assert overview.default in overview.filters


def test_an_entitlement_shows_what_the_documented_example_says(book, fill):
    server = "Windows Server 2025 Standard"
    items = (
        item("1", server, 2000, metric="core", unit_price="12.5"),
        maintenance("2", server, 500, "2026-01-01", "2026-12-31", metric="core"),
    )
    groups = {"resource_groups": estates.groups("Infra"), "user_groups": estates.groups("Team")}
    fill(book, of(*items, **groups, allocations=[allocation(server, "Infra", "Team", 2000, metric="core")]))

    row = the(book, "entitlements", f"{server}|perpetual|core")

    assert row["name"] == "Windows Server 2025 Standard - Perpetual - Core based"
    assert (row["quantity"], row["allocated"], row["remaining"]) == (2000, 2000, 0)
    assert (row["maintenance_quantity"], row["price"], row["state"]) == (500, "12.50 EUR", "active")
    assert (row["license_start"], row["expiration"]) == ("2024-02-01", None)


# ------------------------------------------------------------------------------------------------------------ contracts
def test_the_total_of_a_contract_is_exact_to_the_last_decimal(book, fill):
    cheap = [item(str(n), "Office", 3, unit_price="0.1") for n in range(1, 4)]
    fill(book, of(*cheap, item("4", "Office", 2147483647, unit_price="98765432.123456")))
    assert the(book, "contracts", "C1")["total_costs"] == "212097150374010246.024032 EUR"


def test_a_contract_without_prices_or_with_an_item_without_limit_has_no_total(book, fill):
    free, site = item("1", "Office", 3), item("1", "Server", "unlimited", contract="C2", unit_price="5")
    fill(book, of(free, site, item("2", "Server", 1, contract="C2", unit_price="5")))
    assert shown(book, "contracts", columns="contract total_costs items") == [("C1", None, 1), ("C2", None, 2)]


def test_contracts_are_sorted_by_their_total_currency_by_currency(book, fill):
    prices = {"C1": "2", "C2": "10", "C3": "1"}
    items = [item("1", "Office", 1, contract=number, unit_price=price) for number, price in prices.items()]
    numbers = [contract("C1", currency="USD"), contract("C2"), contract("C3", currency="USD")]
    fill(book, {**of(*items), "contracts": numbers})
    assert shown(book, "contracts", Ask(sort="total_costs"), "contract") == [("C2",), ("C3",), ("C1",)]


def test_contracts_are_ended_when_their_last_item_is_and_expiring_within_the_first_warning(book, fill):
    items = [
        item("1", "Office", 1, end="2025-12-31"),
        item("2", "Office", 1, end="2026-11-20"),
        item("1", "Office", 1, contract="C2", end="2026-11-20"),
        item("2", "Office", 1, contract="C2", end="2027-02-19"),
        item("1", "Office", 1, contract="C3", end="2026-11-20"),
        item("2", "Office", 1, contract="C3"),
        item("1", "Office", 1, contract="C4", end="2027-02-20"),
    ]
    fill(book, of(*items))
    assert shown(book, "contracts", Ask(filter="ended"), "contract") == [("C1",)]
    assert shown(book, "contracts", Ask(filter="expiring"), "contract") == [("C2",)]


def test_what_stands_in_for_the_contract_of_manual_entitlements_is_no_contract(book, fill):
    fill(book, of(item("1", "Office", 1)))
    book.run("UPDATE contracts SET manual = 1")
    assert shown(book, "contracts") == []
    assert overviews.find(book, "contracts", "C1") is None


# ----------------------------------------------------------------------------------------------------------- compliance
def test_a_position_shows_its_balance_with_its_value(book, fill):
    figures = {"active": 1000, "downgrade": -35, "upgrade": 0, "demand": 860}
    fill(book, of(item("1", "Office", 1000, unit_price="2.50"), overrides=[override("Office", **figures)]))
    row = the(book, "compliance", "Office|perpetual|device")
    assert (row["balance"], row["balance_value"], row["status"], row["override"]) == (
        105,
        "262.50 EUR",
        "over-licensed",
        1,
    )


def test_a_balance_without_limit_has_no_value(book, fill):
    fill(book, of(item("1", "Office", "unlimited", unit_price="2.50")))
    assert shown(book, "compliance", columns="balance_value override") == [(None, 0)]


def test_a_product_with_demand_but_no_entitlement_has_a_position_under_its_own_name(book, fill):
    fill(book, of(item("1", "Office", 1), demand=[estates.demand("Freeware", 7)]))
    (row,) = shown(book, "compliance", Ask(filter="under-licensed"))
    assert (row["product"], row["name"], row["model"], row["balance"]) == ("Freeware", "Freeware", None, -7)
    assert overviews.find(book, "compliance", "Freeware||device") is not None


def test_a_position_opens_to_its_resource_groups_and_what_is_in_none(book, fill):
    groups = {"resource_groups": estates.groups("plant", "Office"), "user_groups": estates.groups("Team")}
    rows = {"allocations": [allocation("Suite", "plant", "Team", 60)]}
    counts = [estates.demand("Suite", 50, resource_group="plant"), estates.demand("Suite", 30, resource_group="Office")]
    fill(book, of(item("1", "Suite", 100), **groups, **rows, demand=counts))

    parts = below(book, "compliance", "Suite|perpetual|device")

    assert [(part[0], *part[4:9]) for part in parts] == [
        ("Office", 0, 0, 0, 30, -30),
        ("plant", 60, 0, 0, 50, 10),
        ("", 40, 0, 0, 0, 40),
    ]
    assert all(len(part) == len(OVERVIEWS["compliance"].fields) for part in parts)
    assert the(book, "compliance", "Suite|perpetual|device")["parts"] == 3


def test_positions_are_sorted_by_the_value_of_their_balance(book, fill):
    items = [item(str(n), f"P{n}", 10, unit_price=price) for n, price in enumerate(["5", "100", "20"])]
    fill(book, of(*items, item("9", "Without a price", 10)))
    order = shown(book, "compliance", Ask(sort="balance_value", descending=True), "product balance_value")
    assert order == [("P1", "1000.00 EUR"), ("P2", "200.00 EUR"), ("P0", "50.00 EUR"), ("Without a price", None)]


def test_the_price_of_a_position_follows_the_latest_purchase(book, fill):
    fill(book, of(item("1", "Office", 10, unit_price="5")))
    fill(book, of(item("1", "Office", 10, unit_price="7")))
    assert shown(book, "compliance", columns="balance_value") == [("70.00 EUR",)]


# --------------------------------------------------------------------------------------------------------------- demand
def test_demand_opens_to_its_counts_by_resource_group_and_source(book, fill):
    groups = {"resource_groups": estates.groups("Plant")}
    counts = [
        estates.demand("Office", 5, resource_group="Plant", source="scan B", counted_on="2026-10-01"),
        estates.demand("Office", 7, resource_group="Plant", source="scan A"),
        estates.demand("Office", 1, source="scan A"),
    ]
    fill(book, of(item("1", "Office", 10), demand=counts, **groups))

    row = the(book, "demand", "Office|device")

    assert (row["quantity"], row["source"], row["counted_on"], row["basis"]) == (13, "", "2026-11-01", "counted")
    assert row["parts"] == 3
    assert [part[:5] for part in below(book, "demand", "Office|device")] == [
        ("Plant", None, 7, "scan A", "2026-11-01"),
        ("Plant", None, 5, "scan B", "2026-10-01"),
        ("", None, 1, "scan A", "2026-11-01"),
    ]


def test_installations_stand_in_for_demand_that_nobody_has_counted(book, fill):
    installed = [{"product": "Office", "device": f"pc{n}", "resource_group": "Plant" if n else ""} for n in range(3)]
    fill(book, of(item("1", "Office", 10), installations=installed, resource_groups=estates.groups("Plant")))
    assert shown(book, "demand", columns="product metric quantity basis") == [("Office", "device", 3, "installed")]
    assert [part[:3] for part in below(book, "demand", "Office|device")] == [("Plant", None, 2), ("", None, 1)]

    demand.save(book, Count("Office", "device", 9, source="by hand", counted_on="2026-08-22"))
    assert shown(book, "demand", columns="quantity source basis") == [(9, "by hand", "counted")]
    assert shown(book, "demand", Ask(filter="stale"), "counted_on") == [("2026-08-22",)]


# ------------------------------------------------------------------------------------------------------------- products
def test_products_stand_by_family_and_version_those_without_a_family_first(book, fill):
    server = [
        product(f"Server {v}", family="Server", version=v, version_rank=n) for n, v in enumerate(["9", "10", "11"])
    ]
    fill(book, {"products": [server[2], server[0], product("zip"), product("Ace"), server[1]]})
    assert [row[0] for row in shown(book, "products", columns="product")] == [
        *("Ace", "zip"),
        *("Server 9", "Server 10", "Server 11"),
    ]


def test_a_product_shows_its_active_licenses_and_its_demand(book, fill):
    fill(
        book,
        of(item("1", "Office", 10), demand=[estates.demand("Office", 4), estates.demand("Office", 2, metric="user")]),
    )
    assert shown(book, "products", columns="product active demand") == [("Office", 10, 6)]


# --------------------------------------------------------------------------------------------------------------- events
def test_the_agenda_shows_automatic_and_manual_events_by_day(book, fill):
    fill(book, of(item("1", "Office", 10, "2024-02-01", "2027-01-31")))
    book.run(
        "INSERT INTO manual_events (kind, on_day, contract_id, name) VALUES ('custom', '2026-12-01', 1, 'Call them')"
    )

    upcoming = shown(book, "events", Ask(filter="upcoming"), "day kind item automatic name")

    assert ("2026-12-01", "custom", "", 0, "Call them") in upcoming
    assert upcoming[-1] == ("2027-01-31", "license-end", "1", 1, "")
    assert [day for day, *_ in upcoming] == sorted(day for day, *_ in upcoming)
    assert overviews.counts(book, "events", Ask())["manual"] == 1


def test_the_events_of_a_month_are_found(book, fill):
    fill(book, of(item("1", "Office", 10, "2024-02-01", "2027-01-31")))
    month = (("day>=", "2027-01-01"), ("day<=", "2027-01-31"))
    assert shown(book, "events", Ask(where=month), "day kind") == [
        ("2027-01-01", "expiration-warning"),
        ("2027-01-24", "expiration-warning"),
        ("2027-01-31", "expiration-warning"),
        ("2027-01-31", "license-end"),
    ]


# --------------------------------------------------------------------------------------------------------------- portal
def test_the_overviews_of_the_portal_have_their_columns():
    columns = {name: " ".join(f.name for f in OVERVIEWS[name].fields if not f.hidden) for name in OVERVIEWS}
    assert columns["titles"] == (
        "title product version released_on orderable requires_approval price included optional authorized owned balance"
    )
    assert columns["definitions"] == (
        "definition title contract kind state orderable forced version_right max_request_days starts_on ends_on"
        " effective_end unit_price holders"
    )
    assert columns["deployed"] == ("holder title definition quantity start end days_left state request reasons periods")
    assert columns["approvals"].split()[-5:] == ["end", "amount", "effect", "warnings", "submitted_on"]


def test_a_title_shows_what_is_authorized_beside_the_position_of_its_product(book, fill):
    bought = of(item("1", "Office", 10), demand=[estates.demand("Office", 14)])
    fill(book, {**bought, **estates.portal("Suite", titles=[{"title": "Suite", "product": "Office"}])})
    assert shown(book, "titles", columns="title product authorized owned balance optional") == [
        ("Suite", "Office", 1, 10, -4, 1)
    ]


def test_what_waits_for_an_approver_shows_what_it_would_lead_to(book, fill):
    fill(book, estates.portal("Office"))
    fill(
        book,
        {
            "requests": [{"request": "R3", "requester": "sam", "holder": "PC-1", "submitted_on": "2026-11-01"}],
            "request_lines": [
                {"request": "R3", "line": "1", "kind": "title", "title": "Office"},
                *(
                    {
                        **{"request": "R3", "line": str(n), "kind": "entitlement", "title": "Office"},
                        **{"definition": "Care|Office", "quantity": quantity, "start": start, "end": end},
                    }
                    for n, (quantity, start, end) in enumerate(
                        [(2, "2026-10-01", "2027-09-30"), (1, "2026-12-01", "2027-06-30"), (3, "2026-11-01", "")], 2
                    )
                ),
            ],
        },
    )
    columns = "request line effect warnings amount"
    found = shown(book, "approvals", columns=columns)
    assert found == [
        ("R|2", "1a", "authorized", "", "9.99 EUR"),
        ("R|2", "1|b", "created", "", "3.00 EUR"),
        ("R3", "2", "no-change", "", None),
        ("R3", "3", "replaced", "shortens, fewer, gap", "1.50 EUR"),
        ("R3", "4", "replaced", "", "4.50 EUR"),
    ]
    for request, line, effect, warnings, amount in found[2:]:
        (told,) = decisions.preview(book, [(request, line)], on=AS_OF)
        assert (told.outcome, ", ".join(told.warnings)) == (effect, warnings)
        assert f"{told.amount} {told.currency}" == (amount or "None EUR")


def test_what_the_holder_has_already_is_asked_for_without_an_amount(book):
    portal.offer(book)
    portal.hold(book)
    portal.ask(book, "R-1", portal.ANN, portal.suite(), portal.entitlement("2", portal.SA, 6))
    assert shown(book, "requests", columns="line outcome amount") == [
        ("2", "pending", "180.00 EUR"),
        ("1", "authorized", None),
    ]


def test_a_charge_that_was_undone_is_no_longer_standing(book, fill):
    with undo.step(book, "Import", resolved=True):
        fill(book, estates.portal("Office"))
    assert shown(book, "charges", Ask(filter="standing"), "request line title amount") == [
        ("R|1", "1|b", "Office", "3.00 EUR")
    ]
    undo.back(book)
    assert shown(book, "charges", Ask(filter="standing")) == []
    assert shown(book, "charges", Ask(filter="reversed"), "kind title") == [("credit", ""), ("debit", "")]


# ----------------------------------------------------------------------------------------------------------- change log
def test_the_change_log_begins_with_the_newest_entry(book):
    for number in ("C-1", "C-2"):
        contracts.save(book, Contract(number, "Windows", invoice_date=AS_OF, currency="EUR"))
    assert shown(book, "changes", columns="action subject key who") == [
        ("add", "contracts", "C-2", "ann"),
        ("add", "contracts", "C-1", "ann"),
    ]
    assert shown(book, "changes", Ask("c 1"), "key") == [("C-1",)]


# ----------------------------------------------------------------------------------------------------------------- keys
@pytest.mark.parametrize("name", OVERVIEWS)
def test_every_row_is_found_by_its_key_even_when_names_hold_its_separator(name, book, fill):
    odd = "a|b|perpetual|device"
    counts = {"demand": [estates.demand(odd, 3), estates.demand("a", 3)]}
    fill(book, of(item("1|2", odd, 5, end="2027-01-31", contract="C|1"), item("1", "b|c", 5), **counts))
    fill(book, estates.portal("a|b", "b"))
    fill(book, {"discovered_software": [{"device": "D", "name": "a|b", "publisher": "c|d", "version": "1|2"}]})
    fill(book, {"hosts": [{"host": "a|b"}, {"host": "a"}], "virtual_machines": [{"vm": "a|b", "host": "a|b"}]})
    book.run("INSERT INTO manual_events (kind, on_day, contract_id, name) VALUES ('custom', '2026-12-01', 1, 'Call')")
    reviews.open_(book, "Q|4", "all")
    ids = overviews.first(book, name, Ask())
    assert len(ids) > 0
    for number in ids:
        assert overviews.find(book, name, overviews.key(book, name, number)) == number


@pytest.mark.parametrize("name", OVERVIEWS)
def test_a_key_that_no_row_has_finds_nothing_and_a_row_that_is_gone_has_none(name, book, fill):
    fill(book, of(item("1", "Office", 5)))
    for key in ("", "|", "no such", "no|such|key", "manual|7", "manual|x", "7", "a|b|c|d"):
        assert overviews.find(book, name, key) is None
    with pytest.raises(KeyError):
        overviews.key(book, name, 999_999)
    assert overviews.rows(book, name, [999_999, 999_998]) == {}
    assert overviews.rows(book, name, []) == {}


def test_only_trees_have_rows_below_their_rows(book, fill):
    found = {"discovered_software": [{"device": "D", "name": "tar"}], "hosts": [{"host": "esx"}]}
    found["virtual_machines"] = [{"vm": "web", "host": "esx"}]
    fill(book, {**of(item("1", "Office", 5)), **estates.portal("Office"), **found})
    reviews.open_(book, "Q4", "all")
    for name, overview in OVERVIEWS.items():
        assert overview.tree == (name in ("compliance", "demand"))
        if not overview.tree:
            assert overviews.children(book, name, overviews.first(book, name, Ask())[0]) == ()


# ---------------------------------------------------------------------------------------------------------------- books
@pytest.mark.parametrize("name", OVERVIEWS)
def test_a_book_that_was_never_judged_has_empty_overviews(name, book):
    for code in OVERVIEWS[name].filters:
        assert overviews.first(book, name, Ask("x", code)) == []
        assert overviews.first(book, name, Ask(filter=code)) == []
    assert set(overviews.counts(book, name, Ask()).values()) == {0}


def test_many_rows_come_in_parts_that_a_thread_can_read(book):
    with book.transaction():
        book.many("INSERT INTO products (product) VALUES (?)", [(f"P{n:05d}",) for n in range(4_500)])
    parts = []

    def read():
        parts.extend(overviews.ids(book, "products", Ask()))
        book.release()

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()

    assert [len(part) for part in parts] == [2_000, 2_000, 500]
    ids = list(chain.from_iterable(parts))
    assert len(overviews.rows(book, "products", ids)) == 4_500
    assert overviews.first(book, "products", Ask()) == ids[:128]


def test_a_search_finds_what_was_bought_since(book, fill):
    fill(book, of(item("1", "Office", 5)))
    assert shown(book, "entitlements", Ask("visio")) == []
    fill(book, of(item("2", "Visio", 5)))
    assert shown(book, "entitlements", Ask("vis off")) == []
    assert shown(book, "entitlements", Ask("vis perp"), "product") == [("Visio",)]
    book.run("DELETE FROM entitlement_search")
    assert shown(book, "entitlements", Ask("vis perp"), "product") == [("Visio",)]
    search.rebuild(book)
    assert shown(book, "entitlements", Ask("vis perp"), "product") == [("Visio",)]
