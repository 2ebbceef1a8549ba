"""What the harnesses of power cuts share."""

from pathlib import Path

import pytest

from tests.durability import replay


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorder."""
    return replay.build(tmp_path_factory.mktemp("recorder"))
