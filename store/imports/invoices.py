"""The text of an invoice in a file, with the page and line of every place in it: PDF, mails, plain texts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.errors import Unfit
from store.imports import isolated
from store.imports.isolated import Limits
from store.imports.source import Unreadable

LIMITS: Final = Limits(seconds=20, written=64 << 20, patience=40)
"""What reading one may use. An invoice of many pages takes a second."""

_GAP: Final = "\n\n"


@dataclass(frozen=True)
class Words:
    """A text put together of pages and parts: where each begins, and what it is called; and what could not be read."""

    text: str
    places: tuple[tuple[int, str], ...] = ()
    told: tuple[str, ...] = ()

    def place(self, at: int) -> str:
        """Where a character stands, in words: "page 2, line 14"."""
        starts = [start for start, _ in self.places] or [0]
        number = max(bisect_right(starts, at) - 1, 0)
        line = self.text.count("\n", starts[number], at) + 1
        named = self.places[number][1] if self.places else ""
        return f"{named}, line {line}" if named else f"line {line}"


EMPTY: Final = Words("")
"""No text at all."""


def read(path: Path) -> Words:
    """The words of a PDF file or mail, read in a process of its own. Raises Unfit with a sentence."""
    kind = path.suffix.casefold().removeprefix(".")
    try:
        return _asked(path, kind)
    except Unreadable as unreadable:
        if kind == "eml":
            return _alone(path, unreadable)
        raise _refused(path, unreadable) from unreadable


def _alone(path: Path, before: Unreadable) -> Words:
    """The mail without what is attached: that may be what cannot be read."""
    try:
        return _asked(path, "eml-alone")
    except Unreadable:
        raise _refused(path, before) from before


def _asked(path: Path, kind: str) -> Words:
    found = list(isolated.ask("invoice", path, kind, limits=LIMITS))
    return joined(
        [(str(place), str(text)) for word, place, text in found if word == "text"],
        [f"{place}: {text}" if place else str(text) for word, place, text in found if word == "told"],
    )


def joined(parts: Sequence[tuple[str, str]], told: Sequence[str] = ()) -> Words:
    """Parts with their places as one text."""
    texts: list[str] = []
    places: list[tuple[int, str]] = []
    at = 0
    for place, text in parts:
        places.append((at, place))
        texts.append(text)
        at += len(text) + len(_GAP)
    return Words(_GAP.join(texts), tuple(places), tuple(told))


def _refused(path: Path, unreadable: Unreadable) -> Unfit:
    reason = unreadable.finding.message.removeprefix("this file could not be read safely: ")
    return Unfit(f"{path.name}: {reason}. {_ADVICE}")


_ADVICE: Final = "Nothing was changed; you can open it, copy its text, go back and choose “Enter text”."
