import re
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from store.snapshots import canonical, cells, layout, workbook
from tests.store.snapshots import sample
from tests.store.snapshots.payloads import PAYLOADS


def written(tmp_path, rows_per_sheet=workbook.ROWS_PER_SHEET, **lists):
    target = tmp_path / "snapshot.xlsx"
    workbook.write(sample.write(tmp_path / "snapshot.json", **lists), target, rows_per_sheet)
    return target


@pytest.fixture
def book(tmp_path):
    return openpyxl.load_workbook(written(tmp_path))


def column(sheet, heading):
    place = [cell.value for cell in sheet[1]].index(heading) + 1
    return [sheet.cell(row, place) for row in range(2, sheet.max_row + 1)]


def shown(cell):
    return cell.value.date() if isinstance(cell.value, datetime) else cell.value


def test_the_summary_stands_first_and_then_one_sheet_a_table(book):
    assert book.sheetnames == ["Summary", *(table.title for table in layout.TABLES)]


def test_the_summary_says_the_day_the_currency_and_the_counts_with_word_and_color(book):
    lines = {row[0].value: row for row in book["Summary"].iter_rows() if row[0].value}

    assert shown(lines["As of"][1]) == date(2026, 11, 21)
    assert lines["Currency"][1].value == "EUR"
    assert [lines[status][1].value for status in ("under-licensed", "over-licensed", "compliant")] == [1, 1, 1]
    assert [lines[state][1].value for state in ("upcoming", "active", "expiring", "expired")] == [0, 1, 1, 1]
    assert lines["warning"][1].value == 1
    assert lines["with an override"][1].value == 1
    assert lines["under-licensed"][0].fill.fgColor.rgb == "FFFFC7CE"
    assert [lines[title][1].value for title in ("Breakdown", "Periods", "Events")] == [2, 2, 3]


def test_the_values_of_the_balances_are_summed_by_currency_and_never_across(book):
    lines = {row[0].value: row[1].value for row in book["Summary"].iter_rows() if row[0].value}

    assert lines["below zero, EUR"] == -3837234
    assert lines["above zero, EUR"] == 0
    assert lines["above zero, USD"] == 1599.8


def test_a_snapshot_without_priced_positions_has_no_values(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path, positions=[sample.POSITIONS[2]]))

    assert "Value of the balances" not in {row[0].value for row in book["Summary"].iter_rows()}


def test_each_sheet_has_a_frozen_bold_header_a_filter_and_columns_wide_enough_to_read(book):
    for table in layout.TABLES:
        sheet = book[table.title]
        assert [cell.value for cell in sheet[1]] == [each.heading for each in table.columns]
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
    assert book["Positions"].column_dimensions["A"].width > len(sample.LONG_NAME)
    assert all(dimension.width < 65 for dimension in book["Positions"].column_dimensions.values())


def test_dates_are_dates_quantities_are_numbers_and_negative_ones_are_red_with_their_sign(book):
    starts = column(book["Entitlements"], "License start")
    balances = column(book["Positions"], "Balance")

    assert shown(starts[0]) == date(2023, 2, 1)
    assert starts[0].number_format == "yyyy-mm-dd"
    assert [cell.value for cell in balances] == [-1070, 20, 0]
    assert balances[0].number_format == "#,##0;[Red]-#,##0"
    assert [shown(cell) for cell in column(book["Entitlements"], "Last demand synchronization")] == [
        "2026-11-20T22:15:00+01:00",
        date(2026, 11, 1),
        None,
    ]


def test_amounts_keep_the_decimals_of_their_currency(book):
    prices = column(book["Entitlements"], "Price")
    amount = column(book["Charges"], "Amount")[0]

    assert [cell.value for cell in prices] == [3586.2, None, 125000]
    assert prices[0].number_format == "#,##0.00;[Red]-#,##0.00"
    assert prices[2].number_format == "#,##0;[Red]-#,##0"
    assert (amount.value, amount.number_format) == (-12.345, "#,##0.000;[Red]-#,##0.000")


def test_unlimited_is_a_word_and_what_is_missing_is_empty(book):
    assert [cell.value for cell in column(book["Entitlements"], "Quantity")] == [120, "unlimited", 35]
    assert column(book["Positions"], "Model")[2].value is None
    assert [cell.value for cell in column(book["Events"], "Automatic")] == ["yes", "yes", "no"]


