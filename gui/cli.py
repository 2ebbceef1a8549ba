"""The command line: reviews, imports, judgements and questions without a window. Imports no Qt."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from gui import wording
from gui.user import who
from store.book import Book, open_book
from store.errors import KnownFault
from store.imports.finding import Finding, Refused

REFUSED: Final = 1
WRONG_USAGE: Final = 2
FAILED: Final = 3


class _Day(click.ParamType[date]):
    """A day on the command line: YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as YYYY-MM-DD, for example 2026-11-21.", param, ctx)


def _today() -> date:
    return datetime.now().astimezone().date()


def _clock() -> datetime:
    return datetime.now(UTC)


_as_of = click.option(
    "--as-of",
    type=_Day(),
    metavar="DATE",
    default=_today,
    show_default="today",
    help="The day of judgement, YYYY-MM-DD.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for programs.")
_made_by = click.option(
    "--made-by", metavar="NAME", default="", help="Who made it, for the cover of the report (default: it names nobody)."
)
_PATH: Final = click.Path(path_type=Path)
_input = click.argument("source", metavar="INPUT", type=_PATH)
_book = click.argument("book", metavar="BOOK", type=_PATH)


def _open(path: Path, **how: bool) -> Book:
    return open_book(path, clock=_clock, who=who(), **how)


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


@elpis.command()
@_input
@_as_of
@click.option("--out", "folder", metavar="FOLDER", required=True, type=_PATH, help="Where the snapshot goes.")
@click.option(
    "--book",
    metavar="FILE",
    type=_PATH,
    help="Keep the book in this file (default: a temporary one).",
)
@click.option(
    "--formats",
    type=click.Choice(["all", "json"]),
    default="all",
    show_default=True,
    help="What the snapshot holds besides snapshot.json: a workbook, CSV files and a report (PDF), or nothing.",
)
@_made_by
@_as_json
def review(
    source: Path, as_of: date, folder: Path, book: Path | None, formats: str, made_by: str, as_json: bool
) -> None:
    """Read INPUT, apply every rule, and write a snapshot into FOLDER.

    INPUT is a folder of CSV files or an XLSX workbook in the format of the template, an OpenSAM folder, or a license
    file of Configuration Manager. Every problem in it is reported with its place; then nothing is written.
    """
    from store.review import review as run
    from store.snapshots.formats import Imprint

    json_only, imprint = formats == "json", Imprint(book.stem if book else "", made_by)
    how = {"create": True, "temporary": book is None}
    with _kept_or_temporary(book) as path, _progress(as_json) as progress, _open(path, **how) as opened:
        found = run(opened, source, folder, as_of=as_of, json_only=json_only, imprint=imprint, progress=progress)
    _warn(found.findings)
    if as_json:
        _print_json({**_summary(found), "snapshot": str(folder)})
        return
    _tell(found)
    click.echo(f"Snapshot: {folder}")


@elpis.command(name="import")
@_input
@click.option("--book", metavar="FILE", required=True, type=_PATH, help="The book; made if it is not there.")
@_as_of
@_as_json
def import_(source: Path, book: Path, as_of: date, as_json: bool) -> None:
    """Read INPUT into a book: new rows are added, rows with a known key are brought up to date.

    Importing the same files twice changes nothing. All or nothing: one wrong cell, and the book stays as it was.
    """
    from store.imports.load import load
    from store.review import summary

    with _progress(as_json) as progress, _open(book, create=True) as opened:
        imported = load(opened, source, as_of=as_of, progress=progress)
        found = summary(opened, as_of=as_of, imported=imported)
    _warn(found.findings)
    if as_json:
        _print_json(_summary(found))
        return
    for table, counts in imported.counts.items():
        new, changed, unchanged = map(wording.number, counts)
        click.echo(f"{table.replace('_', ' ')}: {new} new, {changed} changed, {unchanged} as before")
    _tell(found)


