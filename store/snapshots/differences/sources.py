"""Opens what is compared: the folder of a snapshot, its JSON alone, or a signed file, which is checked before."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from store.errors import KnownFault
from store.snapshots import formats, manifest, verify
from store.snapshots.differences import shape
from store.snapshots.differences.scanning import Sections, sections
from store.snapshots.licsnap import SUFFIX
from store.snapshots.reading import SnapshotFault


@dataclass(frozen=True)
class Source:
    """A side before it was read: its file, and what is known of it without its data."""

    path: Path
    place: str
    trust: str
    told: str
    book: str = ""
    rulebook: str = ""
    held: bytes | None = field(default=None, repr=False)
    """The data itself, where there is no file of it."""

    @contextmanager
    def opened(self) -> Generator[Sections]:
        """The pairs of its data, within the block. Raises SnapshotFault when it cannot be read."""
        try:
            with self._raw() as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
                yield sections(self.place, text.read)
        except (OSError, zipfile.BadZipFile) as fault:
            raise _unreadable(self.path, fault) from fault

    @contextmanager
    def _raw(self) -> Generator[IO[bytes]]:
        if self.held is not None:
            yield io.BytesIO(self.held)
            return
        if self.path.suffix.lower() != SUFFIX:
            with self.path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(verify.DATA) as member:
            yield member


def named(path: Path, key: str | None = None) -> Source:
    """What a user names: a folder with snapshot.json in it, such a file, or a signed snapshot.

    `key` is the fingerprint of the key by which a signed one should be signed. Raises SnapshotFault for what is not
    there, and for a signed one that was changed, or was signed by another key: its data is not read at all.
    """
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise SnapshotFault(f"{path}: there is no such snapshot. Name a folder, a snapshot.json or a {SUFFIX} file.")
    if path.suffix.lower() == SUFFIX:
        return _signed(path, key)
    if path.name == formats.JSON and (path.parent / manifest.NAME).is_file():
        return _of_folder(path.parent, str(path))
    return Source(path, str(path), shape.LOOSE, "A single file: nothing vouches for it.")


def _of_folder(folder: Path, place: str = "") -> Source:
    path = folder / formats.JSON
    if not path.is_file():
        raise SnapshotFault(f"{folder}: there is no {formats.JSON} in this folder. Name the folder of a snapshot.")
    try:
        expected = manifest.read(folder)["files"].get(formats.JSON)
    except FileNotFoundError:
        return Source(path, place or str(folder), shape.LOOSE, "It has no manifest: nothing vouches for it.")
    except (OSError, ValueError) as fault:
        return Source(path, place or str(folder), shape.ALTERED, f"Its manifest cannot be read: {fault}.")
    try:
        found = {"sha256": manifest.sha256(path), "size": path.stat().st_size}
    except OSError as fault:
        raise _unreadable(path, fault) from fault
    if found == expected:
        return Source(path, place or str(folder), shape.WHOLE, "It is as its manifest says.")
    return Source(
        path, place or str(folder), shape.ALTERED, "It was changed after it was saved: not as in its manifest."
    )


def _signed(path: Path, key: str | None) -> Source:
    report = verify.verify(path, key=key)
    if report.verdict == verify.REFUSED or report.manifest is None:
        reasons = " ".join(check.sentence for check in report.checks if check.result == verify.BAD)
        raise SnapshotFault(f"{path} is refused, and was not read: {reasons}")
    trust = shape.TRUSTED if report.verdict == verify.TRUSTED else shape.INTACT
    told = next(check.sentence for check in report.checks if check.code.startswith("sig."))
    return Source(path, str(path), trust, told, report.manifest["book"], report.manifest["rulebook"])


def _unreadable(path: Path, fault: Exception) -> KnownFault:
    reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else "it is damaged"
    return SnapshotFault(f"{path} cannot be read: {reason}.")
