"""The desktop is told how to open a book by a double-click, and it is taken back."""

import configparser
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gui import desktop_entry
from gui.command_line import desktop
from tests.conftest import opened


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The folder of the user's own data."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_program_is_listed_and_opens_books(elpis, data):
    said = elpis("desktop")
    assert said.status == 0, said.err
    entry = configparser.RawConfigParser(strict=True)
    entry.optionxform = str
    entry.read(data / "applications" / "elpis.desktop")
    held = dict(entry["Desktop Entry"])
    assert held["Exec"] == f'"{Path(sys.executable).with_name("elpis")}" %f'
    assert held["MimeType"] == "application/x-elpis-book;"
    assert (data / "icons" / "hicolor" / "scalable" / "apps" / f"{held['Icon']}.svg").exists()
    assert "double-click" in said.out


def test_a_book_is_known_by_its_name_and_by_what_is_in_it(elpis, data, tmp_path):
    elpis("desktop")
    kind = ElementTree.parse(data / "mime" / "packages" / "elpis.xml").getroot()[0]
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    assert kind.find(f"{space}glob").get("pattern") == "*.elpis"
    opened(tmp_path / "book.elpis", create=True).close()
    content = (tmp_path / "book.elpis").read_bytes()
    for match in kind.iter(f"{space}match"):
        at, value = int(match.get("offset")), match.get("value").encode()
        assert content[at : at + len(value)] == value


def test_it_is_taken_back_and_nothing_else(elpis, data):
    elpis("desktop")
    (data / "applications" / "other.desktop").write_text("")
    assert elpis("desktop", "--remove").out.count("Removed") == 3
    assert not (data / "applications" / "elpis.desktop").exists()
    assert (data / "applications" / "other.desktop").exists()
    assert "nothing" in elpis("desktop", "--remove").out


def test_a_path_with_signs_of_any_kind_stays_one_argument():
    assert desktop_entry.quoted('/a b/$c/"d"/50%/e') == '"/a b/\\\\$c/\\\\"d\\\\"/50%%/e"'


def test_another_folder_is_taken_only_when_it_is_a_whole_path(tmp_path):
    assert desktop_entry.home({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path
    assert desktop_entry.home({"XDG_DATA_HOME": "here"}) == Path.home() / ".local" / "share"


def test_where_it_cannot_be_it_is_said(elpis, data, monkeypatch, tmp_path):
    monkeypatch.setattr(desktop.sys, "platform", "darwin")
    said = elpis("desktop")
    assert said.status != 0
    assert "Open with" in said.err
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    monkeypatch.setattr(desktop.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "not found" in elpis("desktop").err


def test_a_folder_that_cannot_be_written_is_told(elpis, data):
    data.write_text("a file")
    said = elpis("desktop")
    assert said.status == 1
    assert str(data) in said.err
