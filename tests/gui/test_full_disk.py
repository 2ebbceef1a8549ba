"""A disk that is full at any moment, for everything that writes a file: the earlier one stays, and one is told why."""

import json
import subprocess
import sys

import pytest

from tests import estates

WRITERS = (
    *("snapshot", "json alone", "calendar.ics"),
    *("table.xlsx", "table.csv", "forecast.xlsx", "forecast.csv", "forecast.json", "scenario.xlsx", "scenario.json"),
    *("difference.xlsx", "difference.json"),
    *("template", "template.xlsx", "tables", "tables.xlsx", "licenses.cdx.json"),
)

CHILD = """
import json, resource, sys
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

from gui.event_words import told as worded
from gui.tables import columns, export
from store import calendar_export, forecast
from store.ahead import handing_out
from store.errors import KnownFault
from store.exports import cyclonedx, everything, template
from store.overviews import OVERVIEWS, Ask
from store.scenarios import handing_out as comparing, judging, shape
from store.snapshots import build, compare
from store.snapshots.differences import handing_out as differing
from store.snapshots.saving import SavingFault
from tests.conftest import AS_OF, opened

place, what = Path(sys.argv[1]), sys.argv[2]
target = place / what
own = columns.of(OVERVIEWS["events"].fields)
order = export.Order("events", "Events", Ask(), own, range(len(own)), 100)
scenario = shape.Scenario("Nothing", changes=())

def contents():
    return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file() and "book" not in p.name}

with closing(opened(place / "book.elpis", read_only=True)) as book:
    days = [compare.compare(AS_OF, date(2027, 4, 1), book=book)] if what.startswith("difference") else []
    writers = {
        **{f"difference.{e}": lambda: differing.save(days[0], target) for e in ("xlsx", "json")},
        "snapshot": lambda: build.save(book, target),
        "json alone": lambda: build.save(book, target, json_only=True),
        "calendar.ics": lambda: calendar_export.export(book, target, worded, first=date(2020, 1, 1)),
        **{f"template{e}": lambda: template.save(book, target) for e in ("", ".xlsx")},
        **{f"tables{e}": lambda: everything.save(book, target) for e in ("", ".xlsx")},
        "licenses.cdx.json": lambda: cyclonedx.save(book, target),
        "table.xlsx": lambda: export.write(book, order, target, lambda *_: None),
        "table.csv": lambda: export.write(book, order, target, lambda *_: None),
        **{f"forecast.{e}": partial(handing_out.save, forecast.ahead(book, as_of=AS_OF), target) for e in ("xlsx", "csv", "json")},
        "scenario.xlsx": partial(comparing.save, judging.compare(book, scenario), target),
        "scenario.json": partial(comparing.save, judging.compare(book, scenario), target),
    }
    write = writers[what]
    write()
    whole = contents()
    sizes = {len(content) for content in whole.values()}
    told = []
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(sizes)
    limits = sorted({0, 1, *(size - 1 for size in sizes), *range(0, largest, max(largest // 12, 1))})
    for limit in limits:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            write()
            told.append(f"limit {limit} of {largest} was no limit")
        except KnownFault as fault:
            told.append(str(fault))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        if contents() != whole:
            told.append(f"limit {limit} harmed what was there")
    write()
sys.stdout.write(json.dumps({"told": told, "limits": len(limits), "same": contents() == whole}))
"""


def run(code, *arguments):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def place(book, fill, tmp_path):
    items = [estates.subscription(str(n), f"P{n}", 10, "2026-01-01", "2027-03-31") for n in range(40)]
    fill(book, estates.of(*items, demand=[estates.demand(f"P{n}", 12) for n in range(40)]))
    (tmp_path / "disk").mkdir()
    book.database.connection().execute("VACUUM INTO ?", (str(tmp_path / "disk" / "book.elpis"),))
    return tmp_path / "disk"


@pytest.mark.parametrize("what", WRITERS)
def test_a_full_disk_leaves_the_earlier_file_as_it_was_and_is_told(place, what):
    child = run(CHILD, place, what)

    assert (child.returncode, child.stderr) == (0, "")
    said = json.loads(child.stdout)
    assert said["same"]
    assert said["limits"] > 8
    assert len(said["told"]) == said["limits"]
    assert {sentence.split(":")[0].split(";")[0] for sentence in said["told"]} == {"the disk is full"}


def test_the_harness_sees_what_it_is_for(place):
    """Written straight to its place, a file is destroyed."""
    code = CHILD.replace("writers[what]", "lambda: target.write_bytes(bytes(5_000)) and None").replace(
        "except KnownFault", "except OSError"
    )
    child = run(code, place, "table.csv")

    assert "harmed what was there" in child.stdout
