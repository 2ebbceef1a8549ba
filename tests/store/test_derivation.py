"""What rules conclude stays in step with the facts: at once, only where something changed, and the same as all anew."""

import random
from contextlib import closing
from datetime import date, timedelta

import pytest

from store import allocations, contracts, demand, derivation, facts, overrides, search, settings
from store.errors import KnownFault
from store.records import Contract, ContractItem, Count, EntitlementKey, Override
from tests.conftest import AS_OF, opened, snapshot_of
from tests.estates import allocation, groups, item, maintenance, of, override, product, subscription
from tests.estates import demand as count

VERSIONS = ("2016", "2019", "2022", "2025")
DERIVED = ("entitlements", "events", "positions", "transfers")


def servers(**more):
    """A family of four versions with a right each way, Office alone, and Old App that may become New App."""
    versions = [
        product(f"Server {v}", family="Server", edition="Standard", version=v, released_on=f"{v}-06-01")
        for v in VERSIONS
    ]
    return {
        "products": [*versions, product("Office"), product("Old App"), product("New App", maintenance_separate="true")],
        "rights": [
            {"right": "SA down", "kind": "downgrade", "family": "Server"},
            {"right": "SA up", "kind": "upgrade", "family": "Server"},
            {"right": "renamed", "kind": "downgrade", "from_product": "Old App", "to_product": "New App"},
        ],
        "resource_groups": groups("Berlin", "Bonn"),
        "user_groups": groups("Sales", "Support"),
        "contracts": [{"contract": c, "name": c, "invoice_date": "2024-01-15"} for c in ("C1", "C2")],
        **more,
    }


ESTATE = servers(
    contract_items=[
        item("1", "Server 2025", 100),
        item("2", "Server 2019", 10),
        subscription("3", "Office", 50, "2026-01-01", "2026-12-31", contract="C2"),
        item("4", "Old App", 30),
        maintenance("5", "Old App", 20, "2024-02-01", "2027-01-31"),
        item("6", "Server 2016", 5),
    ],
    demand=[count("Server 2019", 40), count("Server 2016", 20), count("Office", 60), count("New App", 12)],
    allocations=[allocation("Server 2025", "Berlin", "Sales", 60)],
    overrides=[override("Server 2016", demand=3)],
)


@pytest.fixture
def estate(book, fill):
    fill(book, ESTATE)
    return book


def rows(book, table):
    return book.rows(f"SELECT * FROM {table} ORDER BY 1")


def everything(book):
    return {table: rows(book, table) for table in DERIVED}


def writes(book):
    return book.database.connection().total_changes


# ------------------------------------------------------------------------------------------------------ recalculation
def test_recalculating_twice_writes_nothing_but_the_gate(estate):
    before = everything(estate)
    for _ in range(2):
        changes = writes(estate)
        derivation.recalculate(estate, as_of=AS_OF)
        assert writes(estate) - changes == 2, "the gate opens and closes"
        assert everything(estate) == before


def test_another_day_and_back_is_as_if_nothing_had_been(estate):
    before = snapshot_of(estate)
    derivation.recalculate(estate, as_of=date(2027, 6, 1))
    assert snapshot_of(estate) != before
    derivation.recalculate(estate, as_of=AS_OF)
    assert snapshot_of(estate) == before


def test_an_entitlement_whose_last_contract_is_gone_keeps_its_first_day(book, fill):
    fill(book, of(item("1", "Office", 5)))
    contracts.remove(book, "C1")
    assert (rows(book, "events"), rows(book, "positions")) == ([], [])
    left = rows(book, "entitlements")
    derivation.recalculate(book, as_of=AS_OF)
    assert rows(book, "entitlements") == left


def test_recalculating_says_how_far_it_is(estate):
    steps = []
    derivation.recalculate(estate, as_of=AS_OF, progress=lambda done, all_: steps.append((done, all_)))
    assert steps == [(1, 1)]


