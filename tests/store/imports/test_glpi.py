"""Inventories of GLPI: every entry is stored or left out with a reason, and a second reader agrees."""

import json
from pathlib import Path

import pytest

from store import undo
from store.content import content_hash
from store.imports.dry_run import dry_run
from store.imports.load import load
from store.imports.readers import open_source
from tests.conftest import AS_OF

DATA = Path(__file__).parents[2] / "data" / "glpi"
FILES = [DATA / f"computer_{n}.json" for n in (1, 2, 3)]


def inventory(path, device="PC1", software=(), **content):
    hardware = {"name": device, "uuid": content.pop("uuid", f"uuid of {device}")}
    hardware |= {"vmsystem": content.pop("virtual")} if "virtual" in content else {}
    whole = {"deviceid": f"{device}-2026", "content": {"hardware": hardware, "softwares": [*software], **content}}
    path.write_text(json.dumps(whole))
    return path


def entry(name, **more):
    return {"name": name, **more}


def stored(book):
    sql = """SELECT d.device, n.name, n.publisher, n.version, d.user, coalesce(d.installed_on, '')
        FROM discovered_software d JOIN software_names n ON n.id = d.name_id"""
    return set(book.rows(sql))


# ------------------------------------------------------------------------------------------------------ the real files
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_entry_of_a_real_file_is_stored_or_left_out_with_a_reason(path, book):
    whole = json.loads(path.read_text("utf-8"))["content"]  # a second reader
    software, machines = whole.get("softwares", []), whole.get("virtualmachines", [])
    source = open_source(path)
    load(book, path, as_of=AS_OF)
    name = whole.get("operatingsystem", {}).get("full_name")
    found = {row for row in stored(book) if row[1] != name}
    kept = len(found) + book.value("SELECT count(*) FROM virtual_machines")
    assert source.read == len(software) + len(machines) == kept + len(source.left_out)
    assert all(row.reason for row in source.left_out)
    users = {user["login"] for user in whole.get("users", [])}
    user = users.pop() if len(users) == 1 else ""
    device = whole["hardware"]["name"]
    told = {
        (device, one["name"], one.get("publisher", ""), one.get("version", ""), user, one.get("install_date", ""))
        for one in software
    }
    assert {row[:5] for row in told} == {row[:5] for row in found}
    assert found <= told
    assert len(stored(book)) - len(found) == bool(name)


def test_the_large_one_has_3033_entries_of_which_28_are_told_twice():
    source = open_source(FILES[2])
    assert (source.kind, source.read, len(source.left_out)) == ("glpi", 3033, 28)
    assert {row.reason.split(" ", 2)[2] for row in source.left_out} == {
        "names the same software (of another architecture, perhaps)"
    }
    (finding,) = source.findings
    assert finding.message.startswith("28 entries name software that is listed already (row 448, 461, ")


def test_a_folder_of_them_comes_in_at_once_and_again_without_a_change(book):
    done = load(book, DATA, as_of=AS_OF)
    assert {table: counts.new for table, counts in done.counts.items()} == {
        "hosts": 3,
        "virtual_machines": 1,
        "discovered_software": 3013,
    }
    assert [f.place for f in done.findings if f.severity == "warning"] == ["inventory.schema.json"]
    assert book.rows("SELECT host, processors, cores_per_processor FROM hosts ORDER BY host") == [
        ("COMP1", None, None),
        ("LF014", 1, 2),
        ("glpixps", 1, 2),
    ]
    assert book.rows("SELECT vm, vcpus FROM virtual_machines") == [("'T", 1)]
    before = content_hash(book)
    assert not load(book, DATA, as_of=AS_OF).changed
    assert content_hash(book) == before


def test_an_import_of_them_is_undone_and_done_again(book):
    before = content_hash(book)
    with undo.step(book, "Import", resolved=True):
        load(book, DATA, as_of=AS_OF)
    after = content_hash(book)
    undo.back(book)
    assert content_hash(book) == before
    undo.forward(book)
    assert content_hash(book) == after


