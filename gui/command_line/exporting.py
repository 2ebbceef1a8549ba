"""The command that hands a book out: as files to import again, as CycloneDX, as a calendar, as tables."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from gui import wording
from gui.cli import elpis
from gui.command_line import parts
from gui.exports import WAYS


@elpis.command()
@parts.book
@click.option("--to", "kind", type=click.Choice(list(WAYS)), required=True, help="What it is exported as; see above.")
@click.option(
    "--out",
    "target",
    metavar="PATH",
    type=parts.PATH,
    required=True,
    help="Where it goes: of template and tables a folder, or a file .xlsx; of the others a file.",
)
@parts.as_json
def export(book: Path, kind: str, target: Path, as_json: bool) -> None:
    """Export all of a book, which stays as it is.

    \b
    template   everything that people entered, in the tables of the template: imported into a
               new book, it gives the same book; its change log and snapshots stay behind
    cyclonedx  the purchases as licenses of their products, CycloneDX 1.6 (JSON)
    icalendar  the events, automatic ones and those of one's own (.ics)
    tables     every overview and list as the book was last judged, all rows

    The same book and day give the same bytes. What was there before stays if anything fails.
    """
    with parts.progress(as_json) as progress, parts.opened(book, read_only=True) as opened:
        counts = WAYS[kind].save(opened, target, partial(progress, "writing"))
    if as_json:
        parts.print_json({"exported": str(target), "as": kind, "rows": counts})
        return
    for name, count in counts.items():
        click.echo(f"{name.replace('_', ' ')}: {wording.number(count)}")
    click.echo(f"Exported: {target}")
