"""Isolated readers in a short time: see `warm_server`."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from store.imports import isolated

_SERVER = Path(__file__).with_name("warm_server.py")
_NAME = 32
"""Bytes of a question, which are the name of its reader."""


class Server:
    """A process that has everything imported, and forks a reader for each question, or for so many (`shift`)."""

    def __init__(self, shift: int = 1) -> None:
        self.shift = shift
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, question: bytes, answer: isolated.Answer, limits: isolated.Limits) -> int:
        """What `isolated` does with a process of its own: the exit status."""
        if self.process is None:
            self._start()
        name = json.loads(question)["reader"].encode().ljust(_NAME)
        with tempfile.TemporaryFile() as asked:
            asked.write(question)
            asked.seek(0)
            try:
                socket.send_fds(self.line, [name], [asked.fileno(), answer.file.fileno()])
                return int.from_bytes(self._told(answer, limits), "big", signed=True)
            except BaseException:  # stopped in the middle: nobody knows what it would answer next
                self.stop()
                raise

    def _told(self, answer: isolated.Answer, limits: isolated.Limits) -> bytes:
        look, left = isolated._watch.get(), limits.patience
        while left > 0:
            self.line.settimeout(min(isolated._GLANCE, left))
            with suppress(TimeoutError):
                return self.line.recv(4)
            left -= isolated._GLANCE
            if look is not None:
                look()
        raise answer.unreadable(f"it took longer than {limits.patience:g} seconds")

    def _start(self) -> None:
        self.line, theirs = socket.socketpair()
        command = [sys.executable, "-I", str(_SERVER), str(theirs.fileno()), str(self.shift), *isolated._folders()]
        self.process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stderr=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()

    def stop(self) -> None:
        """End it, and whatever it has forked."""
        if self.process is not None:
            self.line.close()
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def readers(shift: int = 25) -> Generator[None]:
    """A block in which the processes of `isolated` are forks of one that has everything imported."""
    server = Server(shift)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(isolated, "_work", server.run)
            yield
    finally:
        server.stop()
