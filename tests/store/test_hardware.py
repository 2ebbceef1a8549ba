"""What a person does with hosts, virtual machines and counting rules: what follows, what is refused, what is undone."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from rules.counting_methods import Parameters
from store import audit, counting_rules, hardware, readers, undo
from store.content import content_hash
from store.errors import Unfit, Unknown
from store.records import CountingRule, Host, VirtualMachine
from tests.estates import groups, item, of

ESTATE = of(
    item("1", "Windows", 40, metric="core"),
    resource_groups=groups("Berlin"),
    hosts=[{"host": "iron", "processors": 1, "cores_per_processor": 24, "cluster": "prod"}],
    virtual_machines=[{"vm": "web", "host": "iron", "vcpus": 4}, {"vm": "db", "cluster": "prod"}],
    counting_rules=[{"metric": "core", "method": "stacking"}],
    installations=[{"product": "Windows", "device": "web"}, {"product": "Windows", "device": "pc", "host": "iron"}],
)


@pytest.fixture
def estate(book, fill):
    fill(book, ESTATE)
    return book


def needed(book) -> int:
    return book.value("SELECT demand FROM positions")


DEEDS = {
    "a host with more cores": (
        lambda book: hardware.save_host(book, replace(readers.host(book, "iron"), processors=2)),
        48,
    ),
    "a machine on another host": (
        lambda book: (
            hardware.save_host(book, Host("small", "Berlin", 1, 4)),
            hardware.save_machine(book, VirtualMachine("web", host="small")),
        ),
        24 + 16,
    ),
    "another method": (
        lambda book: counting_rules.save(book, CountingRule("core", "core", Parameters(factor=Fraction(1, 2)))),
        12,
    ),
    "a rule that holds from now on": (
        lambda book: counting_rules.save(
            book, CountingRule("core", "tiers", Parameters(tiers=((20, Fraction(1)), (None, Fraction(1, 4)))), TODAY)
        ),
        21,
    ),
    "a rule that holds later": (
        lambda book: counting_rules.save(book, CountingRule("core", "vm", Parameters(), date(2027, 1, 1))),
        24,
    ),
    "no rule": (lambda book: counting_rules.remove(book, "core", None), 0),
    "a machine that nothing names": (lambda book: hardware.remove_machine(book, "db"), 24),
}
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("deed", DEEDS)
def test_demand_follows_what_a_person_does_and_comes_back_when_it_is_undone(deed, estate):
    do, after = DEEDS[deed]
    before = content_hash(estate)
    assert needed(estate) == 24
    with undo.step(estate, deed):
        do(estate)
    assert needed(estate) == after
    changed = content_hash(estate)
    undo.back(estate)
    assert (needed(estate), content_hash(estate)) == (24, before)
    undo.forward(estate)
    assert (needed(estate), content_hash(estate)) == (after, changed)


def test_what_is_stored_is_read_as_it_was_given(estate):
    rule = CountingRule("core", "named-user", Parameters(minimum_per_processor=25, factor=Fraction(1, 4)), TODAY)
    counting_rules.save(estate, rule)
    assert readers.counting_rules(estate) == [CountingRule("core", "stacking", Parameters()), rule]
    assert readers.host(estate, "iron") == Host("iron", "", 1, 24, "prod")
    assert readers.machine(estate, "db") == VirtualMachine("db", cluster="prod")
    assert counting_rules.exists(estate, "core", TODAY)
    assert not counting_rules.exists(estate, "core", date(2027, 1, 1))
    assert [hardware.exists(estate, "hosts", name) for name in ("iron", "tin")] == [True, False]


REFUSED = {
    "a host without processors": (
        lambda book: hardware.save_host(book, Host("iron", processors=0)),
        'processors: "0" is not possible; give 1 or more, or leave it out.',
    ),
    "the last host out of its cluster": (
        lambda book: hardware.save_host(book, Host("iron", cluster="test")),
        "cluster: 'db' runs in 'prod', which would be the cluster of no host any more.",
    ),
    "a host that is used": (
        lambda book: hardware.remove_host(book, "iron"),
        "'iron' cannot be removed: it is used by virtual machines, installations. Change those first.",
    ),
    "a machine nowhere": (
        lambda book: hardware.save_machine(book, VirtualMachine("web")),
        'vm: "web" is a virtual machine on neither a host nor a cluster; name one of them.',
    ),
    "a machine in a cluster of nobody": (
        lambda book: hardware.save_machine(book, VirtualMachine("web", cluster="moon")),
        'cluster: "moon" is the cluster of no host; correct the name, or give hosts that cluster.',
    ),
    "a method that is none": (
        lambda book: counting_rules.save(book, CountingRule("core", "guess", Parameters())),
        "method: 'guess' is none; possible are device, user, core,",
    ),
    "a parameter of another method": (
        lambda book: counting_rules.save(book, CountingRule("core", "user", Parameters(per=2))),
        'per: "2" is a parameter that the method user does not take; it takes minimum, pack, coverage.',
    ),
    "a number below zero": (
        lambda book: counting_rules.save(book, CountingRule("core", "core", Parameters(pack=-1))),
        "pack: -1 is not possible; a number from 0 to 2,147,483,647 is.",
    ),
    "a factor without end": (
        lambda book: counting_rules.save(book, CountingRule("core", "core", Parameters(factor=Fraction(1, 3)))),
        "factor: 1/3 is not possible; a number of 0 or more with at most six decimals is.",
    ),
    "tiers without end": (
        lambda book: counting_rules.save(book, CountingRule("core", "tiers", Parameters(tiers=((5, Fraction(1)),)))),
        'tiers: "5:1" must end in one weight without a limit',
    ),
    "a place that is none": (
        lambda book: counting_rules.save(book, CountingRule("core", "core", Parameters(virtual="moon"))),
        "virtual: 'moon' is none; possible are host, vm.",
    ),
}


@pytest.mark.parametrize("deed", REFUSED)
def test_what_cannot_be_is_refused_as_an_import_refuses_it(deed, estate):
    do, said = REFUSED[deed]
    before = content_hash(estate)
    with pytest.raises(Unfit) as refused:
        do(estate)
    assert str(refused.value).startswith(said)
    assert content_hash(estate) == before


def test_names_that_are_unknown_are_told(estate):
    with pytest.raises(Unknown, match="hosts: there is no 'irom'"):
        hardware.save_machine(estate, VirtualMachine("web", host="irom"))
    with pytest.raises(Unknown, match=r"counting rules: there is no 'user\|'"):
        counting_rules.remove(estate, "user", None)
    with pytest.raises(Unknown, match="virtual machines: there is no 'cache'"):
        hardware.remove_machine(estate, "cache")


def test_a_host_that_nothing_uses_is_removed(estate):
    hardware.save_host(estate, Host("spare"))
    hardware.remove_host(estate, "spare")
    assert not hardware.exists(estate, "hosts", "spare")


@pytest.mark.parametrize(
    ("subject", "key", "do", "field"),
    [
        ("hosts", "iron", lambda book: hardware.save_host(book, Host("iron", "Berlin", 4, 24, "prod")), "processors"),
        ("virtual_machines", "web", lambda book: hardware.save_machine(book, VirtualMachine("web", "iron")), "vcpus"),
        (
            "counting_rules",
            "core|",
            lambda book: counting_rules.save(book, CountingRule("core", "stacking", Parameters(per=4))),
            "per",
        ),
    ],
)
def test_an_earlier_value_can_be_restored_from_the_history(subject, key, do, field, estate):
    before = content_hash(estate)
    do(estate)
    for change in audit.history(estate, subject, key):
        if change.old is not None or change.field == field:
            audit.restore(estate, change.entry, change.field)
    assert content_hash(estate) == before
