"""From the canonical JSON to a whole snapshot: every other format is made from that file alone."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store import aside
from store.snapshots import csv_files, manifest, reading, report, workbook
from store.snapshots.canonical import Written

JSON: Final = "snapshot.json"
WORKBOOK: Final = "snapshot.xlsx"
REPORT: Final = "snapshot.pdf"
CSV_FOLDER: Final = "csv"

_LARGE: Final = 8 << 20
"""Bytes of JSON from which on a second process is worth its start."""


@dataclass(frozen=True)
class Imprint:
    """What the report says of a snapshot that is not in its JSON; what is empty is left out.

    It is an input like the JSON itself: the clock and the machine have no part in it, so that equal input gives equal
    bytes wherever a snapshot is made.
    """

    book: str = ""
    made_by: str = ""
    key_fingerprint: str = ""


def complete(
    folder: Path, written: Written | None = None, *, json_only: bool = False, imprint: Imprint | None = None
) -> None:
    """Beside `snapshot.json` in `folder`, make the CSV files, the workbook, the report, and at last the manifest.

    `written` is what was noted while the JSON was written, so that it need not be read again; `json_only` leaves the
    other formats out. Raises `OSError` when a file cannot be written and `reading.SnapshotFault` when the JSON is not a
    whole snapshot.
    """
    snapshot = folder / JSON
    head = reading.head(snapshot) if written is None else written.head
    if not json_only:
        for_people(folder, manifest.sha256(snapshot) if written is None else written.sha256, imprint or Imprint())
    totals = reading.totals(snapshot) if written is None else written.totals
    known = {} if written is None else {JSON: {"sha256": written.sha256, "size": written.size}}
    manifest.write(folder, str(head["as_of"]), totals, known)


def for_people(folder: Path, fingerprint: str, imprint: Imprint) -> None:
    """Beside `snapshot.json` in `folder`, what people read: CSV files, workbook and report.

    `fingerprint` is the SHA-256 of the data that goes with them. Of a large snapshot a second process makes one half:
    each of them reads the JSON for itself.
    """
    snapshot = folder / JSON
    if snapshot.stat().st_size < _LARGE or aside.cores() < 2:
        workbook.write(snapshot, folder / WORKBOOK)
        half(folder, fingerprint, imprint)
        return
    with aside.helping(half) as ask:
        answer = ask(folder, fingerprint, imprint)
        workbook.write(snapshot, folder / WORKBOOK)
        try:
            answer.result()
        except aside.Gone:
            shutil.rmtree(folder / CSV_FOLDER, ignore_errors=True)
            half(folder, fingerprint, imprint)


def half(folder: Path, fingerprint: str, imprint: Imprint) -> None:
    """The CSV files and the report, which take as long as the workbook does."""
    snapshot = folder / JSON
    csv_files.write(snapshot, folder / CSV_FOLDER)
    report.write(
        snapshot,
        folder / REPORT,
        made_by=imprint.made_by,
        book=imprint.book,
        fingerprint=fingerprint,
        key_fingerprint=imprint.key_fingerprint,
    )
