"""Hands rows of an overview out: onto the clipboard, or into a file; in the background when it takes a while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gui import overview_words
from gui.tables import copying, export
from gui.tables.foot import AT_ONCE, selected_ids
from gui.tables.pages import Row
from gui.work import Report, using

if TYPE_CHECKING:
    from gui.tables.overview import OverviewPage

_FOLDER = "folders/export"


def copy(page: OverviewPage) -> None:
    """Put the selected rows onto the clipboard, as a table with headings."""
    model, places, count = page.model, page.foot.places(), page.selection.count()
    if count <= AT_ONCE:
        _copied(page, copying.table(model.columns, places, (_named(page, at) for at in page.selection.rows())), count)
        return
    ids, book = selected_ids(model, page.selection), page.desk.book

    def job(report: Report) -> str:
        with using(book, report):
            return copying.table(model.columns, places, _all(page, ids, report))

    what = f"Copying {page.words.counted(len(ids))}"
    page.desk.work.run(what, job, lambda text: _copied(page, text, len(ids)), owner=page)


def ask_for_file(page: OverviewPage) -> QFileDialog:
    """Ask for the file to write what is shown to; the folder of the last one is offered first."""
    folder = Path(page.desk.state.get(_FOLDER, str(Path.home())))
    dialog = QFileDialog(page, f"Export {page.words.many}", str(folder))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(export.FILTERS)
    dialog.selectFile(f"{page.words.title} {page.desk.as_of.isoformat()}.xlsx")
    dialog.fileSelected.connect(
        lambda path: page.export_to(export.with_ending(Path(path), dialog.selectedNameFilter()))
    )
    dialog.open()
    return dialog


def export_file(page: OverviewPage, path: Path) -> None:
    """Write what is shown to a workbook or CSV file, in the background."""
    page.desk.state.put(_FOLDER, str(path.parent))
    places = tuple(page.foot.places())
    nobody = overview_words.NOBODY.get(page.name, "")
    order = export.Order(
        page.name, page.words.title, page.asked(), page.model.columns, places, page.model.total(), nobody
    )
    book = page.desk.book

    def job(report: Report) -> int:
        with using(book, report):
            return export.write(book, order, path, report)

    def done(count: int) -> None:
        page.desk.tell(f"Exported {page.words.counted(count)} to {path}.", "positive")

    page.desk.work.run(f"Exporting {page.words.many}", job, done, owner=page)


def _named(page: OverviewPage, at: int) -> Row:
    """The values of a row; one below another begins with what it is called there."""
    line = page.model.line(at)
    return (page.model.text(line, 0), *line.values[1:]) if page.model.depth(at) else line.values


def _all(page: OverviewPage, ids: Sequence[int], report: Report) -> Iterator[Row]:
    for start in range(0, len(ids), AT_ONCE):
        report(start, len(ids))
        yield from page.model.values(ids[start : start + AT_ONCE])


def _copied(page: OverviewPage, text: str, count: int) -> None:
    QGuiApplication.clipboard().setText(text)
    page.desk.tell(f"Copied {page.words.counted(count)} with headings.", "positive")
