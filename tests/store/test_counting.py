"""Demand by counting rules in a book: which rule holds when, what it stands back for, and how it is told."""

from datetime import date

import pytest

from gui import compare_text, ruling
from store import content, counting_why, demand, derivation, forecast, undo, why
from store.ahead.shape import Cause
from store.portraits import position, reasons
from store.records import Count
from store.snapshots.compare import compare
from tests.estates import demand as counted_row
from tests.estates import groups, item, of

ESX = {"host": "esx", "processors": 2, "cores_per_processor": 8}
IRON = {"host": "iron", "processors": 1, "cores_per_processor": 24, "resource_group": "Berlin"}
WINDOWS = of(
    item("1", "Windows", 40, metric="core"),
    resource_groups=groups("Berlin"),
    hosts=[ESX, IRON],
    virtual_machines=[{"vm": f"vm{n}", "host": "iron", "vcpus": 4} for n in range(3)],
    installations=[
        {"product": "Windows", "device": "esx", "cores": 5},
        *({"product": "Windows", "device": f"vm{n}", "cores": 4} for n in range(3)),
    ],
)
STACKED = {"metric": "core", "method": "stacking"}
KEY = "Windows|perpetual|core"


def needed(book) -> int:
    return book.value("SELECT demand FROM positions")


def test_without_a_counting_rule_installations_are_counted_as_ever(book, fill):
    fill(book, WINDOWS)
    assert needed(book) == 5 + 3 * 4
    assert counting_why.read(book, 1, "core") is None
    assert "counting" not in why.why(book, KEY)["demand"]


def test_a_rule_counts_from_its_first_day_on_until_the_next(book, fill):
    later = [
        {**STACKED, "valid_from": "2026-11-21"},
        {"metric": "core", "method": "vm", "valid_from": "2027-01-01"},
    ]
    fill(book, WINDOWS | {"counting_rules": later}, date(2026, 11, 20))
    demands = {}
    for day in ("2026-11-20", "2026-11-21", "2026-12-31", "2027-01-01"):
        derivation.recalculate(book, as_of=date.fromisoformat(day))
        demands[day] = needed(book)
    assert demands == {"2026-11-20": 17, "2026-11-21": 16 + 48, "2026-12-31": 64, "2027-01-01": 4}


def test_a_position_names_the_counting_rule_behind_its_demand_and_a_comparison_tells_of_another(book, fill, tmp_path):
    fill(book, WINDOWS | {"counting_rules": [{**STACKED, "valid_from": "2026-11-21"}]}, date(2026, 11, 20))
    (found,) = compare(date(2026, 11, 20), date(2026, 11, 21), book=book).differences
    assert "counting_rule:core|2026-11-21" not in found.before["because"]
    assert found.after["because"][-2:] == ["demand:Windows|core", "counting_rule:core|2026-11-21"]
    assert [compare_text.cause(one) for one in found.causes] == [
        "the demand is 64 instead of 17",
        "the demand is counted by the counting rule of core from 2026-11-21, before by no counting rule",
    ]


def test_a_rule_without_a_day_is_named_too(book, fill):
    fill(book, WINDOWS | {"counting_rules": [STACKED]})
    assert book.value("SELECT because FROM positions").endswith('"counting_rule:core|"]')


def test_a_count_that_somebody_tells_stands_for_itself(book, fill):
    fill(book, WINDOWS | {"counting_rules": [STACKED], "demand": [counted_row("Windows", 9, metric="core")]})
    assert "counting_rule" not in book.value("SELECT because FROM positions")


def test_a_forecast_knows_the_day_on_which_another_rule_begins(book, fill):
    fill(book, WINDOWS | {"counting_rules": [{**STACKED, "valid_from": "2027-01-01"}]})
    (day,) = forecast.ahead(book, as_of=date(2026, 11, 21), months=6).days
    assert (day.on, [change.after.demand for change in day.changes]) == (date(2027, 1, 1), [64])
    assert day.changes[0].causes == (Cause("counting", "counting_rule:core|2027-01-01", "Windows"),)


