"""Names that a spreadsheet could calculate or follow, through everything that writes a file or the clipboard."""

import csv
import io
import re
import zipfile
from contextlib import closing
from datetime import date

import icalendar
import openpyxl
import orjson
import pypdf
import pytest
from openpyxl.utils.escape import unescape

from gui.event_words import told
from gui.tables import columns, copying, export
from store import calendar_export, derivation, forecast, overviews
from store.ahead import handing_out
from store.exports import cyclonedx, everything, template
from store.overviews import OVERVIEWS, Ask
from store.scenarios import handing_out as comparing
from store.scenarios import judging, shape
from store.snapshots import build, csv_files, formats, layout
from store.snapshots.formats import Imprint
from tests import estates
from tests.conftest import AS_OF, opened
from tests.store.snapshots.payloads import PAYLOADS

_EXPORTS = "names that would calculate or link, in every export"
_CONTROL = "a cell that calculates is caught"

STARTS = tuple("=+-@＝＋－＠﹦﹢﹣﹫\t\r\n")
ACTIVE = re.compile(r"<f[ >/]|<hyperlink|<ddeLink|<oleLink|<externalLink|TargetMode|<definedName[^>]*>[^<']*\(")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A book in which every name is such a text, also those that no import would let in."""
    place = tmp_path_factory.mktemp("hostile")
    names = [f"P{number}" for number in range(len(PAYLOADS))]
    items = [
        estates.subscription(
            str(number), name, 10 + number, "2026-01-01", "2027-03-31", unit_price="9.90", contract=name
        )
        for number, name in enumerate(names)
    ]
    tables = estates.of(
        *items,
        demand=[estates.demand(name, 12, resource_group=name, source=name) for name in names],
        resource_groups=estates.groups(*names),
        user_groups=estates.groups(*names),
        overrides=[estates.override(name, demand=11, model="subscription", reason=name) for name in names],
    )
    with closing(opened(place / "hostile.elpis", create=True)) as book:
        from store.imports.load import load

        load(book, estates.write(place / "in", tables), as_of=AS_OF)
        with book.transaction():
            for name, text in zip(names, PAYLOADS, strict=True):
                for table, column in NAMED:
                    book.run(
                        f"UPDATE {table} SET {column} = ? WHERE {column} IN (?, ?)", (text, name, f"Contract {name}")
                    )
            derivation.recalculate(book, as_of=AS_OF)
    return place / "hostile.elpis"


NAMED = (
    ("products", "product"),
    ("contracts", "contract"),
    ("contracts", "name"),
    ("entitlements", "name"),
    ("resource_groups", "name"),
    ("user_groups", "name"),
    ("overrides", "reason"),
    ("demand", "source"),
)


@pytest.fixture
def book(path):
    with closing(opened(path, read_only=True)) as held:
        yield held


def inactive(path):
    """The workbook, once it is sure that no part of it calculates or leads anywhere."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert not ACTIVE.search(archive.read(name).decode()), name
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not any(cell.hyperlink for cell in cells)
    return book


def texts(sheet, heading):
    place = [cell.value for cell in sheet[1]].index(heading)
    return {unescape(row[place].value) for row in sheet.iter_rows(min_row=2) if isinstance(row[place].value, str)}


