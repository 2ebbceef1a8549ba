"""Every overview as a table: all of them, all rows, all fields, and the same bytes each time."""

import csv
import io

import openpyxl
import pytest

from store import overviews
from store.exports import everything
from store.overviews import OVERVIEWS, Ask
from store.snapshots import csv_files, manifest
from tests.store.exports.round import files


def table(place, name):
    rows = csv.reader(io.StringIO((place / f"{name}.csv").read_text(), newline=""), strict=True)
    return [[csv_files.plain(cell) for cell in row] for row in rows]


def test_there_is_a_table_for_each_overview_with_all_of_its_rows(filled, tmp_path):
    counts = everything.save(filled, tmp_path / "out")
    assert set(counts) == set(OVERVIEWS)
    assert manifest.verify(tmp_path / "out") == []
    for name, overview in OVERVIEWS.items():
        found = table(tmp_path / "out", name)
        rows = [row for row in found[1:] if not overview.tree or row[1] == everything.WHOLE]
        assert len(rows) == counts[name] == sum(map(len, overviews.ids(filled, name, Ask())))
        assert {field.name for field in overview.fields} <= set(found[0])
    assert all(counts[name] for name in ("entitlements", "contracts", "charges", "reviews", "review_rows", "changes"))


def test_a_row_is_followed_by_its_parts_with_their_resource_groups(filled, tmp_path):
    everything.save(filled, tmp_path / "out")
    head, *rows = table(tmp_path / "out", "compliance")
    office = [dict(zip(head, row, strict=True)) for row in rows if row[0] == "Büro 2024"]
    assert [row["resource_group"] for row in office] == ["all", "Berlin", ""]
    assert [row["status"] for row in office][1:] == ["", ""]


def test_a_workbook_has_a_sheet_for_each_overview(filled, tmp_path):
    counts = everything.save(filled, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)
    assert len(book.sheetnames) == len(OVERVIEWS)
    assert len(list(book["Contracts"].iter_rows())) == counts["contracts"] + 1


@pytest.mark.parametrize("ending", ["", ".xlsx"])
def test_the_same_book_gives_the_same_bytes(filled, tmp_path, ending):
    everything.save(filled, tmp_path / f"a{ending}")
    everything.save(filled, tmp_path / f"b{ending}")
    assert files(tmp_path / f"a{ending}") == files(tmp_path / f"b{ending}")


def test_one_is_told_how_far_it_is(filled, tmp_path):
    told = []
    everything.save(filled, tmp_path / "out", lambda *step: told.append(step))
    assert told[0] == (0, len(OVERVIEWS))
