"""What is to come, on the command line."""

import csv
import json

import openpyxl
import pytest

from tests import estates
from tests.estates import demand, of, subscription

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
