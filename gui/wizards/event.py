"""The wizard for events of one's own: what it is, of which contract, when, and how one is reminded of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QSpinBox, QTimeEdit, QWidget

from gui import event_words, wording
from gui.desk import Desk, Place
from gui.theme import SPACE
from gui.widgets.day_field import day_field, day_of
from gui.widgets.layout import column, row
from gui.widgets.number_field import number_field, time_field
from gui.widgets.option_cards import Option, OptionCards
from gui.widgets.record_field import RecordField
from gui.widgets.text import label
from gui.wizards import base
from gui.wizards.base import Finished, Made, Page, Problem, Progress, Wizard
from gui.wizards.fields import Field, choice, grid, text_field
from gui.work import Report
from rules import recurrence
from store import calendar, conflicts, names, readers
from store.book import Book
from store.errors import KnownFault
from store.records import ManualEvent

_TYPES = (
    Option(
        "status-update",
        "activity",
        "Status update",
        "Something changes its state: an activation, an expiration, a renewal, a suspension.",
    ),
    Option(
        "activity-log",
        "clipboard-list",
        "Activity log",
        "Something is done: a purchase, an upgrade, an administrative change.",
    ),
    Option("custom", "star", "Custom", "Anything else that you want to be reminded of."),
)

_NOTIFY = (
    Option(
        "window",
        "bell-ring",
        "Remind me in this window",
        "On the days of the reminders and on the day itself, until it is done. What was missed is shown as overdue.",
    ),
    Option("none", "bell", "Do not remind me", "The event only stands in the calendar."),
)

_USUAL_TIME = QTime(10, 0)
_USUAL_DAYS = 30


def open_(desk: Desk, parent: QWidget, place: Place) -> Wizard | None:
    """Show the wizard: for the event that the key names ("manual|3"), or for a new one.

    For a new one, the key may name its contract, and the tab its day. None when there is no such event any more.
    """
    if place.page != "edit-event":
        return base.open_(EventWizard(desk, parent, None, contract=place.key, day=place.tab))
    number = place.key.rpartition("|")[2]
    try:
        held = readers.event(desk.book, int(number) if number.isdecimal() else 0)
    except KnownFault as fault:
        desk.tell(str(fault), "error")
        return None
    return base.open_(EventWizard(desk, parent, held))


class TypePage(Page):
    """What kind of event it is."""

    def __init__(self, held: ManualEvent | None) -> None:
        super().__init__("Event type", "What kind of event is it?")
        self.cards = OptionCards("Event type", _TYPES, held.kind if held else "")
        self.fill(self.cards)


class DetailsPage(Page):
    """Which contract it belongs to, and what it is called."""

    def __init__(self, desk: Desk, held: ManualEvent | None, contract: str) -> None:
        super().__init__("Details", "Which contract is it about?", "Every event belongs to a license contract.")
        self.record = RecordField(desk, "contracts", ("contract", "name", "supplier"), "License contract")
        self.contract = Field("License contract", self.record, needed=True, hint="Type its number, name or supplier.")
        self.name = text_field("Display name", needed=True, hint="What the calendar and the reminders call it.")
        self.name.control.setMaxLength(200)
        self.record.choose(held.contract if held else contract)
        self.name.control.setText(held.name if held else "")
        self.fill(self.contract, self.name)

    def problems(self) -> Iterable[Problem]:
        """A contract that there is, and a name."""
        if not self.record.key():
            typed = self.record.text().strip()
            yield self.contract, f"There is no contract “{typed}”." if typed else "Choose the contract."
        try:
            names.name(self.name.control.text(), "display name")
        except KnownFault:
            yield self.name, "Give it a name."


class TimePage(Page):
    """When it is, on which days before one is reminded of it, and whether it comes again."""

    def __init__(self, desk: Desk, held: ManualEvent | None, day: date) -> None:
        super().__init__("Time frame", "When is it?")
        self._today = desk.today
        self.day = Field("Event date", day_field("Event date", held.on if held else day), needed=True)
        options = [(code, event_words.REPEATS[code]) for code in recurrence.REPEATS]
        self.repeat = Field("Repetition", choice(options, held.repeat if held else ""))
        self.remind = QCheckBox("Remind me every day before the event")
        self.days = Field("For so many days before", _days(held.remind_days if held else 0))
        self.time = Field("At", _time(held.remind_at if held else None))
        self.remind.setChecked(bool(held and held.remind_days))
        self.said_when = label("", "muted", wrap=True)
        for field in (self.day, self.repeat, self.days, self.time):
            field.changed.connect(self._tell)
        self.remind.toggled.connect(self._tell)
        self.remind.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fill(
            grid((self.day, self.repeat)),
            column(self.remind, row(24, self.days, self.time, None, gap=2 * SPACE), gap=SPACE),
            self.said_when,
        )
        self._tell()

    def event_times(self) -> dict[str, object]:
        """The fields of the record that this page fills."""
        on = self.remind.isChecked()
        at: QTimeEdit = self.time.control
        moment = time(at.time().hour(), at.time().minute()) if on else None
        days = self.days.control.value() if on else 0
        repeat: QComboBox = self.repeat.control
        return {
            "on": day_of(self.day.control),
            "repeat": repeat.currentData(),
            "remind_at": moment,
            "remind_days": days,
        }

    def _tell(self) -> None:
        """Switch what hangs on the reminders, and say when the event comes and when one is reminded."""
        on = self.remind.isChecked()
        self.days.setEnabled(on)
        self.time.setEnabled(on)
        times = self.event_times()
        day = times["on"]
        said = [f"{wording.day(day)}, {event_words.in_days((day - self._today).days)}."]
        if on:
            days = recurrence.reminder_days(day, times["remind_days"])
            said.append(f"Reminders from {days[0].isoformat()} to {days[-1].isoformat()}.")
        self.said_when.setText(" ".join(said))
        self.day.say("This day has passed already." if day < self._today else "", "warning")


def _days(held: int) -> QSpinBox:
    made = number_field(1, calendar.LONGEST_REMINDER, held or _USUAL_DAYS)
    made.setFixedWidth(22 * SPACE)
    return made


def _time(held: time | None) -> QTimeEdit:
    made = time_field(QTime(held.hour, held.minute) if held else _USUAL_TIME)
    made.setFixedWidth(12 * SPACE)
    return made


class NotificationPage(Page):
    """Whether the window reminds of it."""

    def __init__(self, held: ManualEvent | None) -> None:
        super().__init__("Notification", "How shall you be notified?")
        self.cards = OptionCards("Notification", _NOTIFY, "none" if held and not held.notify else "window")
        self.fill(self.cards)


class SummaryPage(base.SummaryPage):
    """What will be stored, and the reminders that will come."""

    def arrive(self) -> None:
        """Show it."""
        wizard = self.wizard()
        event = wizard.drafted = wizard.draft()
        self.summary.show_rows(
            [
                ("Event type", wording.badge(event.kind)),
                ("License contract", wizard.details.record.text()),
                ("Display name", event.name),
                ("Event date", wording.day(event.on)),
                ("Repetition", event_words.REPEATS[event.repeat]),
                ("Notification", "In this window" if event.notify else "None"),
                ("Reminders", reminders(event)),
            ]
        )
        self.note(*_doubts(event, wizard.desk.today), severity="warning")


def _doubts(event: ManualEvent, today: date) -> Iterable[str]:
    if event.remind_days and not event.notify:
        yield "The reminders will not be shown, because you chose not to be reminded."
    elif event.on < today and event.notify:
        yield "This day has passed: it will be shown as overdue at once."


def reminders(event: ManualEvent) -> str:
    """The reminders that will come, first and last: "30 reminders, daily at 10:00, from 2026-11-01 to 2026-11-30"."""
    if not event.remind_days or event.remind_at is None:
        return "Only on the day itself" if event.notify else "None"
    days = recurrence.reminder_days(event.on, event.remind_days)
    at = event.remind_at.strftime("%H:%M")
    again = "" if event.repeat == recurrence.ONCE else ", and again before each repetition"
    if len(days) == 1:
        return f"1 reminder on {days[0].isoformat()} at {at}{again}"
    count = wording.number(len(days))
    return f"{count} reminders, daily at {at}, first on {days[0].isoformat()}, last on {days[-1].isoformat()}{again}"


def _see(book: Book, held: ManualEvent) -> conflicts.Seen:
    return conflicts.see(book, f"Event {wording.line(held.name)}", conflicts.record(readers.event, held.id or 0))


class EventWizard(Wizard):
    """Adds an event of one's own, or edits one."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, held: ManualEvent | None, *, contract: str = "", day: str = ""
    ) -> None:
        super().__init__(desk, parent, "Edit event" if held else "Add event", "Save" if held else "Add")
        self.held = held
        self.seen = _see(desk.book, held) if held else None
        start = date.fromisoformat(day) if day else desk.as_of + timedelta(days=1)
        self.type = TypePage(held)
        self.details = DetailsPage(desk, held, contract)
        self.time = TimePage(desk, held, start)
        self.notification = NotificationPage(held)
        self.summary, self.progress, self.finished = SummaryPage(), Progress(), Finished()
        self.begin(*self.route())
        self.before = self.drafted = self.draft()

    def route(self) -> Sequence[Page]:
        """Always all pages."""
        return [
            *(self.type, self.details, self.time, self.notification),
            *(self.summary, self.progress, self.finished),
        ]

    def draft(self) -> ManualEvent:
        """The event as it is typed."""
        return ManualEvent(
            contract=self.details.record.key(),
            kind=self.type.cards.code(),
            name=self.details.name.control.text().strip(),
            id=self.held.id if self.held else None,
            notify=self.notification.cards.code() == "window",
            **self.time.event_times(),
        )

    def what(self) -> str:
        """What undo takes back."""
        return f"{'Edit' if self.held else 'Add'} event {self.draft().name}"

    def store(self, book: Book, _: Report) -> object:
        """Store the event; one that was removed meanwhile is added anew, if that is wanted."""
        conflicts.require_unchanged(book, self.seen, conflicts.texts(self.drafted))
        gone = self.seen is not None and not self.seen.is_there
        return calendar.save(book, replace(self.drafted, id=None) if gone else self.drafted)

    def typed(self) -> bool:
        """Whether anything differs from what was there at the beginning."""
        return self.draft() != self.before

    def made(self, answer: object) -> Made:
        """Say it, and lead to its day."""
        event = self.drafted
        place = Place("calendar", f"manual|{answer}", event.on.isoformat())
        word = "changed" if self.held else "added"
        lines = (f"{wording.day(event.on)}.", f"{reminders(event)}.")
        return Made(f"{event.name} was {word}", lines, place, "Show in the calendar")
