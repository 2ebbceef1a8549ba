"""The window: pages, places, the day, messages, recent books, files dropped onto it."""

import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gui import books, main_window, menus, wording
from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.pages.record_parts.page import RecordPage
from gui.pages.settings import TABS
from gui.widgets.day_field import to_qt
from store import contracts
from store.errors import BookFault
from store.records import Contract
from tests.conftest import AS_OF, opened
from tests.gui.conftest import settled, shown


def texts(window: MainWindow) -> list[str]:
    return [action.text() for action in window.actions_.values() if action.isEnabled()]


def add_contract(desk: Desk) -> None:
    desk.do("Add contract C-17", lambda book: contracts.save(book, Contract("C-17", "Office", date(2026, 1, 1))))


# -------------------------------------------------------------------------------------------------------------- places
def test_every_page_has_a_row_and_opens_by_its_key(window: MainWindow, qtbot: QtBot) -> None:
    control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    parts = [(one, alt if one in wording.REQUEST_PAGES else control) for one, _, _ in main_window.PAGES]
    for code, held in parts:
        number = [one for one, modifier in parts if modifier == held].index(code) + 1
        key = Qt.Key.Key_Comma if code == "settings" else getattr(Qt.Key, f"Key_{number % 10}")
        if number <= 10 or code == "settings":
            qtbot.keyClick(window, key, held)
        else:
            window.desk.go(Place(code))  # there are no more keys with a number
        assert window.place() == Place(code)
    rows = [window.navigation.item(row).text() for row in range(window.navigation.count())]
    assert [row for row in rows if row in wording.PAGES.values()].count("Requests") == 2  # the heading, and the page
    assert len(rows) == len(main_window.PAGES) + len(wording.PAGE_GROUPS)


def test_pages_that_are_gone_hear_nothing_of_the_book_that_is_open_now(window: MainWindow, desk: Desk) -> None:
    path = desk.book.path
    for place in (
        *(Place(code) for code, _, _ in main_window.PAGES),
        *(Place("settings", tab=tab) for tab, *_ in TABS),
    ):
        desk.go(place)
    for (key,) in desk.book.rows("SELECT product FROM products LIMIT 14"):
        desk.go(Place("product", key))
    desk.open(path)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    desk.refresh()
    desk.day_changed.emit(desk.as_of)
    assert len(window.stack.findChildren(RecordPage)) == 0


def rows_seen(window: MainWindow) -> list[str]:
    items = [window.navigation.item(row) for row in range(window.navigation.count())]
    return [item.text() for item in items if not item.isHidden()]


def test_the_pages_of_requests_are_folded_under_their_heading_until_somebody_unfolds_them(
    window: MainWindow, desk: Desk
) -> None:
    assert "Requests" in rows_seen(window)
    assert "Titles" not in rows_seen(window)
    (heading, _) = window.navigation.findItems("Requests", Qt.MatchFlag.MatchExactly)
    place = window.place()
    QTest.mouseClick(
        window.navigation.viewport(),
        Qt.MouseButton.LeftButton,
        pos=window.navigation.visualItemRect(heading).center(),
    )
    assert "Titles" in rows_seen(window)
    assert window.place() == place
    assert desk.state.get("window/folded", ["never asked"]) == []


def test_the_keyboard_folds_a_group_from_any_of_its_pages_and_unfolds_it_from_its_heading(
    window: MainWindow, desk: Desk
) -> None:
    desk.go(Place("products"))
    navigation = window.navigation
    QTest.keyClick(navigation, Qt.Key.Key_Left)
    assert navigation.currentItem().text() == "Estate"
    assert navigation.currentItem().data(Qt.ItemDataRole.AccessibleTextRole) == "Estate, folded"
    assert "Products" not in rows_seen(window)
    assert window.place() == Place("products")
    QTest.keyClick(navigation, Qt.Key.Key_Return)
    assert "Products" in rows_seen(window)
    QTest.keyClick(navigation, Qt.Key.Key_Space)
    assert "Products" not in rows_seen(window)


def test_a_page_that_is_gone_to_is_seen_also_in_a_folded_group(window: MainWindow, desk: Desk) -> None:
    desk.go(Place("charges"))
    assert "Charges" in rows_seen(window)
    assert window.navigation.currentItem().text() == "Charges"


def test_choosing_a_row_goes_to_its_page(window: MainWindow) -> None:
    window.navigation.setCurrentRow(1)
    assert window.place() == Place(main_window.PAGES[1][0])


