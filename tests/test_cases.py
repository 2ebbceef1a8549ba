"""The cases that the interface is measured by, through the command line (cases/run_cases.py runs them from outside)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cases.run_cases import matches, write_template

CASES = json.loads((Path(__file__).parent / "cases" / "cases.json").read_text("utf-8"))


def named(case: dict[str, Any]) -> str:
    return f"{case['id']} {case['title']}"


@pytest.mark.parametrize("case", [case for case in CASES if not case.get("refused")], ids=named)
def test_a_review_finds_what_the_case_says(case, tmp_path, elpis):
    write_template(tmp_path / "in", case["tables"])

    snapshots = []
    for number in range(2 if case.get("twice") else 1):
        out = tmp_path / f"out{number}"
        said = elpis("review", tmp_path / "in", "--as-of", case["as_of"], "--out", out, "--formats", "json")
        assert said.status == 0, said.err
        snapshots.append((out / "snapshot.json").read_bytes())

    assert len(set(snapshots)) == 1
    snapshot = json.loads(snapshots[0])
    for name, elements in case.get("expect", {}).items():
        for wanted in elements:
            assert sum(matches(wanted, got) for got in snapshot[name]) == 1, (wanted, snapshot[name])
    for name, elements in case.get("absent", {}).items():
        assert not any(matches(unwanted, got) for unwanted in elements for got in snapshot[name])
    for name, count in case.get("counts", {}).items():
        assert len(snapshot[name]) == count


@pytest.mark.parametrize("case", [case for case in CASES if case.get("refused")], ids=named)
def test_a_review_refuses_what_the_case_says_and_writes_nothing(case, tmp_path, elpis):
    write_template(tmp_path / "in", case["tables"])

    said = elpis("review", tmp_path / "in", "--as-of", case["as_of"], "--out", tmp_path / "out")

    assert said.status == 1
    assert [text for text in case.get("findings", []) if text.lower() not in said.err.lower()] == []
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_the_runner_of_the_cases_agrees_through_a_real_process():
    here = Path(__file__).parent
    command = [sys.executable, here / "cases" / "run_cases.py", here / "cases" / "cases.json", "--only", "E06"]
    done = subprocess.run(
        [*command, "--elpis", f"{sys.executable} -m gui"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=here.parent,
    )

    assert (done.returncode, done.stdout.strip()) == (0, "1 passed, 0 failed"), done.stdout
