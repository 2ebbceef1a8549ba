"""The entry: the window or a command, a screen or a sentence about its absence."""

import subprocess
import sys

import pytest

from gui import app
from gui.__main__ import arguments
from store.errors import KnownFault


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ([], ["window"]),
        (["estate.elpis"], ["window", "estate.elpis"]),
        (["/home/ann/my books/estate.elpis"], ["window", "/home/ann/my books/estate.elpis"]),
        (["window"], ["window"]),
        (["window", "estate.elpis"], ["window", "estate.elpis"]),
        (["--help"], ["--help"]),
        (["rules"], ["rules"]),
        (["books", "check", "estate.elpis"], ["books", "check", "estate.elpis"]),
        (["nonsense"], ["nonsense"]),
    ],
)
def test_without_a_command_the_window_is_meant(given: list[str], meant: list[str]) -> None:
    assert arguments(given) == meant


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux"),
        ({}, "darwin"),
        ({}, "win32"),
    ],
)
def test_with_a_screen_the_window_opens(environment: dict[str, str], platform: str) -> None:
    app.require_screen(environment, platform)


def test_without_a_screen_a_sentence_says_what_to_do() -> None:
    with pytest.raises(KnownFault, match=r"no screen .* elpis --help"):
        app.require_screen({}, "linux")


def test_a_missing_library_of_the_desktop_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def lack(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(app.ctypes, "CDLL", lack)
    with pytest.raises(KnownFault, match="apt install libxcb-cursor0"):
        app.require_screen({"DISPLAY": ":0"}, "linux")


def test_the_program_ends_with_status_one_where_there_is_no_screen(elpis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = elpis("window", "estate.elpis")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("error: there is no screen")


def test_a_command_starts_without_qt() -> None:
    code = (
        "import sys; sys.argv = ['elpis', 'rules', 'formation.own']; import gui.__main__ as m\n"
        "try: m.main()\nexcept SystemExit: pass\nassert not any('PySide6' in name for name in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_help_names_the_window(elpis) -> None:
    assert "Open the window" in elpis("--help").out
