"""Runs one reader in a process of its own, which may be ended by its limits without harm to anybody.

Started by its path, as `python -I start.py`, with one JSON object on standard input: the reader (a module beside this
one), the arguments for its `read`, the folders of modules, and the limits. Writes to standard output one JSON array a
line: whatever the reader yields, and at last ["done"]; or ["failed", place, reason].

A reader is a module with `read(*arguments: str) -> Iterator[list[object]]`. It raises `Failed` for what is wrong with a
file; anything else that it raises ends the process, and the file is refused for it.
"""

import errno
import gc
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit of the parent holds there too
    resource = None

FULL = 28
"""The exit status where there was no room for what was read."""

_FORBIDDEN = frozenset(
    "socket.__new__ socket.connect socket.bind socket.getaddrinfo socket.sendto subprocess.Popen os.system os.exec"
    " os.posix_spawn os.fork os.forkpty os.remove os.rename os.mkdir os.rmdir os.link os.symlink os.truncate"
    " shutil.rmtree webbrowser.open urllib.Request".split()
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def limit(memory: int, seconds: int, written: int) -> None:
    """Bound memory, time and output of this process, and leave no core behind, where the system can do that."""
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
    ):
        given = resource.getrlimit(what)[1]
        bound = most if given == resource.RLIM_INFINITY else min(most, given)
        resource.setrlimit(what, (bound, bound))


def forbid(event: str, values: tuple[Any, ...]) -> None:
    """What a reader never needs: the network, other programs, and files to write to."""
    if event in _FORBIDDEN or (event == "open" and isinstance(values[2], int) and values[2] & _WRITING):
        raise PermissionError(errno.EPERM, f"a reader may not use {event}")


def lines(module: str, arguments: list[str]) -> Iterator[list[object]]:
    """What the reader yields, and the line that ends it."""
    from store.imports.children.answers import Failed  # noqa: PLC0415 (found only once main() has set the path)

    try:
        yield from importlib.import_module(f"store.imports.children.{module}").read(*arguments)
        yield ["done"]
    except Failed as failed:
        yield ["failed", failed.place[:200], failed.reason[:500]]
    except MemoryError:
        yield ["failed", "", "it needs too much memory"]


def write(reader: str, arguments: list[str], put: Callable[[bytes], object]) -> None:
    """Put out what a reader gives, line by line."""
    from orjson import dumps  # noqa: PLC0415 (found only once main() has set the path)

    for line in lines(reader, arguments):
        put(dumps(line) + b"\n")


def main(ask: dict[str, Any]) -> None:
    """Write to standard output what the reader gives."""
    limit(ask["memory"], ask["seconds"], ask["written"])
    sys.path[:] = ask["path"]
    with os.fdopen(1, "wb", buffering=1 << 16) as out:
        sys.addaudithook(forbid)
        write(ask["reader"], ask["arguments"], out.write)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    gc.disable()  # nothing here goes in circles, and there are many lists to look through
    try:
        main(json.load(sys.stdin))
    except OSError as _error:
        os._exit(FULL if _error.errno in (errno.ENOSPC, errno.EDQUOT) else 1)
