"""Packs the files of a snapshot into one: a ZIP without compression, whose every byte follows from what is in it.

Compressed bytes depend on the build of the compressor, stored ones do not: whoever packs the same files again, with
whatever program sets the date to 1980 and the attributes as `store.snapshots.verify` says, gets the same file.
"""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.errors import KnownFault
from store.snapshots.verify import LARGEST, MANIFEST, Member, directory, local_header, order

SUFFIX: Final = ".licsnap"
_PIECE: Final = 1 << 20


class TooLarge(KnownFault):
    """A snapshot does not fit into one file."""


@dataclass(frozen=True)
class Part:
    """A file that goes into a container: its name there, where it lies, size, SHA-256 in hexadecimal, CRC-32."""

    name: str
    path: Path
    size: int
    sha256: str
    crc: int


def part(name: str, path: Path) -> Part:
    """Measure a file. Raises `OSError` when it cannot be read."""
    digest, crc, size = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
            size += len(piece)
    return Part(name, path, size, digest.hexdigest(), crc)


def described(parts: Iterable[Part]) -> Mapping[str, Mapping[str, object]]:
    """The parts as the manifest names them."""
    return {one.name: {"sha256": one.sha256, "size": one.size} for one in parts}


def pack(target: Path, parts: Sequence[Part], manifest: bytes) -> None:
    """Write the container: the parts in the order of their names, the signed manifest last.

    Raises TooLarge when there are more than 4 GiB of them, `OSError` when it cannot be written.
    """
    by_name = {one.name: one.path for one in parts}
    members = sorted((Member(one.name, one.size, one.crc) for one in parts), key=order)
    members.append(Member(MANIFEST, len(manifest), zlib.crc32(manifest)))
    if sum(member.size + 1_000 for member in members) > LARGEST:
        raise TooLarge(f"{target.name}: a signed snapshot holds up to 4 GiB. Save this one as a folder instead.")
    with target.open("wb") as file:
        for member in members[:-1]:
            file.write(local_header(member))
            with by_name[member.name].open("rb") as content:
                shutil.copyfileobj(content, file, _PIECE)
        file.write(local_header(members[-1]) + manifest + directory(members))
