import pytest

from store.snapshots import canonical, reading
from store.snapshots.reading import SnapshotFault
from tests.store.snapshots import sample


@pytest.fixture
def snapshot(tmp_path):
    return sample.write(tmp_path / "snapshot.json")


def test_the_head_and_the_totals_tell_what_a_snapshot_is(snapshot):
    assert reading.head(snapshot) == sample.HEAD
    assert reading.totals(snapshot) == {name: len(found) for name, found in sample.LISTS.items()}


def test_one_list_is_read_without_the_others(snapshot):
    assert list(reading.elements(snapshot, "transfers")) == sample.TRANSFERS


def test_a_whole_snapshot_is_read_at_once(snapshot):
    assert reading.read(snapshot) == sample.HEAD | sample.LISTS


def test_a_file_cut_off_anywhere_is_noticed(snapshot):
    whole = snapshot.read_bytes()
    ends_of_lines = [place + step for place, byte in enumerate(whole[:-3]) if byte == 10 for step in (0, 1, 2)]
    for length in [*range(0, len(whole) - 1, 53), *ends_of_lines, len(whole) - 2]:
        snapshot.write_bytes(whole[:length])
        with pytest.raises(SnapshotFault):
            reading.head(snapshot)


def test_a_list_that_ends_too_early_is_noticed_while_it_is_read(snapshot):
    whole = snapshot.read_bytes()
    snapshot.write_bytes(whole[: whole.index(b"\n]", whole.index(b'"transfers":[')) + 1])

    with pytest.raises(SnapshotFault, match="cut off"):
        list(reading.elements(snapshot, "transfers"))


def test_a_list_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "snapshot.json"
    canonical.write(path, sample.HEAD, {"events": []})

    with pytest.raises(SnapshotFault, match="no list charges"):
        list(reading.elements(path, "charges"))
    with pytest.raises(SnapshotFault, match="no list charges"):
        reading.read(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not valid JSON"),
        ("hello\n", "not valid JSON"),
        ("[]\n", "not"),
        ('{"format":"other"}\n', "its format is 'other'"),
        ('{"a":1}\n', "its format is None"),
        ('{"format":"elpis-snapshot","format_version":2}\n', "version 2; this Elpis reads 1"),
    ],
)
@pytest.mark.parametrize("how", [reading.head, reading.read, reading.totals])
def test_what_is_no_snapshot_is_refused_with_the_reason(tmp_path, text, reason, how):
    path = tmp_path / "snapshot.json"
    path.write_text(text)

    with pytest.raises(SnapshotFault, match=reason):
        how(path)
