"""The record of a review: its positions one after the other, how far it is, and the signature at the end."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QMessageBox, QProgressBar, QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import question
from gui.pages.review_parts.decision import DecisionPanel
from gui.pages.review_parts.positions import KEYS, NEXT, Positions
from gui.theme import SPACE
from gui.widgets.badge import badge
from gui.widgets.buttons import button, explain
from gui.widgets.empty import empty
from gui.widgets.layout import clear, column, row, stacked
from gui.widgets.message import Inline
from gui.widgets.text import label, picture
from store.errors import KnownFault, Unknown
from store.reviews import deciding, reading
from store.reviews.records import Decision, Position, Review

_EDGE = 3 * SPACE


def make(desk: Desk, key: str) -> QWidget:
    """The page of a review; its key is its title."""
    return ReviewPage(desk, key)


class ReviewPage(QWidget):
    """The head, the list of positions, and beside it what is decided on the selected one."""

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setObjectName(f"review {title}")
        self.desk, self.title = desk, title
        self.review: Review | None = None
        self.question: QMessageBox | None = None
        self.said = Inline(margins=(_EDGE, SPACE, _EDGE, 0))
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Decided positions")
        self.bar.setFixedWidth(26 * SPACE)
        self.sign = button("Sign off…", self.ask_to_sign, icon="badge-check", kind="primary")
        self.next = button("Next undecided", self.go_on, icon="arrow-down")
        explain(self.next, "Go on to the next position that is not decided", "N")
        self.positions = Positions(desk, title)
        self.panel = DecisionPanel(desk, self.save)
        self._build()
        self.positions.selection.changed.connect(self._select)
        self.positions.pressed.connect(self._press)
        self.positions.activated.connect(lambda _: self.panel.note.setFocus())
        desk.changed.connect(self._changed)
        self.positions.ask()
        self._read()

    def _build(self) -> None:
        self.head = QVBoxLayout()
        self.head.setSpacing(SPACE // 2)
        beside = column(self.panel, margins=(0, 2 * SPACE, _EDGE, 2 * SPACE))
        body = row(self.positions, beside, gap=0)
        body.setStretch(0, 1)
        whole = column(self._top(), self.said, body, gap=0)
        whole.setStretch(2, 1)
        back = button("Show reviews", lambda: self.desk.go(Place("reviews")))
        gone = empty("circle-slash", "This review is gone", "It was removed. Undo brings it back.", back)
        self.stack = stacked(whole, gone)
        self.setLayout(column(self.stack))

    def _top(self) -> QVBoxLayout:
        top = row(picture("badge-check", "accent", 3 * SPACE), self.head, self.bar, self.next, self.sign, gap=SPACE + 4)
        top.setStretch(1, 1)
        return column(top, margins=(_EDGE, _EDGE, _EDGE, 0))

    def setFocus(self, *_: object) -> None:
        """Give the keyboard to the positions; a focus proxy would lead Tab past what stands above them."""
        self.positions.setFocus()

    def arrive(self, place: Place) -> None:
        """Show the position that the place names, or the first that is not decided."""
        if place.tab:
            self.positions.select(f"{self.title}|{place.tab}")
        elif not self.positions.selected_keys() and not self.positions.next_undecided():
            self.positions.view.selectRow(0)

    # --------------------------------------------------------------------------------------------------------- showing
    def _changed(self, subjects: frozenset[str]) -> None:
        if "groups" in subjects and self.desk.is_open:
            self.panel.fill_groups()
        if "reviews" in subjects and self.desk.is_open:
            self._read()
            self._show_position(self.positions.chosen())

    def _read(self) -> None:
        try:
            self.review = reading.read(self.desk.book, self.title)
        except Unknown:
            self.review = None
        self.stack.setCurrentIndex(1 if self.review is None else 0)
        if self.review is not None:
            self._show_head(self.review)

    def _show_head(self, review: Review) -> None:
        clear(self.head)
        state = badge("signed-off" if review.signed else "open", "Signed off" if review.signed else "Open")
        self.head.addLayout(row(label(wording.line(review.title), "title"), state, None))
        self.head.addWidget(label(_told(review), "muted", wrap=True))
        self.bar.setRange(0, max(1, review.rows))
        self.bar.setValue(review.decided)
        self.bar.setFormat(f"{wording.number(review.decided)} of {wording.number(review.rows)} decided")
        open_ = not review.signed and not self.desk.read_only
        self.sign.setVisible(open_)
        self.next.setVisible(open_ and review.decided < review.rows)

    def _select(self) -> None:
        """Another position: what was typed for the last one is stored before."""
        if not self.desk.is_open:
            return
        held = self.panel.shown
        if held is not None and self.panel.changed:
            self._store(held.position, self.panel.typed())
        self._show_position(self.positions.chosen())

    def _show_position(self, position: Position | None) -> None:
        fixed = self.review is None or self.review.signed or self.desk.read_only
        try:
            found = None if position is None else reading.row(self.desk.book, self.title, position)
        except Unknown:
            found = None
        self.panel.show_position(found, fixed=fixed)

    # -------------------------------------------------------------------------------------------------------- deciding
    def _press(self, letter: str) -> None:
        """A letter in the list: decide and go on, or only go on."""
        position = self.positions.chosen()
        if letter == NEXT:
            self.go_on()
        elif position is None or not self.panel.save.isEnabled():
            return
        elif self._store(position, replace(self.panel.typed(), decision=KEYS[letter])):
            self.go_on()

    def save(self) -> None:
        """Store what stands beside the list, and go on."""
        held = self.panel.shown
        if held is not None and self._store(held.position, self.panel.typed()):
            self.go_on()

    def go_on(self) -> None:
        """Select the next position that is not decided."""
        if not self.positions.next_undecided():
            self.desk.tell("Every position is decided. The review can be signed off.", "positive")

    def _store(self, position: Position, decision: Decision) -> bool:
        """Whether it could be stored; if not, it is said beside the fields."""
        what = f"Decide on {wording.line(position.product)}"
        try:
            self.desk.do(what, lambda book: deciding.decide(book, self.title, position, decision))
        except KnownFault as fault:
            self.panel.said.say(str(fault))
            return False
        return True

    # ----------------------------------------------------------------------------------------------------- signing off
    def ask_to_sign(self) -> None:
        """Ask, and sign off; say what is left to decide where something is."""
        review, held = self.review, self.panel.shown
        if held is not None and self.panel.changed and not self._store(held.position, self.panel.typed()):
            return
        if review is None:
            return
        if review.decided < review.rows:
            left = wording.plural(review.rows - review.decided, "position")
            self.said.say(f"{left} not decided yet. Decide on each, then sign off.", "warning")
            return
        self.said.clear()
        self.question = question.ask(
            self,
            f"Sign off {wording.line(review.title)} as {wording.line(self.desk.book.who)}?",
            "From then on nothing of it can be changed, removed or undone.",
            "Sign off",
            self._sign,
        )

    def _sign(self) -> None:
        try:
            self.desk.run_alone(
                "",
                lambda book, _: deciding.sign_off(book, self.title),
                lambda _: self.desk.tell("The review is signed off.", "positive"),
                lambda fault: self.said.say(str(fault)),
                owner=self,
            )
        except KnownFault as fault:
            self.said.say(str(fault))


def _told(review: Review) -> str:
    """How far it is, its day, who opened it and when, who signed it off."""
    parts = [
        f"{wording.number(review.decided)} of {wording.number(review.rows)} decided",
        f"as of {review.as_of}",
        f"opened {wording.moment(review.opened_at)} by {wording.line(review.opened_by)}",
    ]
    if review.signed:
        parts.append(f"signed off {wording.moment(review.signed_off_at)} by {wording.line(review.signed_off_by)}")
    return " · ".join(parts)