@elpis.command()
@_book
@_as_of
@click.option("--out", "folder", metavar="FOLDER", type=_PATH, help="Write a snapshot there, too.")
@_made_by
@_as_json
def recalculate(book: Path, as_of: date, folder: Path | None, made_by: str, as_json: bool) -> None:
    """Judge a book on a day: derive every event, state, position and transfer anew."""
    from store import derivation
    from store.review import summary
    from store.snapshots import build
    from store.snapshots.formats import Imprint

    with _progress(as_json) as progress, _open(book) as opened:
        derivation.recalculate(
            opened, as_of=as_of, progress=lambda done, steps: progress("applying the rules", done, steps)
        )
        if folder is not None:
            build.save(opened, folder, imprint=Imprint(book.stem, made_by))
        found = summary(opened, as_of=as_of)
    if as_json:
        _print_json(_summary(found))
    else:
        _tell(found)


@elpis.command()
@click.argument("name", required=False)
@_as_json
def rules(name: str | None, as_json: bool) -> None:
    """List the rules, or show the rule NAME: its source, what it says, its conditions and what follows."""
    from gui import ruling
    from rules import library

    if name is None:
        documents = library.documents()
        if as_json:
            _print_json([ruling.as_data(rule) for document in documents.values() for rule in document.rules])
        else:
            click.echo("\n".join(ruling.listing(documents.values())))
        return
    try:
        rule = library.rule(name)
    except KeyError as unknown:
        raise KnownFault(str(unknown.args[0])) from None
    _print_json(ruling.as_data(rule)) if as_json else click.echo("\n".join(ruling.page(rule)))


@elpis.command()
@_book
@click.argument("position")
@_as_json
def why(book: Path, position: str, as_json: bool) -> None:
    """Say why POSITION is what it is: the rules, their conditions with their values, and the facts behind them.

    POSITION is a product, a product and metric, or product|model|metric as the snapshot names it. For a line of a
    request name it as request_line:REQUEST/LINE.
    """
    from gui import ruling
    from store import why as answers

    with _open(book, read_only=True) as opened:
        found = answers.why(opened, position)
    _print_json(found) if as_json else click.echo("\n".join(ruling.answer(found)))


@elpis.command()
@_book
@click.option("--months", default=24, show_default=True, metavar="N", help="How many months to look ahead, 1 to 120.")
@click.option(
    "--as-of",
    type=_Day(),
    metavar="DATE",
    show_default="the day that the book was last judged on",
    help="The first day, YYYY-MM-DD.",
)
@click.option(
    "--out", "target", metavar="FILE", type=_PATH, help="Write it to a file, too: .xlsx, .csv (the changes) or .json."
)
@_as_json
def forecast(book: Path, months: int, as_of: date | None, target: Path | None, as_json: bool) -> None:
    """Say what changes in the next months if nobody acts: which positions on which day, and what falls short when.

    Each day is judged as `elpis recalculate` would judge it; days that are not named change nothing. The book stays as
    it is. The cost to keep a position is what it lacks at worst, at the latest unit price that is known of it.
    """
    from gui import ahead_text
    from store import forecast as forecasts
    from store.ahead import handing_out

    with _progress(as_json) as progress, _open(book, read_only=True) as opened:
        first = as_of or forecasts.judged_on(opened)
        steps = partial(progress, "looking ahead")
        found = forecasts.ahead(opened, as_of=first, months=months, progress=steps)
    if target is not None:
        handing_out.save(found, target)
    if as_json:
        _print_json(handing_out.as_data(found))
        return
    click.echo("\n".join(ahead_text.told(found)))
    if target is not None:
        click.echo(f"Forecast: {target}")


