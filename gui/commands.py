"""The whole command line: the commands that need no window, and the one that opens it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

# The commands of these modules join the others when they are brought in.
from gui.cli import elpis, main
from gui.command_line import (  # noqa: F401
    ahead,
    asking,
    backups,
    books,
    comparing,
    desktop,
    encrypting,
    exporting,
    invoices,
    mapping,
    matching,
    reviewing,
    signed,
)

__all__ = ["elpis", "main"]


@elpis.command()
@click.argument("book", metavar="[BOOK]", required=False, type=click.Path(path_type=Path))
@click.option("--if-screen", is_flag=True, help="Where there is no screen, only say so.")
def window(book: Path | None, if_screen: bool) -> None:
    """Open the window, with BOOK in it if one is named. The same as elpis without a command, or with only a book."""
    from gui.app import has_screen, run

    if if_screen and not has_screen(dict(os.environ), sys.platform):
        click.echo(f"There is no screen here to show the window on. On one: elpis{f' {book}' if book else ''}")
        return
    sys.exit(run(book))
