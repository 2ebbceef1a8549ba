"""The first steps of a new contract: where its data comes from, and the file or text that it is read from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWizard,
)

from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.text import label, picture
from gui.wizards.base import Page, Problem, fault_sentence
from gui.wizards.contract_state import ItemDraft, State
from gui.wizards.fields import Field
from gui.work import Job, Report
from store.errors import KnownFault
from store.imports import documents, isolated, text_reader
from store.imports.documents import Document

WAYS: Final = (
    ("manual", "pencil", "Manual entry", "Type the contract and its items yourself."),
    (
        "file",
        "file-up",
        "Import from file",
        "An invoice, a mail, or a table of items: PDF, TXT, EML, CSV or XLSX, up to 10 MB.",
    ),
    ("text", "clipboard-paste", "Enter text", "Paste an order or invoice: what it says is found and marked for you."),
)


_EXAMPLE: Final = """Invoice no.: SL-2026-10666
Supplier: Example Software Ltd

500 x Windows Server 2025 Standard, per core, 62.50 EUR each"""

_FILES: Final = "Invoices, mails and tables (*.pdf *.txt *.eml *.csv *.xlsx);;All files (*)"


_SLOW: Final = (".pdf", ".eml")
"""Endings of files that others made, and that are read in a process of their own."""


class Card(QFrame):
    """A way to choose: a radio button that is as large as its explanation."""

    def __init__(self, code: str, icon: str, title: str, about: str) -> None:
        super().__init__()
        self.code = code
        self.radio = QRadioButton(title)
        self.radio.setProperty("role", "strong")
        self.radio.setAccessibleDescription(about)
        self.radio.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.radio.toggled.connect(self._show)
        self.setProperty("kind", "choice")
        told = column(self.radio, label(about, "muted", wrap=True), gap=SPACE // 2)
        edge = 2 * SPACE
        inner = row(picture(icon, "accent", 3 * SPACE), told, gap=2 * SPACE, margins=(edge, edge, edge, edge))
        inner.setStretch(1, 1)
        self.setLayout(inner)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, _: QMouseEvent) -> None:
        """The whole card chooses."""
        self.radio.setChecked(True)
        self.radio.setFocus()

    def _show(self, chosen: bool) -> None:
        self.setProperty("chosen", "true" if chosen else "")
        self.style().unpolish(self)
        self.style().polish(self)


class InputPage(Page):
    """Input selection: three cards."""

    def __init__(self, state: State) -> None:
        super().__init__(
            "Input selection", "Where does the contract come from?", "You can correct everything later on."
        )
        self.state = state
        self.cards = {code: Card(code, *words) for code, *words in WAYS}
        self.group = QButtonGroup(self)
        for card in self.cards.values():
            self.group.addButton(card.radio)
            card.radio.toggled.connect(lambda on, code=card.code: self._choose(code) if on else None)
        self.fill(*self.cards.values())
        self.cards[state.way].radio.setChecked(True)

    def _choose(self, code: str) -> None:
        self.state.way = code
        if self.wizard() is not None:
            self.wizard().refresh()
            self.completeChanged.emit()


def take_text(state: State, text: str) -> None:
    """Read a text into the drafts. What was read from another text before is replaced, what was typed stays."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    if plain == state.text:
        return
    found = text_reader.read(plain, state.names)
    typed = {name: held for name, held in state.contract.items() if not _was_read(state, name)}
    state.text, state.readings = plain, found.contract
    state.contract = {**typed, **{name: reading.value for name, reading in found.contract.items()}}
    kept = [item for item in state.items if not item.readings]
    state.items = kept
    for fields in found.items:
        texts = state.numbered({name: reading.value for name, reading in fields.items() if name != "item"})
        state.items.append(ItemDraft(texts, state.proposed(texts.get("product", "")), fields, checked=False))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _was_read(state: State, name: str) -> bool:
    return name in state.readings and state.contract.get(name) == state.readings[name].value


def take_document(state: State, document: Document) -> None:
    """Take over what a file holds."""
    if document.table is None:
        take_text(state, document.text)
        return
    state.text, state.readings = "", {}
    state.contract = {**state.contract, **document.table.contract}
    state.items = [ItemDraft(texts) for texts in state.rows_of(document.table)]


