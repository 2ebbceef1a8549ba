"""The line below a table: how many rows there are, how many are selected and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.desk import Desk
from gui.tables.keeping import Selection
from gui.tables.pages import Row
from gui.tables.summary import Sums, said
from gui.tables.view import TableView
from gui.tables.window_model import WindowModel
from gui.theme import SPACE
from gui.widgets.layout import row
from gui.widgets.text import label
from gui.work import Job, Report, using

AT_ONCE: Final = 2_000
"""Rows that are added up or copied while one waits; more take a moment in the background."""


class Foot(QWidget):
    """Says what the selection holds. More than a moment's work is done in the background."""

    def __init__(self, desk: Desk, view: TableView, model: WindowModel, selection: Selection) -> None:
        super().__init__()
        self._desk, self._view, self._model, self._selection = desk, view, model, selection
        self._job: Job | None = None
        self.selected, self.count = label("", "small"), label("", "hint")
        self.selected.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        inner = row(self.selected, self.count, gap=2 * SPACE, margins=(SPACE, 0, SPACE, 0))
        inner.setStretch(0, 1)
        self.setLayout(inner)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._add_up)
        selection.changed.connect(self._later.start)

    def places(self) -> list[int]:
        """The shown columns from left to right."""
        header = self._view.horizontalHeader()
        columns = [header.logicalIndex(place) for place in range(header.count())]
        return [column for column in columns if not header.isSectionHidden(column)]

    def _add_up(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        count = self._selection.count()
        if count <= 1:
            self.selected.setText(said(1, ()) if count else "")
        elif count <= AT_ONCE:
            sums = Sums(self._model.columns)
            sums.add(self._upper_rows())
            self._say(sums)
        else:
            self.selected.setText(f"{said(count, ())}   …")
            self._job = self._add_up_later()

    def _upper_rows(self) -> Iterator[Row]:
        """The rows of the list among the selected ones; if there are none, those below them."""
        rows = list(self._selection.rows())
        upper = [number for number in rows if not self._model.depth(number)]
        return (self._model.line(number).values for number in upper or rows)

    def _add_up_later(self) -> Job:
        book, ids = self._desk.book, selected_ids(self._model, self._selection)

        def job(report: Report) -> Sums:
            sums = Sums(self._model.columns)
            with using(book, report):
                for start in range(0, len(ids), AT_ONCE):
                    report(start, len(ids))
                    sums.add(self._model.values(ids[start : start + AT_ONCE]))
            return sums

        return self._desk.work.run("", job, self._say, lane="sums", owner=self)

    def _say(self, sums: Sums) -> None:
        self._job = None
        self.selected.setText(said(sums.rows, sums.texts(self.places())))


def selected_ids(model: WindowModel, selection: Selection) -> Sequence[int]:
    """The ids of the selected rows from top to bottom, each once."""
    found: list[int] = []
    for first, last in selection.ranges():
        found.extend(model.ids_of(first, last))
    return list(dict.fromkeys(found)) if model.opens else found
