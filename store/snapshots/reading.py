"""Reading a snapshot's canonical JSON, line by line where it may be large.

Only files that `canonical.write` made can be read by line; the faults that a cut or foreign file has are told.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import orjson

from store.errors import KnownFault
from store.snapshots.canonical import FORMAT, FORMAT_VERSION, LISTS


class SnapshotFault(KnownFault):
    """A file is no snapshot, or one that was cut off or that a newer version wrote."""


def head(path: Path) -> dict[str, Any]:
    """The pairs of a snapshot that are no lists: format, version, day, currency.

    Raises `SnapshotFault` when the file is not a whole snapshot of this version, `OSError` when it cannot be read.
    """
    found: dict[str, Any] = {}
    for line in _frame(path):
        found |= _pairs(path, line)
    pairs = {name: value for name, value in found.items() if value != []}
    _check_head(path, pairs)
    return pairs


def totals(path: Path) -> dict[str, int]:
    """How many elements each list of a snapshot has, by its name. Raises as `head` does."""
    head(path)
    counts: Counter[str] = Counter()
    name = ""
    with path.open("rb") as file:
        for number, line in enumerate(file):
            if number and not line.startswith(b"]"):
                counts[name] += 1
            elif line.endswith(b"[\n"):
                name = next(reversed(_pairs(path, line)))
                counts[name] = 0
    return dict(counts)


def names(path: Path) -> list[str]:
    """The names of the lists of a snapshot, in their order. Raises `SnapshotFault` when it was cut off, `OSError`."""
    return [name for line in _frame(path) for name, value in _pairs(path, line).items() if value == []]


def elements(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """The elements of one list, in their order, one at a time.

    Raises `SnapshotFault` when the file has no such list or was cut off within it, `OSError` when it cannot be read.
    """
    opening = b'"%b":[\n' % name.encode()
    with path.open("rb") as file:
        if not any(line.endswith(opening) for line in file):
            raise SnapshotFault(f"{path} is no snapshot of Elpis: it has no list {name}")
        for line in file:
            if line.startswith(b"]"):
                return
            yield _parsed(path, line.rstrip(b",\n"))
    raise _cut(path)


def read(path: Path) -> dict[str, Any]:
    """A whole snapshot: for small ones, since all of it is held.

    Raises `SnapshotFault` when it is not a snapshot of this version with all its lists, `OSError` when unreadable.
    """
    content = _parsed(path, path.read_bytes())
    _check_head(path, content)
    if missing := [name for name in LISTS if not isinstance(content.get(name), list)]:
        raise SnapshotFault(f"{path} is no whole snapshot: it has no list {missing[0]}")
    return content


def _frame(path: Path) -> Iterator[bytes]:
    """The lines between the elements: the first one, and those that close a list."""
    with path.open("rb") as file:
        line = closing = file.readline()
        yield closing
        for line in file:
            if line.startswith(b"]"):
                yield (closing := line)
    if line is not closing or not line.endswith(b"}\n"):
        raise _cut(path)


def _pairs(path: Path, line: bytes) -> dict[str, Any]:
    """What stands between two lists, with the list that is opened at the end as an empty one."""
    inside = line[1:].lstrip(b",").rstrip()
    return _parsed(path, b"{" + inside + (b"]}" if inside.endswith(b"[") else b""))


def _parsed(path: Path, text: bytes) -> dict[str, Any]:
    try:
        content: object = orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        raise SnapshotFault(f"{path} is no snapshot of Elpis: it is not valid JSON ({fault})") from fault
    if not isinstance(content, dict):
        raise SnapshotFault(f"{path} is no snapshot of Elpis: its content is not an object")
    return cast("dict[str, Any]", content)


def _check_head(path: Path, pairs: dict[str, Any]) -> None:
    if pairs.get("format") != FORMAT:
        raise SnapshotFault(f"{path} is no snapshot of Elpis: its format is {pairs.get('format')!r}")
    if pairs.get("format_version") != FORMAT_VERSION:
        raise SnapshotFault(f"{path} is of version {pairs.get('format_version')!r}; this Elpis reads {FORMAT_VERSION}")


def _cut(path: Path) -> SnapshotFault:
    return SnapshotFault(f"{path} ends too early: it was cut off. Make the snapshot again")
