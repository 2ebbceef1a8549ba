"""The page of a record: its head, and the tabs Details, License timeline, History and Why.

What a tab shows is read in the background when the tab is looked at, and again after a change of the book or the day.
Only what differs is drawn anew, so nobody loses the tab, the place or what is marked for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from gui import record_words, wording
from gui.desk import Desk, Place
from gui.pages.record_parts import history, parts, timeline
from gui.pages.record_parts.shape import Head, Noun
from gui.pages.record_parts.why import Why
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button
from gui.widgets.empty import empty
from gui.widgets.layout import Part, clear, column, row, scrolling, stacked
from gui.widgets.message import Inline, message
from gui.widgets.text import label, picture
from gui.work import Job, Report, using
from store import renames
from store.book import Book
from store.portraits import histories
from store.portraits import timeline as timelines

TABS: Final = ("details", "timeline", "history", "why")
"""The tabs of most records."""

_EDGE: Final = 3 * SPACE
_LOW: Final = 560
"""The height of a page below which its key figures are left out."""
_ASIDE: Final = frozenset({"findings", "snapshots"})
"""Subjects whose changes no record shows."""


@dataclass(frozen=True)
class Read:
    """What was read for a tab: the key it was found by, the portrait (None: gone), the contents, and the day."""

    tab: str
    key: str
    portrait: Any
    contents: Any
    day: str


class RecordPage(QWidget):
    """A record by its key. `arrive` goes to the tab that a place names."""

    def __init__(self, desk: Desk, noun: Noun, key: str) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setObjectName(f"{noun.subject} {key}")
        self.desk, self.noun, self.key = desk, noun, key
        self.wrong = Inline(margins=(0, SPACE, 0, 0))
        """What went wrong with the last action on this page."""
        self.figures: QWidget | None = None
        self._job: Job | None = None
        self._portrait: Any = self  # nothing that a portrait could be equal to
        self._shown: dict[str, Read] = {}
        self._stale = set(noun.tabs)
        self._build()
        desk.changed.connect(self._changed)
        hear(self, desk.day_changed, lambda _: self._changed(frozenset({"settings"})))

    # ------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        self.head = QVBoxLayout()
        self.head.setSpacing(SPACE)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("Parts of the record")
        self.tabs.tabBar().setDrawBase(False)
        self.pages: dict[str, QVBoxLayout] = {}
        self.areas: dict[str, QScrollArea] = {}
        self.why = Why(self.desk, self.key)
        for code in self.noun.tabs:
            self.tabs.addTab(self.why if code == "why" else self._scrolled(code), self._titled(code))
        self.tabs.currentChanged.connect(lambda _: self._ask())
        whole = column(self.head, self.wrong, SPACE, self.tabs, gap=0, margins=(_EDGE, _EDGE, _EDGE, SPACE))
        whole.setStretch(3, 1)
        self.stack = stacked(whole, self._gone())
        self.setLayout(column(self.stack))

    def _titled(self, code: str) -> str:
        own = code == "timeline" and self.noun.timeline is not None
        return record_words.TABS["periods" if own else code]

    def _scrolled(self, code: str) -> QScrollArea:
        page = column(gap=2 * SPACE, margins=(0, 2 * SPACE, SPACE, 2 * SPACE))
        self.pages[code], self.areas[code] = page, scrolling(page)
        return self.areas[code]

    def _gone(self) -> QWidget:
        overview = self.noun.overview
        there = [button(f"Show {wording.PAGES[overview].lower()}", lambda: self.desk.go(Place(overview)))]
        known = there if overview in self.desk.reaches else []
        return empty(
            "circle-slash", record_words.GONE[self.noun.subject], f"Its key was {wording.line(self.key)}.", *known
        )

    # --------------------------------------------------------------------------------------------------------- reading
    @property
    def tab(self) -> str:
        """The code of the tab that is shown."""
        return self.noun.tabs[self.tabs.currentIndex()]

    def arrive(self, place: Place) -> None:
        """Go to the tab that the place names, if it names one."""
        if place.tab in self.noun.tabs:
            self.tabs.setCurrentIndex(list(self.noun.tabs).index(place.tab))

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed meanwhile is read when it is looked at."""
        super().showEvent(event)
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the tabs need the room of the key figures."""
        super().resizeEvent(event)
        if self.figures is not None:
            self.figures.setVisible(event.size().height() >= _LOW)

    def _changed(self, subjects: frozenset[str]) -> None:
        if subjects - _ASIDE:
            self._stale = set(self.noun.tabs)
            self._ask()

    def _ask(self) -> None:
        """Read what the tab that is looked at shows, if that may have changed."""
        if not (self.isVisible() and self.desk.is_open and self.tab in self._stale):
            return
        if self._job is not None and self._job.running:
            self._job.cancel()
        book, tab, key, day = self.desk.book, self.tab, self.key, self.desk.as_of.isoformat()

        def job(report: Report) -> Read:
            with using(book, report), book.reading():
                found, portrait = _found(book, self.noun, key)
                contents = None if portrait is None else _READERS[tab](book, self.noun, found)
                return Read(tab, found, portrait, contents, day)

        self._job = self.desk.work.run("", job, self._show, lane="record", owner=self)

    def _show(self, read: Read) -> None:
        self._stale.discard(read.tab)
        self.stack.setCurrentIndex(1 if read.portrait is None else 0)
        if read.portrait is None:
            return
        if read.key != self.key:
            self._follow(read.key, read.portrait.product)
        if read.portrait != self._portrait:
            self._portrait = read.portrait
            self._fill_head(self.noun.head(self.desk, self, self.key, read.portrait))
        if read != self._shown.get(read.tab):
            self._shown[read.tab] = read
            _FILLERS[read.tab](self, read)

    def _follow(self, key: str, product: str) -> None:
        """The record has another key since its product was renamed: it stays open under that one."""
        self.key = self.why.key = key
        self.setObjectName(f"{self.noun.subject} {key}")
        self.desk.tell(f"The product is called {wording.line(product)} now.")

    # --------------------------------------------------------------------------------------------------------- showing
    def _fill_head(self, head: Head) -> None:
        clear(self.head)
        name = label(wording.line(head.name), "title", wrap=True, selectable=True)
        kind = label(head.kind, "overline")
        told = column(row(kind, None), name, gap=2)
        named = row(picture(head.icon, "accent", 3 * SPACE), told, *head.actions, gap=SPACE + 4)
        named.setStretch(1, 1)
        warning = [message(head.warning, "warning")] if head.warning else []
        self.figures = parts.figures(head.figures)
        if self.height() < _LOW:
            self.figures.hide()
        inner = column(named, parts.flowing(*head.badges, *head.ways), *warning, self.figures)
        made = _wrapped(inner)
        self.head.addWidget(made)
        made.show()

    def fill(self, code: str, *shown: Part) -> None:
        """Put parts into a tab in the place of what stands there, and leave it scrolled to where it was."""
        area, page = self.areas[code], self.pages[code]
        at = area.verticalScrollBar().value()
        focused = area.isAncestorOf(QApplication.focusWidget()) if QApplication.focusWidget() else False
        area.setUpdatesEnabled(False)
        clear(page)
        for part in shown:
            widget = _wrapped(part)
            page.addWidget(widget)
            widget.show()  # at once: shown by the layout, it would be measured a moment too late
        page.addStretch(1)
        if focused:
            self.tabs.tabBar().setFocus()
        QTimer.singleShot(0, area, lambda: _settle(area, at))


def _found(book: Book, noun: Noun, key: str) -> tuple[str, Any]:
    """The portrait of a record, also when its product is called otherwise by now; with the key that it has."""
    portrait = noun.read(book, key)
    if portrait is None and (now := renames.key(book, noun.subject, key)) is not None:
        return now, noun.read(book, now)
    return key, portrait


def _wrapped(part: Part) -> QWidget:
    if isinstance(part, QWidget):
        return part
    made = QWidget()
    if isinstance(part, QLayout):
        made.setLayout(part)
    return made


def _settle(area: QScrollArea, at: int) -> None:
    area.widget().layout().activate()
    area.verticalScrollBar().setValue(at)
    area.setUpdatesEnabled(True)


_READERS: Final[dict[str, Callable[[Book, Noun, str], Any]]] = {
    "details": lambda *_: None,
    "timeline": lambda book, noun, key: (
        timelines.of(book, noun.subject, key) if noun.timeline is None else noun.timeline(book, key)
    ),
    "history": lambda book, noun, key: histories.read(book, noun.subject, key),
    "why": lambda book, noun, key: (tuple(noun.reasons(book, key)), tuple(noun.refusals(book, key))),
}
"""What each tab shows beside the portrait."""

_FILLERS: Final[dict[str, Callable[[RecordPage, Read], None]]] = {
    "details": lambda page, read: page.fill("details", *page.noun.details(page.desk, read.portrait)),
    "timeline": lambda page, read: page.fill("timeline", *timeline.parts_of(page.desk, read.contents)),
    "history": lambda page, read: page.fill("history", history.part_of(page.desk, page.wrong, read.contents)),
    "why": lambda page, read: page.why.show_reasons(*read.contents),
}
"""How each tab is filled with what was read."""
