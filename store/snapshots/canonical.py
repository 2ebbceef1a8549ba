"""The snapshot as canonical JSON: one content has one spelling, so that equal days give equal bytes.

Keys are sorted, text is UTF-8, lines end in a line feed, there are no floats, and every element of a list stands on a
line of its own. The file is plain JSON and can also be searched, compared and read line by line.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

import orjson

FORMAT: Final = "elpis-snapshot"
"""Value of the key `format` in the head of every snapshot."""

FORMAT_VERSION: Final = 1
"""Version of the interchange format that this code writes and reads."""

LISTS: Final = (
    "charges",
    "deployed_entitlements",
    "entitlements",
    "events",
    "findings",
    "positions",
    "request_lines",
    "transfers",
)
"""The lists that every snapshot holds, in the order in which they stand in the file."""

OPTIONAL: Final = ("review_rows", "reviews")
"""The lists that a snapshot holds besides, if its book has reviews."""

_EXACT_TYPES: Final = frozenset({str, int, bool, type(None), date})
BUFFER: Final = 1 << 20
"""Bytes of a snapshot that are written at once."""
_TOGETHER = 1_000


def encode(element: Mapping[str, object]) -> bytes:
    """One element of a list as compact JSON with sorted keys.

    Values are text, whole numbers, true, false, null, dates (written as ISO text), and dicts, lists and tuples of
    these. Anything else raises `TypeError`, floats above all: money and decimals are text in a snapshot.
    """
    _refuse_inexact(element.values())
    return orjson.dumps(element, option=orjson.OPT_SORT_KEYS)


class Written(NamedTuple):
    """What was written: bytes, their SHA-256 in hexadecimal, the number of elements of each list, and the head."""

    size: int
    sha256: str
    totals: dict[str, int]
    head: Mapping[str, str | int]


def write(path: Path, head: Mapping[str, str | int], lists: Mapping[str, Iterable[bytes]]) -> Written:
    """Write a snapshot: the pairs of `head` and the lists of encoded elements, sorted together by name.

    The lists are read once each, in the order of their names, and never held: memory does not grow with them.
    Raises `ValueError` for an empty head or a name that stands in both, `OSError` when the file cannot be written.
    """
    with path.open("wb", buffering=BUFFER) as file:
        return write_to(file, head, lists)


def write_to(file: IO[bytes], head: Mapping[str, str | int], lists: Mapping[str, Iterable[bytes]]) -> Written:
    """The same into an open file."""
    if not head or head.keys() & lists.keys():
        raise ValueError("a snapshot needs a head whose names differ from those of the lists")
    totals: dict[str, int] = {}
    digest, size = hashlib.sha256(), 0
    # Hashing takes a fifth as long as making the elements, and needs no interpreter: another core does it meanwhile.
    with ThreadPoolExecutor(1) as aside:
        hashed = aside.submit(digest.update, b"")
        for piece in _pieces(head, lists, totals):
            hashed.result()  # one piece at a time, or they would pile up
            hashed = aside.submit(digest.update, piece)
            size += file.write(piece)
    return Written(size, digest.hexdigest(), totals, head)


def _pieces(
    head: Mapping[str, str | int], lists: Mapping[str, Iterable[bytes]], totals: dict[str, int]
) -> Iterator[bytes]:
    mark = b"{"
    for name in sorted([*head, *lists]):
        yield mark + orjson.dumps(name) + b":"
        if name in lists:
            totals[name] = 0
            for count, piece in _list(lists[name]):
                totals[name] += count
                yield piece
        else:
            _refuse_inexact((head[name],))
            yield orjson.dumps(head[name])
        mark = b","
    yield b"}\n"


def _list(elements: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Pieces of a list, each with the number of elements in it."""
    rest = iter(elements)
    mark = b"[\n"
    while some := list(islice(rest, _TOGETHER)):
        yield len(some), mark + b",\n".join(some)
        mark = b",\n"
    yield 0, b"[\n]" if mark == b"[\n" else b"\n]"


def _refuse_inexact(values: Iterable[object]) -> None:
    """Plain loop: for the dozen values of an element it beats every set operation."""
    for value in values:
        kind = type(value)
        if kind in _EXACT_TYPES:
            continue
        if kind is dict:
            _refuse_inexact(cast("dict[str, object]", value).values())
        elif kind is list or kind is tuple:
            _refuse_inexact(cast("list[object]", value))
        else:
            raise TypeError(f"a snapshot holds text, whole numbers and dates; not {kind.__name__} ({value!r})")