class TextPage(Page):
    """Enter text: a big box."""

    def __init__(self, state: State) -> None:
        super().__init__(
            "Enter text",
            "Enter text",
            "Paste the text of an order, an invoice or a mail. Nothing leaves this computer: it is read by fixed rules,"
            " and you look at every value in the next step.",
        )
        self.state = state
        self.box = QPlainTextEdit()
        self.box.setPlaceholderText(_EXAMPLE)
        self.box.setAccessibleName("Text of the contract")
        self.box.setTabChangesFocus(True)
        self.field = Field("Text", self.box, needed=True)
        self.field.layout().setStretch(1, 1)
        self.fill(self.field, scroll=False)
        self.setButtonText(QWizard.WizardButton.NextButton, "Process text")

    def problems(self) -> Iterator[Problem]:
        """A text is needed."""
        if not self.box.toPlainText().strip():
            yield self.field, "There is no text yet. Paste one, or go back and choose another way."

    def validatePage(self) -> bool:
        """Read the text."""
        good = super().validatePage()
        if good:
            take_text(self.state, self.box.toPlainText())
        return good


class DropZone(QFrame):
    """Where a file is dropped, or chosen with a button."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "drop")
        self.setAcceptDrops(True)
        self.title: QLabel = label("Drop a file here", "heading")
        self.told = label("PDF, TXT, EML, CSV or XLSX, up to 10 MB", "muted", wrap=True)
        self.choose = button("Choose a file…", self.ask, icon="folder-open")
        self.dialog: QFileDialog | None = None
        box: QVBoxLayout = column(
            None,
            row(None, picture("file-up", "accent", 5 * SPACE), None),
            SPACE,
            self.title,
            self.told,
            SPACE,
            row(None, self.choose, None),
            None,
            margins=(3 * SPACE, 3 * SPACE, 3 * SPACE, 3 * SPACE),
        )
        for one in (self.title, self.told):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(box)
        self.setMinimumHeight(28 * SPACE)

    def ask(self) -> None:
        """Ask for a file."""
        self.dialog = QFileDialog(self, "Choose a file", "", _FILES)
        self.dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.dialog.fileSelected.connect(lambda name: self.chosen.emit(Path(name)))
        self.dialog.open()

    def show_file(self, path: Path, about: str) -> None:
        """Show which file was taken."""
        self.title.setText(path.name)
        self.told.setText(about)
        self.choose.setText("Choose another file…")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file."""
        event.acceptProposedAction()
        self.chosen.emit(Path(next(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())))


class FilePage(Page):
    """Upload: a file is read at once, and what it holds is said."""

    def __init__(self, state: State) -> None:
        super().__init__(
            "Upload",
            "Import from file",
            "An invoice or mail is searched for the fields of a contract, with what is attached to it; each row of a"
            " table becomes an item. Nothing leaves this computer, and you look at every value in the next steps.",
        )
        self.state = state
        self.zone = DropZone()
        self.zone.chosen.connect(self.take)
        self.document: Document | None = None
        self.job: Job | None = None
        self.fill(self.zone)

    def take(self, path: Path) -> None:
        """Read a file, and say what is in it or what is wrong with it; PDF files and mails aside."""
        if self.job is not None:
            self.job.cancel()
            self.job = None
        if path.suffix.casefold() in _SLOW:
            self._read_aside(path)
            return
        try:
            document = documents.read(path)
        except KnownFault as fault:
            self._refuse(fault)
        else:
            self._taken(path, document)

    def _read_aside(self, path: Path) -> None:
        def read(report: Report) -> Document:
            with isolated.watched_by(lambda: report(0, 0)):
                return documents.read(path)

        self.document = None
        self.said.say(f"Reading {path.name} …", "info")
        self.completeChanged.emit()
        self.job = self.state.desk.work.run(
            "Reading a file", read, lambda document: self._taken(path, document), self._refuse, owner=self
        )

    def _taken(self, path: Path, document: Document) -> None:
        self.job, self.document = None, document
        take_document(self.state, document)
        self.zone.show_file(path, self._about())
        self._tell(document)
        self.completeChanged.emit()

    def _refuse(self, fault: Exception) -> None:
        self.job = None
        self.said.say(fault_sentence(fault))
        self.completeChanged.emit()

    def _tell(self, document: Document) -> None:
        told = document.words.told
        if told:
            more = f" And {len(told) - 3} more." if len(told) > 3 else ""
            self.said.say(f"Not all of it could be read. {'. '.join(map(_sentence, told[:3]))}.{more}", "warning")
        else:
            self.said.say("The data was read. Look at it in the next steps.", "positive")

    def _about(self) -> str:
        items = len(self.state.items)
        found = f"{items} item{'s' * (items != 1)}"
        if self.document is not None and self.document.table is not None:
            unknown = self.document.table.unknown
            return f"{found} found." + (f" Columns left out: {', '.join(unknown[:8])}." if unknown else "")
        return f"A text with {len(self.state.readings)} fields of the contract and {found} found."

    def problems(self) -> Iterator[Problem]:
        """A file is needed."""
        if self.job is not None:
            yield None, "The file is still being read."
        elif self.document is None:
            yield None, "Choose a file first, or go back and choose another way."
