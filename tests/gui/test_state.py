"""What the window remembers."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from gui.state import RECENT, State


@pytest.mark.parametrize("value", ["text with “signs”\n", 7, 1.5, True, ["a", "b"], ["one"], [], {"width": 120}, ""])
def test_a_value_is_the_same_after_the_next_start(tmp_path: Path, value: object) -> None:
    state = State(tmp_path / "folder" / "elpis.ini")
    state.put("columns/entitlements", value)
    state.save()
    assert State(tmp_path / "folder" / "elpis.ini").get("columns/entitlements", type(value)()) == value


def test_what_is_not_remembered_or_of_another_kind_is_the_default(state: State) -> None:
    assert state.get("nothing", 7) == 7
    state.put("size", "large")
    assert state.get("size", 7) == 7


def test_a_file_of_nonsense_counts_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "elpis.ini"
    path.write_bytes(b"\x00\xff[[[ not an ini file\nwindow/page=%%%\n")
    assert State(path).get("window/page", "home") == "home"


def test_geometries_are_kept(state: State) -> None:
    state.put_bytes("window/geometry", QByteArray(b"\x00\x01\xff"))
    assert state.get_bytes("window/geometry") == QByteArray(b"\x00\x01\xff")
    assert state.get_bytes("nothing").isEmpty()


def book(folder: Path, name: str) -> Path:
    path = folder / f"{name}.elpis"
    path.touch()
    return path


def test_recent_books_have_the_latest_first_each_once(state: State, tmp_path: Path) -> None:
    first, second = book(tmp_path, "first"), book(tmp_path, "second")
    for path in (first, second, first):
        state.remember_book(path)
    assert state.recent() == [first, second]


def test_only_the_last_ten_books_are_remembered_and_those_that_are_gone_are_not_shown(
    state: State, tmp_path: Path
) -> None:
    paths = [book(tmp_path, f"{number:02}") for number in range(RECENT + 3)]
    for path in paths:
        state.remember_book(path)
    paths[-1].unlink()
    assert state.recent() == paths[-2 : -RECENT - 1 : -1]
