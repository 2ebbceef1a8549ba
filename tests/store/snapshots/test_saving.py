import json
from pathlib import Path

import pytest

from store.snapshots import formats, manifest, saving
from store.snapshots.saving import SavingFault, save_file, save_snapshot
from tests.store.snapshots import sample


def produce(folder):
    sample.write(folder / "snapshot.json")
    formats.complete(folder)


def produce_changed(folder):
    sample.write(folder / "snapshot.json", findings=[])
    formats.complete(folder)


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def out(tmp_path):
    """A folder that holds a snapshot and a file of the user."""
    save_snapshot(tmp_path / "out", produce)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    return tmp_path / "out"


def test_a_first_snapshot_makes_its_folder_and_leaves_nothing_else(tmp_path):
    save_snapshot(tmp_path / "deep" / "out", produce)

    assert manifest.verify(tmp_path / "deep" / "out") == []
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_later_snapshot_replaces_the_earlier_one_and_leaves_other_files_alone(out):
    save_snapshot(out, produce_changed)

    assert manifest.verify(out) == ["notes.txt is not named in the manifest"]
    assert manifest.read(out)["totals"]["findings"] == 0
    assert (out / "notes.txt").read_text() == "mine"
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_the_same_snapshot_saved_again_is_the_same_to_the_byte(out):
    before = contents(out)

    save_snapshot(out, produce)

    assert contents(out) == before


def test_what_the_earlier_snapshot_had_and_the_new_one_has_not_is_removed_unless_it_was_edited(out):
    def smaller(folder):
        (folder / "snapshot.json").write_text("{}")
        manifest.write(folder, "2026-11-21", {})

    (out / "csv" / "events.csv").write_text("edited by hand")

    save_snapshot(out, smaller)

    assert set(contents(out)) == {"snapshot.json", "manifest.json", "notes.txt", "csv/events.csv"}


def test_a_failure_while_it_is_made_leaves_the_earlier_snapshot_and_no_workplace(out):
    before = contents(out)

    def fails(folder):
        produce_changed(folder)
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        save_snapshot(out, fails)

    assert contents(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_snapshot_that_does_not_read_back_as_written_is_not_put_in_place(out):
    before = contents(out)

    def damaged(folder):
        produce_changed(folder)
        (folder / "csv" / "events.csv").write_text("other")

    with pytest.raises(SavingFault, match=r"csv/events\.csv was changed\); nothing was changed"):
        save_snapshot(out, damaged)
    with pytest.raises(SavingFault, match=r"manifest\.json is missing"):
        save_snapshot(out, lambda folder: (folder / "snapshot.json").touch())

    assert contents(out) == before


@pytest.mark.parametrize("failing", range(1, 28, 3))
def test_when_one_file_cannot_be_replaced_the_others_are_put_back(out, monkeypatch, failing):
    """As on Windows, when the workbook is open in another program."""
    before = contents(out)
    replace = Path.replace
    calls = 0

    def refusing(path, target):
        nonlocal calls
        calls += 1
        if calls == failing:
            raise PermissionError(13, "Permission denied", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refusing)
    if failing > 2 * len(before) - 3:
        save_snapshot(out, produce_changed)
        return
    with pytest.raises(SavingFault, match=r"cannot be written to .*nothing was changed\. Close programs"):
        save_snapshot(out, produce_changed)

    assert contents(out) == before


def test_a_file_where_the_folder_should_be_is_left_alone(tmp_path):
    (tmp_path / "out").write_text("mine")

    for folder in (tmp_path / "out", tmp_path / "out" / "below"):
        with pytest.raises(SavingFault, match="is a file where a folder is needed; nothing was changed"):
            save_snapshot(folder, produce)

    assert contents(tmp_path) == {"out": b"mine"}


def test_a_folder_where_a_file_should_be_is_left_alone(tmp_path):
    precious = tmp_path / "out" / "snapshot.json" / "precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")

    with pytest.raises(SavingFault, match="is a folder where a file is needed; nothing was changed"):
        save_snapshot(tmp_path / "out", produce)

    assert contents(tmp_path / "out") == {"snapshot.json/precious.txt": b"mine"}


def test_a_place_where_nothing_can_be_made_is_told(tmp_path):
    with pytest.raises(SavingFault, match=r"nothing was changed\. Choose another place"):
        save_snapshot(Path("/proc/self/elpis"), produce)
    with pytest.raises(SavingFault, match="could not be saved"):
        save_snapshot(tmp_path / ("x" * 300), produce)


def test_what_a_killed_save_left_is_cleared_by_the_next_one(out):
    left = out / ".out.elpis-unfinished" / "new"
    left.mkdir(parents=True)
    (left / "snapshot.json").write_text("half")

    assert manifest.verify(out) == ["notes.txt is not named in the manifest"]
    save_snapshot(out, produce)

    assert not left.parent.exists()


def test_the_workplace_is_readable_by_its_owner_alone(tmp_path):
    modes = []

    def look(folder):
        modes.append(folder.parent.stat().st_mode & 0o777)
        produce(folder)

    save_snapshot(tmp_path / "out", look)

    assert modes == [0o700]


