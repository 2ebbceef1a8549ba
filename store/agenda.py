"""Reads the calendar: how many events each day has, and the events of a day or of a stretch of days.

A large book has hundreds of thousands of events, so nothing here hands out more than a screen can show. Automatic
events, the last days of optional entitlements and events of one's own stand side by side; of the latter, every day on
which they come again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from rules import recurrence
from rules.vocabulary import DEPLOYMENT_END, EVENT_KINDS, MANUAL_KINDS, REVIEW_DUE
from store import overviews
from store.book import Book, Row
from store.errors import Unknown
from store.listing.events import MANUAL
from store.portal import endings
from store.reviews import dues

Kinds = Collection[str] | None
"""The kinds of events that are asked for; None for all."""

Counts = dict[date, dict[str, int]]
"""Day -> kind -> number of events; days without any are left out."""


@dataclass(frozen=True)
class Entry:
    """An event on one of its days. `key` is its public key in the overview of events, `number` the id of its row.

    `name` is what a person called it, "" for automatic ones; `lead` holds the days before an end, -1 for no warning.
    Of the end of an optional entitlement, `name` says what ends for whom, and `authorization` on which authorization;
    of what a review has decided, `name` is the decision and who sees to it ("buy|Purchasing"), `review` its title.
    `first` is the day from which one's own event repeats; `done` says whether it is acknowledged (by oneself).
    """

    key: str
    number: int
    on: date
    kind: str
    contract: str
    contract_name: str
    item: str = ""
    product: str = ""
    model: str = ""
    metric: str = ""
    quantity: int | None = None
    lead: int = -1
    rule: str = ""
    done: bool = False
    name: str = ""
    first: date | None = None
    repeat: str = recurrence.ONCE
    remind_at: str = ""
    remind_days: int = 0
    authorization: str = ""
    review: str = ""

    @property
    def automatic(self) -> bool:
        """Whether it follows something else, by a rule or by the decision of a review, and cannot be edited."""
        return bool(self.rule or self.review)


@dataclass(frozen=True)
class Page:
    """Entries in the order of their days, and the mark to ask for the next ones; None where there are no more."""

    entries: list[Entry]
    after: tuple[str, int] | None


_ENTRY: Final = """
SELECT e.id, e.on_day, e.kind, c.contract, c.name, coalesce(i.item, ''), coalesce(p.product, ''), coalesce(i.model, ''),
    coalesce(m.code, ''), i.quantity, e.lead, e.rule, EXISTS (
        SELECT 1 FROM acknowledgements a WHERE a.contract = c.contract AND a.item = coalesce(i.item, '')
        AND a.kind = e.kind AND a.lead = e.lead AND a.on_day = e.on_day AND a.who = ?)
FROM events e JOIN contracts c ON c.id = e.contract_id LEFT JOIN contract_items i ON i.id = e.item_id
LEFT JOIN products p ON p.id = i.product_id LEFT JOIN metrics m ON m.id = i.metric_id"""

_OWN: Final = """
SELECT e.id, e.on_day, e.kind, c.contract, c.name, e.name, e.repeat, e.remind_at, e.remind_days,
    coalesce(e.acknowledged_on, '') FROM manual_events e JOIN contracts c ON c.id = e.contract_id"""


def counts(book: Book, first: date, last: date, kinds: Kinds = None) -> Counts:
    """How many events of each kind the days from first to last have."""
    found: Counts = {}
    test, values = _of_kinds(
        EVENT_KINDS if kinds is None else kinds
    )  # a large book has an index that begins with kinds
    sql = f"SELECT on_day, kind, count(*) FROM events e WHERE on_day BETWEEN ? AND ?{test} GROUP BY 2, 1"
    for day, kind, number in book.each(sql, (first.isoformat(), last.isoformat(), *values)):
        found.setdefault(date.fromisoformat(day), {})[kind] = number
    for kind, origin in _origins(kinds):
        for day, number in origin.counts(book, first, last):
            found.setdefault(date.fromisoformat(day), {})[kind] = number
    for entry in _own(book, first, last, kinds):
        of_day = found.setdefault(entry.on, {})
        of_day[entry.kind] = of_day.get(entry.kind, 0) + 1
    return found


def of_day(book: Book, day: date, kinds: Kinds = None, limit: int = 200) -> list[Entry]:
    """The events of a day, one's own first, then by kind and contract; at most `limit` automatic ones."""
    test, values = _of_kinds(kinds)
    sql = f"{_ENTRY} WHERE e.on_day = ?{test} ORDER BY e.kind, c.contract, i.item, e.lead LIMIT ?"
    rows = book.rows(sql, (book.who, day.isoformat(), *values, limit))
    return [*_own(book, day, day, kinds), *_read(book, day, day, kinds, limit=limit), *map(_entry, rows)]


