"""The events of a snapshot, automatic and manual, as JSON in the order of their public key.

There are several for each contract item, and their order (day, kind, contract, product, model, metric, item, lead) is
that of no table. So the items are read once, in the order of their keys, and what all events of an item share is kept
as one text; the events are read once, in the order in which they lie, and each is kept as one number that sorts as its
key does. Looking up the item of each event in the database takes three times as long, and longer the larger the book.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from operator import itemgetter
from typing import Final, NamedTuple

from rules.vocabulary import EVENT_KINDS
from store.book import Book
from store.snapshots.lists import units

_CUT: Final = "\x01"
"""Separates the pieces of a text; JSON holds no control character."""

_END: Final = "a"
"""Behind every day."""

_KINDS: Final = {kind: place for place, kind in enumerate(sorted(EVENT_KINDS))}
_KIND_NAMES: Final = tuple(_KINDS)

# From the highest bit on: kind, place of the source, lead and one, rule. A lead is at most 3,660 days, and a document
# of the rulebook has at most 200 rules.
_LEAD: Final = 8
_SOURCE: Final = _LEAD + 12
_KIND: Final = _SOURCE + 34
_ANY_RULE, _ANY_LEAD, _ANY_SOURCE = (1 << _LEAD) - 1, (1 << _SOURCE - _LEAD) - 1, (1 << _KIND - _SOURCE) - 1


class _Sources(NamedTuple):
    """What events come from, in the order of their keys: contract items, and contracts (with their ids below zero).

    A text is the JSON of an event in four pieces; between them stand the warning lead, the kind, the day and the rule.
    """

    texts: list[str]
    places: dict[int, int]
    """Id -> place in `texts`."""


class _Marks(dict[tuple[str, int, str], int]):
    """Kind, lead and rule of an event -> their part of its number."""

    def __init__(self) -> None:
        super().__init__()
        self.rules: list[str] = []

    def __missing__(self, mark: tuple[str, int, str]) -> int:
        kind, lead, rule = mark
        if rule not in self.rules:
            self.rules.append(rule)
        self[mark] = number = _KINDS[kind] << _KIND | lead + 1 << _LEAD | self.rules.index(rule)
        return number


def events(book: Book, *, since: str | None = None, before: str | None = None) -> Iterator[bytes]:
    """The events, each as one element: all, or those since a day and before another."""
    sources = _sources(book)
    marks = _Marks()
    span = (since or "", before or _END)
    days = _by_day(book, sources.places, marks, span)
    manual = _manual(book, span)
    for day in sorted(days.keys() | manual.keys()):
        automatic = _elements(sources.texts, marks.rules, day, days.get(day, ()))
        for _, element in merge(automatic, manual[day], key=itemgetter(0)) if day in manual else automatic:
            yield element.encode()


def _sources(book: Book) -> _Sources:
    """Contracts sorted by number, and behind each of them its items."""
    texts: list[str] = []
    places: dict[int, int] = {}
    items = book.each(_ITEMS)
    contract, item, text = next(items, _NONE)
    for number, own in book.each(_CONTRACTS):
        places[-number] = len(texts)
        texts.append(own)
        while contract == number:
            places[item] = len(texts)
            texts.append(text)
            contract, item, text = next(items, _NONE)
    return _Sources(texts, places)


def _by_day(book: Book, places: Mapping[int, int], marks: _Marks, span: tuple[str, str]) -> dict[str, array[int]]:
    """The automatic events of each day as numbers."""
    days: dict[str, array[int]] = defaultdict(lambda: array("q"))
    sql = (
        "SELECT on_day, coalesce(item_id, -contract_id), kind, lead, rule FROM events WHERE on_day >= ? AND on_day < ?"
    )
    for day, source, kind, lead, rule in book.each(sql, span):
        days[day].append(marks[kind, lead, rule] | places[source] << _SOURCE)
    return days


def _elements(texts: list[str], rules: list[str], day: str, numbers: Iterable[int]) -> Iterator[tuple[str, str]]:
    """The automatic events of a day in their order: kind and element."""
    for number in sorted(numbers):
        kind = _KIND_NAMES[number >> _KIND]
        because, contract, metric, product = texts[number >> _SOURCE & _ANY_SOURCE].split(_CUT)
        lead = (number >> _LEAD & _ANY_LEAD) - 1
        warning = f',"setting:warning_leads/{lead}"' if lead > 0 else ""
        rule = rules[number & _ANY_RULE]
        yield kind, f'{because}{warning}{contract}{kind}{metric}{day}{product}{rule}"}}'


def _manual(book: Book, span: tuple[str, str]) -> dict[str, list[tuple[str, str]]]:
    """The manual events of each day in their order: kind and element. No kind is both automatic and manual."""
    days: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for day, kind, element in book.each(_MANUAL, span):
        days[day].append((kind, element))
    return days


_NONE: Final = (0, 0, "")

_CONTRACTS: Final = """
SELECT c.id,
    '{"automatic":true,"because":[' || json_quote('contract:' || c.contract) || char(1)
        || '],"contract":' || json_quote(c.contract) || ',"item":null,"kind":"' || char(1)
        || '","metric":null,"model":null,"on":"' || char(1) || '","product":null,"quantity":null,"rule":"'
FROM contracts c ORDER BY c.contract"""

_ITEMS: Final = f"""
SELECT c.id, i.id,
    '{{"automatic":true,"because":[' || json_quote('contract_item:' || c.contract || '/' || i.item) || char(1)
        || '],"contract":' || json_quote(c.contract) || ',"item":' || json_quote(i.item) || ',"kind":"' || char(1)
        || '","metric":' || json_quote(m.code) || ',"model":"' || i.model || '","on":"' || char(1)
        || '","product":' || json_quote(p.product) || ',"quantity":' || json_quote({units("i.quantity")})
        || ',"rule":"'
FROM contracts c JOIN contract_items i ON i.contract_id = c.id JOIN products p ON p.id = i.product_id
JOIN metrics m ON m.id = i.metric_id ORDER BY c.contract, p.product, i.model, m.code, i.item"""

_MANUAL: Final = """
SELECT e.on_day, e.kind,
    json_object('automatic', json('false'), 'because', json_array(), 'contract', c.contract, 'item', NULL,
    'kind', e.kind, 'metric', NULL, 'model', NULL, 'on', e.on_day, 'product', NULL, 'quantity', NULL, 'rule', NULL)
FROM manual_events e JOIN contracts c ON c.id = e.contract_id WHERE e.on_day >= ? AND e.on_day < ?
ORDER BY e.on_day, e.kind, c.contract, e.id"""
