"""The only door to durable_rules: facts go in, firings come out, and a wrong answer is an error, never silence.

Only the package's C matcher is used, and of it only what is known to be exact: every call sends its facts under the ids
0 .. n-1 into one empty working memory, takes all firings out, and drops the memory. Nothing runs inside the matcher and
nothing is ever retracted. Whatever does not look as it must raises `EngineFault`; the damaged handle is left behind (to
free it is not safe) and the next call starts with a new one.
"""

import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain, groupby
from typing import Final, Protocol, Self, TypeAlias, cast

import durable_rules_engine
import orjson

from rules.facts import FactError, by_kind, check_alone, columns
from rules.grammar import PRIME, to_durable
from rules.language import Document, Rule
from rules.lint import name_hash
from rules.terms import Fact, Value
from rules.wire import Positions, Shape, read_positions, read_rule_name, rows_of, shape_of, texts_of

__all__ = ["Engine", "EngineFault", "FactError", "Firings"]

Firings: TypeAlias = list[tuple[Rule, list[tuple[int, ...]]]]
"""For every rule that fires, positions of facts in the order of its aliases."""

CHUNK: Final = 500
"""Facts in one call of the matcher: the fastest size, and it holds the interpreter for about a millisecond only."""
MAX_FACTS: Final = 20_000
"""Facts that may have to be matched together; the matcher needs 8 kilobytes for each."""
MAX_FIRINGS: Final = 1_000_000
"""Firings of one call; more come from a rule that pairs everything with everything."""

_ALL_MATCHED, _SOME_UNMATCHED = 0, 1  # what it answers to facts: the second is normal too
_STATE = 1  # where the matcher keeps the only working memory of a handle
_MEMORY = "0"  # what it calls it
_ERRORS = {
    "101": "out of memory",
    "111": "no such handle",
    "201": "a value is no JSON",
    "202": "a text is no JSON",
    "203": "a number is no JSON",
    "204": "an object is no JSON",
    "302": "more than 252 properties",
    "303": "more than 64 open conditions",
    "304": "more than 16 facts in a rule",
    "311": "a property is missing in a join",
    "312": "a null or mixed types in a join",
    "313": "a message is too long",
    "314": "a property is too long",
}


class _Matcher(Protocol):
    """The functions of the C extension that are used; it comes without type stubs."""

    error: type[Exception]

    def create_ruleset(self, name: str, definition: str, /) -> int: ...
    def delete_ruleset(self, handle: int, /) -> None: ...
    def delete_state(self, handle: int, memory: str, /) -> None: ...
    def assert_fact(self, handle: int, fact: str, /) -> tuple[int, int]: ...
    def assert_facts(self, handle: int, facts: str, /) -> tuple[int, int]: ...
    def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, handle: int, state: int, /) -> str | None: ...


_matcher = cast(_Matcher, durable_rules_engine)


class EngineFault(RuntimeError):
    """The matcher reported or showed something that it must not: nothing has been evaluated."""


