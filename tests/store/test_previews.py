"""What a contract would do, told before it is stored: exactly what happens then, and nothing of it before."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from rules.vocabulary import is_unlimited
from store import care, contracts, log_chain, previews
from store.content import content_hash
from store.errors import Unfit, Unknown
from store.imports.load import load
from store.records import Contract, ContractItem, EntitlementKey, Product
from tests import estates
from tests.conftest import AS_OF, opened, snapshot_of
from tests.estates import allocation, demand, groups, item, of, product
from tests.examples import examples

C1 = Contract("C1", "Contract C1", date(2024, 1, 15), "EUR")
C2 = Contract("C2", "Second", date(2026, 3, 1), "EUR")
OFFICE = EntitlementKey("Office", "perpetual", "device")
ITEM = ContractItem("C2", "1", "Office", "perpetual", "device", 40, date(2026, 3, 1))


@pytest.fixture
def estate(book, fill):
    """100 Office of contract C1, 120 of them needed, and Visio, which nobody has bought yet."""
    fill(
        book,
        of(
            item("1", "Office", 100, start="2024-02-01"),
            products=[product("Office"), product("Visio")],
            demand=[demand("Office", 120)],
        ),
    )
    return book


IN_USE = {"resource_groups": groups("Plant"), "user_groups": groups("Staff")}


def of_office(quantity):
    return allocation("Office", "Plant", "Staff", quantity)


def effect(preview, key):
    return next(one for one in preview.entitlements if one.key == key)


def test_an_item_for_a_product_that_was_bought_before_feeds_its_entitlement(estate):
    told = previews.contract(estate, C2, [ITEM], new=True)

    (feeding,) = told.feedings
    assert (feeding.entitlement, feeding.opens, feeding.covers) == (OFFICE, False, False)
    changed = effect(told, OFFICE)
    assert (changed.before.quantity, changed.after.quantity) == (100, 140)


def test_an_item_for_something_new_opens_an_entitlement(estate):
    told = previews.contract(estate, C2, [replace(ITEM, product="Visio")], new=True)

    (feeding,) = told.feedings
    assert feeding.opens
    assert feeding.name == "Visio - Perpetual - Device based"
    opened = effect(told, feeding.entitlement)
    assert (opened.before, opened.after.quantity) == (None, 40)


def test_maintenance_covers_the_perpetual_licenses_of_its_product(estate):
    covering = replace(ITEM, model="maintenance", quantity=30, license_end=date(2027, 2, 28))
    told = previews.contract(estate, C2, [covering], new=True)

    (feeding,) = told.feedings
    assert (feeding.covers, feeding.entitlement) == (True, OFFICE)
    changed = effect(told, OFFICE)
    assert (changed.before.maintenance_quantity, changed.after.maintenance_quantity) == (0, 30)
    assert changed.before.quantity == changed.after.quantity


def test_the_events_that_will_be_made_are_told_with_their_days(estate):
    told = previews.contract(estate, C2, [replace(ITEM, license_end=date(2027, 2, 28))], new=True)

    made = [(one.after.isoformat(), one.kind, one.item) for one in told.events if one.before is None]
    assert made == [
        ("2026-03-01", "contract-invoiced", ""),
        ("2026-03-01", "purchased-renewal", "1"),
        ("2026-11-30", "expiration-warning", "1"),
        ("2026-12-30", "expiration-warning", "1"),
        ("2027-01-29", "expiration-warning", "1"),
        ("2027-02-21", "expiration-warning", "1"),
        ("2027-02-28", "expiration-warning", "1"),
        ("2027-02-28", "license-end", "1"),
    ]


def test_what_becomes_of_the_balance_is_told(estate):
    told = previews.contract(estate, C2, [ITEM], new=True)
    (changed,) = told.positions
    assert (changed.before.balance, changed.before.status) == (-20, "under-licensed")
    assert (changed.after.balance, changed.after.status) == (20, "over-licensed")


def test_an_earlier_purchase_makes_the_first_one_of_another_contract_a_renewal(estate):
    told = previews.contract(estate, C2, [replace(ITEM, license_start=date(2023, 1, 1))], new=True)
    of_c1 = [(one.kind, one.before, one.after) for one in told.events if one.contract == "C1"]
    assert sorted(of_c1) == [
        ("purchased", date(2024, 2, 1), None),
        ("purchased-renewal", None, date(2024, 2, 1)),
    ]


def test_a_preview_leaves_nothing_behind(estate):
    before = content_hash(estate), snapshot_of(estate), estate.value("SELECT count(*) FROM change_log")
    previews.contract(estate, C2, [ITEM], products=[Product("New one")], new=True)
    assert (content_hash(estate), snapshot_of(estate), estate.value("SELECT count(*) FROM change_log")) == before


def test_an_entitlement_that_no_item_feeds_any_more_is_archived(estate):
    told = previews.contract(estate, C1, [])
    assert effect(told, OFFICE).after is None
    assert told.feedings == ()


def test_removing_what_is_allocated_has_to_be_confirmed_and_its_effect_is_told_all_the_same(book, fill):
    fill(book, of(item("1", "Office", 60), item("2", "Office", 40), **IN_USE, allocations=[of_office(80)]))
    (_, items) = contracts.read(book, "C1")
    told = previews.contract(book, C1, items[1:])
    assert "80 are allocated, but 40 would be left" in told.confirm
    assert effect(told, OFFICE).after.quantity == 40


def test_a_preview_refuses_what_storing_would_refuse(estate):
    before = content_hash(estate)
    with pytest.raises(Unfit, match="is in the book already"):
        previews.contract(estate, C1, [], new=True)
    with pytest.raises(Unknown, match="there is no 'Nothing'"):
        previews.contract(estate, C2, [replace(ITEM, product="Nothing")], new=True)
    assert content_hash(estate) == before
    previews.contract(estate, C2, [ITEM], new=True)


def test_a_preview_inside_of_another_change_keeps_that_change(estate):
    with estate.transaction():
        contracts.save(estate, C2)
        previews.contract(estate, C2, [ITEM])
    assert estate.value("SELECT count(*) FROM contract_items") == 1
    assert estate.value("SELECT count(*) FROM contracts") == 2


# ------------------------------------------------------------------------------------------------------ it is exact
FIRST = date(2025, 1, 1)
NAMES = ("Office 2019", "Office 2024", "Visio", "Project")
ITEMS = st.builds(
    lambda name, model, units, start, length, price: ContractItem(
        "C2",
        "",
        name,
        model,
        "device",
        units,
        FIRST + timedelta(start),
        None if length is None else FIRST + timedelta(start + length),
        price,
    ),
    st.sampled_from(NAMES),
    st.sampled_from(["perpetual", "subscription", "maintenance"]),
    st.integers(0, 300) | st.none(),
    st.integers(0, 900),
    st.integers(0, 900) | st.none(),
    st.none() | st.decimals(0, 100, places=2),
)


def numbered(items):
    return [replace(one, item=str(number)) for number, one in enumerate(items, 1)]


def world(book):
    """Everything that can be seen to follow, by the snapshot and not by the preview's own queries."""
    seen = snapshot_of(book)
    entitlements = {
        (e["product"], e["model"], e["metric"]): (e["quantity"], e["active"], e["allocated"], e["maintenance_quantity"])
        for e in seen["entitlements"]
    }
    events = {(e["contract"], e["item"] or "", e["kind"], e["on"]) for e in seen["events"] if e["automatic"]}
    positions = {(p["product"], p["model"] or "", p["metric"]): (p["balance"], p["status"]) for p in seen["positions"]}
    return entitlements, events, positions


