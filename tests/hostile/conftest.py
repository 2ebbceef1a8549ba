"""What the harnesses of hostile inputs share."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def light_collector() -> Iterator[None]:
    """What is there already is not looked through again each time that memory is measured, a hundred times slower."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
