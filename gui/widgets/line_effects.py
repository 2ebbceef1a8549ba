"""What lines of requests lead to, before it happens: for the requester who asks, and for the approver who decides.

Lines of one title stand on one card, the title first. Each says in words, icon and colour what becomes of it, what is
held before and after, what is charged, and what is worth a thought.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from gui import portal_words, theme, wording
from gui.theme import SPACE
from gui.widgets.badge import badge
from gui.widgets.layout import Part, column, frame, line, row
from gui.widgets.text import label, picture
from rules.vocabulary import TITLE
from store.portal.records import Effect

Beside = Callable[[Effect], Sequence[QWidget]]
"""Further widgets at the head of a line, such as a box to choose it by."""


_AMOUNT = 14 * SPACE


Below = Callable[[Effect], Sequence[Part]]
"""Further parts at the end of a line, such as the decision on it."""


def cards(
    effects: Sequence[Effect], on: date, *, beside: Beside = lambda _: (), below: Below = lambda _: ()
) -> list[QFrame]:
    """A card for each title. `on` is the day on which the lines are carried out."""
    titles = dict.fromkeys((one.request, one.title) for one in effects)
    return [_card([one for one in effects if (one.request, one.title) == title], on, beside, below) for title in titles]


def _card(effects: Sequence[Effect], on: date, beside: Beside, below: Below) -> QFrame:
    parts: list[Part] = []
    for one in sorted(effects, key=lambda effect: effect.kind != TITLE):
        parts += [line(), _line(one, on, beside, below)] if parts else [_line(one, on, beside, below)]
    edge = 2 * SPACE
    return frame("card", column(*parts, gap=12, margins=(edge, 12, edge, 12)))


def _line(effect: Effect, on: date, beside: Beside, below: Below) -> QWidget:
    meaning, icon = theme.status(effect.outcome)
    asked = label(portal_words.name(effect), "strong", wrap=True, selectable=True)
    amount = label(portal_words.charge(effect), "strong" if effect.amount else "muted")
    amount.setAccessibleName(f"Charge: {amount.text()}")
    amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    amount.setMinimumWidth(_AMOUNT)
    head = row(*beside(effect), asked, *_badges(effect), amount, gap=SPACE)
    head.setStretchFactor(asked, 1)
    told = label(portal_words.sentence(effect), "muted", wrap=True, selectable=True)
    parts: list[Part] = [head, told, *_change(effect), *_warnings(effect, on), *below(effect)]
    within = 0 if effect.kind == TITLE else 3 * SPACE
    mark = column(picture(icon, meaning, 20), None, margins=(0, 4, 0, 0))
    made = row(within, mark, column(*parts, gap=6), gap=SPACE + 4)
    made.setStretch(made.count() - 1, 1)
    shown = QWidget()
    shown.setLayout(made)
    shown.setAccessibleName(spoken(effect, on))
    return shown


def spoken(effect: Effect, on: date) -> str:
    """A line as readers of the screen say it."""
    parts = (
        portal_words.name(effect),
        wording.badge(effect.outcome),
        portal_words.sentence(effect),
        portal_words.charge(effect),
        *portal_words.warnings(effect, on),
    )
    return ". ".join(part.rstrip(".") for part in parts if part)


def _badges(effect: Effect) -> list[QWidget]:
    """What it comes to, and whether that needs an approver."""
    waits = effect.step == "pending"
    made: list[QWidget] = [badge(effect.outcome, portal_words.COMING.get(effect.outcome, "") if waits else "")]
    if effect.step in ("pending", "granted") and effect.outcome != effect.step:
        made.append(badge(effect.step, portal_words.STEPS[effect.step]))
    return made


def _change(effect: Effect) -> list[Part]:
    """What is held now and what then, below each other."""
    if effect.kind == TITLE or effect.after is None:
        return []
    same = effect.before == effect.after
    pairs = [("Before", effect.before), *([] if same else [("After", effect.after)])]
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * SPACE)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    for place, (when, held) in enumerate(pairs):
        shown = label(portal_words.span(held), "body" if held else "muted", selectable=True)
        shown.setAccessibleName(f"{when}: {shown.text()}")
        grid.addWidget(label(when, "hint"), place, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(shown, place, 1)
    return [grid]


def _warnings(effect: Effect, on: date) -> list[Part]:
    made: list[Part] = []
    for sentence in portal_words.warnings(effect, on):
        told = label(sentence, "body", wrap=True, selectable=True)
        told.setProperty("meaning", "warning")
        part = row(picture("triangle-alert", "warning"), told, gap=SPACE)
        part.setStretch(1, 1)
        made.append(part)
    return made
