"""Reminders of events of one's own: those that are due, and those that were missed while the program was closed.

A bar for the top of a page, hidden while there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui import event_words, wording
from gui.desk import Desk, Place
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button, explain
from gui.widgets.layout import Part, clear, column, frame, row
from gui.widgets.message import announce
from gui.widgets.text import label, picture
from rules.vocabulary import REVIEW_DUE
from store import calendar
from store.book import Book
from store.calendar import Own
from store.errors import KnownFault
from store.reviews import dues

_SHOWN = 2
_MINUTE = 60_000
_LATER = "reminders/later"
"""Where is remembered what was put off, and until which day."""


def pending(desk: Desk) -> list[Own]:
    """What there is to be reminded of now: what is overdue first, then what comes soonest."""
    now = desk.now.replace(tzinfo=None)
    begin = datetime.combine(now.date() - timedelta(days=1), time.min)
    reminded = {(one.of.event, one.of.on) for one in calendar.reminders(desk.book, begin, now)}
    today = [own for own in calendar.due(desk.book, desk.today) if not own.days or (own.event, own.on) in reminded]
    later = desk.state.get(_LATER, {})
    found = [*_of_reviews(desk), *calendar.overdue(desk.book, desk.today), *today]
    return [own for own in found if later.get(_mark(desk, own), "") <= desk.today.isoformat()]


def _of_reviews(desk: Desk) -> list[Own]:
    """What reviews have decided and is due or overdue."""
    return [
        Own(dues.ABOVE + number, "", REVIEW_DUE, f"{wording.badge(decision)}: {product}", on, (on - desk.today).days)
        for number, day, _, product, _, _, decision, *_ in dues.pending(desk.book, desk.today)
        for on in (date.fromisoformat(day),)
    ]


def put_off(desk: Desk, own: Own) -> None:
    """Say nothing more of an event before tomorrow."""
    today = desk.today.isoformat()
    held = {mark: day for mark, day in desk.state.get(_LATER, {}).items() if str(day) > today}
    desk.state.put(_LATER, {**held, _mark(desk, own): (desk.today + timedelta(days=1)).isoformat()})


def _mark(desk: Desk, own: Own) -> str:
    return f"{desk.book.path.absolute()}|{own.event}|{own.on.isoformat()}"


def headline(found: Sequence[Own]) -> str:
    """How many reminders there are: "3 reminders, 2 overdue"."""
    overdue = sum(own.days < 0 for own in found)
    late = f", {wording.number(overdue)} overdue" if overdue else ""
    return f"{wording.plural(len(found), 'reminder')}{late}"


class Reminders(QFrame):
    """The bar: one line a reminder, with what can be done about it."""

    told = Signal(int)
    """How many reminders there are."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("kind", "message")
        self.setProperty("severity", "warning")
        self.desk = desk
        self.shown: list[Own] = []
        self._whole = False
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._head = label("", "strong")
        edge = SPACE + 4
        self._more = button("", self._show_all, kind="link")
        above = row(picture("bell-ring", "warning"), self._head, self._more, None, gap=SPACE)
        self.setLayout(column(above, self._rows, gap=0, margins=(edge, SPACE, SPACE, SPACE // 2)))
        self._clock = QTimer(self, interval=_MINUTE)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()
        desk.opened.connect(self.refresh)
        hear(self, desk.changed, lambda subjects: self.refresh() if "events" in subjects else None)
        self.refresh()

    def refresh(self) -> None:
        """Ask the book again."""
        found = pending(self.desk) if self.desk.is_open else []
        if found != self.shown:
            self.shown = found
            self._show()
            self.told.emit(len(found))
        if not found or self.parentWidget() is not None:
            self.setVisible(bool(found))

    def _show(self) -> None:
        clear(self._rows)
        count = len(self.shown)
        self._head.setText(headline(self.shown))
        announce(self, self._head.text())
        shown = self.shown if self._whole else self.shown[:_SHOWN]
        for own in shown:
            self._rows.addWidget(self._row(own))
        self._more.setText("Show fewer" if self._whole else f"Show {wording.number(count - len(shown))} more")
        self._more.setVisible(count > _SHOWN)

    def _show_all(self) -> None:
        self._whole = not self._whole
        self._show()

    def _row(self, own: Own) -> QWidget:
        name = wording.line(own.name)
        short = name if len(name) <= 56 else f"{name[:55]}…"
        link = button(short.replace("&", "&&"), partial(self._open, own), kind="link")
        link.setAccessibleName(name)
        explain(link, f"Show {name} in the calendar")
        late = "overdue since" if own.days < 0 else ""
        when = label(f"{late} {own.on.isoformat()}, {event_words.in_days(own.days)}".strip(), "muted")
        when.setProperty("meaning", "negative" if late else "")
        parts: list[Part] = [24, link, when, None]
        if not self.desk.read_only:
            done = button("Done", partial(self._done, own), icon="check", kind="quiet")
            done.setAccessibleName(f"Mark {name} as done")
            parts.append(done)
        later = button("Tomorrow", partial(self._later, own), icon="clock", kind="quiet")
        later.setAccessibleName(f"Remind of {name} tomorrow")
        return frame("hit", row(*parts, later, gap=SPACE, margins=(0, 0, 0, 0)))

    def _open(self, own: Own) -> None:
        if "calendar" in self.desk.reaches:
            key = f"{dues.KEY}|{own.event - dues.ABOVE}" if own.kind == REVIEW_DUE else f"manual|{own.event}"
            self.desk.go(Place("calendar", key, own.on.isoformat()))

    def _done(self, own: Own) -> None:
        def mark(book: Book) -> None:
            if own.kind == REVIEW_DUE:
                calendar.acknowledge(book, own.event)
            else:
                calendar.acknowledge_own(book, own.event, own.on)

        try:
            self.desk.do(f"Mark {own.name} as done", mark)
        except KnownFault as fault:
            self.desk.tell(str(fault), "error")

    def _later(self, own: Own) -> None:
        put_off(self.desk, own)
        self.refresh()
