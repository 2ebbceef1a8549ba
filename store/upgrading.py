"""How far a book is that is brought to the present schema when it is opened: told to who waits, and who may stop it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

Progress = Callable[[int, int], None]
"""Called with how many of how many steps are done; what it raises ends the work, and the book stays as it was."""

COPIED, CHECKED, MIGRATED = range(3)
"""The parts of the work: a backup is written and checked, then the schema is brought to the present one."""

_STEPS: Final = 1_000
"""Steps of a part."""

_OFTEN: Final = 20_000
"""Instructions of the database between two looks at how far it is: a few milliseconds."""

_waiting: ContextVar[Progress | None] = ContextVar("waiting", default=None)


@contextmanager
def told(progress: Progress) -> Generator[None]:
    """A block in which opening an older book tells how far it is."""
    before = _waiting.set(progress)
    try:
        yield
    finally:
        _waiting.reset(before)


@contextmanager
def part(number: int, connection: Any, written: Callable[[], float] = float) -> Generator[None]:
    """A part of the work, done by a connection. `written` gives the share of it that is done, as far as that is known.

    Statements that run long are interrupted when whoever waits raises; that is what leaves the block then.
    """
    progress = _waiting.get()
    if progress is None:
        yield
        return

    def tell() -> int:
        progress(int(_STEPS * (number + min(written(), 1))), _STEPS * (MIGRATED + 1))
        return 0

    tell()
    connection.set_progress_handler(tell, _OFTEN)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        tell()  # raises once more where it has interrupted a statement


def share(target: Path, source: Path) -> Callable[[], float]:
    """How much of a file is copied."""

    def written() -> float:
        return target.stat().st_size / max(source.stat().st_size, 1) if target.exists() else 0

    return written
