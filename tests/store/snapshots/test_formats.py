import hashlib
import os
import signal
import subprocess
import sys

import pytest

from store.snapshots import formats, layout, manifest
from store.snapshots.reading import SnapshotFault
from tests.store.snapshots import sample

CHILD = """
import sys
from pathlib import Path
from store.snapshots import formats
from tests.store.snapshots import sample
folder = Path(sys.argv[1])
folder.mkdir()
sample.write(folder / "snapshot.json")
formats.complete(folder)
"""


def broken_off(folder, *_):
    """Only who asks survives it."""
    if os.environ["ASKED_BY"] != str(os.getpid()):
        (folder / "csv").mkdir()
        os.kill(os.getpid(), signal.SIGKILL)
    (folder / "snapshot.pdf").write_bytes(b"whole")


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_all_formats_are_made_from_the_json_and_vouched_for_by_the_manifest(tmp_path):
    sample.write(tmp_path / "snapshot.json")

    formats.complete(tmp_path)

    assert manifest.verify(tmp_path) == []
    assert set(manifest.read(tmp_path)["files"]) == {
        "snapshot.json",
        "snapshot.pdf",
        "snapshot.xlsx",
        *(f"csv/{table.name}.csv" for table in layout.TABLES),
    }
    assert manifest.read(tmp_path)["totals"] == {name: len(found) for name, found in sample.LISTS.items()}


def test_two_processes_together_make_what_one_makes(tmp_path, monkeypatch):
    for name, large in (("alone", 1 << 40), ("together", 0)):
        (tmp_path / name).mkdir()
        sample.write(tmp_path / name / "snapshot.json")
        monkeypatch.setattr(formats, "_LARGE", large)
        formats.complete(tmp_path / name)

    assert digests(tmp_path / "alone") == digests(tmp_path / "together")


def test_what_a_second_process_left_undone_is_done_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "_LARGE", 0)
    monkeypatch.setattr(formats, "half", broken_off)
    monkeypatch.setenv("ASKED_BY", str(os.getpid()))
    sample.write(tmp_path / "snapshot.json")

    formats.complete(tmp_path)

    assert manifest.verify(tmp_path) == []
    assert (tmp_path / "snapshot.pdf").read_bytes() == b"whole"
    assert not (tmp_path / "csv").exists()


def test_a_cut_off_json_makes_no_other_format(tmp_path):
    whole = sample.write(tmp_path / "snapshot.json").read_bytes()
    (tmp_path / "snapshot.json").write_bytes(whole[:-3])

    with pytest.raises(SnapshotFault, match="cut off"):
        formats.complete(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["snapshot.json"]


def test_two_processes_of_another_hash_seed_zone_and_locale_make_the_same_bytes(tmp_path, promise):
    surroundings = {
        "one": {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        "two": {"PYTHONHASHSEED": "4242", "TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
    }
    for name, surrounding in surroundings.items():
        command = [sys.executable, "-c", CHILD, str(tmp_path / name)]
        subprocess.run(command, check=True, env=os.environ | surrounding, timeout=60)

    made, again = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert len(made) == len(again) == len(layout.TABLES) + 4
    report = tmp_path / "two" / "snapshot.pdf"
    report.write_bytes(report.read_bytes() + b" ")
    assert digests(tmp_path / "two") != made
    what = "files of a snapshot, by two processes of other seed, zone, locale"
    differ = [name for name, digest in made.items() if again.get(name) != digest]
    promise("R14", what, count=len(made), faults=differ, control="one more byte shows")
