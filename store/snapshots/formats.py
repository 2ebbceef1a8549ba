"""From the canonical JSON to a whole snapshot: every other format is made from that file alone."""

from pathlib import Path
from typing import Final

from store.snapshots import csv_files, manifest, reading, workbook

JSON: Final = "snapshot.json"
WORKBOOK: Final = "snapshot.xlsx"
CSV_FOLDER: Final = "csv"


def complete(folder: Path) -> None:
    """Beside `snapshot.json` in `folder`, make the CSV files, the workbook, and at last the manifest of them all.

    Raises `OSError` when a file cannot be written and `reading.SnapshotFault` when the JSON is not a whole snapshot.
    """
    snapshot = folder / JSON
    head = reading.head(snapshot)
    csv_files.write(snapshot, folder / CSV_FOLDER)
    workbook.write(snapshot, folder / WORKBOOK)
    manifest.write(folder, head["as_of"], reading.totals(snapshot))
