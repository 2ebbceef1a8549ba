"""What is wrong with a rule document before its rules are read: keys, names, texts, hashes and sizes.

The limits are those of durable_rules 2.0.28. Its C code does not check them: beyond them it loses conditions, mixes up
facts or ends the process, so a document that could reach one of them is refused when it is read.
"""

import keyword
import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from rules.terms import RuleError

MAX_RULES: Final = 200
"""Rules in one document; from 256 on the matcher writes past a buffer."""

MAX_FIELDS: Final = 200
"""Fields of one kind of fact; the matcher keeps at most 252 properties of a fact."""

MAX_FACTS: Final = 8
"""Facts that one rule may join."""

MAX_JOIN_TESTS: Final = 24
"""Conditions of one fact that compare it with earlier facts; the matcher refuses 30 only when it is too late."""

MAX_OPEN_CONDITIONS: Final = 60
"""Conditions that one fact could leave open at the same time; the matcher's stack holds 64."""

MAX_PRIORITY: Final = 60_000
"""The matcher keeps priorities in 16 bits."""

RESERVED: Final = frozenset({"id", "sid", "k"})
"""Names of the properties that the engine itself adds to a fact."""

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RULE = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")


def name_hash(text: str) -> int:
    """Return the 32-bit FNV-1a hash by which the matcher tells names and ids apart (it never compares the names)."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def is_code(text: str) -> bool:
    """Whether a text is a kebab-case code, as files and snapshots hold them."""
    return _CODE.fullmatch(text) is not None


def table(value: object, what: str) -> dict[str, Any]:
    """Return `value` as a table of the document; `RuleError` if it is anything else."""
    if not isinstance(value, dict):
        raise RuleError(f"{what} is not a table")
    return cast("dict[str, Any]", value)


def tables(value: object, what: str) -> list[dict[str, Any]]:
    """Return `value` as a list of tables; `RuleError` if it is anything else."""
    if not isinstance(value, list):
        raise RuleError(f"there is no [[{what}]]")
    return [table(each, what) for each in cast("list[object]", value)]


def texts(value: object, what: str) -> list[str]:
    """Return `value` as a list of texts; `RuleError` if it is anything else."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in cast("list[object]", value)):
        raise RuleError(f"{what} is not a list of texts")
    return cast("list[str]", value)


def text(value: object, what: str) -> str:
    """Return `value` as a text with something in it; `RuleError` if it is missing, blank or no text."""
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"{what} is missing or empty")
    return value


def whole(value: object, what: str, low: int, high: int) -> int:
    """Return `value` as an integer from `low` to `high`; `RuleError` if it is anything else."""
    if type(value) is not int or not low <= value <= high:
        raise RuleError(f"{what} is not a whole number from {low} to {high}")
    return value


def day(value: object, what: str) -> date:
    """Return `value`, a text such as "2026-11-21", as a day; `RuleError` if it is anything else."""
    try:
        found = date.fromisoformat(text(value, what))
    except ValueError as error:
        raise RuleError(f"{what} is not a day such as 2026-11-21") from error
    if found.isoformat() != value:
        raise RuleError(f"{what} is not a day such as 2026-11-21")
    return found


def check_keys(found: Mapping[str, Any], allowed: Collection[str], what: str) -> None:
    """Refuse keys that nobody reads: they are misspelt, and what they meant to say would be lost."""
    for key in found:
        if key not in allowed:
            raise RuleError(f"{what} has the unknown key {key!r}; it may have {', '.join(allowed)}")


def check_word(word: str, what: str) -> None:
    """Refuse a name that is no lower-case identifier or has a meaning of its own in Python or in the matcher."""
    if not _WORD.fullmatch(word) or keyword.iskeyword(word):
        raise RuleError(f"{what} {word!r} is not a lower-case identifier")
    if word in RESERVED:
        raise RuleError(f"{what} {word!r} is a reserved name")


def check_rule_name(name: str, subject: str) -> None:
    """Refuse a rule name that is not `<subject>.<word>`."""
    prefix, _, word = name.partition(".")
    if prefix != subject or not _RULE.fullmatch(word):
        raise RuleError(f"the name is not {subject}.<word>")


def check_fields(kind: str, fields: Mapping[str, Any]) -> None:
    """Refuse a kind of fact whose fields the matcher or a `NamedTuple` could not hold."""
    check_word(kind, "kind")
    if not 0 < len(fields) <= MAX_FIELDS:
        raise RuleError(f"{kind} has {len(fields)} fields; 1 to {MAX_FIELDS} are possible")
    for field, held in fields.items():
        check_word(field, f"field of {kind}")
        if held not in ("int", "str", "day"):
            raise RuleError(f"{kind}.{field} is {held!r}; a field is 'int', 'str' or 'day'")


def check_hashes(names: Iterable[str]) -> None:
    """Refuse two names that the matcher would take for one."""
    known: dict[int, str] = {}
    for name in sorted({*names, *RESERVED, "$s", "$time", "$timerName", "$baseTime"}):
        other = known.setdefault(name_hash(name), name)
        if other != name:
            raise RuleError(f"{other!r} and {name!r} have the same hash; rename one of them")


def check_open_conditions(paths: Iterable[Sequence[Hashable]]) -> None:
    """Refuse rules of which one fact could leave too many conditions open.

    `paths` holds for every fact of every rule its tests in order. The matcher shares equal beginnings, as a tree does,
    and keeps all branches of a level on its stack while it follows one of them.
    """
    tree: dict[Hashable, Any] = {}
    for path in paths:
        node = tree
        for test in path:
            node = node.setdefault(test, {})
    if _stacked(tree) > MAX_OPEN_CONDITIONS:
        raise RuleError(f"a fact could leave more than {MAX_OPEN_CONDITIONS} conditions open; split the document")


def _stacked(node: Mapping[Hashable, Any]) -> int:
    return len(node) - 1 + max(map(_stacked, node.values())) if node else 1