class Engine:
    """The matcher of one document. It belongs to the thread that made it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._definition = orjson.dumps(to_durable(document)).decode()
        self._shapes = {kind: shape_of(document, kind) for kind in document.facts}
        self._rules = {rule.name: rule for rule in document.rules}
        self._in_order = sorted(document.rules, key=lambda rule: rule.priority)
        self._thread = threading.get_ident()
        self._handle: int | None = None
        self._release: weakref.finalize[..., Self] | None = None

    def match(self, facts: Sequence[tuple[str, Fact]]) -> Firings:
        """Match all facts, given with their kinds, against each other.

        The answer holds every rule that fires, by priority and then in the document's order, with the positions of its
        facts, sorted. `FactError` if a fact does not fit its declaration, `EngineFault` if the matcher fails.
        """
        if len(facts) > MAX_FACTS:
            raise FactError(f"{self._document.subject}: {len(facts)} facts at once; {MAX_FACTS} are possible")
        texts = [self._checked_texts(kind, *found) for kind, found in by_kind(facts).items()]
        fired = self._fire(chain.from_iterable(texts), len(facts))
        return [(rule, sorted(zip(*found, strict=True))) for rule, found in fired]

    def match_groups(self, groups: Iterable[Sequence[tuple[str, Fact]]], chunk: int = CHUNK) -> Iterator[Firings]:
        """Match the facts of every group against each other and yield one answer a group, as `match` gives it.

        Groups share calls of about `chunk` facts and are never split. Facts of different groups must never fire
        together (the equalities of the rules have to keep the groups apart): `ValueError` if they do.
        """
        for together in _together(groups, chunk):
            yield from _apart(self.match(list(chain.from_iterable(together))), list(map(len, together)))

    def conclude(self, kind: str, facts: Sequence[Fact]) -> list[tuple[Rule, ...]]:
        """Return for every fact the rules that fire for it, by priority and then in the document's order.

        Only for kinds of facts that no rule joins (`ValueError` otherwise). Facts that agree in all fields that
        conditions read are matched once.
        """
        check_alone(self._document, kind)
        rows = rows_of(columns(self._document, kind, facts), self._shapes[kind].used, len(facts))
        answers: dict[tuple[Value, ...], tuple[Rule, ...]] = dict.fromkeys(rows, ())
        distinct = list(answers)
        for start in range(0, len(distinct), CHUNK):
            some = distinct[start : start + CHUNK]
            answers.update(zip(some, self._concluded(self._shapes[kind], some), strict=True))
        return [answers[row] for row in rows]

    def close(self) -> None:
        """Give the matcher's memory back. The next call takes it again."""
        self._check_thread()
        if self._release is not None:
            self._release()
        self._handle = self._release = None

    def _checked_texts(self, kind: str, positions: Sequence[int], facts: Sequence[Fact]) -> Iterable[str]:
        found = columns(self._document, kind, facts)
        shape = self._shapes[kind]
        return texts_of(shape, positions, [found[each] for each in shape.used])

    def _concluded(self, shape: Shape, rows: Sequence[tuple[Value, ...]]) -> list[tuple[Rule, ...]]:
        found: list[list[Rule]] = [[] for _ in rows]
        texts = texts_of(shape, range(len(rows)), list(zip(*rows, strict=True)))
        for rule, (positions,) in self._fire(texts, len(rows)):
            for position in positions:
                found[position].append(rule)
        return list(map(tuple, found))

    def _fire(self, texts: Iterable[str], count: int) -> list[tuple[Rule, Positions]]:
        self._check_thread()
        if not count:
            return []
        try:
            fired = self._drained(f"[{','.join(texts)}]", count)
        except (_matcher.error, MemoryError) as error:
            self._abandon()
            raise self._fault(f"{error} ({_ERRORS.get(str(error).rpartition(' ')[2], 'unknown')})") from error
        except BaseException:
            self._abandon()
            raise
        return [(rule, fired[rule.name]) for rule in self._in_order if rule.name in fired]

    def _drained(self, text: str, count: int) -> dict[str, Positions]:
        _check_ids(CHUNK if count <= CHUNK else MAX_FACTS)
        handle = self._open() if self._handle is None else self._handle
        code, state = _matcher.assert_facts(handle, text)
        if code not in (_ALL_MATCHED, _SOME_UNMATCHED) or state != _STATE:
            raise self._fault(f"it takes a fact for one it has already (code {code}, state {state})")
        fired = self._collected(_messages(handle), count)
        _matcher.delete_state(handle, _MEMORY)
        return fired

    def _collected(self, messages: Iterable[str], count: int) -> dict[str, Positions]:
        fired: dict[str, Positions] = {}
        total = 0
        for message in messages:
            rule, found = self._read(message, count)
            total += len(found[0])
            if total > MAX_FIRINGS:
                raise self._fault(f"more than {MAX_FIRINGS} firings")
            for positions, more in zip(fired.setdefault(rule.name, [[] for _ in found]), found, strict=True):
                positions.extend(more)
        for name, found in fired.items():
            if len(set(zip(*found, strict=True))) != len(found[0]):
                raise self._fault(f"{name} fires twice for the same facts")
        return fired

    def _read(self, message: str, count: int) -> tuple[Rule, Positions]:
        rule = self._rules.get(read_rule_name(message))
        if rule is None:
            raise self._fault(f"an answer without a known rule: {message:.80}")
        found = read_positions(message, tuple(rule.kinds))
        if not found or not found[0] or max(map(max, found)) >= count:
            raise self._fault(f"an answer that cannot be read: {message:.80}")
        return rule, found

    def _open(self) -> int:
        handle = _matcher.create_ruleset(self._document.subject, self._definition)
        release = weakref.finalize(self, _matcher.delete_ruleset, handle)
        release.atexit = False
        self._handle, self._release = handle, release
        # The first working memory of a handle is only set up completely once something has fired in it.
        asserted = _matcher.assert_fact(handle, f'{{"id":"{PRIME}","k":"{PRIME}"}}')
        if asserted != (_ALL_MATCHED, _STATE) or len(list(_messages(handle))) != 1:
            raise self._fault(f"it does not start ({asserted})")
        _matcher.delete_state(handle, _MEMORY)
        return handle

    def _abandon(self) -> None:
        if self._release is not None:
            self._release.detach()
        self._handle = self._release = None

    def _check_thread(self) -> None:
        if threading.get_ident() != self._thread:
            raise self._fault("used from another thread than the one that made it")

    def _fault(self, reason: str) -> EngineFault:
        return EngineFault(f"{self._document.subject}: {reason}")


def _messages(handle: int) -> Iterator[str]:
    started = _matcher.start_action_for_state(handle, _STATE)
    message = started[1] if started else None
    while message is not None:
        yield message
        message = _matcher.complete_and_start_action(handle, _STATE)


@cache
def _check_ids(count: int) -> None:
    """Make sure that the ids of a call stay apart: the matcher compares their hashes only."""
    names = [*map(str, range(count)), PRIME, f"sid-{_MEMORY}", "$pulse"]
    if len(set(map(name_hash, names))) != len(names):
        raise EngineFault(f"two of {count} ids have one hash")


def _together(groups: Iterable[Sequence[tuple[str, Fact]]], chunk: int) -> Iterator[list[Sequence[tuple[str, Fact]]]]:
    together: list[Sequence[tuple[str, Fact]]] = []
    size = 0
    for group in groups:
        if together and size + len(group) > chunk:
            yield together
            together, size = [], 0
        together.append(group)
        size += len(group)
    if together:
        yield together


def _apart(firings: Firings, sizes: Sequence[int]) -> list[Firings]:
    starts = list(accumulate(sizes, initial=0))
    owner = [group for group, size in enumerate(sizes) for _ in range(size)]
    answers: list[Firings] = [[] for _ in sizes]
    for rule, found in firings:
        for group, hits in groupby(found, key=lambda hit: owner[hit[0]]):
            first, after = starts[group], starts[group + 1]
            inside = [
                tuple(position - first for position in hit) for hit in hits if first <= min(hit) and max(hit) < after
            ]
            answers[group].append((rule, inside))
    if sum(len(hits) for answer in answers for _, hits in answer) != sum(len(found) for _, found in firings):
        raise ValueError("facts of different groups fire together")
    return answers
