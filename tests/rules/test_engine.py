"""The engine: firings that are exact, and errors that are never silent."""

import gc
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rules import engine as engine_module
from rules import reference
from rules.engine import Engine, EngineFault, FactError
from rules.language import parse
from rules.terms import Fact

FAMILY = """
subject = "family"
about = "Versions that belong together"
[facts.version]
family = "int"
rank = "int"
balance = "int"
note = "str"
[facts.item]
amount = "int"
name = "str"
note = "str"
[facts.mark]
number = "int"
[[rule]]
name = "family.transfer"
source = "here"
says = "A surplus covers an older shortfall"
for = { n = "version", o = "version" }
when = ["n.balance > 0", "o.balance < 0", "o.rank < n.rank", "o.family == n.family"]
[[rule]]
name = "family.large"
source = "here"
says = "A lot"
for = { i = "item" }
when = ["i.amount > 100"]
[[rule]]
name = "family.some"
source = "here"
says = "Something"
for = { i = "item" }
when = ["i.amount > 0"]
priority = 1
[[rule]]
name = "family.office"
source = "here"
says = "It is an office"
for = { i = "item" }
when = ["i.name == 'Büro 1'"]
[[rule]]
name = "family.marked"
source = "here"
says = "There is a mark"
for = { m = "mark" }
when = []
"""
DOCUMENT = parse(FAMILY, "family.toml")
TRANSFER, LARGE, SOME, OFFICE, MARKED = DOCUMENT.rules


class Matcher:
    """The C extension with single functions replaced; counts what it is asked."""

    def __init__(self, **replaced: Callable[..., Any]) -> None:
        self._real = engine_module._matcher
        self._replaced = replaced
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return self._replaced.get(name, getattr(self._real, name))


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(DOCUMENT)
    yield made
    made.close()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Matcher]:
    """Replace functions of the matcher for as long as the test runs."""

    def replace(**replaced: Callable[..., Any]) -> Matcher:
        matcher = Matcher(**replaced)
        monkeypatch.setattr(engine_module, "_matcher", matcher)
        return matcher

    return replace


def item(amount: int, name: str = "", note: str = "") -> Fact:
    return amount, name, note


def version(family: int, rank: int, balance: int) -> tuple[str, Fact]:
    return "version", (family, rank, balance, "")


PAIR = [version(1, 2025, 9), version(1, 2019, -5)]


def test_rules_fire_with_the_positions_of_their_facts(engine: Engine) -> None:
    facts = [version(1, 2019, -5), version(1, 2025, 9), version(2, 2018, -1), version(1, 2022, -2), ("item", item(3))]
    assert engine.match(facts) == [(SOME, [(4,)]), (TRANSFER, [(1, 0), (1, 3)])]


def test_rules_come_by_priority_and_then_in_the_order_of_the_document(engine: Engine) -> None:
    facts = [("item", item(200, "Büro 1")), ("item", item(300)), ("mark", (1,))]
    assert [rule.name for rule, _ in engine.match(facts)] == [
        "family.some",
        "family.large",
        "family.office",
        "family.marked",
    ]


def test_equal_facts_fire_each_for_itself(engine: Engine) -> None:
    assert engine.match([PAIR[0], PAIR[0], PAIR[1]]) == [(TRANSFER, [(0, 2), (1, 2)])]


def test_nothing_follows_from_nothing(engine: Engine) -> None:
    assert engine.match([]) == []
    assert engine.conclude("item", []) == []
    assert list(engine.match_groups([])) == []


def test_nothing_of_one_call_is_left_for_the_next(engine: Engine) -> None:
    assert [engine.match(each) for each in ([PAIR[0]], [PAIR[1]])] == [[], []]


def test_whole_numbers_are_exact_to_the_last_unit(engine: Engine) -> None:
    facts = [version(1, 2**53, 2**53), version(1, 2**53 - 1, -(2**53)), version(1, 2**53, -1)]
    assert engine.match(facts) == [(TRANSFER, [(0, 1)])]


@pytest.mark.parametrize("name", ["Büro 1", "Büro 1 ", "Bu\u0308ro 1", 'Büro "1"', "Büro\\1", "Büro\n1", ""])
def test_texts_are_compared_letter_by_letter(engine: Engine, name: str) -> None:
    assert (engine.conclude("item", [item(0, name)]) == [(OFFICE,)]) is (name == "Büro 1")


