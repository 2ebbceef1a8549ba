"""Readers as `store.imports.isolated` starts them, but the start of Python and all imports are paid for once.

Each process reads one file, or as many as are asked for. Everything else is as it is: the process has the same limits,
and when a file ends it, that file alone is refused.
"""

import errno
import gc
import importlib
import json
import os
import socket
import sys

sys.path[:] = sys.argv[3:]
import orjson  # noqa: F401, E402

from store.imports.children import start  # noqa: E402

_NAME = 32
_NOBODY_ASKS = 99


def _asked(line: socket.socket) -> tuple[str, list[int]]:
    """The name of a reader, and two files (question, answer); "" when nobody asks any more."""
    message, files, _, _ = socket.recv_fds(line, _NAME, 2)
    return message.decode().strip(), files


def _work(line: socket.socket, files: list[int], shift: int) -> None:
    """Answer some questions: the exit status goes."""
    out = open(1, "wb", closefd=False, buffering=1 << 16)  # noqa: SIM115 (closed with the process)
    for number in range(shift):
        if number:
            _, files = _asked(line)
            if not files:
                os._exit(_NOBODY_ASKS)
        for target, file in enumerate(files):
            os.dup2(file, target)
            os.close(file)
        with open(0, closefd=False) as stream:
            question = json.load(stream)
        if not number:
            start.limit(question["memory"], question["seconds"], question["written"])
            sys.addaudithook(start.forbid)
        start.write(question["reader"], question["arguments"], out.write)
        out.flush()
        _say(line, 0)


def _say(line: socket.socket, status: int) -> None:
    line.sendall(status.to_bytes(4, "big", signed=True))


def serve(line: socket.socket, shift: int) -> None:
    """Until nobody asks any more. A process that dies has not answered; that is done for it."""
    while True:
        reader, files = _asked(line)
        if not reader:
            return
        importlib.import_module(f"store.imports.children.{reader}")
        child = os.fork()
        if not child:
            status = 1
            try:
                gc.disable()
                _work(line, files, shift)
                status = 0
            except OSError as error:
                status = start.FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else 1
            finally:
                os._exit(status)
        for file in files:
            os.close(file)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == _NOBODY_ASKS:
            return
        if status:
            _say(line, status)


serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
