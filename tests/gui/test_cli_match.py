"""Matching without a window: what waits is listed, and decided on."""

import pytest

from tests import estates, found
from tests.conftest import opened
from tests.found import ACROBAT, VISIO, installed


@pytest.fixture
def path(elpis, tmp_path):
    path = tmp_path / "estate.elpis"
    folder = estates.write(tmp_path / "input", found.tables())
    assert elpis("import", folder, "--book", path, "--as-of", "2026-11-21").status == 0
    return path


def test_it_lists_what_waits_with_the_candidates_and_why(elpis, path):
    said = elpis("match", path)
    assert said.status == 0
    assert said.out.splitlines()[0] == "6 names"
    assert "Microsoft SQL Server 2019 (64-bit) (Microsoft Corporation, 15.0.2000.5, 1 device)" in said.out
    assert "  SQL Server 2019 Standard: same version, edition not told" in said.out
    (tar,) = [one for one in elpis("match", path, "--json").json if one["name"] == "tar"]
    assert tar == {
        "name": "tar",
        "publisher": "GNU Project",
        "version": "1.34",
        "devices": 1,
        "state": "waiting",
        "product": "",
        "reason": "",
        "candidates": [],
    }


def test_names_are_decided_on_and_taken_back(elpis, path):
    assert elpis("match", path, "Adobe Acrobat DC", "Adobe Acrobat DC (64-bit)", "--product", ACROBAT).status == 0
    assert elpis("match", path, "tar|GNU Project|1.34", "--ignore", "--json").status == 0
    assert elpis("match", path, "tar").out.splitlines()[1] == "tar (GNU Project, 1.34, 1 device): needs no license"
    with opened(path, read_only=True) as book:
        assert [row[0] for row in installed(book)] == [ACROBAT, ACROBAT, VISIO]
    assert elpis("match", path, "Adobe Acrobat DC", "--take-back").status == 0
    with opened(path, read_only=True) as book:
        assert [row[0] for row in installed(book)] == [VISIO]


def test_everything_of_a_publisher_needs_no_license(elpis, path):
    assert "tar" not in elpis("match", path, "--ignore", "--publisher", "GNU Project").out


def test_only_the_version_that_was_found_is_decided_on(elpis, path):
    elpis("match", path, "Adobe Acrobat DC", "--product", ACROBAT, "--this-version")
    assert [one["state"] for one in elpis("match", path, "Adobe Acrobat DC (64-bit)", "--json").json] == ["waiting"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("nothing", "--ignore"), 1, "no software 'nothing' was found"),
        (("tar", "--product", "Nothing"), 1, "there is no 'Nothing'"),
        (("--ignore",), 2, "Name what is to be decided on"),
        (("tar", "--ignore", "--product", ACROBAT), 2, "Choose one of"),
        (("tar", "--publisher", "GNU"), 2, "goes with --ignore"),
    ],
)
def test_what_cannot_be_is_said(elpis, path, arguments, status, said):
    made = elpis("match", path, *arguments)
    assert made.status == status
    assert said in made.err


def test_a_book_in_which_nothing_waits_says_so(elpis, tmp_path, folder):
    path = tmp_path / "other.elpis"
    elpis("import", folder({"products": [{"product": "Office"}]}), "--book", path)
    assert elpis("match", path).out == "nothing waits for a decision\n"
