"""The commands for the backups of a book: which there are, what each holds, and back to one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gui.command_line import parts
from gui.command_line.books import books
from gui.user import who
from store.errors import KnownFault, Unknown


@books.command()
@parts.book
@click.argument("name", required=False)
@parts.as_json
def backups(book: Path, name: str | None, as_json: bool) -> None:
    """List the backups of a book, or compare the one called NAME with the book as it is now.

    They are made before an import, an update and a restore, every half hour of changes in the window, and when it
    closes the book. Each was checked. They lie in a folder beside the book.
    """
    from store import backups as kept

    if name is None:
        found = kept.listed(book)
        parts.print_json([_data(one) for one in found]) if as_json else _tell(book, found)
        return
    with parts.opened(book, read_only=True) as opened:
        compared = kept.compare(opened, _named(book, name))
    parts.print_json(_compared(compared)) if as_json else _tell_compared(compared)


@books.command()
@parts.book
@click.argument("name")
def restore(book: Path, name: str) -> None:
    """Put the backup called NAME (or latest) in the place of BOOK. The present book is kept aside, under another name.

    All or nothing. The backup is read from end to end before. In the place of an encrypted book it is encrypted, too.
    """
    from store import backups as kept

    chosen = _named(book, name)
    opens = parts.passphrase_of(book) or parts.passphrase_of(chosen.path)
    aside = kept.restore(book, chosen, clock=parts.clock, who=who(), passphrase=opens)
    click.echo(f"{book}: restored as it was at {chosen.at:%Y-%m-%d %H:%M} UTC")
    if aside is not None:
        click.echo(f"What it was until now is in {aside}")


def _named(book: Path, name: str) -> Any:
    from store import backups as kept

    found = kept.listed(book)
    for one in found:
        if name in ("latest", one.path.name, one.path.stem):
            return one
    there = ", ".join(one.path.stem for one in found[:3])
    raise Unknown(f"{book}: there is no backup called {name!r}. The newest: {there}" if found else _none(book))


def _none(book: Path) -> str:
    return f"{book}: there are no backups of this book"


def _tell(book: Path, found: list[Any]) -> None:
    from gui import backup_words

    if not book.is_file() and not found:
        raise KnownFault(f"{book}: there is no such book. Check the name.")
    if not found:
        click.echo(_none(book))
    for one in found:
        reason = backup_words.REASONS[one.why].lower()
        click.echo(f"{one.path.stem}  {backup_words.moment(one)}  {backup_words.size(one.size):>9}  {reason}")


def _tell_compared(found: Any) -> None:
    from gui import backup_words

    for name, then, now in backup_words.differences(found):
        if then or now:
            click.echo(f"{name}: {then:,} then, {now:,} now")
    click.echo(backup_words.summary(found))
    for at, user, what in found.changes:
        click.echo(f"  {at}  {user}  {what}")


def _data(one: Any) -> dict[str, Any]:
    holds = {} if one.holding is None else one.holding.rows
    at = one.at.isoformat().replace("+00:00", "Z")
    told = {"name": one.path.stem, "file": str(one.path), "at": at, "why": one.why, "size": one.size}
    return {**told, "rows": holds, "sha256": one.sha256}


def _compared(found: Any) -> dict[str, Any]:
    changes = [{"at": at, "who": user, "what": what} for at, user, what in found.changes]
    return {"then": found.then.rows, "now": found.now.rows, "related": found.related, "changes": changes}