@elpis.command(name="what-if")
@_book
@click.option("--scenario", metavar="NAME", required=True, help="A scenario of the book, or a JSON file with one.")
@click.option("--on", "day", type=_Day(), metavar="DATE", help="The day to compare on (default: as last judged).")
@click.option("--months", default=24, show_default=True, metavar="N", help="How many months to look ahead, 1 to 120.")
@click.option(
    "--out", "target", metavar="FILE", type=_PATH, help="Write it to a file, too: .xlsx, .csv (the positions) or .json."
)
@_as_json
def what_if(book: Path, scenario: str, day: date | None, months: int, target: Path | None, as_json: bool) -> None:
    """Compare a scenario with the book: balances, what falls short when, and what it costs.

    A scenario adds, drops, renews or moves contract items, changes demand, or switches rights. The book stays as it is;
    in the window a scenario is kept, changed, and applied.
    """
    from gui import what_if_text
    from store.scenarios import handing_out, judging, keeping, reading

    with _open(book, read_only=True) as opened:
        file = Path(scenario)
        known = reading.of_file(file) if file.suffix == ".json" else keeping.read(opened, scenario)
        found = judging.compare(opened, known, on=day, months=months)
    if target is not None:
        handing_out.save(found, target)
    if as_json:
        _print_json(handing_out.as_data(found))
        return
    click.echo("\n".join(what_if_text.told(found)))
    if target is not None:
        click.echo(f"Comparison: {target}")


@elpis.command()
@click.argument("table", required=False)
@click.option("--describe", is_flag=True, help="Say what every table and column holds (the default).")
@click.option("--out", "folder", metavar="FOLDER", type=_PATH, help="Write empty CSV files with their headers there.")
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


@elpis.group()
def books() -> None:
    """Look after books: what one holds, whether it is sound, a safe copy of it."""


@books.command(name="open")
@_book
@_as_json
def open_(book: Path, as_json: bool) -> None:
    """Say what a book holds and on which day it was last judged."""
    from store import care

    with _open(book, read_only=True) as opened:
        found = care.contents(opened)
    _print_json(found) if as_json else click.echo("\n".join(f"{key}: {value}" for key, value in found.items()))


@books.command(name="settings")
@_book
@click.argument("name", required=False)
@click.argument("value", required=False)
def settings_(book: Path, name: str | None, value: str | None) -> None:
    """Show what holds for a whole book, or set NAME to VALUE: currency, or warning_leads (days, such as 120,60,14)."""
    from store import preferences

    if name is not None and value is None:
        raise click.UsageError("A setting needs a VALUE: elpis books settings BOOK NAME VALUE")
    with _open(book, read_only=name is None) as opened:
        if name is not None and value is not None:
            preferences.change(opened, name, value)
        found = preferences.current(opened)
    click.echo("\n".join(f"{key}: {one}" for key, one in found.items()))


@books.command()
@_book
def check(book: Path) -> None:
    """Check a book from end to end: every page of the file, its references, and what protects its records."""
    from store import care

    with _open(book, read_only=True) as opened:
        problems = care.check(opened)
    if problems:
        raise KnownFault("\n".join(f"{book}: {problem}" for problem in problems))
    click.echo(f"{book}: sound")


@books.command()
@_book
@click.argument("target", metavar="COPY", type=_PATH)
def backup(book: Path, target: Path) -> None:
    """Write a checked copy of a book to COPY, also while it is in use. Only a sound one replaces an earlier COPY."""
    from store import care

    with _open(book, read_only=True) as opened:
        care.back_up(opened, target)
    click.echo(f"{target}: a sound copy of {book}")


# ---------------------------------------------------------------------------------------------------------- telling
Progress = Callable[[str, int, int], None]


@contextmanager
def _progress(quiet: bool) -> Generator[Progress]:
    """A bar for each step on a terminal; elsewhere a line when a step begins; nothing when a program listens."""
    if quiet:
        yield lambda _step, _done, _steps: None
    elif not sys.stderr.isatty():
        said: set[str] = set()

        def line(step: str, _done: int, _steps: int) -> None:
            if step not in said:
                said.add(step)
                click.echo(f"{step} …", err=True)

        yield line
    else:
        from gui.bars import bars

        with bars() as show:
            yield show


def _warn(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        click.echo(str(finding), err=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))


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
            _warn(fault.findings)
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
            click.echo("".join(traceback.format_exception(fault)), err=True)
    return FAILED
