"""Published examples of how licenses are counted, each through a book: tables in, the demand of the position out."""

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from rules import counting as arithmetic
from rules import counting_tiers, formulas
from rules.counted import Counted
from store import counting, facts
from store.book import Book
from tests.estates import Row, allocation, demand, family, groups, item, maintenance, of, override, product

CASES = Path(__file__).parents[1] / "cases"
EXAMPLES = [
    *json.loads((CASES / "counting_examples.json").read_text("utf-8")),
    *json.loads((CASES / "counting_own.json").read_text("utf-8")),
]

Inputs = dict[str, Any]
Result = dict[str, Any]
Review = Callable[..., dict[str, Any]]


def _named(example: Row) -> str:
    return f"{example['id']} {example['title']}"


@pytest.mark.parametrize("example", EXAMPLES, ids=_named)
def test_an_example_gives_its_number(example, book, review):
    found = KINDS[example["kind"]](example["inputs"], book, review)
    expected = {name: value for name, value in example["expected"].items() if name != "page_says"}
    assert {name: found[name] for name in expected} == {name: _exact(value) for name, value in expected.items()}


def _exact(value: Any) -> Any:
    if isinstance(value, list):
        return [_exact(one) for one in value]
    return Fraction(str(value)) if isinstance(value, float) else value


# ------------------------------------------------------------------------------------------------- counted in a book
def counted(
    book: Book, review: Review, rule: Row, hosts: Sequence[Row], vms: Sequence[Row], placed: Sequence[Row]
) -> Counted:
    """Count a product by a rule, and see that the position says the same."""
    tables = {
        "products": [product("Suite", metric="unit")],
        "counting_rules": [{"metric": "unit", **rule}],
        "hosts": hosts,
        "virtual_machines": vms,
        "installations": [{"product": "Suite", **row} for row in placed],
    }
    snapshot = review({name: rows for name, rows in tables.items() if rows})
    rule_in_force = facts.rule_of(book, "unit")
    assert rule_in_force is not None
    found = counting.count(book, book.value("SELECT id FROM products"), rule_in_force)
    assert found.total == sum(found.groups.values())
    assert [position["demand"] for position in snapshot["positions"]] == [found.total]
    return found


def host(name: str, processors: int, cores: int, **more: Any) -> Row:
    return {"host": name, "processors": processors, "cores_per_processor": cores, **more}


def on(names: Sequence[str], **more: Any) -> list[Row]:
    return [{"device": name, **more} for name in names]


def machines(count: int, host: str, vcpus: Sequence[int] = ()) -> list[Row]:
    return [
        {"vm": f"{host} vm {n}", "host": host, "vcpus": vcpus[n] if vcpus else 2, "cluster": ""} for n in range(count)
    ]


def _units(found: Counted) -> list[int | Fraction]:
    return [int(thing.units) if thing.units.denominator == 1 else thing.units for thing in found.things]


def _core_minimum(given: Inputs, book: Book, review: Review) -> Result:
    hosts = [host(f"h{n}", one["procs"], one["cores_per_proc"]) for n, one in enumerate(given["hosts"])]
    rule = {"method": "core", "minimum_per_processor": given.get("min_per_proc", 0)}
    rule["minimum_per_server"] = given.get("min_per_server", 0)
    found = counted(book, review, rule, hosts, [], on([one["host"] for one in hosts]))
    return {"rights": _units(found), "total": found.total}


def _server(given: Inputs, book: Book, review: Review) -> Result:
    hosts = [host(f"h{n}", 2, 20) for n in range(len(given["hosts"]))]
    vms = [
        vm
        for one, named in zip(given["hosts"], hosts, strict=True)
        for vm in machines(one["vms"], named["host"], _split(one["threads"], one["vms"]))
    ]
    found = counted(book, review, {"method": "server"}, hosts, vms, on([vm["vm"] for vm in vms]))
    return {"rights": _units(found), "total": found.total}


