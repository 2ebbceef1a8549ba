"""What the reader of workbooks makes of cells and sheets, before anybody looks at them as tables."""

import datetime
import json

import openpyxl
import pytest

from store.imports.children import answers, workbook
from store.imports.children.answers import Failed

day_and_time = datetime.datetime.fromisoformat  # as a spreadsheet has it, of no time zone


def asked(*names):
    return json.dumps([(name, None) for name in names])


@pytest.fixture
def path(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "user_groups"
    for row in (["name"], ["A"], ["B"], [], ["C"]):
        made.active.append(row)
    made.create_sheet("rights")
    made.save(tmp_path / "estate.xlsx")
    return str(tmp_path / "estate.xlsx")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a", "a"),
        (5.0, "5"),
        (-0.5, "-0.5"),
        (59.970000000000006, "59.97"),
        (1e15, "1000000000000000"),
        (float(2**53 - 1), "9007199254740991"),
        (1e-7, "1e-07"),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (day_and_time("2024-02-29"), "2024-02-29"),
        (day_and_time("2024-02-29T08:30"), "2024-02-29T08:30:00"),
        (datetime.time(8, 30), "08:30:00"),
        (datetime.timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_a_cell_of_any_type_has_one_text(cell, text):
    assert workbook.texts_of([cell]) == [text]


@pytest.mark.parametrize("cell", [float(2**53), -1e19, float("nan"), float("inf")])
def test_a_number_that_is_not_kept_whole_is_told_with_its_cell(cell):
    with pytest.raises(Failed) as failed:
        list(workbook._sheet(0, "demand", None, (3, 25), iter([[], [], [], ["a", "b"], ["c", cell]])))
    assert failed.value.place == "sheet demand, cell AA5"
    assert "number" in failed.value.reason


def test_sheets_come_as_blocks_of_rows(path, monkeypatch):
    monkeypatch.setattr(answers, "_ROWS_A_LINE", 2)
    assert list(workbook.read(path, asked("user_groups", "rights"))) == [
        ["begin", 0, 1, ["name"]],
        ["rows", [2, 3], [["A"], ["B"]]],
        ["rows", [5], [["C"]]],
        ["end", 4],
        ["begin", 1, 1, []],
        ["end", 0],
    ]


def test_only_the_wanted_columns_are_given_and_the_cells_of_all_are_counted():
    rows = [
        ["Resource Group", "note", " PRODUCT", "odd"],
        ["IT", "a", "Word", 1e18],
        ["", "b", "", ""],
        ["", "", "", ""],
    ]
    assert list(workbook._sheet(0, "demand", ["product", "resourcegroup"], (0, 0), iter(rows))) == [
        ["begin", 0, 1, rows[0]],
        ["rows", [2, 3], [["IT", "Word"], ["", ""]]],
        ["end", 9],
    ]


def test_the_place_of_a_bad_number_is_that_in_the_sheet_also_where_columns_are_left_out():
    rows = [["a", "b", "c"], ["", "", 1e18]]
    with pytest.raises(Failed) as failed:
        list(workbook._sheet(0, "demand", ["c"], (0, 1), iter(rows)))
    assert failed.value.place == "sheet demand, cell D2"


def test_a_cell_that_is_too_long_is_no_cell(path, monkeypatch):
    monkeypatch.setattr(workbook, "LONGEST", 3)
    with pytest.raises(Failed, match="a cell has more than 3 characters"):
        list(workbook.read(path, asked("user_groups")))


def test_a_sheet_that_is_not_there_is_told(path):
    with pytest.raises(Failed, match="none"):
        list(workbook.read(path, asked("none")))


def test_rows_of_any_reader_come_as_a_piece(monkeypatch):
    monkeypatch.setattr(answers, "_ROWS_A_LINE", 2)
    rows = [(number, [str(number)]) for number in range(2, 5)]
    assert list(answers.piece(["demand"], rows, 3)) == [
        ["begin", "demand"],
        ["rows", [2, 3], [["2"], ["3"]]],
        ["rows", [4], [["4"]]],
        ["end", 3],
    ]
    assert list(answers.piece(["demand"], [])) == [["begin", "demand"], ["end"]]


def test_a_piece_with_an_endless_cell_is_told_by_its_row():
    with pytest.raises(Failed, match="row 7: a cell has more than 131,072 characters"):
        list(answers.piece(["demand"], [(7, ["x" * 131_073])]))
