"""What a record page has to be told of a noun: how it is read, what stands in its head, and its details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from gui.desk import Desk
from gui.widgets.layout import Part
from store.book import Book
from store.portraits.reasons import Reason
from store.portraits.refusals import Refusal
from store.portraits.timeline import Timeline


@dataclass(frozen=True)
class Figure:
    """A key figure: what it is called, its value, a word about it, and the meaning of its colour."""

    name: str
    value: str
    hint: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a record page. `ways` lead to records that it belongs to."""

    icon: str
    kind: str
    name: str
    badges: Sequence[QWidget]
    ways: Sequence[Part]
    figures: Sequence[Figure]
    actions: Sequence[QPushButton]
    warning: str = ""
    """What is wrong with it, in a sentence."""


def _nothing(_: Book, __: str) -> list[Refusal]:
    return []


@dataclass(frozen=True)
class Noun:
    """A kind of records. A portrait is what `read` returns; None: there is no such record any more."""

    subject: str
    read: Callable[[Book, str], Any]
    reasons: Callable[[Book, str], Sequence[Reason]]
    head: Callable[[Desk, QWidget, str, Any], Head]
    """Made from the desk, the page (for dialogs over it), the key and the portrait."""
    details: Callable[[Desk, Any], Sequence[Part]]
    refusals: Callable[[Book, str], Sequence[Refusal]] = _nothing
    overview: str = ""
    """The page to go to when the record is gone."""
    tabs: Sequence[str] = ("details", "timeline", "history", "why")
    """The tabs that such records have, of all that there are."""
    timeline: Callable[[Book, str], Timeline] | None = None
    """How the timeline is read, where that is not the one of licenses."""
