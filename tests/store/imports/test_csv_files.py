"""CSV files as they come: other separators, broken quoting, wrong encodings, and the sentence for each."""

import csv
import itertools
import os
import tracemalloc

import pytest

from store import aside
from store.imports import csv_files
from store.imports.source import Unreadable
from store.imports.template import BY_NAME

ITEMS = "contract,item,product,model,metric,quantity,license_start\n"
ROW = "C1,1,Office,perpetual,device,5,2024-01-01\n"


def error(read, path):
    (line,) = read(path).errors
    return line


def test_columns_may_stand_in_any_order_and_be_written_with_blanks_and_capitals(folder, read):
    path = folder(demand="Quantity, Product ,METRIC,Counted On\n7,Office,device,2026-11-01\n")
    (row,) = read(path).rows["demand"]
    assert (row["product"], row["metric"], row["quantity"], row["counted_on"]) == ("Office", "device", 7, "2026-11-01")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_semicolon_or_a_tab_may_separate_cells_when_the_header_shows_it(folder, read, separator):
    path = folder(
        demand=f"product{separator}metric{separator}quantity\nOffice, Standard{separator}device{separator}7\n"
    )
    (row,) = read(path).rows["demand"]
    assert row["product"] == "Office, Standard"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(folder, read, end):
    path = folder(demand=end.join(["product,metric,quantity", "Office,device,7", "Visio,device,8", ""]))
    assert [row["quantity"] for row in read(path).rows["demand"]] == [7, 8]


def test_a_cell_may_hold_line_breaks_and_quotation_marks(folder, read):
    path = folder(overrides='product,model,metric,reason\nOffice,perpetual,device,"see ""audit""\nof 2026"\nx,y,z,\n')
    found = read(path)
    assert found.rows["overrides"][0]["reason"] == 'see "audit"\nof 2026'
    assert found.errors[0].startswith("error: overrides.csv, row 3, ")  # rows are counted as a spreadsheet shows them


def test_a_byte_order_mark_belongs_to_no_column(folder, read):
    assert len(read(folder(demand=b"\xef\xbb\xbfproduct,metric,quantity\nOffice,device,7\n")).rows["demand"]) == 1


def test_blank_lines_and_lines_of_separators_are_passed_over(folder, read):
    found = read(folder(demand="product,metric,quantity\n\nOffice,device,7\n,,\n\n"))
    assert found.findings == []
    assert [row["row"] for row in found.rows["demand"]] == [3]


def test_a_table_may_have_a_header_and_no_rows(folder, read):
    found = read(folder(demand="product,metric,quantity\n"))
    assert found.findings == []
    assert found.rows["demand"] == []


def test_a_missing_column_is_told_with_the_columns_that_are_there(folder, read):
    line = error(read, folder(demand="product,quantity\nOffice,7\n"))
    assert line == (
        "error: demand.csv: the column metric is missing, and it is needed; the columns found are: product, quantity"
    )


def test_a_column_that_stands_there_twice_is_told(folder, read):
    line = error(read, folder(demand="product,metric,quantity,Quantity\nOffice,device,7,8\n"))
    assert line == "error: demand.csv: the column quantity stands there 2 times; keep one of them"


def test_an_unknown_column_is_a_warning_and_the_others_are_read(folder, read):
    found = read(folder(demand="product,colour,metric,quantity,\nOffice,blue,device,7,\n"))
    assert found.lines == ["warning: demand.csv, column colour: the column colour is not known here and was ignored"]
    assert found.rows["demand"][0]["quantity"] == 7


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_cell_may_stand_in_quotation_marks_the_names_of_columns_too(folder, read, separator):
    rows = [["product", "metric", "quantity"], ["Office, Std; de", "device", "7"]]
    text = "".join(separator.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
    found = read(folder(demand=text))
    assert found.findings == []
    assert [(row["product"], row["quantity"]) for row in found.rows["demand"]] == [("Office, Std; de", 7)]


@pytest.mark.parametrize("header", ['"product"s,metric,quantity', 'product,"metric"s,quantity'])
def test_a_quotation_mark_too_many_in_the_header_is_told_whatever_separates_its_cells(folder, read, header):
    assert error(read, folder(demand=f"{header}\nOffice,device,7\n")).startswith(
        "error: demand.csv, row 1: a quotation"
    )


def test_a_table_of_one_known_column_among_unknown_ones_is_read(folder, read):
    found = read(folder(user_groups="colour,name\nblue,Finance\n"))
    assert [row["name"] for row in found.rows["user_groups"]] == ["Finance"]


def test_an_empty_file_is_told(folder, read):
    assert error(read, folder(demand="")) == (
        "error: demand.csv: the file is empty; its first row must name the columns"
    )


def test_an_empty_first_row_is_told(folder, read):
    assert error(read, folder(demand="\nproduct,metric,quantity\n")) == "error: demand.csv: the first row is empty"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"product,metric,quantity\nB\xfcro,device,7\n", "not in UTF-8: byte 25 is 0xFC; save it as CSV in UTF-8"),
        (b"product,metric,quantity\nB\xc3", "not in UTF-8: byte 25 is 0xC3"),
        ("product,metric,quantity\n".encode("utf-16"), "the file is in UTF-16; save it as CSV in UTF-8"),
        (b"product,metric,quantity\nOffice\0,device,7\n", "the file is no text: byte 30 is NUL"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "the file is no"),
    ],
)
def test_a_file_in_another_encoding_or_of_no_text_is_told_with_the_byte(folder, read, content, says):
    assert says in error(read, folder(demand=content))


