"""The command line: what each command says to people, to programs and to the shell. (Bad input: test_bad_input.)"""

import io
import json
import os
import subprocess
import sys
import tempfile

import click
import pytest

from gui import cli, user
from gui.command_line import parts
from rules import library
from tests import estates
from tests.conftest import opened
from tests.estates import demand, item, of, product

ESTATE = of(
    item("1", "Server 2025", 100, unit_price="12.50"),
    item("2", "Server 2019", 10, "2025-01-01", "2026-12-31"),
    products=[product("Server 2019", family="S", version="2019"), product("Server 2025", family="S", version="2025")],
    demand=[demand("Server 2019", 40), demand("Server 2025", 1007)],
    rights=[{"right": "SA", "kind": "downgrade", "family": "S"}],
)
COMMANDS = {
    (): cli.elpis,
    **{(name,): command for name, command in cli.elpis.commands.items()},
    **{
        (group.name, name): command
        for group in cli.elpis.commands.values()
        if isinstance(group, click.Group)
        for name, command in group.commands.items()
    },
}


@pytest.fixture
def estate(tmp_path, elpis):
    """A book made by an import, and the folder that it came from."""
    estates.write(tmp_path / "in", ESTATE)
    assert elpis("import", tmp_path / "in", "--book", tmp_path / "b.elpis", "--as-of", "2026-11-21").status == 0
    return tmp_path / "b.elpis"


# ---------------------------------------------------------------------------------------------------------- reviewing
def test_a_review_sums_up_what_it_found(tmp_path, elpis):
    source = estates.write(tmp_path / "in", ESTATE)
    said = elpis("review", source, "--as-of", "2026-11-21", "--out", tmp_path / "out")

    assert said.status == 0
    assert said.out.splitlines() == [
        "As of Saturday, 2026-11-21",
        "Entitlements: 2 (1 active, 1 expiring)",
        "Positions: 2 under-licensed",
        "Transfers: none",
        "Events: 1 contract invoiced, 5 license expiration warning, 1 license end, 2 purchased",
        f"Snapshot: {tmp_path / 'out'}",
    ]
    assert "reading products …" in said.err.splitlines()
    assert [path.name for path in tmp_path.glob("*.elpis")] == []


def test_a_review_for_programs_is_json_and_nothing_else(tmp_path, elpis):
    source = estates.write(tmp_path / "in", ESTATE)
    said = elpis("review", source, "--as-of", "2026-11-21", "--out", tmp_path / "out", "--json", "--formats", "json")

    assert (said.status, said.err) == (0, "")
    assert said.json["as_of"] == "2026-11-21"
    assert said.json["positions"] == {"under-licensed": 2}
    assert said.json["rows"]["demand"] == {"new": 2, "changed": 0, "unchanged": 0}
    assert said.json["snapshot"] == str(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "snapshot.json"]


def test_a_review_keeps_the_book_where_it_is_told_to(tmp_path, elpis):
    source = estates.write(tmp_path / "in", ESTATE)
    said = elpis("review", source, "--as-of", "2026-11-21", "--out", tmp_path / "out", "--book", tmp_path / "b.elpis")
    assert said.status == 0
    assert elpis("why", tmp_path / "b.elpis", "Server 2019").status == 0


def test_without_a_place_for_temporary_files_a_review_says_so(tmp_path, elpis, monkeypatch):
    def none(**_):
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", none)
    said = elpis("review", tmp_path, "--out", tmp_path / "out")
    assert (said.status, said.err) == (
        1,
        "error: No usable temporary directory found. Free some space, or name a folder in TMPDIR.\n",
    )


def test_today_is_the_day_of_judgement_when_none_is_given(tmp_path, elpis):
    today = parts.today()
    source = estates.write(tmp_path / "in", ESTATE)
    said = elpis("import", source, "--book", tmp_path / "b.elpis", "--json")
    assert said.json["as_of"] == today.isoformat()


