"""Work that is measured in a process of its own, so that its memory is its own: `python -m tests.bench.child WORK …`.

Each work prints its times (seconds) and memory (megabytes) as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store import derivation
from store.book import Book, open_book
from store.bulk import collector_off
from store.imports import tables
from store.imports.load import Work
from store.imports.readers import open_source
from store.imports.references import References
from store.review import review
from store.snapshots import build
from tests.bench import floors
from tests.bench.estate import AS_OF
from tests.bench.timing import timed


def main(work: str, *places: str) -> None:
    """Do one work and print what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    said = _WORKS[work](*map(Path, places)) or {}
    said = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak": peak(), **said}
    print(json.dumps(said))


def peak() -> float:
    """The most memory that this process had at once. A child begins with the `ru_maxrss` of its parent, so not that."""
    try:
        return _status("VmHWM")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def _review(folder: Path, workplace: Path) -> dict[str, Any]:
    """A whole review, with the times of its parts."""
    spent: dict[str, float] = {}
    derivation.derive_all = _noting(spent, "derive", derivation.derive_all)
    build.save = _noting(spent, "snapshot", build.save)
    started = time.perf_counter()
    with opened(workplace / "review.elpis", temporary=True) as book:
        review(book, folder, workplace / "out", as_of=AS_OF, json_only=True)
    spent["import"] = time.perf_counter() - started - spent["derive"] - spent["snapshot"]
    return spent


def _noting(spent: dict[str, float], name: str, work: Callable[..., None]) -> Callable[..., None]:
    def noted(*arguments: Any, **named: Any) -> None:
        started = time.perf_counter()
        work(*arguments, **named)
        spent[name] = time.perf_counter() - started

    return noted


def opened(path: Path, *, temporary: bool = False) -> Book:
    """A book that is made when it is not there."""
    return open_book(path, clock=lambda: datetime.now(UTC), who="bench", create=True, temporary=temporary)


def import_table(book: Book, folder: Path, name: str) -> None:
    """Check the rows of one table and store them durably, as an import does, without deriving anything."""
    with book.transaction(resolved=True), collector_off():
        source = open_source(folder)
        work = Work(book, source, AS_OF, References(book))
        tables.load(work, name, source.tables)
        if work.failed:
            raise ValueError(work.findings[0])


def _import_demand(folder: Path, book: Path) -> dict[str, Any]:
    """Import demand into a book that has all that it refers to; `above` is the memory beyond what was there before."""
    with opened(book) as held:
        list(held.each("SELECT product FROM products"))
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak is counted from here on
        before = _status("VmRSS")
        import_table(held, folder, "demand")
        return {"above": peak() - before}


def _read(folder: Path) -> None:
    floors.read(folder / "demand.csv")


def _export_table(target: Path, rows: Path) -> dict[str, Any]:
    """Write a table as a workbook; `above` is the memory beyond what was there before."""
    from tests.bench import sheet

    sheet.export_table(target, 100)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak is counted from here on
    before = _status("VmRSS")
    spent = timed(lambda: sheet.export_table(target, int(rows.name)))
    return {"wall": spent.wall, "cpu": spent.cpu, "above": peak() - before}


def _bare_table(target: Path, rows: Path) -> dict[str, Any]:
    from tests.bench import sheet

    spent = timed(lambda: sheet.bare_table(target, int(rows.name)))
    return {"wall": spent.wall, "cpu": spent.cpu}


_WORKS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "review": _review,
    "floor": floors.load,
    "import-demand": _import_demand,
    "read-demand": _read,
    "export-table": _export_table,
    "bare-table": _bare_table,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
