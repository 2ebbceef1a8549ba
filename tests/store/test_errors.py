"""Errors of database and disk become sentences; what is our own fault does not."""

import errno

import peewee
import pytest

from store.errors import sentence


def named(name):
    error = peewee.OperationalError("something")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (named("SQLITE_FULL"), "the disk is full; nothing was stored"),
        (named("SQLITE_IOERR_WRITE"), "the disk did not take or give the data"),
        (named("SQLITE_CORRUPT_VTAB"), "the file is damaged. Open the latest backup"),
        (named("SQLITE_NOTADB"), "this is not a book of Elpis"),
        (named("SQLITE_READONLY"), "the file or its folder cannot be written"),
        (named("SQLITE_CANTOPEN"), "the file cannot be opened"),
        (named("SQLITE_BUSY"), "another program is writing to this book"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; nothing was stored"),
    ],
)
def test_a_known_problem_is_a_sentence(error, start):
    assert sentence(error).startswith(start)


def test_a_full_disk_that_hides_behind_a_failed_rollback_is_still_a_full_disk():
    hidden = peewee.OperationalError("cannot rollback - no transaction is active")
    hidden.__context__ = named("SQLITE_FULL")
    assert sentence(hidden).startswith("the disk is full")


def test_an_error_of_ours_is_no_known_problem():
    assert sentence(peewee.OperationalError("no such column")) is None
    assert sentence(OSError(errno.EBADF, "Bad file descriptor")) is None
    assert sentence(None) is None
