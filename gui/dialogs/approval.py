"""Decides on the lines of a request: the approver sees what each would lead to, approves, or denies for a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QMessageBox, QPlainTextEdit, QWidget

from gui import portal_words, wording
from gui.desk import Desk, Place
from gui.dialogs import question
from gui.theme import SPACE
from gui.widgets import line_effects
from gui.widgets.buttons import button, explain
from gui.widgets.layout import Part, column, row, scrolling
from gui.widgets.message import Inline, message
from gui.widgets.text import label
from gui.wizards.fields import Field
from rules.vocabulary import TITLE
from store.book import Book
from store.errors import KnownFault
from store.portal import decisions, requests
from store.portal.records import Effect
from store.portraits import request as portraits
from store.portraits.request import Request

_OWN = (
    "You have made this request yourself, and nobody approves his own request. Somebody else has to;"
    " you can withdraw it."
)
_EDGE = 3 * SPACE
_ROOM = 300


def open_(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Show the window for the request that the key names; its tab may name the one line that is meant."""
    found = portraits.read(desk.book, place.key)
    if found is None:
        return question.tell(parent, f"There is no request {wording.line(place.key)} any more.")
    if not found.waiting:
        return question.tell(parent, f"Nothing of request {wording.line(place.key)} waits for a decision.")
    made = ApprovalDialog(desk, parent, found, place.tab)
    made.open()
    return made


class ApprovalDialog(QDialog):
    """Every line of a request; those that wait can be ticked. An entitlement is only ticked together with its title."""

    def __init__(self, desk: Desk, parent: QWidget, found: Request, line: str = "") -> None:
        super().__init__(parent)
        self.desk, self.found = desk, found
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Request {found.record.request}")
        self.resize(900, 700)
        self.setMinimumSize(640, 480)
        self.boxes = {
            one.effect.line: self._box(one.effect, chosen=line in ("", one.effect.line)) for one in found.waiting
        }
        self.said = Inline()
        self.reason = Field("Reason", _reason(), hint="Needed to deny; the requester reads it.")
        self.total = label("", "heading")
        self.approve_button = button("Approve", self.approve, icon="check", kind="primary")
        self.deny_button = button("Deny", self.deny, icon="x", kind="danger")
        self.withdraw_button = button("Withdraw", self.withdraw, icon="undo-2", kind="danger")
        self._build()
        for one in (waiting.effect for waiting in found.waiting if waiting.effect.line == line):
            self._ticked(one, True)
        self._tell()

    # ------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        record = self.found.record
        asked = f"For {wording.line(record.holder)} · requested by {wording.line(record.requester)}"
        own: list[Part] = [message(_OWN, "warning")] if self.found.mine else []
        head = column(
            label(f"Request {wording.line(record.request)}", "title", wrap=True),
            label(f"{asked} on {record.submitted_on.isoformat()}", "muted", wrap=True),
            *own,
            self.said,
        )
        lines = scrolling(column(*self._cards(), None, gap=2 * SPACE, margins=(0, 0, SPACE, 0)))
        lines.setMinimumHeight(_ROOM // 2)
        whole = column(head, lines, self.reason, self._end(), gap=2 * SPACE, margins=(_EDGE, _EDGE, _EDGE, 2 * SPACE))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _cards(self) -> Sequence[QWidget]:
        effects = [one.effect for one in self.found.lines]
        return line_effects.cards(effects, self.desk.today, beside=self._beside)

    def _beside(self, effect: Effect) -> list[QWidget]:
        return [self.boxes[effect.line]] if effect.line in self.boxes else []

    def _end(self) -> Part:
        """What can be done: of one's own request only to withdraw it."""
        mine = self.found.mine
        if mine:
            self.approve_button.setEnabled(False)
            explain(self.approve_button, _OWN)
            self.reason.hide()
        ways = [self.withdraw_button] if mine else [self.deny_button]
        return row(self.total, None, button("Close", self.reject), *ways, self.approve_button)

    def _box(self, effect: Effect, *, chosen: bool) -> QCheckBox:
        made = QCheckBox()
        made.setAccessibleName(f"Line {effect.line}: {portal_words.name(effect)}")
        made.setChecked(chosen)
        made.toggled.connect(lambda on: self._ticked(effect, on))
        return made

    def _ticked(self, effect: Effect, on: bool) -> None:
        """Entitlements do not stay without their title, and bring it along."""
        for one in (line.effect for line in self.found.waiting if line.effect.title == effect.title):
            if (on and one.kind == TITLE) or (not on and effect.kind == TITLE):
                self.boxes[one.line].setChecked(on)
        self._tell()

    def _tell(self) -> None:
        chosen = self.chosen()
        total = portal_words.total([one.effect for one in self.found.waiting if one.effect.line in chosen])
        self.total.setText(f"{wording.plural(len(chosen), 'line')}: {total}")
        for one in (self.deny_button, self.withdraw_button):
            one.setEnabled(bool(chosen))
        self.approve_button.setEnabled(bool(chosen) and not self.found.mine)

    def chosen(self) -> list[str]:
        """The lines that are ticked."""
        return [line for line, box in self.boxes.items() if box.isChecked()]

    # ------------------------------------------------------------------------------------------------------- deciding
    def approve(self) -> None:
        """Approve what is ticked."""
        reason = self.reason.control.toPlainText().strip()
        self._do("Approve", lambda book: decisions.approve(book, self._keys(), on=self.desk.today, reason=reason))

    def deny(self) -> None:
        """Deny what is ticked, for the reason that is typed."""
        reason = self.reason.control.toPlainText().strip()
        if not reason:
            self.reason.say("Say why: the requester reads it.")
            self.reason.control.setFocus()
            return
        self._do("Deny", lambda book: decisions.deny(book, self._keys(), on=self.desk.today, reason=reason))

    def withdraw(self) -> None:
        """Take back what is ticked of one's own request."""
        request = self.found.record.request
        self._do("Withdraw", lambda book: requests.withdraw(book, request, self.chosen()))

    def _keys(self) -> list[decisions.Key]:
        return [(self.found.record.request, line) for line in self.chosen()]

    def _do(self, deed: str, change: Callable[[Book], object]) -> None:
        count, request = len(self.chosen()), wording.line(self.found.record.request)
        self.said.clear()
        try:
            self.desk.do(f"{deed} {wording.plural(count, 'line')} of request {request}", change)
        except KnownFault as fault:
            self.said.say(str(fault))
            return
        self.desk.tell(f"{_DONE[deed]} {wording.plural(count, 'line')} of request {request}.", "positive")
        self.accept()


_DONE = {"Approve": "Approved", "Deny": "Denied", "Withdraw": "Withdrew"}


def _reason() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setFixedHeight(9 * SPACE)
    return made


def ask_to_withdraw(desk: Desk, parent: QWidget, key: str) -> QMessageBox:
    """Ask whether everything of one's own request that waits shall be taken back."""

    def run() -> None:
        try:
            desk.do(f"Withdraw request {wording.line(key)}", lambda book: requests.withdraw(book, key))
        except KnownFault as fault:
            question.tell(parent, "Nothing was withdrawn.", str(fault))

    return question.ask(
        parent,
        f"Withdraw request {wording.line(key)}?",
        "What waits for an approver is canceled; what was granted already stays. You can undo this.",
        "Withdraw",
        run,
    )
