"""Hosts, virtual machines, counting rules and places of installations come in like every table, or say what is wrong."""

from datetime import date

import pytest

from store import undo
from store.audit import content_hash
from store.imports.dry_run import dry_run
from store.imports.finding import Refused
from store.imports.load import load_source
from store.imports.readers import open_source
from store.imports.staging import Counts
from tests.estates import groups, item, of, product, write

HARDWARE = of(
    item("1", "Server", 100, metric="core"),
    resource_groups=groups("Berlin"),
    hosts=[
        {"host": "esx1", "resource_group": "Berlin", "processors": 2, "cores_per_processor": 8, "cluster": "prod"},
        {"host": "iron", "processors": 1, "cores_per_processor": 24},
    ],
    virtual_machines=[{"vm": "web", "host": "iron", "vcpus": 4}, {"vm": "db", "cluster": "prod", "vcpus": 8}],
    counting_rules=[
        {"metric": "core", "method": "core", "minimum_per_processor": 16, "factor": "0.50"},
        {"metric": "core", "method": "stacking", "per": 2, "count_host": "yes", "valid_from": "2026-01-01"},
        {"metric": "Value Unit", "method": "tiers", "tiers": "2500:1; 10000:0.80, 0.6", "basis": "core", "pack": 10},
    ],
    installations=[
        {"product": "Server", "device": "web"},
        {"product": "Server", "device": "x", "vm": "db"},
        {"product": "Server", "device": "y", "host": "iron"},
    ],
)

KEPT = {
    "hosts": "SELECT host, resource_group_id > 0, processors, cores_per_processor, cluster FROM hosts ORDER BY id",
    "virtual_machines": "SELECT v.vm, h.host, v.cluster, v.vcpus FROM virtual_machines v"
    " LEFT JOIN hosts h ON h.id = v.host_id ORDER BY v.id",
    "counting_rules": "SELECT m.code, c.valid_from, c.method, c.per, c.minimum_per_processor, c.factor, c.count_host,"
    " c.tiers, c.basis, c.pack, c.coverage FROM counting_rules c JOIN metrics m ON m.id = c.metric_id ORDER BY c.id",
    "installations": "SELECT n.device, h.host, v.vm FROM installations n LEFT JOIN hosts h ON h.id = n.host_id"
    " LEFT JOIN virtual_machines v ON v.id = n.vm_id ORDER BY n.device",
}


def test_hardware_and_counting_rules_are_stored_as_they_were_told(book, fill):
    fill(book, HARDWARE)
    assert {table: book.rows(sql) for table, sql in KEPT.items()} == {
        "hosts": [("esx1", 1, 2, 8, "prod"), ("iron", 0, 1, 24, "")],
        "virtual_machines": [("web", "iron", "", 4), ("db", None, "prod", 8)],
        "counting_rules": [
            ("core", "", "core", None, 16, "0.5", None, None, None, None, None),
            ("core", "2026-01-01", "stacking", 2, None, None, 1, None, None, None, None),
            ("value unit", "", "tiers", None, None, None, None, "2500:1, 10000:0.8, 0.6", "core", 10, None),
        ],
        "installations": [("web", None, None), ("x", None, "db"), ("y", "iron", None)],
    }


def test_a_metric_that_only_a_counting_rule_knows_is_added_and_told(book, fill):
    imported = fill(book, HARDWARE)
    assert [f"{f.severity}: {f.place}: {f.message}" for f in imported.findings if f.code == "metric-added"] == [
        'info: counting_rules.csv, row 4, column metric: "value unit" is a new metric; it was added to the book'
    ]
    fill(book, of(item("2", "Store", 100, metric="value unit")))
    assert book.value("SELECT count(*) FROM contract_items i JOIN metrics m ON m.id = i.metric_id AND length(code) > 9")


def test_the_same_files_again_change_nothing_and_others_change_by_key(book, fill):
    fill(book, HARDWARE)
    assert not fill(book, HARDWARE).changed

    hosts = [{"host": "iron", "processors": 2, "cores_per_processor": 24}]
    rules = [{"metric": "core", "method": "core", "minimum_per_processor": 8}]
    placed = [{"product": "Server", "device": "y", "vm": "web"}]
    counts = fill(book, {"hosts": hosts, "counting_rules": rules, "installations": placed}).counts

    assert {name: tuple(count) for name, count in counts.items()} == {
        "hosts": (0, 1, 0),
        "counting_rules": (0, 1, 0),
        "installations": (0, 1, 0),
    }
    entries = "SELECT subject, key FROM change_log WHERE action = 'import' AND before IS NOT NULL ORDER BY id"
    assert book.rows(entries) == [("hosts", "iron"), ("installations", "Server|y|"), ("counting_rules", "core|")]


def test_installations_without_a_place_come_in_as_ever_and_keep_the_place_that_they_have(book, fill):
    fill(book, HARDWARE)
    counts = fill(book, {"installations": [{"product": "Server", "device": "y", "source": "scan"}]}).counts
    assert counts["installations"] == Counts(0, 1, 0)
    assert ("y", "iron", None) in book.rows(KEPT["installations"])


def test_an_import_of_hardware_is_undone_and_redone_as_one(book, tmp_path):
    empty = content_hash(book)
    source = open_source(write(tmp_path / "hardware", HARDWARE))
    with undo.step(book, "Import", resolved=True):
        load_source(book, source, as_of=date(2026, 11, 21))
    full = content_hash(book)

    undo.back(book)
    assert content_hash(book) == empty
    undo.forward(book)
    assert content_hash(book) == full


