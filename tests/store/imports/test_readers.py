"""Inputs are recognized by what they hold, not by what they are called."""

import openpyxl
import pytest


def test_a_single_table_is_read_from_its_file(folder, read):
    path = folder(user_groups="name\nFinance\n") / "user_groups.csv"
    found = read(path)
    assert found.source.kind == "template"
    assert [row["name"] for row in found.rows["user_groups"]] == ["Finance"]


def test_a_workbook_is_a_workbook_under_any_name(tmp_path, read):
    book = openpyxl.Workbook()
    book.active.title = "user_groups"
    book.active.append(["name"])
    book.active.append(["Finance"])
    book.save(tmp_path / "products.csv")
    assert [row["name"] for row in read(tmp_path / "products.csv").rows["user_groups"]] == ["Finance"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("estate.txt", b"hello", "not a file that can be imported; give a folder of CSV files or an XLSX workbook"),
        ("estate.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 99, "save it as .xlsx without a password"),
        ("estate.xlsx", b"PK\x03\x04" + b"x" * 99, "not an XLSX workbook, or it is damaged"),
        ("estate.xlsx", b"", "not a file that can be imported"),
    ],
)
def test_a_file_that_is_nothing_we_know_is_told(tmp_path, read, name, content, says):
    (tmp_path / name).write_bytes(content)
    (line,) = read(tmp_path / name).errors
    assert line.startswith(f"error: {name}: ")
    assert says in line


def test_a_file_that_is_not_there_is_told(tmp_path, read):
    assert read(tmp_path / "none").errors == ["error: none: there is no such file or folder"]


def test_a_path_that_the_system_refuses_is_told(tmp_path, read):
    (line,) = read(tmp_path / ("x" * 300)).errors
    assert "it cannot be opened: File name too long" in line
