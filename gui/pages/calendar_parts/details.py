"""One event in full: what it is about, what can be done with it, and why it is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import event_words, record_words, wording
from gui.desk import Desk, Place
from gui.pages.calendar_parts import looks
from gui.theme import SPACE
from gui.widgets.buttons import button, explain
from gui.widgets.layout import Part, clear, column, frame, row, scrolling
from gui.widgets.text import label, picture
from gui.work import Report, using
from rules import library
from store import event_reasons
from store.agenda import Entry
from store.event_reasons import Known, Why

_EDGE = SPACE + 4


def place_of(entry: Entry) -> Place:
    """The record that an automatic event follows: its contract, its authorization, or its review."""
    if entry.review:
        return Place("review", entry.review, f"{entry.product}|{entry.model}|{entry.metric}")
    return Place("authorization", entry.authorization) if entry.authorization else Place("contract", entry.contract)


class Details(QWidget):
    """Shows an event; what can be done with it is run by what is handed over: "edit", "remove", "acknowledge"."""

    def __init__(self, desk: Desk, runs: dict[str, Callable[[Entry], object]]) -> None:
        super().__init__()
        self.desk, self._runs = desk, runs
        self.entry: Entry | None = None
        self.why: Why | None = None
        self._parts = QVBoxLayout()
        self._parts.setSpacing(SPACE)
        self._parts.setContentsMargins(0, _EDGE, SPACE, SPACE)
        self.setLayout(column(scrolling(self._parts)))
        self.setMinimumHeight(20 * SPACE)

    def show_entry(self, entry: Entry | None) -> None:
        """Show an event, or nothing; why it is there follows as soon as the book has told."""
        self.entry, self.why = entry, None
        clear(self._parts)
        if entry is None:
            return
        self._fill(entry)
        if entry.rule:
            self._ask_why(entry)

    def buttons(self) -> dict[str, QPushButton]:
        """What can be done with the event that is shown, by the words."""
        return {one.text(): one for one in self.findChildren(QPushButton) if one.isVisibleTo(self)}

    def _fill(self, entry: Entry) -> None:
        meaning, icon = looks.KINDS[entry.kind]
        title = label(event_words.event_title(entry), "heading", wrap=True, selectable=True)
        head = row(picture(icon, meaning, 20), title, gap=SPACE)
        head.setStretch(1, 1)
        self._parts.addLayout(head)
        self._parts.addWidget(label(f"{wording.badge(entry.kind)} · {self._when(entry)}", "muted", wrap=True))
        self._parts.addLayout(self._contract(entry))
        self._parts.addWidget(self._mark(entry))
        self._parts.addLayout(self._actions(entry))
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(SPACE)
        self._parts.addLayout(self._reasons)
        self._parts.addStretch(1)

    def _when(self, entry: Entry) -> str:
        days = (entry.on - self.desk.today).days
        parts = [f"{wording.day(entry.on)}, {event_words.in_days(days)}"]
        if entry.repeat != "none":
            parts.append(event_words.REPEATS[entry.repeat].lower())
        if entry.remind_days:
            parts.append(f"reminds daily at {entry.remind_at} for {event_words.days(entry.remind_days)} before")
        return " · ".join(parts)

    def _contract(self, entry: Entry) -> Part:
        if entry.review:
            place = place_of(entry)
            link = self._link(f"Review {entry.review}", place.page, place.key, place.tab)
        elif entry.authorization:
            link = self._link(f"Authorization {entry.authorization}", "authorization", entry.authorization)
        else:
            name = f"{entry.contract_name} ({entry.contract})" if entry.contract_name else entry.contract
            link = self._link(name, "contract", entry.contract)
        made = row(picture("file-text", "muted"), link, gap=SPACE)
        made.setStretch(1, 1)
        return made

    def _link(self, text: str, subject: str, key: str, tab: str = "") -> QWidget:
        """A link to a record, or the text alone where there is no such record to go to."""
        shown = wording.line(text)
        if not subject or subject not in self.desk.reaches:
            return label(shown, wrap=True, selectable=True)
        made = button("", partial(self.desk.go, Place(subject, key, tab)), kind="link")
        width = 32
        short = shown if len(shown) <= width else f"{shown[: width - 1]}…"
        made.setText(short.replace("&", "&&"))
        made.setAccessibleName(shown)
        explain(made, shown)
        return made

    def _mark(self, entry: Entry) -> QFrame:
        if entry.automatic:
            icon, text = "lock", event_words.automatic(entry)
        else:
            icon, text = "user", "Made by hand: it can be edited and removed."
        told = row(picture(icon, "muted"), label(text, "small", wrap=True), gap=SPACE, margins=(_EDGE, 6, _EDGE, 6))
        told.setStretch(1, 1)
        return frame("well", told)

    def _actions(self, entry: Entry) -> Part:
        word = ("Take back" if entry.done else "Acknowledge") if entry.automatic else "Reopen" if entry.done else "Done"
        icon = "rotate-ccw" if entry.done else "check"
        made: list[Part] = [self._action(word, icon, "acknowledge", entry)]
        if not entry.automatic:
            made.append(self._action("Edit…", "pencil", "edit", entry))
            made.append(self._action("Remove", "trash-2", "remove", entry))
        return row(*made, None, gap=SPACE)

    def _action(self, text: str, icon: str, code: str, entry: Entry) -> QPushButton:
        made = button(text, lambda: self._runs[code](entry), icon=icon)
        made.setEnabled(not self.desk.read_only)
        return made

    # ------------------------------------------------------------------------------------------------------------ why
    def _ask_why(self, entry: Entry) -> None:
        book = self.desk.book

        def job(report: Report) -> Why:
            with using(book, report):
                return event_reasons.why(book, entry)

        self.desk.work.run("", job, partial(self._show_why, entry), lane="calendar", owner=self)

    def _show_why(self, entry: Entry, why: Why) -> None:
        if entry != self.entry:
            return
        self.why = why
        clear(self._reasons)
        self._reasons.addSpacing(SPACE // 2)
        self._reasons.addWidget(label("Why is this here?", "overline"))
        self._reasons.addWidget(label(f"{why.says}.", wrap=True, selectable=True))
        several = len(library.rule(why.rule).kinds) > 1
        for verdict in why.conditions:
            icon, meaning = ("check", "positive") if verdict.holds else ("x", "negative")
            words, values = record_words.condition_of(verdict.text, several), record_words.values_of(verdict.values)
            said = label(f"{words}:  {values}", "small", wrap=True, selectable=True)
            line = row(picture(icon, meaning, 14), said, gap=SPACE)
            line.setStretch(1, 1)
            self._reasons.addLayout(line)
        self._reasons.addWidget(label("Facts", "overline"))
        for known in why.facts:
            self._reasons.addLayout(self._fact(known))
        self._reasons.addWidget(label("Rule and source", "overline"))
        self._reasons.addWidget(self._link(why.rule, "rulebook", why.rule))
        self._reasons.addWidget(label(why.source, "hint", wrap=True, selectable=True))

    def _fact(self, known: Known) -> Part:
        name: QLabel = label(event_words.fact(known.code), "muted", wrap=True)
        name.setMinimumWidth(15 * SPACE)
        name.setMaximumWidth(15 * SPACE)
        made = row(name, self._link(event_words.fact_value(known.value), known.subject, known.key), gap=SPACE)
        made.setStretch(1, 1)
        return made
