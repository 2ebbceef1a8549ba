"""The manifest of a snapshot: what belongs to it, each file with its size and SHA-256.

A stranger needs nothing of ours to check it: any program that computes SHA-256 will do.
"""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, cast

import orjson

NAME: Final = "manifest.json"
"""The file, at the top of a snapshot's folder, that names all others."""

UNFINISHED: Final = ".elpis-unfinished"
"""How the name of a folder ends in which a snapshot is being made, or was when the machine stopped. It never counts."""

FORMAT: Final = "elpis-manifest"
FORMAT_VERSION: Final = 1


def write(
    folder: Path, as_of: str, totals: Mapping[str, int], known: Mapping[str, Mapping[str, object]] | None = None
) -> None:
    """Write `manifest.json` over every file that stands in `folder` now.

    `totals` counts the elements of each list of the snapshot. `known` are sizes and hashes of files taken while they
    were written; the others are read. Raises `OSError` when a file cannot be read or written.
    """
    measured = known or {}
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "as_of": as_of,
        "totals": dict(totals),
        "files": {name: measured.get(name) or _measure(folder / name) for name in _files(folder)},
    }
    (folder / NAME).write_bytes(orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a snapshot's folder.

    Raises `ValueError` with a sentence when it is not one that this version understands, `FileNotFoundError` when
    there is none.
    """
    try:
        content: object = orjson.loads((folder / NAME).read_bytes())
    except orjson.JSONDecodeError as fault:
        raise ValueError(f"{NAME} is not valid JSON ({fault}): the snapshot was cut off or changed") from fault
    if not _is_manifest(content):
        raise ValueError(f"{NAME} is not a manifest of version {FORMAT_VERSION}")
    return cast("dict[str, Any]", content)


def verify(folder: Path) -> list[str]:
    """What differs between a folder and its manifest, a sentence a file; an empty list says that all is as written.

    Files missing, changed, and not named in the manifest are told. Never raises for what the manifest holds.
    """
    try:
        named: dict[str, Any] = read(folder)["files"]
    except FileNotFoundError:
        return [f"{NAME} is missing: the snapshot was not finished"]
    except ValueError as fault:
        return [str(fault)]
    present = _files(folder)
    return [
        *(f"{name} is missing" for name in sorted(named.keys() - set(present))),
        *(f"{name} was changed" for name in present if name in named and _measure(folder / name) != named[name]),
        *(f"{name} is not named in the manifest" for name in present if name not in named),
    ]


def outdated(folder: Path, names: Collection[str]) -> list[str]:
    """Files of the snapshot in `folder` that are not among `names`, as far as they are still what its manifest says.

    Empty when there is no manifest or none that can be understood. Names that lead out of the folder never count.
    """
    try:
        named: dict[str, Any] = read(folder)["files"]
    except (OSError, ValueError):
        return []
    earlier = (name for name in _files(folder) if name in named and name not in names)
    return [name for name in earlier if _measure(folder / name) == named[name]]


def sha256(path: Path) -> str:
    """SHA-256 of a file as 64 hexadecimal digits; raises `OSError` when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _measure(path: Path) -> dict[str, object]:
    return {"sha256": sha256(path), "size": path.stat().st_size}


def _files(folder: Path) -> list[str]:
    """Names relative to the folder, sorted; links to folders are not followed, the manifest itself is left out."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if name != NAME and UNFINISHED not in name)


def _is_manifest(content: object) -> bool:
    if not isinstance(content, dict):
        return False
    known = cast("dict[str, object]", content)
    return (
        known.get("format") == FORMAT
        and known.get("format_version") == FORMAT_VERSION
        and isinstance(known.get("files"), dict)
    )
