"""Scenarios are kept in the book, and are written to files and read from them."""

from datetime import date
from decimal import Decimal

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import undo
from store.errors import Unfit, Unknown
from store.scenarios import applying, keeping, reading
from store.scenarios.shape import (
    AddItem,
    ChangeDemand,
    DropItem,
    RedateItem,
    RenewItem,
    Scenario,
    SwitchRight,
)

EVERYTHING = Scenario(
    "Next year",
    (
        AddItem("C1", "Office", "perpetual", "device", None, date(2027, 1, 1), None, Decimal("1.50"), "USD", "7"),
        AddItem("C1", "Office", "perpetual", "device", 3, date(2027, 1, 1)),
        DropItem("C1", "1"),
        RenewItem("C1", "2", date(2028, 1, 1), 5, Decimal(2)),
        RenewItem("C1", "3", None),
        RedateItem("C1", "4", date(2027, 1, 1), None),
        ChangeDemand("Office", "device", -5),
        ChangeDemand("Office", "device", percent=Decimal("12.5")),
        SwitchRight("SA", False),
    ),
)


def test_a_scenario_comes_back_from_the_book_and_from_a_file_as_it_was(book, tmp_path):
    keeping.save(book, EVERYTHING)
    assert keeping.read(book, "Next year") == EVERYTHING
    (tmp_path / "s.json").write_bytes(orjson.dumps(reading.as_data(EVERYTHING)))
    assert reading.of_file(tmp_path / "s.json") == EVERYTHING


def test_scenarios_are_changed_renamed_removed_and_undone(book):
    with undo.step(book, "Add"):
        keeping.save(book, Scenario("A"), new=True)
    with undo.step(book, "Change"):
        keeping.save(book, Scenario("A", (DropItem("C1", "1"),)))
    with undo.step(book, "Rename"):
        keeping.rename(book, "A", "B")
    assert (keeping.held(book), keeping.read(book, "B").changes) == (["B"], (DropItem("C1", "1"),))
    with undo.step(book, "Remove"):
        keeping.remove(book, "B")
    for names in (["B"], ["A"], ["A"], []):
        undo.back(book)
        assert keeping.held(book) == names
    for _ in range(3):
        undo.forward(book)
    assert keeping.read(book, "B").changes == (DropItem("C1", "1"),)


def test_names_are_refused_that_are_taken_or_none(book):
    keeping.save(book, Scenario("A"))
    keeping.save(book, Scenario("B"))
    for wrong in (lambda: keeping.save(book, Scenario("A"), new=True), lambda: keeping.rename(book, "B", "A")):
        with pytest.raises(Unfit, match=r"there is 'A' already"):
            wrong()
    with pytest.raises(Unfit):
        keeping.save(book, Scenario(" "))
    for missing in (keeping.read, keeping.remove):
        with pytest.raises(Unknown):
            missing(book, "C")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "this is no scenario"),
        ({"format": "other"}, "format: 'other' is none"),
        ({"format_version": 2}, "of version 1 is"),
        ({"scenario": 5}, "must be a name"),
        ({"name": "Next year"}, "name: a scenario has no such field"),
        ({"changes": {}}, "changes a list"),
        ({"changes": [7]}, "change 1: kind: None is none; possible are add-item, drop-item"),
        ({"changes": [{"kind": ["x"]}]}, "change 1: kind"),
        ({"changes": [{"kind": "drop-item", "contract": "C1"}]}, "change 1: item: this is needed"),
        ({"changes": [{"kind": "drop-item", "contract": "C1", "item": "1", "x": 1}]}, "x: drop-item has no such field"),
        ({"changes": [{"kind": "drop-item", "contract": 1, "item": "1"}]}, "contract: 1 is no text"),
        ({"changes": [{"kind": "switch-right", "right": "R", "on": 1}]}, "on: 1 is neither true nor false"),
        ({"changes": [{"kind": "change-demand", "by": None}]}, "by: None is no whole number"),
        ({"changes": [{"kind": "change-demand", "by": True}]}, "by: True is no whole number"),
        ({"changes": [{"kind": "change-demand", "percent": "x"}]}, "percent: 'x' is no number"),
        ({"changes": [{"kind": "change-demand", "percent": "Infinity"}]}, "percent: 'Infinity' is no number"),
        ({"changes": [{"kind": "change-demand", "percent": 1.5}]}, "percent: 1.5 is no text"),
        ({"changes": [{"kind": "redate-item", "license_start": None}]}, "license_start: this is needed"),
        ({"changes": [{"kind": "renew-item", "license_end": "2027-02-30"}]}, "license_end: '2027-02-30' is no day"),
    ],
)
def test_a_file_that_says_something_wrong_is_told_where(data, said, tmp_path):
    path = tmp_path / "s.json"
    path.write_bytes(orjson.dumps(data))
    with pytest.raises(Unfit) as refused:
        reading.of_file(path)
    assert said in str(refused.value)
    assert str(refused.value).startswith(f"{path}: ")


def test_files_that_are_no_json_missing_or_huge_are_told(tmp_path):
    (tmp_path / "no.json").write_text("{")
    (tmp_path / "huge.json").write_bytes(b" " * 4_000_001)
    for name, said in (("no.json", "no JSON"), ("huge.json", "too large"), ("gone.json", "cannot be read")):
        with pytest.raises(Unfit, match=said):
            reading.of_file(tmp_path / name)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.integers(0, 10**7))
def test_a_total_is_spread_completely_and_in_proportion(parts, total):
    found = applying.spread(parts, total)
    assert sum(found) == total
    if sum(parts):
        assert all(abs(one * sum(parts) - part * total) < sum(parts) for one, part in zip(found, parts, strict=True))
