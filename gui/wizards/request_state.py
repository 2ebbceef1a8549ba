"""What is typed into the request wizard, kept apart from its pages: going back loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from gui.desk import Desk
from rules.vocabulary import ENTITLEMENT, TITLE
from store.errors import KnownFault
from store.portal import requests
from store.portal.records import Effect, Line, Request, Span
from store.portal.requests import EntitlementOffer, TitleOffer


@dataclass(frozen=True)
class Wish:
    """An entitlement as it is typed: whether it is wanted, and how many of it from when to when (None: no end)."""

    wanted: bool
    span: Span


Key = tuple[str, str]
"""A title and one of its entitlements."""


@dataclass
class State:
    """The holder, the chosen titles and what is wished of their entitlements. Whoever sits here is the requester."""

    desk: Desk
    holder: str = ""
    titles: list[str] = field(default_factory=list[str])
    wishes: dict[Key, Wish] = field(default_factory=dict[Key, Wish])
    number: str = ""
    _offered: tuple[str, dict[str, TitleOffer]] = ("", {})

    @property
    def on(self) -> date:
        """The day of the request: today, whatever day the book is judged on."""
        return self.desk.today

    @property
    def requester(self) -> str:
        """Who asks."""
        return self.desk.book.who

    def offers(self) -> dict[str, TitleOffer]:
        """Every title as it is offered to the holder, by its name."""
        if not self._offered[1] or self._offered[0] != self.holder:
            found = requests.offers(self.desk.book, self.holder, self.on)
            self._offered = self.holder, {one.title: one for one in found}
        return self._offered[1]

    def choose(self, title: str, *, chosen: bool) -> None:
        """Put a title into the request, or take it out; what was typed for its entitlements is kept."""
        if chosen and title not in self.titles:
            self.titles.append(title)
        elif not chosen and title in self.titles:
            self.titles.remove(title)

    def chosen(self) -> list[TitleOffer]:
        """The chosen titles that are still offered, by name."""
        return [one for name, one in self.offers().items() if name in self.titles and one.offered]

    def wish(self, title: str, offer: EntitlementOffer) -> Wish:
        """What is wished of an entitlement: as typed, else as proposed."""
        held = self.wishes.get((title, offer.definition)) or Wish(offer.locked, self.proposed(offer))
        return replace(held, wanted=(held.wanted or offer.locked) and offer.offered)

    def proposed(self, offer: EntitlementOffer) -> Span:
        """One from today for a year; of what is held as many, a year longer, from when it began if it still runs."""
        held = offer.held
        if held is None:
            return Span(1, self.on, self.on + relativedelta(years=1) - timedelta(1))
        if held.end is None:
            return held
        runs = held.end >= self.on
        start = held.start if runs else self.on
        first = held.end + timedelta(1) if runs else self.on
        return Span(held.quantity, start, first + relativedelta(years=1) - timedelta(1))

    def request(self) -> Request:
        """The request as it stands: each title with its entitlements, numbered in their order."""
        lines = [replace(one, line=str(place)) for place, one in enumerate(self._lines(), 1)]
        return Request(self.number.strip(), self.requester, self.holder.strip(), self.on, tuple(lines))

    def _lines(self) -> Iterator[Line]:
        for title in self.chosen():
            yield Line("", TITLE, title.title)
            for offer in title.entitlements:
                wish = self.wish(title.title, offer)
                if wish.wanted:
                    held = wish.span
                    yield Line("", ENTITLEMENT, title.title, offer.definition, held.quantity, held.start, held.end)

    def preview(self) -> list[Effect] | str:
        """What each line would lead to; a sentence where the request cannot be judged."""
        try:
            return requests.preview(self.desk.book, self.request())
        except KnownFault as fault:
            return str(fault)

    @property
    def typed(self) -> bool:
        """Whether something would be lost by leaving."""
        return bool(self.titles)
