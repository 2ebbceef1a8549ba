"""The command that compares snapshots and days. It joins the others."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gui.cli import elpis
from gui.command_line import parts

if TYPE_CHECKING:
    from store.snapshots.differences.shape import Comparison


@elpis.command()
@click.argument("before", metavar="A", type=parts.PATH)
@click.argument("after", metavar="[B]", required=False, type=parts.PATH)
@click.option("--from", "first", type=parts.Day(), metavar="DATE", help="Of a book: the day before, YYYY-MM-DD.")
@click.option("--to", "last", type=parts.Day(), metavar="DATE", help="Of a book: the day after, YYYY-MM-DD.")
@click.option(
    "--key", metavar="KEY", help="The key (PEM file or fingerprint) that signed snapshots should be signed by."
)
@click.option(
    "--out",
    "target",
    metavar="FILE",
    type=parts.PATH,
    help="Write it to a file, too: .txt, .json, .csv (the positions) or .xlsx, by its ending.",
)
@parts.as_json
def diff(
    before: Path,
    after: Path | None,
    first: date | None,
    last: date | None,
    key: str | None,
    target: Path | None,
    as_json: bool,
) -> None:
    """Say what came, went and changed from A to B, a position at a time, with the causes.

    A and B are snapshots: folders, snapshot.json files, or signed ones (.licsnap), which are checked before they are
    read. Or A is a book, and --from and --to are two of its days; both are judged as the book is now, and it stays as
    it is. Newly under-licensed positions come first.
    """
    from gui import compare_text
    from store.snapshots.differences import handing_out

    days = _days(first, last)
    other = after or days
    if other is None or (after and days):
        raise click.UsageError("Name two snapshots (elpis diff A B), or a book and two days (--from DATE --to DATE).")
    with parts.progress(as_json) as progress:
        found = _found(before, other, _key(key), partial(progress, "comparing"))
    if target is not None:
        _save(found, target)
    if as_json:
        parts.print_json(handing_out.as_data(found))
        return
    click.echo("\n".join(compare_text.told(found)))
    if target is not None:
        click.echo(f"Comparison: {target}")


def _days(first: date | None, last: date | None) -> tuple[date, date] | None:
    if (first is None) is not (last is None):
        raise click.UsageError("Two days are needed: --from DATE --to DATE.")
    return None if first is None or last is None else (first, last)


def _found(before: Path, after: Path | tuple[date, date], key: str | None, progress: partial[None]) -> Comparison:
    from store.snapshots import compare

    if isinstance(after, Path):
        return compare.compare(before, after, key=key, progress=progress)
    with parts.opened(before, read_only=True) as book:
        return compare.compare(*after, book=book, progress=progress)


def _key(text: str | None) -> str | None:
    from store.snapshots.verify import key_of

    try:
        return None if text is None else key_of(text)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None


def _save(found: Comparison, target: Path) -> None:
    from gui import compare_text
    from store.snapshots.differences import handing_out
    from store.snapshots.saving import save_file

    if target.suffix.lower() != ".txt":
        handing_out.save(found, target)
        return
    text = "".join(f"{line}\n" for line in compare_text.told(found))
    save_file(target, lambda path: path.write_bytes(text.encode()))
