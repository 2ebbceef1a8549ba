"""Looks at the first page of a book without a loss of its locks.

Where locks are those of a process, closing a file drops all that the process has on it, those of its connections, too
(https://www.sqlite.org/howtocorrupt.html, 2.2). So a book that is open is kept open once more, and is looked at by that
handle, which is closed after the last of its connections. Windows has locks of single handles, and replaces no file
that is open: there nothing is kept.
"""

from __future__ import annotations

import os
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = 4_096
"""Bytes of the first page of a book."""

_KEPT: Final = os.name != "nt"

_Inode = tuple[int, int]


@dataclass
class _Kept:
    """A file that is open, and for how many."""

    number: int
    users: int = 0


_kept: dict[_Inode, _Kept] = {}
_looking: Final = threading.RLock()


class Handle:
    """Keeps a file open until `close` is called, or the handle is gone. To be made while it is open elsewhere, too."""

    def __init__(self, path: Path) -> None:
        self.close = weakref.finalize(self, _let_go, _keep(path) if _KEPT else None)


def begins(path: Path) -> bytes:
    """The first page of a file, as far as there is one."""
    try:
        with _looking:
            kept = _kept.get(_inode(path.stat()))
            if kept is not None:
                return os.pread(kept.number, PAGE, 0)
            with path.open("rb") as file:
                return file.read(PAGE)
    except OSError:
        return b""


def _inode(found: os.stat_result) -> _Inode:
    return found.st_dev, found.st_ino


def _keep(path: Path) -> _Inode:
    with _looking:
        found = _inode(path.stat())
        if found not in _kept:
            _kept[found] = _Kept(os.open(path, os.O_RDONLY))
        _kept[found].users += 1
        return found


def _let_go(found: _Inode | None) -> None:
    if found is None:
        return
    with _looking:
        kept = _kept[found]
        kept.users -= 1
        if not kept.users:
            os.close(_kept.pop(found).number)
