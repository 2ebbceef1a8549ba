"""The text that a contract was read from, with the places of its values marked."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from gui import theme
from store.imports.reading import Fields, Reading


class SourceView(QPlainTextEdit):
    """Read-only. Values that were found are marked; the place of the present field more so."""

    asked = Signal(str)
    """The name of the field whose place was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setProperty("kind", "source")
        self.setAccessibleName("The text, with the values found in it marked")
        self.setTabChangesFocus(True)
        self.readings: Fields = {}
        self.at = ""
        self._text = ""

    def show_text(self, text: str, readings: Mapping[str, Reading]) -> None:
        """Show a text and where its values stand."""
        if text != self._text:
            self._text = text
            self.setPlainText(text)
        self.readings = readings
        self._mark()

    def point(self, name: str) -> None:
        """Show where a field was read."""
        self.at = name
        self._mark()
        reading = self.readings.get(name)
        if reading is not None:
            cursor = self._cursor(reading)
            cursor.setPosition(cursor.selectionStart())
            self.setTextCursor(cursor)
            self.centerCursor()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._mark()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a marked place asks for its field."""
        super().mouseReleaseEvent(event)
        place = self.cursorForPosition(event.position().toPoint()).position()
        for name, reading in self.readings.items():
            cursor = self._cursor(reading)
            if cursor.selectionStart() <= place < cursor.selectionEnd():
                self.asked.emit(name)
                return

    def _mark(self) -> None:
        if not hasattr(self, "readings"):
            return
        present = [name for name in self.readings if name == self.at]
        others = [name for name in self.readings if name != self.at]
        self.setExtraSelections([self._marked(self.readings[name], name == self.at) for name in others + present])

    def _marked(self, reading: Reading, present: bool) -> QTextEdit.ExtraSelection:
        colours = theme.of(self)
        made = QTextEdit.ExtraSelection()
        made.cursor = self._cursor(reading)
        looks = QTextCharFormat()
        looks.setBackground(colours.colour("accent" if present else "warning-soft"))
        looks.setForeground(colours.colour("on-accent" if present else "text"))
        made.format = looks
        return made

    def _cursor(self, reading: Reading) -> QTextCursor:
        """The place of a reading; the document counts in UTF-16."""
        made = QTextCursor(self.document())
        made.setPosition(_utf16(self._text[: reading.start]))
        made.setPosition(_utf16(self._text[: reading.end]), QTextCursor.MoveMode.KeepAnchor)
        return made


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
