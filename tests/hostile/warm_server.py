"""Readers as `store.imports.isolated` starts them, but each process reads 25 files, and its start costs nothing.

Everything else is as it is: the process has the same limits, and when a file ends it, that file alone is refused.
"""

import gc
import json
import os
import socket
import sys
from functools import partial

sys.path[:] = sys.argv[2:]
import orjson  # noqa: F401, E402
import python_calamine  # noqa: F401, E402

from store.imports.children import cyclonedx, glpi, start, workbook  # noqa: F401, E402

_SHIFT = 25
_NOBODY_ASKS = 99


def _work(line: socket.socket) -> None:
    """Answer some questions: two files come with each (question, answer), and the exit status goes."""
    for number in range(_SHIFT):
        message, files, _, _ = socket.recv_fds(line, 1, 2)
        if not message:
            os._exit(_NOBODY_ASKS)
        for target, file in enumerate(files):
            os.dup2(file, target)
            os.close(file)
        with open(0, closefd=False) as stream:
            question = json.load(stream)
        if not number:
            start.limit(question["memory"], question["seconds"], question["written"])
            sys.addaudithook(start.forbid)
        start.write(question["reader"], question["arguments"], partial(os.write, 1))
        _say(line, 0)


def _say(line: socket.socket, status: int) -> None:
    line.sendall(status.to_bytes(4, "big", signed=True))


def serve(line: socket.socket) -> None:
    """Until nobody asks any more. A process that dies has not answered; that is done for it."""
    while True:
        child = os.fork()
        if not child:
            try:
                gc.disable()
                _work(line)
                os._exit(0)
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == _NOBODY_ASKS:
            return
        if status:
            _say(line, status)


serve(socket.socket(fileno=int(sys.argv[1])))
