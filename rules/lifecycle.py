"""What the calendar shows by itself: the events of contracts and of purchases (rulebook/lifecycle.toml).

The rules see a purchase by its length and its place in the series, not by its days: purchases that differ in nothing
but their first day are judged once, and their events stand as many days after it.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple, cast

from rules import library
from rules.formulas import days
from rules.language import Rule
from rules.terms import Fact, Facts

Lot = tuple[int, int, str, int]
"""A purchase as it is stored: first day, invoice day, key, last day (ordinals; `NEVER` without end)."""

Mark = tuple[int, str, int, str]
"""An event before it has a day: days after the first valid day, kind, lead, rule."""

NO_LEAD: Final = -1
"""Lead of an event that is no warning."""


class Purchase(NamedTuple):
    """A purchase in the series of its entitlement: 1 is the first; continued is 1 when a later one takes over."""

    number: int
    starts_on: int
    ends_on: int
    continued: int


class Event(NamedTuple):
    """An automatic event and its day; lead holds the days before the end for a warning, else `NO_LEAD`."""

    kind: str
    on: int
    lead: int
    rule: str


class Invoice(NamedTuple):
    """What the rules see of a contract: the day of its invoice, 0 where there is none."""

    invoiced_on: int


class Term(NamedTuple):
    """What the rules see of a purchase: days from its first to its last valid day, `NEVER` without end."""

    number: int
    days: int
    continued: int


class Warned(NamedTuple):
    """What the rules see of a warning that could be due `lead` days before the last valid day."""

    days: int
    continued: int
    lead: int


def series(lots: Sequence[Lot]) -> list[Purchase]:
    """Return the purchases of one entitlement, in the order given, numbered by first day, invoice day and key.

    A purchase is continued when a later one begins no later than the day after its last valid day and lasts longer.
    """
    if len(lots) == 1:
        return [Purchase(1, lots[0][0], lots[0][3], 0)]
    found: dict[int, Purchase] = {}
    longer: list[tuple[int, int]] = []
    order = sorted(range(len(lots)), key=lots.__getitem__)
    for number, position in zip(range(len(lots), 0, -1), reversed(order), strict=True):
        starts_on, _, _, ends_on = lots[position]
        while longer and longer[-1][1] <= ends_on:
            longer.pop()
        continued = int(bool(longer) and longer[-1][0] <= ends_on + 1)
        longer.append((starts_on, ends_on))
        found[position] = Purchase(number, starts_on, ends_on, continued)
    return [found[position] for position in range(len(lots))]


def term(purchase: Purchase) -> Term:
    """Return the fact by which the rules judge a purchase."""
    number, starts_on, ends_on, continued = purchase
    return Term(number, days(starts_on, ends_on), continued)


def purchase_events(purchases: Sequence[Purchase], leads: Iterable[int]) -> list[tuple[Event, ...]]:
    """Return for every purchase its events by day, kind and lead; `leads` are the days of warning before an end.

    Equal purchases share one tuple.
    """
    terms = {purchase: term(purchase) for purchase in dict.fromkeys(purchases)}
    marks = marks_of(list(dict.fromkeys(terms.values())), leads)
    events = {purchase: _placed(purchase.starts_on, marks[seen]) for purchase, seen in terms.items()}
    return [events[purchase] for purchase in purchases]


def invoice_events(invoiced_on: Sequence[int]) -> list[tuple[Event, ...]]:
    """Return for every contract its events; the days are those of the invoices, 0 where there is none.

    Equal days share one tuple.
    """
    days_once = list(dict.fromkeys(invoiced_on))
    marks = _judged("contract", [Invoice(day) for day in days_once], "on")
    events = {day: _placed(0, each) for day, each in zip(days_once, marks, strict=True)}
    return [events[day] for day in invoiced_on]


def marks_of(terms: Sequence[Term], leads: Iterable[int]) -> dict[Term, list[Mark]]:
    """Return for every term its events, as days after the first valid day, in their order."""
    ahead = sorted(set(leads))
    warned = [Warned(length, continued, lead) for _, length, continued in terms for lead in ahead]
    early = iter(_judged("warning", warned, "after"))
    marks: dict[Term, list[Mark]] = {}
    for each, own in zip(terms, _judged("purchase", terms, "after"), strict=True):
        marks[each] = sorted(chain(own, *islice(early, len(ahead))))
    return marks


def _judged(kind: str, facts: Sequence[Fact], day: str) -> list[list[Mark]]:
    """Return for every fact what its rules conclude; `day` is the word under which they say when."""
    fired = library.engine("lifecycle").conclude(kind, facts)
    return [[_mark(rule, (fact,), day) for rule in rules] for rules, fact in zip(fired, facts, strict=True)]


def _mark(rule: Rule, facts: Facts, day: str) -> Mark:
    lead = cast("int", rule.values["lead"](facts)) if "lead" in rule.then else NO_LEAD
    return cast("int", rule.values[day](facts)), cast("str", rule.then["event"]), lead, rule.name


def _placed(starts_on: int, marks: Iterable[Mark]) -> tuple[Event, ...]:
    return tuple([Event(kind, starts_on + after, lead, rule) for after, kind, lead, rule in marks])
