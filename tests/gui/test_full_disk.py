"""A disk that is full at any moment, for everything that writes a file: the earlier one stays, and one is told why."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from store.imports.load import load
from tests import estates
from tests.conftest import AS_OF, opened

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

place = Path(sys.argv[1])
own = columns.of(OVERVIEWS["events"].fields)
order = export.Order("events", "Events", Ask(), own, range(len(own)), 100)
scenario = shape.Scenario("Nothing", changes=())

def tried(book, what):
    target = place / what / what
    target.parent.mkdir()

    def contents():
        return {str(p.relative_to(place)): p.read_bytes() for p in target.parent.rglob("*") if p.is_file()}

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
    return {"told": told, "limits": len(limits), "same": contents() == whole}

with closing(opened(place / "book.elpis", read_only=True)) as book:
    for asked in sys.stdin:
        print(json.dumps(tried(book, asked.strip())), flush=True)
"""


@contextmanager
def running(code: str, place: Path) -> Iterator[Callable[[str], dict[str, Any]]]:
    """A process that writes what it is asked for, on a disk that is full, and tells what came of it."""
    command = [sys.executable, "-c", code, str(place)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as child:

        def ask(what: str) -> dict[str, Any]:
            child.stdin.write(f"{what}\n")
            child.stdin.flush()
            said = child.stdout.readline()
            assert said, child.stderr.read()
            return json.loads(said)

        yield ask
        child.stdin.close()
        assert (child.wait(), child.stderr.read()) == (0, "")


@pytest.fixture(scope="module")
def place(blank, tmp_path_factory):
    """A folder with a book to write files of."""
    folder, disk = tmp_path_factory.mktemp("filled"), tmp_path_factory.mktemp("disk")
    items = [estates.subscription(str(n), f"P{n}", 10, "2026-01-01", "2027-03-31") for n in range(40)]
    tables = estates.of(*items, demand=[estates.demand(f"P{n}", 12) for n in range(40)])
    with closing(opened(Path(shutil.copy(blank, folder / "estate.elpis")))) as book:
        load(book, estates.write(folder / "tables", tables), as_of=AS_OF)
        book.database.connection().execute("VACUUM INTO ?", (str(disk / "book.elpis"),))
    return disk


@pytest.fixture(scope="module")
def writer(place):
    with running(CHILD, place) as ask:
        yield ask


@pytest.mark.parametrize("what", WRITERS)
def test_a_full_disk_leaves_the_earlier_file_as_it_was_and_is_told(writer, what):
    said = writer(what)

    assert said["same"]
    assert said["limits"] > 8
    assert len(said["told"]) == said["limits"]
    assert {sentence.split(":")[0].split(";")[0] for sentence in said["told"]} == {"the disk is full"}


def test_the_harness_sees_what_it_is_for(place):
    """Written straight to its place, a file is destroyed."""
    code = CHILD.replace("writers[what]", "lambda: target.write_bytes(bytes(5_000)) and None").replace(
        "except KnownFault", "except OSError"
    )
    with running(code, place) as ask:
        said = ask("scenario.txt")

    assert any("harmed what was there" in sentence for sentence in said["told"])