def test_a_text_cannot_pretend_to_be_a_fact(engine: Engine) -> None:
    names = ['"i":{"id":"7"', '{"id":"1","k":"mark"}', '","k":"mark","x":"']
    assert engine.match([("item", item(1, name, name)) for name in names]) == [(SOME, [(0,), (1,), (2,)])]


def test_more_firings_than_one_answer_holds_are_put_together(engine: Engine) -> None:
    facts = [version(1, 2, 1)] * 300 + [version(1, 1, -1)] * 300
    ((rule, found),) = engine.match(facts)
    assert rule is TRANSFER
    assert found == [(giver, taker) for giver in range(300) for taker in range(300, 600)]


def test_every_fact_has_the_rules_that_hold_for_it(engine: Engine) -> None:
    facts = [item(500, "Büro 1"), item(0), item(3), item(500)]
    assert engine.conclude("item", facts) == [(SOME, LARGE, OFFICE), (), (SOME,), (SOME, LARGE)]
    assert engine.conclude("mark", [(1,), (2,)]) == [(MARKED,), (MARKED,)]


def test_a_thousand_facts_are_concluded_as_in_plain_python(engine: Engine) -> None:
    chance = random.Random(3)
    facts = [item(chance.randint(-5, 400), chance.choice(["", "Büro 1", "a"]), str(n)) for n in range(1700)]
    assert engine.conclude("item", facts) == reference.conclude(DOCUMENT, "item", facts)


def test_facts_that_differ_only_in_what_no_rule_reads_are_matched_once(engine: Engine, broken: Any) -> None:
    engine.match([])
    engine.conclude("mark", [(1,)])
    sent: list[str] = []
    real = engine_module._matcher.assert_facts

    def assert_facts(handle: int, text: str) -> object:
        sent.append(text)
        return real(handle, text)

    broken(assert_facts=assert_facts)
    assert engine.conclude("item", [item(3, "a", str(n)) for n in range(5000)]) == [(SOME,)] * 5000
    assert sent == ['[{"id":"0","k":"item","amount":3,"name":"a"}]']


def test_facts_that_a_rule_joins_are_not_concluded_alone(engine: Engine) -> None:
    with pytest.raises(ValueError, match=r"family\.transfer joins version with other facts"):
        engine.conclude("version", [])


@pytest.mark.parametrize("chunk", [1, 7, 500])
def test_groups_are_matched_each_for_itself_however_many_share_a_call(engine: Engine, chunk: int) -> None:
    chance = random.Random(5)
    groups: list[list[tuple[str, Fact]]] = [
        [version(family, rank, chance.randint(-3, 3)) for rank in range(chance.randint(0, 9))] for family in range(60)
    ]
    groups[10].append(("item", item(5)))
    assert list(engine.match_groups(iter(groups), chunk)) == [reference.match(DOCUMENT, group) for group in groups]


def test_a_group_is_never_split(engine: Engine) -> None:
    assert list(engine.match_groups([PAIR * 20], chunk=3)) == [reference.match(DOCUMENT, PAIR * 20)]


def test_groups_whose_facts_fire_together_are_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="different groups fire together"):
        list(engine.match_groups([[PAIR[0]], [PAIR[1]]]))


@pytest.mark.parametrize(
    "fact",
    [
        (True, "", ""),
        (None, "", ""),
        (1.0, "", ""),
        ("1", "", ""),
        (2**53 + 1, "", ""),
        (1, None, ""),
        (1, "a\0b", ""),
        (1, "\udfff", ""),
        (1, "x" * 4001, ""),
        (1, "", None),
        (1, ""),
        (1, "", "", ""),
        [1, "", ""],
    ],
)
def test_a_fact_that_is_not_as_declared_is_refused_before_anything_is_matched(engine: Engine, fact: Any) -> None:
    with pytest.raises(FactError):
        engine.match([("item", item(1)), ("item", fact)])
    with pytest.raises(FactError):
        engine.conclude("item", [item(1), fact])
    assert engine.conclude("item", [item(1)]) == [(SOME,)]


def test_one_and_true_are_not_taken_for_the_same_fact(engine: Engine) -> None:
    with pytest.raises(FactError, match="fact 1 is True"):
        engine.conclude("item", [item(1), (True, "", "")])


