"""Whatever people did with a book: it leaves as files, and what comes of them is the same book."""

from contextlib import closing

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test

from store import derivation
from tests.conftest import AS_OF, another
from tests.examples import examples
from tests.store.exports.round import comes_again
from tests.store.portal.test_random import act, actions, filled
from tests.store.test_undo_random import Judged

ENDINGS = ["", ".xlsx"]


class Leaving(Judged):
    """A user's day as undo knows it; at its end the book leaves and comes again."""

    def teardown(self) -> None:
        for ending in ENDINGS:
            comes_again(self.book, self.folder, ending)
        self.book.close()


def drive(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Leaving,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )


def test_a_book_comes_again_after_any_day():
    drive(examples=3, steps=25)


@pytest.mark.deep
def test_a_book_comes_again_after_any_day_however_long():
    drive(examples=150, steps=50)


def a_portal(folder, asked):
    path = folder / f"{len(list(folder.iterdir()))}.elpis"
    with closing(another(path, temporary=True)) as book:
        filled(book)
        derivation.recalculate(book, as_of=AS_OF)
        act(book, asked)
        comes_again(book, folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("portals")


@examples(6)
@given(actions)
def test_a_portal_comes_again_whatever_was_asked_for_and_decided(folder, asked):
    a_portal(folder, asked)


@pytest.mark.deep
@settings(deadline=None, max_examples=300)
@given(actions)
def test_a_portal_comes_again_whatever_was_asked_for_and_decided_at_length(folder, asked):
    a_portal(folder, asked)
