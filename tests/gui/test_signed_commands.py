"""The commands around signed snapshots, as people, programs and the shell see them."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from store.snapshots import kept, keys, pkcs8, stamps
from tests import authority, estates
from tests.conftest import opened
from tests.estates import demand, item, of
from tests.signing import PASSPHRASE


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """A folder for settings of its own, a passphrase in the environment, and a key that is quickly made."""
    monkeypatch.setattr(pkcs8, "ROUNDS", 1_000)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("ELPIS_PASSPHRASE", PASSPHRASE)
    return tmp_path / "settings" / "elpis"


@pytest.fixture
def estate(tmp_path, elpis):
    source = estates.write(tmp_path / "in", of(item("1", "Office", 5), demand=[demand("Office", 7)]))
    assert elpis("import", source, "--book", tmp_path / "b.elpis", "--as-of", "2026-11-21").status == 0
    return tmp_path / "b.elpis"


@pytest.fixture
def made(estate, elpis, tmp_path):
    assert elpis("snapshot", estate, "--as-of", "2026-11-21", "--out", tmp_path / "q4.licsnap").status == 0
    return tmp_path / "q4.licsnap"


def test_the_first_signed_snapshot_makes_the_key_and_says_what_to_keep(estate, elpis, tmp_path, mine):
    said = elpis("snapshot", estate, "--as-of", "2026-11-21", "--out", tmp_path / "q4.licsnap")
    assert said.status == 0
    assert "You have no signing key yet; one is made in" in said.err
    assert "Keep the passphrase" in said.err
    assert PASSPHRASE not in said.out + said.err
    lines = said.out.splitlines()
    assert lines[:2] == ["As of Saturday, 2026-11-21", f"Snapshot 1 of this book: {tmp_path / 'q4.licsnap'}"]
    assert lines[3] == f"Signed by: {' '.join(keys.known(mine)[at : at + 4] for at in range(0, 64, 4))}"


def test_the_book_is_judged_on_the_day_that_is_asked_for(estate, elpis, tmp_path):
    said = elpis("snapshot", estate, "--as-of", "2027-01-01", "--out", tmp_path / "q1.licsnap", "--json")
    assert said.json["as_of"] == "2027-01-01"
    assert said.json["seq"] == 1
    with opened(estate) as book:
        assert [one.as_of for one in kept.listed(book)] == ["2027-01-01"]


def test_whoever_is_named_made_it(estate, elpis, tmp_path):
    elpis("snapshot", estate, "--out", tmp_path / "q4.licsnap", "--made-by", "Ann Müller")
    assert elpis("verify", tmp_path / "q4.licsnap", "--json").json["manifest"]["made_by"] == "Ann Müller"


def test_the_passphrase_is_asked_for_once_and_twice_for_a_new_key(estate, elpis, tmp_path, monkeypatch, terminal):
    monkeypatch.delenv("ELPIS_PASSPHRASE")
    asked = terminal(PASSPHRASE)
    for name in ("one", "two"):
        assert elpis("snapshot", estate, "--out", tmp_path / f"{name}.licsnap").status == 0
    assert asked == [("New passphrase", True, True), ("Passphrase of your signing key", True, False)]


def test_where_nobody_can_be_asked_the_way_out_is_told(estate, elpis, tmp_path, monkeypatch, mine):
    monkeypatch.delenv("ELPIS_PASSPHRASE")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    said = elpis("snapshot", estate, "--out", tmp_path / "q4.licsnap")
    assert (said.status, said.out) == (1, "")
    assert "put it into ELPIS_PASSPHRASE" in said.err
    assert not keys.exists(mine)


def test_a_wrong_passphrase_signs_nothing(made, estate, elpis, tmp_path, monkeypatch):
    monkeypatch.setenv("ELPIS_PASSPHRASE", "another passphrase")
    said = elpis("snapshot", estate, "--out", tmp_path / "next.licsnap")
    assert (said.status, said.out) == (1, "")
    assert "Is the passphrase right?" in said.err
    assert "another passphrase" not in said.err
    assert not (tmp_path / "next.licsnap").exists()


# ------------------------------------------------------------------------------------------------------------- checking
def test_a_snapshot_is_trusted_by_the_exported_key_or_its_fingerprint(made, elpis, tmp_path, mine):
    shown = elpis("keys", "--export", tmp_path / "ann.pem")
    assert shown.status == 0
    fingerprint = shown.out.splitlines()[0].removeprefix("Fingerprint: ")
    for key in (tmp_path / "ann.pem", fingerprint, keys.known(mine)):
        said = elpis("verify", made, "--key", key)
        assert said.status == 0
        assert [line.split(":")[0] for line in said.out.splitlines()] == [
            *("container.ok", "sig.ok", "manifest.ok", "file.ok", "trusted")
        ]
    assert elpis("keys", "--json").json == {"fingerprint": keys.known(mine), "folder": str(mine)}


def test_without_a_key_it_is_intact_but_untrusted_and_that_is_not_success(made, elpis):
    said = elpis("verify", made)
    assert said.status == 1
    assert "sig.untrusted: The signature fits, but nobody vouches here" in said.out
    assert said.out.splitlines()[-1].startswith("intact, but not trusted: ")


def test_a_changed_one_is_refused_with_the_name_of_what_was_changed(made, elpis, mine):
    content = made.read_bytes()
    made.write_bytes(content.replace(b"under-licensed", b"over--licensed", 1))
    said = elpis("verify", made, "--key", keys.known(mine))
    assert said.status == 1
    assert "was changed." in said.out
    assert said.out.splitlines()[-1] == "refused: do not rely on it."


def test_everything_can_be_asked_at_once_and_as_json(made, estate, elpis, tmp_path, mine):
    second = tmp_path / "q1.licsnap"
    elpis("snapshot", estate, "--as-of", "2027-01-01", "--out", second)
    asked = ("--key", keys.known(mine), "--after", made, "--book", estate, "--contents", "--json")
    said = elpis("verify", second, *asked)
    assert (said.status, said.json["verdict"]) == (0, "trusted")
    assert [check["code"] for check in said.json["checks"]] == [
        *("container.ok", "sig.ok", "manifest.ok", "file.ok", "totals.ok", "seq.ok", "chain.ok", "audit.ok"),
        *("book.ok", "audit.ok"),
    ]
    assert said.json["manifest"]["seq"] == 2
    assert elpis("verify", made, "--key", keys.known(mine), "--after", 2).status == 1


def test_what_is_no_key_is_wrong_usage(made, elpis):
    said = elpis("verify", made, "--key", "Ann")
    assert said.status == 2
    assert "neither a public key (PEM) nor a fingerprint" in said.err


def test_what_is_not_there_is_refused(elpis, tmp_path):
    said = elpis("verify", tmp_path / "nothing.licsnap")
    assert (said.status, said.out.splitlines()[0]) == (1, "container.missing: There is no such file.")


def test_without_a_key_there_is_no_fingerprint(elpis):
    said = elpis("keys")
    assert (said.status, said.out) == (1, "")
    assert "one is made with the first signed snapshot" in said.err


# --------------------------------------------------------------------------------------------------------- time stamps
def test_a_time_stamp_is_asked_for_answered_kept_and_checked(made, elpis, tmp_path, mine):
    clock = authority.make(tmp_path / "clock")
    assert elpis("timestamp", "request", made, "--out", tmp_path / "q4.tsq").status == 0
    answer = clock.answer(tmp_path / "q4.tsq", tmp_path / "q4.tsr")
    said = elpis("timestamp", "attach", made, answer)
    assert said.status == 0
    assert said.out.splitlines()[-1] == f"Kept: {stamps.beside(made)}"
    said = elpis("verify", made, "--key", keys.known(mine), "--authorities", clock.roots)
    assert said.status == 0
    assert "time.ok: It existed on " in said.out
    assert elpis("verify", made, "--key", keys.known(mine)).status == 1


def test_a_file_that_is_not_there_gets_no_time_stamp(made, elpis, tmp_path):
    said = elpis("timestamp", "request", tmp_path / "nothing", "--out", tmp_path / "q4.tsq")
    assert (said.status, "this cannot be read" in said.err) == (1, True)
    said = elpis("timestamp", "attach", made, tmp_path / "nothing.tsr")
    assert (said.status, "nothing.tsr: this cannot be read" in said.err) == (1, True)


# ------------------------------------------------------------------------------------------------- as a whole program
def test_the_program_signs_and_checks_without_a_terminal_and_never_shows_the_passphrase(estate, tmp_path):
    environ = {
        **os.environ,
        "ELPIS_PASSPHRASE": PASSPHRASE,
        "XDG_CONFIG_HOME": str(tmp_path / "cfg"),
        "PYTHONPATH": ".",
    }
    log = "import logging; logging.basicConfig(level=logging.DEBUG); from gui.__main__ import main; main()"

    def run(*arguments):
        command = [sys.executable, "-c", log, *map(str, arguments)]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    out = tmp_path / "q4.licsnap"
    said = run("snapshot", estate, "--as-of", "2026-11-21", "--out", out, "--json")
    assert said.returncode == 0, said.stderr
    checked = run("verify", out, "--key", json.loads(said.stdout)["key"])
    assert checked.returncode == 0
    assert PASSPHRASE not in said.stdout + said.stderr + checked.stdout + checked.stderr
    shutil.rmtree(tmp_path / "in")
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or PASSPHRASE.encode() not in path.read_bytes(), path