def test_a_failure_leaves_the_earlier_judgement_and_automatic_events_protected(estate, monkeypatch):
    before = snapshot_of(estate)
    monkeypatch.setattr(search, "complete", lambda book: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        derivation.recalculate(estate, as_of=date(2027, 6, 1))

    assert snapshot_of(estate) == before
    with pytest.raises(Exception, match="automatic events cannot be deleted"):
        estate.run("DELETE FROM events")


def test_what_was_written_before_any_day_was_named_is_derived_on_the_first_day(book):
    book.run("INSERT INTO products (product, transfer_group) VALUES ('Office', 1)")
    contracts.save(book, Contract("C1", "First", date(2026, 1, 1)))
    contracts.save_item(book, ContractItem("C1", "1", "Office", "perpetual", "device", 5, date(2026, 1, 1)))
    assert everything(book) == {table: [] for table in DERIVED}

    derivation.recalculate(book, as_of=AS_OF)

    assert [e["active"] for e in snapshot_of(book)["entitlements"]] == [5]
    assert len(search.find(book, "office")) == 1


def test_warnings_follow_the_setting_of_the_book(estate):
    settings.put(estate, "warning_leads", "10")
    derivation.recalculate(estate, as_of=AS_OF)
    warned = [e["on"] for e in snapshot_of(estate)["events"] if e["kind"] == "expiration-warning" and e["item"] == "3"]
    assert warned == ["2026-12-21", "2026-12-31"]
    (office,) = [e for e in snapshot_of(estate)["entitlements"] if e["product"] == "Office"]
    assert office["state"] == "active", "only the last ten days are a warning now"


# ------------------------------------------------------------------------------------------------- only what depends
def of_other_families(book, *names):
    """All derived rows but those of some products."""
    marks = ", ".join("?" * len(names))
    mine = {row[0] for row in book.rows(f"SELECT id FROM products WHERE product IN ({marks})", names)}
    items = {row[0] for row in book.rows("SELECT id, product_id FROM contract_items") if row[1] in mine}
    return {
        "entitlements": [row for row in rows(book, "entitlements") if row[1] not in mine],
        "positions": [row for row in rows(book, "positions") if row[1] not in mine],
        "transfers": [row for row in rows(book, "transfers") if row[2] not in mine],
        "events": [row for row in rows(book, "events") if row[4] not in items],
    }


SERVERS = tuple(f"Server {version}" for version in VERSIONS)
SERVER = EntitlementKey("Server 2025", "perpetual", "device")
CHANGES = {
    "an item": lambda b: contracts.save_item(
        b, ContractItem("C1", "1", "Server 2025", "perpetual", "device", 90, date(2024, 2, 1))
    ),
    "a contract": lambda b: contracts.save(b, Contract("C1", "C1", date(2024, 1, 16), "EUR")),
    "an allocation": lambda b: allocations.allocate(b, SERVER, "Bonn", "Support", 10),
    "a demand count": lambda b: demand.save(b, Count("Server 2019", "device", 45, source="count")),
    "an override": lambda b: overrides.save(b, Override(SERVER, "counted", demand=7)),
}


@pytest.mark.parametrize(
    "change", [c for n, c in CHANGES.items() if n != "a contract"], ids=[n for n in CHANGES if n != "a contract"]
)
def test_a_change_is_felt_in_its_family_and_nowhere_else(change, estate):
    before, all_before = of_other_families(estate, *SERVERS), everything(estate)
    change(estate)
    assert of_other_families(estate, *SERVERS) == before
    assert everything(estate) != all_before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_writes_a_handful_of_rows_and_the_same_again_none(change, estate):
    before = writes(estate)
    change(estate)
    assert 0 < writes(estate) - before <= 12

    before = writes(estate), everything(estate)
    change(estate)
    assert (writes(estate), everything(estate)) == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_keeps_the_ids_of_the_rows_that_stay(change, estate):
    before = {table: [row[0] for row in rows(estate, table)] for table in DERIVED}
    change(estate)
    assert {table: [row[0] for row in rows(estate, table)] for table in DERIVED} == before


def test_what_follows_from_a_change_falls_with_it(estate):
    before = everything(estate)

    def fails():
        with estate.transaction():
            CHANGES["a demand count"](estate)
            assert everything(estate) != before
            return 1 / 0

    with pytest.raises(ZeroDivisionError):
        fails()
    assert everything(estate) == before


# ---------------------------------------------------------------------------------------------------- transfer groups
def test_a_family_is_one_transfer_group_and_a_named_pair_ties_products_together(estate):
    grouped = dict(estate.rows("SELECT product, transfer_group FROM products"))
    assert {grouped[name] for name in SERVERS} == {1}
    assert grouped["Old App"] == grouped["New App"] == 6
    assert grouped["Office"] == 5


def test_named_pairs_tie_families_into_one_group_however_they_are_chained(book, fill):
    pairs = [("C", "D"), ("A", "B"), ("B", "C")]
    rights = [{"right": f"{a}{b}", "kind": "upgrade", "from_product": a, "to_product": b} for a, b in pairs]
    fill(book, {"products": [product(name) for name in "ABCDE"], "rights": rights})
    assert dict(book.rows("SELECT product, transfer_group FROM products")) == {**dict.fromkeys("ABCD", 1), "E": 5}


# ------------------------------------------------------------------------------------- the same as everything anew
def a_day(rng):
    return date(2024, 1, 1) + timedelta(days=rng.randrange(0, 1400))


PRODUCTS = (*SERVERS, "Office", "Old App", "New App")


def a_busy_estate(rng):
    """A license, maintenance and demand of each product."""
    bought = [item(f"{n}", name, rng.randrange(60)) for n, name in enumerate(PRODUCTS)]
    kept = [
        maintenance(f"{n}m", name, rng.randrange(60), "2024-03-01", "2026-12-31") for n, name in enumerate(PRODUCTS)
    ]
    return servers(contract_items=bought + kept, demand=[count(name, rng.randrange(60)) for name in PRODUCTS])


def a_change(book, rng):
    """One thing that a person could do, right or wrong."""
    name, number = rng.choice(PRODUCTS), rng.choice([*"0123456", "0m", "2m"])
    model, metric = (
        rng.choice(["perpetual", "perpetual", "subscription", "maintenance"]),
        rng.choice(["device"] * 4 + ["user"]),
    )
    key = EntitlementKey(name, model, metric)
    start, places = a_day(rng), (rng.choice(["Berlin", "Bonn"]), rng.choice(["Sales", "Support"]))
    end = start + timedelta(days=rng.randrange(0, 900)) if rng.random() < 0.5 else None
    units = None if rng.random() < 0.03 else rng.randrange(0, 60)
    kind = rng.randrange(10)
    contract = rng.choice(["C1", "C2"])
    responsible = rng.choice(["", "", "Sales", "Support"])
    bought = ContractItem(contract, number, name, model, metric, units, start, end, responsible=responsible)
    counted = Count(name, metric, rng.randrange(60), rng.choice(["", "Berlin", "Bonn"]), rng.choice(["count", "scan"]))
    actions = {
        0: lambda: contracts.remove_item(book, contract, number, confirmed=rng.random() < 0.5),
        1: lambda: allocations.allocate(book, key, *places, rng.randrange(0, 30)),
        2: lambda: allocations.release(book, key, *places),
        3: lambda: demand.remove(book, counted),
        4: lambda: overrides.save(book, Override(key, "typed", active=rng.choice([None, 9]), demand=rng.randrange(9))),
        5: lambda: overrides.remove(book, key),
        6: lambda: contracts.save(book, Contract(contract, contract, a_day(rng), rng.choice(["EUR", "USD"]))),
        7: lambda: demand.save(book, counted),
    }
    try:
        actions.get(kind, lambda: contracts.save_item(book, bought))()
    except KnownFault:
        return False
    return True


def visible(book):
    """Everything derived but ids, and but archived entitlements, which remember what has been."""
    events = "kind, on_day, contract_id, item_id, lead, rule"
    positions = book.rows("SELECT name FROM pragma_table_info('positions') WHERE name <> 'id'")
    transfers = book.rows("SELECT name FROM pragma_table_info('transfers') WHERE name <> 'id'")
    names = {"positions": ", ".join(n for (n,) in positions), "transfers": ", ".join(n for (n,) in transfers)}
    found = {table: sorted(map(repr, book.rows(f"SELECT {columns} FROM {table}"))) for table, columns in names.items()}
    found["events"] = sorted(map(repr, book.rows(f"SELECT {events} FROM events")))
    found["entitlements"] = rows(book, "entitlements WHERE archived = 0")
    found["words"] = book.rows("SELECT rowid FROM entitlement_search WHERE words MATCH 'sales' ORDER BY rowid")
    return found


def anew(book):
    """The same book with nothing derived in it, judged from scratch."""
    copy = book.path.with_name("anew.elpis")
    copy.unlink(missing_ok=True)
    book.run("VACUUM INTO ?", (str(copy),))
    with closing(opened(copy)) as other:
        with other.transaction():
            other.run("UPDATE derivation_gate SET open = 1")
            for table in ("events", "positions", "transfers", "entitlement_search"):
                other.run(f"DELETE FROM {table}")
            other.run("UPDATE contract_items SET formed_by = ''")
            other.run(
                "UPDATE entitlements SET active = -1, quantity = -1, state = '?', because = '[]', managed_by_id = NULL"
            )
            other.run("UPDATE derivation_gate SET open = 0")
        derivation.recalculate(other, as_of=AS_OF)
        return visible(other)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_changes_the_book_is_as_if_it_had_been_judged_from_scratch(seed, book, fill, monkeypatch):
    whole = facts.ranges
    monkeypatch.setattr(facts, "ranges", lambda book: whole(book, size=1 + 3 * (seed % 2)))
    rng = random.Random(seed)
    fill(book, a_busy_estate(rng))
    done, moved = 0, set()
    for number in range(60):
        done += a_change(book, rng)
        moved |= set(book.rows("SELECT kind, from_product_id, to_product_id FROM transfers"))
        if number % 6 == 5:
            assert visible(book) == anew(book), f"after {number + 1} changes"
    assert done > 25
    assert len(moved) > 2
    before = everything(book)
    derivation.recalculate(book, as_of=AS_OF)
    assert everything(book) == before


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 112))
def test_after_very_many_changes_the_book_is_as_if_it_had_been_judged_from_scratch(seed, book, fill):
    rng = random.Random(seed)
    fill(book, a_busy_estate(rng))
    for _ in range(300):
        a_change(book, rng)
        assert visible(book) == anew(book)


def test_two_processes_conclude_what_one_concludes(tmp_path, fill, shared_work, monkeypatch):
    """Family by family, first and again on another day; the rows come in the same order, with the same ids."""
    monkeypatch.setattr(facts, "ranges", lambda book: ((g, g) for g in derivation.groups_of(book, range(20))))
    found = []
    for name in ("alone", "both"):
        with opened(tmp_path / name, create=True) as book:
            fill(book, ESTATE)
            derivation.recalculate(book, as_of=date(2027, 3, 1))
            found.append([book.rows(f"SELECT * FROM {table} ORDER BY id") for table in DERIVED])
        shared_work()
    assert found[0] == found[1]
    assert all(found[0])
