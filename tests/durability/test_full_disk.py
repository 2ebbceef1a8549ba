"""The disk becomes full at any write of any operation: nothing is changed, it is told, and it works when there is room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import opened
from tests.durability import exporters, replay, work

pytestmark = pytest.mark.skipif(bool(replay.why_not()), reason=replay.why_not() or "it can be recorded")


def tried(place: Path, library: Path, way: str) -> dict[str, Any]:
    """What came of everything in a new folder with a book."""
    place.mkdir()
    with closing(opened(place / "book.elpis", create=True)) as book:
        work.seed(book, place)
    how = {**os.environ, **replay.environment(library, place), "ELPIS_RECORD": os.devnull}
    command = [sys.executable, "-m", "tests.durability.full", str(place), way]
    done = subprocess.run(command, env=how, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("way", ["some", pytest.param("every", marks=pytest.mark.deep)])
def test_a_disk_that_is_full_at_any_write_harms_nothing_and_is_told(tmp_path, library, promise, way):
    control = tried(tmp_path / "control", library, "control")["faults"]
    assert any(" changed " in fault for fault in control), "a file written straight to its place is harmed"
    found = tried(tmp_path / "place", library, way)
    what = f"{len(work.SCRIPT)} operations and {len(exporters.EXPORTERS)} exports"
    promise(
        "R6",
        f"a full disk at {'each' if way == 'every' else 'some'} of the writes of {what}",
        count=found["tries"],
        faults=found["faults"],
        control="a plain write harms what was there",
    )
