"""How demand is counted: exact arithmetic, what each method takes, and what must hold of every estate."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import counted, counting, counting_tiers, library
from rules.counted import Counted, Dated, Guest, Hardware, Host, Place, Seat
from rules.counting_methods import EVERYWHERE, METHODS, Parameters, takes
from rules.vocabulary import NEVER

quick = settings(deadline=None, max_examples=60)


def count(
    method: str, seats: Sequence[Seat], hardware: Hardware | None = None, parameters: Parameters | None = None
) -> Counted:
    held = parameters or Parameters()
    found = counted.in_force([(0, method, held)], 1)
    assert found is not None
    return counted.count(found[1], method, held, seats, hardware or Hardware({}, {}))


def estate(hosts: Sequence[tuple[int, int]], guests: Sequence[tuple[int, int]]) -> tuple[Hardware, list[Seat]]:
    """Hosts as (processors, cores), guests as (host, vCPUs): the product runs on every guest."""
    machines = {n: Host(f"h{n}", n % 3 or None, *host) for n, host in enumerate(hosts, 1)}
    virtual = {n: Guest(f"v{n}", vcpus, (host + 1,)) for n, (host, vcpus) in enumerate(guests, 1)}
    seats = [Seat(f"v{n}", f"u{n % 4}", n % 2 or None, None, guest=n) for n in virtual]
    return Hardware(machines, virtual), seats


def physical(hosts: Sequence[tuple[int, int]]) -> tuple[Hardware, list[Seat]]:
    hardware, _ = estate(hosts, [])
    return hardware, [Seat(f"h{n}", "", None, None, host=n) for n in hardware.hosts]


# ------------------------------------------------------------------------------------------------------- the rulebook
def test_the_facts_stand_as_the_document_declares_them() -> None:
    facts = library.documents()["counting"].facts
    assert (tuple(facts["rule"]), tuple(facts["place"])) == (Dated._fields, Place._fields)


def test_the_rulebook_gives_parameters_that_the_methods_take() -> None:
    for rule in library.documents()["counting"].rules:
        method = next((name for name in METHODS if f"c.method == '{name}'" in rule.conditions[0].text), None)
        if method is not None:
            assert set(rule.then) - {"by"} <= set(takes(method)), rule.name


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_one_rule_whatever_its_parameters(method: str) -> None:
    for virtual in ("", "host", "vm"):
        for basis in ("", "device", "user", "core", "processor", "vcpu", "vm"):
            found = counted.in_force([(0, method, Parameters(virtual=virtual, basis=basis))], 1)
            assert found is not None
            assert library.engine("counting").conclude("rule", [Dated(method, virtual, basis, 0, NEVER, 1)]) == [
                (found[1],)
            ]


def test_of_the_rules_of_a_metric_the_latest_that_has_begun_holds() -> None:
    rules = [(10, "device", Parameters()), (20, "user", Parameters()), (30, "core", Parameters())]
    at = [counted.in_force(rules, day) for day in (9, 10, 19, 20, 29, 30, NEVER)]
    assert [None if one is None else one[0] for one in at] == [None, 0, 0, 1, 1, 2, 2]


# ---------------------------------------------------------------------------------------------------------- one device
def test_what_is_installed_twice_on_a_device_or_machine_counts_once() -> None:
    hardware, _ = estate([(2, 8)], [(0, 4)])
    twice = [Seat("v1", "ann", None, None, guest=1), Seat("v1", "bob", None, None, guest=1)]
    assert count("core", twice, hardware).total == 16
    assert count("vm", twice, hardware).total == 1
    assert count("device", twice).total == 1
    assert count("user", twice).total == 2


def test_a_device_of_which_nothing_is_known_has_a_processor_with_the_cores_of_its_installation() -> None:
    seats = [Seat("pc", "ann", None, 6), Seat("pc", "bob", None, 8), Seat("x", "", None, None)]
    assert [thing.units for thing in count("core", seats).things] == [8, 1]
    assert count("processor", seats).total == 2
    assert count("socket-pair", seats).total == 2
    assert count("vcpu", seats).total == 3
    assert count("server", seats).total == 2
    assert count("host-or-guest", seats).total == 9


def test_a_machine_of_a_cluster_counts_on_each_of_its_hosts() -> None:
    hardware, seats = estate([(2, 8), (1, 24)], [(0, 4)])
    anywhere = Hardware(hardware.hosts, {1: Guest("v1", 4, (1, 2))})
    assert [thing.units for thing in count("core", seats, anywhere).things] == [16, 24]
    assert count("vm", seats, anywhere).total == 1


def test_a_host_with_the_product_is_one_of_its_systems_only_where_that_is_set() -> None:
    hardware, seats = estate([(2, 8)], [(0, 4), (0, 4)])
    with_host = [*seats, Seat("h1", "", None, None, host=1), Seat("h1", "kim", None, None, host=1)]
    assert count("stacking", with_host, hardware).total == 16
    assert count("stacking", with_host, hardware, Parameters(count_host=1)).total == 32


def test_cores_of_virtual_machines_count_with_their_own_minimum() -> None:
    hardware, seats = estate([(2, 8)], [(0, 2), (0, 6)])
    own = Parameters(virtual="vm", minimum_per_vm=4, factor=Fraction(1, 2))
    assert [thing.units for thing in count("core", seats, hardware, own).things] == [2, 3]


def test_a_server_right_covers_the_machines_of_a_host_and_the_host_needs_its_own() -> None:
    hardware, seats = estate([(2, 8)], [(0, 4)] * 5)
    assert count("server", seats, hardware).total == 2
    assert count("server", [*seats, Seat("h1", "", None, None, host=1)], hardware).total == 3


@pytest.mark.parametrize(("basis", "total"), [("device", 2), ("user", 2), ("processor", 3), ("vm", 2), ("core", 40)])
def test_tiers_count_what_their_basis_says(basis: str, total: int) -> None:
    hardware, _ = estate([(2, 8), (1, 24)], [])
    seats = [Seat("h1", "ann", None, None, host=1), Seat("h2", "bob", None, None, host=2)]
    tiers = Parameters(basis=basis, tiers=counting_tiers.parse("1"))
    assert count("tiers", seats, hardware, tiers).total == total


def test_installations_of_a_user_count_by_user() -> None:
    seats = [Seat(f"pc{n}", "ann" if n < 6 else "", None, None) for n in range(7)]
    assert count("installation", seats, None, Parameters(per=5, basis="user")).total == 3
    assert count("installation", seats, None, Parameters(per=5)).total == 7


def test_packs_are_rounded_up_once_and_a_least_number_counts_before() -> None:
    hardware, seats = physical([(1, 3), (1, 3), (1, 3)])
    assert count("core", seats, hardware, Parameters(pack=2)).total == 5
    assert count("core", seats, hardware, Parameters(pack=2, minimum=20)).total == 10
    assert count("core", [], hardware, Parameters(minimum=20)).total == 0


# ------------------------------------------------------------------------------------------------------------ by group
def test_rights_are_split_over_resource_groups_without_a_rest() -> None:
    hardware = Hardware({1: Host("h1", 7, 1, 3), 2: Host("h2", None, 1, 3), 3: Host("h3", None, 1, 3)}, {})
    seats = [Seat(f"h{n}", "", group, None, host=n) for n, group in ((1, 5), (1, 7), (2, 5), (2, 6), (3, None))]
    found = count("core", seats, hardware, Parameters(pack=2))
    assert [thing.group for thing in found.things] == [7, 5, None]
    assert (found.total, found.groups) == (5, {5: 2, 7: 2, None: 1})


def test_users_above_the_minimum_count_in_their_own_groups() -> None:
    seats = [Seat("pc", f"u{n}", 1 if n else 2, None) for n in range(3)]
    assert count("named-user", seats).groups == {1: 2, 2: 1}
    assert count("named-user", seats, None, Parameters(minimum_per_processor=10)).groups == {1: 10}


weights = st.dictionaries(
    st.one_of(st.none(), st.integers(1, 5)), st.fractions(0, 10, max_denominator=7), min_size=1, max_size=5
)


@quick
@given(st.integers(0, 1000), weights)
def test_parts_are_the_whole_and_none_is_further_from_its_share_than_one(
    total: int, by: Mapping[int | None, Fraction]
) -> None:
    parts = counting.apportioned(total, by)
    assert sum(parts.values()) == total
    whole = sum(by.values())
    assert not whole or all(abs(parts[key] - total * weight / whole) < 1 for key, weight in by.items())


def test_nothing_is_split_where_there_is_nobody() -> None:
    assert counting.apportioned(5, {}) == {}


# ---------------------------------------------------------------------------------------------------- what always holds
hosts = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 32)), min_size=1, max_size=4)
machines = st.lists(st.tuples(st.integers(0, 0), st.integers(1, 16)), max_size=8)
parameters = st.builds(
    Parameters,
    per=st.none() | st.integers(1, 8),
    minimum_per_processor=st.none() | st.integers(0, 20),
    minimum_per_server=st.none() | st.integers(0, 40),
    minimum=st.none() | st.integers(0, 50),
    factor=st.none() | st.fractions(Fraction(1, 4), 2, max_denominator=4),
    virtual=st.sampled_from(["", "vm"]),
    count_host=st.none() | st.integers(0, 1),
    basis=st.sampled_from(["", "device", "user", "vm", "vcpu"]),
    tiers=st.just(counting_tiers.parse("4:1, 20:0.5, 0.25")),
    pack=st.none() | st.integers(1, 16),
)
methods = st.sampled_from(sorted(METHODS))


@quick
@given(methods, hosts, machines, machines, parameters)
def test_more_machines_with_more_users_never_need_fewer_rights(method, hosts, some, more, parameters) -> None:
    fewer, all_of_them = estate(hosts, some), estate(hosts, [*some, *more])
    few, many = (count(method, seats, hardware, parameters) for hardware, seats in (fewer, all_of_them))
    assert few.total <= many.total


@quick
@given(methods, hosts, machines, st.integers(1, 8), parameters)
def test_more_cores_never_need_fewer_rights(method, hosts, guests, more, parameters) -> None:
    larger = [(processors, cores + more) for processors, cores in hosts]
    for make in (lambda of: estate(of, guests), physical):
        (before, seats), (after, _) = make(hosts), make(larger)
        assert count(method, seats, before, parameters).total <= count(method, seats, after, parameters).total


@quick
@given(methods, hosts, machines, parameters)
def test_groups_have_the_total_and_at_least_the_minimum_is_counted(method, hosts, guests, parameters) -> None:
    hardware, seats = estate(hosts, guests)
    found = count(method, seats, hardware, parameters)
    assert sum(found.groups.values()) == found.total
    assert not seats or found.total * (parameters.pack or 1) >= (parameters.minimum or 0)


@quick
@given(hosts, st.integers(0, 20), st.integers(0, 40), st.integers(1, 16))
def test_cores_have_their_minimums_and_packs_are_rounded_up_once(hosts, per_processor, per_server, pack) -> None:
    hardware, seats = physical(hosts)
    least = Parameters(minimum_per_processor=per_processor, minimum_per_server=per_server, pack=pack)
    found = count("core", seats, hardware, least)
    expected = sum(max(p * max(c, per_processor), per_server) for p, c in hosts)
    assert found.total == -(-expected // pack)
    assert all(thing.units >= max(thing.processors * per_processor, per_server) for thing in found.things)


@quick
@given(st.integers(1, 4), st.integers(1, 32), st.integers(1, 12), st.integers(1, 4), st.integers(2, 8))
def test_standard_costs_as_datacenter_up_to_one_set_and_breaks_even_where_its_sets_reach_the_price(
    processors, cores, machines, per, times
) -> None:
    hardware, seats = estate([(processors, cores)], [(0, 2)] * machines)
    standard = count("stacking", seats, hardware, Parameters(per=per)).total
    datacenter = count("core", seats, hardware, Parameters(minimum_per_processor=8, minimum_per_server=16)).total
    assert (standard == datacenter) == (machines <= per)
    # A Datacenter core at so many times the price of a Standard core is no dearer from this machine on.
    even = (times - 1) * per + 1
    assert (standard >= times * datacenter) == (machines >= even)


@quick
@given(st.lists(st.fractions(0, 20, max_denominator=2), max_size=6), st.integers(0, 60))
def test_rights_cover_what_they_reach_or_whole_devices_only(needs: list[Fraction], rights: int) -> None:
    some = counting.covered(rights, needs, all_or_nothing=False)
    whole = counting.covered(rights, needs, all_or_nothing=True)
    assert sum(some) == min(rights, sum(needs))
    assert sum(whole) <= sum(some)
    assert all(part in (0, need) for part, need in zip(whole, needs, strict=True))


# --------------------------------------------------------------------------------------------------------------- tiers
def test_tiers_are_read_as_people_write_them_and_written_as_they_are_kept() -> None:
    tiers = counting_tiers.parse(" 2500:1; 10000 : 0.80,0.6 ")
    assert tiers == ((2500, Fraction(1)), (10000, Fraction(4, 5)), (None, Fraction(3, 5)))
    assert counting_tiers.text_of(tiers) == "2500:1, 10000:0.8, 0.6"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10:1", "must end in one weight without a limit"),
        ("0.5, 10:1, 0.2", "must end in one weight without a limit"),
        ("10:1, 10:0.5, 0.2", "has limits that do not grow"),
        ("ten:1, 0.2", "has a tier 'ten:1' that is none"),
        ("0:1, 0.2", "has limits that do not grow"),
        ("10:1,, 0.2", "has a tier '' that is none"),
        ("10:-1, 0.2", "has a tier '10:-1' that is none"),
        ("10:1001, 0.2", "has a tier '10:1001' that is none"),
        ("99999999999:1, 0.2", "has a limit that is too large"),
        ("2147483648:1, 0.2", "has a limit that is too large"),
        (", ".join(f"{n}:1" for n in range(1, 22)), "has 21 tiers"),
    ],
)
def test_tiers_that_are_none_are_refused_with_what_is_accepted(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        counting_tiers.parse(text)


@quick
@given(st.lists(st.integers(1, 100), max_size=4), st.integers(0, 500))
def test_every_unit_is_in_one_tier(steps: list[int], quantity: int) -> None:
    limits = [sum(steps[: at + 1]) for at in range(len(steps))]
    tiers = [*((limit, Fraction(1)) for limit in limits), (None, Fraction(1))]
    assert sum(counting.tiered(quantity, tiers)) == quantity


def test_a_decimal_is_kept_in_its_shortest_form() -> None:
    assert [counting_tiers.decimal(text) for text in ("0.50", "007", "1.", "1e3", "0.1234567", "-1")] == [
        *("0.5", "7"),
        *(None, None, None, None),
    ]


def test_every_method_takes_what_all_take() -> None:
    assert all(set(EVERYWHERE) <= set(takes(method)) for method in METHODS)
