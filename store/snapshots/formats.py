"""From the canonical JSON to a whole snapshot: every other format is made from that file alone."""

from pathlib import Path
from typing import Final

from store.snapshots import csv_files, manifest, reading, workbook
from store.snapshots.canonical import Written

JSON: Final = "snapshot.json"
WORKBOOK: Final = "snapshot.xlsx"
CSV_FOLDER: Final = "csv"


def complete(folder: Path, written: Written | None = None, *, json_only: bool = False) -> None:
    """Beside `snapshot.json` in `folder`, make the CSV files, the workbook, and at last the manifest of them all.

    `written` is what was noted while the JSON was written, so that it need not be read again; `json_only` leaves the
    other formats out. Raises `OSError` when a file cannot be written and `reading.SnapshotFault` when the JSON is not a
    whole snapshot.
    """
    snapshot = folder / JSON
    head = reading.head(snapshot) if written is None else written.head
    if not json_only:
        csv_files.write(snapshot, folder / CSV_FOLDER)
        workbook.write(snapshot, folder / WORKBOOK)
    totals = reading.totals(snapshot) if written is None else written.totals
    known = {} if written is None else {JSON: {"sha256": written.sha256, "size": written.size}}
    manifest.write(folder, str(head["as_of"]), totals, known)
