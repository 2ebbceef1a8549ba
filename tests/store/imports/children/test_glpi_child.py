"""What the reader of GLPI's inventories tells of a file, whatever stands in it."""

import json

import pytest

from store.imports.children import glpi
from store.imports.children.answers import Failed


def told(tmp_path, *wholes):
    paths = []
    for number, whole in enumerate(wholes):
        path = tmp_path / f"{number}.json"
        path.write_bytes(whole if isinstance(whole, bytes) else json.dumps(whole).encode())
        paths.append(str(path))
    return list(glpi.read(*paths))


def test_each_file_has_its_facts_its_rows_and_their_number(tmp_path):
    content = {
        "hardware": {"name": "PC1", "uuid": 5},
        "cpus": [{"core": 2}, {"core": "4"}, {"core": -1}, "odd"],
        "virtualmachines": [{"name": "V", "vcpu": 2}],
        "users": [{"login": "ann"}],
        "operatingsystem": {"full_name": "Fedora", "version": 25},
        "softwares": [{"name": "tar", "version": 1.5, "publisher": None}, 7],
    }
    begin, rows, end = told(tmp_path, {"deviceid": "d", "content": content})
    assert begin[1:3] == [0, "inventory"]
    facts = begin[3]
    assert (facts["name"], facts["uuid"], facts["users"]) == ("PC1", "5", ["ann"])
    assert facts["cpus"] == [2, 4, None, None]
    assert facts["vms"][0]["vcpus"] == 2
    assert facts["system"]["version"] == "25"
    assert rows[1:] == [[1, 2], [["tar", "", "1.5", *[""] * 5], [""] * 8]]
    assert end == ["end", 2]


@pytest.mark.parametrize(
    "whole", [[], "text", {"deviceid": "d"}, {"content": {"hardware": {}}}, {"content": 5, "deviceid": ""}]
)
def test_json_of_another_kind_is_no_inventory(tmp_path, whole):
    begin, _ = told(tmp_path, whole)
    assert begin == ["begin", 0, "other", ""]


def test_what_is_no_json_says_where_and_leaves_the_next_file_alone(tmp_path):
    good = {"deviceid": "d", "content": {"hardware": {"name": "PC2"}}}
    lines = told(tmp_path, b'{"deviceid"', b"\xef\xbb\xbf" + json.dumps(good).encode())
    assert lines[0][2] == "broken"
    assert lines[2][:3] == ["begin", 1, "inventory"]


def test_a_cell_that_is_too_long_ends_the_reading(tmp_path):
    with pytest.raises(Failed, match="row 1"):
        told(tmp_path, {"deviceid": "d", "content": {"softwares": [{"name": "x" * 200_000}]}})