# ----------------------------------------------------------------------------------------------- reading and judging
def test_an_import_says_what_it_did_with_the_rows(estate, tmp_path, elpis):
    estates.write(tmp_path / "in", {"demand": [demand("Server 2019", 41), demand("Server 2025", 1007)]})
    said = elpis("import", tmp_path / "in", "--book", estate, "--as-of", "2026-11-21")
    assert said.status == 0
    assert "demand: 0 new, 1 changed, 1 as before" in said.out.splitlines()
    assert "contract items: 0 new, 0 changed, 2 as before" in said.out.splitlines()


def test_a_dry_run_says_what_an_import_would_do_and_stores_nothing(estate, tmp_path, elpis):
    before = elpis("import", tmp_path / "in", "--book", estate, "--as-of", "2026-11-21", "--json").json
    estates.write(tmp_path / "in", {"demand": [demand("Server 2019", 41), demand("Server 2025", 1007)]})
    said = elpis("import", tmp_path / "in", "--book", estate, "--as-of", "2026-11-21", "--dry-run")
    assert said.status == 0
    assert said.out.splitlines()[0] == "in: recognized by the names of its files"
    assert "demand: 0 new, 1 changed, 1 as before" in said.out.splitlines()
    assert said.out.splitlines()[-2:] == ["refused or left aside: 0", "Nothing was stored; this was a dry run."]
    found = elpis("import", tmp_path / "in", "--book", estate, "--dry-run", "--json").json
    assert (found["counts"]["demand"]["changed"], found["refused"]) == (1, False)
    estates.write(tmp_path / "in", {"demand": ESTATE["demand"]})
    after = elpis("import", tmp_path / "in", "--book", estate, "--as-of", "2026-11-21", "--json").json
    assert after == before


def test_a_dry_run_of_a_refused_file_tells_its_sound_rows_and_makes_no_book(tmp_path, elpis):
    path = tmp_path / "licenses.csv"
    path.write_text("Name,Publisher,Version,EffectiveQuantity\nVisio,Microsoft,2021,5\nWord,Microsoft,2021,few\n")
    said = elpis("import", path, "--book", tmp_path / "none.elpis", "--dry-run")
    assert said.status == 1
    assert "contract items: 1 new, 0 changed, 0 as before" in said.out.splitlines()
    assert "refused or left aside: 1" in said.out.splitlines()
    assert 'licenses.csv, row 3, column EffectiveQuantity: "few" is not a whole number' in said.err
    assert list(tmp_path.glob("*.elpis*")) == []
    said = elpis("import", path, "--book", tmp_path / "none.elpis", "--dry-run", "--without-refused")
    assert (said.status, list(tmp_path.glob("*.elpis*"))) == (0, [])


def test_a_book_is_judged_on_another_day_with_a_snapshot_of_it(estate, tmp_path, elpis):
    said = elpis("recalculate", estate, "--as-of", "2027-01-01", "--out", tmp_path / "out")
    assert said.status == 0
    assert "As of Friday, 2027-01-01" in said.out
    assert "Entitlements: 2 (1 active, 1 expired)" in said.out
    assert json.loads((tmp_path / "out" / "snapshot.json").read_bytes())["as_of"] == "2027-01-01"
    assert "applying the rules …" in said.err


def test_judging_for_programs_is_json(estate, elpis):
    said = elpis("recalculate", estate, "--as-of", "2027-01-01", "--json")
    assert (said.json["states"], said.json["rows"], said.err) == ({"active": 1, "expired": 1}, {}, "")


# -------------------------------------------------------------------------------------------------------------- rules
def test_all_rules_are_listed_by_subject(elpis):
    said = elpis("rules")
    assert said.status == 0
    for document in library.documents().values():
        assert f"{document.subject}: {document.about}" in said.out
        for rule in document.rules:
            assert f"  {rule.name}" in said.out


def test_one_rule_is_shown_with_its_source_its_conditions_and_what_follows(elpis):
    said = elpis("rules", "lifecycle.license-end")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0] == "lifecycle.license-end"
    for word in ("says", "source", "for", "when", "then"):
        assert any(line.startswith(f"  {word}") for line in lines)