def page(
    book: Book,
    first: date,
    last: date,
    kinds: Kinds = None,
    *,
    after: tuple[str, int] | None = None,
    limit: int = 200,
) -> Page:
    """The events from first to last, a page at a time: hand the mark of one page in for the next."""
    test, values = _of_kinds(kinds)
    mark = after or (first.isoformat(), -1)
    sql = f"{_ENTRY} WHERE (e.on_day, e.id) > (?, ?) AND e.on_day <= ?{test} ORDER BY e.on_day, e.id LIMIT ?"
    entries = [_entry(row) for row in book.rows(sql, (book.who, *mark, last.isoformat(), *values, limit))]
    ends = _read(book, first, last, kinds, after=after, limit=limit)
    entries = sorted([*entries, *ends], key=lambda entry: (entry.on, entry.number))[:limit]
    more = len(entries) == limit
    begin = date.fromisoformat(mark[0]) if after else first
    until = entries[-1].on if more else last
    own = [entry for entry in _own(book, begin, until, kinds) if not after or entry.on > begin]
    rest = (entries[-1].on.isoformat(), entries[-1].number) if more else None
    return Page(sorted([*own, *entries], key=lambda entry: (entry.on, entry.automatic)), rest)


def neighbor(book: Book, day: date, last: date, kinds: Kinds = None) -> date | None:
    """The nearest day after `day` that has events and does not lie behind `last`; before it, where `last` does."""
    forward = last > day
    test, values = _of_kinds(kinds)
    pick, sign, low, high = ("min", ">", day, last) if forward else ("max", "<", last, day)
    bounds = (day.isoformat(), low.isoformat(), high.isoformat())
    sql = f"SELECT {pick}(on_day) FROM events e WHERE on_day {sign} ? AND on_day BETWEEN ? AND ?{test}"
    found = book.value(sql, (*bounds, *values))
    days = [entry.on for entry in _own(book, low, high, kinds) if entry.on != day]
    others = [origin.neighbor(book, day, low, high, forward=forward) for _, origin in _origins(kinds)]
    days += [date.fromisoformat(text) for text in (found, *others) if text]
    return (min(days) if forward else max(days)) if days else None


