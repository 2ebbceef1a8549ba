"""A process that has everything imported, and forks one for each thing that is then killed, or runs to its end.

To start Python and import the program takes a second; a fork takes a hundredth of that, and what is killed is a
process that does its work as any other does.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

from rules import library
from store import backups, cipher, contracts, encrypting, undo
from store.book import Book
from store.cipher import Passphrase
from store.errors import BookInUse
from store.imports.load import load
from tests.conftest import NOW, opened
from tests.durability import editing, states, work

ROUNDS = 1_000
"""Of the derivation of keys: a passphrase for a test needs few."""

Say = Callable[[object], None]


def play(say: Say, path: str, place: str, first: int, last: int) -> None:
    """Operations of the script from one number on; each is acknowledged after it has returned."""
    with closing(opened(Path(path))) as book:
        for number in range(first, last):
            work.SCRIPT[number](book, Path(place), number)
            say(number + 1)


def play_hastily(say: Say, path: str, place: str, first: int, last: int) -> None:
    """The same for a control: each operation is acknowledged before it is done."""
    with closing(opened(Path(path))) as book:
        for number in range(first, last):
            say(number + 1)
            work.SCRIPT[number](book, Path(place), number)


def import_folder(say: Say, path: str, folder: str) -> None:
    """One import."""
    with closing(opened(Path(path))) as book, undo.step(book, "Import", resolved=True):
        load(book, Path(folder), as_of=work.AS_OF)
    say("imported")


def import_parts(say: Say, path: str, *folders: str) -> None:
    """Several imports, which do not hang together."""
    for folder in folders:
        import_folder(say, path, folder)


def write_on(say: Say, path: str, told: str, pause: float = 0, allowed: str = "") -> None:
    """Contracts, one after the other, until the end; each is acknowledged in a file.

    At most as many as `allowed` says, if it is given: a file, whose number may grow.
    """
    handle = os.open(told, os.O_WRONLY | os.O_CREAT)
    with closing(opened(Path(path))) as book:
        say("begun")
        for number in itertools.count(1):
            while allowed and int(Path(allowed).read_bytes() or b"0") < number:
                time.sleep(0.001)
            work.save_contract(book, Path(), number)
            os.pwrite(handle, b"%9d" % number, 0)
            time.sleep(pause)


def _in_turn(path: str) -> Book:
    """A book that another wants, too, as soon as it is free."""
    while True:
        with suppress(BookInUse):
            return opened(Path(path))


def count_up(say: Say, path: str, edits: int, at_once: int) -> None:
    """Read a quantity, and write one more of it, so many times; another may want the book, too."""
    done = 0
    while done < edits:
        with closing(_in_turn(path)) as book:
            for _ in range(min(at_once, edits - done)):
                item, *_ = contracts.read(book, "C1")[1]
                with undo.step(book, "One more"):
                    contracts.save_item(book, replace(item, quantity=(item.quantity or 0) + 1))
                done += 1
    say(done)


def count_up_carelessly(say: Say, path: str, edits: int) -> None:
    """The same for a control: read, and written later, by whoever comes."""
    with closing(states.connect(Path(path))) as connection:
        connection.execute("PRAGMA busy_timeout = 60000")
        for _ in range(edits):
            (held,) = connection.execute("SELECT quantity FROM contract_items WHERE item = '1'").fetchone()
            connection.execute("UPDATE contract_items SET quantity = ? WHERE item = '1'", (held + 1,))
            connection.commit()
    say(edits)


def edit_what_was_seen(say: Say, path: str, edits: int, adds: int, careful: bool) -> None:
    """Count up a number in a record of each kind, so many times: as it was seen while the book was open before."""
    editor = editing.Editor(adds, careful)
    done = -1
    while done < edits:
        with closing(_in_turn(path)) as book:
            if done >= 0:
                editor.store(book)
            editor.look(book)
            done += 1
        Path(f"{path}.seen{adds}").touch()
        while len(list(Path(path).parent.glob(f"{Path(path).name}.seen*"))) < 2:
            continue  # nobody stores before both have seen the same
    say(f"{editor.stale} {editor.told}")


def restore(say: Say, path: str, backup: str) -> None:
    """Put a backup in the place of a book."""
    found = next(one for one in backups.listed(Path(path)) if one.path == Path(backup))
    backups.restore(Path(path), found, clock=lambda: NOW, who="ann")
    say("restored")


def upgrade(say: Say, path: str) -> None:
    """Open a book of an older schema."""
    with closing(opened(Path(path))):
        say("open")


def change_passphrase(say: Say, path: str, now: str, then: str) -> None:
    """Encrypt a book, or make it plain; "" stands for no passphrase."""
    secrets = (Passphrase(text) if text else None for text in (now, then))
    encrypting.change(Path(path), *secrets, clock=lambda: NOW, who="ann")
    say("changed")


def encrypt_in_place(say: Say, path: str, then: str) -> None:
    """The same for a control: what is encrypted is written over the book, page by page."""
    made = Path(f"{path}.made")
    made.unlink(missing_ok=True)
    encrypting.copy(Path(path), None, Passphrase(then).new_key(), made)
    say("begun")
    with Path(path).open("r+b", buffering=0) as file:
        for at, page in _pages(made):
            time.sleep(0.0005)  # as a disk would take it
            os.pwrite(file.fileno(), page, at)


def _pages(path: Path) -> Iterator[tuple[int, bytes]]:
    content = path.read_bytes()
    return ((at, content[at : at + 4_096]) for at in range(0, len(content), 4_096))


def run(say: Say, code: str, out: str, err: str, *arguments: str) -> None:
    """A program of its own, which writes what it says into two files."""
    for target, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), target)
    sys.argv[:] = ["-c", *arguments]
    try:
        exec(compile(code, "<program>", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else bool(ended.code)
    except BaseException:  # noqa: BLE001 - told as Python tells it
        traceback.print_exc()
        status = 1
    else:
        status = 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(status))


TASKS: dict[str, Callable[..., None]] = {
    made.__name__: made
    for made in (
        play,
        play_hastily,
        import_folder,
        import_parts,
        write_on,
        count_up,
        count_up_carelessly,
        edit_what_was_seen,
        restore,
        upgrade,
        change_passphrase,
        encrypt_in_place,
        run,
    )
}


@dataclass
class Forks:
    """The way to the process that forks."""

    questions: IO[str]
    answers: IO[str]
    process: int = 0
    status: int = 0
    """How the last of them ended, as `subprocess` has it."""

    def kill(self, delay: float, task: str, *arguments: object, after: int = 0) -> list[str]:
        """Begin a task, and kill it that many seconds `after` it has acknowledged so much; all that it acknowledged."""
        process = self._begin(task, arguments)
        said: list[str] = []
        while len(said) < after and not (said and said[-1].startswith("fault")):
            said.append(self.answers.readline().strip())
        time.sleep(delay)  # nothing is waited for: the moment of death is what is being tried
        os.kill(process, signal.SIGKILL)
        return [*said, *self._said()]

    def time(self, task: str, *arguments: object) -> float:
        """How many seconds a task takes until it first acknowledges something."""
        process, begun = self._begin(task, arguments), time.monotonic()
        said = self.answers.readline()
        lasted = time.monotonic() - begun
        os.kill(process, signal.SIGKILL)
        assert "fault" not in said + "".join(self._said()), said
        return lasted

    @contextmanager
    def beside(self, task: str, *arguments: object) -> Generator[None]:
        """A task that goes on beside the block, from when it first acknowledges something, and is killed at its end."""
        process = self._begin(task, arguments)
        assert "fault" not in self.answers.readline()
        try:
            yield
        finally:
            os.kill(process, signal.SIGKILL)
            list(self._said())

    def run(self, code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Have a program run to its end, as `subprocess.run([sys.executable, "-c", code, ...])` does."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            self._begin("run", [code, str(out), str(err), *map(str, arguments)])
            list(self._said())
            return subprocess.CompletedProcess([], self.status, out.read_text(), err.read_text())

    def _begin(self, task: str, arguments: Sequence[object]) -> int:
        self.questions.write(json.dumps([task, *arguments]) + "\n")
        self.questions.flush()
        return int(self.answers.readline())

    def finish(self) -> str:
        """Wait until the task under way has acknowledged something, and end it; what it said."""
        said = self.answers.readline().strip()
        os.kill(self.process, signal.SIGKILL)
        list(self._said())
        return said

    def begin(self, task: str, *arguments: object) -> None:
        """Begin a task, which `finish` waits for."""
        self.process = self._begin(task, arguments)

    def _said(self) -> Generator[str]:
        for line in self.answers:
            if line.startswith("over "):
                self.status = int(line.split()[1])
                return
            yield line.strip()


@contextmanager
def forks(**environment: str) -> Generator[Forks]:
    """A process that forks, for the length of a block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.durability.forks"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    with process:
        yield Forks(cast("IO[str]", process.stdin), cast("IO[str]", process.stdout))
        cast("IO[str]", process.stdin).close()


def _serve() -> None:
    library.documents()  # read once, for all
    cipher.ROUNDS = ROUNDS
    for line in sys.stdin:
        task, *arguments = json.loads(line)
        child = os.fork()
        if child == 0:
            _work(TASKS[task], arguments)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        _say(f"over {status}")


def _work(task: Callable[..., None], arguments: list[Any]) -> None:
    """The child: it does its work, and then waits to be killed, so that the kill never meets another process."""
    _say(os.getpid())
    try:
        task(_say, *arguments)
    except Exception as fault:  # noqa: BLE001 - told to the test, which shows it
        _say(f"fault: {type(fault).__name__}: {fault}")
    while True:
        signal.pause()


def _say(what: object) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    _serve()
