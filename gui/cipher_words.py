"""What is said of passphrases of books, in the window and on the command line."""

from __future__ import annotations

from typing import Final

from gui import wording

KEEP: Final = (
    "Keep the passphrase where you keep what must not be lost: without it nobody can open this book or its backups"
    " again, and nobody can replace it."
)


def of_backups(count: int, ways: str) -> str:
    """What became of so many backups; "" for none."""
    if not count:
        return ""
    done = "removed" if ways == "remove" else "likewise"
    return f"{wording.plural(count, 'backup')} beside it: {done}"


def left(was: bool, is_now: bool) -> str:
    """What is still true of a file that was left: the book was, or is now, encrypted."""
    if not is_now:
        return "it still needs the passphrase"
    if was:
        return "it does not open with the new passphrase"
    return "it is still plain: anybody who has it can read an earlier state of the book"
