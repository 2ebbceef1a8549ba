"""The rulebook: every rule in words, how often it fired on this book and day, and on what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui import icons, record_words, wording
from gui.desk import Desk, Place
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button, explain
from gui.widgets.card import heading
from gui.widgets.empty import empty
from gui.widgets.layout import clear, column, frame, line, row, scrolling
from gui.widgets.text import label
from gui.work import Report, using
from rules import library
from rules.language import Rule
from store import rulebook
from store.rulebook import Firing

_SHOWN = 50
_NAME = Qt.ItemDataRole.UserRole
_COUNT = 64
_EDGE = 8


def make(desk: Desk) -> QWidget:
    """The page; a Place names a rule by its key, such as "lifecycle.purchased"."""
    return RulebookPage(desk)


class RulebookPage(QWidget):
    """Rules by subject at the left, the chosen one at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.fired: dict[str, int] = {}
        self.numbers: dict[str, QLabel] = {}
        self.search = QLineEdit()
        self.list = QListWidget()
        self.page = QVBoxLayout()
        self._build()
        hear(self, desk.changed, lambda _: self._count())
        self._fill()
        self._count()

    def _build(self) -> None:
        self.search.setPlaceholderText("Search the rules")
        self.search.setAccessibleName("Search the rules")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._fill)
        self.list.setAccessibleName("Rules")
        self.list.setWordWrap(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda item, _: self._open(item))
        self.nothing = empty(
            "book-marked", "No rule says that", "Try a word such as “downgrade”, “warning” or “maintenance”."
        )
        side = QWidget()
        side.setLayout(column(self.search, SPACE, self.list, self.nothing, gap=0, margins=(0, 0, SPACE, 0)))
        self.page.setContentsMargins(3 * SPACE, 0, SPACE, 2 * SPACE)
        self.page.setSpacing(SPACE)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(side)
        parts.addWidget(scrolling(self.page))
        parts.setSizes([440, 560])
        parts.setChildrenCollapsible(False)
        about = "Every figure follows from these rules. The number says how often one has fired on this book and day."
        edge = 3 * SPACE
        self.setLayout(column(heading("Rulebook", about), SPACE, parts, margins=(edge, edge, edge, SPACE)))
        self.layout().setStretch(2, 1)

    def arrive(self, place: Place) -> None:
        """Show the rule that the place names."""
        if place.key:
            self.search.clear()
            for number in range(self.list.count()):
                if self.list.item(number).data(_NAME) == place.key:
                    self.list.setCurrentRow(number)
                    QTimer.singleShot(0, self.list, lambda: self.list.scrollToItem(self.list.currentItem()))
        self.search.setFocus()

    # ----------------------------------------------------------------------------------------------------------- list
    def _fill(self, typed: str = "") -> None:
        """The rules that have every typed word, under the names of their subjects."""
        chosen = self._chosen()
        self.list.blockSignals(True)
        self.list.clear()
        self.numbers.clear()
        for document in library.documents().values():
            rules = [rule for rule in document.rules if _holds(rule, typed)]
            if rules:
                self._add_subject(document.subject, document.about)
            for rule in rules:
                self._add_rule(rule)
        self.list.blockSignals(False)
        self.list.setVisible(self.list.count() > 0)
        self.nothing.setVisible(self.list.count() == 0)
        names = [self.list.item(number).data(_NAME) for number in range(self.list.count())]
        self.list.setCurrentRow(names.index(chosen) if chosen in names else 1)

    def _add_subject(self, subject: str, about: str) -> None:
        item = QListWidgetItem()
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(item)
        told = column(label(_title(subject), "strong"), label(about, "hint", wrap=True), gap=2, margins=(8, 16, 8, 4))
        self._put(item, frame("hit", told), f"{_title(subject)}: {about}")

    def _add_rule(self, rule: Rule) -> None:
        item = QListWidgetItem()
        item.setData(_NAME, rule.name)
        self.list.addItem(item)
        number = label("", "muted")
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        number.setMinimumWidth(_COUNT)
        self.numbers[rule.name] = number
        told = row(label(rule.says, wrap=True), number, gap=SPACE, margins=(8, 8, 8, 8))
        told.setStretch(0, 1)
        self._put(item, frame("hit", told), rule.says)
        self._show_count(item, rule)

    def _show_count(self, item: QListWidgetItem, rule: Rule) -> None:
        count, number = self.fired.get(rule.name), self.numbers[rule.name]
        number.setText("" if count is None else wording.number(count))
        role = "strong" if count else "muted"
        if number.property("role") != role:
            number.setProperty("role", role)
            number.style().polish(number)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{rule.says}. Fired {wording.number(count or 0)} times")

    def _put(self, item: QListWidgetItem, widget: QFrame, spoken: str) -> None:
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        self.list.setItemWidget(item, widget)
        self._measure(item)

    def _measure(self, item: QListWidgetItem) -> None:
        widget = self.list.itemWidget(item)
        width = max(240, self.list.viewport().width()) - 2 * _EDGE
        layout = widget.layout()
        height = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        item.setSizeHint(QSize(0, height + _EDGE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are as high as their sentences need at this width."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._measure_all)

    def _measure_all(self) -> None:
        for number in range(self.list.count()):
            self._measure(self.list.item(number))

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return item.data(_NAME) if item is not None else ""

    # --------------------------------------------------------------------------------------------------------- counts
    def _count(self) -> None:
        if not self.desk.is_open:
            return
        book = self.desk.book

        def job(report: Report) -> dict[str, int]:
            with using(book, report):
                return rulebook.fired(book)

        self.desk.work.run("", job, self._counted, lane="rules", owner=self)

    def _counted(self, fired: dict[str, int]) -> None:
        self.fired = fired
        for item in map(self.list.item, range(self.list.count())):
            if item.data(_NAME):
                self._show_count(item, library.rule(item.data(_NAME)))
        self._open(self.list.currentItem())

    # ----------------------------------------------------------------------------------------------------------- rule
    def _open(self, item: QListWidgetItem | None) -> None:
        clear(self.page)
        if item is None or not item.data(_NAME):
            return
        rule = library.rule(item.data(_NAME))
        self.page.addWidget(label(rule.says, "heading", wrap=True, selectable=True))
        self.page.addWidget(label(rule.name, "hint", selectable=True))
        self._section("Where it comes from", [rule.source, *([f"Since {rule.since}"] if rule.since else [])])
        several = len(rule.kinds) > 1
        words = partial(record_words.condition_of, several=several)
        self._section("It looks at", [record_words.fact(*fact, several=several) for fact in rule.kinds.items()])
        self._section("It fires when all of this holds", [words(condition.text) for condition in rule.conditions])
        follows = [f"{key.replace('_', ' ')}: {words(str(value))}" for key, value in rule.then.items()]
        self._section("What follows", follows)
        if rule.order:
            self._section("Of several, the first by", [_ordered(words, key.text) for key in rule.order])
        self.firings = QVBoxLayout()
        self.firings.setSpacing(0)
        self._section(self._fired_words(rule), [])
        self.page.addLayout(self.firings)
        self.page.addStretch(1)
        if self.fired.get(rule.name):
            self._ask_firings(rule.name)

    def _section(self, title: str, lines: Sequence[str]) -> None:
        self.page.addSpacing(SPACE)
        self.page.addWidget(label(title, "overline"))
        if lines:
            told = [label(text, wrap=True, selectable=True) for text in lines]
            self.page.addWidget(frame("well", column(*told, gap=4, margins=(12, SPACE, 12, SPACE))))

    def _fired_words(self, rule: Rule) -> str:
        count = self.fired.get(rule.name, 0)
        if count:
            times = "once" if count == 1 else f"{wording.number(count)} times"
            first = f"; the first {_SHOWN}" if count > _SHOWN else ""
            return f"Fired {times} as of {self.desk.as_of.isoformat()}{first}"
        if "request" in rule.kinds.values():
            return "It is asked whenever somebody allocates licenses, and leaves no trace"
        return f"It has not fired as of {self.desk.as_of.isoformat()}"

    def _ask_firings(self, name: str) -> None:
        book = self.desk.book

        def job(report: Report) -> list[Firing]:
            with using(book, report):
                return rulebook.firings(book, name, _SHOWN)

        self.desk.work.run("", job, partial(self._show_firings, name), lane="rules", owner=self)

    def _show_firings(self, name: str, found: Sequence[Firing]) -> None:
        if name != self._chosen():
            return
        clear(self.firings)
        for one in found:
            self.firings.addWidget(self._firing(one))
            self.firings.addWidget(line())

    def _firing(self, one: Firing) -> QWidget:
        made = QWidget()
        if one.subject in self.desk.reaches:
            name = button(one.name, partial(self.desk.go, Place(one.subject, one.key)), kind="link")
        else:
            name = label(one.name, selectable=True)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        explain(name, one.name)
        made.setLayout(row(name, label(one.detail, "muted"), gap=2 * SPACE, margins=(0, 6, 0, 6)))
        made.layout().setStretch(0, 1)
        return made


def _ordered(words: Callable[[str], str], text: str) -> str:
    return f"{words(text.removeprefix('-'))}, the greatest first" if text.startswith("-") else words(text)


def _holds(rule: Rule, typed: str) -> bool:
    """Whether every typed word stands in the name, the sentence or the source of a rule."""
    text = f"{rule.name} {rule.says} {rule.source}".casefold()
    return all(word in text for word in typed.casefold().split())


def _title(subject: str) -> str:
    return subject[:1].upper() + subject[1:].replace("-", " ")
