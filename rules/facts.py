"""Facts as they come from outside: tuples of whole numbers and texts, checked a column at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias, cast

from rules.language import Document
from rules.terms import MAX_INTEGER, Fact, Value

MAX_STRING: Final = 4_000
"""Characters of a text in a fact; the matcher compares 64 kilobytes at most."""

Column: TypeAlias = Sequence[Value]


class FactError(ValueError):
    """A fact does not have the kind, the number of values, the types or the range that its document declares."""


def columns(document: Document, kind: str, facts: Sequence[Fact]) -> list[Column]:
    """Return the values of `facts` field by field, every one checked; `FactError` names the first that is wrong.

    A fact is a tuple with a value for every field that the document declares for `kind`, in that order. A number is an
    `int` (no `bool`, no subclass) within 2**53, a text is a `str` of at most 4,000 characters that UTF-8 can hold.
    """
    fields = document.facts.get(kind)
    if fields is None:
        raise FactError(f"{document.subject} knows no facts of the kind {kind!r}")
    _check_shape(kind, fields, facts)
    found: list[Column] = list(zip(*facts, strict=True)) if facts else [() for _ in fields]
    for (name, held), column in zip(fields.items(), found, strict=True):
        fits = _FITS[held]
        if not fits(column):
            position, value = next((at, each) for at, each in enumerate(column) if not fits((each,)))
            raise FactError(f"{kind}.{name} of fact {position} is {value!r:.60}, not {_EXPECTED[held]}")
    return found


def by_kind(facts: Iterable[tuple[str, Fact]]) -> Mapping[str, tuple[list[int], list[Fact]]]:
    """Return for every kind the positions and the facts themselves, in the order in which they came."""
    found: dict[str, tuple[list[int], list[Fact]]] = {}
    for position, (kind, fact) in enumerate(facts):
        positions, same = found.setdefault(kind, ([], []))
        positions.append(position)
        same.append(fact)
    return found


def check_alone(document: Document, kind: str) -> None:
    """Refuse, with `ValueError`, a kind of facts that some rule joins with others: such a fact decides nothing."""
    for rule in document.rules:
        if len(rule.kinds) > 1 and kind in rule.kinds.values():
            raise ValueError(f"{rule.name} joins {kind} with other facts; use match")


def _check_shape(kind: str, fields: Mapping[str, str], facts: Sequence[Fact]) -> None:
    if not all(issubclass(each, tuple) for each in set(map(type, facts))):
        raise FactError(f"{kind}: a fact is a tuple")
    if set(map(len, facts)) - {len(fields)}:
        position, fact = next((at, fact) for at, fact in enumerate(facts) if len(fact) != len(fields))
        raise FactError(
            f"{kind}: fact {position} has {len(fact)} values, {len(fields)} are declared: {', '.join(fields)}"
        )


def _are_integers(column: Column) -> bool:
    if set(map(type, column)) - {int}:
        return False
    numbers = cast("Sequence[int]", column)
    return min(numbers, default=0) >= -MAX_INTEGER and max(numbers, default=0) <= MAX_INTEGER


def _are_texts(column: Column) -> bool:
    if set(map(type, column)) - {str}:
        return False
    texts = cast("set[str]", set(column))
    return max(map(len, texts), default=0) <= MAX_STRING and _is_sendable("".join(texts))


def _is_sendable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


_FITS: Mapping[str, Callable[[Column], bool]] = {"int": _are_integers, "day": _are_integers, "str": _are_texts}
_EXPECTED = {
    "int": "a whole number within 2**53",
    "day": "the ordinal of a day",
    "str": f"a text of at most {MAX_STRING} characters without null",
}
