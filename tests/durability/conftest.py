"""What the harnesses of power cuts share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability import replay


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorder."""
    return replay.build(tmp_path_factory.mktemp("recorder"))


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """Where images are looked at."""
    folder = replay.scratch(tmp_path)
    yield folder
    shutil.rmtree(folder)
