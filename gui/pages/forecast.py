"""Forecast: what changes in the next months if nobody acts, what falls short when, and what it costs to keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QComboBox, QFileDialog, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from gui import ahead_text, theme, wording
from gui.desk import Desk, Place
from gui.tables import export
from gui.theme import SPACE
from gui.watch import Watch
from gui.widgets import totals_line
from gui.widgets.buttons import button
from gui.widgets.card import heading
from gui.widgets.charts import WithTable
from gui.widgets.cliff_chart import CliffChart, Step
from gui.widgets.empty import empty
from gui.widgets.layout import clear, column, frame, stacked
from gui.widgets.listing import Cell, Column, Listing, Row
from gui.widgets.text import label
from gui.work import Job, Report, using
from store import forecast
from store.ahead import handing_out
from store.errors import KnownFault
from store.forecast import Change, Day, Forecast, Shortage

_SUBJECTS: Final = frozenset({"compliance", "prices"})
_HORIZONS: Final = (6, 12, 24, 36, 60)
_MOST: Final = 1_000
"""Rows of a table that are shown; a file has them all."""

_LEAST: Final = 7
_CHART: Final = ("From", "Positions short", "Licenses missing", "Positions that change")
_CHART_ABOUT: Final = "Positions short if nobody acts. Choose a dot to see below what changes on its day."
_CHANGES: Final = (
    Column("Day"),
    Column("Product", stretches=True),
    Column("Model"),
    Column("Metric"),
    Column("Balance", right=True),
    Column("Becomes", right=True),
    Column("Status"),
    Column("Because", stretches=True),
)
_SHORTAGES: Final = (
    Column("Short from"),
    Column("Product", stretches=True),
    Column("Model"),
    Column("Metric"),
    Column("Missing", right=True),
    Column("At worst", right=True),
    Column("From"),
    Column("Unit price", right=True),
    Column("Cost to keep", right=True),
)


def make(desk: Desk) -> QWidget:
    """The page."""
    return ForecastPage(desk)


class ForecastPage(QWidget):
    """A chart of what is short, the changes day by day, and what falls short first; or, without any, that it is so."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.found: Forecast | None = None
        self._job: Job | None = None
        self.months = _horizons()
        self.export = button("Export…", self.ask_export, icon="download")
        self.chart = WithTable("Positions short", CliffChart("Positions short", rising=True), _CHART, _CHART_ABOUT)
        self.costs = label("", "strong", wrap=True, selectable=True)
        self.tabs = QTabWidget()
        self.places: tuple[QVBoxLayout, QVBoxLayout] = (QVBoxLayout(), QVBoxLayout())
        self.listings: dict[int, Listing] = {}
        self._build()
        self.months.currentIndexChanged.connect(lambda _: self._ask())
        self.chart.chart.chosen.connect(self._show_day)
        self._watch = Watch(self, desk, _SUBJECTS.intersection, self._ask)
        desk.opened.connect(self._forget)

    def _build(self) -> None:
        self.about = label("", "muted")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for title, place in zip(("Changes", "Falls short"), self.places, strict=True):
            room = QWidget()
            place.setContentsMargins(0, SPACE, 0, 0)
            room.setLayout(place)
            self.tabs.addTab(room, title)
        edge = 2 * SPACE
        chart = frame("card", column(self.chart, margins=(edge, edge, edge, edge)))
        chart.setFixedHeight(264)
        full = column(chart, self.costs, self.tabs, gap=SPACE + 4)
        full.setStretch(2, 1)
        nothing = empty("chart-line", "There is nothing to foresee yet", "Positions come with contracts and demand.")
        self.stack = stacked(full, nothing)
        edge = 3 * SPACE
        head = heading("Forecast", "", label("Look ahead", "muted"), self.months, self.export)
        self.setLayout(
            column(column(head, self.about, gap=4), self.stack, gap=2 * SPACE, margins=(edge, edge, edge, SPACE))
        )
        self.layout().setStretch(1, 1)
        self.setFocusProxy(self.months)

    # --------------------------------------------------------------------------------------------------------- asking
    def arrive(self, _: Place) -> None:
        """Look ahead again if the book has changed meanwhile."""
        if self._watch.stale:
            self._ask()

    def _forget(self) -> None:
        self._watch.stale = True

    def _ask(self) -> None:
        if not self.desk.is_open:
            return
        self._watch.stale = False
        book, as_of, months = self.desk.book, self.desk.as_of, self.months.currentData()

        def ahead(report: Report) -> Forecast:
            with using(book, report):
                return forecast.ahead(book, as_of=as_of, months=months, progress=report)

        if self._job is not None:
            self._job.cancel()
        what = f"Looking {wording.plural(months, 'month')} ahead"
        self._job = self.desk.work.run(what, ahead, self._show, self._fail, lane="forecast", owner=self)
        self._job.ended.connect(self._ended)

    def _ended(self) -> None:
        if self._job is not None and not self._job.running:
            self._job = None

    def _fail(self, fault: Exception) -> None:
        if not isinstance(fault, KnownFault):
            raise fault
        self.about.setText(str(fault))

    # -------------------------------------------------------------------------------------------------------- showing
    def _show(self, found: Forecast) -> None:
        self.found = found
        self.stack.setCurrentIndex(0 if found.shortages or found.days or self._holds() else 1)
        days = wording.plural(len(found.days), "day changes", "days change")
        self.about.setText(
            f"If nobody acts, {days} something from {found.as_of.isoformat()} to {found.until.isoformat()}."
        )
        self.chart.chart.show_steps(list(_steps(found)), found.until)
        self.chart.fill()
        self.costs.setText(totals_line.said("Cost to keep everything", found.costs, None, found.unpriced))
        self.costs.setVisible(bool(found.shortages))
        changes = [(day, one) for day in found.days for one in day.changes]
        rows = [self._change(*one) for one in changes[:_MOST]]
        self._fill(0, "Changes", _CHANGES, rows, len(changes), "Nothing changes in these months.")
        shortages = [self._shortage(one, found) for one in found.shortages[:_MOST]]
        self._fill(1, "Falls short", _SHORTAGES, shortages, len(found.shortages), "Nothing is short in these months.")

    def _holds(self) -> bool:
        return self.desk.book.one("SELECT 1 FROM positions LIMIT 1") is not None

    def _fill(
        self, tab: int, name: str, columns: Sequence[Column], rows: Sequence[Row], total: int, nothing: str
    ) -> None:
        place = self.places[tab]
        clear(place)
        self.listings.pop(tab, None)
        self.tabs.setTabText(tab, f"{name} ({wording.number(total)})")
        if not rows:
            place.addWidget(label(nothing, "muted"))
            place.addStretch(1)
            return
        shown = Listing(name, columns, rows, _LEAST)
        shown.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.listings[tab] = shown
        place.addWidget(shown, 1)
        if more := wording.left_out(len(rows), total):
            place.addWidget(label(more, "muted"))

    def _change(self, day: Day, one: Change) -> Row:
        because = "; ".join(wording.capital(ahead_text.cause(cause)) for cause in one.causes)
        return (
            day.on.isoformat(),
            *_named(one.product, one.model, one.metric, self._to(one.key)),
            balance(one.before.balance),
            balance(one.after.balance),
            status(one.after.status),
            because,
        )

    def _shortage(self, one: Shortage, found: Forecast) -> Row:
        first = Cell("Already", "negative") if one.on == found.as_of else Cell(one.on.isoformat())
        return (
            first,
            *_named(one.product, one.model, one.metric, self._to(one.key)),
            wording.number(one.units),
            wording.number(one.most),
            one.most_on.isoformat(),
            wording.money(f"{one.price} {one.currency}") if one.price else "",
            wording.amount(one.cost, one.currency or "") if one.cost is not None else "",
        )

    def _to(self, key: str) -> Callable[[], object] | None:
        return partial(self.desk.go, Place("position", key)) if "position" in self.desk.reaches else None

    def _show_day(self, number: int) -> None:
        """The changes of the day whose dot was chosen."""
        if self.found is None or number == 0 or 0 not in self.listings:
            return
        day = self.found.days[number - 1].on.isoformat()
        self.tabs.setCurrentIndex(0)
        shown = self.listings[0]
        at = next((n for n, cells in enumerate(shown.listed.cells) if cells[0].text >= day), -1)
        if at >= 0:
            index = shown.listed.index(at, 0)
            shown.setCurrentIndex(index)
            shown.scrollTo(index, Listing.ScrollHint.PositionAtTop)
            shown.setFocus()

    # ------------------------------------------------------------------------------------------------------- exporting
    def ask_export(self) -> QFileDialog | None:
        """Ask for the file that the forecast is written to."""
        return export_dialog(
            self, self.desk, "Export the forecast", f"Forecast {self.desk.as_of.isoformat()}.xlsx", self.export_to
        )

    def export_to(self, path: Path) -> None:
        """Write it, in the background."""
        found = self.found
        if found is not None:
            said = f"Exported the forecast to {path}."
            self.desk.work.run(
                "Exporting the forecast",
                lambda _: handing_out.save(found, path),
                lambda _: self.desk.tell(said, "positive"),
                owner=self,
            )


