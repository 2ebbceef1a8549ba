"""The commands that look after books."""

from __future__ import annotations

from pathlib import Path

import click

from gui.cli import elpis
from gui.command_line import parts
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


@books.command()
@parts.book
def check(book: Path) -> None:
    """Check a book from end to end: every page of the file, its references, and what protects its records."""
    from store import care

    with parts.opened(book, read_only=True) as opened:
        problems = care.check(opened)
    if problems:
        raise KnownFault("\n".join(f"{book}: {problem}" for problem in problems))
    click.echo(f"{book}: sound")


@books.command()
@parts.book
@click.argument("target", metavar="COPY", type=parts.PATH)
def backup(book: Path, target: Path) -> None:
    """Write a checked copy of a book to COPY, also while it is in use. Only a sound one replaces an earlier COPY."""
    from store import care

    with parts.opened(book, read_only=True) as opened:
        care.back_up(opened, target)
    click.echo(f"{target}: a sound copy of {book}")