def test_containers_are_no_virtual_machines():
    source = open_source(FILES[1])
    assert [row.reason for row in source.left_out] == ["it is a container, and no virtual machine"] * 5


# ----------------------------------------------------------------------------------------------------------- made ones
def test_a_newer_inventory_replaces_what_is_gone(book, tmp_path, cold_readers):
    load(book, inventory(tmp_path / "a.json", software=[entry("One"), entry("Two")]), as_of=AS_OF)
    newer = inventory(tmp_path / "b.json", software=[entry("Two"), entry("Three", install_date="2026-03-04 10:00:00")])
    preview = dry_run(book, open_source(newer), as_of=AS_OF)
    assert preview.counts["discovered_software"] == (1, 1, 1)
    load(book, newer, as_of=AS_OF)
    assert {row[1:2] + row[5:] for row in stored(book)} == {("Two", ""), ("Three", "2026-03-04")}


def test_an_inventory_that_does_not_tell_of_software_takes_none_away(book, tmp_path):
    """Agents send only what has changed when they are asked to (partial inventories)."""
    fedora = {"operatingsystem": {"full_name": "Fedora 41", "version": "41"}}
    load(book, inventory(tmp_path / "a.json", software=[entry("One"), entry("Two")], **fedora), as_of=AS_OF)
    part = json.loads(inventory(tmp_path / "b.json", operatingsystem={"full_name": "Fedora 42"}).read_text())
    del part["content"]["softwares"]
    (tmp_path / "b.json").write_text(json.dumps(part | {"partial": True}))
    assert [str(one) for one in load(book, tmp_path / "b.json", as_of=AS_OF).findings] == [
        "info: b.json: the inventory does not tell of software, so what is known of the device stays"
    ]
    assert {row[1] for row in stored(book)} == {"One", "Two", "Fedora 41", "Fedora 42"}
    load(book, inventory(tmp_path / "c.json", software=[entry("Two")], **fedora), as_of=AS_OF)
    assert {row[1] for row in stored(book)} == {"Two", "Fedora 41"}


def test_the_only_entry_of_a_list_may_stand_there_without_it(book, tmp_path):
    path = inventory(tmp_path / "a.json", cpus={"core": 8})
    whole = json.loads(path.read_text())
    whole["content"]["softwares"] = entry("One", version="1")
    path.write_text(json.dumps(whole))
    assert open_source(path).read == 1
    load(book, path, as_of=AS_OF)
    assert {row[1] for row in stored(book)} == {"One"}
    assert book.rows("SELECT processors, cores_per_processor FROM hosts") == [(1, 8)]


def test_an_inventory_is_known_by_its_content_whatever_its_name(tmp_path):
    assert open_source(inventory(tmp_path / "products.csv")).kind == "glpi"
    (tmp_path / "other.json").write_text('{"bomFormat": "CycloneDX"}')
    assert open_source(tmp_path / "other.json").kind != "glpi"


def test_an_entry_that_cannot_be_shown_is_left_out_and_says_where(book, tmp_path):
    bad = [
        entry("Good"),
        entry("Bad\u0007"),
        entry("x" * 600),
        entry("", version="1"),
        "no entry",
        entry("Odd", version="1\u0000"),
    ]
    source = open_source(inventory(tmp_path / "a.json", software=bad))
    assert (source.read, len(source.left_out)) == (6, 5)
    assert [f.place for f in source.findings] == [
        *(f"a.json, row {n}, column name" for n in (2, 3, 4, 5)),
        "a.json, row 6, column version",
    ]
    load(book, tmp_path / "a.json", as_of=AS_OF)
    assert {row[1] for row in stored(book)} == {"Good"}


def test_a_day_that_is_none_is_left_out_and_the_software_stays(book, tmp_path):
    path = inventory(tmp_path / "a.json", software=[entry("Good", install_date="2026-13-45")])
    (finding,) = open_source(path).findings
    assert (finding.severity, finding.place) == ("info", "a.json, row 1, column install_date")
    load(book, path, as_of=AS_OF)
    assert stored(book) == {("PC1", "Good", "", "", "", "")}


