"""Reads files that somebody else made in a process of its own: what they do to it, they do to nobody else.

The process has bounds on memory, processor time and output, leaves no core, and reaches neither the network nor other
programs. Whatever becomes of it, the answer is its lines, or `Unreadable` with a sentence. The lines lie in a file, and
not in the memory of this process.
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final, cast

import orjson

from store.imports.children import start
from store.imports.csv_files import digest
from store.imports.finding import ERROR, Finding
from store.imports.source import Batch, Unreadable

LINE: Final = 16 << 20
"""Bytes that a line may have."""

_GLANCE: Final = 0.2
"""Seconds between two looks at whether the work is still wanted."""

_LAST: Final = 8 << 10
_BLOCK: Final = 1 << 20
_ROWS: Final = b'["rows",'
_DONE: Final = b'["done"]\n'
_watch: ContextVar[Callable[[], object] | None] = ContextVar("watch", default=None)


@dataclass(frozen=True)
class Limits:
    """What the process may use: bytes of memory, seconds of processor time, bytes that it may write; and seconds by
    the clock (`patience`), and bytes of the file (`size`)."""

    memory: int = 2 << 30
    seconds: int = 60
    written: int = 4 << 30
    patience: float = 120
    size: int = 600 << 20


USUAL: Final = Limits()


@dataclass(frozen=True)
class Piece:
    """A table in an answer: what its reader said before and after its rows, and where in the answer the rows are."""

    head: list[Any]
    tail: list[Any]
    answer: Answer
    position: int

    def batches(self) -> Iterator[Batch]:
        """The rows with their numbers, read anew at each call."""
        for position, line in self.answer.lines(self.position):
            if not line.startswith(_ROWS):
                return
            _, numbers, rows = self.answer.decoded(line, position)
            yield numbers, rows


class Answer:
    """What a reader wrote: a file without a name, which goes when nobody reads from it any more.

    What is `secret` stands in memory instead.
    """

    def __init__(self, place: str, *, secret: bool = False) -> None:
        self.place = place
        self.file: IO[bytes] = io.BytesIO() if secret else tempfile.TemporaryFile()  # noqa: SIM115 (closed below)
        weakref.finalize(self, self.file.close)

    def lines(self, position: int = 0) -> Iterator[tuple[int, bytes]]:
        """The lines from a position on, each with its own position."""
        while line := self._line(position):
            yield position, line
            position += len(line)

    def _line(self, position: int) -> bytes:
        self.file.seek(position)
        return self.file.readline(LINE)

    def decoded(self, line: bytes, position: int) -> Any:
        """The value of a line."""
        try:
            return orjson.loads(line)
        except orjson.JSONDecodeError:
            raise self.unreadable(f"the answer of the reader makes no sense at byte {position:,}") from None

    def unreadable(self, reason: str, place: str = "") -> Unreadable:
        """The refusal of the file."""
        where = f"{self.place}, {place}" if place else self.place
        return Unreadable(Finding(ERROR, "not-safe", where, f"this file could not be read safely: {reason}"))

    def __iter__(self) -> Iterator[Any]:
        """The values of all lines but the last, which says that nothing is missing."""
        for position, line in self.lines():
            if line != _DONE:
                yield self.decoded(line, position)

    def last(self) -> Any:
        """The value of the last line; None where there is none."""
        end = self.file.seek(0, os.SEEK_END)
        self.file.seek(max(0, end - _LAST))
        lines = self.file.read().splitlines()
        return self.decoded(lines[-1], end) if lines else None

    def pieces(self) -> list[Piece]:
        """The tables of the answer. Their rows are passed over here, and read when they are asked for."""
        found: list[Piece] = []
        head: list[Any] = []
        start = 0
        for position, line in self.lines():
            if line.startswith(_ROWS):
                continue
            match self.decoded(line, position):
                case ["begin", *rest]:
                    head, start = rest, position + len(line)
                case ["end", *rest]:
                    found.append(Piece(head, rest, self, start))
                case _:
                    break
        return found


def ask(
    reader: str, path: Path, *arguments: str, limits: Limits = USUAL, place: str = "", secret: bool = False
) -> Answer:
    """Have a reader of `store.imports.children` read a file; `arguments` follow the path in the call of its `read`.

    `place` is how findings name the file, by default by its name. Where the question or the answer is `secret`, both
    go through pipes, and nothing of them into files. Raises Unreadable when the reader did not come to its end, and
    OSError when there is no room on the disk for what it reads.
    """
    answer = Answer(place or path.name, secret=secret)
    if path.is_file() and path.stat().st_size > limits.size:
        raise answer.unreadable(f"it is larger than {limits.size >> 20:,} MB")
    whole = asdict(limits) | {"reader": reader, "arguments": [str(path), *arguments], "path": _folders()}
    question = json.dumps(whole).encode()
    _judge(_talk(question, answer, limits) if secret else _work(question, answer, limits), answer, limits)
    return answer


def _folders() -> list[str]:
    """Where modules are found here; none of it depends on the folder that somebody happens to work in."""
    return [str(Path(folder).absolute()) for folder in sys.path if folder]


def _work(question: bytes, answer: Answer, limits: Limits) -> int:
    """Run the process on a question in a file, its answer into another; the exit status."""
    with tempfile.TemporaryFile() as asked:
        asked.write(question)
        asked.seek(0)
        with _run(asked, answer.file) as process:
            return _end(process, answer, limits)


def _talk(question: bytes, answer: Answer, limits: Limits) -> int:
    """The same through pipes. What a reader gives is bounded here: nothing of it is written by the process itself."""
    with _run(subprocess.PIPE, subprocess.PIPE) as process:

        def exchange() -> None:
            asked, given = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            with suppress(BrokenPipeError), asked:
                asked.write(question)
            while answer.file.tell() <= limits.written and (block := given.read(_BLOCK)):
                answer.file.write(block)
            given.close()  # who writes more into it ends

        listener = Thread(target=exchange, name="elpis-listening")
        listener.start()
        try:
            return _end(process, answer, limits)
        finally:
            process.kill()
            listener.join()


@contextmanager
def _run(question: IO[bytes] | int, answer: IO[bytes] | int) -> Generator[subprocess.Popen[bytes]]:
    """The process for a block. Its errors are not shown: what they say came from the file. What the environment holds
    of Elpis, passphrases above all, is not for it."""
    own = {name: value for name, value in os.environ.items() if not name.upper().startswith("ELPIS_")}
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-I", start.__file__], stdin=question, stdout=answer, stderr=subprocess.DEVNULL, env=own
    )
    try:
        yield process
    finally:
        process.kill()  # it holds nothing that could be lost
        process.wait()


def _end(process: subprocess.Popen[bytes], answer: Answer, limits: Limits) -> int:
    """Wait for the end of a process; its exit status."""
    look = _watch.get()
    left = limits.patience
    while left > 0:
        try:
            return process.wait(min(_GLANCE, left))
        except subprocess.TimeoutExpired:
            left -= _GLANCE
        if look is not None:
            look()
    raise answer.unreadable(f"it took longer than {limits.patience:g} seconds")


def _judge(status: int, answer: Answer, limits: Limits) -> None:
    if status == start.FULL:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if status:
        raise answer.unreadable(
            f"the reader needed more memory or time than it may have ({limits.memory >> 20:,} MB,"
            f" {limits.seconds} seconds), or the file misled it"
        )
    match answer.last():
        case ["done"]:
            return
        case ["failed", str(place), str(reason)]:
            raise answer.unreadable(reason, place)
        case _:
            raise answer.unreadable("the reader ended early")


@contextmanager
def watched_by(look: Callable[[], object] | None) -> Generator[None]:
    """A block in which `look` is called every now and then while a file is read; it may raise, and ends the reading."""
    before = _watch.set(look or _watch.get())
    try:
        yield
    finally:
        _watch.reset(before)


@contextmanager
def private_copy(path: Path) -> Generator[tuple[Path, str]]:
    """A copy that nobody changes between two looks at it, and its SHA-256."""
    with tempfile.TemporaryDirectory(prefix="elpis-") as folder:
        private = Path(folder, f"copy{path.suffix}")
        shutil.copyfile(path, private)
        yield private, digest(private)
