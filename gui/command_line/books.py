"""The commands that look after books."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gui import wording
from gui.cli import elpis
from gui.command_line import parts
from gui.user import who
from store.errors import KnownFault


@elpis.group()
def books() -> None:
    """Look after books: what one holds, whether it is sound, a safe copy of it."""


@books.command(name="open")
@parts.book
@parts.as_json
def open_(book: Path, as_json: bool) -> None:
    """Say what a book holds and on which day it was last judged."""
    from store import care

    with parts.opened(book, read_only=True) as opened:
        found = care.contents(opened)
    parts.print_json(found) if as_json else click.echo("\n".join(f"{key}: {value}" for key, value in found.items()))


@books.command(name="settings")
@parts.book
@click.argument("name", required=False)
@click.argument("value", required=False)
def settings_(book: Path, name: str | None, value: str | None) -> None:
    """Show what holds for a whole book, or set NAME to VALUE: currency, or warning_leads (days, such as 120,60,14)."""
    from store import preferences

    if name is not None and value is None:
        raise click.UsageError("A setting needs a VALUE: elpis books settings BOOK NAME VALUE")
    with parts.opened(book, read_only=name is None) as opened:
        if name is not None and value is not None:
            preferences.change(opened, name, value)
        found = preferences.current(opened)
    click.echo("\n".join(f"{key}: {one}" for key, one in found.items()))


@elpis.command()
@parts.book
def check(book: Path) -> None:
    """Check a book from end to end, and name what is wrong: every page of the file, its references, what protects its
    records, every entry of the change log, and every row that is evidence. Nothing is changed."""
    from store import care, evidence

    with parts.opened(book, read_only=True) as opened, parts.progress(not sys.stderr.isatty()) as progress:
        problems = care.check(opened, lambda what, done, of: progress(f"checking {what}", done, of))
        waiting = evidence.unhashed(opened)
    if problems:
        raise KnownFault("\n".join(f"{book}: {problem}" for problem in problems))
    if waiting:
        told = (
            f"rows of the latest {wording.plural(waiting, 'change')} have no hash yet and could not be compared; they"
        )
        click.echo(f"{book}: {told} get one in the window, and with the next signed snapshot", err=True)
    click.echo(f"{book}: sound")


books.add_command(check)


@books.command()
@parts.book
@click.argument("target", metavar="COPY", type=parts.PATH)
def backup(book: Path, target: Path) -> None:
    """Write a checked copy of a book to COPY, also while it is in use. Only a sound one replaces an earlier COPY."""
    from store import care

    with parts.opened(book, read_only=True) as opened:
        care.back_up(opened, target)
    click.echo(f"{target}: a sound copy of {book}")


@books.command(name="take-in")
@click.argument("sent", metavar="SENT", type=parts.PATH)
@parts.book
def take_in(sent: Path, book: Path) -> None:
    """Copy the rows of a book that somebody SENT into the new file BOOK. The file is looked through apart from
    everything else, and refused when it holds anything that Elpis does not make. Of an encrypted one, the new file is
    encrypted with the same passphrase."""
    from store import elsewhere

    found = elsewhere.take_in(sent, book, clock=parts.clock, who=who(), passphrase=parts.passphrase_of(sent))
    click.echo(f"{book}: the rows of {sent}")
    if found.problems:
        raise KnownFault("\n".join(f"{book}: {problem}" for problem in found.problems))
