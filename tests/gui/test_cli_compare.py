"""Snapshots and days compared on the command line."""

import json

import openpyxl
import pytest

from tests import estates
from tests.estates import demand, of, subscription
from tests.store.snapshots import payloads, sample

ESTATE = of(
    subscription("1", "Office", 30, "2026-01-01", "2026-12-31"),
    subscription("2", "Visio", 20, "2026-02-01"),
    demand=[demand("Office", 20), demand("Visio", 20)],
)


@pytest.fixture
def estate(tmp_path, elpis):
    """A book with a term of Office that ends."""
    estates.write(tmp_path / "in", ESTATE)
    assert elpis("import", tmp_path / "in", "--book", tmp_path / "b.elpis", "--as-of", "2026-11-21").status == 0
    return tmp_path / "b.elpis"


def days(estate):
    return "diff", estate, "--from", "2026-11-21", "--to", "2027-01-01"


def test_two_days_of_a_book_are_compared_in_words(estate, elpis):
    said = elpis(*days(estate))
    assert said.status == 0
    assert said.out.splitlines() == [
        "Before: Saturday, 2026-11-21, b.elpis (1 compliant, 1 over-licensed)",
        "After:  Friday, 2027-01-01, b.elpis (1 compliant, 1 under-licensed)",
        "1 position is the same, 1 differs.",
        "Newly under-licensed (1)",
        "  Office | subscription | device: balance 10 → −20, under-licensed, before over-licensed",
        "    item C1/1 ends with 2026-12-31",
    ]
    assert "2026-11-21" in elpis("books", "open", estate).out


def test_two_snapshots_that_are_equal_differ_in_nothing(estate, tmp_path, elpis):
    for name in ("one", "two"):
        elpis("recalculate", estate, "--as-of", "2026-11-21", "--out", tmp_path / name)
    said = elpis("diff", tmp_path / "one", tmp_path / "two" / "snapshot.json")
    assert (said.status, said.out.splitlines()[-1]) == (0, "2 positions are the same, 0 differ.")


def test_a_comparison_for_programs_is_json_and_nothing_else(estate, elpis):
    said = elpis(*days(estate), "--json")
    assert (said.status, said.err) == (0, "")
    assert (said.json["format"], said.json["equal"], said.json["groups"]) == ("elpis-comparison", 1, {"newly-short": 1})
    (one,) = said.json["differences"]
    assert (one["product"], one["what"], one["fields"]["balance"]) == (
        "Office",
        "changed",
        {"before": 10, "after": -20},
    )
    assert one["causes"] == [{"kind": "purchase-ended", "fact": "contract_item:C1/1", "on": "2026-12-31"}]


@pytest.mark.parametrize("name", ["d.txt", "d.json", "d.xlsx"])
def test_a_comparison_goes_into_a_file_that_is_the_same_every_time(name, estate, tmp_path, elpis):
    target = tmp_path / name
    said = elpis(*days(estate), "--out", target)
    assert said.out.splitlines()[-1] == f"Comparison: {target}"
    first = target.read_bytes()
    assert elpis(*days(estate), "--out", target).status == 0
    assert target.read_bytes() == first


def test_the_workbook_has_the_positions_the_causes_and_what_was_compared(estate, tmp_path, elpis):
    elpis(*days(estate), "--out", tmp_path / "d.xlsx")
    book = openpyxl.load_workbook(tmp_path / "d.xlsx")
    assert book.sheetnames == ["Positions", "Causes", "Compared"]
    assert [cell.value for cell in book["Positions"][2]][:8] == [
        *("newly-short", "Office", "subscription", "device"),
        *("over-licensed", "under-licensed", 10, -20),
    ]
    assert [cell.value for cell in book["Causes"][2]][3:5] == ["purchase-ended", "contract_item:C1/1"]


def test_names_that_look_like_formulas_stay_names_and_lines_stay_lines(tmp_path, elpis):
    names = sorted(set(payloads.PAYLOADS))
    found = [{**sample.POSITIONS[0], "product": name} for name in names]
    before = sample.write(tmp_path / "before.json", positions=[], transfers=[])
    after = sample.write(tmp_path / "after.json", positions=found, transfers=[])
    said = elpis("diff", before, after, "--out", tmp_path / "d.xlsx")
    assert said.status == 0
    assert sum(": balance" in line for line in said.out.splitlines()) == len(names)
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx")["Positions"]
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert len(cells) == len(names)
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    json.loads(elpis("diff", before, after, "--json").out)


@pytest.mark.parametrize(
    "asked",
    [
        ("a",),
        ("a", "b", "--from", "2026-01-01", "--to", "2026-02-01"),
        ("a", "--from", "2026-01-01"),
        ("a", "b", "--key", "nonsense"),
    ],
)
def test_what_does_not_fit_together_is_wrong_usage(asked, elpis):
    said = elpis("diff", *asked)
    assert said.status == 2


def test_what_is_no_snapshot_is_refused_with_a_sentence(tmp_path, elpis):
    (tmp_path / "a.json").write_text("{")
    said = elpis("diff", tmp_path / "a.json", tmp_path / "b")
    assert said.status == 1
    assert said.err.splitlines()[-1].startswith("error: ")
