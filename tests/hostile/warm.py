"""Thousands of isolated readers in a short time: see `warm_server`."""

import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from store.imports import isolated

_SERVER = Path(__file__).with_name("warm_server.py")


@contextmanager
def readers() -> Generator[None]:
    """A block in which the processes of `isolated` are forks of one that has everything imported."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-I", str(_SERVER), str(theirs.fileno()), *isolated._folders()]
    server = subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.DEVNULL)
    theirs.close()

    def run(question: IO[bytes], answer: isolated.Answer, limits: isolated.Limits) -> int:
        ours.settimeout(limits.patience)
        socket.send_fds(ours, [b"?"], [question.fileno(), answer.file.fileno()])
        return int.from_bytes(ours.recv(4), "big", signed=True)

    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(isolated, "_run", run)
            yield
    finally:
        ours.close()
        server.wait()
