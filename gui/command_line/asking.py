"""The commands that answer: the rules, why a figure is what it is, and what an input may hold."""

from __future__ import annotations

from pathlib import Path

import click

from gui.cli import elpis
from gui.command_line import parts
from store.errors import KnownFault


@elpis.command()
@click.argument("name", required=False)
@parts.as_json
def rules(name: str | None, as_json: bool) -> None:
    """List the rules, or show the rule NAME: its source, what it says, its conditions and what follows."""
    from gui import ruling
    from rules import library

    if name is None:
        documents = library.documents()
        if as_json:
            parts.print_json([ruling.as_data(rule) for document in documents.values() for rule in document.rules])
        else:
            click.echo("\n".join(ruling.listing(documents.values())))
        return
    try:
        rule = library.rule(name)
    except KeyError as unknown:
        raise KnownFault(str(unknown.args[0])) from None
    parts.print_json(ruling.as_data(rule)) if as_json else click.echo("\n".join(ruling.page(rule)))


@elpis.command()
@parts.book
@click.argument("position")
@parts.as_json
def why(book: Path, position: str, as_json: bool) -> None:
    """Say why POSITION is what it is: the rules, their conditions with their values, and the facts behind them.

    POSITION is a product, a product and metric, or product|model|metric as the snapshot names it. For a line of a
    request name it as request_line:REQUEST/LINE.
    """
    from gui import ruling
    from store import why as answers

    with parts.opened(book, read_only=True) as opened:
        found = answers.why(opened, position)
    parts.print_json(found) if as_json else click.echo("\n".join(ruling.answer(found)))


@elpis.command()
@click.argument("table", required=False)
@click.option("--describe", is_flag=True, help="Say what every table and column holds (the default).")
@click.option(
    "--out", "folder", metavar="FOLDER", type=parts.PATH, help="Write empty CSV files with their headers there."
)
def template(table: str | None, describe: bool, folder: Path | None) -> None:
    """Describe the tables and columns that an input may have, all or the one named TABLE; or write empty ones.

    Every table is optional except the ones that the others refer to. A * marks what is needed, a # what identifies a
    row: a later import of the same key replaces the earlier values.
    """
    from gui import template_text

    if folder is not None:
        template_text.write_headers(folder)
        click.echo(f"{folder}: fill in what you have, and remove the files that you do not need")
    if describe or folder is None:
        click.echo("\n".join(template_text.described(table)))
