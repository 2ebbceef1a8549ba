"""A field that names a record of the book: suggestions as one types, and the key of the one that is meant."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit

from gui import wording
from gui.desk import Desk
from store import overviews
from store.overviews import Ask

_SUGGESTED = 12


class RecordField(QLineEdit):
    """`overview` holds the records; `shown` names its fields that are shown of each, the first of them first.

    `where` narrows what is suggested, as in `store.overviews.Ask`.
    """

    def __init__(
        self,
        desk: Desk,
        overview: str,
        shown: tuple[str, ...],
        name: str,
        where: tuple[tuple[str, object], ...] = (),
    ) -> None:
        super().__init__()
        self._desk, self._overview, self._where = desk, overview, where
        fields = [field.name for field in overviews.OVERVIEWS[overview].fields]
        self._places = [fields.index(one) for one in shown]
        self._keys: dict[str, str] = {}
        self._names = QStringListModel(self)
        self.setAccessibleName(name)
        self.setPlaceholderText("Begin to type, or press the down arrow")
        self.setClearButtonEnabled(True)
        self.setMaxLength(400)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(_SUGGESTED)
        completer.popup().setAccessibleName(f"{name}: suggestions")
        self.setCompleter(completer)
        self.textEdited.connect(self._suggest)

    def key(self) -> str:
        """The public key of the record that is meant; "" when the text names none."""
        text = self.text().strip()
        if text in self._keys:
            return self._keys[text]
        return text if text and overviews.find(self._desk.book, self._overview, text) is not None else ""

    def choose(self, key: str) -> None:
        """Name the record of a key; nothing for a key that there is not."""
        number = overviews.find(self._desk.book, self._overview, key) if key else None
        if number is not None:
            self._know([number])
            self.setText(next(text for text, known in self._keys.items() if known == key))
            self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The down arrow brings suggestions, also before anything is typed."""
        if event.key() == Qt.Key.Key_Down and not self.completer().popup().isVisible():
            self._suggest("" if self.text().strip() in self._keys else self.text())
            self.completer().complete()
            return
        super().keyPressEvent(event)

    def _suggest(self, typed: str) -> None:
        first = overviews.first(self._desk.book, self._overview, Ask(search=typed, where=self._where), _SUGGESTED)
        self._names.setStringList(self._know(first))

    def _know(self, ids: list[int]) -> list[str]:
        """The texts of records, whose keys are known from now on."""
        rows = overviews.rows(self._desk.book, self._overview, ids)
        found: list[str] = []
        for number in (one for one in ids if one in rows):
            parts = [wording.label(str(rows[number][place] or "")) for place in self._places]
            text = " – ".join(part for part in parts if part)
            self._keys[text] = overviews.key(self._desk.book, self._overview, number)
            found.append(text)
        return found

    def suggestions(self) -> list[str]:
        """What is suggested now."""
        return self._names.stringList()
