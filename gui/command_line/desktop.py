"""The command that has the desktop open books by a double-click."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from gui.cli import elpis
from store.errors import KnownFault


@elpis.command()
@click.option("--remove", is_flag=True, help="Take it back.")
def desktop(remove: bool) -> None:
    """Have the desktop open books by a double-click, and list Elpis among the programs; for this user alone.

    For desktops of Linux. On Windows and macOS choose elpis once for a book by "Open with".
    """
    from gui import desktop_entry

    if not sys.platform.startswith("linux"):
        raise KnownFault('this is for desktops of Linux. Here, choose elpis once for a book by "Open with".')
    data = desktop_entry.home(os.environ)
    if remove:
        found = desktop_entry.remove(data)
        click.echo("\n".join(f"Removed: {path}" for path in found) or "There is nothing to take back.")
        return
    for path in desktop_entry.add(data, _program()):
        click.echo(f"Written: {path}")
    click.echo("A double-click opens a book in Elpis now; some desktops learn it at the next login.")


def _program() -> Path:
    """The program as it was started, by a name that holds wherever one is."""
    beside = Path(sys.executable).with_name("elpis")
    found = beside if beside.exists() else Path(shutil.which("elpis") or "")
    if not found.name:
        raise KnownFault("the program elpis is not found. Install it, and try again.")
    return found.absolute()
