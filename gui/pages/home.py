"""Home: what needs attention in the book on its day, and two pictures. Every number leads to its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.pages import home_portal
from gui.theme import SPACE
from gui.watch import Watch
from gui.widgets.buttons import Link, button
from gui.widgets.card import card
from gui.widgets.charts import Bar, BarChart, WithTable
from gui.widgets.cliff_chart import CliffChart, Step
from gui.widgets.empty import empty
from gui.widgets.layout import clear, column, frame, row, scrolling, stacked
from gui.widgets.text import label
from gui.widgets.tile import Line, Tile
from gui.work import Job, Report, using
from rules.vocabulary import OVER_LICENSED, STATUSES, SUBSCRIPTION, UNDER_LICENSED
from store import attention, calendar, forecast
from store.attention import Amount, Balances, Ending, Expiry, LastImport, Shortage
from store.book import Book
from store.calendar import Own
from store.forecast import Point
from store.matching import deciding
from store.matching.matcher import WAITING
from store.overviews import Ask

_SUBJECTS = frozenset(
    {"compliance", "entitlements", "events", "demand", "findings", "contracts", "matching"} | home_portal.SUBJECTS
)


@dataclass(frozen=True)
class Seen:
    """Everything that the page shows but the pictures of the future."""

    balances: Balances
    expiring: Sequence[Expiry]
    endings: Sequence[Ending]
    shortages: Sequence[Shortage]
    overdue: Sequence[Own]
    stale: int
    last: LastImport | None
    to_match: int
    portal: home_portal.Seen

    @property
    def empty(self) -> bool:
        """Whether the book holds nothing to watch over."""
        watched = self.portal.used or self.overdue or any(self.balances.statuses.values())
        return self.last is None and not watched


def look(book: Book, as_of: date) -> Seen:
    """Ask the book for it."""
    return Seen(
        attention.balances(book),
        attention.expiring(book, as_of),
        attention.endings(book, as_of),
        attention.shortages(book),
        calendar.overdue(book, as_of),
        attention.stale_demand(book),
        attention.last_import(book),
        deciding.count(book),
        home_portal.look(book, as_of),
    )


def make(desk: Desk) -> QWidget:
    """The page."""
    return HomePage(desk)


class HomePage(QWidget):
    """Six tiles, two charts, two short lists, a row about requests; or, for an empty book, how to fill it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.seen: Seen | None = None
        self.points: Sequence[Point] = ()
        self._ahead: Job | None = None
        self.tiles = {code: Tile(icon, meaning, title) for code, icon, meaning, title in _TILES}
        self.statuses = WithTable("Positions by status", BarChart("Positions by status"), ("Status", "Positions"))
        self.cliff = WithTable("The next twelve months", CliffChart("The next twelve months"), _CLIFF, _CLIFF_ABOUT)
        self.shortages, self.endings = QVBoxLayout(), QVBoxLayout()
        self.portal = home_portal.PortalRow(desk)
        self._build()
        self.statuses.chart.chosen.connect(self._open_status)
        self.cliff.chart.chosen.connect(self._open_day)
        self._watch = Watch(self, desk, _SUBJECTS.intersection, self._ask)

    # -------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        self.about = label("", "muted")
        edge = 3 * SPACE
        body = column(
            column(label("Home", "title"), self.about, gap=4),
            self._build_tiles(*list(self.tiles.values())[:3]),
            self._build_charts(),
            self._build_tiles(*list(self.tiles.values())[3:]),
            self._build_lists(),
            self.portal,
            None,
            gap=2 * SPACE,
            margins=(edge, edge, edge, edge),
        )
        self.stack = stacked(column(scrolling(body)), self._build_empty())
        self.setLayout(column(self.stack, gap=0))

    def _build_tiles(self, *tiles: Tile) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(2 * SPACE)
        for place, tile in enumerate(tiles):
            grid.addWidget(tile, 0, place)
            grid.setColumnStretch(place, 1)
        return grid

    def _build_charts(self) -> QWidget:
        edge = 2 * SPACE
        made = QWidget()
        cards = [frame("card", column(one, margins=(edge, edge, edge, edge))) for one in (self.statuses, self.cliff)]
        line = row(*cards, gap=2 * SPACE)
        line.setStretch(0, 4)
        line.setStretch(1, 7)
        made.setLayout(line)
        made.setFixedHeight(272)
        return made

    def _build_lists(self) -> QWidget:
        made = QWidget()
        line = row(_list("Largest shortfalls", self.shortages), _list("Next to expire", self.endings), gap=2 * SPACE)
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        made.setLayout(line)
        return made

    def _build_empty(self) -> QWidget:
        ways = [button("Import…", lambda: self.desk.go(Place("import")), icon="download", kind="primary")]
        if "add-contract" in self.desk.reaches:
            ways.append(button("Add contract", lambda: self.desk.go(Place("add-contract")), icon="plus"))
        return empty(
            "house",
            "This book is empty",
            "Bring in what you have: contracts, products, and what is installed or counted. Then this page shows what"
            " is missing, what ends soon, and what it costs.",
            *ways,
        )

    # --------------------------------------------------------------------------------------------------------- asking
    def arrive(self, _: Place) -> None:
        """Ask the book again if it has changed meanwhile."""
        if self._watch.stale:
            self._ask()

    def _ask(self) -> None:
        if not self.desk.is_open:
            return
        self._watch.stale = False
        book, as_of = self.desk.book, self.desk.as_of

        def see(report: Report) -> Seen:
            with using(book, report):
                return look(book, as_of)

        def ahead(report: Report) -> list[Point]:
            with using(book, report):
                return forecast.year(book, as_of=as_of, progress=report)

        if self._ahead is not None:
            self._ahead.cancel()
        run = self.desk.work.run
        run("", see, partial(self._show, as_of), lane="home", owner=self)
        self._ahead = run("Looking twelve months ahead", ahead, self._show_cliff, lane="ahead", owner=self)
        self._ahead.ended.connect(self._forget)

    def _forget(self) -> None:
        if self._ahead is not None and not self._ahead.running:
            self._ahead = None

    # --------------------------------------------------------------------------------------------------------- showing
    def _show(self, as_of: date, seen: Seen) -> None:
        self.seen = seen
        self.stack.setCurrentIndex(1 if seen.empty else 0)
        self.about.setText(f"What needs attention as of {wording.day(as_of)}")
        self._show_balances(seen.balances)
        self._show_days(as_of, seen)
        self._show_rest(seen)
        self.portal.show_seen(as_of, seen.portal)
        counts = seen.balances.statuses
        self.statuses.chart.show_bars(
            [Bar(code, counts[code], f"{wording.plural(counts[code], 'position')} {_IS[code]}.") for code in _ORDER]
        )
        self.statuses.fill()
        _fill(self.shortages, [self._shortage(one) for one in seen.shortages], "Nothing is short on this day.")
        _fill(self.endings, [self._ending(one) for one in seen.endings], "Nothing expires within 90 days.")

    def _show_balances(self, found: Balances) -> None:
        short = [
            Line(
                wording.to_close(one.currency, one.positions, one.value, every=len(found.short) == 1),
                self._to_amount(UNDER_LICENSED, one),
            )
            for one in found.short
        ]
        figure = self._to("compliance", attention.ask_amount(UNDER_LICENSED))
        nothing = [Line("Nothing is short.")]
        self.tiles["short"].show_figure(found.statuses[UNDER_LICENSED], short or nothing, figure)
        lines = [
            Line(wording.to_cancel(one.currency, one.positions, one.value), self._to_amount(OVER_LICENSED, one))
            for one in found.rented
        ] or [Line("No subscription has more than is needed.")]
        if found.owned:
            owned = self._to("compliance", attention.ask_owned())
            lines.append(Line(f"{wording.plural(found.owned, 'perpetual position')} with surplus", owned))
        figure = self._to("compliance", attention.ask_amount(OVER_LICENSED, model=SUBSCRIPTION))
        self.tiles["surplus"].show_figure(sum(one.positions for one in found.rented), lines, figure)

    def _show_days(self, as_of: date, seen: Seen) -> None:
        *earlier, last = seen.expiring
        lines = [
            Line(f"{wording.number(one.entitlements)} within {one.within} days", self._to_expiring(as_of, one))
            for one in earlier
            if one.entitlements
        ]
        nothing = [Line("No entitlement ends until then.")]
        until = self._to_expiring(as_of, last)
        self.tiles["expiring"].show_figure(last.entitlements, lines or nothing[: not last.entitlements], until)
        reminders = [Line(f"{one.on.isoformat()}  {one.name}", self._to_calendar(one.on)) for one in seen.overdue[:2]]
        self.tiles["overdue"].show_figure(
            len(seen.overdue), reminders or [Line("No reminder is waiting.")], self._to_calendar(None)
        )

    def _show_rest(self, seen: Seen) -> None:
        told = "Counted more than 90 days ago" if seen.stale else "All counts are from the last 90 days."
        self.tiles["stale"].show_figure(seen.stale, [Line(told)], self._to("demand", Ask(filter="stale")))
        lines: list[Line] = []
        findings = seen.last.severities if seen.last else {}
        open_ = partial(self.desk.go, Place("findings")) if findings else None
        lines += [Line(text, open_) for _, text in wording.found(findings)]
        if seen.last is None:
            lines.append(Line("Nothing was imported yet."))
        else:
            lines.append(Line(f"{seen.last.source}, {wording.moment(seen.last.at)}"))
        if seen.to_match:
            text = f"{wording.plural(seen.to_match, 'name')} of software to match"
            lines.append(Line(text, self._to("matching", Ask(filter=WAITING))))
        self.tiles["findings"].show_figure(sum(findings.values()), lines, open_)

    def _show_cliff(self, points: Sequence[Point]) -> None:
        self.points = points
        steps = [
            Step(
                point.on,
                point.shortfall,
                point.ended > 0,
                wording.cliff(point.on, point.positions, point.shortfall, point.ended, first=number == 0),
                (point.on.isoformat(), *map(wording.number, (point.positions, -point.shortfall, point.ended))),
            )
            for number, point in enumerate(points)
        ]
        self.cliff.chart.show_steps(steps, forecast.until(points[0].on))
        self.cliff.fill()

    def _shortage(self, one: Shortage) -> QWidget:
        cost = f", {wording.amount(one.cost, one.currency)}" if one.cost is not None else ""
        return _row(
            one.product,
            f"{wording.number(-one.units)}{cost}",
            self._to_record("position", one.key, "compliance", one.product),
        )

    def _ending(self, one: Ending) -> QWidget:
        return _row(one.name, one.on.isoformat(), self._to_record("entitlement", one.key, "entitlements", one.product))

    # ---------------------------------------------------------------------------------------------------------- places
    def _to(self, page: str, ask: Ask) -> Callable[[], object] | None:
        return partial(self.desk.go, Place(page, ask=ask)) if page in self.desk.reaches else None

    def _to_amount(self, status: str, one: Amount) -> Callable[[], object] | None:
        model = SUBSCRIPTION if status == OVER_LICENSED else None
        return self._to("compliance", attention.ask_amount(status, one.currency, model))

    def _to_expiring(self, as_of: date, one: Expiry) -> Callable[[], object] | None:
        return self._to("entitlements", attention.ask_expiring(as_of, one.until))

    def _to_calendar(self, on: date | None) -> Callable[[], object] | None:
        key = "" if on is None else on.isoformat()
        return partial(self.desk.go, Place("calendar", key, "agenda")) if "calendar" in self.desk.reaches else None

    def _to_record(self, noun: str, key: str, page: str, product: str) -> Callable[[], object] | None:
        if noun in self.desk.reaches:
            return partial(self.desk.go, Place(noun, key))
        return self._to(page, Ask(where=(("product", product),)))

    def _open_status(self, number: int) -> None:
        if run := self._to("compliance", Ask(filter=_ORDER[number])):
            run()

    def _open_day(self, number: int) -> None:
        """What the book shows on that day is what it shows when it is judged on it."""
        day = self.points[number].on
        if day != self.desk.as_of and not self.desk.read_only:
            self.desk.judge(day)
            self.desk.tell(f"The book is being judged as of {day.isoformat()}. Today brings you back.")
        if run := self._to("compliance", attention.ask_amount(UNDER_LICENSED)):
            run()


