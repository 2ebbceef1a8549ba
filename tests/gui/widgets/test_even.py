"""Cards of one width, on as many lines as they need."""

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.even import Even


def cards(qtbot: QtBot, width: int, count: int = 5) -> list[tuple[int, int, int]]:
    room, layout = QWidget(), Even()
    for _ in range(count):
        card = QWidget()
        card.setMinimumSize(100, 40)
        layout.addWidget(card)
    room.setLayout(layout)
    qtbot.addWidget(room)
    room.resize(width, layout.heightForWidth(width))
    room.show()
    boxes = [layout.itemAt(place).geometry() for place in range(count)]
    return [(box.x(), box.y(), box.width()) for box in boxes]


def test_with_room_all_stand_on_one_line_and_fill_it(qtbot: QtBot, dressed: QApplication) -> None:
    assert cards(qtbot, 1048) == [(0, 0, 200), (212, 0, 200), (424, 0, 200), (636, 0, 200), (848, 0, 200)]


def test_without_room_they_go_on_below(qtbot: QtBot, dressed: QApplication) -> None:
    assert cards(qtbot, 324) == [(0, 0, 100), (112, 0, 100), (224, 0, 100), (0, 52, 100), (112, 52, 100)]
    assert cards(qtbot, 110, 2) == [(0, 0, 110), (0, 52, 110)]


def test_no_cards_need_no_room(dressed: QApplication) -> None:
    assert Even().heightForWidth(100) == 0
    assert Even().sizeHint().width() == 0
