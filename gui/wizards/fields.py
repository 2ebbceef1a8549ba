"""Fields of a form: a name above, the control, and below it what is wrong with what was typed."""

from __future__ import annotations

from math import lcm

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDateTimeEdit,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from gui.theme import SPACE
from gui.widgets.layout import column, row
from gui.widgets.text import label


class Field(QWidget):
    """A control under its name. `say` puts a sentence below it, which goes as soon as something else is typed."""

    changed = Signal()

    def __init__(self, title: str, control: QWidget, *, hint: str = "", needed: bool = False) -> None:
        super().__init__()
        self.title = title
        self.control = control
        self.needed = needed
        self.name = label("", "strong")
        self.name.setBuddy(control)
        named = control.accessibleName()
        self.rename(title)
        if named:
            control.setAccessibleName(named)
        self.hint = label(hint, "hint", wrap=True)
        if not hint:
            self.hint.hide()
        self.wrong = label("", "wrong", wrap=True)
        self.wrong.hide()
        self.line = row(control)
        """The control, and room for what belongs beside it."""
        self.setLayout(column(self.name, self.line, self.hint, self.wrong, gap=SPACE // 2))
        notice(control).connect(self._moved)

    def rename(self, title: str) -> None:
        """Give the field another name."""
        self.title = title
        self.name.setText(f"{title} *" if self.needed else title)
        self.control.setAccessibleName(f"{title}, needed" if self.needed else title)

    def said(self) -> str:
        """What is said to be wrong, "" for nothing."""
        return self.wrong.text()

    def say(self, sentence: str, severity: str = "error") -> None:
        """Say what is wrong here; "" for nothing. A "warning" does not mark the control."""
        self.wrong.setText(sentence)
        self.wrong.setProperty("meaning", "warning" if severity == "warning" else "negative")
        self.wrong.setVisible(bool(sentence))
        self.hint.setVisible(bool(self.hint.text()) and not sentence)
        self.control.setProperty("wrong", "true" if sentence and severity == "error" else "")
        self.control.setAccessibleDescription(sentence)
        for widget in (self.control, self.wrong):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def _moved(self) -> None:
        if self.said():
            self.say("")
        self.changed.emit()


def notice(control: QWidget) -> SignalInstance:
    """The signal by which a control tells that its content is another. TypeError for a control that has none."""
    if isinstance(control, QLineEdit | QPlainTextEdit):
        return control.textChanged
    if isinstance(control, QComboBox):
        return control.currentTextChanged
    if isinstance(control, QDateTimeEdit):
        return control.dateTimeChanged
    if isinstance(control, QSpinBox):
        return control.valueChanged
    if isinstance(control, QAbstractButton):
        return control.toggled
    found = getattr(control, "changed", None)
    if not isinstance(found, SignalInstance):
        raise TypeError(f"{type(control).__name__} does not tell of changes")
    return found


def text_field(title: str, *, hint: str = "", needed: bool = False) -> Field:
    """A field for one line of text."""
    return Field(title, QLineEdit(), hint=hint, needed=needed)


def choice(options: list[tuple[str, str]], chosen: str = "") -> QComboBox:
    """A box to choose from: codes with the words that stand for them."""
    made = QComboBox()
    for code, words in options:
        made.addItem(words, code)
    made.setCurrentIndex(max(0, made.findData(chosen)))
    return made


def grid(*lines: tuple[QWidget, ...] | QWidget) -> QGridLayout:
    """Lines of fields below each other; the fields of a line share its width."""
    made = QGridLayout()
    made.setHorizontalSpacing(2 * SPACE)
    made.setVerticalSpacing(2 * SPACE)
    all_parts = [one if isinstance(one, tuple) else (one,) for one in lines]
    widest = lcm(*map(len, all_parts))
    for number, parts in enumerate(all_parts):
        share = widest // len(parts)
        for place, part in enumerate(parts):
            made.addWidget(part, number, place * share, 1, share, Qt.AlignmentFlag.AlignTop)
    for place in range(widest):
        made.setColumnStretch(place, 1)
    return made