def test_rules_for_programs_are_json(elpis):
    everything = elpis("rules", "--json").json
    assert len(everything) == sum(len(document.rules) for document in library.documents().values())
    one = elpis("rules", "transfers.downgrade", "--json").json
    assert one in everything
    assert set(one) == {"name", "says", "source", "since", "for", "when", "then", "order"}


def test_a_rule_that_does_not_exist_is_answered_with_near_ones(elpis):
    said = elpis("rules", "lifecycle.purchase")
    assert said.status == 1
    assert "lifecycle.purchased" in said.err


# ---------------------------------------------------------------------------------------------------------------- why
def test_why_goes_from_the_balance_down_to_items_and_counts(estate, elpis):
    said = elpis("why", estate, "Server 2025")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0] == "Server 2025 | perpetual | device, as of 2026-11-21"
    assert "balance -907 = active 100 + downgrade 0 + upgrade 0 - demand 1007: under-licensed" in lines[1]
    assert any("rule compliance.under-licensed" in line for line in lines)
    assert "  contract_item:C1/1: 100 perpetual, 2024-02-01 to without end, in force, 12.50 EUR each" in lines
    assert "  1007 in no resource group, by count, counted on 2026-11-01" in lines


def test_why_for_programs_is_json(estate, elpis):
    found = elpis("why", estate, "Server 2025", "--json").json
    assert found["position"]["balance"] == -907
    assert found["rule"]["conditions"]


def test_why_not_a_position_is_answered_with_near_ones(estate, elpis):
    said = elpis("why", estate, "Server")
    assert said.status == 1
    assert "Near it: Server 2019|perpetual|device; Server 2025|perpetual|device" in said.err


# -------------------------------------------------------------------------------------------------------------- books
def test_a_book_says_what_it_holds(estate, elpis):
    said = elpis("books", "open", estate)
    assert "judged as of: 2026-11-21" in said.out.splitlines()
    assert elpis("books", "open", estate, "--json").json["contract items"] == 2


def test_a_sound_book_is_said_to_be_sound(estate, elpis):
    assert elpis("books", "check", estate).out == f"{estate}: sound\n"


def test_what_is_wrong_with_a_book_is_said_line_by_line(estate, elpis):
    with opened(estate) as book:
        book.run("DROP TRIGGER events_come_from_rules")
    said = elpis("books", "check", estate)
    assert (said.status, said.err) == (1, f"error: {estate}: the protection events_come_from_rules is missing\n")


@pytest.mark.parametrize("command", [("books", "check"), ("books", "open"), ("why",), ("recalculate",)])
def test_a_damaged_book_is_told_with_what_to_do(command, estate, elpis):
    with opened(estate) as book:
        book.run("VACUUM")
    with estate.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(4096 * 200))
    said = elpis(*command, estate, *(["Server 2025"] if command == ("why",) else []))
    assert said.status == 1
    assert "the file is damaged" in said.err
    assert "Traceback" not in said.err


def test_a_backup_is_a_book_of_its_own(estate, tmp_path, elpis):
    said = elpis("books", "backup", estate, tmp_path / "copy.elpis")
    assert (said.status, said.out) == (0, f"{tmp_path / 'copy.elpis'}: a sound copy of {estate}\n")
    assert elpis("why", tmp_path / "copy.elpis", "Server 2025").status == 0


def test_a_book_that_another_program_writes_can_be_read_but_not_written(estate, tmp_path, elpis):
    with opened(estate):
        refused = elpis("recalculate", estate)
        assert (refused.status, "this book is open in another program" in refused.err) == (1, True)
        assert elpis("import", tmp_path / "in", "--book", estate).status == 1
        assert elpis("why", estate, "Server 2025").status == 0
        assert elpis("books", "backup", estate, tmp_path / "copy.elpis").status == 0


