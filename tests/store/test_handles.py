"""A book that is looked at from the side keeps its locks: another program never takes it for one that nobody has open."""

import os
import subprocess
import sys
from contextlib import closing

import pytest

from store import cipher, encrypting, handles
from tests.conftest import opened

ASKS = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)  # where SQLite keeps the locks of readers
    except OSError:
        print("locked")
"""

of_processes = pytest.mark.skipif(os.name == "nt", reason="locks are those of single handles here")


def is_locked(path) -> bool:
    """Whether another program finds that somebody has the book open."""
    said = subprocess.run([sys.executable, "-c", ASKS, path], capture_output=True, text=True, check=True)
    return "locked" in said.stdout


@of_processes
@pytest.mark.parametrize("hidden", [False, True])
def test_a_book_that_is_looked_at_keeps_its_locks(book, secret, hidden):
    book.close()
    path = book.path
    if hidden:
        encrypting.change(path, None, secret, clock=book.clock, who="ann")
    with closing(opened(path, passphrase=secret)) as first:
        first.value("SELECT count(*) FROM products")
        opened(path, passphrase=secret, read_only=True).close()
        assert cipher.is_encrypted(path) == hidden
        assert is_locked(path)
        with path.open("rb"):
            pass
        assert not is_locked(path), "the control: who just opens and closes the file drops them"


def test_nothing_stays_open_when_a_book_is_closed(book, tmp_path):
    before = len(handles._kept)
    with closing(opened(book.path, read_only=True)):
        assert len(handles._kept) == before
    book.close()
    book.close()
    assert len(handles._kept) == before - (os.name != "nt")
    assert handles.begins(tmp_path / "missing") == b""


def test_where_locks_are_those_of_handles_nothing_is_kept(book, monkeypatch):
    book.close()
    monkeypatch.setattr(handles, "_KEPT", False)
    before = len(handles._kept)
    with closing(opened(book.path)):
        assert len(handles._kept) == before
        assert not cipher.is_encrypted(book.path)
