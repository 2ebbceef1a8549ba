import hashlib
import json

import pytest

from store.snapshots import manifest


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "events.csv").write_bytes(b"on\n")
    (tmp_path / "snapshot.json").write_bytes(b"{}\n")
    manifest.write(tmp_path, "2026-11-21", {"events": 0})
    return tmp_path


def test_the_manifest_names_each_file_with_its_size_and_hash(folder):
    content = json.loads((folder / "manifest.json").read_bytes())

    assert content == {
        "format": "elpis-manifest",
        "format_version": 1,
        "as_of": "2026-11-21",
        "totals": {"events": 0},
        "files": {
            "csv/events.csv": {"sha256": hashlib.sha256(b"on\n").hexdigest(), "size": 3},
            "snapshot.json": {"sha256": hashlib.sha256(b"{}\n").hexdigest(), "size": 3},
        },
    }
    assert manifest.read(folder) == content


def test_an_untouched_snapshot_has_no_differences(folder):
    assert manifest.verify(folder) == []


def test_what_is_missing_changed_or_added_is_named(folder):
    (folder / "csv" / "events.csv").unlink()
    (folder / "snapshot.json").write_bytes(b"{ }")
    (folder / "extra.txt").write_text("x")

    assert manifest.verify(folder) == [
        "csv/events.csv is missing",
        "snapshot.json was changed",
        "extra.txt is not named in the manifest",
    ]


def test_every_single_changed_byte_is_noticed(folder):
    whole = (folder / "csv" / "events.csv").read_bytes()
    for place in range(len(whole)):
        (folder / "csv" / "events.csv").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert manifest.verify(folder) == ["csv/events.csv was changed"]


def test_a_folder_without_a_manifest_is_no_finished_snapshot(tmp_path):
    assert manifest.verify(tmp_path) == ["manifest.json is missing: the snapshot was not finished"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"format":"elpis-man', "not valid JSON"),
        ("", "not valid JSON"),
        ("[]", "not a manifest of version 1"),
        ('{"format":"elpis-manifest","format_version":2,"files":{}}', "not a manifest of version 1"),
        ('{"format":"elpis-manifest","format_version":1,"files":[]}', "not a manifest of version 1"),
    ],
)
def test_a_manifest_that_is_cut_off_foreign_or_newer_is_told(folder, text, reason):
    (folder / "manifest.json").write_text(text)

    assert reason in manifest.verify(folder)[0]
    assert manifest.outdated(folder, []) == []


@pytest.mark.parametrize("entry", [None, 5, "x", [], {}, {"sha256": 1}])
def test_nonsense_about_a_file_is_a_difference_and_no_failure(folder, entry):
    content = manifest.read(folder)
    content["files"]["snapshot.json"] = entry
    (folder / "manifest.json").write_text(json.dumps(content))

    assert manifest.verify(folder) == ["snapshot.json was changed"]


def test_only_files_that_are_still_as_written_and_not_needed_any_more_are_outdated(folder):
    assert manifest.outdated(folder, ["snapshot.json"]) == ["csv/events.csv"]
    (folder / "csv" / "events.csv").write_text("edited by hand")
    assert manifest.outdated(folder, ["snapshot.json"]) == []


def test_a_name_that_leads_out_of_the_folder_is_never_outdated(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "precious.txt"
    other.write_bytes(b"on\n")
    content = manifest.read(folder)
    for name in (str(other), f"../{other.parent.name}/precious.txt"):
        content["files"][name] = content["files"]["csv/events.csv"]
    (folder / "manifest.json").write_text(json.dumps(content))

    assert manifest.outdated(folder, []) == ["csv/events.csv", "snapshot.json"]