def test_facts_of_an_unknown_kind_are_refused(engine: Engine) -> None:
    with pytest.raises(FactError, match="family knows no facts of the kind 'shelf'"):
        engine.match([("shelf", (1,))])
    with pytest.raises(FactError, match="'shelf'"):
        engine.conclude("shelf", [(1,)])


def test_more_facts_than_may_be_matched_together_are_refused(engine: Engine) -> None:
    with pytest.raises(FactError, match="20001 facts at once; 20000 are possible"):
        engine.match([("mark", (1,))] * 20_001)


def test_an_engine_refuses_to_work_in_another_thread(engine: Engine) -> None:
    refused: list[BaseException] = []

    def attempt(call: Callable[[], object]) -> None:
        try:
            call()
        except EngineFault as fault:
            refused.append(fault)

    for call in (lambda: engine.match(PAIR), lambda: engine.conclude("item", [item(1)]), engine.close):
        thread = threading.Thread(target=attempt, args=(call,))
        thread.start()
        thread.join()
    assert [str(fault) for fault in refused] == ["family: used from another thread than the one that made it"] * 3
    assert engine.match(PAIR) == [(TRANSFER, [(0, 1)])]


def works_again(engine: Engine) -> bool:
    return engine.match(PAIR) == [(TRANSFER, [(0, 1)])] and engine.conclude("item", [item(3)]) == [(SOME,)]


def test_a_fact_left_behind_in_the_working_memory_is_noticed(engine: Engine) -> None:
    engine.match(PAIR)
    handle = engine._handle
    assert handle is not None
    engine_module._matcher.assert_fact(handle, '{"id":"0","k":"item","amount":3,"name":""}')
    with pytest.raises(EngineFault, match="takes a fact for one it has already"):
        engine.match(PAIR)
    assert works_again(engine)


def test_too_many_firings_are_an_error(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(engine_module, "MAX_FIRINGS", 3)
        with pytest.raises(EngineFault, match="family: more than 3 firings"):
            engine.match([PAIR[0], PAIR[0], PAIR[1], PAIR[1]])
    assert works_again(engine)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (engine_module._matcher.error("Could not assert facts, error code: 303"), "more than 64 open conditions"),
        (engine_module._matcher.error("Could not assert facts, error code: 999"), "unknown"),
        (MemoryError(), "unknown"),
    ],
)
def test_an_error_of_the_matcher_is_an_error_of_the_call(
    engine: Engine, broken: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    broken(assert_facts=fail)
    with pytest.raises(EngineFault, match=told) as fault:
        engine.match(PAIR)
    assert fault.value.__cause__ is error
    monkeypatch.undo()
    assert works_again(engine)


@pytest.mark.parametrize(
    "function", ["assert_facts", "start_action_for_state", "complete_and_start_action", "delete_state"]
)
def test_an_interrupt_at_any_moment_leaves_nothing_behind(
    engine: Engine, broken: Any, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    engine.match([("mark", (1,))])

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    broken(**{function: interrupt})
    with pytest.raises(KeyboardInterrupt):
        engine.match([*PAIR, ("item", item(3))])
    monkeypatch.undo()
    assert works_again(engine)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("", "without a known rule"),
        ("[]", "without a known rule"),
        ('{"family.unknown":[{"i":{"id":"0"}}]}', "without a known rule"),
        ('{"family.some":[]}', "cannot be read"),
        ('{"family.some":[{"i":{"id":"2"}}]}', "cannot be read"),
        ('{"family.some":[{"i":{"id":"0"}},{"i":{"id":"0"}}]}', "family.some fires twice"),
        ('{"family.transfer":[{"n":{"id":"0"},"x":{"id":"1"}}]}', "cannot be read"),
        ('{"family.transfer":[{"n":{"id":"0"}}]}', "cannot be read"),
        ('{"family.transfer":[{"n":{"id":"0"},"o":{"id":"1"}},{"n":{"id":"0"},"o":{"id":"1"}}]}', "fires twice"),
    ],
)
def test_an_answer_that_cannot_be_right_is_an_error(
    engine: Engine, broken: Any, monkeypatch: pytest.MonkeyPatch, message: str, told: str
) -> None:
    engine.match([("mark", (1,))])
    broken(start_action_for_state=lambda *_: ("{}", message), complete_and_start_action=lambda *_: None)
    with pytest.raises(EngineFault, match=told):
        engine.match(PAIR)
    monkeypatch.undo()
    assert works_again(engine)


