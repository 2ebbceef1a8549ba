"""The step Columns of the import: proposed, explained, changed, tried on the first rows, remembered, undone."""

import csv
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWizard
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.main_window import MainWindow
from gui.wizards import import_
from gui.wizards.import_ import ImportWizard
from store.content import content_hash
from store.imports.mapping import keeping
from tests.gui.conftest import settled
from tests.store.imports import samples

HEADER = ["Artikel", "Menge", "Preis", "Beginn", "Status"]
ROWS = [
    ("Visio", "1.200", "310,40", "31.04.2025", "aktiv"),
    ("Acrobat", "12", "19,99", "01.05.2025", "aktiv"),
    ("Snagit", "some", "48,00", "01.05.2025", "aktiv"),
    ("Old", "5", "1,00", "01.05.2025", "storniert"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    rows += [dict(zip(HEADER, (f"P{n}", str(n), "5,00", "13.06.2025", "aktiv"), strict=True)) for n in range(1, 20)]
    return samples.write_csv(tmp_path / "liste.csv", HEADER, rows)


def opened(desk: Desk, window: MainWindow, path: Path, qtbot: QtBot, pages: int = 2) -> ImportWizard:
    wizard = import_.open_(desk, window, str(path))
    with qtbot.waitExposed(wizard):
        wizard.show()
    for _ in range(pages):
        go_on(wizard, qtbot)
    return wizard


def go_on(wizard: ImportWizard, qtbot: QtBot, role: QWizard.WizardButton = QWizard.WizardButton.NextButton) -> None:
    qtbot.mouseClick(wizard.button(role), Qt.MouseButton.LeftButton)
    settled(wizard.desk, qtbot)


@pytest.fixture
def wizard(desk: Desk, window: MainWindow, file: Path, qtbot: QtBot) -> ImportWizard:
    return opened(desk, window, file, qtbot)


def choose(box: object, code: str) -> None:
    box.setCurrentIndex(box.findData(code))  # type: ignore[attr-defined]


def texts(tree: object) -> list[list[str]]:
    items = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]  # type: ignore[attr-defined]
    return [[item.text(place) for place in range(item.columnCount())] for item in items]


# ------------------------------------------------------------------------------------------------------ what is shown
def test_what_is_said_of_an_unknown_file_stands_at_the_top_of_its_page(
    desk: Desk, window: MainWindow, file: Path, qtbot: QtBot
) -> None:
    page = opened(desk, window, file, qtbot, pages=1).recognized
    assert "whose columns are not known yet" in page.format.text()
    assert page.format.height() <= 2 * page.format.fontMetrics().height()


def test_a_file_of_ones_own_gets_a_step_for_its_columns(
    desk: Desk, window: MainWindow, file: Path, qtbot: QtBot
) -> None:
    wizard = opened(desk, window, file, qtbot, pages=1)
    assert wizard.recognized.format.text() == "liste.csv is a table whose columns are not known yet."
    assert wizard.steps.names() == ["File", "Recognized", "Columns", "Preview", "Progress", "Finished"]
    go_on(wizard, qtbot)
    assert wizard.currentPage() is wizard.columns


def test_each_column_stands_beside_what_is_in_it_its_field_and_the_reason(wizard: ImportWizard) -> None:
    page = wizard.columns
    assert [row[0] for row in texts(page.table)] == HEADER
    assert texts(page.table)[1][1].startswith("1.200  ·  12  ·  some")
    assert {name: box.currentData() for name, box in page.fields.items()} == {
        "Artikel": "product",
        "Menge": "quantity",
        "Preis": "unit_price",
        "Beginn": "license_start",
        "Status": "",
    }
    assert texts(page.table)[1][3] == "By its name and its quantities"
    assert page.fields["Menge"].accessibleName() == "Field of the column Menge"
    assert (page.dates.control.currentData(), page.decimal.control.currentData()) == ("DD/MM/YYYY", ",")


def test_the_first_rows_are_shown_as_they_would_be_stored_and_why_one_is_refused(wizard: ImportWizard) -> None:
    rows = texts(wizard.columns.tried)
    assert rows[0][0].startswith('2  Beginn: "31.04.2025" is not a day of the calendar')
    assert rows[1] == ["3", "liste: Acrobat", "Acrobat", "Acrobat", "Perpetual", "Device", "12", "2025-05-01", "19.99"]
    assert rows[2][0].startswith('4  Menge: "some" is not a number')
    assert wizard.columns.tried_title.text() == "The first 23 rows as they would be stored, 2 of them left out"


def test_every_change_is_tried_at_once(wizard: ImportWizard) -> None:
    page = wizard.columns
    page.for_all["metric"].control.setText("user")
    page.for_all["currency"].control.setText("CHF")
    assert texts(page.tried)[1][5] == "User"
    choose(page.left_column.control, "Status")
    page.left_values.control.setText("storniert, tot")
    assert page.tried_title.text().endswith("3 of them left out")
    assert page.mapping().leave_out[0].values == ("storniert", "tot")
    choose(page.fields["Preis"], "")
    assert "19.99" not in texts(page.tried)[1]


def test_what_is_missing_or_given_twice_is_said_where_it_is_and_nothing_goes_on(
    wizard: ImportWizard, qtbot: QtBot
) -> None:
    page = wizard.columns
    choose(page.fields["Menge"], "")
    choose(page.fields["Status"], "product")
    assert texts(page.table)[0][3].startswith("Product is given 2 times")
    assert [row[0][:18] for row in texts(page.tried)] == ["Product is given 2", "Quantity is needed"]
    go_on(wizard, qtbot)
    assert wizard.currentPage() is page
    assert page.said.text().startswith(("Product is given", "Quantity is needed"))
    choose(page.fields["Status"], "")
    choose(page.fields["Menge"], "quantity")
    page.name.control.setText("")
    go_on(wizard, qtbot)
    assert page.name.said().startswith("The mapping needs a name")


def test_another_target_has_other_fields(wizard: ImportWizard) -> None:
    page = wizard.columns
    choose(page.target.control, "demand")
    assert page.fields["Menge"].findData("unit_price") == -1
    assert page.mapping().columns == {"Artikel": "product", "Menge": "quantity"}
    assert texts(page.tried)[1][:4] == ["3", "Acrobat", "Device", "liste"]


# ------------------------------------------------------------------------------------------- to the end, and once more
def test_refused_rows_are_left_out_when_one_says_so_and_the_mapping_is_remembered(
    wizard: ImportWizard, desk: Desk, window: MainWindow, file: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    before = content_hash(desk.book)
    wizard.columns.name.control.setText("Softshop")
    go_on(wizard, qtbot)
    page = wizard.preview
    assert page.said.text().startswith("This would be refused. Correct the rows")
    assert not wizard.button(QWizard.WizardButton.CommitButton).isEnabled()
    page.leave.setChecked(True)
    settled(desk, qtbot)
    assert [row for row in texts(page.counts) if row[0] in ("Contract items", "Rows of the file")] == [
        ["Contract items", "21", "0", "0", ""],
        ["Rows of the file", "", "", "", "2"],
    ]
    assert [row[:2] for row in texts(page.rows.tree)][:2] == [["Refused", "Row 2"], ["Refused", "Row 4"]]
    choose(page.rows.kind, "refused")
    assert len(texts(page.rows.tree)) == 2
    page.export_to(tmp_path / "preview.csv")
    settled(desk, qtbot)
    with (tmp_path / "preview.csv").open(newline="", encoding="utf-8-sig") as lines:
        becomes = [row["becomes"] for row in csv.DictReader(lines)]
    assert (becomes.count("new"), becomes.count("refused")) == (63, 2)
    go_on(wizard, qtbot, QWizard.WizardButton.CommitButton)
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.finished_)
    assert "Contract items: 21 new" in wizard.finished_.details.text()
    wizard.accept()
    assert [one.name for one in keeping.held(desk.book)] == ["Softshop"]

    again = opened(desk, window, file, qtbot)
    assert again.recognized.format.text().endswith("Recognized by the mapping Softshop.")
    assert texts(again.columns.table)[0][3] == "As remembered under Softshop"
    again.preview.leave.setChecked(True)
    go_on(again, qtbot)
    assert again.preview.said.text().startswith("All of this is in the book already")
    again.leave()
    desk.undo()
    qtbot.waitUntil(lambda: not desk.busy)
    assert content_hash(desk.book) == before
    settled(desk, qtbot)


def test_a_mapping_goes_to_a_file_and_comes_from_one(wizard: ImportWizard, tmp_path: Path) -> None:
    page = wizard.columns
    page.for_all["metric"].control.setText("core")
    page.save_file(str(tmp_path / "m.json"))
    assert json.loads((tmp_path / "m.json").read_bytes())["constants"] == {"metric": "core"}
    choose(page.fields["Preis"], "")
    page.for_all["metric"].control.setText("")
    page.open_file(str(tmp_path / "m.json"))
    assert (page.mapping().constants, page.mapping().columns["Preis"]) == ({"metric": "core"}, "unit_price")
    (tmp_path / "m.json").write_text("[]")
    page.open_file(str(tmp_path / "m.json"))
    assert page.said.text().startswith("m.json is no mapping")
    page.save_file(str(tmp_path / "no" / "m.json"))
    assert "cannot be written" in page.said.text()
    for ask in (page.ask_open, page.ask_save):
        ask()
        assert page.dialog is not None
        page.dialog.close()


def test_the_columns_are_reached_and_chosen_with_the_keyboard(wizard: ImportWizard, qtbot: QtBot) -> None:
    box = wizard.columns.fields["Status"]
    box.setFocus()
    qtbot.keyClicks(box, "Vendor")
    assert wizard.columns.mapping().columns["Status"] == "vendor"
    assert texts(wizard.columns.table)[4][3] == "Chosen by you"


def test_a_list_of_people_needs_the_product_that_they_use(
    desk: Desk, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    header = ["sAMAccountName", "mail", "department", "Enabled"]
    people = [dict(zip(header, (f"u{n}", f"u{n}@x.org", "IT", str(n > 1)), strict=True)) for n in range(5)]
    wizard = opened(desk, window, samples.write_csv(tmp_path / "ad.csv", header, people), qtbot)
    page = wizard.columns
    assert page.target.control.currentData() == "users"
    assert texts(page.tried)[0][0].startswith("Product is needed")
    page.for_all["product"].control.setText("Microsoft 365 E3")
    assert texts(page.tried)[2][:4] == ["4", "Microsoft 365 E3", "u2", "u2@x.org"]
    assert texts(page.tried)[0][0] == "2  the account is disabled"
    go_on(wizard, qtbot)
    counts = {row[0]: row[1:] for row in texts(wizard.preview.counts)}
    assert counts["Installations"][0] == "3"
    assert counts["Rows of the file"][-1] == "2"
    assert wizard.button(QWizard.WizardButton.CommitButton).isEnabled()
    wizard.leave()


def test_a_file_that_breaks_off_is_told_where_its_columns_are_asked_for(
    desk: Desk, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text('Artikel,Menge\nOffice,1\n"Visio,2\n')
    wizard = opened(desk, window, path, qtbot)
    assert wizard.currentPage() is wizard.columns
    assert wizard.columns.said.text() == (
        "error: liste.csv, row 3: a quotation mark that opens a cell here is never closed"
    )
