import csv
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.snapshots import canonical, csv_files, layout
from tests.store.snapshots import sample
from tests.store.snapshots.payloads import PAYLOADS

STARTS = tuple("=+-@＝＋－＠\t\r\n")


def read(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def written(tmp_path, **lists):
    csv_files.write(sample.write(tmp_path / "snapshot.json", **lists), tmp_path / "csv")
    return tmp_path / "csv"


def test_there_is_one_file_a_table_with_the_names_of_the_fields_as_header(tmp_path):
    folder = written(tmp_path)

    assert {path.stem for path in folder.iterdir()} == {table.name for table in layout.TABLES}
    for table in layout.TABLES:
        assert (folder / f"{table.name}.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(
            column.field for column in table.columns
        )


def test_numbers_stay_numbers_and_an_unlimited_quantity_is_a_word(tmp_path):
    folder = written(tmp_path)

    positions, entitlements, charges = (read(folder, name) for name in ("positions", "entitlements", "charges"))

    assert positions[0]["downgrade"] == "-35"
    assert positions[0]["balance_value.amount"] == "-3837234.00"
    assert positions[2]["model"] == ""
    assert positions[0]["because"] == "SQL Server 2022 Standard/perpetual/core; demand/SQL Server 2022 Standard/core"
    assert entitlements[1]["quantity"] == "unlimited"
    assert charges[0]["amount"] == "-12.345"
    assert [event["automatic"] for event in read(folder, "events")] == ["true", "true", "false"]


def test_every_script_is_written_as_it_is(tmp_path):
    products = [row["product"] for row in read(written(tmp_path), "positions")]

    assert products == [position["product"] for position in sample.POSITIONS]


def test_lines_end_in_a_line_feed_alone(tmp_path):
    for path in written(tmp_path).iterdir():
        assert b"\r" not in path.read_bytes()
        assert path.read_bytes().endswith(b"\n")


def test_no_name_is_a_formula_and_each_reads_back_exactly(tmp_path):
    findings = [{"severity": "info", "code": "x", "place": name, "message": name} for name in PAYLOADS]

    rows = read(written(tmp_path, findings=findings), "findings")

    assert len(PAYLOADS) > 40
    for name, row in zip(PAYLOADS, rows, strict=True):
        assert not row["message"].lstrip().startswith(STARTS)
        assert not row["message"].startswith(STARTS)
        assert csv_files.plain(row["message"]) == csv_files.plain(row["place"]) == name


def test_an_amount_that_is_no_number_is_treated_as_text(tmp_path):
    charges = [sample.CHARGES[0] | {"amount": "-1+cmd|' /C calc'!A0"}]

    assert read(written(tmp_path, charges=charges), "charges")[0]["amount"] == "'-1+cmd|' /C calc'!A0"


@settings(deadline=None, max_examples=300)
@given(text=st.text())
def test_any_text_comes_back_and_never_starts_a_formula(text):
    cell = csv_files.guarded(text)

    assert csv_files.plain(cell) == text
    assert not cell.lstrip().startswith(STARTS)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_any_file_reads_back_with_a_strict_reader(tmp_path_factory, texts):
    findings = [{"severity": "info", "code": "x", "place": "y", "message": text} for text in texts]

    rows = read(written(tmp_path_factory.mktemp("any"), findings=findings), "findings")

    assert [csv_files.plain(row["message"]) for row in rows] == texts


def test_a_folder_that_is_there_already_is_not_written_into(tmp_path):
    (tmp_path / "csv").mkdir()

    with pytest.raises(FileExistsError):
        written(tmp_path)


def test_memory_stays_flat_for_long_tables(tmp_path):
    snapshot = tmp_path / "snapshot.json"
    events = (canonical.encode(sample.EVENTS[1] | {"item": str(number)}) for number in range(10_000))
    canonical.write(snapshot, sample.HEAD, dict.fromkeys(sample.LISTS, ()) | {"events": events})

    tracemalloc.start()
    csv_files.write(snapshot, tmp_path / "csv")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2_500_000 < snapshot.stat().st_size


def test_a_list_for_people_begins_with_headings() -> None:
    table = layout.Table("t", "T", "", "t", (layout.Column("license_start", "License start", "date"),))
    assert list(csv_files.lines(table, [("2026-11-21",)], headings=True)) == ["License start\n", "2026-11-21\n"]