def test_a_dry_run_tells_what_would_change_by_name(book, fill, tmp_path):
    fill(book, HARDWARE)
    moved = {"virtual_machines": [{"vm": "db", "host": "iron"}]}
    preview = dry_run(book, open_source(write(tmp_path / "moved", moved)), as_of=date(2026, 11, 21))
    assert [(change.key, change.fields) for change in preview.changes["virtual_machines"]] == [
        ("db", (("host", "", "iron"), ("cluster", "prod", "")))
    ]


# ------------------------------------------------------------------------------------------------------- what is wrong
ONE_HOST = {"host": "iron", "processors": 2, "cores_per_processor": 8}


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (
            {"virtual_machines": [{"vm": "web", "host": "irom"}]},
            'virtual_machines.csv, row 2, column host: "irom" is not known in hosts; did you mean "iron"?',
        ),
        (
            {"virtual_machines": [{"vm": "web", "vcpus": 4}]},
            'virtual_machines.csv, row 2, column vm: "web" is a virtual machine on neither a host nor a cluster;'
            " name one of them",
        ),
        (
            {"virtual_machines": [{"vm": "web", "cluster": "prod"}]},
            'virtual_machines.csv, row 2, column cluster: "prod" is the cluster of no host; correct the name, or give'
            " hosts that cluster",
        ),
        (
            {"virtual_machines": [{"vm": "web", "host": "iron", "cluster": "prod"}]},
            'column cluster: "prod" is not the cluster of the host "iron"; name either the host or the cluster',
        ),
        (
            {
                "hosts": [ONE_HOST, {"host": "esx"}],
                "virtual_machines": [{"vm": "web", "host": "iron"}],
                "products": [product("Server")],
                "installations": [{"product": "Server", "device": "web", "host": "esx"}],
            },
            'installations.csv, row 2, column host: "esx" is not where the virtual machine "web" runs; correct one of'
            " them, or leave the host out",
        ),
        (
            {"virtual_machines": [{"vm": "web", "host": "iron", "vcpus": 0}]},
            'column vcpus: "0" is not possible; give 1 or more, or leave it out',
        ),
        (
            {"hosts": [{**ONE_HOST, "processors": 100000}]},
            'hosts.csv, row 2, column processors: "100000" is not possible; at most 4,096 is accepted',
        ),
        (
            {"installations": [{"product": "Office", "device": "pc", "vm": "web"}]},
            'installations.csv, row 2, column vm: "web" is not known in virtual machines; add it to the table'
            " virtual_machines",
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "guess"}]},
            'counting_rules.csv, row 2, column method: "guess" is not known here; accepted: device, user, core,',
        ),
        (
            {"counting_rules": [{"metric": "user", "method": "user", "per": 2}]},
            'column per: "2" is a parameter that the method user does not take; it takes minimum, pack, coverage',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "core", "tiers": "0.5"}]},
            'column tiers: "0.5" is a parameter that the method core does not take; it takes minimum_per_processor,',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "core", "minimum_per_vm": 4}]},
            'column minimum_per_vm: "4" counts for nothing where installations count on their hosts; give virtual vm,',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "installation", "basis": "core"}]},
            'column basis: "core" is nothing that the method installation counts by; device and user are',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "tiers"}]},
            'column method: "tiers" counts by tiers that are not given; write them in the column tiers, such as',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "tiers", "tiers": "10:1, 5:0.5, 0.1"}]},
            'column tiers: "10:1, 5:0.5, 0.1" has limits that do not grow; each tier must end above the one before it',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "core", "factor": "1,5"}]},
            'column factor: "1,5" is not a number of 0 or more; write it as 0.5, with at most six decimals',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "core", "factor": "5000"}]},
            'column factor: "5000" is not possible; at most 1,000 is accepted',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "core", "pack": 0}]},
            'column pack: "0" is not possible; give 1 or more, or leave it out',
        ),
        (
            {"counting_rules": [{"metric": "core", "method": "core"}, {"metric": "Core", "method": "device"}]},
            "row 3, column metric: ",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tables, said, book, fill):
    with pytest.raises(Refused) as refused:
        fill(book, {"products": [product("Office")], "hosts": [ONE_HOST], **tables})
    assert len(refused.value.findings) == 1
    assert said in str(refused.value.findings[0])
    assert book.value("SELECT count(*) FROM products") == 0


def test_an_installation_cannot_name_a_host_on_which_its_virtual_machine_does_not_run(book, fill):
    placed = [{"product": "Server", "device": "x", "vm": "web", "host": "esx1"}]
    with pytest.raises(Refused, match=r'column host: "esx1" is not where the virtual machine "web" runs'):
        fill(book, HARDWARE | {"installations": placed})
    fill(book, HARDWARE | {"installations": [{"product": "Server", "device": "x", "vm": "db", "host": "esx1"}]})


def test_the_last_host_of_a_cluster_cannot_leave_it_while_virtual_machines_run_there(book, fill):
    fill(book, HARDWARE)
    with pytest.raises(Refused, match=r'virtual_machines, vm "db", column cluster: "prod" is the cluster of no host'):
        fill(book, {"hosts": [{"host": "esx1", "cluster": "test"}]})


def test_of_a_wrong_metric_only_the_cell_is_told(book, fill):
    with pytest.raises(Refused, match="column metric: the cell is empty") as refused:
        fill(book, {"counting_rules": [{"metric": "", "method": "core"}]})
    assert len(refused.value.findings) == 1