_TILES = (
    ("short", "circle-alert", "negative", "Under-licensed"),
    ("surplus", "circle-arrow-up", "info", "Surplus to cancel"),
    ("expiring", "clock-alert", "warning", "Expires within 90 days"),
    ("overdue", "bell-ring", "warning", "Overdue reminders"),
    ("stale", "hourglass", "muted", "Stale demand"),
    ("findings", "clipboard-list", "muted", "Findings of the last import"),
)
_CLIFF = ("From", "Positions short", "Licenses missing", "Terms ended")
_CLIFF_ABOUT = "Licenses missing if nothing is renewed. Choose a dot to judge the book on that day."
_ORDER = tuple(sorted(STATUSES, key=(UNDER_LICENSED, "compliant", OVER_LICENSED).index))
_IS = {
    UNDER_LICENSED: "with fewer licenses than needed",
    "compliant": "with exactly what is needed",
    OVER_LICENSED: "with more than needed",
}


def _list(title: str, inner: QVBoxLayout) -> QFrame:
    inner.setSpacing(2)
    return card(title, inner, None)


def _fill(box: QVBoxLayout, rows: Sequence[QWidget], nothing: str) -> None:
    clear(box)
    for one in rows or [label(nothing, "muted")]:
        box.addWidget(one)


def _row(name: str, detail: str, run: Callable[[], object] | None) -> QWidget:
    made = QWidget()
    told = label(name) if run is None else Link(name, run)
    line = row(told, label(detail, "muted"), gap=2 * SPACE)
    line.setStretch(0, 1)
    made.setLayout(line)
    return made