def _split(whole: int, parts: int) -> list[int]:
    return [whole // parts + (n < whole % parts) for n in range(parts)]


def _stacking(given: Inputs, book: Book, review: Review) -> Result:
    hosts, vms = [host("h", given["procs"], given["cores_per_proc"])], machines(given["vms"], "h")
    names = [vm["vm"] for vm in vms] or ["h"]
    rule = {"method": "stacking", "per": given["vms_per_set"]}
    found = counted(book, review, rule, hosts, vms, on(names))
    once = {"method": "core", "minimum_per_processor": 8, "minimum_per_server": 16, "valid_from": "2026-01-01"}
    snapshot = review({"counting_rules": [{"metric": "unit", **once}]})
    return {"rights": found.total, "datacenter": snapshot["positions"][0]["demand"]}


def _core_factor(given: Inputs, book: Book, review: Review) -> Result:
    rule = {"method": "core", "factor": given["factor"]}
    found = counted(book, review, rule, [host("h", given["procs"], given["cores_per_proc"])], [], on(["h"]))
    return {"rights": found.total}


def _named_users(given: Inputs, book: Book, review: Review) -> Result:
    rule = {"method": "named-user", "minimum_per_processor": given["min_per"], "factor": given["factor"]}
    placed = [{"device": "h", "user": f"u{n}"} for n in range(given["users"])] or on(["h"])
    found = counted(book, review, rule, [host("h", 1, given["cores"])], [], placed)
    return {"rights": found.total}


def _tiers(given: Inputs, book: Book, review: Review) -> Result:
    tiers = [(limit, Fraction(str(weight))) for limit, weight in given["tiers"]]
    text = counting_tiers.text_of([*tiers, (None, tiers[-1][1])] if tiers[-1][0] else tiers)
    sizes = [4096] * (given["qty"] // 4096) + [given["qty"] % 4096] * (given["qty"] % 4096 > 0)
    hosts = [host(f"h{n}", 1, cores) for n, cores in enumerate(sizes)]
    rule = {"method": "tiers", "tiers": text, "basis": "core"}
    found = counted(book, review, rule, hosts, [], on([one["host"] for one in hosts]))
    by_tier = arithmetic.tiered(given["qty"], counting_tiers.parse(text))
    assert sum(by_tier) == found.sum
    return {"rights": found.total, "raw": found.sum, "by_tier": by_tier}


def _host_or_guests(given: Inputs, book: Book, review: Review) -> Result:
    vms = machines(len(given["vms"]), "h", given["vms"])
    names = [*(vm["vm"] for vm in vms), *(["h"] if given["on_host"] else [])]
    found = counted(book, review, {"method": "host-or-guest"}, [host("h", 1, given["host_cores"])], vms, on(names))
    return {"rights": found.total}


def _socket_pairs(given: Inputs, book: Book, review: Review) -> Result:
    hosts = [host(f"h{n}", sockets, 8) for n, sockets in enumerate(given["host_sockets"])]
    vms = machines(given["vms"], "base")
    names = [*(one["host"] for one in hosts), *(vm["vm"] for vm in vms)]
    found = counted(book, review, {"method": "socket-pair"}, [*hosts, host("base", 2, 8)], vms, on(names))
    assert found.total == -(-found.sum.numerator // found.sum.denominator)
    return {"rights": found.sum}


def _vcpus(given: Inputs, book: Book, review: Review) -> Result:
    rule = {"method": "vcpu", **({"per": given["per"]} if "per" in given else {})}
    vms = machines(1, "h", [given["vcpu"]])
    return {"rights": counted(book, review, rule, [host("h", 2, 8)], vms, on(["h vm 0"])).total}


def _processors(given: Inputs, book: Book, review: Review) -> Result:
    rule = {"method": "processor", "per": given["per"], "minimum_per_server": given["min_procs"]}
    return {"rights": counted(book, review, rule, [host("h", given["procs"], 8)], [], on(["h"])).total}


def _operating_systems(given: Inputs, book: Book, review: Review) -> Result:
    vms = machines(given["oses"] - 1, "h")
    rule = {"method": "stacking", "per": given["per_set"], "count_host": "true"}
    found = counted(book, review, rule, [host("h", 2, 8)], vms, on(["h", *(vm["vm"] for vm in vms)]))
    assert found.things[0].systems == given["oses"]
    sets = found.total // 16
    return {"sets": sets, "covered_oses": sets * given["per_set"]}


def _installations(given: Inputs, book: Book, review: Review) -> Result:
    rule = {"method": "installation", "per": given["max_per_right"] or ""}
    placed = [{"device": "pc", "user": f"u{n}"} for n in range(given["installs"])]
    return {"rights": counted(book, review, rule, [], [], placed).total}


# ------------------------------------------------------------------------------------------------- what stood before
def _positions(snapshot: Row) -> dict[str, Row]:
    return {position["product"]: position for position in snapshot["positions"]}


def _upgraded(given: Inputs, _: Book, review: Review) -> Result:
    """The base under maintenance gives as many units as the newer version needs."""
    tables = of(
        item("1", "Server 1", given["base"]),
        maintenance("2", "Server 1", given["base"], "2024-02-01", "2027-01-31"),
        products=family(product("Server 1"), product("Server 2", released_on="2026-01-15")),
        demand=[demand("Server 2", given["upgrade"])],
        rights=[{"right": "SA", "kind": "upgrade", "family": "Server"}],
    )
    found = _positions(review(tables))
    base, newer = found["Server 1"], found["Server 2"]
    left, upgraded = base["active"] + base["upgrade"], newer["active"] + newer["upgrade"]
    return {"base_left": left, "upgraded": upgraded, "total": left + upgraded}


def _licensed(given: Inputs, _: Book, review: Review) -> Result:
    lines = [formulas.licensed(line["purchase_qty"], line["per_unit"]) for line in given["lines"]]
    bought = [item(str(n), f"Bundle {n}", quantity) for n, quantity in enumerate(lines)]
    found = _positions(review(of(*bought)))
    return {"licensed": [found[row["product"]]["active"] for row in bought]}


def _maintained(given: Inputs, book: Book, review: Review) -> Result:
    """Maintenance of a part splits what is held, and is no further purchase of licenses."""
    review(
        of(item("1", "Office", given["perpetual"]), maintenance("2", "Office", given["sa"], "2026-01-01", "2026-12-31"))
    )
    held, maintained, active = book.rows("SELECT quantity, maintenance_quantity, active FROM entitlements")[0]
    sums = "SELECT coalesce(sum(quantity), 0) FROM contract_items WHERE model {} 'maintenance' AND item = ?"
    assert held == active == book.value(sums.format("<>"), ("1",))
    second = book.value(sums.format("<>"), ("2",))
    return {
        "with_sa": maintained,
        "without_sa": active - maintained,
        "purchased_on_first": held,
        "purchased_on_second": second,
    }


def _cost(given: Inputs, _: Book, __: Review) -> Result:
    cost, rights, months = given["unit_cost"], given["rights"], given["months"]
    return {
        "total_cost": formulas.period_cost(rights, cost, months),
        "current_period_spend": formulas.period_cost(rights, cost, 1),
    }


def _overridden(given: Inputs, book: Book, review: Review) -> Result:
    """What is typed holds, what is left empty stays as it was counted; both stay to be seen."""
    names = [f"Office {n}" for n, _ in enumerate(given["inventory"])]
    typed = dict(zip(names, given["override"], strict=True))
    tables = of(
        *(item(str(n), name, 100) for n, name in enumerate(names)),
        demand=[demand(name, units) for name, units in zip(names, given["inventory"], strict=True)],
        overrides=[override(name, demand=units) for name, units in typed.items() if units is not None],
    )
    found = _positions(review(tables))
    result = [found[name]["demand"] for name in names]
    before = [row[0] for row in book.rows("SELECT calculated_demand FROM positions")]
    return {"result": result, "totals": [sum(before), sum(u for u in typed.values() if u is not None), sum(result)]}


def _allocated(given: Inputs, book: Book, review: Review) -> Result:
    """What a group holds and needs: in use as far as it needs it, the rest is not in use; what no right covers."""
    held = given.get("rights", given.get("allocated", 0))
    needed = given.get("installs", given.get("in_use", 0))
    given_away = given.get("allocated", given.get("allocations", held))
    tables = of(
        item("1", "Office", held),
        resource_groups=groups("Berlin"),
        user_groups=groups("Staff"),
        allocations=[allocation("Office", "Berlin", "Staff", given_away)],
        demand=[demand("Office", needed, resource_group="Berlin")],
    )
    position = _positions(review(tables))["Office"]
    active, wanted = json.loads(book.value("SELECT breakdown FROM positions"))[0][1:3]
    return {
        "allocated_in_use": min(active, wanted),
        "allocated_not_in_use": max(0, active - wanted),
        "unlicensed": max(0, -position["balance"]),
    }


def _scoped(given: Inputs, book: Book, review: Review) -> Result:
    """A part of the demand is no position: the balance stays that of the whole, whatever somebody looks at."""
    rest = given["consumed_total"] - given["consumed_visible"]
    counts = [
        demand("Office", given["consumed_visible"], resource_group="Berlin"),
        demand("Office", rest, resource_group="Bonn"),
    ]
    tables = of(item("1", "Office", given["owned"]), resource_groups=groups("Berlin", "Bonn"), demand=counts)
    position = _positions(review(tables))["Office"]
    parts = json.loads(book.value("SELECT breakdown FROM positions"))
    names = dict(book.rows("SELECT name, id FROM resource_groups"))
    visible = next((part[2] for part in parts if part[0] == names["Berlin"]), 0)
    return {"true_available": position["balance"], "naive_visible": position["active"] - visible}


KINDS: dict[str, Callable[[Inputs, Book, Review], Result]] = {
    "core-min-per-proc": _core_minimum,
    "server-plus-cal": _server,
    "std-stacking": _stacking,
    "std-stacking-NEGATIVE": _stacking,
    "core-factor": _core_factor,
    "nup-min": _named_users,
    "tiers": _tiers,
    "rhel-core": _host_or_guests,
    "socket-pair": _socket_pairs,
    "vcpu-per-4": _vcpus,
    "per-n-processors": _processors,
    "ose-round": _operating_systems,
    "installs-per-right": _installations,
    "upgrade-consumes-base": _upgraded,
    "purchase-vs-licensed": _licensed,
    "maintenance-split": _maintained,
    "period-cost": _cost,
    "override": _overridden,
    "allocation": _allocated,
    "scoped-view": _scoped,
}