def test_who_works_with_a_device_is_known_where_there_is_only_one(book, tmp_path):
    load(
        book,
        inventory(tmp_path / "a.json", "A", [entry("X"), entry("Y", username="zoe")], users=[{"login": "ann"}]),
        as_of=AS_OF,
    )
    load(
        book,
        inventory(tmp_path / "b.json", "B", [entry("X")], users=[{"login": "ann"}, {"login": "root"}]),
        as_of=AS_OF,
    )
    assert {(row[0], row[1], row[4]) for row in stored(book)} == {("A", "X", "ann"), ("A", "Y", "zoe"), ("B", "X", "")}


def test_the_operating_system_is_software_too(book, tmp_path):
    system = {
        "full_name": "Microsoft Windows Server 2022 Standard",
        "version": "10.0.20348",
        "install_date": "2025-01-02",
    }
    load(book, inventory(tmp_path / "a.json", operatingsystem=system), as_of=AS_OF)
    assert stored(book) == {("PC1", system["full_name"], "", "10.0.20348", "", "2025-01-02")}


def test_processors_make_a_host_and_what_runs_there_bears_the_name_of_its_own_inventory(book, tmp_path):
    folder = tmp_path / "all"
    folder.mkdir()
    vms = [
        {"name": "guest", "uuid": "ABC", "vcpu": 4, "vmtype": "kvm"},
        {"name": "c", "vmtype": "docker"},
        {"name": ""},
    ]
    inventory(folder / "a.json", "HOST", cpus=[{"core": 8}, {"core": "16"}], virtualmachines=vms)
    inventory(folder / "b.json", "GUEST01", [entry("X")], uuid="abc", virtual="KVM", cpus=[{"core": 4}])
    done = load(book, folder, as_of=AS_OF)
    assert book.rows("SELECT host, processors, cores_per_processor FROM hosts") == [("HOST", 2, 16)]
    assert book.rows("SELECT vm, vcpus FROM virtual_machines") == [("GUEST01", 4)]
    assert {f.code for f in done.findings} == {"cores-differ", "machine-left-out"}


def test_of_two_inventories_of_a_device_the_newer_one_holds(tmp_path, book):
    folder = tmp_path / "all"
    folder.mkdir()
    inventory(folder / "z.json", software=[entry("Old")], accesslog={"logdate": "2026-01-01 00:00:00"})
    inventory(folder / "a.json", software=[entry("New")], accesslog={"logdate": "2026-02-01 00:00:00"})
    inventory(folder / "m.json", software=[entry("Else")], uuid="another")
    source = open_source(folder)
    assert [(f.code, f.place) for f in source.findings] == [("device-twice", "m.json"), ("device-twice", "z.json")]
    assert (source.read, len(source.left_out)) == (3, 2)
    load(book, folder, as_of=AS_OF)
    assert {row[1] for row in stored(book)} == {"New"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"content": {}, "deviceid"', "not-json"),
        ('{"content": {"hardware": {}}, "deviceid": ""}', "device-without-name"),
        ('{"deviceid": "d", "content": {"softwares": [], "softwares": []}}', "not-json"),
        ('{"deviceid": ' + "[" * 5000 + ', "content"', "not-json"),
    ],
)
def test_a_file_that_is_broken_is_refused_with_its_name(tmp_path, text, code):
    (tmp_path / "a.json").write_text(text)
    (finding,) = open_source(tmp_path / "a.json").findings
    assert (finding.severity, finding.code, finding.place.split(",")[0]) == ("error", code, "a.json")


def test_a_file_that_the_reader_cannot_take_is_named_among_others(tmp_path):
    folder = tmp_path / "all"
    folder.mkdir()
    inventory(folder / "a.json", "A", [entry("X")])
    inventory(folder / "b.json", "B", [entry("x" * 200_000)])
    (finding,) = open_source(folder).findings
    assert (finding.severity, finding.code) == ("error", "not-safe")
    assert finding.place.startswith("b.json")
