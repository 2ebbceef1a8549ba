"""The snapshot as a report for people: `snapshot.pdf`, to be read, printed and handed to an auditor.

It is made from the JSON alone and a few texts of the caller: the same input gives the same bytes, on any day.
"""

from pathlib import Path


def write(
    snapshot: Path, target: Path, *, made_by: str, book: str, fingerprint: str, key_fingerprint: str = ""
) -> None:
    """Write the report of the snapshot in `snapshot` (its JSON) to `target`.

    `book` and `made_by` stand on the cover and `fingerprint` (SHA-256 of the JSON, hexadecimal) on every page, as does
    the fingerprint of the key where the snapshot is signed; what is empty is left out. Raises `OSError` when it cannot
    be written, and what `reading` raises.
    """
    from store.snapshots.report import document

    document.write(snapshot, target, document.Texts(made_by, book, fingerprint, key_fingerprint))
