"""The commands that read files into a book and judge it: review, import, recalculate."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gui import wording
from gui.cli import elpis
from gui.command_line import parts
from store.errors import KnownFault

if TYPE_CHECKING:
    from store.imports.load import How
    from store.imports.staging import Counts


@elpis.command()
@parts.source
@parts.as_of
@click.option("--out", "folder", metavar="FOLDER", required=True, type=parts.PATH, help="Where the snapshot goes.")
@click.option(
    "--book",
    metavar="FILE",
    type=parts.PATH,
    help="Keep the book in this file (default: a temporary one).",
)
@click.option(
    "--formats",
    type=click.Choice(["all", "json"]),
    default="all",
    show_default=True,
    help="What the snapshot holds besides snapshot.json: a workbook, CSV files and a report (PDF), or nothing.",
)
@parts.mapping
@parts.without_refused
@parts.made_by
@parts.as_json
def review(
    source: Path,
    as_of: date,
    folder: Path,
    book: Path | None,
    formats: str,
    mapping: Path | None,
    without_refused: bool,
    made_by: str,
    as_json: bool,
) -> None:
    """Read INPUT, apply every rule, and write a snapshot into FOLDER.

    INPUT is a folder of CSV files or an XLSX workbook in the format of the template, an OpenSAM folder, a license file
    of another program, or any table that a mapping explains. Every problem in it is reported with its place; then
    nothing is written.
    """
    from store import backups
    from store.review import review as run
    from store.snapshots.formats import Imprint

    json_only, imprint = formats == "json", Imprint(book.stem if book else "", made_by)
    fresh, how = {"create": True, "temporary": book is None}, parts.how(mapping, without_refused)
    with _kept_or_temporary(book) as path, parts.progress(as_json) as progress, parts.opened(path, **fresh) as opened:
        if book is not None:
            backups.before(opened, "import")
        found = run(
            opened, source, folder, as_of=as_of, json_only=json_only, imprint=imprint, progress=progress, how=how
        )
    parts.warn(found.findings)
    if as_json:
        parts.print_json({**_summary(found), "snapshot": str(folder)})
        return
    _tell(found)
    click.echo(f"Snapshot: {folder}")


@elpis.command(name="import")
@parts.source
@click.option("--book", metavar="FILE", required=True, type=parts.PATH, help="The book; made if it is not there.")
@parts.as_of
@parts.mapping
@parts.without_refused
@click.option("--dry-run", is_flag=True, help="Only say what would become of the rows; nothing is stored.")
@parts.as_json
def import_(
    source: Path,
    book: Path,
    as_of: date,
    mapping: Path | None,
    without_refused: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read INPUT into a book: new rows are added, rows with a known key are brought up to date.

    Importing the same files twice changes nothing. All or nothing: one wrong cell, and the book stays as it was.
    """
    from store import backups
    from store.imports.load import load
    from store.review import summary

    how = parts.how(mapping, without_refused)
    if dry_run:
        _tried(source, book, as_of, how, as_json)
        return
    with parts.progress(as_json) as progress, parts.opened(book, create=True) as opened:
        backups.before(opened, "import")
        imported = load(opened, source, as_of=as_of, progress=progress, how=how)
        found = summary(opened, as_of=as_of, imported=imported)
    parts.warn(found.findings)
    if as_json:
        parts.print_json(_summary(found))
        return
    _tell_rows(source, imported.reason, imported.counts)
    _tell(found)


def _tried(source: Path, book: Path, as_of: date, how: How, as_json: bool) -> None:
    """Say what an import would do. Where the book is not there yet, it is tried on an empty one, and none is made."""
    from store.imports.dry_run import dry_run
    from store.imports.finding import Refused
    from store.imports.load import opened as read
    from store.imports.previewing import as_data

    fresh = {} if book.exists() else {"create": True, "temporary": True}
    with (
        parts.progress(as_json) as progress,
        _kept_or_temporary(book if book.exists() else None) as path,
        parts.opened(path, **fresh) as opened,
    ):
        given = read(opened, source, how)
        found = dry_run(opened, given, as_of=as_of, progress=progress)
    if as_json:
        parts.print_json(as_data(found))
    else:
        _tell_rows(source, given.reason, found.counts)
        click.echo(f"refused or left aside: {wording.number(found.left)}")
        click.echo("Nothing was stored; this was a dry run.")
    if found.refused:
        raise Refused(found.findings)
    parts.warn(found.findings)


def _tell_rows(source: Path, reason: str, counts: Mapping[str, Counts]) -> None:
    if reason:
        click.echo(f"{source.name}: recognized by {reason}")
    for table, of_table in counts.items():
        new, changed, unchanged = map(wording.number, of_table)
        click.echo(f"{table.replace('_', ' ')}: {new} new, {changed} changed, {unchanged} as before")


@elpis.command()
@parts.book
@parts.as_of
@click.option("--out", "folder", metavar="FOLDER", type=parts.PATH, help="Write a snapshot there, too.")
@parts.made_by
@parts.as_json
def recalculate(book: Path, as_of: date, folder: Path | None, made_by: str, as_json: bool) -> None:
    """Judge a book on a day: derive every event, state, position and transfer anew."""
    from store import derivation
    from store.review import summary
    from store.snapshots import build
    from store.snapshots.formats import Imprint

    with parts.progress(as_json) as progress, parts.opened(book) as opened:
        derivation.recalculate(
            opened, as_of=as_of, progress=lambda done, steps: progress("applying the rules", done, steps)
        )
        if folder is not None:
            build.save(opened, folder, imprint=Imprint(book.stem, made_by))
        found = summary(opened, as_of=as_of)
    if as_json:
        parts.print_json(_summary(found))
    else:
        _tell(found)


@contextmanager
def _kept_or_temporary(book: Path | None) -> Generator[Path]:
    """Where the book of a review stands: the file that was asked for, or one that is gone afterwards."""
    if book is not None:
        yield book
        return
    try:
        scratch = tempfile.TemporaryDirectory(prefix="elpis-")
    except OSError as fault:
        raise KnownFault(f"{fault.strerror or fault}. Free some space, or name a folder in TMPDIR.") from fault
    with scratch as folder:
        yield Path(folder) / "review.elpis"


def _summary(found: Any) -> dict[str, Any]:
    rows = {} if found.imported is None else {name: c._asdict() for name, c in found.imported.counts.items()}
    return {
        "as_of": found.as_of.isoformat(),
        "rows": rows,
        "entitlements": found.entitlements,
        "states": found.states,
        "positions": found.statuses,
        "events": found.events,
        "transfers": found.transfers,
        "findings": [
            {"severity": f.severity, "code": f.code, "place": f.place, "message": f.message} for f in found.findings
        ],
    }


def _tell(found: Any) -> None:
    click.echo(f"As of {wording.day(found.as_of)}")
    click.echo(f"Entitlements: {wording.number(found.entitlements)} ({wording.counted(found.states)})")
    click.echo(f"Positions: {wording.counted(found.statuses)}")
    click.echo(f"Transfers: {wording.counted(found.transfers)}")
    click.echo(f"Events: {wording.counted(found.events)}")
