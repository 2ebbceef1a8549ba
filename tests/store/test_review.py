"""A review from end to end: an estate in, a snapshot out, and nothing by halves."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from store.errors import KnownFault
from store.imports.finding import Refused
from store.review import review, summary
from store.snapshots import manifest
from tests import estates
from tests.conftest import AS_OF, opened
from tests.estates import allocation, demand, groups, item, of, override, product

OPENSAM = Path(__file__).parents[1] / "data" / "opensam"
ESTATE = of(
    item("1", "Server 2025", 100, unit_price="12.50"),
    item("2", "Server 2019", 10, "2025-01-01", "2026-12-31"),
    products=[product("Server 2019", family="S", version="2019"), product("Server 2025", family="S", version="2025")],
    demand=[demand("Server 2019", 40), demand("Server 2025", 7, resource_group="Berlin")],
    resource_groups=groups("Berlin"),
    user_groups=groups("Sales"),
    allocations=[allocation("Server 2025", "Berlin", "Sales", 60)],
    overrides=[override("Server 2025", demand=25)],
    rights=[{"right": "SA", "kind": "downgrade", "family": "S"}],
)


def test_a_review_says_what_it_found_and_leaves_a_snapshot_that_its_manifest_vouches_for(book, tmp_path):
    found = review(book, estates.write(tmp_path / "in", ESTATE), tmp_path / "out", as_of=AS_OF)

    assert (found.entitlements, found.states) == (2, {"active": 1, "expiring": 1})
    assert found.statuses == {"compliant": 1, "over-licensed": 1}
    assert found.transfers == {"downgrade": 1}
    assert found.events["purchased"] == 2
    assert found.imported is not None
    assert found.imported.counts["contract_items"] == (2, 0, 0)
    assert manifest.verify(tmp_path / "out") == []
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "snapshot.json",
        "snapshot.pdf",
        "snapshot.xlsx",
        "csv",
        "manifest.json",
    }


def test_only_the_json_is_written_when_that_is_asked_for(book, tmp_path):
    review(book, estates.write(tmp_path / "in", ESTATE), tmp_path / "out", as_of=AS_OF, json_only=True)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"snapshot.json", "manifest.json"}
    assert manifest.verify(tmp_path / "out") == []


def test_a_summary_of_a_book_needs_no_import(book, tmp_path):
    first = review(book, estates.write(tmp_path / "in", ESTATE), tmp_path / "out", as_of=AS_OF)
    again = summary(book, as_of=AS_OF)
    assert (again.statuses, again.findings, again.imported) == (first.statuses, (), None)


def test_the_same_review_gives_the_same_bytes_in_a_new_book_and_in_one_that_has_it_already(tmp_path):
    source = estates.write(tmp_path / "in", ESTATE)
    outs = []
    for name, book in (("a", "one"), ("b", "two"), ("c", "two")):
        with opened(tmp_path / f"{book}.elpis", create=True) as opened_book:
            review(opened_book, source, tmp_path / name, as_of=AS_OF)
        outs.append({p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.*")})
    assert outs[0] == outs[1] == outs[2]
    assert len(outs[0]) > 8


def test_a_workbook_gives_the_same_bytes_as_the_same_tables_in_csv(tmp_path):
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in ESTATE.items():
        sheet = made.create_sheet(name)
        columns = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    made.save(tmp_path / "estate.xlsx")

    for source, out in ((tmp_path / "estate.xlsx", "a"), (estates.write(tmp_path / "in", ESTATE), "b")):
        with opened(tmp_path / f"{out}.elpis", create=True) as book:
            review(book, source, tmp_path / out, as_of=AS_OF)

    assert (tmp_path / "a" / "snapshot.json").read_bytes() == (tmp_path / "b" / "snapshot.json").read_bytes()


def test_the_order_of_rows_and_of_columns_does_not_matter(tmp_path):
    mixed = {name: [dict(reversed(row.items())) for row in reversed(rows)] for name, rows in ESTATE.items()}
    for name, tables in (("a", ESTATE), ("b", mixed)):
        with opened(tmp_path / f"{name}.elpis", create=True) as book:
            review(book, estates.write(tmp_path / f"in-{name}", tables), tmp_path / name, as_of=AS_OF, json_only=True)
    assert (tmp_path / "a" / "snapshot.json").read_bytes() == (tmp_path / "b" / "snapshot.json").read_bytes()


def test_when_the_snapshot_cannot_be_saved_the_book_stays_as_it_was(book, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(KnownFault, match="a file where a folder is needed"):
        review(book, estates.write(tmp_path / "in", ESTATE), tmp_path / "out", as_of=AS_OF)
    assert book.value("SELECT count(*) FROM contracts") == 0
    assert book.value("SELECT count(*) FROM change_log") == 0


def test_a_refused_review_leaves_the_earlier_snapshot(book, tmp_path):
    review(book, estates.write(tmp_path / "in", ESTATE), tmp_path / "out", as_of=AS_OF)
    before = json.loads((tmp_path / "out" / "snapshot.json").read_bytes())
    with pytest.raises(Refused):
        review(book, tmp_path / "nowhere", tmp_path / "out", as_of=AS_OF)
    assert json.loads((tmp_path / "out" / "snapshot.json").read_bytes()) == before


def test_files_of_other_tools_are_reviewed_as_they_are(book, tmp_path):
    found = review(book, OPENSAM, tmp_path / "out", as_of=AS_OF)
    assert found.entitlements == 40
    assert sum(found.statuses.values()) == 40
    assert manifest.verify(tmp_path / "out") == []


def test_a_license_that_another_tool_gives_without_a_first_day_begins_on_the_day_of_the_review(book, tmp_path):
    columns = "Name,Publisher,Version,Language,EffectiveQuantity,PONumber,ResellerName,DateOfPurchase,SupportPurchased,"
    header = columns + "SupportExpirationDate,Comments\n"
    (tmp_path / "al.csv").write_text(header + "Office,Microsoft,2021,English,50,PO 7,Softshop,,0,,\n")

    found = review(book, tmp_path / "al.csv", tmp_path / "out", as_of=AS_OF)

    assert book.rows("SELECT license_start FROM contract_items") == [("2026-11-21",)]
    (told,) = [f for f in found.findings if f.code == "license-start-defaulted"]
    assert told.message == "the license came without a first day; the day of its first review was taken"
    again = review(book, tmp_path / "al.csv", tmp_path / "out", as_of=date(2026, 12, 24))
    assert again.imported is not None
    assert book.rows("SELECT license_start FROM contract_items") == [("2026-11-21",)]
    assert not again.imported.changed
