"""The wizards for license contracts: add one (by hand, from a file, from a text), and edit one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import question
from gui.wizards import base
from gui.wizards.base import Finished, Made, Page, Progress, Wizard
from gui.wizards.contract_details import DetailsPage
from gui.wizards.contract_input import FilePage, InputPage, TextPage
from gui.wizards.contract_items import ItemsPage
from gui.wizards.contract_state import State, Whole
from gui.wizards.contract_summary import SummaryPage
from gui.work import Report
from store import conflicts, contracts
from store.book import Book
from store.errors import KnownFault, Unfit
from store.previews import Preview


class ContractWizard(Wizard):
    """Adds a contract, or edits the one of a number."""

    def __init__(self, desk: Desk, parent: QWidget | None, number: str = "") -> None:
        words = f"Edit contract {number}" if number else "Add license contract"
        super().__init__(desk, parent, words, "Save changes" if number else "Add contract")
        self.state = State(desk, number)
        self.input = InputPage(self.state)
        self.file = FilePage(self.state)
        self.text = TextPage(self.state)
        self.details = DetailsPage(self.state)
        self.items = ItemsPage(self.state)
        self.summary = SummaryPage(self.state)
        self.progress = Progress()
        self.finished_page = Finished()
        self.begin(
            *([] if number else [self.input, self.file, self.text]),
            *(self.details, self.items, self.summary, self.progress, self.finished_page),
        )

    def route(self) -> Sequence[Page]:
        """The pages for the way that was chosen."""
        self.details.step = "Verify data" if self.state.from_text else "Enter details"
        last = (self.details, self.items, self.summary, self.progress, self.finished_page)
        if self.state.number:
            return last
        ways = {"file": (self.file,), "text": (self.text,)}
        return (self.input, *ways.get(self.state.way, ()), *last)

    def what(self) -> str:
        """The words for undo."""
        verb = "Edit" if self.state.number else "Add"
        return f"{verb} contract {self.state.contract['contract'].strip()}"

    def store(self, book: Book, _: Report) -> Whole:
        """All of it at once."""
        whole = self.state.whole()
        if whole is None:
            raise Unfit("Something in the contract is not right yet. Go back and correct what is marked.")
        conflicts.require_unchanged(book, self.state.seen, self.state.texts())
        contracts.save_whole(
            book,
            whole.contract,
            whole.items,
            products=whole.products,
            new=not self.state.number,
            confirmed=self.state.confirmed,
        )
        return whole

    def made(self, answer: Whole) -> Made:
        """What is in the book now."""
        number = answer.contract.contract.strip()
        verb = "was changed" if self.state.number else "was added"
        return Made(f"Contract {number} {verb}", list(self._details(answer)), Place("contract", number))

    def _details(self, answer: Whole) -> Iterator[str]:
        yield answer.contract.name
        yield _counted(len(answer.items), "item")
        preview = self.summary.preview
        if isinstance(preview, Preview):
            opened = sum(1 for one in preview.entitlements if one.before is None)
            made = sum(1 for one in preview.events if one.before is None)
            for count, noun, verb in (
                (opened, "entitlement", "opened"),
                (len(preview.entitlements) - opened, "entitlement", "changed"),
                (made, "event", "made in the calendar"),
            ):
                if count:
                    yield f"{_counted(count, noun)} {verb}"
        yield "You can undo this with Ctrl+Z."

    def typed(self) -> bool:
        """Whether something would be lost."""
        return self.state.changed or bool(self.text.box.toPlainText().strip())


def _counted(count: int, noun: str) -> str:
    return f"{wording.number(count)} {noun}{'s' * (count != 1)}"


def open_add(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Add a contract. The key of the place may name the way: manual, file or text; or "file:" and a path."""
    if desk.read_only:
        return _refuse(parent)
    wizard = ContractWizard(desk, parent)
    way, _, path = place.key.partition(":")
    if way in wizard.input.cards:
        wizard.input.cards[way].radio.setChecked(True)
    base.open_(wizard)
    if path:
        wizard.next()
        wizard.file.take(Path(path))
    return wizard


def open_edit(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Edit the contract that the key of the place names."""
    if desk.read_only:
        return _refuse(parent)
    try:
        return base.open_(ContractWizard(desk, parent, place.key))
    except KnownFault as fault:
        return question.tell(parent, "This contract cannot be edited", str(fault))


def _refuse(parent: QWidget) -> QWidget:
    return question.tell(
        parent, "The book is open for reading only", "Open it again, so that it can be changed, to work on contracts."
    )