def test_a_rule_that_counts_what_counted_nothing_opens_a_position_in_a_forecast(book, fill):
    bare = {name: rows for name, rows in WINDOWS.items() if name not in ("contracts", "contract_items")}
    silent = [{**row, "cores": ""} for row in WINDOWS["installations"]]
    rules = [{**STACKED, "valid_from": "2027-01-01"}]
    bare["products"] = [{"product": "Windows", "metric": "core"}]
    fill(book, bare | {"installations": silent, "counting_rules": rules})
    assert book.value("SELECT count(*) FROM positions") == 0
    (day,) = forecast.ahead(book, as_of=date(2026, 11, 21), months=6).days
    assert (day.changes[0].before.demand, day.changes[0].after.demand) == (0, 64)


def test_what_somebody_has_counted_holds_instead(book, fill):
    rows = [counted_row("Windows", 7, metric="core")]
    fill(book, WINDOWS | {"counting_rules": [STACKED], "demand": rows})
    assert needed(book) == 7
    assert counting_why.read(book, 1, "core") is None
    demand.remove(book, Count("Windows", "core", 0, source="count"))
    assert needed(book) == 64


CLUSTER = WINDOWS | {
    "hosts": [{**ESX, "cluster": "prod"}, {**IRON, "cluster": "prod"}],
    "virtual_machines": [{"vm": f"vm{n}", "cluster": "prod", "vcpus": 4} for n in range(3)],
}
ON_IRON = [{"product": "Windows", "device": f"vm{n}", "host": "iron"} for n in range(3)]


@pytest.mark.parametrize(("estate", "total"), [(WINDOWS, 48), (CLUSTER, 2 * 16 + 48)], ids=["host", "cluster"])
def test_a_device_that_is_a_virtual_machine_counts_as_one_also_where_its_host_is_told(estate, total, book, fill):
    fill(book, estate | {"installations": ON_IRON, "counting_rules": [STACKED]})
    assert needed(book) == total


def test_a_virtual_machine_that_has_moved_counts_where_it_runs_now(book, fill):
    fill(book, WINDOWS | {"installations": ON_IRON, "counting_rules": [STACKED]})
    fill(book, {"virtual_machines": [{"vm": f"vm{n}", "host": "esx", "vcpus": 4} for n in range(3)]})
    assert [(line.name, line.units) for line in counting_why.read(book, 1, "core").lines] == [("esx", "32")]


def test_a_device_that_is_called_as_its_host_is_that_host(book, fill):
    named = {"virtual_machines": [{"vm": "esx", "host": "iron", "vcpus": 4}]}
    on_host = [{"product": "Windows", "device": "esx", "host": "esx"}]
    fill(book, WINDOWS | named | {"installations": on_host, "counting_rules": [{"metric": "core", "method": "core"}]})
    assert needed(book) == 16


def test_cores_that_an_installation_tells_stand_in_for_those_that_its_machine_lacks(book, fill):
    bare = {
        "hosts": [{"host": "esx", "processors": 3}, {"host": "iron"}],
        "virtual_machines": [{"vm": "vm0", "host": "iron"}, {"vm": "vm1", "host": "iron"}],
        "installations": [
            {"product": "Windows", "device": "esx", "cores": 10},
            {"product": "Windows", "device": "vm0", "cores": 6},
            {"product": "Windows", "device": "vm1"},
        ],
    }
    fill(book, WINDOWS | bare | {"counting_rules": [{"metric": "core", "method": "core", "virtual": "vm"}]})
    told = [(line.name, line.formula) for line in counting_why.read(book, 1, "core").lines]
    assert told == [("esx", "3 × 4 = 12"), ("vm0", "6 = 6"), ("vm1", "1 = 1")]


