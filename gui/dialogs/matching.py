"""What a name of found software stands for: one of its candidates, another product, a new one, or nothing licensed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from gui import wording
from gui.desk import Desk
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.option_cards import Option, OptionCards
from gui.widgets.product_field import product_field
from gui.widgets.text import label
from store import names, products
from store.book import Book
from store.errors import KnownFault, Unfit
from store.matching import deciding
from store.matching.candidates import Candidate
from store.matching.deciding import Name
from store.records import Product

OTHER: Final = "other"
NONE: Final = "none"

Decide = Callable[[str, Callable[[Book], object]], object]
"""Stores a decision under the words of its step."""


class MatchingDialog(QDialog):
    """The candidates of a name, or of several, each with its reason; and what else can be decided on it."""

    def __init__(self, desk: Desk, parent: QWidget, found: Sequence[Name], decide: Decide) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Choose product")
        self.setMinimumWidth(78 * SPACE)
        self.found, self._book, self._decide = found, desk.book, decide
        self.candidates = _shared(found)
        self.said = Inline()
        self.cards = OptionCards("What it stands for", self._options())
        self.product = product_field(desk, "Product")
        self.product.setPlaceholderText("Type some letters of a product, or the name of a new one")
        self.hint = label("", "hint", wrap=True)
        self.every = QCheckBox("Hold for every version of the name")
        self.every.setChecked(any(one.tells_version for one in found) or not any(one.normal.version for one in found))
        self._touched = False
        self._build()
        self.cards.changed.connect(self._choose)
        self.product.textChanged.connect(lambda _: self._show())
        self.every.clicked.connect(self._touch)
        self._show()

    def _options(self) -> list[Option]:
        made = [
            Option(f"{number}", "sparkles" if one.new else "package", wording.line(one.product), about(one))
            for number, one in enumerate(self.candidates)
        ]
        return [
            *made,
            Option(NONE, "circle-slash", "It needs no license", "Nobody asks for it again, and it is not counted."),
            Option(OTHER, "search", "Another product", "One of the book, or a new one that is added to it."),
        ]

    def _build(self) -> None:
        self.save_button = button("Decide", self.save, kind="primary")
        self.save_button.setDefault(True)
        edge = 3 * SPACE
        told = column(label(self._title(), "title", wrap=True), label(self._about(), "muted"), gap=SPACE // 2)
        head = (told, self.said)
        end = row(None, button("Cancel", self.reject), self.save_button)
        parts = (*head, SPACE, self.cards, self.product, self.hint, SPACE, self.every, 2 * SPACE, end)
        self.setLayout(column(*parts, margins=(edge, edge, edge, edge)))

    def _title(self) -> str:
        if len(self.found) == 1:
            return f"What is {wording.line(self.found[0].name)}?"
        return f"What are these {wording.number(len(self.found))} names?"

    def _about(self) -> str:
        if len(self.found) > 1:
            told = [*dict.fromkeys(wording.line(one.name) for one in self.found)]
            return f"{', '.join(told[:3])}{' and others' if len(told) > 3 else ''}. All of them stand for the same."
        one = self.found[0]
        told = [one.publisher or "No publisher told", f"version {one.version}" if one.version else "no version told"]
        return wording.line(", ".join([*told, f"on {wording.plural(one.devices, 'device')}"]))

    # --------------------------------------------------------------------------------------------------------- choosing
    def _choose(self) -> None:
        self._show()
        if self.cards.code() == OTHER:
            self.product.setFocus()
        self.adjustSize()

    def _touch(self) -> None:
        self._touched = True

    def _show(self) -> None:
        code = self.cards.code()
        self.said.clear()
        self.product.setVisible(code == OTHER)
        self.hint.setVisible(code == OTHER)
        if not self._touched:
            usual = any(one.tells_version for one in self.found) or not any(one.normal.version for one in self.found)
            self.every.setChecked(code == NONE or usual)
        self.hint.setText(self._hint() if code == OTHER else "")

    def _hint(self) -> str:
        name = self.product.text().strip()
        if not name or names.is_taken(self._book, "products", name):
            return ""
        known = products.proposed(name)
        told = "the catalogue knows it, with its family and its dates" if known else "you can complete it afterwards"
        return f"This product is not in the book yet. It will be added: {told}."

    def save(self) -> None:
        """Store the decision and close; or say what is wrong."""
        try:
            self._save(self.cards.code())
        except KnownFault as fault:
            self.said.say(str(fault))
        else:
            self.accept()

    def _save(self, code: str) -> None:
        found, every = self.found, self.every.isChecked()
        if code == NONE:
            self._decide(told("No license for", found), lambda book: deciding.ignore(book, found, every_version=every))
            return
        name = self.product.text().strip() if code == OTHER else self.candidates[int(code)].product
        if not name:
            raise Unfit("Choose a product, or type the name of a new one.")
        what = f"{told('Match', found)} with {wording.line(name)}"
        self._decide(what, lambda book: _match(book, found, name, every))


def _match(book: Book, found: Sequence[Name], name: str, every: bool) -> None:
    """Names stand for a product, which is added where the book does not have it."""
    if not names.is_taken(book, "products", name):
        publishers = {one.publisher for one in found}
        maker = publishers.pop() if len(publishers) == 1 else ""
        products.add(book, products.proposed(name) or Product(name, vendor=maker))
    deciding.decide(book, found, name, every_version=every)


def told(verb: str, found: Sequence[Name]) -> str:
    """The words of a step about names: "Match tar", "Match 12 names"."""
    return f"{verb} {wording.line(found[0].name) if len(found) == 1 else f'{wording.number(len(found))} names'}"


def about(one: Candidate) -> str:
    """Why a product is a candidate, as a sentence."""
    return _ABOUT[one.reason].format(words=wording.line(one.words))


_ABOUT: Final = {
    "several": "Several products of the book are called so.",
    "version-untold": "The name is the same; the version is not told.",
    "edition-untold": "It is the same version; the edition is not told.",
    "other-publisher": "The name is the same; the publisher is another.",
    "new-in-catalogue": "The catalogue knows it. The book does not have it yet: it will be added.",
    "shared-words": "It has some of the same words: {words}.",
}


def _shared(found: Sequence[Name]) -> list[Candidate]:
    """The candidates of a name, or those that all of several names have."""
    first, *others = found
    return [one for one in first.candidates if all(one in other.candidates for other in others)]
