"""A second process that shares bulk work: one interpreter runs on one core at a time, and there is more than one core.

What goes to it and comes back is plain data. It is a help and never a need: whoever asks must be able to do the work
himself, and does when there is no second process or it is gone.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, Any, Final, TypeVar, cast

T = TypeVar("T")

_AHEAD: Final = 3
"""Questions that wait at the second process, so that it need not wait for the next one."""

_NEWEST: Final = pickle.HIGHEST_PROTOCOL

Ask = Callable[..., "Future[Any]"]
"""Called with the arguments of a piece of work, which is done in turn. The future raises `Gone` if it will not be."""


class Gone(Exception):
    """The second process ended before it answered: the work is still to be done."""


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared(function: Callable[..., T], questions: Iterable[tuple[Any, ...]]) -> Iterator[T]:
    """The answers to all questions in their order: a second process gives those that it can take, this one the rest.

    A question is the arguments of `function`. Few of them are held at once, with their answers.
    """
    with helping(function) as ask:
        given: deque[tuple[tuple[Any, ...], Future[T]]] = deque()
        for question in questions:
            busy = sum(not answer.done() for _, answer in given) >= _AHEAD
            given.append((question, _settled(function(*question)) if busy else ask(*question)))
            while given and given[0][1].done():
                yield _answer(function, *given.popleft())
        while given:
            yield _answer(function, *given.popleft())


def _settled(answer: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(answer)
    return future


def _answer(function: Callable[..., T], question: tuple[Any, ...], answer: Future[T]) -> T:
    try:
        return answer.result()
    except Gone:
        return function(*question)


@contextmanager
def helping(function: Callable[..., Any]) -> Generator[Ask]:
    """A second process for the block, which calls `function` for each question; that stands at the top of a module."""
    with _second() as (questions, answers), ThreadPoolExecutor(1) as thread:

        def asked(*arguments: Any) -> Any:
            _put(questions, (_answers, function, arguments))
            return _taken(answers)

        try:  # the thread waits at the pipes, where a large question would keep us waiting
            yield lambda *arguments: thread.submit(asked, *arguments)
        finally:
            thread.shutdown(wait=False, cancel_futures=True)


def ahead(function: Callable[..., Iterator[T]], *arguments: Any) -> Iterator[T]:
    """What a generator function yields, made ahead of its use by a second process. Raises `Gone` where that ended."""
    with _second() as (questions, answers):
        _put(questions, (_yields, function, arguments))
        while item := _taken(answers):
            yield item[0]


@contextmanager
def _second() -> Generator[tuple[IO[bytes], IO[bytes]]]:
    """The pipes to and from a second process."""
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-I", __file__, *filter(None, sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the fault of a question will be met again by the one who asked
    )
    questions, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    try:
        yield questions, answers
    finally:
        process.kill()  # it holds nothing that could be lost
        process.wait()
        _close(questions)
        answers.close()


def _put(questions: IO[bytes], question: object) -> None:
    try:
        pickle.dump(question, questions, _NEWEST)
        questions.flush()
    except (OSError, ValueError):
        raise Gone from None


def _taken(answers: IO[bytes]) -> Any:
    try:
        return pickle.load(answers)  # noqa: S301 (from our own process, through a pipe of its own)
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        raise Gone from None


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:  # what was still to be written has no reader any more
        return


def _answers(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Iterator[Any]:
    yield function(*arguments)


def _yields(function: Callable[..., Iterator[Any]], arguments: tuple[Any, ...]) -> Iterator[Any]:
    for item in function(*arguments):
        yield (item,)
    yield ()


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more: then the one who asked has finished, or is gone himself."""
    while True:
        try:
            way, function, arguments = pickle.load(questions)  # noqa: S301 (from the program that started this one)
        except EOFError:
            return
        for answer in way(function, arguments):
            pickle.dump(answer, answers, _NEWEST)
            answers.flush()


if __name__ == "__main__":
    sys.path[:] = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program that was started
    with os.fdopen(os.dup(1), "wb") as _pipe:
        os.dup2(2, 1)  # nothing that is printed shall stand between the answers
        importlib.import_module("store.aside").serve(sys.stdin.buffer, _pipe)