def test_demand_by_resource_group_is_that_of_the_hosts(book, fill):
    fill(book, WINDOWS | {"counting_rules": [STACKED]})
    assert {part.resource_group: part.demand for part in position.read(book, KEY).parts} == {"Berlin": 48, "": 16}


def test_why_tells_the_rule_and_the_formula_of_each_host(book, fill):
    fill(book, WINDOWS | {"counting_rules": [{**STACKED, "pack": 2, "coverage": "all-or-nothing"}]})
    counting = why.why(book, KEY)["demand"]["counting"]
    assert [(one["kind"], one["name"], one["formula"], one["covered"]) for one in counting["lines"]] == [
        ("host", "esx", "max(2 × max(8, 8), 16) × max(1, 0 ÷ 2 rounded up) = 16", "16"),
        ("host", "iron", "max(1 × max(24, 8), 16) × max(1, 3 ÷ 2 rounded up) = 48", "48"),
    ]
    assert counting["steps"] == ("sum = 64", "64 ÷ 2 rounded up = 32")
    assert (counting["total"], counting["rights"], counting["covered"]) == (32, 40, 32)
    told = "\n".join(ruling.answer(why.why(book, KEY)))
    assert "  32 counted by core from 4 installations" in told
    assert "counting rule: method stacking, per 2, minimum_per_processor 8".replace("_", " ") in told
    assert "    host iron: max(1 × max(24, 8), 16) × max(1, 3 ÷ 2 rounded up) = 48, 48 covered" in told
    assert "  sum = 64; 64 ÷ 2 rounded up = 32: 32 needed" in told


def test_rights_that_do_not_reach_cover_a_part_or_whole_hosts_only(book, fill):
    fill(book, WINDOWS | {"counting_rules": [STACKED]})
    assert [line.covered for line in position.read(book, KEY).counting.lines] == ["0", "40"]
    fill(book, {"counting_rules": [{**STACKED, "coverage": "all-or-nothing"}]})
    found = position.read(book, KEY).counting
    assert [line.covered for line in found.lines] == ["16", "0"]
    assert (found.coverage, found.covered, found.rights) == ("all-or-nothing", 16, 40)


@pytest.mark.parametrize(
    ("rule", "owned", "covered"),
    [
        ({"method": "vm", "pack": 3}, 2, 2),
        ({"method": "vm", "pack": 3}, 1, 1),
        ({"method": "socket-pair"}, 3, 3),
        ({"method": "socket-pair"}, 2, 2),
        ({"method": "socket-pair", "coverage": "all-or-nothing"}, 3, 3),
    ],
)
def test_where_everything_is_covered_all_needed_rights_are(rule, owned, covered, book, fill):
    fill(
        book,
        WINDOWS | of(item("1", "Windows", owned, metric="core")) | {"counting_rules": [{"metric": "core", **rule}]},
    )
    assert counting_why.read(book, 1, "core").covered == covered


def test_a_position_gives_the_rule_of_counting_as_a_reason(book, fill):
    fill(book, WINDOWS | {"counting_rules": [{**STACKED, "valid_from": "2026-01-01"}]})
    reason = next(one for one in reasons.of_position(book, KEY) if one.topic == "counting")
    assert (reason.rule, reason.holds, reason.about) == ("counting.stacking", True, "sum = 64")
    assert [check.values for check in reason.checks] == [
        "'stacking' == 'stacking'",
        "2026-01-01 <= 2026-11-21",
        "2026-11-21 < never",
    ]


