"""Walks two sorted lists side by side: both are read once, and only what is in hand is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final, cast

from store.snapshots.differences.scanning import Sections
from store.snapshots.differences.shape import Element
from store.snapshots.reading import SnapshotFault

Key = tuple[str, ...]
Pair = tuple[Element | None, Element | None]

_TEXT: Final = (str,)
_SOME: Final = (str, type(None))
_UNITS: Final = (int, str)
_FIGURES: Final = dict.fromkeys("active demand downgrade upgrade balance".split(), _UNITS)

SHAPES: Final[Mapping[str, Mapping[str, tuple[type, ...]]]] = {
    "entitlements": {
        **dict.fromkeys("product model metric".split(), _TEXT),
        **dict.fromkeys("quantity active maintenance_quantity".split(), _UNITS),
        "price": (dict, type(None)),
    },
    "events": {
        **dict.fromkeys("on kind".split(), _TEXT),
        **dict.fromkeys("contract item product model metric".split(), _SOME),
    },
    "positions": {
        **dict.fromkeys("product metric status rule".split(), _TEXT),
        "model": _SOME,
        **_FIGURES,
        "override": (dict, type(None)),
        "calculated": (dict,),
        "breakdown": (list,),
        "because": (list,),
    },
    "transfers": {
        **dict.fromkeys("kind from_product to_product metric right".split(), _TEXT),
        **dict.fromkeys("from_model to_model".split(), _SOME),
        "quantity": (int,),
    },
}
"""What is relied upon of the elements of each list that is compared, in the order of the lists in a file."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "entitlements": ("product", "model", "metric"),
    "positions": ("product", "model", "metric"),
    "transfers": ("kind", "from_product", "to_product", "metric", "from_model", "to_model", "right"),
}
"""By what each list is sorted."""


def until(place: str, pairs: Sections, name: str, head: dict[str, Any]) -> Iterator[Element]:
    """The elements of the next list of that name, each of the form that it has in a snapshot.

    What stands before it goes into `head`, lists aside. Raises SnapshotFault where there is no such list.
    """
    for found, value in pairs:
        if found == name and isinstance(value, Iterator):
            return _fitting(place, name, cast("Iterator[Any]", value))
        if not isinstance(value, Iterator):
            head[found] = value
    raise SnapshotFault(f"{place} is no snapshot of Elpis: it has no list {name} in its place")


def _fitting(place: str, name: str, elements: Iterable[Any]) -> Iterator[Element]:
    wanted = SHAPES[name].items()
    for number, element in enumerate(elements, 1):
        for field, kinds in wanted:
            if type(element.get(field, ...)) not in kinds:
                raise SnapshotFault(f"{place}: {name}, element {number}: its {field} is missing, or none")
        yield element


def key(name: str, element: Element) -> Key:
    """The fields that a list is sorted by; null is before everything."""
    return tuple(element[field] or "" for field in KEYS[name])


def merged(name: str, before: tuple[str, Iterable[Element]], after: tuple[str, Iterable[Element]]) -> Iterator[Pair]:
    """The elements of two lists by their keys, those of one key together; each list comes with the place it is from.

    Raises SnapshotFault for a list that is not in its order, or has a key twice.
    """
    left, right = (_keyed(name, *side) for side in (before, after))
    one, other = next(left, None), next(right, None)
    while one is not None and other is not None:
        if one[0] < other[0]:
            yield one[1], None
            one = next(left, None)
        elif other[0] < one[0]:
            yield None, other[1]
            other = next(right, None)
        else:
            yield one[1], other[1]
            one, other = next(left, None), next(right, None)
    yield from ((element, None) for _, element in chain([one] if one else [], left))
    yield from ((None, element) for _, element in chain([other] if other else [], right))


def _keyed(name: str, place: str, elements: Iterable[Element]) -> Iterator[tuple[Key, Element]]:
    last: Key | None = None
    for number, element in enumerate(elements, 1):
        found = key(name, element)
        if last is not None and found <= last:
            raise SnapshotFault(f"{place}: {name}, element {number}: it is not in its place in the order of the list")
        last = found
        yield found, element