def test_status_and_state_have_a_color_beside_the_word(book):
    statuses = column(book["Positions"], "Status")
    states = column(book["Entitlements"], "State")

    assert [(cell.value, cell.fill.fgColor.rgb) for cell in statuses] == [
        ("under-licensed", "FFFFC7CE"),
        ("over-licensed", "FFFFEB9C"),
        ("compliant", "FFC6EFCE"),
    ]
    assert len({cell.fill.fgColor.rgb for cell in states}) == 3


def test_a_code_without_a_color_is_written_all_the_same(tmp_path):
    findings = [{"severity": "hint", "code": "x", "place": "y", "message": "z"}]

    book = openpyxl.load_workbook(written(tmp_path, findings=findings))

    assert column(book["Findings"], "Severity")[0].value == "hint"


def test_no_name_becomes_a_formula_a_link_or_markup_and_each_reads_back_exactly(tmp_path):
    findings = [{"severity": "info", "code": "x", "place": name, "message": name} for name in PAYLOADS]

    target = written(tmp_path, findings=findings)

    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, text in parts.items():
        assert not re.search(r"<f[ >/]|<hyperlink|<ddeLink|<externalLink", text), name
        assert 'TargetMode="External"' not in text, name
    messages = column(openpyxl.load_workbook(target)["Findings"], "Message")
    assert len(PAYLOADS) > 40
    assert [unescape(cell.value) for cell in messages] == list(PAYLOADS)
    assert {cell.data_type for cell in messages} == {"s"}


def test_a_second_reader_finds_the_same_words(tmp_path):
    sheet = CalamineWorkbook.from_path(written(tmp_path)).get_sheet_by_name("Positions").to_python()

    assert [row[0] for row in sheet[1:]] == [position["product"] for position in sample.POSITIONS]


def test_what_would_lose_digits_as_a_number_is_written_as_text(tmp_path):
    charges = [sample.CHARGES[0] | {"amount": amount} for amount in ("12345678901234567.89", "1234567890123.45", "n/a")]

    book = openpyxl.load_workbook(written(tmp_path, charges=charges))

    assert [cell.value for cell in column(book["Charges"], "Amount")] == [
        "12345678901234567.89",
        1234567890123.45,
        "n/a",
    ]


def test_a_day_before_spreadsheets_agree_on_the_calendar_is_written_as_text(tmp_path):
    events = [sample.EVENTS[0] | {"on": day} for day in ("0001-01-01", "1900-02-28", "1900-03-01", "9999-12-31")]

    book = openpyxl.load_workbook(written(tmp_path, events=events))

    assert [shown(cell) for cell in column(book["Events"], "On")] == [
        "0001-01-01",
        "1900-02-28",
        date(1900, 3, 1),
        date(9999, 12, 31),
    ]


@pytest.mark.parametrize("letter", ["x", "ü", "😀"])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark_that_says_where_the_whole_is(tmp_path, letter):
    findings = [{"severity": "info", "code": "x", "place": "y", "message": letter * 40_000}]

    text = column(openpyxl.load_workbook(written(tmp_path, findings=findings))["Findings"], "Message")[0].value

    assert text.endswith("… (cut at 32,767 characters; whole text in snapshot.json)")
    assert text.startswith(letter * 10_000)
    assert 32_000 < len(text.encode("utf-16-le")) // 2 <= cells.MAX_CHARACTERS


def test_a_text_that_just_fits_is_whole(tmp_path):
    whole = "ü" * cells.MAX_CHARACTERS
    findings = [{"severity": "info", "code": "x", "place": "y", "message": whole}]

    assert column(openpyxl.load_workbook(written(tmp_path, findings=findings))["Findings"], "Message")[0].value == whole


@pytest.mark.parametrize(("events", "sheets"), [(3, 1), (4, 2), (6, 2), (7, 3)])
def test_a_table_longer_than_a_sheet_continues_on_the_next(tmp_path, events, sheets):
    days = [f"2026-01-0{day}" for day in range(1, events + 1)]

    book = openpyxl.load_workbook(written(tmp_path, 3, events=[sample.EVENTS[0] | {"on": day} for day in days]))

    titles = [title for title in book.sheetnames if title.startswith("Events")]
    assert titles == ["Events", "Events (2)", "Events (3)"][:sheets]
    found = [shown(cell).isoformat() for title in titles for cell in column(book[title], "On")]
    assert found == days