METHODS = {
    "device": ({}, ["1 = 1"] * 4, ("sum = 4",)),
    "user": ({}, ["1 = 1"] * 4, ("sum = 4",)),
    "core": ({"factor": "0.5"}, ["2 × 8 × 0.5 = 8", "1 × 24 × 0.5 = 12"], ("sum = 20",)),
    "processor": ({"per": 2, "minimum_per_server": 3}, ["max(2, 3) ÷ 2 rounded up = 2"] * 1, ()),
    "socket-pair": ({}, ["2 ÷ 2 rounded up = 1", *["1 ÷ 2 = 0.5"] * 3], ("sum = 2.5", "2.5 rounded up = 3")),
    "vm": ({"per": 3}, ["1 ÷ 3 = 1/3"] * 4, ("sum = 4/3", "4/3 rounded up = 2")),
    "vcpu": ({}, ["16 ÷ 4 rounded up = 4", *["4 ÷ 4 rounded up = 1"] * 3], ("sum = 7",)),
    "server": ({}, ["1 = 1", "max(3 ÷ 4, 12 ÷ 20) rounded up = 1"], ("sum = 2",)),
    "host-or-guest": ({}, ["min(16, 16) = 16", "min(24, 12) = 12"], ("sum = 28",)),
    "named-user": (
        {"minimum_per_processor": 10, "factor": "0.5", "minimum_per_server": 25, "minimum": 300},
        ["max(16 × 0.5 rounded up × 10, 25) = 80", "max(24 × 0.5 rounded up × 10, 25) = 120"],
        ("least = 200", "max(4 users, 200) = 200", "max(200, at least 300) = 300"),
    ),
    "installation": ({}, ["1 = 1"] * 4, ("sum = 4",)),
    "tiers": (
        {"tiers": "10:1, 0.25"},
        ["2 × 8 = 16", "1 × 24 = 24"],
        ("sum = 40", "10 × 1 + 30 × 0.25 = 17.5", "17.5 rounded up = 18"),
    ),
}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_writes_out_its_numbers(method, book, fill):
    given, formulas, steps = METHODS[method]
    fill(book, WINDOWS | {"counting_rules": [{"metric": "core", "method": method, **given}]})
    found = counting_why.read(book, 1, "core")
    assert [line.formula for line in found.lines][: len(formulas)] == formulas
    assert not steps or found.steps == steps
    assert found.total == needed(book)


def test_other_bases_and_virtual_machines_write_out_theirs(book, fill):
    told = []
    for given in (
        {"method": "core", "virtual": "vm", "minimum_per_vm": 6},
        {"method": "core", "virtual": "vm"},
        {"method": "tiers", "tiers": "1", "basis": "processor"},
        {"method": "tiers", "tiers": "1", "basis": "vm"},
        {"method": "tiers", "tiers": "1", "basis": "vcpu"},
        {"method": "installation", "per": 2},
        {"method": "tiers", "tiers": "0"},
    ):
        fill(book, WINDOWS | {"counting_rules": [{"metric": "core", **given}]})
        found = counting_why.read(book, 1, "core")
        told.append((found.lines[-1].formula, found.steps[-1]))
    assert told == [
        ("max(4, 6) = 6", "sum = 34"),
        ("4 = 4", "sum = 28"),
        ("1 = 1", "3 × 1 = 3"),
        ("1 = 1", "4 × 1 = 4"),
        ("4 = 4", "28 × 1 = 28"),
        ("1 ÷ 2 rounded up = 1", "sum = 4"),
        ("1 × 24 = 24", "40 × 0 = 0"),
    ]


def test_of_very_many_devices_the_first_are_told_and_all_are_counted(book, fill, elpis):
    many = [{"product": "Office", "device": f"pc{n}"} for n in range(310)]
    rule = [{"metric": "device", "method": "device"}]
    fill(book, of(item("1", "Office", 5), installations=many, counting_rules=rule))
    found = counting_why.read(book, 1, "device")
    assert (len(found.lines), found.more, found.total) == (300, 10, 310)
    assert any("and 10 more" in line for line in ruling.answer(why.why(book, "Office")))


def test_an_import_of_a_rule_counts_anew_and_undone_as_before(book, fill):
    fill(book, WINDOWS)
    before = content.content_hash(book), needed(book)
    with undo.step(book, "Import", resolved=True):
        fill(book, {"counting_rules": [STACKED]})
    assert needed(book) == 64
    undo.back(book)
    assert (content.content_hash(book), needed(book)) == before
