"""The window for the figures of a position: calculated ones, and those that a person decides."""

import pytest
from PySide6.QtCore import Qt

from gui.desk import Place
from gui.dialogs.compliance import ComplianceDialog, parsed
from gui.main_window import MainWindow
from rules.vocabulary import UNLIMITED
from store import audit, overrides, standing
from store.audit import content_hash
from store.records import EntitlementKey, Override
from tests.estates import demand, item, of
from tests.gui.conftest import shown

KEY = EntitlementKey("Windows Server 2025 Standard", "perpetual", "core")
EXAMPLE = {"active": "1000", "demand": "860", "downgrade": "-35", "upgrade": "0"}


@pytest.fixture
def window(desk_with, qtbot):
    desk = desk_with(
        of(
            item("1", KEY.product, 500, metric="core"),
            item("2", "Site License", "unlimited"),
            demand=[demand(KEY.product, 420, metric="core")],
        )
    )
    return shown(MainWindow(desk), qtbot)


@pytest.fixture
def desk(window):
    return window.desk


def opened(window, key=str(KEY)):
    window.desk.go(Place("add-compliance", key))
    return window.findChildren(ComplianceDialog)[-1]


def typed(dialog, figures=EXAMPLE, reason="Counted by hand"):
    dialog.override.setChecked(True)
    for code, text in figures.items():
        dialog.rows[code].typed.setText(text)
    dialog.reason.control.setPlainText(reason)
    return dialog


def differences(dialog):
    return [shown.difference.text() for shown in dialog.rows.values()]


def test_the_documented_example_shows_105_and_over_licensed(window, desk):
    before = content_hash(desk.book)
    dialog = typed(opened(window))
    assert (dialog.balance.text(), dialog.status_text()) == ("+105", "Over-licensed")
    assert [shown.calculated.text() for shown in dialog.rows.values()] == ["500", "420", "0", "0"]
    assert differences(dialog) == ["+500", "+440", "−35", ""]
    assert dialog.difference.text() == "+25"
    assert dialog.save.text() == "Create"
    dialog.save.click()
    assert standing.of(desk.book, KEY).override == Override(KEY, "Counted by hand", 1000, 860, -35, 0)
    assert desk.undo_text.startswith("Add override of")
    desk.undo()
    assert content_hash(desk.book) == before


@pytest.mark.parametrize(("wanted", "balance", "status"), [("965", "0", "Compliant"), ("966", "−1", "Under-licensed")])
def test_the_edges_of_the_example(window, wanted, balance, status):
    dialog = typed(opened(window), {**EXAMPLE, "demand": wanted})
    assert (dialog.balance.text(), dialog.status_text()) == (balance, status)


def test_while_it_is_off_the_calculated_figures_stand_there_and_nothing_can_be_typed(window):
    dialog = opened(window)
    assert not dialog.override.isChecked()
    assert (dialog.balance.text(), dialog.status_text()) == ("+80", "Over-licensed")
    assert not any(shown.typed.isEnabled() for shown in dialog.rows.values())
    assert not dialog.save.isEnabled()
    dialog.override.setChecked(True)
    assert [shown.typed.text() for shown in dialog.rows.values()] == ["500", "420", "0", "0"]


def test_an_existing_override_is_opened_instead_of_a_second_one(window, desk):
    typed(opened(window)).save.click()
    dialog = opened(window)
    assert (dialog.windowTitle(), dialog.save.text()) == ("Edit compliance", "Save")
    assert dialog.override.isChecked()
    assert dialog.rows["demand"].typed.text() == "860"
    assert dialog.reason.control.toPlainText() == "Counted by hand"
    dialog.rows["demand"].typed.setText("900")
    dialog.save.click()
    assert standing.of(desk.book, KEY).override.demand == 900
    assert desk.book.value("SELECT count(*) FROM overrides") == 1