def test_a_sheet_that_becomes_too_large_for_a_file_continues_on_the_next_and_loses_no_row(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "_SIZE_OF_SHEET", 5_000)
    items = [sample.EVENTS[1] | {"item": f"{number:04}"} for number in range(40)]

    book = openpyxl.load_workbook(written(tmp_path, events=items))

    titles = [title for title in book.sheetnames if title.startswith("Events")]
    assert len(titles) > 3
    assert [cell.value for title in titles for cell in column(book[title], "Item")] == [e["item"] for e in items]


def test_the_columns_behind_z_have_two_letters():
    assert [cells.letters(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_a_second_writer_makes_the_same_cells(tmp_path):
    """XlsxWriter, whose workbooks every spreadsheet reads, given the same values and formats."""
    column_of = {"t": layout.Column("t", "Text", "text"), "q": layout.Column("q", "Number", "quantity")}
    table = layout.Table("list", "List", "", "list", tuple(column_of.values()))
    rows = [(text, number) for number, text in enumerate(PAYLOADS)]
    workbook.write_table(tmp_path / "ours.xlsx", table, iter(rows), "A list", "2026-11-21")
    made = xlsxwriter.Workbook(tmp_path / "theirs.xlsx", {"constant_memory": True, "strings_to_formulas": False})
    sheet = made.add_worksheet("List")
    number = made.add_format({"num_format": "#,##0;[Red]-#,##0", "align": "right", "indent": 1})
    for place, (text, count) in enumerate([(" ", 0), *rows]):
        sheet.write_string(place, 0, text)
        sheet.write_number(place, 1, count, number)
    made.close()

    def found(name):
        with zipfile.ZipFile(tmp_path / name) as archive:
            text = archive.read("xl/worksheets/sheet1.xml").decode()
        return re.findall(r'<c r="A(?!1")\d+".*?</c>', text, re.DOTALL), re.findall(r"<v>(.*?)</v>", text)

    (ours, numbers), (theirs, their_numbers) = found("ours.xlsx"), found("theirs.xlsx")
    alike = [pair for pair, text in zip(zip(ours, theirs, strict=True), PAYLOADS, strict=True) if text[:3] != "<r>"]
    assert len(alike) > 70
    assert [one for one, _ in alike] == [other for _, other in alike]
    assert numbers == their_numbers[1:]


def test_an_empty_snapshot_still_has_all_its_sheets(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path, **{name: [] for name in sample.LISTS}))

    assert book.sheetnames == ["Summary", *(table.title for table in layout.TABLES)]
    assert book["Events"].max_row == 1


def test_nothing_temporary_is_left_beside_the_workbook(tmp_path):
    written(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["snapshot.json", "snapshot.xlsx"]


def test_the_workbook_names_no_time_but_the_day_of_judgement(tmp_path):
    with zipfile.ZipFile(written(tmp_path)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()

    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-21T00:00:00Z"}


def test_a_disk_that_takes_no_byte_is_an_os_error_and_nothing_temporary_stays(tmp_path):
    snapshot = sample.write(tmp_path / "snapshot.json")
    (tmp_path / "snapshot.xlsx").symlink_to("/dev/full")

    with pytest.raises(OSError, match="No space left on device"):
        workbook.write(snapshot, tmp_path / "snapshot.xlsx")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["snapshot.json", "snapshot.xlsx"]


def peak(tmp_path, rows):
    snapshot = tmp_path / f"{rows}.json"
    events = (canonical.encode(sample.EVENTS[1] | {"item": str(number)}) for number in range(rows))
    canonical.write(snapshot, sample.HEAD, dict.fromkeys(sample.LISTS, ()) | {"events": events})
    tracemalloc.start()
    workbook.write(snapshot, tmp_path / f"{rows}.xlsx")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_three_times_the_rows_take_no_more_memory(tmp_path):
    assert peak(tmp_path, 1_800) < peak(tmp_path, 600) + 300_000


def test_one_table_makes_a_workbook_of_its_own(tmp_path: Path) -> None:
    columns = (layout.Column("name", "Name", "text"), layout.Column("quantity", "Quantity", "quantity"))
    table = layout.Table("list", "List", "", "list", columns)
    workbook.write_table(tmp_path / "list.xlsx", table, iter([("=1+1", 5)]), "A list", "2026-11-21")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["List"]
    assert list(sheet.values) == [("Name", "Quantity"), ("=1+1", 5)]
    assert sheet["A2"].data_type == "s"
