"""Workbooks: honest ones of two writers are read exactly, crafted ones are refused with a sentence."""

import datetime
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import get_column_letter

from store.imports.workbook_scan import Scan, Unsafe

day_and_time = datetime.datetime.fromisoformat  # as a spreadsheet has it, of no time zone

HEADER = ["product", "metric", "resource_group", "source", "quantity", "counted_on"]
ROW = ["Office", "device", "", "count", 7, "2026-11-01"]


@pytest.fixture
def book(tmp_path):
    """A workbook made by openpyxl with these sheets: name=rows."""

    def make(**sheets):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.save(tmp_path / "estate.xlsx")
        return tmp_path / "estate.xlsx"

    return make


def changed(path, **parts):
    """The workbook with parts replaced or added: name with __ for / and without .xml; None leaves a part out."""
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    for name, data in parts.items():
        content[name.replace("__", "/") + ".xml"] = data
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in content.items():
            if data is not None:
                new.writestr(name, data)
    return path


def sheet_of(cells, encoding="utf-8"):
    """The XML of a sheet from the XML of its rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
    return text.encode(encoding)


HEADER_XML = "".join(
    f'<c r="{get_column_letter(i)}1" t="inlineStr"><is><t>{n}</t></is></c>' for i, n in enumerate(HEADER, 1)
)


# ----------------------------------------------------------------------------------------------------- honest workbooks
def test_sheets_are_tables_and_cells_become_the_texts_that_a_csv_would_hold(book, read, cold_readers):
    path = book(
        **{
            "Contract Items": [
                [
                    "contract",
                    "item",
                    "product",
                    "model",
                    "metric",
                    "quantity",
                    "license_start",
                    "license_end",
                    "unit_price",
                ],
                ["C1", 1, "Office", "perpetual", "device", 5, datetime.date(2024, 1, 2), None, 12.5],
                [
                    "C1",
                    2.0,
                    "Büro",
                    "perpetual",
                    "device",
                    "unlimited",
                    day_and_time("2024-01-02"),
                    "2030-12-31",
                    19.99 * 3,
                ],
            ],
            "products": [["product", "maintenance_separate", "version_rank"], ["Office", True, -3], ["Büro", False, 4]],
        }
    )
    found = read(path)
    assert found.findings == []
    assert [raw.place for raw in found.source.tables] == [
        "estate.xlsx, sheet products",
        "estate.xlsx, sheet Contract Items",
    ]
    assert [(row["maintenance_separate"], row["version_rank"]) for row in found.rows["products"]] == [(1, -3), (0, 4)]
    first, second = found.rows["contract_items"]
    assert (first["item"], first["quantity"], first["license_start"], first["unit_price"]) == (
        "1",
        5,
        "2024-01-02",
        "12.50",
    )
    assert (second["item"], second["product"], second["license_start"]) == ("2", "Büro", "2024-01-02")
    assert (second["license_end"], second["unit_price"]) == ("2030-12-31", "59.97")


def test_a_wrong_cell_is_told_with_sheet_row_and_column(book, read):
    found = read(book(demand=[HEADER, ROW, [], ["Visio", "device", "", "count", "many", "2026-11-01"]]))
    assert [row["row"] for row in found.rows["demand"]] == [2]
    assert found.errors == [
        'error: estate.xlsx, sheet demand, row 4, column quantity: "many" is not a whole number;'
        " write digits only, for example 250"
    ]


def test_a_table_may_begin_below_and_beside_the_corner(tmp_path, read):
    made = openpyxl.Workbook()
    made.active.title = "user_groups"
    made.active["C4"], made.active["C5"], made.active["C7"] = "name", "Finance", "Sales"
    made.save(tmp_path / "estate.xlsx")
    assert [(row["row"], row["name"]) for row in read(tmp_path / "estate.xlsx").rows["user_groups"]] == [
        (5, "Finance"),
        (7, "Sales"),
    ]


def test_unknown_sheets_and_empty_ones_are_warnings(book, read):
    found = read(book(demand=[HEADER, ROW], notes=[["hello"]], rights=[]))
    assert found.lines == [
        "warning: estate.xlsx, sheet notes: the sheet is not named after a table of the template and was ignored",
        "warning: estate.xlsx, sheet rights: the sheet is empty and was ignored",
    ]
    assert len(found.rows["demand"]) == 1


def test_a_missing_column_is_told(book, read):
    (line,) = read(book(demand=[HEADER[1:], ROW[1:]])).errors
    assert line.startswith("error: estate.xlsx, sheet demand: the column product is missing, and it is needed")


def test_two_sheets_of_one_table_are_told(book, read):
    assert len(read(book(**{"user_groups": [["name"], ["A"]], "User Groups": [["name"], ["B"]]})).errors) == 2


def test_a_workbook_without_a_known_sheet_is_told_with_its_sheets(book, read):
    (line,) = read(book(notes=[["hello"]])).errors
    assert line.endswith(
        "the workbook holds no sheet of the template, such as products or contracts; its sheets are: notes"
    )


def test_cells_that_hold_empty_texts_are_empty_cells(tmp_path, read):
    made = xlsxwriter.Workbook(tmp_path / "estate.xlsx")
    sheet = made.add_worksheet("demand")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ROW)
    sheet.write_string(1, 2, "")
    made.close()
    found = read(tmp_path / "estate.xlsx")
    assert found.findings == []
    assert found.rows["demand"][0]["resource_group"] is None


def test_many_rows_come_in_batches_and_can_be_read_again(tmp_path, read):
    made = xlsxwriter.Workbook(tmp_path / "estate.xlsx", {"constant_memory": True})
    sheet = made.add_worksheet("demand")
    sheet.write_row(0, 0, HEADER)
    for number in range(1, 6_001):
        sheet.write_row(number, 0, [f"Product {number}", "device", "", "count", number, "2026-11-01"])
    made.close()
    found = read(tmp_path / "estate.xlsx")
    (raw,) = found.source.tables
    assert found.findings == []
    assert [row["quantity"] for row in found.rows["demand"]] == list(range(1, 6_001))
    assert max(len(rows) for _, rows in raw.batches()) <= 5_000
    assert sum(len(rows) for _, rows in raw.batches()) == 6_000


# ---------------------------------------------------------------------------------------- cells that a reader passes over
def test_cells_that_show_errors_are_named(book, read):
    path = book(demand=[HEADER, ROW])
    row = '<c r="A2" t="e"><v>#REF!</v></c><c r="B2" t="inlineStr"><is><t>device</t></is></c>'
    found = read(changed(path, xl__worksheets__sheet1=sheet_of(f'<row r="1">{HEADER_XML}</row><row r="2">{row}</row>')))
    assert found.errors[0] == "error: estate.xlsx, sheet demand, cell A2: the cell shows #REF!"


def test_formulas_that_were_never_computed_are_named_up_to_a_number(book, read):
    found = read(book(demand=[HEADER, *[["Office", "device", "", f"s{i}", "=1+1", ""] for i in range(25)]]))
    told = [line for line in found.errors if "formula" in line]
    assert told[0] == (
        "error: estate.xlsx, sheet demand, cell E2: the cell has a formula without a computed value;"
        " open and save the workbook in a spreadsheet program"
    )
    assert told[-1].endswith("5 more cells have errors or formulas without values")
    assert len(told) == 21


def test_computed_formulas_are_read_as_their_values(tmp_path, read):
    made = xlsxwriter.Workbook(tmp_path / "estate.xlsx")
    sheet = made.add_worksheet("demand")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ROW)
    sheet.write_formula(1, 4, "=3+4", value=7)
    sheet.write_formula(1, 2, '=""', value="x")
    made.close()
    with zipfile.ZipFile(tmp_path / "estate.xlsx") as file:
        xml = file.read("xl/worksheets/sheet1.xml")
    assert b"<v>x</v>" in xml
    found = read(changed(tmp_path / "estate.xlsx", xl__worksheets__sheet1=xml.replace(b"<v>x</v>", b"<v></v>")))
    assert found.findings == []
    assert found.rows["demand"][0]["quantity"] == 7


def test_values_that_the_reader_did_not_see_are_told(book, read):
    path = book(demand=[HEADER, ROW])
    hidden = f'<row r="1">{HEADER_XML}</row><!-- <row r="2"><c r="A2"><v>5</v></c></row> -->'
    found = read(changed(path, xl__worksheets__sheet1=sheet_of(hidden)))
    assert found.errors == [
        "error: estate.xlsx, sheet demand: 7 cells hold values but 6 could be read; save the workbook anew"
    ]


def test_tags_with_a_prefix_are_the_same_tags(book, read):
    path = book(user_groups=[["name"], ["Finance"]])
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = "".join(
        f'<x:row r="{r}"><x:c r="A{r}" t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c></x:row>'
        for r, text in ((1, "name"), (2, "Sales"))
    )
    xml = f'<x:worksheet xmlns:x="{space}"><x:sheetData>{cells}</x:sheetData></x:worksheet>'
    found = read(changed(path, xl__worksheets__sheet1=xml.encode()))
    assert found.findings == []
    assert found.rows["user_groups"][0]["name"] == "Sales"


# ---------------------------------------------------------------------------------------------------- crafted workbooks
def refused(read, path):
    found = read(path)
    assert found.source.tables == ()
    (line,) = found.errors
    assert line.startswith("error: estate.xlsx")
    return line


def test_two_cells_in_far_corners_do_not_take_the_memory(book, read):
    path = book(demand=[HEADER])
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "could not be read safely" in refused(read, changed(path, xl__worksheets__sheet1=sheet_of(far)))


def test_a_lie_about_the_number_of_shared_texts_is_harmless(tmp_path, read):
    made = xlsxwriter.Workbook(tmp_path / "estate.xlsx")
    made.add_worksheet("demand").write_row(0, 0, HEADER)
    made.close()
    with zipfile.ZipFile(tmp_path / "estate.xlsx") as file:
        shared = file.read("xl/sharedStrings.xml")
    lie = shared.replace(b'uniqueCount="6"', b'uniqueCount="4000000000"')
    assert lie != shared
    assert "could not be read safely" in refused(read, changed(tmp_path / "estate.xlsx", xl__sharedStrings=lie))


def test_a_workbook_that_unpacks_without_end_is_refused(book, read):
    path = book(demand=[HEADER])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file, file.open("xl/media.xml", "w") as part:
        for _ in range(601):
            part.write(b" " * (1 << 20))
    assert path.stat().st_size < 1_000_000
    assert "unpacked at most 600 MB are accepted" in refused(read, path)


def test_a_cell_without_end_is_refused(book, read):
    text = "x" * (20 << 20)
    path = changed(
        book(demand=[HEADER]), xl__worksheets__sheet1=sheet_of(f'<row r="1"><c r="A1" t="str"><v>{text}</v></c></row>')
    )
    line = refused(read, path)
    assert "a cell has more than 131,072 characters" in line


def test_a_document_type_is_refused(book, read):
    xml = b'<!DOCTYPE x [<!ENTITY a "b">]>' + sheet_of("")
    line = refused(read, changed(book(demand=[HEADER]), xl__worksheets__sheet1=xml))
    assert "the part xl/worksheets/sheet1.xml of the workbook declares a document type" in line


def test_a_sheet_in_utf_16_is_refused(book, read):
    path = changed(book(demand=[HEADER]), xl__worksheets__sheet1=sheet_of("", "utf-16"))
    assert "holds NUL bytes" in refused(read, path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(book, read):
    path = book(demand=[HEADER])
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/worksheets/sheet1.xml", sheet_of(""))
    assert "two parts of one name" in refused(read, path)


def test_a_workbook_with_a_password_is_refused(book, read):
    path = book(demand=[HEADER])
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02") + 8
    path.write_bytes(data[:at] + bytes([data[at] | 1]) + data[at + 1 :])
    assert "protected with a password" in refused(read, path)


def test_a_damaged_workbook_is_refused(book, read, cold_readers):
    path = book(demand=[HEADER, *[ROW] * 50])
    data = bytearray(path.read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[at : at + 20] = b"\xff" * 20
    path.write_bytes(data)
    assert "damaged" in refused(read, path)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"xl__workbook": None}, "not an XLSX workbook"),
        ({"xl__workbook": b"<workbook"}, "the part xl/workbook.xml of the workbook is damaged"),
        ({"xl__workbook": b" " * (17 << 20)}, "the part xl/workbook.xml of the workbook is too large"),
        ({"xl__worksheets__sheet1": b"<worksheet><sheetData><row><c"}, "could not be read safely"),
    ],
)
def test_a_workbook_without_its_inner_order_is_refused(book, read, parts, says):
    assert says in refused(read, changed(book(demand=[HEADER]), **parts))


def test_a_workbook_without_its_relations_is_refused(book, read):
    path = book(demand=[HEADER])
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist() if "workbook.xml.rels" not in name}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in content.items():
            new.writestr(name, data)
    assert "the part xl/_rels/workbook.xml.rels of the workbook is missing" in refused(read, path)


# ------------------------------------------------------------------------------------------------------------- the scan
def test_values_are_counted_across_the_borders_of_pieces(tmp_path):
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}" t="str"><v></v></c></row>' for r in range(1, 60_001)
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
        file.writestr("xl/worksheets/sheet1.xml", sheet_of(rows))
    (tmp_path / "a.xlsx").write_bytes(buffer.getvalue())
    scan = Scan(tmp_path / "a.xlsx")
    tally = scan.tally("xl/worksheets/sheet1.xml")
    assert (tally.values, tally.odd) == (60_000, False)
    assert scan.oddities("xl/worksheets/sheet1.xml").faults == ()
    scan.close()


def test_a_part_that_vanishes_between_two_looks_is_a_refusal(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    scan = Scan(tmp_path / "a.xlsx")
    scan.close()
    with pytest.raises(Unsafe, match="damaged"):
        scan.tally("xl/workbook.xml")
