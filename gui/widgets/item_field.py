"""A field for a contract item of the book: what is typed is looked for, and what is found is offered."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from gui import wording
from gui.desk import Desk
from store import choices
from store.errors import Unfit


class ItemField(QLineEdit):
    """It offers items with their product, model and end; `key` is the contract and the item that is meant."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self._desk = desk
        self._keys: dict[str, tuple[str, str]] = {}
        self._texts = QStringListModel(self)
        self.setAccessibleName(name)
        self.setPlaceholderText("Type some letters of a contract or product")
        completer = QCompleter(self._texts, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.popup().setAccessibleName(f"{name}: suggestions")
        self.setCompleter(completer)
        self.textEdited.connect(self._suggest)

    def choose(self, contract: str, item: str) -> None:
        """Name an item, also one that the book no longer has."""
        self._suggest(f"{contract}/{item}")
        known = [text for text, key in self._keys.items() if key == (contract, item)]
        text = known[0] if known else f"{contract}/{item}"
        self._keys[text] = contract, item
        self.setText(text)
        self.setCursorPosition(0)

    def key(self) -> tuple[str, str]:
        """The contract and the item. Raises Unfit for a text that names none."""
        found = self._keys.get(self.text().strip())
        if found is None:
            raise Unfit("Choose a contract item from those that are offered.")
        return found

    def _suggest(self, typed: str) -> None:
        found = choices.items(self._desk.book, typed.strip())
        texts: list[str] = []
        for contract, item, product, model, end in found:
            until = f"to {end}" if end else "without end"
            texts.append(wording.line(f"{contract}/{item} – {product} – {wording.label(model)} – {until}"))
            self._keys[texts[-1]] = contract, item
        self._texts.setStringList(texts)