@pytest.mark.parametrize("answer", [(2, 1), (0, 2), (7, 1)])
def test_an_unknown_outcome_is_an_error(
    engine: Engine, broken: Any, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, int]
) -> None:
    broken(assert_facts=lambda *_: answer)
    with pytest.raises(EngineFault, match=rf"code {answer[0]}, state {answer[1]}"):
        engine.match(PAIR)
    monkeypatch.undo()
    assert works_again(engine)


def test_a_matcher_that_does_not_start_is_an_error(
    engine: Engine, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(assert_fact=lambda *_: (1, 1))
    with pytest.raises(EngineFault, match="does not start"):
        engine.match(PAIR)
    broken(start_action_for_state=lambda *_: None)
    with pytest.raises(EngineFault, match="does not start"):
        engine.match(PAIR)
    monkeypatch.undo()
    assert works_again(engine)


def test_a_matcher_that_cannot_be_made_is_an_error(
    engine: Engine, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise engine_module._matcher.error("Could not create ruleset, error code: 101")

    broken(create_ruleset=fail)
    with pytest.raises(EngineFault, match="out of memory"):
        engine.match(PAIR)
    monkeypatch.undo()
    assert works_again(engine)


def test_two_ids_that_the_matcher_cannot_tell_apart_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "name_hash", lambda _: 7)
    with pytest.raises(EngineFault, match="two of 3 ids have one hash"):
        engine_module._check_ids.__wrapped__(3)


def test_a_closed_engine_gives_its_memory_back_and_opens_again(broken: Any) -> None:
    engine = Engine(DOCUMENT)
    matcher = broken()
    engine.close()
    assert matcher.calls.count("delete_ruleset") == 0
    engine.match(PAIR)
    engine.close()
    engine.close()
    assert works_again(engine)
    assert matcher.calls.count("create_ruleset") == 2


def test_an_engine_that_nobody_uses_any_more_gives_its_memory_back(broken: Any) -> None:
    freed: list[int] = []
    real = engine_module._matcher.delete_ruleset

    def delete_ruleset(handle: int) -> None:
        freed.append(handle)
        real(handle)

    broken(delete_ruleset=delete_ruleset)
    engine = Engine(DOCUMENT)
    engine.match(PAIR)
    handle = engine._handle
    del engine
    gc.collect()
    assert freed == [handle]


SAME_EVERYWHERE = """
import random
from rules.engine import Engine
from tests_document import DOCUMENT
chance = random.Random(11)
engine = Engine(DOCUMENT)
facts = [("version", (chance.randint(1, 9), n, chance.randint(-3, 3), "")) for n in range(300)]
items = [(chance.randint(-3, 300), chance.choice("abc"), str(n)) for n in range(900)]
print([(rule.name, found) for rule, found in engine.match(facts)])
print([[rule.name for rule in rules] for rules in engine.conclude("item", items)])
"""
STEADY = """
import resource
from rules.engine import Engine
from tests_document import DOCUMENT

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes

def work(engine, start, count):
    for first in range(start, start + count, 2000):
        engine.conclude("item", [(n, str(n), "") for n in range(first, first + 2000)])
        engine.match([("version", (n // 9, n % 9, n % 7 - 3, "")) for n in range(500)])

engine = Engine(DOCUMENT)
work(engine, 0, 40_000)
for _ in range(50):
    Engine(DOCUMENT).match([("mark", (1,))])
before = peak()
work(engine, 40_000, 160_000)
for _ in range(500):
    Engine(DOCUMENT).match([("mark", (1,))])
print(peak() - before)
"""


def run(script: str, folder: Path, **environment: str) -> str:
    """Run a script in a Python of its own that finds DOCUMENT in the module tests_document."""
    (folder / "tests_document.py").write_text(
        f"from rules.language import parse\nDOCUMENT = parse({FAMILY!r}, 'family.toml')\n", encoding="utf-8"
    )
    path = os.pathsep.join([str(folder), str(Path(engine_module.__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_answer_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    answers = {run(SAME_EVERYWHERE, tmp_path, PYTHONHASHSEED=seed) for seed in ("0", "1", "77")}
    assert len(answers) == 1
    assert "family.transfer" in answers.pop()


def test_memory_does_not_grow_with_the_number_of_calls(tmp_path: Path) -> None:
    assert int(run(STEADY, tmp_path)) < 10_000
