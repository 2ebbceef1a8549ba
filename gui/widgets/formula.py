"""A sum written out: each figure with its name, the signs between them, and what was calculated where it differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui.theme import SPACE
from gui.widgets.layout import Part, column, frame, row
from gui.widgets.text import label


@dataclass(frozen=True)
class Term:
    """A figure of the sum: the sign before it, its name and value; `aside` is said below it."""

    sign: str
    name: str
    value: str
    aside: str = ""
    tone: str = ""
    changed: bool = False
    """Whether somebody typed it in the place of what is calculated."""


def formula(terms: Sequence[Term]) -> QWidget:
    """The sum on one line; the last term is what it comes to."""
    made = QWidget()
    made.setAccessibleName(" ".join(f"{term.sign} {term.name} {term.value}" for term in terms).strip())
    inner: list[Part] = []
    for term in terms:
        if term.sign:
            inner.append(_sign(term.sign))
        inner.append(_term(term))
    made.setLayout(row(*inner, gap=SPACE))
    for place, part in enumerate(_terms_only(terms)):
        made.layout().setStretch(place, part)  # pyright: ignore[reportAttributeAccessIssue]
    return made


def _terms_only(terms: Sequence[Term]) -> list[int]:
    return [stretch for term in terms for stretch in ([0, 1] if term.sign else [1])]


def _sign(text: str) -> QLabel:
    made = label(text, "title")
    made.setProperty("meaning", "muted")
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


def _term(term: Term) -> QFrame:
    value = label(term.value, "title", selectable=True)
    value.setProperty("meaning", term.tone)
    name = f"{term.name}, typed" if term.changed else term.name
    parts = [label(name, "overline"), value, label(term.aside or " ", "hint")]
    for part in parts:
        part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    made = frame("well", column(*parts, gap=2, margins=(12, 10, 12, 8)))
    if term.changed:
        made.setProperty("kind", "typed")
    return made
