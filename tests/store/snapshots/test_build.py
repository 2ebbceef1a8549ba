"""From the rows of a book to the public snapshot: its fields, its order, its words for what has no limit."""

import json
from datetime import date

import pytest

from store import aside, calendar
from store.errors import BookFault
from store.records import ManualEvent
from store.snapshots import build, canonical
from tests.conftest import opened, snapshot_of
from tests.estates import allocation, demand, groups, item, of, override, product, subscription

FIELDS = {
    "entitlements": "product model metric name quantity active allocated remaining license_start maintenance_quantity"
    " activation expiration state managed_by last_demand_synchronization price rule because",
    "events": "on kind contract product model metric item quantity automatic rule because",
    "positions": "product model metric active demand downgrade upgrade balance status override calculated balance_value"
    " breakdown rule because",
    "transfers": "kind from_product from_model to_product to_model metric quantity right rule because",
    "findings": "severity code place message",
}


ESTATE = of(
    item("1", "Server 2025", 100, unit_price="12.5"),
    subscription("2", "Office", "unlimited", "2026-01-01", metric="user"),
    products=[
        product("Server 2019", family="S", version="2019"),
        product("Server 2025", family="S", version="2025"),
        product("Office"),
    ],
    demand=[demand("Server 2019", 40, resource_group="Berlin"), demand("Office", 7, metric="user")],
    resource_groups=groups("Berlin", "Aachen"),
    user_groups=groups("Sales"),
    allocations=[
        allocation("Server 2025", "Berlin", "Sales", 30),
        allocation("Server 2025", "Aachen", "Sales", 9),
    ],
    overrides=[override("Server 2025", demand=25)],
    rights=[{"right": "SA", "kind": "downgrade", "family": "S"}],
)


@pytest.fixture
def estate(book, fill):
    fill(book, ESTATE)
    calendar.save(book, ManualEvent("C1", "status-update", date(2026, 12, 1), "Talk"))
    return book


def test_every_list_has_exactly_the_public_fields(estate):
    found = snapshot_of(estate)
    assert set(found) == {"format", "format_version", "as_of", "currency", *canonical.LISTS}
    assert (found["format"], found["format_version"], found["as_of"]) == ("elpis-snapshot", 1, "2026-11-21")
    for name, fields in FIELDS.items():
        assert found[name]
        for element in found[name]:
            assert set(element) == set(fields.split()), name
    for name in ("request_lines", "deployed_entitlements", "charges"):
        assert found[name] == []


def test_the_lists_are_sorted_by_their_keys(estate):
    found = snapshot_of(estate)
    keys = {
        "entitlements": ("product", "model", "metric"),
        "events": ("on", "kind", "contract", "product", "model", "metric"),
        "positions": ("product", "model", "metric"),
        "transfers": ("kind", "from_product", "to_product", "metric"),
        "findings": ("severity", "code", "place"),
    }
    for name, fields in keys.items():
        ranked = [tuple(element[field] or "" for field in fields) for element in found[name]]
        assert ranked == sorted(ranked), name


def test_money_is_text_and_what_has_no_limit_is_a_word(estate):
    found = snapshot_of(estate)
    office = next(p for p in found["positions"] if p["product"] == "Office")
    assert (office["active"], office["balance"], office["balance_value"]) == ("unlimited", "unlimited", None)
    server = next(p for p in found["positions"] if p["product"] == "Server 2025")
    assert server["balance_value"] == {"currency": "EUR", "amount": "437.50"}
    assert server["calculated"] == {
        "active": 100,
        "demand": 0,
        "downgrade": -40,
        "upgrade": 0,
        "balance": 60,
        "status": "over-licensed",
    }


def test_the_breakdown_names_its_groups_in_order_with_what_is_not_allocated_last(estate):
    server = next(p for p in snapshot_of(estate)["positions"] if p["product"] == "Server 2025")
    assert [(part["resource_group"], part["active"], part["balance"]) for part in server["breakdown"]] == [
        ("Aachen", 9, 9),
        ("Berlin", 30, 0),
        (None, 61, 51),
    ]


def test_an_event_of_ones_own_has_no_rule(estate):
    (own,) = [e for e in snapshot_of(estate)["events"] if not e["automatic"]]
    assert (own["kind"], own["contract"], own["rule"], own["because"]) == ("status-update", "C1", None, [])


def test_a_book_that_was_never_judged_has_no_snapshot(book, tmp_path):
    with pytest.raises(BookFault, match="has not been judged on any day yet; recalculate it first"):
        build.save(book, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_saved_snapshot_is_the_one_that_was_built(estate, tmp_path):
    build.save(estate, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "snapshot.json").read_bytes()) == snapshot_of(estate)


def test_a_snapshot_that_two_processes_share_is_the_same_to_the_byte(tmp_path, fill, shared_work):
    """Every list, with events of contracts and items, manual ones and all of one day."""
    with opened(tmp_path / "t.elpis", create=True, temporary=True) as book:
        fill(book, ESTATE)
        for day in ("2020-02-01", "2025-03-01", "2026-09-09"):
            calendar.save(book, ManualEvent("C1", "custom", date.fromisoformat(day), "Look"))
        alone = build.write_json(book, tmp_path / "alone.json")
        shared_work()
        both = build.write_json(book, tmp_path / "both.json")
    assert (tmp_path / "both.json").read_bytes() == (tmp_path / "alone.json").read_bytes()
    assert both == alone
    assert both.totals["events"] == 6
    assert {path.name for path in tmp_path.iterdir()} == {
        "alone.json",
        "both.json",
        "tables0",
        "t.elpis",
        "t.elpis.lock",
    }


def test_a_snapshot_whose_second_process_is_gone_is_the_same_to_the_byte(tmp_path, fill, shared_work, monkeypatch):
    with opened(tmp_path / "t.elpis", create=True, temporary=True) as book:
        fill(book, ESTATE)
        build.write_json(book, tmp_path / "alone.json")
        monkeypatch.setattr(aside, "__file__", "/there/is/no/such/program.py")
        shared_work()
        build.write_json(book, tmp_path / "both.json")
    assert (tmp_path / "both.json").read_bytes() == (tmp_path / "alone.json").read_bytes()
