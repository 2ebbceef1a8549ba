"""How events look: a colour and an icon for each kind, and the order in which kinds stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from gui import event_words
from store.agenda import Counts, Entry

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "license-end": ("negative", "flag"),
    "deployment-end": ("warning", "hourglass"),
    "review-due": ("warning", "badge-check"),
    "expiration-warning": ("warning", "clock-alert"),
    "status-update": ("accent", "activity"),
    "activity-log": ("accent", "clipboard-list"),
    "custom": ("accent", "star"),
    "purchased": ("positive", "circle-plus"),
    "purchased-renewal": ("positive", "repeat"),
    "contract-invoiced": ("muted", "receipt"),
}
"""Kind -> the meaning of its colour, and its icon; what is most urgent stands first."""

_RANK: Final = {kind: number for number, kind in enumerate(KINDS)}

Line = tuple[str, str]
"""A kind and what is said of it: one line in the box of a day."""


def in_order(kinds: Iterable[str]) -> list[str]:
    """Kinds, what is most urgent first."""
    return sorted(kinds, key=lambda kind: _RANK.get(kind, len(_RANK)))


def by_day(entries: Iterable[Entry]) -> list[Entry]:
    """Events in the order of their days; of a day, what is most urgent first."""
    return sorted(entries, key=lambda entry: (entry.on, _RANK[entry.kind]))


def lines(counts: Mapping[str, int], entries: Iterable[Entry]) -> list[Line]:
    """What the box of a day says: single events by their title, if `entries` tells it, several of a kind by number."""
    titles: dict[str, list[str]] = {}
    for entry in entries:
        titles.setdefault(entry.kind, []).append(event_words.event_title(entry))
    said: list[Line] = []
    for kind in in_order(counts):
        known = titles.get(kind, [])
        few = len(known) == counts[kind] and (counts[kind] == 1 or KINDS[kind][0] == "accent")
        said += (
            [(kind, title) for title in known] if few else [(kind, event_words.events(kind, counts[kind], short=True))]
        )
    return said


def spoken(counts: Mapping[str, int]) -> str:
    """The events of a day as a phrase: "1 license end, 3 warnings"; "no events" for none."""
    return ", ".join(event_words.events(kind, counts[kind]) for kind in in_order(counts)) or "no events"


def narrowed(counts: Counts, kinds: Sequence[str]) -> Counts:
    """The counts of some kinds of events alone."""
    found = {day: {kind: n for kind, n in of_day.items() if kind in kinds} for day, of_day in counts.items()}
    return {day: of_day for day, of_day in found.items() if of_day}
