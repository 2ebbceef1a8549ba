"""Charts by keyboard, by pointer, and as tables."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.widgets.charts import Bar, BarChart, WithTable
from gui.widgets.cliff_chart import CliffChart, Step, round_scale

BARS = [
    Bar("under-licensed", 22, "22 positions are short."),
    Bar("compliant", 0, "No position is compliant."),
    Bar("over-licensed", 1_250, "1,250 positions have more than needed."),
]
DAYS = [(date(2026, 11, 21), 10), (date(2027, 1, 1), 50), (date(2027, 6, 1), 40)]


@pytest.fixture
def bars(dressed: QApplication, qtbot: QtBot) -> BarChart:
    chart = BarChart("Positions by status")
    qtbot.addWidget(chart)
    chart.show_bars(BARS)
    chart.resize(400, 160)
    with qtbot.waitActive(chart):
        chart.show()
        chart.activateWindow()
    return chart


@pytest.fixture
def cliff(dressed: QApplication, qtbot: QtBot) -> CliffChart:
    chart = CliffChart("The next twelve months")
    qtbot.addWidget(chart)
    steps = [Step(on, units, n > 0, f"{on}: {units} are missing.", (str(on),)) for n, (on, units) in enumerate(DAYS)]
    chart.show_steps(steps, date(2027, 11, 21))
    chart.resize(640, 220)
    with qtbot.waitActive(chart):
        chart.show()
        chart.activateWindow()
    return chart


def test_a_chart_is_walked_through_by_arrow_keys_and_says_each_mark(bars: BarChart, qtbot: QtBot) -> None:
    bars.clearFocus()
    bars.setFocus(Qt.FocusReason.TabFocusReason)
    assert bars.at == 0
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert bars.accessibleDescription() == "No position is compliant."
    for _ in range(5):
        qtbot.keyClick(bars, Qt.Key.Key_Right)
    assert bars.at == 2
    qtbot.keyClick(bars, Qt.Key.Key_Home)
    assert bars.at == 0
    qtbot.keyClick(bars, Qt.Key.Key_Left)
    assert bars.at == 0
    qtbot.keyClick(bars, Qt.Key.Key_End)
    with qtbot.waitSignal(bars.chosen) as chosen:
        qtbot.keyClick(bars, Qt.Key.Key_Return)
    assert chosen.args == [2]


def test_a_click_chooses_the_mark_under_the_pointer(bars: BarChart, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bars.chosen) as chosen:
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.box(2).center().toPoint())
    assert chosen.args == [2]
    with qtbot.assertNotEmitted(bars.chosen):
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(5, 1))


def test_the_pointer_marks_and_leaves_nothing_behind(bars: BarChart, qtbot: QtBot) -> None:
    qtbot.mouseMove(bars, bars.box(1).center().toPoint())
    assert bars.at == 1
    bars.setFocus()
    bars.clearFocus()
    assert bars.at == -1


def test_before_it_is_walked_through_a_chart_describes_itself_as_a_whole(bars: BarChart) -> None:
    assert bars.accessibleName() == "Positions by status"
    assert bars.accessibleDescription() == " ".join(bar.sentence for bar in BARS)


def test_a_chart_without_anything_can_be_drawn_and_walked_through(dressed: QApplication, qtbot: QtBot) -> None:
    for chart in (BarChart("Bars"), CliffChart("Cliff")):
        qtbot.addWidget(chart)
        chart.show()
        chart.setFocus(Qt.FocusReason.TabFocusReason)
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
            qtbot.keyClick(chart, key)
        chart.grab()
        assert chart.at == -1


def test_a_step_holds_until_the_next_one(cliff: CliffChart) -> None:
    first, second = cliff.box(0).center(), cliff.box(1).center()
    between = (first + second) / 2
    assert cliff.find(first) == 0
    assert cliff.find(second) == 1
    assert cliff.find(between) == 0
    assert cliff.find(between * 100) == -1


@pytest.mark.parametrize("dress", ["light", "dark"])
@pytest.mark.parametrize("ratio", [1, 2])
def test_charts_are_drawn_in_both_dresses(
    bars: BarChart, cliff: CliffChart, dressed: QApplication, dress: str, ratio: int
) -> None:
    theme.apply(dressed, dress)
    cliff.go(1)
    cliff.resize(320 * ratio, 150 * ratio)
    assert not bars.grab().isNull()
    drawn = cliff.grab().toImage()
    shade = theme.of().colour("negative-soft").rgb()
    at = cliff.box(2).center()
    assert drawn.pixel(int(at.x()) + 40, int(at.y()) - 10) == shade, "what is missing is shaded"


@pytest.mark.parametrize(
    ("least", "most", "scale"),
    [
        (0, 0, (0, 1, 1)),
        (0, 3, (0, 3, 1)),
        (0, 7, (0, 8, 2)),
        (467, 3_400, (0, 4_000, 1_000)),
        (0, 100, (0, 100, 50)),
        (4_143_524, 4_241_532, (4_100_000, 4_250_000, 50_000)),
        (5, 5, (5, 6, 1)),
    ],
)
def test_scales_have_round_steps_and_hold_every_value(least: int, most: int, scale: tuple[int, int, int]) -> None:
    low, high, step = round_scale(least, most)
    assert (low, high, step) == scale
    assert low <= least <= most <= high
    assert (high - low) % step == 0


def test_a_chart_turns_into_a_table_of_its_numbers(dressed: QApplication, qtbot: QtBot) -> None:
    chart = BarChart("Positions by status")
    both = WithTable("Positions by status", chart, ("Status", "Positions"))
    qtbot.addWidget(both)
    both.show()
    chart.show_bars(BARS)
    both.fill()
    qtbot.mouseClick(both.toggle, Qt.MouseButton.LeftButton)
    assert both.table.isVisible()
    shown = [[both.table.item(row, place).text() for place in range(2)] for row in range(3)]
    assert shown == [["Under-licensed", "22"], ["Compliant", "0"], ["Over-licensed", "1,250"]]
    with qtbot.waitSignal(chart.chosen) as chosen:
        both.table.activated.emit(both.table.model().index(1, 0))
    assert chosen.args == [1]
    assert both.toggle.accessibleName() == "Positions by status: show as chart"
    qtbot.mouseClick(both.toggle, Qt.MouseButton.LeftButton)
    assert chart.isVisible()