def test_back_and_forward_go_through_the_places_in_their_order(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    first = window.place()
    desk.go(Place("rulebook", "lifecycle.purchased"))
    desk.go(Place("settings"))
    window.back()
    assert window.place() == Place("rulebook", "lifecycle.purchased")
    window.back()
    assert (window.place(), window.back_button.isEnabled()) == (first, False)
    window.forward()
    window.forward()
    assert (window.place(), window.forward_button.isEnabled()) == (Place("settings"), False)
    window.back()
    desk.go(Place("settings", tab="judgement"))
    assert not window.forward_button.isEnabled()


def test_a_page_that_does_not_exist_is_a_mistake_of_ours(window: MainWindow) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        window.show_place(Place("nowhere"))


def test_the_last_page_is_shown_again_at_the_next_start(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("settings"))
    path = desk.book.path
    desk.close()
    again = shown(MainWindow(desk), qtbot)
    desk.open(path)
    assert again.place() == Place("settings")


def test_a_record_page_is_kept_as_it_was_left_and_old_ones_are_let_go(
    window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def make(_: Desk, key: str) -> QPushButton:
        made.append(key)
        return QPushButton(key)

    monkeypatch.setitem(main_window.RECORDS, "thing", make)
    desk.reaches.add("thing")
    desk.go(Place("thing", "a"))
    desk.go(Place("settings"))
    desk.go(Place("thing", "a"))
    assert made == ["a"]
    for number in range(20):
        desk.go(Place("thing", str(number)))
    desk.go(Place("thing", "a"))
    assert made.count("a") == 2


def test_a_wizard_opens_over_the_window_and_is_no_place_to_come_back_to(
    window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Place] = []
    monkeypatch.setitem(main_window.OPENERS, "import", lambda _desk, _window, place: asked.append(place))
    before = window.place()
    window.take(Path("estate.csv"))
    assert asked == [Place("import", "estate.csv")]
    assert window.place() == before


# ----------------------------------------------------------------------------------------------------------------- day
def test_another_day_in_the_field_judges_the_book(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.day_changed):
        window.as_of.field.setDate(to_qt(date(2027, 3, 1)))
    assert desk.as_of == date(2027, 3, 1)
    assert "2027-03-01" in window.status.findChildren(type(window.book_name))[0].text()


def test_the_shortcut_of_the_day_begins_it_anew_wherever_one_is_in_it(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    for day in (date(2027, 6, 15), date(2028, 1, 5)):
        with qtbot.waitSignal(desk.day_changed):
            qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
            qtbot.keyClicks(window.as_of.field, day.isoformat())
        qtbot.waitUntil(lambda day=day: desk.as_of == day)


def test_who_types_on_while_a_day_is_judged_keeps_what_was_typed(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.judge(date(2027, 11, 21))
    window.as_of.field.setDate(to_qt(date(2027, 6, 21)))
    desk.day_changed.emit(date(2027, 11, 21))  # the first of the two days is judged
    assert window.as_of.shown() == date(2027, 6, 21)
    qtbot.waitUntil(lambda: desk.as_of == date(2027, 6, 21) and not desk.work.jobs)


def test_while_the_slider_moves_the_book_is_judged_only_where_it_comes_to_rest(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    days: list[date] = []
    desk.day_changed.connect(days.append)
    for step in range(1, 30):
        window.as_of.slider.setValue(AS_OF.toordinal() + step)
        assert window.as_of.shown() == date.fromordinal(AS_OF.toordinal() + step)
    qtbot.waitUntil(lambda: bool(days))
    assert days == [date.fromordinal(AS_OF.toordinal() + 29)]


def test_the_slider_covers_the_years_of_the_book(window: MainWindow) -> None:
    slider = window.as_of.slider
    assert date.fromordinal(slider.minimum()) == date(2010, 1, 1)
    assert date.fromordinal(slider.maximum()).month == 12
    assert slider.minimum() <= AS_OF.toordinal() <= slider.maximum()


def test_a_click_on_the_slider_goes_to_that_year(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    slider = window.as_of.slider
    with qtbot.waitSignal(desk.day_changed):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(10, 12))
    assert desk.as_of == date(2010, 1, 1)


def test_the_keys_of_the_slider_move_by_day_month_and_year(window: MainWindow, qtbot: QtBot) -> None:
    slider = window.as_of.slider
    for key, modifier, days in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 30),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier, 365),
    ):
        before = slider.value()
        qtbot.keyClick(slider, key, modifier)
        assert slider.value() - before == days


def test_today_comes_back_to_the_day_of_the_clock(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert not window.as_of.today_button.isEnabled()
    with qtbot.waitSignal(desk.day_changed):
        window.as_of.field.setDate(to_qt(date(2027, 3, 1)))
    with qtbot.waitSignal(desk.day_changed):
        window.as_of.today_button.click()
    assert desk.as_of == AS_OF


def test_the_window_beats_on_while_the_book_is_judged_and_shows_a_bar_that_can_be_cancelled(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    beats: list[int] = []
    heart = QTimer(interval=10)
    heart.timeout.connect(lambda: beats.append(1))
    heart.start()
    begun = threading.Event()

    def change(_, report) -> None:
        begun.set()
        while True:
            report(1, 4)

    desk.do_long("Judge a large estate", change, lambda _: None)
    qtbot.waitUntil(lambda: window.status.shown() == ["Judge a large estate"])
    before = len(beats)
    qtbot.waitUntil(lambda: len(beats) > before + 10)
    stop = next(b for b in window.status.findChildren(QToolButton) if b.accessibleName().startswith("Cancel"))
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert window.status.shown() == []


# ------------------------------------------------------------------------------------------------------------ messages
def test_undo_in_the_menu_says_what_it_undoes(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert not window.actions_["undo"].isEnabled()
    add_contract(desk)
    assert window.actions_["undo"].text() == "Undo “Add contract C-17”"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.toasts.text() == "Undone: Add contract C-17"
    assert window.actions_["redo"].text() == "Redo “Add contract C-17”"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.toasts.text() == "Redone: Add contract C-17"


def test_a_known_problem_of_a_job_is_told_in_its_own_words(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    def job(_) -> None:
        raise BookFault("the disk is full.")

    desk.work.run("Import", job, lambda _: None)
    settled(desk, qtbot)
    assert window.toasts.text() == "Import: the disk is full."


def test_a_fault_of_the_program_is_called_one_and_shows_its_details_and_the_window_lives(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    desk.work.run("Divide", lambda _: 1 // 0, lambda _: None)
    settled(desk, qtbot)
    assert "fault of the program, not of your data" in window.toasts.text()
    details = next(b for b in window.findChildren(QPushButton) if b.text() == "Details")
    details.click()
    dialog = window.findChild(QDialog)
    assert "ZeroDivisionError" in dialog.findChild(QPlainTextEdit).toPlainText()
    add_contract(desk)


# --------------------------------------------------------------------------------------------------------------- books
def test_without_a_book_the_start_page_is_all_there_is(empty_window: MainWindow) -> None:
    window = empty_window
    assert window.stack.currentWidget() is window.start
    assert not window.furnished
    assert "Go to Rulebook" not in texts(window)
    assert "Open a book…" in texts(window)


def test_opening_a_book_shows_its_name_and_closing_it_the_start_page(window: MainWindow, desk: Desk) -> None:
    assert window.windowTitle().startswith("sample")
    assert window.book_name.text() == "sample"
    assert window.side.isVisible()
    window.actions_["close"].trigger()
    assert window.stack.currentWidget() is window.start
    assert not desk.is_open


def test_a_book_is_opened_from_the_recent_ones(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    path = desk.book.path.absolute()
    desk.close()
    again = next(b for b in window.start.findChildren(QPushButton) if b.accessibleName().startswith("Open sample"))
    again.click()
    assert desk.book.path == path
    menu = menus.book_menu(window)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["sample"]


def test_a_new_book_is_made_where_the_user_says(empty_window: MainWindow, empty_desk: Desk, tmp_path: Path) -> None:
    empty_window.actions_["new"].trigger()
    empty_window.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "mine.elpis"))
    assert empty_desk.book.path == tmp_path / "mine.elpis"
    assert empty_window.windowTitle().startswith("mine")


def test_a_new_book_never_takes_the_place_of_a_file_that_is_there(
    empty_window: MainWindow, empty_desk: Desk, sample_book: Path
) -> None:
    books.ask_new(empty_desk, empty_window).fileSelected.emit(str(sample_book))
    assert not empty_desk.is_open
    assert "such a file already" in empty_window.findChild(QMessageBox).text()


def test_a_book_is_opened_with_the_file_dialog(empty_window: MainWindow, empty_desk: Desk, sample_book: Path) -> None:
    empty_window.actions_["open"].trigger()
    empty_window.findChild(QFileDialog).fileSelected.emit(str(sample_book))
    box = empty_window.findChild(QMessageBox)  # it was never open here
    next(button for button in box.buttons() if button.text() == "It is my own: open it").click()
    assert empty_desk.book.path == sample_book


def test_a_book_that_was_open_before_is_opened_without_a_question(
    empty_window: MainWindow, empty_desk: Desk, sample_book: Path
) -> None:
    empty_desk.state.remember_book(sample_book)
    empty_window.actions_["open"].trigger()
    empty_window.findChild(QFileDialog).fileSelected.emit(str(sample_book))
    assert empty_desk.book.path == sample_book


def test_a_book_in_use_can_be_opened_for_reading_and_says_so_all_the_time(
    empty_window: MainWindow, empty_desk: Desk, sample_book: Path
) -> None:
    window = empty_window
    with closing(opened(sample_book)):
        assert not books.open_path(empty_desk, window, sample_book)
        box = window.findChild(QMessageBox)
        assert "in use" in box.text()
        assert "another program" in box.informativeText()
        next(b for b in box.buttons() if b.text() == "Open for reading").click()
        assert empty_desk.read_only
        assert "reading only" in window.banner.text()
        assert not window.as_of.isEnabled()
    next(b for b in window.banner.findChildren(QPushButton) if b.text().startswith("Try again")).click()
    assert not empty_desk.read_only
    assert window.banner.text() == ""


def test_a_file_that_is_no_book_is_refused_with_a_sentence(
    empty_window: MainWindow, empty_desk: Desk, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.elpis"
    wrong.write_text("nothing of ours, <b>at all</b>")
    empty_window.take(wrong)
    box = empty_window.findChild(QMessageBox)
    assert "not a book" in box.informativeText()
    assert box.textFormat() == Qt.TextFormat.PlainText


def test_the_sample_is_made_once_and_kept(
    empty_window: MainWindow, empty_desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    books.open_sample(empty_desk, empty_window, tmp_path / "data")
    qtbot.waitUntil(lambda: not empty_desk.busy, timeout=20_000)
    assert empty_desk.book.value("SELECT count(*) FROM contracts") > 10
    assert empty_desk.undo_text == "Import the sample estate"
    empty_desk.undo()
    assert empty_desk.busy  # what judges the whole book does not hold up the window
    settled(empty_desk, qtbot)
    assert empty_window.toasts.text() == "Undone: Import the sample estate"
    assert empty_desk.book.value("SELECT count(*) FROM contracts") == 0
    empty_desk.redo()
    settled(empty_desk, qtbot)
    assert empty_desk.book.value("SELECT count(*) FROM contracts") > 10
    add_contract(empty_desk)
    empty_desk.close()
    books.open_sample(empty_desk, empty_window, tmp_path / "data")
    assert empty_desk.undo_text == "Add contract C-17"


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_book_that_is_dropped_is_opened(empty_window: MainWindow, empty_desk: Desk, sample_book: Path) -> None:
    drop(empty_window, sample_book)
    assert empty_desk.book.path == sample_book


def test_a_folder_that_is_dropped_is_imported_into_the_open_book(
    window: MainWindow, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Place] = []
    monkeypatch.setitem(main_window.OPENERS, "import", lambda _desk, _window, place: asked.append(place))
    drop(window, tmp_path)
    assert asked == [Place("import", str(tmp_path))]


def test_a_folder_that_is_dropped_without_a_book_asks_for_a_new_one_first(
    empty_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Place] = []
    monkeypatch.setitem(main_window.OPENERS, "import", lambda _desk, _window, place: asked.append(place))
    drop(empty_window, tmp_path)
    assert asked == []
    empty_window.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "mine.elpis"))
    assert asked == [Place("import", str(tmp_path))]


def test_closing_the_window_remembers_its_place_and_gives_the_book_free(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    path = desk.book.path
    window.resize(1000, 700)
    window.close()
    assert not desk.is_open
    with closing(opened(path)):
        pass
    again = shown(MainWindow(desk), qtbot)
    assert again.height() == 700  # the screen of the tests is narrower than the window


def test_the_shortcuts_are_listed_and_no_key_does_two_things(window: MainWindow) -> None:
    keys = [a.shortcut().toString() for a in window.actions_.values() if not a.shortcut().isEmpty()]
    assert len(keys) == len(set(keys)) > 10
    window.actions_["shortcuts"].trigger()
    window.actions_["about"].trigger()
