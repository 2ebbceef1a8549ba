"""A dry run tells of every row what becomes of it: new, changed, as before or refused, with its cells and the reason."""

import csv
import json

import pytest

from store.content import content_hash
from store.imports import previewing
from store.imports.dry_run import dry_run, stops
from store.imports.load import How, load, opened
from store.imports.mapping.shape import ColumnMapping, LeaveOut
from tests.conftest import AS_OF
from tests.store.imports import samples

LIST = ColumnMapping(
    "List",
    "licenses",
    {"Title": "product", "Qty": "quantity", "No": "contract"},
    {"metric": "user"},
    leave_out=(LeaveOut("Qty", ("0",)),),
)


@pytest.fixture
def file(tmp_path):
    def make(*rows):
        pairs = [dict(zip(("Title", "Qty", "No"), row, strict=True)) for row in rows]
        return samples.write_csv(tmp_path / "list.csv", ["Title", "Qty", "No"], pairs)

    return make


@pytest.fixture
def filled(book, file):
    load(book, file(("Office", "5", "C1"), ("Visio", "3", "C2")), as_of=AS_OF, how=How(LIST))
    return book


def seen(preview, table="contract_items"):
    return [(row.kind, row.place, dict(row.cells).get("Qty")) for row in preview.rows if row.table in (table, "")]


MIXED = (("Office", "7", "C1"), ("Visio", "3", "C2"), ("Jira", "9", "C3"), ("Slack", "few", "C4"), ("Old", "0", "C5"))


def test_all_four_kinds_are_told_with_their_cells_when_refused_rows_are_left_out(filled, file):
    held = content_hash(filled)
    source = opened(filled, file(*MIXED), How(LIST, without_refused=True))
    found = dry_run(filled, source, as_of=AS_OF)
    assert seen(found) == [
        ("changed", "list.csv, row 2", "7"),
        ("unchanged", "list.csv, row 3", "3"),
        ("new", "list.csv, row 4", "9"),
        ("refused", "list.csv, row 5", "few"),
        ("refused", "list.csv, row 6", "0"),
    ]
    assert tuple(found.counts["contract_items"]) == (1, 1, 1)
    assert (found.refused, found.changed, found.left) == (False, True, 2)
    assert found.rows[-1].reason == 'Qty is "0", and such rows are left aside'
    assert content_hash(filled) == held


def test_a_refused_input_still_tells_what_its_sound_rows_would_do(filled, file):
    source = opened(filled, file(*MIXED), How(LIST))
    found = dry_run(filled, source, as_of=AS_OF)
    assert (found.refused, found.changed, stops(source)) == (True, False, False)
    assert [kind for kind, *_ in seen(found)] == ["changed", "unchanged", "new", "refused", "refused"]
    assert tuple(found.counts["contract_items"]) == (1, 1, 1)


def test_a_row_that_the_book_refuses_is_told_with_its_cells(filled, folder):
    base = folder(
        products="product\nVisio\n",
        contracts="contract,name\nC9,Nine\n",
        contract_items="contract,item,product,model,metric,quantity,license_start\n"
        "C9,1,Visio,perpetual,user,5,2026-01-01\nC9,2,Vision,perpetual,user,5,2026-01-01\n",
    )
    found = dry_run(filled, opened(filled, base), as_of=AS_OF)
    (row,) = [one for one in found.rows if one.kind == "refused"]
    assert (row.table, row.place) == ("contract_items", "contract_items.csv, row 3")
    assert dict(row.cells)["product"] == "Vision"
    assert row.reason.startswith('"Vision" is not known in products; did you mean "Visio"?')
    assert [(one.table, one.kind) for one in found.rows if one.kind != "refused"] == [
        ("products", "unchanged"),
        ("contracts", "new"),
        ("contract_items", "new"),
    ]


def test_groups_and_first_imports_are_told_too(book, folder):
    base = folder(resource_groups="name,parent\nA,\nB,A\n", products="product\nX\n")
    load(book, base, as_of=AS_OF)
    folder(resource_groups="name,parent\nA,\nB,\nC,A\n", products="product\nX\nY\n")
    found = dry_run(book, opened(book, base), as_of=AS_OF)
    assert [(row.table, row.kind) for row in found.rows] == [
        ("products", "unchanged"),
        ("products", "new"),
        ("resource_groups", "unchanged"),
        ("resource_groups", "changed"),
        ("resource_groups", "new"),
    ]


def test_only_the_first_rows_of_a_kind_are_told_unless_all_are_wanted(book, file):
    path = file(*((f"P{n}", "1", f"C{n}") for n in range(300)))
    source = opened(book, path, How(LIST))
    first, every = dry_run(book, source, as_of=AS_OF), dry_run(book, source, as_of=AS_OF, most=None)
    assert len(seen(first)) == 200
    assert len(seen(every)) == 300
    assert first.counts["contract_items"].new == every.counts["contract_items"].new == 300


def test_a_preview_goes_out_as_a_file(filled, file, tmp_path):
    source = opened(filled, file(*MIXED), How(LIST, without_refused=True))
    found = dry_run(filled, source, as_of=AS_OF, most=None)
    for ending in ("csv", "xlsx", "json"):
        previewing.save(found, tmp_path / f"preview.{ending}", name="list.csv", as_of=AS_OF)
    with (tmp_path / "preview.csv").open(newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["becomes"] for row in rows if row["table"] == "contract items"] == ["changed", "unchanged", "new"]
    assert rows[-2]["reason"].startswith('Qty: "few" is not a number')
    data = json.loads((tmp_path / "preview.json").read_bytes())
    assert data["changes"] == [
        {"table": "contract_items", "row": "C1|Office", "column": "quantity", "old": "5", "new": "7"}
    ]
    assert data["left"] == 2
    assert (tmp_path / "preview.xlsx").read_bytes().startswith(b"PK")