def test_switching_it_off_asks_and_returns_to_the_calculated_figures(window, desk):
    typed(opened(window)).save.click()
    dialog = opened(window)
    dialog.override.click()
    assert dialog.override.isChecked()
    keep = next(one for one in dialog.question.buttons() if one.text() == "Keep the override")
    keep.click()
    assert dialog.rows["active"].typed.text() == "1,000"
    dialog.override.click()
    back = next(one for one in dialog.question.buttons() if one.text() == "Return to calculated")
    back.click()
    assert not dialog.override.isChecked()
    assert [shown.typed.text() for shown in dialog.rows.values()] == ["500", "420", "0", "0"]
    dialog.save.click()
    assert standing.of(desk.book, KEY).override is None
    kept = [(one.field, one.old) for one in audit.history(desk.book, "overrides", str(KEY)) if one.new is None]
    assert ("active", 1000) in kept
    desk.undo()
    assert standing.of(desk.book, KEY).override.active == 1000


def test_switching_it_off_does_not_ask_when_nothing_was_typed(window):
    dialog = opened(window)
    dialog.override.setChecked(True)
    dialog.override.setChecked(False)
    assert dialog.question is None
    assert not dialog.override.isChecked()


def test_figures_and_a_reason_are_needed(window, desk):
    dialog = typed(opened(window), {**EXAMPLE, "demand": "many"}, "")
    assert dialog.balance.text() == "–"
    dialog.save.click()
    assert dialog.wrong.text() == "Demand: type a whole number of 0 or more."
    dialog.rows["demand"].typed.setText("860")
    dialog.rows["upgrade"].typed.setText("")
    dialog.save.click()
    assert dialog.wrong.text() == "Upgrade: type a whole number."
    dialog.rows["upgrade"].typed.setText("0")
    dialog.save.click()
    assert dialog.reason.said() == "Say why these figures hold."
    assert standing.of(desk.book, KEY).override is None


def test_the_entitlement_is_chosen_where_none_was(window, qtbot):
    dialog = opened(window, "")
    assert not dialog.override.isEnabled()
    assert dialog.balance.text() == "–"
    qtbot.keyClick(dialog.record, Qt.Key.Key_Down)
    assert len(dialog.record.suggestions()) == 2
    dialog.record.completer().popup().hide()
    dialog.record.setText("Nothing")
    assert dialog.standing is None
    dialog.record.choose(str(KEY))
    assert dialog.balance.text() == "+80"


def test_a_quantity_without_limit_is_shown_as_such_and_stays_so_until_something_is_typed(window, desk):
    dialog = opened(window, "Site License|perpetual|device")
    assert dialog.rows["active"].calculated.text() == "Unlimited"
    assert dialog.balance.text() == "Unlimited"
    typed(dialog, {"demand": "10"}).save.click()
    assert standing.of(desk.book, EntitlementKey("Site License", "perpetual", "device")).override.active is None
    dialog = typed(opened(window, "Site License|perpetual|device"), {"active": "100"})
    assert differences(dialog)[0] == "now limited"
    assert dialog.balance.text() == "+90"


def test_figures_that_an_override_leaves_to_the_rules_stay_with_them(window, desk):
    overrides.save(desk.book, Override(KEY, "only demand", demand=400))
    dialog = opened(window)
    dialog.rows["demand"].typed.setText("410")
    dialog.save.click()
    assert standing.of(desk.book, KEY).override == Override(KEY, "only demand", demand=410)


def test_what_the_book_refuses_is_said_and_everything_typed_stays(window, desk):
    dialog = typed(opened(window))
    desk._writing = desk.work.run("Judging", lambda report: None, lambda _: None)
    dialog.save.click()
    assert "cannot be changed yet" in dialog.wrong.text()
    assert dialog.rows["active"].typed.text() == "1000"
    desk._writing = None
    dialog.save.click()
    assert standing.of(desk.book, KEY).override is not None


@pytest.mark.parametrize(
    ("text", "signed", "value"),
    [
        ("1,000", False, 1000),
        (" 5 ", False, 5),
        ("-35", True, -35),
        ("−35", True, -35),
        ("+35", True, 35),
        ("-35", False, None),
        ("3.5", True, None),
        ("", True, None),
        ("²", True, None),
        ("99999999999", False, None),
    ],
)
def test_figures_are_read_as_people_write_them(text, signed, value):
    assert parsed(text, signed=signed) == value


def test_unlimited_is_not_a_figure_of_its_own():
    assert parsed(str(UNLIMITED), signed=False) is None
