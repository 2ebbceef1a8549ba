"""The wizard for requests: for whom, which titles, which of their entitlements, and what each of them would lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QCompleter, QFrame, QLineEdit, QWidget

from gui import portal_words, wording
from gui.desk import Desk, Place
from gui.dialogs import question
from gui.pages.record_parts import parts
from gui.tables.search_field import SearchField
from gui.theme import SPACE
from gui.widgets import line_effects
from gui.widgets.empty import empty
from gui.widgets.layout import clear, column, frame, row, stacked
from gui.widgets.listing import Column
from gui.widgets.summary import Summary
from gui.widgets.text import label
from gui.wizards import base
from gui.wizards.base import Finished, Made, Page, Problem, Progress, Wizard
from gui.wizards.fields import Field, text_field
from gui.wizards.request_entitlements import TitlePart
from gui.wizards.request_state import State
from gui.wizards.request_titles import TitlesModel, TitlesTable
from gui.work import Report
from rules.vocabulary import ACTIVE, NO_CHANGE, REFUSED, STAYS_EXPIRED, TITLE
from store import choices, names
from store.book import Book
from store.errors import KnownFault
from store.portal import holders, requests
from store.portal.records import Deployed, Effect

_CALM = 250


def open_(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Show the wizard. The key of the place may name the holder, its tab a title."""
    if desk.read_only:
        return question.tell(parent, "The book is open for reading only", "Open it again to request something.")
    return base.open_(RequestWizard(desk, parent, place.key, place.tab))


