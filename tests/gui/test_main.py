"""The entry: the window or a command, a screen or a sentence about its absence."""

import subprocess
import sys
from pathlib import Path

import pytest

from gui import __main__ as program
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


@pytest.mark.parametrize(("given", "opened"), [([], None), (["estate.elpis"], Path("estate.elpis"))])
def test_the_window_opens_without_the_command_line(
    given: list[str], opened: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(app, "run", lambda book: asked.append(book) or 0)
    monkeypatch.setattr(sys, "argv", ["elpis", *given])
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert (ended.value.code, asked) == (0, [opened])


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (KnownFault("there is no screen"), 1, "error: there is no screen"),
        (KeyboardInterrupt(), 3, "error: interrupted; nothing was stored"),
        (ZeroDivisionError(), 3, "error: Elpis failed; this is a fault of the program"),
    ],
)
def test_what_goes_wrong_at_the_start_of_the_window_is_told_as_by_a_command(
    fault: BaseException, status: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise fault

    monkeypatch.setattr(app, "run", fail)
    monkeypatch.setattr(sys, "argv", ["elpis"])
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == status
    assert capsys.readouterr().err.startswith(told)


def test_who_asks_for_a_window_only_where_there_is_a_screen_is_told_that_there_is_none(
    elpis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for platform in ("", "offscreen", "minimal:x"):
        monkeypatch.setenv("QT_QPA_PLATFORM", platform)
        said = elpis("window", "estate.elpis", "--if-screen")
        assert (said.status, said.err) == (0, "")
        assert said.out == "There is no screen here to show the window on. On one: elpis estate.elpis\n"


def test_a_screen_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.has_screen({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert app.has_screen({}, "darwin")


def test_a_command_starts_without_qt() -> None:
    code = (
        "import sys; sys.argv = ['elpis', 'rules', 'formation.own']; import gui.__main__ as m\n"
        "try: m.main()\nexcept SystemExit: pass\nassert not any('PySide6' in name for name in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_help_names_the_window(elpis) -> None:
    assert "Open the window" in elpis("--help").out
