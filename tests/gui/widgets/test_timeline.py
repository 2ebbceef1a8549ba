"""The drawn timeline: by keyboard, by mouse, told in words, at every scale."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui import theme
from gui.widgets.timeline import TimelineView, describe
from rules.vocabulary import UNLIMITED
from store.portraits.timeline import Bar, Mark, Timeline

AS_OF = date(2026, 11, 21)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def bar(first: str, last: str | None, kind: str = "purchased", quantity: int = 5, item: str = "1") -> Bar:
    return Bar(kind, day(first), None if last is None else day(last), quantity, "Office", "C1", item)


FIRST = bar("2025-01-01", "2025-12-31")
SECOND = bar("2026-01-01", "2026-12-31", "purchased-renewal", item="2")
ENDLESS = bar("2024-06-01", None, quantity=UNLIMITED, item="3")
COVER = bar("2026-01-01", "2026-12-31", "maintenance", item="4")
END = Mark(day("2026-12-31"), "license-end", -1, "C1", "2", "")
WARNING = Mark(day("2026-12-24"), "expiration-warning", 7, "C1", "2", "")
AUDIT = Mark(day("2026-06-01"), "custom", -1, "C1", "", "Audit <b>")
ALL = Timeline((FIRST, SECOND, ENDLESS), (COVER,), (AUDIT, WARNING, END))

Make = Callable[..., TimelineView]


@pytest.fixture
def make(qtbot: QtBot, dressed: QApplication) -> Make:
    def make(shown: Timeline = ALL, as_of: date = AS_OF, today: date = AS_OF) -> TimelineView:
        view = TimelineView("License timeline", shown, as_of, today)
        qtbot.addWidget(view)
        view.resize(900, view.sizeHint().height())
        with qtbot.waitExposed(view):
            view.show()
        view.grab()
        return view

    return make


def test_right_and_left_go_from_one_to_the_next_by_day(make: Make, qtbot: QtBot) -> None:
    view = make()
    for expected in (ENDLESS, FIRST, SECOND):
        qtbot.keyClick(view, Qt.Key.Key_Right)
        assert view.choice is expected
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.choice is FIRST
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.choice is END
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.choice is ENDLESS


def test_what_is_chosen_is_told_to_readers_of_the_screen(make: Make, qtbot: QtBot) -> None:
    view = make()
    with qtbot.waitSignal(view.chosen) as told:
        view.choose(WARNING)

    assert told.args == ["2026-12-24: Expiration warning, 7 days before the end (C1, item 2)"]
    assert view.accessibleDescription() == told.args[0]


def test_enter_opens_what_is_chosen(make: Make, qtbot: QtBot) -> None:
    view = make()
    view.choose(SECOND)
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)

    assert opened.args == [SECOND]


def test_bars_and_marks_are_told_in_words() -> None:
    assert describe(FIRST) == "Purchased: 5 of Office, 2025-01-01 to 2025-12-31 (C1, item 1)"
    assert describe(ENDLESS) == "Purchased: Unlimited of Office, from 2024-06-01, no end (C1, item 3)"
    assert describe(AUDIT) == "2026-06-01: Event “Audit <b>” (C1)"
    assert describe(Mark(day("2024-01-01"), "released", -1, "", "", "")) == "2024-01-01: Released"


def test_plus_and_minus_zoom_and_zero_shows_everything(make: Make, qtbot: QtBot) -> None:
    view = make()
    whole = view.scale()
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.scale().per_day > whole.per_day
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.scale().per_day < whole.per_day
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.scale() == whole


def test_what_lies_outside_is_brought_into_sight_when_it_is_chosen(make: Make) -> None:
    view = make()
    view.show_days(date(2026, 11, 1), date(2026, 11, 30))
    view.choose(FIRST)

    assert view.scale().first <= FIRST.first <= view.scale().last


@pytest.mark.parametrize("days", [31, 92, 365, 1826, 7305])
def test_it_is_drawn_at_every_scale_in_both_dresses(make: Make, dressed: QApplication, days: int) -> None:
    view = make(today=date(2026, 8, 1))
    view.show_days(AS_OF, date.fromordinal(AS_OF.toordinal() + days))
    view.setFocus()
    for dress in ("light", "dark"):
        theme.apply(dressed, dress)
        assert not view.grab().isNull()


def test_a_click_chooses_and_a_double_click_opens(make: Make, qtbot: QtBot) -> None:
    view = make()
    at = view._placed[0].box.center().toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert view.choice is FIRST
    with qtbot.waitSignal(view.opened):
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at)


def test_dragging_moves_the_days(make: Make, qtbot: QtBot) -> None:
    view = make()
    before = view.scale()
    empty = QPoint(view.width() - 20, 12)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=empty)
    move = QPointF(empty.x() - 200, empty.y())
    event = QMouseEvent(
        QEvent.Type.MouseMove, move, move, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    )
    QApplication.sendEvent(view, event)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=move.toPoint())

    assert view.scale().first > before.first


def test_the_wheel_zooms_only_with_control(make: Make) -> None:
    view = make()
    before = view.scale()
    for modifier in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        at = QPointF(300, 40)
        event = QWheelEvent(
            at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(view, event)
        assert (view.scale() == before) is (modifier == Qt.KeyboardModifier.NoModifier)


def test_the_tooltip_is_plain_text(make: Make, qtbot: QtBot) -> None:
    view = make(Timeline((), (), (AUDIT,)))
    at = view._placed[0].box.center().toPoint()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))

    assert "Audit &lt;b&gt;" in QToolTip.text()
    QToolTip.hideText()


def test_marks_that_come_close_are_all_reached(make: Make, qtbot: QtBot) -> None:
    view = make()
    seen = set()
    for _ in range(10):
        qtbot.keyClick(view, Qt.Key.Key_Right)
        seen.add(id(view.choice))

    assert len(seen) == 7


def test_a_timeline_without_anything_is_drawn_and_quiet(make: Make, qtbot: QtBot) -> None:
    view = make(Timeline((), (), ()))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_A):
        qtbot.keyClick(view, key)

    assert view.choice is None
