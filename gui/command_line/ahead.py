"""The commands that look ahead: the forecast, and a scenario beside the book."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import click

from gui.cli import elpis
from gui.command_line import parts


@elpis.command()
@parts.book
@click.option("--months", default=24, show_default=True, metavar="N", help="How many months to look ahead, 1 to 120.")
@click.option(
    "--as-of",
    type=parts.Day(),
    metavar="DATE",
    show_default="the day that the book was last judged on",
    help="The first day, YYYY-MM-DD.",
)
@click.option(
    "--out",
    "target",
    metavar="FILE",
    type=parts.PATH,
    help="Write it to a file, too: .xlsx, .csv (the changes) or .json.",
)
@parts.as_json
def forecast(book: Path, months: int, as_of: date | None, target: Path | None, as_json: bool) -> None:
    """Say what changes in the next months if nobody acts: which positions on which day, and what falls short when.

    Each day is judged as `elpis recalculate` would judge it; days that are not named change nothing. The book stays as
    it is. The cost to keep a position is what it lacks at worst, at the latest unit price that is known of it.
    """
    from gui import ahead_text
    from store import forecast as forecasts
    from store.ahead import handing_out

    with parts.progress(as_json) as progress, parts.opened(book, read_only=True) as opened:
        first = as_of or forecasts.judged_on(opened)
        steps = partial(progress, "looking ahead")
        found = forecasts.ahead(opened, as_of=first, months=months, progress=steps)
    if target is not None:
        handing_out.save(found, target)
    if as_json:
        parts.print_json(handing_out.as_data(found))
        return
    click.echo("\n".join(ahead_text.told(found)))
    if target is not None:
        click.echo(f"Forecast: {target}")


@elpis.command(name="what-if")
@parts.book
@click.option("--scenario", metavar="NAME", required=True, help="A scenario of the book, or a JSON file with one.")
@click.option("--on", "day", type=parts.Day(), metavar="DATE", help="The day to compare on (default: as last judged).")
@click.option("--months", default=24, show_default=True, metavar="N", help="How many months to look ahead, 1 to 120.")
@click.option(
    "--out",
    "target",
    metavar="FILE",
    type=parts.PATH,
    help="Write it to a file, too: .xlsx, .csv (the positions) or .json.",
)
@parts.as_json
def what_if(book: Path, scenario: str, day: date | None, months: int, target: Path | None, as_json: bool) -> None:
    """Compare a scenario with the book: balances, what falls short when, and what it costs.

    A scenario adds, drops, renews or moves contract items, changes demand, or switches rights. The book stays as it is;
    in the window a scenario is kept, changed, and applied.
    """
    from gui import what_if_text
    from store.scenarios import handing_out, judging, keeping, reading

    with parts.opened(book, read_only=True) as opened:
        file = Path(scenario)
        known = reading.of_file(file) if file.suffix == ".json" else keeping.read(opened, scenario)
        found = judging.compare(opened, known, on=day, months=months)
    if target is not None:
        handing_out.save(found, target)
    if as_json:
        parts.print_json(handing_out.as_data(found))
        return
    click.echo("\n".join(what_if_text.told(found)))
    if target is not None:
        click.echo(f"Comparison: {target}")
