"""The tab Why: every conclusion about a record at the left, the rule behind the chosen one at the right.

Also what was not concluded, and which condition stood in the way; of positions, each transfer that did not happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QGridLayout, QSplitter, QTreeView, QVBoxLayout, QWidget

from gui import icons, record_words, theme, wording
from gui.desk import Desk, Place
from gui.pages.record_parts.parts import link_button, way
from gui.theme import SPACE
from gui.widgets.buttons import button, plain
from gui.widgets.empty import empty
from gui.widgets.layout import clear, column, frame, row, scrolling
from gui.widgets.text import label, picture
from gui.widgets.timeline import KINDS
from rules import library
from store.portraits.reasons import Check, Reason
from store.portraits.refusals import Refusal
from store.portraits.shape import Link

_REASON: Final = Qt.ItemDataRole.UserRole
_EDGE: Final = 2 * SPACE


class Why(QWidget):
    """The two halves. The chosen conclusion stays chosen when the reasons are shown anew."""

    def __init__(self, desk: Desk, key: str) -> None:
        """`key` is that of the record: of two sides of a transfer, the other one is told."""
        super().__init__()
        self.desk, self.key = desk, key
        self.model = QStandardItemModel(self)
        self.tree = QTreeView()
        self.page = QVBoxLayout()
        self._build()

    def _build(self) -> None:
        self.tree.setAccessibleName("Conclusions")
        self.tree.setModel(self.model)
        self.tree.setHeaderHidden(True)
        self.tree.setProperty("kind", "boxed")
        self.tree.setIconSize(QSize(icons.SIZE, icons.SIZE))
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.setIndentation(2 * SPACE)
        self.tree.selectionModel().currentChanged.connect(lambda index, _: self._open(index))
        self.page.setContentsMargins(_EDGE, 0, SPACE, _EDGE)
        self.page.setSpacing(SPACE)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.addWidget(self.tree)
        self.parts.addWidget(scrolling(self.page))
        self.parts.setSizes([440, 560])
        self.parts.setChildrenCollapsible(False)
        self.nothing = empty(
            "lightbulb", "There is nothing to explain", "No rule has concluded anything about this record."
        )
        self.nothing.hide()
        self.setLayout(column(self.parts, self.nothing, margins=(0, _EDGE, 0, 0)))

    # ----------------------------------------------------------------------------------------------------- conclusions
    def show_reasons(self, reasons: Sequence[Reason], refusals: Sequence[Refusal]) -> None:
        """Show conclusions, and what did not happen."""
        chosen, at = self._chosen(), self.tree.verticalScrollBar().value()
        self.model.clear()
        for topic in _ORDER:
            found = (one for one in reasons if _topic(one) == topic)
            self._section(topic, [_of_reason(one, self.key) for one in sorted(found, key=lambda one: one.day or "")])
        self._section("refused", [_of_refusal(one, self.key) for one in refusals])
        any_ = self.model.rowCount() > 0
        self.parts.setVisible(any_)
        self.nothing.setVisible(not any_)
        self.tree.expandAll()
        self._choose(chosen)
        self.tree.verticalScrollBar().setValue(at)

    def _section(self, topic: str, items: Sequence[QStandardItem]) -> None:
        if not items:
            return
        title = QStandardItem(record_words.TOPICS[topic])
        title.setFont(theme.font("small", bold=True))
        title.setForeground(theme.of(self).colour("muted"))
        title.setFlags(Qt.ItemFlag.ItemIsEnabled)
        title.appendRows(list(items))
        self.model.appendRow(title)

    def _items(self) -> Iterable[QStandardItem]:
        for place in range(self.model.rowCount()):
            title = self.model.item(place)
            yield from (title.child(number) for number in range(title.rowCount()))

    def _chosen(self) -> Any:
        index = self.tree.currentIndex()
        return index.data(_REASON) if index.isValid() else None

    def _choose(self, chosen: Any) -> None:
        """Choose what was chosen before, or what comes first."""
        items = list(self._items())
        same = [item for item in items if chosen is not None and _identity(item.data(_REASON)) == _identity(chosen)]
        if items:
            index = (same or items)[0].index()
            self.tree.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._open(index)

    # --------------------------------------------------------------------------------------------------------- details
    def _open(self, index: QModelIndex) -> None:
        found = index.data(_REASON) if index.isValid() else None
        if found is None:
            return
        clear(self.page)
        told = _refused(self.desk, found) if isinstance(found, Refusal) else _reasoned(self.desk, found)
        for part in told:
            self.page.addWidget(part)
            part.show()  # at once, as on the rest of the page
        self.page.addStretch(1)


_ORDER: Final = ("status", "counting", "moved", "state", "event", "allocation", "formation", "request", "other")


def _topic(reason: Reason) -> str:
    return reason.topic if reason.holds else "other"


def _identity(one: Reason | Refusal) -> tuple[str, ...]:
    """By what a conclusion is the same on another day."""
    if isinstance(one, Refusal):
        return one.kind, one.giver.key, one.taker.key, one.right
    return one.topic, one.rule, one.about


# ---------------------------------------------------------------------------------------------------------------- rows
def _of_reason(one: Reason, key: str) -> QStandardItem:
    meaning, icon = _looks(one)
    if one.topic == "moved":
        giver, taker = one.facts
        other = f"to {taker.name}" if giver.key == key else f"from {giver.name}"
        return _item(one, f"{_words(one)} {wording.line(other)}\n{wording.line(one.about)}", icon, meaning)
    rest = "" if one.topic == "status" else _about(one)
    return _item(one, f"{_words(one)}   {rest}".rstrip(), icon, meaning)


def _about(one: Reason) -> str:
    """The day and what a conclusion is about; of a status, the sum."""
    about = record_words.values_of(one.about) if one.topic == "status" else wording.line(one.about)
    return " · ".join(filter(None, (one.day, about)))


def _words(one: Reason) -> str:
    words = record_words.outcome(one.outcome)
    return words if one.holds else f"Not: {words[:1].lower()}{words[1:]}"


def _looks(one: Reason) -> tuple[str, str]:
    """The meaning of the colour, and the icon, of a conclusion."""
    if not one.holds:
        return "faint", "circle-dashed"
    return KINDS.get(one.outcome) or theme.STATUS.get(one.outcome) or _LOOKS.get(one.outcome, ("muted", "circle-check"))


_LOOKS: Final = {
    "downgrade": ("accent", "arrow-down"),
    "upgrade": ("accent", "arrow-up"),
    "over-allocated": ("negative", "circle-alert"),
    "orphan": ("warning", "triangle-alert"),
}


def _of_refusal(one: Refusal, key: str) -> QStandardItem:
    other = f"to {one.taker.name}" if one.giver.key == key else f"from {one.giver.name}"
    return _item(one, f"No {one.kind} {wording.line(other)}\n{_obstacle(one)}", "circle-slash", "muted")


def _item(one: Reason | Refusal, text: str, icon: str, meaning: str) -> QStandardItem:
    made = QStandardItem(icons.icon(icon, meaning), text)
    made.setData(one, _REASON)
    made.setToolTip(plain(text))
    made.setData(text, Qt.ItemDataRole.AccessibleTextRole)
    return made


def _obstacle(one: Refusal) -> str:
    return record_words.OBSTACLES[one.obstacle].format(kind=one.kind)


# ------------------------------------------------------------------------------------------------------------- details
def _reasoned(desk: Desk, one: Reason) -> list[QWidget]:
    meaning, icon = _looks(one)
    about = _about(one)
    head = QWidget()
    head.setLayout(
        row(picture(icon, meaning), label(_words(one), "strong"), label(about, "muted", selectable=True), None)
    )
    return [head, *_rule(desk, one.rule, one.says, one.source, one.checks), *_facts(desk, one.facts)]


def _refused(desk: Desk, one: Refusal) -> list[QWidget]:
    sides = QWidget()
    sides.setLayout(
        row(link_button(desk, one.giver), picture("arrow-right", "muted"), link_button(desk, one.taker), None)
    )
    sentence = f"No {one.kind}: {_obstacle(one)}."
    left, missing = wording.quantity(one.left), wording.quantity(one.missing)
    after = f"After all transfers, {one.giver.name} has {left} left and {one.taker.name} lacks {missing}."
    found = [
        sides,
        label(sentence, "heading", wrap=True, selectable=True),
        label(wording.line(after), "muted", wrap=True, selectable=True),
    ]
    if one.right:
        found.append(label(f"By the right {wording.line(one.right)}", "muted", selectable=True))
        found += _rule(desk, one.rule, one.says, library.rule(one.rule).source, one.checks)
    return found


def _rule(desk: Desk, name: str, says: str, source: str, checks: Sequence[Check]) -> list[QWidget]:
    """A rule: what it says, its conditions with the values of this record, and where it comes from."""
    several = len(library.rule(name).kinds) > 1
    return [
        _overline("The rule"),
        label(says, "heading", wrap=True, selectable=True),
        _way_to_rule(desk, name),
        _overline("Its conditions, with the values of this record"),
        _conditions(checks, several),
        _overline("Where it comes from"),
        label(source, "muted", wrap=True, selectable=True),
    ]


def _overline(text: str) -> QWidget:
    made = label(text, "overline")
    made.setContentsMargins(0, SPACE, 0, 0)
    return made


def _way_to_rule(desk: Desk, name: str) -> QWidget:
    made = QWidget()
    run = way(desk, Place("rulebook", name))
    shown = label(name, "hint", selectable=True) if run is None else button(name, run, kind="link")
    if run is not None:
        shown.setAccessibleName(f"Show the rule {name} in the rulebook")
    made.setLayout(row(shown, None))
    return made


def _conditions(checks: Sequence[Check], several: bool) -> QFrame:
    grid = QGridLayout()
    grid.setContentsMargins(12, SPACE, 12, SPACE)
    grid.setHorizontalSpacing(SPACE + 4)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for place, check in enumerate(checks):
        for part, widget in enumerate(_condition(check, several)):
            grid.addWidget(widget, place, part)
    return frame("well", grid)


def _condition(check: Check, several: bool) -> tuple[QWidget, ...]:
    """Whether it holds (as an icon and a word), the condition, and the same with its values."""
    icon, meaning, word = ("check", "positive", "Yes") if check.holds else ("x", "negative", "No")
    holds = label(word, "small")
    holds.setProperty("meaning", meaning)
    mark = QWidget()
    mark.setLayout(row(picture(icon, meaning, 14), holds, gap=4))
    values = label(record_words.values_of(check.values), "small", selectable=True)
    if not check.holds:
        values.setProperty("meaning", "negative")
    return mark, label(record_words.condition_of(check.text, several), wrap=True, selectable=True), values


def _facts(desk: Desk, facts: Sequence[Link]) -> list[QWidget]:
    if not facts:
        return []
    made, grid = QWidget(), QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE + 4)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(2, 1)
    for place, fact in enumerate(facts):
        grid.addWidget(label(_NOUNS[fact.subject], "muted"), place, 0)
        grid.addWidget(link_button(desk, fact), place, 1)
    made.setLayout(grid)
    return [_overline("The facts it used"), made]


_NOUNS: Final = {
    "entitlement": "Entitlement",
    "contract": "Contract",
    "product": "Product",
    "position": "Position",
    "title": "Title",
    "definition": "Entitlement definition",
    "authorization": "Authorization",
    "request": "Request",
}