@examples(6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(ITEMS, max_size=4).map(numbered), after=st.lists(ITEMS, max_size=4).map(numbered))
def test_a_preview_tells_exactly_what_happens_then(before, after, tmp_path_factory):
    require_exact(before, after, tmp_path_factory.mktemp("exact"))


def test_what_is_taken_off_a_balance_without_limit_is_no_effect(tmp_path):
    without_end = ContractItem("C2", "1", "Office 2019", "subscription", "device", None, FIRST, None, None)
    require_exact([without_end], [without_end, replace(without_end, item="2", model="perpetual")], tmp_path)


def require_exact(before, after, folder):
    tables = of(
        item("1", "Office 2024", 50),
        **IN_USE,
        products=[
            product("Office 2019", version="2019", family="Office"),
            product("Office 2024", version="2024", family="Office"),
            product("Visio"),
            product("Project", maintenance_separate="true"),
        ],
        demand=[demand("Office 2019", 70), demand("Visio", 5)],
        allocations=[allocation("Office 2024", "Plant", "Staff", 20)],
    )
    with opened(folder / "b.elpis", create=True) as book:
        load(book, estates.write(folder / "t", tables), as_of=AS_OF)
        contracts.save_whole(book, C2, before)
        seen = world(book)
        told = previews.contract(book, C2, after)
        contracts.save_whole(book, C2, after, confirmed=True)
        agree(told, seen, world(book))


def agree(told, before, after):
    """The differences told are all the differences there are."""
    entitlements = {
        (e.key.product, e.key.model, e.key.metric): (_of(e.before), _of(e.after)) for e in told.entitlements
    }
    for key in differing(before[0], after[0]) | entitlements.keys():
        assert entitlements[key] == (before[0].get(key), after[0].get(key))
    positions = {(p.product, p.model, p.metric): (_stand(p.before), _stand(p.after)) for p in told.positions}
    assert positions == {key: (before[2].get(key), after[2].get(key)) for key in differing(before[2], after[2])}
    made = {(e.contract, e.item, e.kind, e.after.isoformat()) for e in told.events if e.after}
    gone = {(e.contract, e.item, e.kind, e.before.isoformat()) for e in told.events if e.before}
    assert after[1] - before[1] <= made <= after[1]
    assert before[1] - after[1] <= gone <= before[1]


def differing(before, after):
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def _of(figures):
    if figures is None:
        return None
    return tuple(_shown(getattr(figures, name)) for name in ("quantity", "active", "allocated", "maintenance_quantity"))


def _stand(standing):
    return standing and (_shown(standing.balance), standing.status)


def _shown(value):
    return "unlimited" if is_unlimited(value) else value


def test_what_is_written_after_a_preview_is_in_the_chain_of_the_change_log(book, fill):
    fill(book, of(item("1", "Office", 100)))
    with previews.trial(book):
        contracts.save(book, Contract("C8", "tried", date(2026, 1, 1), "EUR"))
    contracts.save(book, Contract("C9", "stored", date(2026, 1, 1), "EUR"))
    assert log_chain.problems(book) == []
    assert care.check(book) == []
