"""The commands that encrypt a book with a passphrase, change that, and make the book plain again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gui import cipher_words
from gui.command_line import parts
from gui.command_line.books import books
from gui.user import who
from store.errors import KnownFault

if TYPE_CHECKING:
    from store.cipher import Passphrase

NEW_PASSPHRASE: Final = "ELPIS_BOOK_NEW_PASSPHRASE"  # noqa: S105 - its name, not one
"""The environment variable from which the passphrase is taken that is to open a book from now on."""

_backups = click.option(
    "--backups",
    "ways",
    type=click.Choice(("together", "remove", "leave")),
    default="together",
    show_default=True,
    help="What becomes of the backups beside the book: the same, they are removed, or they stay as they are.",
)


@books.command()
@parts.book
@_backups
def encrypt(book: Path, ways: str) -> None:
    """Encrypt BOOK with a passphrase, and the backups beside it. All or nothing.

    The passphrase is asked for twice, or taken from ELPIS_BOOK_PASSPHRASE. Without it nobody can open the book again:
    keep it where you keep what must not be lost. Copies and exports that were made elsewhere stay as they are, and a
    disk may hold traces of what was deleted for a while.
    """
    from store import cipher

    _require(book)
    if cipher.is_encrypted(book):
        raise KnownFault(
            f"{book}: this book is encrypted. To give it another passphrase: elpis books passphrase {book}"
        )
    click.echo(cipher_words.KEEP, err=True)
    then = cipher.chosen(parts.secret(parts.BOOK_PASSPHRASE, "New passphrase", new=True))
    _change(book, None, then, ways, "encrypted; it opens with its passphrase only")


@books.command()
@parts.book
@_backups
def passphrase(book: Path, ways: str) -> None:
    """Give an encrypted BOOK another passphrase, and the backups beside it.

    The new one is asked for twice, or taken from ELPIS_BOOK_NEW_PASSPHRASE.
    """
    from store import cipher

    now = _now(book)
    click.echo(cipher_words.KEEP, err=True)
    then = cipher.chosen(parts.secret(NEW_PASSPHRASE, "New passphrase", new=True))
    _change(book, now, then, ways, "it opens with the new passphrase only")


@books.command()
@parts.book
@_backups
def decrypt(book: Path, ways: str) -> None:
    """Make an encrypted BOOK plain again, and the backups beside it: anybody who has the files can read them then."""
    _change(book, _now(book), None, ways, "plain; anybody who has the file can open it")


def _now(book: Path) -> Passphrase:
    _require(book)
    now = parts.passphrase_of(book)
    if now is None:
        raise KnownFault(f"{book}: this book is not encrypted. To encrypt it: elpis books encrypt {book}")
    return now


def _require(book: Path) -> None:
    if not book.is_file():
        raise KnownFault(f"{book}: there is no such book. Check the name.")


def _change(book: Path, now: Passphrase | None, then: Passphrase | None, ways: str, what: str) -> None:
    from store import encrypting

    with parts.progress(not sys.stderr.isatty()) as progress:
        done = encrypting.change(
            book,
            now,
            then,
            clock=parts.clock,
            who=who(),
            backups=ways,
            progress=lambda n, of: progress("copying and comparing", n, of),
        )
    click.echo(f"{book}: {what}")
    if told := cipher_words.of_backups(done.backups, ways):
        click.echo(told)
    for path in done.left:
        click.echo(f"{path}: {cipher_words.left(now is not None, then is not None)}", err=True)
