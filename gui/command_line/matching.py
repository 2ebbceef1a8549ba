"""The command that matches names of found software with products, or says which wait for that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gui import wording
from gui.cli import elpis
from gui.command_line import parts
from store.errors import KnownFault

if TYPE_CHECKING:
    from store.book import Book
    from store.matching.deciding import Name


@elpis.command()
@parts.book
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--product", metavar="PRODUCT", help="What the names stand for: a product of the book.")
@click.option("--ignore", is_flag=True, help="The names need no license.")
@click.option("--publisher", metavar="PUBLISHER", help="With --ignore: everything of this publisher needs no license.")
@click.option("--take-back", is_flag=True, help="Let go of what was decided on the names.")
@click.option("--this-version", is_flag=True, help="Decide on the version that was found, and not on every one.")
@parts.as_json
def match(
    book: Path,
    names: tuple[str, ...],
    product: str | None,
    ignore: bool,
    publisher: str | None,
    take_back: bool,
    this_version: bool,
    as_json: bool,
) -> None:
    """List the names of found software that wait for a decision, with their candidates; or decide on NAMEs.

    A decision holds for what was found already and for every later import; `--take-back` undoes it. A NAME is one as it
    was found, or NAME|PUBLISHER|VERSION for one of several.
    """
    if (product is not None) + ignore + take_back > 1:
        raise click.UsageError("Choose one of --product, --ignore and --take-back.")
    deciding_ = product is not None or ignore or take_back
    if deciding_ and not names and publisher is None:
        raise click.UsageError("Name what is to be decided on: elpis match BOOK NAME --product PRODUCT")
    if publisher is not None and (not ignore or names):
        raise click.UsageError("--publisher goes with --ignore, and without names.")
    with parts.opened(book, read_only=not deciding_) as opened:
        if deciding_:
            _decide(opened, names, product, publisher, take_back=take_back, this_version=this_version)
        waiting = _waiting(opened, () if deciding_ else names)
    if as_json:
        parts.print_json([_data(one) for one in waiting])
    else:
        click.echo("\n".join(_listing(waiting)))


def _decide(
    book: Book, names: Sequence[str], product: str | None, publisher: str | None, *, take_back: bool, this_version: bool
) -> None:
    """Store the decision as one step that can be undone. Raises KnownFault for a name that was not found."""
    from store import undo
    from store.matching import deciding

    found = [one for name in names for one in _called(book, name)]
    every = False if this_version else None
    told = publisher or wording.line(found[0].name if len(found) == 1 else f"{len(found)} names")
    with undo.step(book, f"Match {told}"):
        if publisher is not None:
            deciding.ignore_publisher(book, publisher)
        elif take_back:
            deciding.take_back(book, found)
        elif product is None:
            deciding.ignore(book, found, every_version=not this_version)
        else:
            deciding.decide(book, found, product, every_version=every)


def _called(book: Book, name: str) -> list[Name]:
    from store.matching import deciding

    found = deciding.called(book, name)
    if not found:
        raise KnownFault(f"no software {name!r} was found. `elpis match BOOK` lists what waits.")
    return found


def _waiting(book: Book, names: Sequence[str]) -> list[Name]:
    """What waits; or the names that were asked for, whatever they are."""
    from store.matching import deciding

    return [one for name in names for one in _called(book, name)] if names else deciding.waiting(book)


def _data(one: Name) -> dict[str, Any]:
    candidates = [{"product": each.product, "reason": each.reason, "new": each.new} for each in one.candidates]
    told = {name: getattr(one, name) for name in ("name", "publisher", "version", "devices", "state", "product")}
    return {**told, "reason": one.reason, "candidates": candidates}


def _listing(found: Sequence[Name]) -> list[str]:
    lines = [wording.plural(len(found), "name")] if found else ["nothing waits for a decision"]
    for one in found:
        told = ", ".join(filter(None, (one.publisher, one.version, wording.plural(one.devices, "device"))))
        state = "" if one.state == "waiting" else f": {wording.label(one.state).lower()} {one.product}".rstrip()
        lines.append(wording.line(f"{one.name} ({told}){state}"))
        lines += [f"  {wording.line(each.product)}: {wording.WORDS[each.reason]}" for each in one.candidates]
    return lines