# --------------------------------------------------------------------------------------------------- the shell's side
@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_help_teaches_every_command_with_all_of_its_arguments_and_options(name, elpis):
    said = elpis(*name, "--help")
    assert said.status == 0
    assert len(COMMANDS[name].help) > 40
    for parameter in COMMANDS[name].params:
        shown = (
            parameter.opts[-1]
            if isinstance(parameter, click.Option)
            else parameter.make_metavar(click.Context(cli.elpis))
        )
        assert shown in said.out
        assert not isinstance(parameter, click.Option) or parameter.help
    assert elpis(*name, "-h").out == said.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["review", "x"], "Missing option '--out'"),
        (["review", "x", "--out", "y", "--as-of", "21.11.2026"], "is not a day; write it as YYYY-MM-DD"),
        (["review", "x", "--out", "y", "--as-of", "2026-02-30"], "is not a day; write it as YYYY-MM-DD"),
        (["review", "x", "--out", "y", "--as-of", "2026-2-3"], "is not a day; write it as YYYY-MM-DD"),
        (["review", "x", "--out", "y", "--as-of", "20260203"], "is not a day; write it as YYYY-MM-DD"),
        (["review", "x", "--out", "y", "--as-of", "\uff12\uff10\uff12\uff16-02-03"], "is not a day; write it as"),
        (["review", "x", "--out", ""], "'--out': it is empty; name a file or folder"),
        (["review", "", "--out", "y"], "'INPUT': it is empty; name a file or folder"),
        (["review", "x", "--out", "y", "--formats", "pdf"], "'pdf' is not one of 'all', 'json'"),
        (["fly"], "No such command 'fly'"),
        (["import", "x"], "Missing option '--book'"),
        (["why", "x"], "Missing argument 'POSITION'"),
    ],
)
def test_wrong_usage_is_told_with_status_2(arguments, sentence, elpis):
    said = elpis(*arguments)
    assert said.status == 2
    assert sentence in " ".join(said.err.split())


def test_the_version_is_told(elpis):
    assert elpis("--version").out.startswith("Elpis 0.")


def test_a_fault_of_the_program_says_so_with_everything_that_helps_to_mend_it(elpis, monkeypatch):
    monkeypatch.setattr(library, "documents", lambda: 1 / 0)
    said = elpis("rules")
    assert said.status == 3
    assert said.err.startswith("error: Elpis failed; this is a fault of the program, not of your data:")
    assert "ZeroDivisionError" in said.err


def test_an_interruption_says_that_nothing_was_stored(elpis, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "documents", interrupted)
    said = elpis("rules")
    assert (said.status, said.err) == (3, "\nerror: interrupted; nothing was stored\n")


def test_who_nobody_knows_is_written_down_as_unknown(monkeypatch):
    def nobody():
        raise OSError

    monkeypatch.setattr(user, "getuser", nobody)
    assert user.who() == "unknown"
    assert parts.clock().tzinfo is not None


def test_a_reader_that_goes_away_is_no_fault():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "gui", "rules"], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writing)
    assert done.stderr == b""


def test_the_program_starts_as_a_module_and_imports_no_window():
    code = (
        "import sys; sys.argv = ['elpis', 'rules']\ntry:\n import runpy; runpy.run_module('gui', run_name='__main__')\n"
    )
    code += "finally:\n print(sorted(m for m in sys.modules if m.startswith(('PySide', 'openpyxl', 'xlsxwriter'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "[]"


# ----------------------------------------------------------------------------------------------------------- progress
def test_on_a_terminal_progress_is_shown_as_bars_and_leaves_no_trace(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    with parts.progress(quiet=False) as progress:
        for done in range(3):
            progress("reading products", done, 2)
        progress("writing the snapshot", 0, 1)
    assert "reading products" in sys.stderr.getvalue()


def test_elsewhere_each_step_is_one_line_and_for_programs_none(capsys):
    for quiet, lines in ((False, "reading products …\n"), (True, "")):
        with parts.progress(quiet=quiet) as progress:
            progress("reading products", 0, 2)
            progress("reading products", 1, 2)
        assert capsys.readouterr().err == lines