def test_a_link_to_a_folder_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    save_snapshot(tmp_path / "link", produce)

    assert manifest.verify(tmp_path / "real") == []
    assert (tmp_path / "link").is_symlink()


def test_a_single_file_is_replaced_whole_or_not_at_all(tmp_path):
    target = tmp_path / "export.csv"
    save_file(target, lambda path: path.write_text("first"))
    save_file(target, lambda path: path.write_text("second"))

    def fails(path):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(SavingFault, match=r"the disk is full: .*nothing was changed"):
        save_file(target, fails)

    assert contents(tmp_path) == {"export.csv": b"second"}


def test_a_single_file_cannot_take_the_place_of_a_folder(tmp_path):
    (tmp_path / "export.csv").mkdir()

    with pytest.raises(SavingFault, match="is a folder where a file is needed"):
        save_file(tmp_path / "export.csv", lambda path: path.write_text("x"))


def test_without_folder_handles_the_flush_of_folders_is_left_to_the_system(tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "_FOLDERS_OPEN", False)

    save_snapshot(tmp_path / "out", produce)

    assert manifest.verify(tmp_path / "out") == []


@pytest.fixture
def run(forked):
    """A program of its own, with these arguments."""
    return lambda code, *arguments: forked.run("import sys\nfrom pathlib import Path\n" + code, *arguments)


FULL_DISK = """
import json, resource, hashlib
from store.snapshots import saving
from tests.store.snapshots.test_saving import contents, produce_changed

out, told = Path(sys.argv[1]), []
before = contents(out)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for limit in [0, 1, 100, 300, 500, 800, *range(1000, 9000, 500), 10_000_000]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        saving.save_snapshot(out, produce_changed)
    except saving.SavingFault as fault:
        told.append(str(fault))
        assert contents(out) == before
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
try:
    (out / "snapshot.xlsx").write_bytes(bytes(5000))
except OSError:
    pass
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
sys.stdout.write(json.dumps({"told": told, "control": (out / "snapshot.xlsx").stat().st_size}))
"""


def test_a_full_disk_at_any_moment_is_told_in_one_sentence_and_harms_nothing(out, run):
    child = run(FULL_DISK, out)

    assert child.stderr == ""
    result = json.loads(child.stdout)
    assert len(result["told"]) > 10
    assert {sentence.split(":")[0] for sentence in result["told"]} == {"the disk is full"}
    assert all("nothing was changed" in sentence for sentence in result["told"])
    assert manifest.read(out)["totals"]["findings"] == 0
    assert result["control"] == 1000, "writing straight to the target destroys it: the limit bites"


KILLED = """
import os, signal
from store.snapshots import saving
from tests.store.snapshots.test_saving import produce_changed

left = int(sys.argv[2])
replace = Path.replace

def counting(path, target):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return replace(path, target)

Path.replace = counting
saving.save_snapshot(Path(sys.argv[1]), produce_changed)
"""


@pytest.mark.parametrize("renames", [0, 1, 2, 7, 23])
def test_a_kill_while_files_are_put_in_place_is_seen_by_the_earlier_manifest_and_healed_by_the_next_save(
    out, renames, run
):
    before = contents(out)

    assert run(KILLED, out, renames).returncode == -9

    after = {name: content for name, content in contents(out).items() if not name.startswith(".")}
    assert after["manifest.json"] == before["manifest.json"]
    assert (manifest.verify(out) == ["notes.txt is not named in the manifest"]) == (after == before)
    assert (after == before) == (renames in {0, 2}), "the second rename puts the same bytes in place again"
    save_snapshot(out, produce_changed)
    assert manifest.verify(out) == ["notes.txt is not named in the manifest"]
    assert not list(out.glob(".*"))


KILLED_EARLY = """
import os, signal
from store.snapshots import saving
from tests.store.snapshots.test_saving import produce_changed

def dies(folder):
    produce_changed(folder)
    os.kill(os.getpid(), signal.SIGKILL)

saving.save_snapshot(Path(sys.argv[1]), dies)
"""


def test_a_kill_while_it_is_made_leaves_the_earlier_snapshot_valid(out, run):
    assert run(KILLED_EARLY, out).returncode == -9

    assert manifest.verify(out) == ["notes.txt is not named in the manifest"]
    assert manifest.read(out)["totals"]["findings"] == 1


UNPRIVILEGED = """
import os
from store.snapshots import saving
from tests.store.snapshots.test_saving import produce

if os.geteuid() == 0:
    os.setuid(65534)
try:
    saving.save_snapshot(Path(sys.argv[1]), produce)
except saving.SavingFault as fault:
    sys.stdout.write(str(fault))
"""


def test_a_folder_that_may_not_be_written_is_told(out, run):
    out.chmod(0o555)

    child = run(UNPRIVILEGED, out)

    assert child.stderr == ""
    assert "cannot be written to (Permission denied); nothing was changed" in child.stdout
    out.chmod(0o755)
