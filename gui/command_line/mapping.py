"""The commands that say what the columns of somebody's own files stand for: propose, keep, list, export, remove."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gui.cli import elpis
from gui.command_line import parts
from store.errors import KnownFault

if TYPE_CHECKING:
    from store.imports.mapping.shape import ColumnMapping


@elpis.group()
def mapping() -> None:
    """Read files whose columns are your own: what each column stands for, kept for the next file of its kind."""


@mapping.command()
@parts.source
@click.option(
    "--target",
    type=click.Choice(["licenses", "installations", "demand", "users"]),
    help="What the rows are (default: what the columns look like).",
)
@click.option("--out", "target_file", metavar="FILE", type=parts.PATH, help="Write the mapping there, to be corrected.")
@parts.as_json
def propose(source: Path, target: str | None, target_file: Path | None, as_json: bool) -> None:
    """Propose a mapping for the columns of INPUT, a CSV file or workbook, with a reason for each column.

    Correct the file where it is wrong, and give it to elpis import or review as --mapping, or keep it in a book.
    """
    from store.imports import free
    from store.imports.finding import Refused
    from store.imports.mapping import proposing, shape
    from store.imports.source import Source, Unreadable

    flat = free.flat(source)
    if isinstance(flat, Source):
        raise Refused(flat.findings)
    try:
        found = proposing.propose(flat, target or "")
    except Unreadable as unreadable:
        raise Refused(unreadable.findings) from None
    if target_file is not None:
        shape.write(found.mapping, target_file)
    if as_json:
        parts.print_json(
            {"mapping": shape.as_data(found.mapping), "reasons": dict(found.reasons), "doubts": found.doubts}
        )
        return
    click.echo("\n".join(_told(found.mapping, found.reasons)))
    for doubt in (*found.doubts, *(sentence for _, sentence in shape.problems(found.mapping))):
        click.echo(f"Check: {doubt}")
    if target_file is not None:
        click.echo(f"Mapping: {target_file}")


def _told(mapping: ColumnMapping, reasons: Mapping[str, str]) -> Iterator[str]:
    yield f"{mapping.target}, days as {mapping.date_format}, decimals after {mapping.decimal!r}"
    for column in mapping.header:
        field = mapping.columns.get(column, "not taken")
        yield f"  {column} -> {field} ({reasons[column]})" if column in reasons else f"  {column} -> {field}"
    for field, text in mapping.constants.items():
        yield f"  all rows: {field} = {text}"


@mapping.command()
@parts.book
@click.argument("file", metavar="FILE", type=parts.PATH)
def keep(book: Path, file: Path) -> None:
    """Keep the mapping of the JSON FILE in BOOK, under its name: files with its columns are read by it from then on."""
    from store import undo
    from store.imports.mapping import keeping, shape

    given = shape.read(file)
    with parts.opened(book) as opened, undo.step(opened, f"Keep mapping {given.name}"):
        keeping.save(opened, given)
    click.echo(f"{given.name}: kept in {book}")


@mapping.command(name="list")
@parts.book
@parts.as_json
def list_(book: Path, as_json: bool) -> None:
    """List the mappings that BOOK keeps, and the columns by which it knows their files."""
    from store.imports.mapping import keeping, shape

    with parts.opened(book, read_only=True) as opened:
        held = keeping.held(opened)
    if as_json:
        parts.print_json([shape.as_data(one) for one in held])
        return
    for one in held:
        click.echo(f"{one.name}: {one.target}, from {', '.join(one.header) or 'any columns'}")


@mapping.command()
@parts.book
@click.argument("name")
@click.option("--out", "target", metavar="FILE", required=True, type=parts.PATH, help="Where the JSON file goes.")
def export(book: Path, name: str, target: Path) -> None:
    """Write the mapping NAME of BOOK to a JSON file, for another book or somebody else."""
    from store.imports.mapping import keeping, shape

    with parts.opened(book, read_only=True) as opened:
        held = keeping.read(opened, name)
    try:
        shape.write(held, target)
    except OSError as fault:
        raise KnownFault(f"{target} cannot be written: {fault.strerror}.") from None
    click.echo(f"Mapping: {target}")


@mapping.command()
@parts.book
@click.argument("name")
def remove(book: Path, name: str) -> None:
    """Forget the mapping NAME of BOOK. What was imported by it stays."""
    from store import undo
    from store.imports.mapping import keeping

    with parts.opened(book) as opened, undo.step(opened, f"Remove mapping {name}"):
        keeping.remove(opened, name)
    click.echo(f"{name}: removed from {book}")