def safe(text):
    """The rows of a CSV text, once it is sure that none of its cells is taken for a formula."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    for cell in (cell for row in rows for cell in row):
        assert re.fullmatch(r"-?\d+(\.\d+)?", cell) or not cell.lstrip(csv_blank()).startswith(STARTS), cell
    return [[csv_files.plain(cell) for cell in row] for row in rows]


def csv_blank():
    return " \u00a0\u2003\u200b\ufeff"


def test_a_cell_that_calculates_is_caught(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"] = "=1+1"
    made.save(tmp_path / "made.xlsx")
    with pytest.raises(AssertionError):
        inactive(tmp_path / "made.xlsx")
    with pytest.raises(AssertionError):
        safe("a,=1+1\r\n")


def test_there_are_many_kinds_of_them():
    assert len(set(PAYLOADS)) >= 60
    for part in (
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "'",
        "＝",
        "DDE",
        "HYPERLINK",
        "cmd|",
        "file://",
        "http://",
        "mailto:",
    ):
        assert any(part in name for name in PAYLOADS)


def test_the_files_of_a_snapshot_neither_calculate_nor_link_and_give_every_name_back(book, tmp_path, promise):
    folder = tmp_path / "out"
    build.save(book, folder, imprint=Imprint('=HYPERLINK("http://x.invalid")', "@SUM(1)"))

    snapshot = orjson.loads((folder / formats.JSON).read_bytes())
    assert {position["product"] for position in snapshot["positions"]} == set(PAYLOADS)
    workbook = inactive(folder / formats.WORKBOOK)
    assert texts(workbook["Positions"], "Product") == set(PAYLOADS)
    assert texts(workbook["Positions"], "Reason of the override") == set(PAYLOADS)
    assert texts(workbook["Breakdown"], "Resource group") == set(PAYLOADS)
    assert texts(workbook["Events"], "Contract") >= set(PAYLOADS)
    for table in layout.TABLES:
        rows = safe((folder / "csv" / f"{table.name}.csv").read_bytes().decode())
        if table is layout.POSITIONS:
            assert {row[0] for row in rows[1:]} == set(PAYLOADS)
    promise("R21", _EXPORTS, count=len(PAYLOADS), control=_CONTROL)


def test_the_report_holds_no_link_no_action_and_every_name(book, tmp_path, promise):
    build.save(book, tmp_path / "out", imprint=Imprint("=1+1", "@SUM(1)"))

    raw = (tmp_path / "out" / formats.REPORT).read_bytes()
    assert not re.search(rb"/(Annots?|URI|AA|JS|JavaScript|OpenAction|Launch|EmbeddedFile|AcroForm|SubmitForm)\b", raw)
    reader = pypdf.PdfReader(tmp_path / "out" / formats.REPORT)
    text = re.sub(r"[^!-~]", "", "".join(page.extract_text() for page in reader.pages))
    for name in PAYLOADS:
        assert re.sub(r"[^!-~]", "", name) in text, name
    promise("R21", _EXPORTS, count=len(PAYLOADS), control=_CONTROL)


@pytest.mark.parametrize("name", sorted(OVERVIEWS))
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_tables_of_the_window_are_exported_as_what_they_are(book, tmp_path, name, ending, promise):
    own = columns.of(OVERVIEWS[name].fields)
    nobody = "Unallocated" if OVERVIEWS[name].tree else ""
    order = export.Order(name, "=1+1", Ask(), own, range(len(own)), 100, nobody)
    target = tmp_path / f"table.{ending}"

    count = export.write(book, order, target, lambda *_: None)

    if ending == "csv":
        rows = safe(target.read_bytes().decode("utf-8-sig"))
        assert len(rows) - 1 >= count
        found = {cell for row in rows for cell in row}
    else:
        sheet = inactive(target).worksheets[0]
        assert sheet.max_row - 1 >= count
        found = {unescape(cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    if name in {"entitlements", "contracts", "products", "compliance", "demand"}:
        missing = {text for text in PAYLOADS if text not in found and " ".join(text.split()) not in found}
        assert missing == set()
    promise("R21", _EXPORTS, count=len(PAYLOADS), control=_CONTROL)


def test_what_is_copied_stays_in_its_cells_and_is_not_calculated(book, promise):
    own = columns.of(OVERVIEWS["products"].fields)
    ids = overviews.first(book, "products", Ask(), 1_000)
    rows = overviews.rows(book, "products", ids)

    lines = copying.table(own, range(len(own)), [rows[number] for number in ids]).removesuffix("\n").split("\n")

    assert len(lines) == len(PAYLOADS) + 1
    for line in lines:
        assert len(line.split("\t")) == len(own)
        assert not any(cell.startswith(STARTS) for cell in line.split("\t"))
    promise("R21", _EXPORTS, count=len(PAYLOADS), control=_CONTROL)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_forecast_and_a_scenario_are_written_as_what_they_are(book, tmp_path, ending, promise):
    found = forecast.ahead(book, as_of=AS_OF, months=12)
    handing_out.save(found, tmp_path / f"ahead.{ending}")
    scenario = shape.Scenario('=HYPERLINK("http://x.invalid")', changes=())
    comparing.save(judging.compare(book, scenario), tmp_path / f"scenario.{ending}")

    if ending == "csv":
        rows = safe((tmp_path / "ahead.csv").read_bytes().decode())
        assert {row[1] for row in rows[1:]} == set(PAYLOADS)
        safe((tmp_path / "scenario.csv").read_bytes().decode())
    else:
        assert texts(inactive(tmp_path / "ahead.xlsx")["Changes"], "Product") == set(PAYLOADS)
        inactive(tmp_path / "scenario.xlsx")
    promise("R21", _EXPORTS, count=len(PAYLOADS), control=_CONTROL)


def test_the_calendar_has_one_event_for_each_and_no_name_opens_another_component(book, tmp_path, promise):
    count = calendar_export.export(book, tmp_path / "calendar.ics", told, first=date(2026, 1, 1))

    text = (tmp_path / "calendar.ics").read_bytes()
    calendar = icalendar.Calendar.from_ical(text)
    events = list(calendar.walk("VEVENT"))
    assert len(events) == count > len(PAYLOADS)
    assert {component.name for component in calendar.walk()} <= {"VCALENDAR", "VEVENT", "VALARM"}
    assert {name for event in events for name in event} <= {
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CATEGORIES", "TRANSP", "RRULE")
    }
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    promise("R21", _EXPORTS, count=len(PAYLOADS), control=_CONTROL)


@pytest.mark.parametrize("exporter", [template, everything], ids=["template", "tables"])
def test_a_whole_book_is_exported_as_what_it_is(book, tmp_path, exporter, promise):
    exporter.save(book, tmp_path / "out")
    exporter.save(book, tmp_path / "out.xlsx")

    found = set()
    for path in (tmp_path / "out").glob("*.csv"):
        found |= {cell for row in safe(path.read_bytes().decode()) for cell in row}
    assert set(PAYLOADS) - found == set()
    workbook = inactive(tmp_path / "out.xlsx")
    cells = {unescape(cell.value) for sheet in workbook for row in sheet for cell in row if isinstance(cell.value, str)}
    assert set(PAYLOADS) - cells == set()
    promise("R21", _EXPORTS, count=len(PAYLOADS), control=_CONTROL)


def test_licenses_are_exported_by_every_name(book, tmp_path, promise):
    assert cyclonedx.save(book, tmp_path / "licenses.json") == len(PAYLOADS)
    document = orjson.loads((tmp_path / "licenses.json").read_bytes())
    assert {component["name"] for component in document["components"]} == set(PAYLOADS)
    promise("R21", _EXPORTS, count=len(PAYLOADS), control=_CONTROL)
