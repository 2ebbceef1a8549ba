"""Names in data may look like markup: nothing in the window obeys it, and nothing that it names is loaded."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLabel, QWidget, QWizard
from pytestqt.qtbot import QtBot

from gui import main_window
from gui.desk import Desk, Place
from gui.main_window import MainWindow
from tests.estates import allocation, contract, demand, groups, item, override, product
from tests.gui.conftest import settled, shown
from tests.promises import Promise

_CONTROL = "a label and a tooltip that would obey are found"
MARKUP = "<b>bold</b><img src='file:///etc/hostname'>"
SERVER, OLD = f"Server {MARKUP}", f"Old server {MARKUP}"
BERLIN, TEAM = f"Berlin {MARKUP}", f"Team {MARKUP}"
NUMBER = f"C {MARKUP}"
TEXTS = "supplier customer invoice_number purchase_order_number sales_order_number quote_number".split()
KEY = f"{SERVER}|perpetual|device"
TITLE, DEFINITION = f"Suite {MARKUP}", f"Assurance {MARKUP}"
AUTHORIZATION, HOLDER = f"A {MARKUP}", f"Ann {MARKUP}"

SEEDED = {
    "products": [
        product(SERVER, vendor=MARKUP, family=MARKUP, edition=MARKUP, version=f"2 {MARKUP}", version_rank=2),
        product(OLD, vendor=MARKUP, family=MARKUP, edition=MARKUP, version=f"1 {MARKUP}", version_rank=1),
    ],
    "contracts": [contract(NUMBER, **{name: f"{name} {MARKUP}" for name in ("name", *TEXTS)})],
    "contract_items": [
        item(f"1 {MARKUP}", SERVER, 100, end="2026-12-31", contract=NUMBER, sku=MARKUP, responsible=TEAM)
    ],
    "resource_groups": groups(BERLIN),
    "user_groups": groups(TEAM),
    "allocations": [allocation(SERVER, BERLIN, TEAM, 60)],
    "demand": [demand(SERVER, 20, resource_group=BERLIN, source=MARKUP), demand(OLD, 30)],
    "rights": [{"right": f"R {MARKUP}", "kind": "downgrade", "family": MARKUP}],
    "overrides": [override(SERVER, demand=25) | {"reason": f"because {MARKUP}"}],
    "titles": [
        {"title": TITLE, "product": SERVER, "requires_approval": "true", "orderable": "true", "price": "100"},
        {"title": f"Old {TITLE}", "requires_approval": "true", "orderable": "false"},
    ],
    "entitlement_definitions": [
        {"definition": DEFINITION, "title": TITLE, "kind": "optional", "unit_price": "30", "contract": NUMBER},
        {"definition": f"With {DEFINITION}", "title": TITLE, "kind": "included"},
        {"definition": f"Old {DEFINITION}", "title": TITLE, "kind": "optional", "ends_on": "2020-12-31"},
    ],
    "authorizations": [
        {"authorization": AUTHORIZATION, "title": TITLE, "holder": HOLDER, "authorized_on": "2024-01-10"}
    ],
    "deployed_entitlements": [
        {
            "authorization": AUTHORIZATION,
            "definition": DEFINITION,
            "quantity": 5,
            "start": "2024-01-10",
            "end": "2026-12-31",
        }
    ],
    "requests": [
        {"request": f"{request} {MARKUP}", "requester": f"ben {MARKUP}", "holder": HOLDER, "submitted_on": "2026-11-01"}
        for request in ("R1", "R2")
    ],
    "request_lines": [
        line
        for request in ("R1", "R2")
        for line in (
            {"request": f"{request} {MARKUP}", "line": f"1 {MARKUP}", "kind": "title", "title": TITLE},
            {
                **{"request": f"{request} {MARKUP}", "line": f"2 {MARKUP}", "kind": "entitlement", "title": TITLE},
                **{"definition": DEFINITION, "quantity": 3, "start": "2026-12-01", "end": "2026-12-24"},
            },
        )
    ],
    "decisions": [
        {
            **{"request": f"R1 {MARKUP}", "line": f"2 {MARKUP}", "decision": "approve", "decided_on": "2026-11-02"},
            **{"decided_by": f"mona {MARKUP}", "reason": f"because {MARKUP}"},
        }
    ],
}

RECORDS = {
    "entitlement": KEY,
    "contract": NUMBER,
    "product": SERVER,
    "position": KEY,
    "title": TITLE,
    "definition": DEFINITION,
    "authorization": AUTHORIZATION,
    "request": f"R1 {MARKUP}",
}
TABS = ("details", "timeline", "history", "why")
WINDOWS = {
    "add-contract": "manual",
    "edit-contract": NUMBER,
    "edit-entitlement": KEY,
    "add-entitlement": "",
    "add-compliance": KEY,
    "add-event": NUMBER,
    "add-request": HOLDER,
    "decide-request": f"R2 {MARKUP}",
    "edit-title": TITLE,
    "edit-definition": DEFINITION,
    "add-authorization": TITLE,
}


def obeyed(root: QWidget) -> list[str]:
    """Labels, tooltips and table cells that would show the markup as what it says."""
    labels = [
        f"label {one.text()}"
        for one in root.findChildren(QLabel)
        if "<b>" in one.text() and one.textFormat() != Qt.TextFormat.PlainText
    ]
    tips = [one.toolTip() for kind in (QWidget, QAction) for one in root.findChildren(kind)]
    cells = [tip for view in root.findChildren(QAbstractItemView) if view.model() for tip in told(view.model())]
    return labels + [f"tooltip {tip}" for tip in tips + cells if "<b>" in tip]


def told(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    """The tooltips of the first cells of a table or tree."""
    above = parent or QModelIndex()
    for row in range(min(model.rowCount(above), 20)):
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(above)
        for column in range(columns):
            yield str(model.index(row, column, above).data(Qt.ItemDataRole.ToolTipRole) or "")
        if parent is None:
            yield from told(model, model.index(row, 0, above))


@pytest.fixture
def seeded(desk_with, qtbot: QtBot) -> MainWindow:
    """The window over an estate with markup in every field that takes text."""
    return shown(MainWindow(desk_with(SEEDED)), qtbot)


@pytest.fixture
def plain(seeded: MainWindow, promise: Promise) -> Callable[[object], None]:
    """Asks whether anything in the window obeys the markup now."""

    def look(where: object) -> None:
        faults = [f"{where}: {one}" for one in obeyed(seeded)]
        promise("R20", "screens over a book with markup in every text", count=1, faults=faults, control=_CONTROL)

    return look


def test_a_label_that_would_obey_is_found(seeded: MainWindow) -> None:
    QLabel(MARKUP, seeded)
    QLabel(seeded).setToolTip(MARKUP)
    assert obeyed(seeded) == [f"label {MARKUP}", f"tooltip {MARKUP}"]


def test_every_table_that_takes_text_is_seeded(seeded: MainWindow) -> None:
    for table in SEEDED.keys() - {"allocations", "deployed_entitlements"}:
        assert any(MARKUP in str(cell) for row in seeded.desk.book.rows(f"SELECT * FROM {table}") for cell in row), (
            table
        )


def test_no_page_obeys_markup_in_names(seeded: MainWindow, qtbot: QtBot, plain: Callable[[object], None]) -> None:
    for code, _, _ in main_window.PAGES:
        visit(seeded.desk, qtbot, Place(code))
        plain(code)


def test_no_record_obeys_markup_in_names(seeded: MainWindow, qtbot: QtBot, plain: Callable[[object], None]) -> None:
    for noun, key in RECORDS.items():
        for tab in TABS:
            visit(seeded.desk, qtbot, Place(noun, key, tab))
            plain((noun, tab))


def test_no_wizard_obeys_markup_in_names(seeded: MainWindow, qtbot: QtBot, plain: Callable[[object], None]) -> None:
    for code, key in WINDOWS.items():
        visit(seeded.desk, qtbot, Place(code, key))
        plain(code)
        seeded.findChildren(QDialog)[-1].done(0)


def test_no_step_of_a_request_obeys_markup_in_names(
    seeded: MainWindow, qtbot: QtBot, plain: Callable[[object], None]
) -> None:
    visit(seeded.desk, qtbot, Place("add-request", HOLDER, TITLE))
    wizard = seeded.findChildren(QWizard)[-1]
    for _ in range(3):
        wizard.next()
        plain("a step")
    for card in wizard.entitlements.cards:
        card.show_hidden()
        for part in card.wishes:
            part.box.setChecked(True)
    wizard.preview.arrive()
    plain("the preview")


def test_the_palette_does_not_obey_markup_in_names(
    seeded: MainWindow, qtbot: QtBot, plain: Callable[[object], None]
) -> None:
    seeded.palette_.open_("server")
    settled(seeded.desk, qtbot)
    plain("the palette")


def visit(desk: Desk, qtbot: QtBot, place: Place) -> None:
    desk.go(place)
    settled(desk, qtbot)
