"""What is to come, on the command line."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from gui import what_if_text
from store.scenarios import keeping
from store.scenarios.shape import KINDS, DropItem, Scenario
from tests import estates
from tests.conftest import opened
from tests.estates import demand, of, subscription

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ESTATE = of(
    subscription("1", "Office", 30, "2026-01-01", "2026-12-31", unit_price="10.50"),
    subscription("2", "Office", 20, "2026-02-01", "2027-06-30", unit_price="12.00"),
    demand=[demand("Office", 45)],
)


@pytest.fixture
def estate(tmp_path, elpis):
    """A book with two terms of Office that end."""
    estates.write(tmp_path / "in", ESTATE)
    assert elpis("import", tmp_path / "in", "--book", tmp_path / "b.elpis", "--as-of", "2026-11-21").status == 0
    return tmp_path / "b.elpis"


def test_a_forecast_tells_the_days_what_falls_short_and_what_it_costs_to_keep(estate, elpis):
    said = elpis("forecast", estate)
    assert said.status == 0
    assert said.out.splitlines() == [
        "From Saturday, 2026-11-21 to Tuesday, 2028-11-21",
        "On the first day nothing is short.",
        "2027-01-01: 1 position lacks 25 licenses",
        "  Office | subscription | device: balance 5 → −25, under-licensed; item C1/1 has ended",
        "2027-07-01: 1 position lacks 45 licenses",
        "  Office | subscription | device: balance −25 → −45, under-licensed; item C1/2 has ended",
        "Falls short:",
        "  2027-01-01  Office | subscription | device: 45 licenses from 2027-07-01 on, 540.00 EUR to keep it",
        "Cost to keep everything: 540.00 EUR",
    ]


def test_a_forecast_may_begin_on_another_day_and_look_less_far(estate, elpis):
    said = elpis("forecast", estate, "--as-of", "2027-01-15", "--months", "1")
    assert said.out.splitlines()[:3] == [
        "From Friday, 2027-01-15 to Monday, 2027-02-15",
        "On the first day 1 position lacks 25 licenses.",
        "Nothing changes in these months.",
    ]


def test_a_forecast_for_programs_is_json_and_nothing_else(estate, elpis):
    said = elpis("forecast", estate, "--json")
    assert (said.status, said.err) == (0, "")
    assert said.json["costs"] == {"EUR": "540.00"}
    first = said.json["days"][0]
    assert (first["on"], first["positions"], first["shortfall"]) == ("2027-01-01", 1, 25)
    assert first["changes"][0]["causes"] == [{"kind": "purchase-ended", "fact": "contract_item:C1/1"}]
    assert first["changes"][0]["after"] == {
        **{"active": 20, "demand": 45, "downgrade": 0, "upgrade": 0},
        **{"balance": -25, "status": "under-licensed"},
    }
    assert said.json["shortages"][0]["price"] == {"amount": "12.00", "currency": "EUR"}


@pytest.mark.parametrize("name", ["f.json", "f.csv", "f.xlsx"])
def test_a_forecast_goes_into_a_file_that_is_the_same_every_time(name, estate, tmp_path, elpis):
    target = tmp_path / name
    said = elpis("forecast", estate, "--out", target)
    assert said.out.splitlines()[-1] == f"Forecast: {target}"
    first = target.read_bytes()
    assert elpis("forecast", estate, "--out", target).status == 0
    assert target.read_bytes() == first


def test_the_files_hold_the_changes_and_what_falls_short(estate, tmp_path, elpis):
    for end in ("json", "csv", "xlsx"):
        elpis("forecast", estate, "--out", tmp_path / f"f.{end}")
    assert json.loads((tmp_path / "f.json").read_bytes())["until"] == "2028-11-21"
    with (tmp_path / "f.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["on"], row["before.balance"], row["after.balance"], row["causes"]) for row in rows] == [
        ("2027-01-01", "5", "-25", "purchase-ended contract_item:C1/1"),
        ("2027-07-01", "-25", "-45", "purchase-ended contract_item:C1/2"),
    ]
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert book.sheetnames == ["Changes", "Days", "Shortages"]
    assert [cell.value for cell in book["Shortages"][2]][7:] == [12, 540, "EUR"]


def test_an_impossible_horizon_is_told_in_a_sentence(estate, elpis):
    said = elpis("forecast", estate, "--months", "0")
    assert (said.status, said.err.splitlines()[-1]) == (
        1,
        "error: months: 0 is not possible; a number from 1 to 120 is.",
    )


# ------------------------------------------------------------------------------------------------------------- what if
@pytest.fixture
def scenario(tmp_path):
    """A file in which both terms are renewed, and more is needed."""
    path = tmp_path / "next.json"
    renewals = [
        {"kind": "renew-item", "contract": "C1", "item": "1", "license_end": "2029-12-31"},
        {"kind": "renew-item", "contract": "C1", "item": "2", "license_end": None, "unit_price": "13"},
    ]
    more = {"kind": "change-demand", "product": "Office", "metric": "device", "percent": "20"}
    path.write_text(json.dumps({"scenario": "Renew it all", "changes": [*renewals, more]}))
    return path


def test_a_scenario_is_told_beside_the_book(estate, scenario, elpis):
    before = estate.read_bytes()
    said = elpis("what-if", estate, "--scenario", scenario, "--on", "2027-07-01")
    assert said.status == 0
    assert said.out.splitlines() == [
        "Renew it all, on Thursday, 2027-07-01, beside the book",
        "  1. Renew item C1/1 to 2029-12-31",
        "  2. Renew item C1/2 at 13 each without end",
        "  3. Demand of Office by device: +20 %",
        "Office | subscription | device: balance −45 → −4; short from 2027-07-01 → from 2027-07-01",
        "Of what the changes touch:",
        "Positions short: 1 → 1",
        "Licenses missing: 45 → 4",
        "Cost to close: 540.00 EUR → 52.00 EUR",
        "Cost to keep: 540.00 EUR → 52.00 EUR",
        "Bought: 575.00 EUR",
    ]
    assert estate.read_bytes() == before


def test_a_scenario_for_programs_is_json_and_goes_into_files(estate, scenario, tmp_path, elpis):
    said = elpis("what-if", estate, "--scenario", scenario, "--json", "--out", tmp_path / "w.json")
    assert (said.status, said.err) == (0, "")
    assert said.json == json.loads((tmp_path / "w.json").read_bytes())
    (position,) = said.json["positions"]
    assert (position["before"]["short"]["on"], position["after"]["short"]["units"]) == ("2027-01-01", 4)
    assert said.json["scenario"]["changes"][1]["unit_price"] == "13"
    for end in ("csv", "xlsx"):
        target = tmp_path / f"w.{end}"
        last = elpis("what-if", estate, "--scenario", scenario, "--out", target).out.splitlines()[-1]
        assert last == f"Comparison: {target}"
        first = target.read_bytes()
        elpis("what-if", estate, "--scenario", scenario, "--out", target)
        assert target.read_bytes() == first
    assert openpyxl.load_workbook(tmp_path / "w.xlsx").sheetnames == ["Positions", "Changes", "Totals"]


def test_a_scenario_of_the_book_is_found_by_its_name_and_an_unknown_one_is_told(estate, elpis):
    with opened(estate) as book:
        keeping.save(book, Scenario("Nothing new"))
        keeping.save(book, Scenario("Wrong", (DropItem("C7", "1"),)))
    assert elpis("what-if", estate, "--scenario", "Nothing new").out.splitlines()[1] == "No position is any different."
    assert elpis("what-if", estate, "--scenario", "Other").err == "error: scenarios: there is no 'Other'.\n"
    said = elpis("what-if", estate, "--scenario", "Wrong")
    assert (said.status, said.err) == (1, "error: change 1: contracts: there is no 'C7'.\n")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_is_a_sentence_and_described(kind):
    assert kind in what_if_text.KINDS
    assert kind in README
