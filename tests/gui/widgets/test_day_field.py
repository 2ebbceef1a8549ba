"""A day is typed as it is written, and only a whole day takes the place of another."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.widgets.day_field import DayField, day_field, day_of

BEFORE = date(2026, 11, 21)


@pytest.fixture
def field(qtbot: QtBot) -> DayField:
    made = day_field("Start", BEFORE)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus(Qt.FocusReason.TabFocusReason)
    return made


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-06-15", date(2027, 6, 15)),
        ("2027-6-5", date(2027, 6, 5)),
        ("2027-1-31", date(2027, 1, 31)),
        ("2027-12-09", date(2027, 12, 9)),
        ("20270615", date(2027, 6, 15)),
        ("2027/06/15", date(2027, 6, 15)),
        ("2027.1.5", date(2027, 1, 5)),
        ("2028-02-29", date(2028, 2, 29)),
    ],
)
def test_a_day_is_typed_with_or_without_what_stands_between_its_parts(field: DayField, typed: str, day: date) -> None:
    QTest.keyClicks(field, typed)
    assert day_of(field) == day


def test_what_is_typed_over_the_whole_day_begins_with_the_year(field: DayField) -> None:
    field.selectAll()
    QTest.keyClicks(field, "2027-06-15")
    assert day_of(field) == date(2027, 6, 15)


def test_a_click_into_a_part_chooses_it_for_typing(field: DayField) -> None:
    QTest.mouseClick(field.lineEdit(), Qt.MouseButton.LeftButton, pos=QPoint(8, field.lineEdit().height() // 2))
    QTest.keyClicks(field, "2027")
    assert day_of(field) == date(2027, 11, 21)


def test_a_hyphen_leaves_a_part_as_it_is(field: DayField) -> None:
    QTest.keyClicks(field, "-06")
    assert day_of(field) == date(2026, 6, 21)


@pytest.mark.parametrize("typed", ["15.06.2027", "15-6-27"])
def test_a_day_in_another_order_is_not_guessed_at(field: DayField, typed: str) -> None:
    QTest.keyClicks(field, typed)
    field.interpretText()
    assert day_of(field) == BEFORE


def test_a_day_that_was_copied_takes_the_place_of_the_whole(field: DayField) -> None:
    QGuiApplication.clipboard().setText(" 2027-06-15\n")
    pressed = QKeySequence(QKeySequence.StandardKey.Paste)[0]
    QTest.keyClick(field, pressed.key(), pressed.keyboardModifiers())
    assert day_of(field) == date(2027, 6, 15)
