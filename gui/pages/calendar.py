"""The calendar: a month, a year or an agenda; the events of a day; each with its reasons or with what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QMenu,
    QMessageBox,
    QPushButton,
    QSplitter,
    QWidget,
)

from gui import event_words, icons, wording
from gui.desk import Desk, Place
from gui.dialogs import question
from gui.pages.calendar_parts import exporting, looks
from gui.pages.calendar_parts.days import DaySurface, months_later
from gui.pages.calendar_parts.details import Details, place_of
from gui.pages.calendar_parts.entries import EntryList
from gui.pages.calendar_parts.month import MonthView
from gui.pages.calendar_parts.year import YearView
from gui.tables.flow import Flow
from gui.theme import SPACE
from gui.watch import Watch
from gui.widgets.buttons import button, explain, icon_button
from gui.widgets.layout import Part, column, row, stacked
from gui.widgets.reminders import Reminders
from gui.widgets.text import label
from gui.work import Job, Report, using
from store import agenda, calendar
from store.agenda import Counts, Entry, Kinds, Page
from store.errors import KnownFault, Unknown

VIEWS = ("month", "year", "agenda")
_FEW = 400
"""Up to so many events in what is shown, they are fetched themselves; above, their numbers alone."""

_OF_DAY = 200
_AHEAD = 12
"""Months that the agenda looks ahead."""

_SIDE = 40 * SPACE

_SUBJECTS = frozenset({"events", "contracts"})
"""What changes the calendar."""


def make(desk: Desk) -> QWidget:
    """The page; a Place names an event by its key, and its day by its tab."""
    return CalendarPage(desk)


class CalendarPage(QWidget):
    """What is shown hangs on three things: the view, the chosen day, and the kinds of events."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.desk = desk
        self.question: QMessageBox | None = None
        self.dialog: QFileDialog | None = None
        self.day = desk.as_of if desk.is_open else desk.today
        self.counts: Counts = {}
        self.view = desk.state.get("calendar/view", VIEWS[0])
        self.hidden = {kind for kind in desk.state.get("calendar/hidden", []) if kind in looks.KINDS}
        self._after: tuple[str, int] | None = None
        self._wanted = ""
        self._jobs: dict[str, Job] = {}
        self._watch = Watch(self, desk, _SUBJECTS.intersection, self.refresh)
        self._build()
        self._connect()
        self._show_view(self.view if self.view in VIEWS else VIEWS[0])

    # ------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        today = self.desk.today
        self.reminders = Reminders(self.desk)
        self.surfaces: dict[str, DaySurface] = {"month": MonthView(today), "year": YearView(today)}
        self.agenda = EntryList("Agenda", days=True)
        self.of_day = EntryList("Events of the day")
        self.details = Details(
            self.desk, {"edit": self.edit, "remove": self.ask_to_remove, "acknowledge": self.acknowledge}
        )
        self.stack = stacked(*self.surfaces.values(), self.agenda)
        self.title = label("", "heading")
        self.day_title = label("", "strong")
        self.day_count = label("", "hint", wrap=True)
        self.nothing = label("Nothing happens on this day.", "muted", wrap=True)
        edge = 3 * SPACE
        whole = column(
            self._head(), self.reminders, self._chips(), self._body(), gap=12, margins=(edge, 2 * SPACE, edge, SPACE)
        )
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self._build_actions()

    def _head(self) -> Part:
        self.today_button = button("Today", lambda: self.choose(self.desk.today))
        self.before = icon_button("chevron-left", "Earlier", lambda: self._turn(-1))
        self.after = icon_button("chevron-right", "Later", lambda: self._turn(1))
        self._group = QButtonGroup(self)
        self.view_buttons = {code: self._view_button(code) for code in VIEWS}
        self.export_button = button("Export…", self._show_export, icon="download", kind="quiet")
        explain(self.export_button, "Export as iCalendar, for other calendars")
        parts: list[Part] = [label("Calendar", "title"), 2 * SPACE, self.before, self.after, self.title, None]
        parts += [self.today_button, SPACE, *self.view_buttons.values(), SPACE, self.export_button]
        self.add_button = button("Add event", self.add, icon="plus", kind="primary")
        if "add-event" not in self.desk.reaches:
            self.add_button.hide()
        return row(*parts, self.add_button, gap=SPACE // 2)

    def _view_button(self, code: str) -> QPushButton:
        made = button(wording.badge(code), partial(self._show_view, code), kind="chip")
        made.setCheckable(True)
        self._group.addButton(made)
        return made

    def _chips(self) -> QWidget:
        self.chips: dict[str, QPushButton] = {}
        place = QWidget()
        self._flow = flow = Flow(place)
        for kind in looks.KINDS:
            made = button("", partial(self._toggle, kind), kind="toggle")
            made.setCheckable(True)
            self.chips[kind] = made
            flow.addWidget(made)
        self._show_chips()
        return place

    def _body(self) -> QWidget:
        head = column(self.day_title, self.day_count, self.nothing, gap=2)
        upper = QWidget()
        upper.setLayout(column(head, self.of_day, gap=SPACE, margins=(0, 0, 0, SPACE)))
        upper.layout().setStretch(1, 1)
        self._upper = upper
        side = QSplitter(Qt.Orientation.Vertical)
        side.addWidget(upper)
        side.addWidget(self.details)
        side.setSizes([240, 360])
        side.setChildrenCollapsible(False)
        side.setFixedWidth(_SIDE)
        made = QWidget()
        whole = row(self.stack, side, gap=3 * SPACE)
        whole.setStretch(0, 1)
        made.setLayout(whole)
        return made

    def _build_actions(self) -> None:
        self.actions_ = {
            "add": self._action("Add event", "Ins", self.add),
            "edit": self._action("Edit event", "F2", lambda: self._with_entry(self.edit)),
            "remove": self._action("Remove event", "Del", lambda: self._with_entry(self.ask_to_remove)),
            "done": self._action("Acknowledge", "Ctrl+Return", lambda: self._with_entry(self.acknowledge)),
        }
        explain(self.add_button, "Add an event of your own", "Ins")

    def _action(self, text: str, keys: str, run: Callable[[], object]) -> QAction:
        made = QAction(text, self)
        made.setShortcut(QKeySequence(keys))
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.triggered.connect(lambda _=False: run())
        self.addAction(made)
        return made

    def _connect(self) -> None:
        for surface in self.surfaces.values():
            surface.moved.connect(self.choose)
            surface.opened.connect(lambda _: self._enter_day())
            surface.leapt.connect(self._leap)
        for one in (self.agenda, self.of_day):
            one.chosen.connect(partial(self._chosen, one))
            one.opened.connect(self._opened)
            one.customContextMenuRequested.connect(partial(self._open_menu, one))
        self.agenda.entries.wanted.connect(self._ask_agenda)
        self.desk.opened.connect(self._reopen)

    # --------------------------------------------------------------------------------------------------------- showing
    def arrive(self, place: Place) -> None:
        """Show the event that a place names, on its day."""
        if place.key:
            try:
                entry = agenda.one(self.desk.book, place.key)
            except Unknown as fault:
                self.desk.tell(str(fault), "warning")
            else:
                self._wanted = place.key
                self.choose(date.fromisoformat(place.tab) if place.tab else entry.on, entry.kind)
        if self._watch.stale:
            self.refresh()
        self.stack.currentWidget().setFocus()

    def choose(self, day: date, kind: str = "") -> None:
        """Go to a day; a `kind` that is hidden is shown."""
        if kind in self.hidden:
            self._toggle(kind)
        known = self.view != "agenda" and self._span() == self._span(day)
        self.day = day
        self._show_title()
        for surface in self.surfaces.values():
            surface.show_day(day, self.desk.as_of)
        if not known or self._watch.stale:
            self.refresh()
        else:
            self._ask_day()

    def refresh(self) -> None:
        """Ask the book again for everything that is shown."""
        if not self.desk.is_open:
            return
        self._watch.stale = False
        self._show_title()
        for surface in self.surfaces.values():
            surface.show_day(self.day, self.desk.as_of)
        if self.view == "agenda":
            self._after = None
            self._ask_agenda(fresh=True)
        else:
            self._ask_day()
        self._ask_counts()

    def kinds(self) -> Kinds:
        """The kinds of events that are shown; None for all."""
        return [kind for kind in looks.KINDS if kind not in self.hidden] if self.hidden else None

    def _span(self, day: date | None = None) -> tuple[date, date]:
        at = day or self.day
        if self.view == "agenda":
            return at, months_later(at, _AHEAD) - timedelta(days=1)
        return self.surfaces[self.view].span(at)

    def _show_title(self) -> None:
        if self.view == "agenda":
            first, last = self._span()
            self.title.setText(f"{first.isoformat()} to {last.isoformat()}")
        else:
            self.title.setText(self.surfaces[self.view].title(self.day))
        self.day_title.setText(wording.day(self.day))
        self.today_button.setEnabled(self.day != self.desk.today)

    def _show_view(self, code: str) -> None:
        self.view = code
        self.desk.state.put("calendar/view", code)
        self.view_buttons[code].setChecked(True)
        shown = self.agenda if code == "agenda" else self.surfaces[code]
        self.stack.setCurrentWidget(shown)
        self._upper.setVisible(code != "agenda")
        for surface in self.surfaces.values():
            surface.show_day(self.day, self.desk.as_of)
        self.refresh()
        shown.setFocus()

    def _turn(self, by: int) -> None:
        self.choose(
            months_later(self.day, by) if self.view == "agenda" else self.surfaces[self.view].beside(self.day, by)
        )

    def _toggle(self, kind: str) -> None:
        self.hidden ^= {kind}
        self._show_chips()
        self.desk.state.put("calendar/hidden", sorted(self.hidden))
        self.refresh()

    def _reopen(self) -> None:
        self._watch.stale = True
        self.details.show_entry(None)
        if self.desk.is_open:
            self.day = self.desk.as_of
            self.choose(self.day)

    # ---------------------------------------------------------------------------------------------------------- asking
    def _ask(self, name: str, read: Callable[[], object], done: Callable[[object], None]) -> None:
        """Read in the background; an earlier question of the same name that still runs is given up."""
        earlier = self._jobs.get(name)
        if earlier is not None and earlier in self.desk.work.jobs:
            earlier.cancel()
        book = self.desk.book

        def job(report: Report) -> object:
            with using(book, report):
                return read()

        self._jobs[name] = self.desk.work.run("", job, done, lane="calendar", owner=self)

    def _ask_counts(self) -> None:
        book, (first, last) = self.desk.book, self._span()
        kinds = self.kinds()

        def read() -> tuple[Counts, Counts, Sequence[Entry]]:
            every = agenda.counts(book, first, last)
            shown = every if kinds is None else looks.narrowed(every, kinds)
            few = sum(sum(of_day.values()) for of_day in shown.values()) <= _FEW
            return every, shown, agenda.page(book, first, last, kinds, limit=_FEW + 1).entries if few else ()

        self._ask("counts", read, self._show_counts)

    def _show_counts(self, answer: tuple[Counts, Counts, Sequence[Entry]]) -> None:
        every, shown, entries = answer
        self.counts = every
        self._show_chips()
        if self.view in self.surfaces:
            self.surfaces[self.view].show_events(shown, entries)

    def _show_chips(self) -> None:
        """Each chip pressed or not, with its icon in its colour or pale, and the number of its events."""
        for kind, (meaning, icon) in looks.KINDS.items():
            self.chips[kind].setChecked(kind not in self.hidden)
            icons.give(self.chips[kind], icon, "faint" if kind in self.hidden else meaning, 14)
        totals = {kind: sum(of_day.get(kind, 0) for of_day in self.counts.values()) for kind in looks.KINDS}
        for kind, chip in self.chips.items():
            name = event_words.event_kind(kind)
            chip.setText(f"{name}  {wording.number(totals[kind])}" if totals[kind] else name)
            chip.setAccessibleName(f"Show {name}, {wording.number(totals[kind])} here")
        self._flow.invalidate()
        self._flow.activate()

    def _ask_day(self) -> None:
        book, day, kinds = self.desk.book, self.day, self.kinds()

        def read() -> tuple[list[Entry], int]:
            counts = agenda.counts(book, day, day, kinds).get(day, {})
            return agenda.of_day(book, day, kinds, _OF_DAY), sum(counts.values())

        self._ask("day", read, self._show_day)

    def _show_day(self, answer: tuple[list[Entry], int]) -> None:
        entries, count = answer
        left = count - len(entries)
        more = f"; the first {wording.number(len(entries))} are shown, choose fewer kinds to see others" if left else ""
        self.day_count.setText(f"{wording.number(count)} {'event' if count == 1 else 'events'}{more}")
        self.day_count.setVisible(bool(entries))
        self.nothing.setVisible(not entries)
        self.of_day.setVisible(bool(entries))
        self.of_day.fill(looks.by_day(entries))
        self._choose_wanted(self.of_day)

    def _ask_agenda(self, *, fresh: bool = False) -> None:
        book, (first, last), kinds, after = self.desk.book, self._span(), self.kinds(), self._after

        def read() -> Page:
            return agenda.page(book, first, last, kinds, after=after)

        self._ask("agenda", read, partial(self._show_agenda, fresh))

    def _show_agenda(self, fresh: bool, page: Page) -> None:
        self._after = page.after
        entries = looks.by_day(page.entries)
        if fresh:
            self.agenda.fill(entries, more=page.after is not None)
            self._choose_wanted(self.agenda)
        else:
            self.agenda.entries.add(entries, more=page.after is not None)

    def _choose_wanted(self, shown: EntryList) -> None:
        place = shown.entries.row_of(self._wanted, self.day) if self._wanted else -1
        self._wanted = ""
        if place >= 0:
            shown.setCurrentIndex(shown.entries.index(place))

    def _leap(self, by: int) -> None:
        book, day, kinds = self.desk.book, self.day, self.kinds()
        last = date(9998, 12, 31) if by > 0 else date(1900, 1, 1)
        self._ask("leap", lambda: agenda.neighbor(book, day, last, kinds), self._land)

    def _land(self, day: date | None) -> None:
        if day is None:
            self.desk.tell("There are no events beyond this day.")
        else:
            self.choose(day)

    # ---------------------------------------------------------------------------------------------------------- events
    def entry(self) -> Entry | None:
        """The event that is chosen."""
        return self.details.entry

    def _chosen(self, shown: EntryList, entry: Entry | None) -> None:
        if (shown is self.agenda) == (self.view == "agenda"):
            self.details.show_entry(entry)

    def _enter_day(self) -> None:
        """Go on to the events of the day; on a day without any, to a new one."""
        if self.of_day.entries.entries():
            self.of_day.setFocus()
        elif "add-event" in self.desk.reaches:
            self.add()

    def _opened(self, entry: Entry) -> None:
        """An event of one's own is edited; of an automatic one, the contract or authorization is shown."""
        place = place_of(entry)
        if not entry.automatic:
            self.edit(entry)
        elif place.page in self.desk.reaches:
            self.desk.go(place)

    def _with_entry(self, run: Callable[[Entry], object]) -> None:
        entry = self.entry()
        if entry is not None and not self.desk.read_only:
            run(entry)

    def add(self) -> None:
        """Begin a new event on the chosen day."""
        if "add-event" in self.desk.reaches:
            self.desk.go(Place("add-event", tab=self.day.isoformat()))

    def edit(self, entry: Entry) -> None:
        """Edit an event of one's own; say why an automatic one cannot be."""
        if entry.automatic:
            place = place_of(entry)
            ways = {f"Open {place.page}": lambda: self.desk.go(place)}
            self.question = question.tell(
                self,
                "This event is automatic.",
                f"It follows its {place.page} and cannot be edited or removed. Change that, and it moves with it.",
                **(ways if place.page in self.desk.reaches else {}),
            )
        elif "edit-event" in self.desk.reaches:
            self.desk.go(Place("edit-event", entry.key))

    def ask_to_remove(self, entry: Entry) -> None:
        """Remove an event of one's own, when the user is sure."""
        if entry.automatic:
            self.edit(entry)
            return
        name = event_words.event_title(entry)
        days = "All its days are removed. " if entry.repeat != "none" else ""
        self.question = question.ask(
            self, f"Remove {name}?", f"{days}You can undo this.", "Remove", partial(self._remove, entry)
        )

    def _remove(self, entry: Entry) -> None:
        self._do(f"Remove event {entry.name}", lambda book: calendar.remove(book, entry.number))

    def acknowledge(self, entry: Entry) -> None:
        """Mark an event as seen or done, or take that back."""
        title = event_words.event_title(entry)
        if entry.automatic:
            word = "Take back acknowledgement of" if entry.done else "Acknowledge"
            self._do(f"{word} {title}", lambda book: calendar.acknowledge(book, entry.number, seen=not entry.done))
            return
        until = agenda.before(entry) if entry.done else entry.on
        word = "Mark as not done" if entry.done else "Mark as done"
        self._do(f"{word}: {title}", lambda book: calendar.acknowledge_own(book, entry.number, until))

    def _do(self, what: str, change: Callable[..., object]) -> None:
        try:
            self.desk.do(what, change)
        except KnownFault as fault:
            self.desk.tell(str(fault), "error")

    def _open_menu(self, shown: EntryList, at: QPoint) -> None:
        entry = shown.entry_at(at)
        if entry is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, press in self.details.buttons().items():
            menu.addAction(text.replace("&&", "&").replace("&", "&&"), press.click).setEnabled(press.isEnabled())
        menu.popup(shown.viewport().mapToGlobal(at))

    # ---------------------------------------------------------------------------------------------------------- export
    def _show_export(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"Events from {self.desk.as_of.isoformat()} on…", partial(self.ask_export, self.desk.as_of))
        menu.addAction("All events…", partial(self.ask_export, date.min))
        menu.popup(self.export_button.mapToGlobal(QPoint(0, self.export_button.height())))

    def ask_export(self, first: date) -> None:
        """Ask for a file, and write the events from a day on into it, of the kinds that are shown."""
        folder = Path(self.desk.state.get("folders/export", str(Path.home())))
        self.dialog = dialog = QFileDialog(self, "Export the calendar", str(folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("iCalendar (*.ics)")
        dialog.setDefaultSuffix("ics")
        dialog.selectFile(f"{self.desk.book.path.stem} {self.desk.as_of.isoformat()}.ics")
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path), first))
        dialog.open()

    def export_to(self, path: Path, first: date) -> None:
        """Write the events from a day on, of the kinds that are shown, in the background."""
        self.desk.state.put("folders/export", str(path.parent))
        exporting.export(self.desk, self, path, first, self.kinds())