def test_a_wrong_byte_is_found_behind_the_first_megabyte(folder, read):
    line = b"Office \xc3\xa4,device,7\n"
    content = b"product,metric,quantity\n" + line * 100_000
    assert read(folder(demand=content)).errors == []
    assert f"byte {len(content):,} is 0xE9" in error(read, folder(demand=content + b"\xe9"))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('"Office,device,7\n', "row 3: a quotation mark that opens a cell here is never closed"),
        ('"Office"s,device,7\n', 'row 3: a quotation mark stands inside a quoted cell; write it twice ("")'),
        ("x" * 140_000 + ",device,7\n", "row 3: a cell has more than 131,072 characters"),
    ],
)
def test_broken_quoting_is_told_with_the_row_where_it_begins(folder, read, row, says):
    found = read(folder(demand=f"product,metric,quantity\nVisio,device,1\n{row}Word,device,2\n"))
    assert found.rows["demand"] == []
    assert [says in line for line in found.errors] == [True]


def test_a_quotation_mark_in_the_header_that_is_never_closed_is_told(folder, read):
    assert error(read, folder(demand='product,"metric,quantity\nOffice,device,7\n')).startswith(
        "error: demand.csv, row 1: a quotation mark that opens a cell here is never closed"
    )


def test_every_row_that_is_too_short_or_too_long_is_told_beside_the_other_faults(folder, read):
    found = read(folder(demand="product,metric,quantity\nOffice,device\nOffice, Std,device,7\nVisio,device,x\n"))
    assert [line.split(":")[1].strip() for line in found.errors] == [
        "demand.csv, row 4, column quantity",
        "demand.csv, row 2",
        "demand.csv, row 3",
    ]
    assert found.errors[2].endswith(
        "the row has 4 cells and the header 3; put a cell that holds a separator in quotation marks"
    )


def test_a_file_that_changes_while_it_is_read_is_told(folder):
    path = folder(demand="product,metric,quantity\nOffice,device,7\n") / "demand.csv"
    file = csv_files.opened(path, path.name, ["product"])
    raw, _ = csv_files.table_of(file, BY_NAME["demand"])
    os.utime(path, ns=(1, 1))
    with pytest.raises(Unreadable, match="changed while it was read") as caught:
        list(raw.batches())
    assert caught.value.finding.code == "changed"


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    assert csv_files.opened(tmp_path / "none.csv", "none.csv", []).code == "unreadable"


def test_reading_takes_the_same_few_megabytes_however_long_the_file_is(tmp_path, read):
    path = tmp_path / "demand.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["product", "metric", "quantity", "source"])
        writer.writerows(["Office", "device", "7", f"s{i}"] for i in range(100_000))
    raw = read_raw(path)
    tracemalloc.start()
    try:
        assert sum(len(rows) for _, rows in raw.batches()) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def read_raw(path):
    raw, findings = csv_files.table_of(csv_files.opened(path, path.name, ["product"]), BY_NAME["demand"])
    assert findings == ()
    return raw


def test_a_large_file_is_read_ahead_with_the_same_rows_and_findings(folder, read, shared_work):
    """Cells of every kind, blank lines, rows too short, and several batches."""
    good = "".join(f'Office {n},device,"Ort {n}, ""Süd""",{n}\n\n' for n in range(6_000))

    def both():
        found = [
            read(folder(demand=f"product,metric,source,quantity\n{rows}")) for rows in (good, f"{good}A,b\n{good}")
        ]
        return [(one.rows, one.errors) for one in found]

    alone = both()
    shared_work()
    assert both() == alone
    assert len(alone[0][0]["demand"]) == 6_000
    assert "row 12002" in alone[1][1][0]


def test_a_quotation_mark_that_is_never_closed_is_found_by_reading_ahead(folder, read, shared_work):
    shared_work()
    path = folder(demand='product,metric,quantity\nOffice,device,1\nVisio,"device,2\n')
    assert error(read, path).startswith("error: demand.csv, row 3: a quotation mark that opens a cell here")


def test_a_file_read_ahead_is_read_to_its_end_when_the_second_process_is_gone(folder, read, shared_work, monkeypatch):
    shared_work()
    path = folder(demand="product,metric,quantity\n" + "".join(f"Office {n},device,{n}\n" for n in range(12_000)))
    whole = read(path)
    monkeypatch.setattr(aside, "ahead", breaking_off_after(1, aside.ahead))
    assert read(path).rows == whole.rows
    assert len(whole.rows["demand"]) == 12_000


def breaking_off_after(batches, ahead):
    def broken(*arguments):
        yield from itertools.islice(ahead(*arguments), batches)
        raise aside.Gone

    return broken
