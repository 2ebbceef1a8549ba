"""Exports on the command line."""

import icalendar
import pytest

from tests import estates


@pytest.fixture
def estate(folder, tmp_path, elpis):
    source = folder(estates.of(estates.item("1", "Office", 3), demand=[estates.demand("Office", 5)]))
    assert elpis("import", source, "--book", tmp_path / "b.elpis", "--as-of", "2026-11-21").status == 0
    return tmp_path / "b.elpis"


def test_a_book_leaves_and_comes_again(estate, tmp_path, elpis):
    said = elpis("export", estate, "--to", "template", "--out", tmp_path / "out")
    assert said.status == 0
    assert "contract items: 1" in said.out.splitlines()
    assert said.out.splitlines()[-1] == f"Exported: {tmp_path / 'out'}"
    again = elpis("import", tmp_path / "out", "--book", tmp_path / "c.elpis", "--as-of", "2026-11-21", "--json")
    assert again.json["rows"]["contract_items"] == {"new": 1, "changed": 0, "unchanged": 0}
    assert elpis("import", tmp_path / "out", "--book", estate, "--as-of", "2026-11-21", "--json").json["rows"][
        "contract_items"
    ] == {"new": 0, "changed": 0, "unchanged": 1}


@pytest.mark.parametrize("kind", ["template", "tables", "cyclonedx", "icalendar"])
def test_each_way_says_what_it_wrote_for_programs_too(estate, tmp_path, elpis, kind):
    said = elpis("export", estate, "--to", kind, "--out", tmp_path / "out", "--json")
    assert (said.status, said.err) == (0, "")
    assert said.json["as"] == kind
    assert sum(said.json["rows"].values()) > 0
    assert (tmp_path / "out").exists()


def test_the_calendar_is_one(estate, tmp_path, elpis):
    assert elpis("export", estate, "--to", "icalendar", "--out", tmp_path / "out.ics").status == 0
    calendar = icalendar.Calendar.from_ical((tmp_path / "out.ics").read_bytes())
    assert len(list(calendar.walk("VEVENT"))) == 2


def test_a_way_that_is_none_and_a_place_that_cannot_be_are_told(estate, tmp_path, elpis):
    assert elpis("export", estate, "--to", "stone", "--out", tmp_path / "out").status == 2
    (tmp_path / "file").write_text("mine")
    said = elpis("export", estate, "--to", "template", "--out", tmp_path / "file")
    assert said.status == 1
    assert "is a file where a folder is needed" in said.err
    assert (tmp_path / "file").read_text() == "mine"
