"""Reports of faults of the program: where it went wrong, and nothing of what the user has.

A report names files, lines and functions of the program, and the kinds of the exceptions. It holds no value, no text of
an exception (one may quote a name, a path or a passphrase), no line of a file, nobody's name and no folder. Imports no
Qt.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from types import FrameType, TracebackType
from typing import Final

from gui.on_demand import on_demand
from store.snapshots.saving import save_file

KEPT: Final = 10
"""How many reports stay; older ones go when there is another."""

_DEEPEST: Final = 60
"""Steps of a traceback that are told, the last ones: of an endless recursion a thousand would say no more."""

_ROOT: Final = Path(__file__).resolve().parent.parent
_NATIVE_STEP: Final = re.compile(r' {2}File "(.*)", line (\d+) in (.*)\Z')
_NATIVE_HEAD: Final = re.compile(
    r"(Fatal Python error: [\w ]{1,60}|(Current thread|Thread) 0x[0-9a-f]+ .{0,60})\Z", re.ASCII
)
_PLAIN: Final = re.compile(r"[\w.<>-]{1,80}\Z", re.ASCII)

sqlite_version = on_demand("store.book", "sqlite_version")


def report(error: BaseException, doing: str, moment: datetime) -> str:
    """All that those who mend the program need. `doing` is one of our own words, never a text of the user."""
    return "\n".join((*_head(doing, moment), *_told(error), ""))


def native_report(text: str, moment: datetime) -> str:
    """The same of a process that something below Python has ended; `text` is what the interpreter wrote then."""
    return "\n".join((*_head("unknown", moment), *_native(text), ""))


def _head(doing: str, moment: datetime) -> Iterator[str]:
    yield "A fault of Elpis. This report holds nothing of your data: no names, no paths, no values."
    yield ""
    yield f"Moment: {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"Doing:  {doing}"
    yield from versions()
    yield ""


def _native(text: str) -> Iterator[str]:
    """The lines of the interpreter that say where it was; the innermost step comes first there."""
    for line in text.splitlines():
        if step := _NATIVE_STEP.match(line):
            yield f"  {place(step[1])}:{step[2]} in {_plain(step[3])}"
        elif _NATIVE_HEAD.match(line):
            yield line


def versions() -> Iterator[str]:
    """What runs here, a line each."""
    yield f"Elpis:  {_version('elpis')}"
    yield f"Python: {platform.python_version()}"
    yield f"Qt:     {_version('PySide6_Essentials')}"
    yield f"SQLite: {sqlite_version()}"
    yield f"System: {platform.system()} {platform.release()} {platform.machine()}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _told(error: BaseException) -> Iterator[str]:
    """The exception that came last, and below it what led to it."""
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        yield f"{'Led to it' if len(seen) > 1 else 'Exception'}: {_kind(now)}"
        yield from _steps(now.__traceback__)
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)


def _kind(error: BaseException) -> str:
    """Its class, and the code that the system or the database has for it."""
    name = type(error).__qualname__
    number = error.errno if isinstance(error, OSError) else None
    codes = (errno.errorcode.get(number or 0, ""), getattr(error, "sqlite_errorname", ""))
    return " ".join(_plain(word) for word in (f"{type(error).__module__}.{name}", *codes) if word)


def _steps(trace: TracebackType | None) -> Iterator[str]:
    steps: list[tuple[FrameType, int]] = []
    while trace is not None:
        steps.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    if len(steps) > _DEEPEST:
        yield f"  … {len(steps) - _DEEPEST} steps before"
    for frame, line in steps[-_DEEPEST:]:
        yield f"  {place(frame.f_code.co_filename)}:{line} in {_plain(frame.f_code.co_qualname)}"


def place(file: str) -> str:
    """A file of the program or of a package, relative to where they lie; of everything else not even the name."""
    path = PurePath(file)
    for root in (_ROOT, *(Path(entry) for entry in sorted(sys.path, key=len, reverse=True) if entry)):
        if path.is_relative_to(root) and path != root:
            return path.relative_to(root).as_posix().rpartition("site-packages/")[2]
    return file if file.startswith("<frozen ") and _PLAIN.match(file[8:]) else "(elsewhere)"


def _plain(word: object) -> str:
    """A name as programmers give them; anything else could be data."""
    text = str(word)
    return text if _PLAIN.match(text) else "(not told)"


# ------------------------------------------------------------------------------------------------------------- keeping
def keep(folder: Path, text: str, moment: datetime, run: str = "") -> Path:
    """Write a report into a folder, of which the newest stay. Raises SavingFault when it cannot be written."""
    target = folder / f"{stamp(moment)}-{run or os.getpid()}.txt"
    folder.mkdir(parents=True, exist_ok=True)
    save(target, text)
    for old in kept(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def save(target: Path, text: str) -> None:
    """Write a report to a file, whole or not at all. Raises SavingFault."""

    def produce(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    save_file(target, produce)


def stamp(moment: datetime) -> str:
    """A moment as it stands in the names of reports: they sort by it."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def kept(folder: Path) -> list[Path]:
    """The reports in a folder, the newest first."""
    return sorted(folder.glob("*.txt"), reverse=True)
