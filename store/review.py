"""A review from end to end: a folder of license data in, a compliance snapshot out."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rules.vocabulary import EVENT_KINDS
from store.book import Book
from store.imports.finding import Finding
from store.imports.load import PLAINLY, How, Imported, Progress, load
from store.snapshots import build
from store.snapshots.formats import Imprint


@dataclass(frozen=True)
class Summary:
    """What a review found. `states`, `statuses`, `events` and `transfers` count rows by code or kind."""

    as_of: date
    imported: Imported | None
    entitlements: int
    states: dict[str, int]
    statuses: dict[str, int]
    events: dict[str, int]
    transfers: dict[str, int]
    findings: tuple[Finding, ...]


def review(
    book: Book,
    source: Path,
    folder: Path,
    *,
    as_of: date,
    json_only: bool = False,
    imprint: Imprint | None = None,
    progress: Progress | None = None,
    how: How = PLAINLY,
) -> Summary:
    """Import `source` into the book, judge it on `as_of`, and save the snapshot into `folder`.

    `imprint` is what its report says of book and maker.

    Raises Refused with every finding, or a KnownFault; then nothing was stored and an earlier snapshot is untouched.
    """
    # A snapshot that cannot be saved takes the import back with it; there is no need to where the book goes as well.
    with nullcontext() if book.temporary else book.transaction(resolved=True):
        imported = load(book, source, as_of=as_of, progress=progress, how=how)
        if progress is not None:
            progress("writing the snapshot", 0, 1)
        build.save(book, folder, json_only=json_only, imprint=imprint)
    return summary(book, as_of=as_of, imported=imported)


def summary(book: Book, *, as_of: date, imported: Imported | None = None) -> Summary:
    """The counts of a book as it was last judged."""

    def counts(sql: str) -> dict[str, int]:
        return dict(book.rows(sql))

    states = counts("SELECT state, count(*) FROM entitlements WHERE archived = 0 GROUP BY state ORDER BY state")
    return Summary(
        as_of,
        imported,
        sum(states.values()),
        states,
        counts("SELECT status, count(*) FROM positions GROUP BY status ORDER BY status"),
        _events(book),
        counts("SELECT kind, count(*) FROM transfers GROUP BY kind ORDER BY kind"),
        imported.findings if imported else (),
    )


def _events(book: Book) -> dict[str, int]:
    """The automatic events by kind; the kinds are known, and to count each takes half as long as to sort them all."""
    kinds = sorted(EVENT_KINDS)
    counted = book.rows(f"SELECT {', '.join(['count(*) FILTER (WHERE kind = ?)'] * len(kinds))} FROM events", kinds)
    return {kind: count for kind, count in zip(kinds, counted[0], strict=True) if count}