def one(book: Book, key: str) -> Entry:
    """The event of that public key, one's own on its first day. Raises Unknown."""
    kind, _, number = key.partition("|")
    for origin in (endings, dues) if number.isdecimal() else ():
        entry = origin.one(book, int(number)) if kind == origin.KEY else None
        if entry is not None:
            return _ENTRIES[origin.KEY](entry)
    row = overviews.find(book, "events", key)
    if row is None:
        raise Unknown(f"the calendar has no event {key!r}.")
    if row % 2:
        return _shown(book.rows(f"{_OWN} WHERE e.id = ?", (row // 2,))[0])
    return _entry(book.rows(f"{_ENTRY} WHERE e.id = ?", (book.who, row // 2))[0])


def every(book: Book, first: date, last: date, kinds: Kinds = None) -> Iterator[Entry]:
    """Every automatic event from first to last in the order of days, then one's own that come there, each once."""
    test, values = _of_kinds(kinds)
    sql = f"{_ENTRY} WHERE e.on_day BETWEEN ? AND ?{test} ORDER BY e.on_day, e.id"
    yield from map(_entry, book.each(sql, (book.who, first.isoformat(), last.isoformat(), *values)))
    yield from _read(book, first, last, kinds)
    for row in _own_rows(book, kinds):
        entry = _shown(row)
        if next(recurrence.occurrences(entry.on, entry.repeat, first, last), None) is not None:
            yield entry


def total(book: Book, first: date, last: date, kinds: Kinds = None) -> int:
    """How many automatic events and ends of optional entitlements there are from first to last."""
    test, values = _of_kinds(kinds)
    sql = f"SELECT count(*) FROM events e WHERE on_day BETWEEN ? AND ?{test}"
    ends = sum(number for _, origin in _origins(kinds) for _, number in origin.counts(book, first, last))
    return book.value(sql, (first.isoformat(), last.isoformat(), *values)) + ends


def _origins(kinds: Kinds) -> list[tuple[str, Any]]:
    """What is read and never stored, by kind: last days of optional entitlements, due days of reviews."""
    return [one for one in ((DEPLOYMENT_END, endings), (REVIEW_DUE, dues)) if kinds is None or one[0] in kinds]


def _read(
    book: Book, first: date, last: date, kinds: Kinds, *, after: tuple[str, int] | None = None, limit: int = -1
) -> list[Entry]:
    """The events from first to last that are read and never stored, in the order of days."""
    found = [
        _ENTRIES[origin.KEY](row)
        for _, origin in _origins(kinds)
        for row in origin.rows(book, first, last, after, limit)
    ]
    return sorted(found, key=lambda entry: (entry.on, entry.number))


def _ending(row: Row) -> Entry:
    number, day, contract, contract_name, product, quantity, definition, holder, authorization, done = row
    return Entry(
        *(f"{endings.KEY}|{number}", endings.ABOVE + number, date.fromisoformat(day), DEPLOYMENT_END),
        *(contract, contract_name),
        product=product,
        quantity=quantity,
        rule=endings.RULE,
        done=bool(done),
        name=f"{definition} for {holder}",
        authorization=authorization,
    )


def _due(row: Row) -> Entry:
    number, day, review, product, model, metric, decision, responsible, done = row
    return Entry(
        *(f"{dues.KEY}|{number}", dues.ABOVE + number, date.fromisoformat(day), REVIEW_DUE, "", ""),
        product=product,
        model=model,
        metric=metric,
        done=bool(done),
        name=f"{decision}|{responsible}",
        review=review,
    )


_ENTRIES: Final = {endings.KEY: _ending, dues.KEY: _due}


def _of_kinds(kinds: Kinds) -> tuple[str, Sequence[str]]:
    """An SQL condition on the kind of an automatic event, and its values."""
    if kinds is None:
        return "", ()
    return f" AND e.kind IN ({', '.join('?' * len(kinds))})", tuple(kinds)


def _entry(row: Row) -> Entry:
    number, day, *rest, done = row
    kind, contract, name, item, product, model, metric, quantity, lead, rule = rest
    key = f"{contract}|{item}|{kind}|{lead}"
    parts = (kind, contract, name, item, product, model, metric, quantity, lead, rule)
    return Entry(key, number, date.fromisoformat(day), *parts, done=bool(done))


def _own(book: Book, first: date, last: date, kinds: Kinds) -> list[Entry]:
    """One's own events on each of their days from first to last, in the order of days."""
    found: list[Entry] = []
    for row in _own_rows(book, kinds):
        entry = _shown(row)
        days = recurrence.occurrences(entry.on, entry.repeat, first, last)
        found += [replace(entry, on=on, done=on.isoformat() <= row[9]) for on in days]
    return sorted(found, key=lambda entry: (entry.on, entry.number))


def _own_rows(book: Book, kinds: Kinds) -> list[Row]:
    if kinds is not None and not set(kinds) & set(MANUAL_KINDS):
        return []
    test, values = _of_kinds(kinds)
    return book.rows(f"{_OWN} WHERE 1{test} ORDER BY e.id", values)


def _shown(row: Row) -> Entry:
    """One's own event on its first day."""
    number, day, kind, contract, contract_name, name, repeat, remind_at, remind_days, done = row
    on = date.fromisoformat(day)
    return Entry(
        *(f"{MANUAL}|{number}", number, on, kind, contract, contract_name),
        done=day <= done,
        name=name,
        first=on,
        repeat=repeat,
        remind_at=remind_at,
        remind_days=remind_days,
    )


def before(entry: Entry) -> date | None:
    """The day of one's own event before the one that the entry stands for; None where that is the first."""
    first = entry.first or entry.on
    found = recurrence.latest(first, entry.repeat, entry.on - timedelta(days=1))
    return found if entry.repeat != recurrence.ONCE else None
