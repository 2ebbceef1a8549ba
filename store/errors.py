"""Known problems, told as sentences: what happened, where, and what to do next."""

from __future__ import annotations

import errno


class KnownFault(Exception):
    """A problem that is not a bug of ours. Its text is meant for the user."""


class BookFault(KnownFault):
    """A book cannot be opened, read or written."""


class BookInUse(BookFault):
    """Another program has the book open for writing; it can be read all the same."""


class Locked(BookFault):
    """A book is encrypted, and no passphrase was given, or one that does not open it."""


class Unknown(KnownFault):
    """Something was named that the book does not hold."""


class Unfit(KnownFault):
    """A change was asked for that the rules or the fields do not allow. Nothing was stored."""


class Unconfirmed(Unfit):
    """A change would leave more allocated than there is. It is done all the same when the user confirms it."""


_SENTENCES = {
    "SQLITE_FULL": "the disk is full; nothing was stored. Free some space and try again",
    "SQLITE_IOERR": "the disk did not take or give the data; nothing was stored. Check the disk and try again",
    "SQLITE_CORRUPT": "the file is damaged. Open the latest backup, and keep this file aside",
    "SQLITE_NOTADB": "this is not a book of Elpis",
    "SQLITE_READONLY": "the file or its folder cannot be written. Choose another place or change its permissions",
    "SQLITE_CANTOPEN": "the file cannot be opened. Check that the folder exists and can be written",
    "SQLITE_BUSY": "another program is writing to this book. Close it and try again",
}


def sentence(error: BaseException | None) -> str | None:
    """What a database or system error means for the user, or None if it is not a known problem.

    The innermost cause tells the truth: a full disk reaches us as "cannot rollback" with the full disk as its context.
    """
    found: str | None = None
    while error is not None:
        name = str(getattr(error, "sqlite_errorname", ""))
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            name = "SQLITE_FULL"
        found = next((text for code, text in _SENTENCES.items() if name.startswith(code)), found)
        error = error.__cause__ or error.__context__
    return found


def is_full(error: Exception) -> bool:
    """Whether the database says that the disk is full: the file that it writes itself, such as a backup."""
    return not isinstance(error, KnownFault) and _SENTENCES["SQLITE_FULL"] == sentence(error)


def is_damage(error: BaseException) -> bool:
    """Whether a database error is about what the file holds; not that a query was stopped or has to wait."""
    named = (str(getattr(one, "sqlite_errorname", "")) for one in (error, error.__cause__, error.__context__))
    return not any(name.startswith(("SQLITE_INTERRUPT", "SQLITE_BUSY")) for name in named)