def export_dialog(parent: QWidget, desk: Desk, title: str, name: str, run: Callable[[Path], object]) -> QFileDialog:
    """Ask for a workbook, CSV or JSON file, in the folder of the last one."""
    folder = Path(desk.state.get("folders/export", str(Path.home())))
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters((*export.FILTERS, "JSON, for programs (*.json)"))
    dialog.selectFile(name)

    def chosen(text: str) -> None:
        path = Path(text)
        desk.state.put("folders/export", str(path.parent))
        run(path if path.suffix.lower() == ".json" else export.with_ending(path, dialog.selectedNameFilter()))

    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.open()
    return dialog


def _horizons() -> QComboBox:
    made = QComboBox()
    made.setAccessibleName("How far to look ahead")
    for months in _HORIZONS:
        made.addItem(wording.plural(months, "month"), months)
    made.setCurrentIndex(_HORIZONS.index(forecast.MONTHS))
    return made


def _steps(found: Forecast) -> Sequence[Step]:
    points = [(found.as_of, found.positions, found.shortfall, 0)]
    points += [(day.on, day.positions, day.shortfall, len(day.changes)) for day in found.days]
    return [
        Step(
            on,
            positions,
            changes > 0,
            wording.cliff(on, positions, units, 0, first=not changes),
            (on.isoformat(), *map(wording.number, (positions, units, changes))),
        )
        for on, positions, units, changes in points
    ]


def _named(product: str, model: str, metric: str, run: Callable[[], object] | None) -> tuple[Cell, str, str]:
    return Cell(product, run=run), wording.label(model) or "No entitlement", wording.label(metric)


def balance(units: int) -> Cell:
    """A balance, in its colour where units are missing."""
    return Cell(wording.signed(units), "negative" if units < 0 else "")


def status(code: str) -> Cell:
    """A status with its icon and colour."""
    meaning, icon = theme.status(code)
    return Cell(wording.badge(code), meaning, (icon, meaning))
