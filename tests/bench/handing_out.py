"""The measures of what is handed out: a snapshot in every format, workbooks, JSON and the report."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, SimpleDocTemplate, TableStyle

from store.snapshots import build, canonical, csv_files, layout, manifest, reading, report, workbook
from store.snapshots.canonical import Written
from store.snapshots.report.faces import FOLDER
from store.snapshots.report.sections import POSITION
from tests.bench import prepared
from tests.bench.child import opened
from tests.bench.estate import AS_OF
from tests.bench.measures import Scale
from tests.bench.timing import Figure, Time, child, compared, interleaved, of_child, timed

Row = Sequence[Any]

_CHUNK = 5_000
_HELD = 1_000
"""Families whose snapshot fits into memory as a whole."""

_LINE = {"model": "subscription", "metric": "device"}
_CALCULATED = {"active": 0, "demand": 0, "downgrade": 0, "upgrade": 0, "balance": 0, "status": "compliant"}


# ------------------------------------------------------------------------------------------------------- whole snapshot
def snapshot(scale: Scale) -> Iterable[Figure]:
    """Every format but the report, against bare writers that are handed the same cells."""
    with prepared.workplace() as place, opened(prepared.book(scale.families)) as book:
        build.write_json(book, place / "again.json")
        whole, bare = interleaved(scale.rounds, lambda: _snapshot(book, place), lambda: _bare_snapshot(place))
        count = book.value("SELECT count(*) FROM entitlements")
    yield compared(f"snapshot of {count:,} entitlements, all formats but PDF / bare writers", whole, bare, 1.5)
    yield from _json(scale)


def _json(scale: Scale) -> Iterable[Figure]:
    """The JSON alone, against json.dump, which needs all of it in memory: of a book that fits there."""
    with prepared.workplace() as place, opened(prepared.book(min(scale.families, _HELD))) as book:
        build.write_json(book, place / "again.json")
        content = reading.read(place / "again.json")
        ours, theirs, read = interleaved(
            scale.rounds,
            lambda: timed(lambda: _write(content, place / "ours.json")),
            lambda: timed(lambda: _dump(content, place / "bare.json")),
            lambda: timed(lambda: build.write_json(book, place / "ours.json")),
        )
        digests = {_digests(book, place) for _ in range(2)}
    yield compared("E4: JSON export / json.dump of the same content", ours, theirs, 0.35, 0.2)
    yield compared("E4: JSON export, reading the book included / json.dump alone", read, theirs)
    yield Figure("E5: exports of an equal snapshot that differ", str(len(digests) - 1), "", len(digests) - 1, 0)


def _write(content: dict[str, Any], target: Path) -> None:
    lists = {name: map(canonical.encode, content[name]) for name in canonical.LISTS}
    canonical.write(target, {name: value for name, value in content.items() if name not in lists}, lists)


def _dump(content: dict[str, Any], target: Path) -> None:
    with target.open("w", encoding="utf-8") as file:
        json.dump(content, file)


def _snapshot(book: Any, place: Path) -> Time:
    with _emptied(place / "out") as folder:
        return timed(lambda: _all_but_the_report(book, folder))


def _all_but_the_report(book: Any, folder: Path) -> Written:
    data = folder / "snapshot.json"
    written = build.write_json(book, data)
    csv_files.write(data, folder / "csv")
    workbook.write(data, folder / "snapshot.xlsx")
    manifest.write(folder, AS_OF.isoformat(), written.totals, {"snapshot.json": {"sha256": written.sha256}})
    return written


def _digests(book: Any, place: Path) -> str:
    with _emptied(place / "out") as folder:
        written = _all_but_the_report(book, folder)
        small = _positions(place / "small.json", 200)
        _report(small, folder / "snapshot.pdf")
        written_files = sorted(path for path in folder.rglob("*") if path.is_file())
        return written.sha256 + "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in written_files)


def _bare_snapshot(place: Path) -> Time:
    """JSON, CSV and XLSX by the usual libraries; only their own work is counted, not where the rows come from."""
    data, clock = place / "again.json", _Clock()
    with (place / "bare.json").open("w", encoding="utf-8") as file:
        for name in canonical.LISTS:
            for chunk in _chunks(reading.elements(data, name)):
                clock.run(json.dump, chunk, file)
    with xlsxwriter.Workbook(place / "bare.xlsx", {"constant_memory": True}) as book:
        for table in layout.TABLES:
            sheet, line = book.add_worksheet(table.title), 0
            with (place / "bare.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                for chunk in _chunks(layout.rows(table, reading.elements(data, table.source))):
                    rows = [tuple(map(_plain, row)) for row in chunk]
                    clock.run(writer.writerows, rows)
                    clock.run(_into, sheet, rows, line)
                    line += len(rows)
        closing = time.perf_counter(), time.process_time()
    clock.add(*closing)
    return clock.time()


def _into(sheet: Any, rows: Sequence[Row], line: int) -> None:
    for number, row in enumerate(rows, start=line):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, value)


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


class _Clock:
    """Adds up the times of some calls."""

    def __init__(self) -> None:
        self._wall = self._cpu = 0.0

    def run(self, work: Callable[..., object], *arguments: object) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        work(*arguments)
        self.add(wall, cpu)

    def add(self, wall: float, cpu: float) -> None:
        """Count the time since then."""
        self._wall += time.perf_counter() - wall
        self._cpu += time.process_time() - cpu

    def time(self) -> Time:
        return Time(self._wall, self._cpu)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


@contextmanager
def _emptied(folder: Path) -> Generator[Path]:
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


# ------------------------------------------------------------------------------------------------------------- workbook
def table(scale: Scale) -> Iterable[Figure]:
    """A table of fifteen columns as a workbook, and what it takes in memory."""
    rows, said = 10 * scale.families, list[float]()

    def ours(place: Path) -> Time:
        found = child("export-table", place / "ours.xlsx", rows)
        said.append(found["above"])
        return of_child(found)

    with prepared.workplace() as place:
        ones, others = interleaved(
            scale.rounds,
            lambda: ours(place),
            lambda: of_child(child("bare-table", place / "bare.xlsx", rows)),
        )
    yield compared(f"E1: XLSX of {rows:,} rows x 15 / XlsxWriter, constant memory", ones, others, 0.25, 0.16)
    memory = sorted(said)[len(said) // 2]
    yield Figure("E1: peak memory of that export, MB", f"{memory:.0f} MB", "", memory, 25)


# --------------------------------------------------------------------------------------------------------------- report
def pdf(scale: Scale) -> Iterable[Figure]:
    """The report of five hundred pages against a bare table of the same cells, and of two hundred against bare lines."""
    pdfmetrics.registerFont(TTFont("Bare", str(FOLDER / "Inter-Regular.ttf")))
    with prepared.workplace() as place:
        long = _positions(place / "long.json", scale.families * 115 // 100)
        short = _positions(place / "short.json", scale.families * 46 // 100)
        ones, others, few, lines = interleaved(
            scale.rounds,
            lambda: timed(lambda: _report(long, place / "long.pdf")),
            lambda: timed(lambda: _bare_report(long, place / "bare.pdf")),
            lambda: timed(lambda: _report(short, place / "short.pdf")),
            lambda: timed(lambda: _bare_lines(short, place / "lines.pdf")),
        )
        pages, fewer = (_pages(place / f"{name}.pdf") for name in ("long", "short"))
    yield compared(f"PDF of {pages} pages / a bare ReportLab table of the same cells", ones, others, 3)
    yield compared(f"E3: PDF of {fewer} pages / the same cells on a bare ReportLab canvas", few, lines, 1, 0.6)


def _positions(path: Path, count: int) -> Path:
    def position(n: int) -> dict[str, Any]:
        product = f"Vendor {n % 40} Suite {n:06d} for hybrid estates {2015 + n % 10}"
        balance = n * 7919 % 900 - 450
        status = "under-licensed" if balance < 0 else "over-licensed" if balance else "compliant"
        figures = {
            "active": n % 5000,
            "demand": n % 4000,
            "downgrade": n % 50,
            "upgrade": -(n % 40),
            "balance": balance,
        }
        value = {"amount": f"{balance * 17}.50", "currency": "EUR"}
        more = {"override": None, "calculated": _CALCULATED, "balance_value": value, "breakdown": [], "because": []}
        return {"product": product, **_LINE, **figures, "status": status, **more}

    head: dict[str, str | int] = {
        **{"format": canonical.FORMAT, "format_version": canonical.FORMAT_VERSION},
        **{"as_of": AS_OF.isoformat(), "currency": "EUR"},
    }
    elements = (canonical.encode(position(n)) for n in range(count))
    canonical.write(path, head, dict.fromkeys(canonical.LISTS, ()) | {"positions": elements})
    return path


def _report(data: Path, target: Path) -> None:
    report.write(data, target, made_by="Ann", book="Estate", fingerprint="ab" * 32)


def _rows(data: Path) -> Iterator[Sequence[str]]:
    return POSITION.rows(data, AS_OF.isoformat())


def _bare_report(data: Path, target: Path) -> None:
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), "Bare", 7),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, "#e3e5ea"),
            ("ALIGN", (2, 0), (9, -1), "RIGHT"),
        ]
    )
    heads = [column.head for column in POSITION.columns]
    bare = LongTable([heads, *_rows(data)], repeatRows=1, style=style)
    SimpleDocTemplate(str(target), pagesize=landscape(A4), invariant=1).build([bare])


def _bare_lines(data: Path, target: Path) -> None:
    canvas = Canvas(str(target), pagesize=landscape(A4), invariant=1, pageCompression=1)
    width, height = landscape(A4)
    y, step = 0.0, (width - 20 * mm) / len(POSITION.columns)
    for row in _rows(data):
        if y < 15 * mm:
            if y:
                canvas.showPage()
            canvas.setFont("Bare", 7)
            y = height - 15 * mm
            for place, column in enumerate(POSITION.columns):
                canvas.drawString(10 * mm + place * step, y, column.head)
        y -= 16
        for place, (column, text) in enumerate(zip(POSITION.columns, row, strict=True)):
            if column.right:
                canvas.drawRightString(10 * mm + (place + 1) * step, y, text)
            else:
                canvas.drawString(10 * mm + place * step, y, text)
        canvas.line(10 * mm, y - 4, width - 10 * mm, y - 4)
    canvas.showPage()
    canvas.save()


def _pages(path: Path) -> int:
    return path.read_bytes().count(b"/Type /Page\n") or path.read_bytes().count(b"/Type /Page ")


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"snapshot": snapshot, "export": table, "report": pdf}
