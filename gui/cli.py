"""The door of the command line: the group that every command joins, and what is said when one ends. Imports no Qt."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import Final

import click

from gui.on_demand import on_demand
from store.errors import KnownFault
from store.imports.finding import Refused

REFUSED: Final = 1
WRONG_USAGE: Final = 2
FAILED: Final = 3

report = on_demand("gui.faults", "report")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="elpis", message="Elpis %(version)s")
def elpis() -> None:
    """Offline software license reviews: what you may use, what you use, and what is missing on any day.

    \b
    A first review:  elpis review resources/sample --as-of 2026-11-21 --out build/sample
    Keep a book:     elpis import FOLDER --book estate.elpis
                     elpis recalculate estate.elpis --as-of 2027-01-01
                     elpis why estate.elpis "SQL Server 2019 Standard"
    The rules:       elpis rules

    Exit status: 0 done; 1 the input was refused, and nothing was stored; 2 wrong usage; 3 the program failed.
    """


def main() -> None:
    """Run the command line and end the process with the exit status that the interface names."""
    try:
        status = elpis.main(standalone_mode=False)
    except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001 - whatever it is, the user is told of it
        status = told(fault)
    sys.exit(status or 0)


def told(fault: BaseException) -> int:
    """Tell of what ended the program, as far as somebody is left to tell; the exit status for it."""
    match fault:
        case Refused():
            click.echo("\n".join(map(str, fault.findings)), err=True)
            return REFUSED
        case KnownFault():
            click.echo(f"error: {fault}", err=True)
            return REFUSED
        case click.ClickException():
            fault.show()
            return WRONG_USAGE
        case click.Abort() | KeyboardInterrupt():
            click.echo("error: interrupted; nothing was stored", err=True)
        case BrokenPipeError():  # who read what we say has gone away: nobody is left to tell
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        case _:  # the last resort: a bug of ours must not look like an answer
            click.echo("error: Elpis failed; this is a fault of the program, not of your data:", err=True)
            click.echo(report(fault, "a command", datetime.now(UTC)), err=True)
    return FAILED
