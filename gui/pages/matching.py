"""Names of found software: what each stands for, and those that wait for somebody to say it once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import question
from gui.dialogs.matching import MatchingDialog, told
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store.book import Book
from store.errors import KnownFault
from store.matching import deciding
from store.matching.deciding import Name

_AT_ONCE: Final = 100
"""Names that are decided on while one waits: about a tenth of a second."""


def make(desk: Desk) -> QWidget:
    """The page."""
    return MatchingPage(desk)


class MatchingPage(OverviewPage):
    """The overview of names. After a decision the next name is selected, so that one goes through them by keyboard."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            "matching",
            [
                PageAction("accept", "check", "Ctrl+Return", self._accept, "some"),
                PageAction("choose-product", "pencil", "F2", self.choose, "some"),
                PageAction("no-license", "circle-slash", "Ctrl+L", self._ignore, "some"),
                PageAction("publisher-no-license", "building", "Ctrl+Shift+L", self._ask_publisher, "one"),
                PageAction("take-back-decision", "undo-2", "Del", self._ask_back, "some", toolbar=False),
            ],
        )
        self.dialog: MatchingDialog | None = None
        self._next: int | None = None
        self.activated.connect(lambda key: self.choose([key]))
        self.model.settled.connect(self._go_on)

    # -------------------------------------------------------------------------------------------------------- deciding
    def _accept(self, keys: list[str]) -> None:
        found = [one for one in self._names(keys) if one.candidates]
        if not found:
            self.desk.tell("There is no candidate here to accept. Choose a product instead (F2).", "warning")
            return
        more = "" if len(found) > 1 else f" with {wording.line(found[0].candidates[0].product)}"
        self._do(f"{told('Match', found)}{more}", found, lambda book: deciding.accept(book, found))

    def choose(self, keys: list[str]) -> None:
        """Ask what the names with these keys stand for."""
        found = self._names(keys)
        if found:
            self.dialog = MatchingDialog(self.desk, self, found, lambda what, run: self._decide(what, found, run))
            self.dialog.open()

    def _ignore(self, keys: list[str]) -> None:
        found = self._names(keys)
        self._do(told("No license for", found), found, lambda book: deciding.ignore(book, found))

    def _ask_publisher(self, keys: list[str]) -> None:
        (one,) = self._names(keys)
        publisher = wording.line(one.publisher)
        if not publisher:
            self.question = question.tell(
                self, "This name tells no publisher.", "Select names and press Ctrl+L: these need no license."
            )
            return
        self.question = question.ask(
            self,
            f"Does nothing of {publisher} need a license?",
            "Nobody is asked about its software again, and none of it is counted; what is certain to be a product of"
            " this book stays matched. You can undo this, or take it back later.",
            "Needs no license",
            lambda: self._do(
                f"No license for {publisher}", [one], lambda book: deciding.ignore_publisher(book, one.publisher)
            ),
        )

    def _ask_back(self, keys: list[str]) -> None:
        found = self._names(keys)
        held = sum(map(self._holds_for, found))
        if not held:
            self.desk.tell("Nothing was decided here. What is matched by itself changes when you decide on it.", "info")
            return
        if held <= len(found):
            self._take_back(found)
            return
        self.question = question.ask(
            self,
            "Take the decision back?",
            f"It holds for {wording.plural(held, 'name')}: all of them will be matched anew, or wait.",
            "Take back",
            lambda: self._take_back(found),
        )

    def _holds_for(self, one: Name) -> int:
        return deciding.holds_for(self.desk.book, one)

    def _take_back(self, found: Sequence[Name]) -> None:
        self._do(told("Take back the decision on", found), found, lambda book: deciding.take_back(book, found))

    # --------------------------------------------------------------------------------------------------------- storing
    def _names(self, keys: Sequence[str]) -> list[Name]:
        return [deciding.read(self.desk.book, key) for key in keys]

    def _do(self, what: str, found: Sequence[Name], change: Callable[[Book], object]) -> None:
        try:
            self._decide(what, found, change)
        except KnownFault as fault:
            self.desk.tell(str(fault), "error")

    def _decide(self, what: str, found: Sequence[Name], change: Callable[[Book], object]) -> None:
        """Store a decision as one step; many names in the background. Raises KnownFault where that cannot be."""
        self._next = next(self.selection.rows(), None)
        if len(found) <= _AT_ONCE:
            self.desk.do(what, change)
        else:
            self.desk.do_long(what, lambda book, _: change(book), lambda _: None, owner=self)

    def _go_on(self) -> None:
        """Select the name that stands where the decided one stood."""
        if self._next is None or self.selection.count() or not self.model.rowCount():
            return
        at, self._next = min(self._next, self.model.rowCount() - 1), None
        self.view.selectRow(at)
        self.view.scrollTo(self.model.index(at, self.view.first_column()))
