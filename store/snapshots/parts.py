"""The lists of a snapshot, made by this process alone or, of a large book, shared with a second one.

A second process reads the book for itself, so this is for a temporary book, into which nobody writes any more. It puts
its lists into files beside the snapshot, one element a line, from where they are copied when their turn has come. Of an
encrypted book nothing is put into such files.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from store import aside, findings
from store.book import Book, Row, open_book
from store.snapshots import canonical, events, lists, portal, reviews

Lists = Mapping[str, Iterable[bytes]]
"""The elements of each list."""

_QUERIES: Final = {"positions": lists.POSITIONS, "transfers": lists.TRANSFERS}
_ONE_OF: Final = 101
_MANY: Final = 1_000
"""One of so many events is looked at to see how they lie; a book has many when so many were looked at."""


@contextmanager
def made(book: Book, folder: Path) -> Generator[Lists]:
    """The lists of a book, each to be read once and in the order of their names, within the block."""
    lists.install(book)
    day = _parting(book) if book.temporary and book.passphrase is None and aside.cores() > 1 else None
    if day is None:
        yield _own(book) | {name: _asked(book, query) for name, query in _QUERIES.items()}
        return
    with TemporaryDirectory(dir=folder) as place, aside.helping(write) as ask:
        question = (book.path, Path(place), day)
        answer = ask(*question)  # before anything else: the queries of this process begin to work as they are made

        def lines(name: str) -> Iterator[bytes]:
            try:
                answer.result()
            except aside.Gone:
                write(*question)
            with (Path(place) / name).open("rb") as file:
                yield from (line[:-1] for line in file)

        own = _own(book, day)
        yield own | {"events": chain(own["events"], lines("events"))} | {name: lines(name) for name in _QUERIES}


def _own(book: Book, before: str | None = None) -> dict[str, Iterable[bytes]]:
    """The lists that this process makes in any case, with the events before a day or all of them."""
    return reviews.lists(book) | {
        "charges": _asked(book, portal.CHARGES),
        "deployed_entitlements": portal.deployed(book),
        "entitlements": _asked(book, lists.ENTITLEMENTS),
        "events": events.events(book, before=before),
        "findings": (canonical.encode(vars(finding)) for finding in sorted(findings.of(book))),
        "request_lines": _asked(book, portal.REQUEST_LINES),
    }


def write(path: Path, folder: Path, day: str) -> None:
    """What the second process makes: positions, transfers, and the events from a day on, in files of these names."""
    with open_book(path, clock=lambda: datetime.now(UTC), who="", read_only=True) as book:
        lists.install(book)
        for name, elements in {
            "events": events.events(book, since=day),
            **{name: _asked(book, query) for name, query in _QUERIES.items()},
        }.items():
            with (folder / name).open("wb") as file:
                file.writelines(element + b"\n" for element in elements)


def _parting(book: Book) -> str | None:
    """The day that leaves both processes with as much to do, the events before it being more; None if they are few."""
    days = book.rows(f"SELECT on_day FROM events WHERE id % {_ONE_OF} = 0 ORDER BY on_day")
    return days[len(days) * 5 // 9][0] if len(days) >= _MANY else None


def _asked(book: Book, query: str) -> Iterator[bytes]:
    return map(_text, book.each(query))


def _text(row: Row) -> bytes:
    return row[0].encode()
