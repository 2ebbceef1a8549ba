"""The commands around signed snapshots: make one, check one, the key that signs, time stamps. They join the others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from gui import wording
from gui.cli import elpis
from gui.command_line import parts
from store.errors import KnownFault

if TYPE_CHECKING:
    from store.snapshots.keys import Signer
    from store.snapshots.verify import Report

T = TypeVar("T")

PASSPHRASE: Final = "ELPIS_PASSPHRASE"  # noqa: S105 - its name, not one
"""The environment variable from which the passphrase is taken where nobody can be asked."""


def _own_key_folder() -> Path:
    from gui import own_key

    return own_key.folder()


_file = click.argument("file", metavar="FILE", type=parts.PATH)
_key_folder = click.option(
    "--key-folder",
    metavar="FOLDER",
    type=parts.PATH,
    default=_own_key_folder,
    show_default="your folder for the settings of programs",
    help="Where your signing key lies.",
)


@elpis.command()
@parts.book
@parts.as_of
@click.option("--out", "target", metavar="FILE", required=True, type=parts.PATH, help="The file, such as q4.licsnap.")
@click.option("--made-by", metavar="NAME", default="", help="Who made it (default: the name you are signed in with).")
@_key_folder
@parts.as_json
def snapshot(book: Path, as_of: date, target: Path, made_by: str, key_folder: Path, as_json: bool) -> None:
    """Write a signed snapshot of a book into one file, which anybody can check without Elpis.

    The book is judged on that day if it is another than the last. The passphrase of your key is asked for, or taken
    from ELPIS_PASSPHRASE; the key is made at first use.
    """
    from store import derivation, settings
    from store.snapshots import kept

    with parts.progress(as_json) as progress, parts.opened(book) as opened:
        signer = _signer(key_folder)
        if settings.get(opened, "as_of") != as_of.isoformat():
            derivation.recalculate(
                opened, as_of=as_of, progress=lambda done, steps: progress("applying the rules", done, steps)
            )
        made = kept.save_signed(opened, target, signer, made_by=made_by)
    if as_json:
        found = {"snapshot": str(target), "as_of": made.as_of, "seq": made.seal, "sha256": made.sha256, "key": made.key}
        parts.print_json(found)
        return
    click.echo(f"As of {wording.day(as_of)}")
    click.echo(f"Snapshot {made.seal} of this book: {target}")
    click.echo(f"SHA-256: {made.sha256}")
    click.echo(f"Signed by: {_grouped(made.key)}")


def _signer(place: Path) -> Signer:
    from store.snapshots import keys

    if keys.exists(place):
        return keys.open_(place, parts.secret(PASSPHRASE, "Passphrase of your signing key"))
    click.echo(f"You have no signing key yet; one is made in {place}.", err=True)
    click.echo("Keep the passphrase that you choose: without it, nobody can sign with this key again.", err=True)
    made = keys.make(place, parts.secret(PASSPHRASE, "New passphrase", new=True))
    click.echo(f"Your key: {_grouped(made.fingerprint)}", err=True)
    return made


def _grouped(fingerprint: str) -> str:
    from store.snapshots.verify import grouped

    return grouped(fingerprint)


@elpis.command()
@_file
@click.option("--key", metavar="KEY", help="The signer's public key (PEM file), or its fingerprint.")
@click.option(
    "--after", metavar="EARLIER", help="An earlier snapshot of the book, or its number, that FILE must follow."
)
@click.option("--contents", is_flag=True, help="Also read the data, and count again what the manifest says of it.")
@click.option(
    "--book", metavar="BOOK", type=parts.PATH, help="The book that it should be of: its numbers, its change log."
)
@click.option(
    "--authorities", metavar="PEM", type=parts.PATH, help="Certificates of those who are trusted to know the time."
)
@parts.as_json
def verify(
    file: Path,
    key: str | None,
    after: str | None,
    contents: bool,
    book: Path | None,
    authorities: Path | None,
    as_json: bool,
) -> int:
    """Check the signed snapshot FILE: one line a check, with its code.

    Exit status 0 only if it is whole, and signed by the key that you name; 1 otherwise. What is whole, but signed by a
    key that you did not name, is told apart from what was changed.
    """
    from store.snapshots import verifying
    from store.snapshots.verify import TRUSTED, earlier_of

    with nullcontext() if book is None else parts.opened(book, read_only=True) as opened:
        report = verifying.check(
            file,
            key=_key(key),
            after=earlier_of(after),
            contents=contents,
            book=opened,
            authorities=authorities,
        )
    parts.print_json(_as_data(report)) if as_json else click.echo(_told(report))
    return int(report.verdict != TRUSTED)


def _key(text: str | None) -> str | None:
    from store.snapshots.verify import key_of

    try:
        return None if text is None else key_of(text)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None


def _as_data(report: Report) -> dict[str, Any]:
    checks = [check._asdict() for check in report.checks]
    return {"verdict": report.verdict, "checks": checks, "manifest": report.manifest}


def _told(report: Report) -> str:
    from store.snapshots.verify import SUMMED_UP

    lines = [f"{check.code}: {check.sentence}" for check in report.checks]
    return "\n".join([*lines, SUMMED_UP[report.verdict]])


@elpis.command()
@click.option(
    "--export", "target", metavar="FILE", type=parts.PATH, help="Write the public key there (PEM), to be handed out."
)
@_key_folder
@parts.as_json
def keys(target: Path | None, key_folder: Path, as_json: bool) -> None:
    """Show the fingerprint of your signing key, by which others know it; export its public half.

    The key is made with the first signed snapshot. Keep a copy of its folder, and the passphrase.
    """
    from store.snapshots import keys as kept
    from store.snapshots.verify import fingerprint

    found = fingerprint(kept.public(key_folder))
    if target is not None:
        kept.export(key_folder, target)
    if as_json:
        parts.print_json({"fingerprint": found, "folder": str(key_folder)})
        return
    click.echo(f"Fingerprint: {_grouped(found)}")
    click.echo(f"Folder: {key_folder}")
    if target is not None:
        click.echo(f"Public key: {target}")


@elpis.group()
def timestamp() -> None:
    """Let a time-stamp authority (RFC 3161) say that a signed snapshot existed, by files, without a network."""


@timestamp.command(name="request")
@_file
@click.option("--out", "target", metavar="FILE", required=True, type=parts.PATH, help="The request, such as q4.tsq.")
def request_(file: Path, target: Path) -> None:
    """Write the request for the snapshot FILE. It holds a hash, nothing of the snapshot; send it to the authority."""
    from store.snapshots import stamps
    from store.snapshots.saving import save_file

    content = _of_file(file, stamps.request)
    save_file(target, lambda path: path.write_bytes(content))
    click.echo(f"Request: {target}")


@timestamp.command()
@_file
@click.argument("answer", metavar="ANSWER", type=parts.PATH)
def attach(file: Path, answer: Path) -> None:
    """Keep the authority's ANSWER beside the snapshot FILE, where elpis verify finds it."""
    from store.snapshots import stamps

    found = _of_file(file, lambda path: stamps.attach(path, answer))
    click.echo(f"{found.code}: {found.sentence}")
    click.echo(f"Kept: {stamps.beside(file)}")


def _of_file(file: Path, work: Callable[[Path], T]) -> T:
    try:
        return work(file)
    except OSError as fault:
        raise KnownFault(f"{fault.filename or file}: this cannot be read ({fault.strerror}).") from fault