class HolderPage(Page):
    """For whom it is, and what he has already."""

    def __init__(self, state: State) -> None:
        super().__init__(
            "Holder", "Who is it for?", "A device, a person or a group: whoever is authorized to use what you request."
        )
        self.state = state
        field = QLineEdit(state.holder)
        field.setMaxLength(200)
        field.setClearButtonEnabled(True)
        field.setPlaceholderText("Type a name")
        completer = QCompleter(choices.holders(state.desk.book, limit=5_000), field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.popup().setAccessibleName("Holders: suggestions")
        field.setCompleter(completer)
        self.holder = Field("Holder", field, needed=True, hint="One that is not known yet gets a first authorization.")
        self.held = QFrame()
        self.held.setLayout(column())
        self._later = QTimer(self, singleShot=True, interval=_CALM)
        self._later.timeout.connect(self._show_held)
        self.holder.changed.connect(self._typed)
        self.fill(self.holder, self.held, label(_who_asks(state), "hint", wrap=True))

    def arrive(self) -> None:
        """Show what a holder who was named before has."""
        self._show_held()

    def _typed(self) -> None:
        self.state.holder = " ".join(self.holder.control.text().split())
        self._later.start()

    def _show_held(self) -> None:
        clear(self.held.layout())
        if self.state.holder:
            self.held.layout().addWidget(self._table())

    def _table(self) -> QFrame:
        rows = [
            [
                wording.line(one.authorization.title),
                one.authorization.authorized_on.isoformat(),
                wording.number(one.authorization.units),
                _what(one.deployed),
            ]
            for one in holders.holding(self.state.desk.book, self.state.holder, self.state.on)
        ]
        columns = [
            Column("Title"),
            Column("Since"),
            Column("Units", right=True),
            Column("Entitlements", stretches=True),
        ]
        nothing = f"{wording.line(self.state.holder)} has nothing yet."
        return parts.table(f"What {wording.line(self.state.holder)} has", columns, rows, nothing=nothing)

    def problems(self) -> Iterator[Problem]:
        """Somebody is named."""
        try:
            names.name(self.holder.control.text(), "holder")
        except KnownFault:
            yield self.holder, "Name the device, person or group that it is for."


def _who_asks(state: State) -> str:
    asked = f"Requested by {wording.line(state.requester)} on {state.on.isoformat()}."
    return f"{asked} What needs approval, somebody else has to approve."


def _what(deployed: Sequence[Deployed]) -> str:
    """What an authorization holds, in a cell."""
    said = [
        f"{wording.line(one.definition)} ({portal_words.span(one.span)}"
        f"{'' if one.state == ACTIVE else f', {wording.WORDS.get(one.state, one.state)}'})"
        for one in deployed
    ]
    return "; ".join(said) or "None"


class TitlesPage(Page):
    """Which titles; what the holder has is marked."""

    def __init__(self, state: State) -> None:
        super().__init__(
            "Titles",
            "Which titles?",
            "To add an entitlement to what the holder has, choose its title again: it is free.",
        )
        self.state = state
        self.model = TitlesModel(state)
        self.table = TitlesTable(self.model)
        self.search = SearchField("titles")
        self.search.textChanged.connect(self._narrow)
        self.search.left.connect(self.table.setFocus)
        self.count = label("", "muted")
        self.model.changed.connect(self._tell)
        nothing = empty("boxes", "No title matches", "The search finds titles that hold every word that you typed.")
        self.stack = stacked(self.table, frame("well", row(nothing)))
        self.fill(row(self.search, None, self.count), self.stack, scroll=False)
        self.layout().itemAt(1).layout().setStretch(1, 1)

    def arrive(self) -> None:
        """Show what is offered to this holder."""
        self.model.refresh()
        self._tell()
        self.search.setFocus()

    def _narrow(self, typed: str) -> None:
        self.model.narrow(typed)
        self.stack.setCurrentIndex(int(not self.model.rowCount() and bool(typed.strip())))

    def _tell(self) -> None:
        if self.said.text():
            self.said.clear()
        self.count.setText(f"{wording.plural(len(self.state.chosen()), 'title')} chosen")

    def problems(self) -> Iterator[Problem]:
        """Something is asked for."""
        if not self.state.offers():
            yield None, "The book has no titles yet. Add one on the page Titles first."
        elif not self.state.chosen():
            yield None, "Tick at least one title."


class EntitlementsPage(Page):
    """Which entitlements of each chosen title, how many, and from when to when."""

    def __init__(self, state: State) -> None:
        super().__init__("Entitlements", "Which entitlements with them?", "Both days are included.")
        self.state = state
        self.cards: list[TitlePart] = []
        self.place = QWidget()
        self.place.setLayout(column(gap=2 * SPACE))
        self.fill(self.place)

    def arrive(self) -> None:
        """Show the chosen titles."""
        clear(self.place.layout())
        self.cards = [TitlePart(self.state, one) for one in self.state.chosen()]
        for one in self.cards:
            self.place.layout().addWidget(one)

    def problems(self) -> Iterator[Problem]:
        """Quantities and days that can be."""
        for one in self.cards:
            yield from one.problems()


class PreviewPage(Page):
    """What every line would lead to; what would take something away has to be confirmed."""

    def __init__(self, state: State) -> None:
        super().__init__(
            "Effect", "What would it lead to?", "If it is approved today. What is decided later is compared anew then."
        )
        self.state = state
        self.effects: list[Effect] = []
        self.confirm = QCheckBox("I have read the warnings, and ask for it all the same")
        self.question = frame("message", column(self.confirm, margins=(12, SPACE, 12, SPACE)))
        self.question.setProperty("severity", "warning")
        self.place = QWidget()
        self.place.setLayout(column(gap=2 * SPACE))
        self.total = label("", "heading")
        self.fill(self.place, row(None, self.total), self.question)

    def arrive(self) -> None:
        """Ask the rules."""
        found = self.state.preview()
        self.effects = [] if isinstance(found, str) else found
        clear(self.place.layout())
        for one in line_effects.cards(self.effects, self.state.on):
            self.place.layout().addWidget(one)
        self.total.setText(f"In total: {portal_words.total(self.effects)}")
        self.total.setVisible(bool(self.effects))
        self.confirm.setChecked(False)
        self.question.setVisible(any(one.warnings for one in self.effects))
        if isinstance(found, str):
            self.said.say(found)

    def problems(self) -> Iterator[Problem]:
        """What cannot be, what would be in vain, and what nobody has confirmed."""
        if not self.effects:
            found = self.state.preview()
            yield None, found if isinstance(found, str) else "There is nothing to request."
        for one in self.effects:
            if one.step == REFUSED:
                yield None, f"{portal_words.name(one)} cannot be requested: {portal_words.reasons(one.reasons)}"
            elif STAYS_EXPIRED in one.warnings:
                yield (
                    None,
                    f"{portal_words.name(one)} would stay ended. Choose a later end, or leave it out.",
                )
                return
        if not self.question.isHidden() and not self.confirm.isChecked():
            self.body.ensureWidgetVisible(self.confirm)
            yield None, "Read the warnings, and tick that you ask for it all the same."


class SummaryPage(Page):
    """What is granted at once, what waits for an approver, and what it costs."""

    sums_up = True

    def __init__(self, state: State) -> None:
        super().__init__("Summary", "Is this right?", "Nothing is stored yet.")
        self.state = state
        self.number = text_field("Request number", needed=True, hint="By it, the request is found again.")
        self.number.control.setMaxLength(100)
        self.summary = Summary()
        self.place = QWidget()
        self.place.setLayout(column(gap=2 * SPACE))
        self.number.changed.connect(self._typed)
        self.fill(self.number, self.summary, self.place)

    def arrive(self) -> None:
        """Say everything."""
        if not self.state.number:
            self.number.control.setText(requests.propose_number(self.state.desk.book, self.state.on))
        effects = self.wizard().preview.effects
        waiting = [one for one in effects if one.step == "pending"]
        at_once = [one for one in effects if one.step == "granted"]
        self.summary.show_rows(
            [
                ("Holder", wording.line(self.state.holder)),
                ("Requested by", wording.line(self.state.requester)),
                ("Requested on", self.state.on.isoformat()),
                ("Total", portal_words.total(effects)),
            ]
        )
        clear(self.place.layout())
        for heading, lines in (("Granted at once", at_once), ("Needs approval", waiting)):
            if lines:
                self.place.layout().addWidget(_list(heading, lines))

    def _typed(self) -> None:
        self.state.number = self.number.control.text()

    def problems(self) -> Iterator[Problem]:
        """A number of its own."""
        typed = self.number.control.text().strip()
        try:
            names.name(typed, "request")
        except KnownFault:
            yield self.number, "Give the request a number."
            return
        if requests.exists(self.state.desk.book, typed):
            yield self.number, "There is a request of that number already."


def _list(heading: str, lines: Sequence[Effect]) -> QFrame:
    columns = [
        Column("Title or entitlement", stretches=True),
        Column("What it leads to"),
        Column("Quantity and days"),
        Column("Charge", right=True),
    ]
    rows = [
        [
            portal_words.name(one) if one.kind == TITLE else f"\N{EM SPACE}{portal_words.name(one)}",
            parts.status(one.outcome),
            "" if one.kind == TITLE else portal_words.span(one.after),
            portal_words.charge(one),
        ]
        for one in lines
    ]
    return parts.table(f"{heading}: {portal_words.total(lines)}", columns, rows, nothing="")


class RequestWizard(Wizard):
    """Requests titles and entitlements for a holder."""

    def __init__(self, desk: Desk, parent: QWidget | None, holder: str = "", title: str = "") -> None:
        super().__init__(desk, parent, "New request", "Submit request")
        self.state = State(desk, holder, [title] if title else [])
        self.holder = HolderPage(self.state)
        self.titles = TitlesPage(self.state)
        self.entitlements = EntitlementsPage(self.state)
        self.preview = PreviewPage(self.state)
        self.summary, self.progress, self.finished = SummaryPage(self.state), Progress(), Finished()
        self.begin(*self.route())
        self._before = self._typed_now()

    def route(self) -> Sequence[Page]:
        """Always all pages."""
        return [
            *(self.holder, self.titles, self.entitlements, self.preview),
            *(self.summary, self.progress, self.finished),
        ]

    def what(self) -> str:
        """What undo takes back."""
        return f"Submit request {self.state.number.strip()}"

    def store(self, book: Book, _: Report) -> list[Effect]:
        """The request with all of its lines."""
        return requests.submit(book, self.state.request())

    def typed(self) -> bool:
        """Whether anything differs from the beginning."""
        return self._typed_now() != self._before

    def _typed_now(self) -> tuple[object, ...]:
        return self.state.holder, tuple(self.state.titles), tuple(self.state.wishes.items())

    def made(self, answer: list[Effect]) -> Made:
        """What happened at once, and what waits."""
        number = self.state.number.strip()
        return Made(f"Request {number} was submitted", list(_happened(answer)), Place("request", number))


def _happened(effects: Sequence[Effect]) -> Iterator[str]:
    waiting = sum(one.step == "pending" for one in effects)
    done = [one for one in effects if one.step == "granted"]
    changed = [one for one in done if one.outcome != NO_CHANGE]
    if done:
        yield f"{wording.plural(len(done), 'line was', 'lines were')} granted at once: {portal_words.total(done)}."
    if len(changed) < len(done):
        yield f"{wording.plural(len(done) - len(changed), 'line changes', 'lines change')} nothing, and cost nothing."
    if waiting:
        yield f"{wording.plural(waiting, 'line waits', 'lines wait')} for somebody else to approve."
    yield "You can undo this with Ctrl+Z."
