"""What commands have in common: their options, how they open a book, show progress, and print."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gui.user import who
from store import cipher
from store.book import Book, open_book
from store.cipher import Passphrase
from store.errors import KnownFault
from store.imports.finding import Finding

if TYPE_CHECKING:
    from store.imports.load import How


class Day(click.ParamType[date]):
    """A day on the command line: YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        # Python knows other ways to write a day, weeks among them: none of them is what files and snapshots have.
        if day is None or day.isoformat() != value:
            self.fail(f"{value!r} is not a day; write it as YYYY-MM-DD, for example 2026-11-21.", param, ctx)
        return day


def today() -> date:
    """The day by the clock and the zone of this machine."""
    return datetime.now().astimezone().date()


def clock() -> datetime:
    """The moment, UTC."""
    return datetime.now(UTC)


class _Place(click.Path):
    """A file or folder on the command line. An empty one would be the folder that somebody happens to be in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("it is empty; name a file or folder.", param, ctx)
        return super().convert(value, param, ctx)


PATH: Final = _Place(path_type=Path)

as_of = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    default=today,
    show_default="today",
    help="The day of judgement, YYYY-MM-DD.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for programs.")
made_by = click.option(
    "--made-by", metavar="NAME", default="", help="Who made it, for the cover of the report (default: it names nobody)."
)
source = click.argument("source", metavar="INPUT", type=PATH)
book = click.argument("book", metavar="BOOK", type=PATH)
mapping = click.option(
    "--mapping",
    metavar="FILE",
    type=PATH,
    help="A JSON file that says what the columns of INPUT stand for (see elpis mapping propose).",
)
without_refused = click.option(
    "--without-refused",
    is_flag=True,
    help="Leave out refused rows of a file of another program, instead of refusing the file.",
)


def how(mapping: Path | None, without_refused: bool) -> How:
    """How an input is read, by these two options."""
    from store.imports.load import How
    from store.imports.mapping import shape

    return How(shape.read(mapping) if mapping else None, without_refused)


def opened(path: Path, **how: bool) -> Book:
    """The book of a file, opened in the name of the user of this machine; `how` as `open_book` takes it.

    The passphrase of an encrypted one is asked for.
    """
    return open_book(path, clock=clock, who=who(), passphrase=passphrase_of(path), **how)


BOOK_PASSPHRASE: Final = "ELPIS_BOOK_PASSPHRASE"  # noqa: S105 - its name, not one
"""The environment variable from which the passphrase of books is taken where nobody can be asked."""


def passphrase_of(path: Path) -> Passphrase | None:
    """What opens an encrypted book; None for any other file."""
    if not cipher.is_encrypted(path):
        return None
    return Passphrase(secret(BOOK_PASSPHRASE, f"Passphrase of {path.name}", f"{path}: this book is encrypted, and "))


def secret(variable: str, question: str, because: str = "", *, new: bool = False) -> str:
    """A passphrase from an environment variable, or asked for without showing it, a new one twice.

    Raises KnownFault, beginning with `because`, where nobody can be asked.
    """
    if given := os.environ.get(variable):
        return given
    if not sys.stdin.isatty():
        raise KnownFault(f"{because}nobody can be asked for the passphrase here; put it into {variable}.")
    return click.prompt(question, hide_input=True, confirmation_prompt=new, err=True)


Progress = Callable[[str, int, int], None]
"""Called with what is being done, and how many of how many steps of it are done."""


@contextmanager
def progress(quiet: bool) -> Generator[Progress]:
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


def warn(findings: Iterable[Finding]) -> None:
    """Tell findings, a line each, on standard error."""
    for finding in findings:
        click.echo(str(finding), err=True)


def print_json(value: Any) -> None:
    """Print a result for programs: sorted keys, indented."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
