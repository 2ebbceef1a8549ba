"""Compares two snapshots, two days of a book, or one with the other, a position at a time.

Lists of snapshots are sorted, so both sides are read once, next to each other; only what differs is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rules import library
from store import derivation, settings
from store.book import Book, open_book
from store.errors import Unfit
from store.snapshots import build
from store.snapshots.canonical import FORMAT, FORMAT_VERSION
from store.snapshots.differences import causes, merging, shape, sources
from store.snapshots.differences.causes import Behind
from store.snapshots.differences.shape import Comparison, Difference, Element, Side
from store.snapshots.differences.sources import Source
from store.snapshots.reading import SnapshotFault

Chosen = Path | date
"""What is compared: a snapshot (a folder, snapshot.json, a signed file), or a day of the book."""

Progress = Callable[[int, int], None]
"""Called with how many of how many steps are done; may raise to stop there."""

_STEPS: Final = 4


def compare(
    before: Chosen,
    after: Chosen,
    *,
    book: Book | None = None,
    key: str | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """What came, went and changed from one side to the other, the most important first.

    Days are those of `book`, which stays as it is: they are judged in a copy. `key` is the fingerprint of the key by
    which signed snapshots should be signed. Raises SnapshotFault for what is no snapshot, is damaged, or was changed
    after it was signed; Unfit for a day without a book.
    """
    report = progress or _nobody_listens
    days = [one for one in (before, after) if isinstance(one, date)]
    if days and book is None:
        raise Unfit("days are those of a book; name the book.")
    with _judged(book, days, report) if book is not None and days else nullcontext[list[Source]]([]) as judged:
        sides = [judged.pop(0) if isinstance(one, date) else sources.named(one, key) for one in (before, after)]
        report(_STEPS - 2, _STEPS)
        found = _compared(*sides)
    report(_STEPS, _STEPS)
    return found


def _nobody_listens(_done: int, _steps: int) -> None:
    pass


# ---------------------------------------------------------------------------------------------------------------- days
@contextmanager
def _judged(book: Book, days: list[date], report: Progress) -> Generator[list[Source]]:
    """Each day of a book as a source, made in a copy that is gone after the block."""
    with TemporaryDirectory(prefix="elpis-") as scratch:
        home = Path(scratch)
        copied = home / "copy.elpis"
        book.run("VACUUM INTO ?", (str(copied),))
        with open_book(copied, clock=_clock, who=book.who, temporary=True, passphrase=book.passphrase) as copy:
            yield [_day(copy, home / f"{number}.json", book, day, number, report) for number, day in enumerate(days)]


def _clock() -> datetime:
    return datetime.now(UTC)


def _day(copy: Book, path: Path, book: Book, day: date, number: int, report: Progress) -> Source:
    report(number, _STEPS)
    derivation.recalculate(copy, as_of=day, progress=lambda _done, _steps: report(number, _STEPS))
    told = "It was judged just now, from what the book holds today."
    known = (book.path.name, shape.JUDGED, told, settings.get(book, "book_id"), library.digest())
    if book.passphrase is None:
        build.write_json(copy, path)
        return Source(path, *known)
    held = BytesIO()  # nothing of an encrypted book stands in a file that is not
    build.write_json_to(copy, held, path.parent)
    return Source(path, *known, held.getvalue())


# ----------------------------------------------------------------------------------------------------------- comparing
def _compared(before: Source, after: Source) -> Comparison:
    behind = Behind()
    with before.opened() as left, after.opened() as right:
        heads: tuple[dict[str, Any], dict[str, Any]] = {}, {}

        def next_(name: str) -> list[tuple[str, Iterator[Element]]]:
            both = zip((before, after), (left, right), heads, strict=True)
            return [(source.place, merging.until(source.place, pairs, name, head)) for source, pairs, head in both]

        causes.take_entitlements(behind, merging.merged("entitlements", *next_("entitlements")))
        for number, (_, events) in enumerate(next_("events")):
            causes.take_events(behind, number, events)
        counts: tuple[Counter[str], Counter[str]] = Counter(), Counter()
        equal, found = _positions(merging.merged("positions", *next_("positions")), counts)
        causes.take_transfers(behind, merging.merged("transfers", *next_("transfers")))
        for pairs, head in zip((left, right), heads, strict=True):
            head.update((name, value) for name, value in pairs if not isinstance(value, Iterator))
    first, last = (_side(*one) for one in zip((before, after), heads, counts, strict=True))
    explained = (replace(one, causes=causes.of(one, behind, first, last)) for one in found)
    return Comparison(first, last, equal, tuple(sorted(explained, key=_rank)))


def _positions(
    pairs: Iterator[merging.Pair], counts: tuple[Counter[str], Counter[str]]
) -> tuple[int, list[Difference]]:
    """How many positions are equal, and those that are not; the statuses of each side are counted."""
    equal, found = 0, list[Difference]()
    for before, after in pairs:
        for position, counted in zip((before, after), counts, strict=True):
            if position is not None:
                counted[position["status"]] += 1
        if before == after:
            equal += 1
        else:
            product, model, metric = merging.key("positions", before or after or {})
            found.append(Difference(product, model, metric, before, after))
    return equal, found


def _side(source: Source, head: dict[str, Any], statuses: Counter[str]) -> Side:
    """A side after it was read. Raises SnapshotFault when its head is not that of a snapshot of this version."""
    if head.get("format") != FORMAT or head.get("format_version") != FORMAT_VERSION:
        raise SnapshotFault(f"{source.place} is no snapshot of Elpis that this version reads: its format is another")
    day, currency = head.get("as_of"), head.get("currency")
    try:
        known = date.fromisoformat(day if isinstance(day, str) else "").isoformat()
    except ValueError:
        raise SnapshotFault(f"{source.place} is no snapshot of Elpis: it has no day") from None
    place, told = source.place, source.told
    counted = dict(sorted(statuses.items()))
    return Side(place, known, str(currency), source.trust, told, source.book, source.rulebook, counted)


def _rank(one: Difference) -> tuple[int, int, str]:
    """The most important group first; in it what lacks most, before or after."""
    return shape.GROUPS.index(one.group), -max(shape.lack(one.after), shape.lack(one.before)), one.key
