"""Everything that hands out a file, by the name of the file; run as a program, each hands it out a second time."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from gui.pages.calendar_parts.exporting import told
from gui.tables import columns, export
from store import calendar_export, care, demand, forecast
from store.ahead import handing_out
from store.book import Book
from store.overviews import OVERVIEWS, Ask
from store.records import Count
from store.scenarios import handing_out as comparing
from store.scenarios import judging, shape
from store.snapshots import build, compare, kept
from store.snapshots.differences import handing_out as differing
from store.snapshots.saving import save_file
from tests import signing
from tests.conftest import opened
from tests.durability import work
from tests.durability.replay import ACKNOWLEDGED
from tests.durability.work import AS_OF

_MORE = shape.Scenario("More of it", changes=(shape.ChangeDemand("Office", "device", percent=Decimal(10)),))


def _table(book: Book, target: Path) -> None:
    own = columns.of(OVERVIEWS["demand"].fields)
    order = export.Order("demand", "Demand", Ask(), own, range(len(own)), 100)
    export.write(book, order, target, lambda *_: None)


def _forecast(book: Book, target: Path) -> None:
    handing_out.save(forecast.ahead(book, as_of=AS_OF), target)


def _scenario(book: Book, target: Path) -> None:
    comparing.save(judging.compare(book, _MORE), target)


def _difference(book: Book, target: Path) -> None:
    differing.save(compare.compare(AS_OF, date(2027, 4, 1), book=book), target)


def _calendar(book: Book, target: Path) -> None:
    calendar_export.export(book, target, told, first=date(2020, 1, 1))


EXPORTERS: Mapping[str, Callable[[Book, Path], object]] = {
    "table.xlsx": _table,
    "table.csv": _table,
    "calendar.ics": _calendar,
    **{f"forecast.{end}": _forecast for end in ("xlsx", "csv", "json")},
    **{f"scenario.{end}": _scenario for end in ("xlsx", "json")},
    **{f"difference.{end}": _difference for end in ("xlsx", "csv", "json")},
    "snapshot": partial(build.save, json_only=False),
    "signed.licsnap": lambda book, target: kept.save_signed(book, target, signing.signer()),
    "backup.elpis": care.back_up,
}

WORDS = b"what a user has typed " * 2_000


def _plainly(target: Path) -> None:
    """A control: written straight to its place."""
    target.write_bytes(WORDS)


def _renamed(target: Path) -> None:
    """A control: written beside its place and renamed, without a flush."""
    beside = target.with_suffix(".new")
    beside.write_bytes(WORDS)
    beside.replace(target)


CONTROLS: Mapping[str, Callable[[Path], object]] = {"plain": _plainly, "renamed": _renamed}


def change(book: Book) -> None:
    """Something that every export shows."""
    work.finish_wizard(book, book.path.parent, 1)
    demand.save(book, Count("Office", "device", 90, source="count", counted_on=AS_OF.isoformat()))


def main(place: Path) -> None:
    """Hand out everything, each acknowledged by its number."""
    handle = os.open(place / ACKNOWLEDGED, os.O_WRONLY | os.O_CREAT)
    with closing(opened(place.parent / "book.elpis")) as book:
        for number, (name, write) in enumerate(EXPORTERS.items(), 1):
            write(book, place / name)
            os.write(handle, b"%4d" % number)
    for number, (name, write) in enumerate(CONTROLS.items(), len(EXPORTERS) + 1):
        write(place / name)
        os.write(handle, b"%4d" % number)
    save_file(place / "last", lambda path: path.write_bytes(b"so that the cuts of the last one come after it, too"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
