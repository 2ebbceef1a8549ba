"""The rulebook that comes with the program: its documents, their rules by name, and an engine for each subject."""

import hashlib
import threading
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import orjson

from rules.engine import Engine
from rules.language import Document, Rule, load

RULEBOOK: Final = Path(__file__).with_name("rulebook")
"""The folder of the documents, one a subject."""

_local = threading.local()


class UnknownName(KeyError):
    """The rulebook has no subject or rule of this name; the message tells the nearest ones."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def documents() -> Mapping[str, Document]:
    """Return all documents of the rulebook by subject, read once; `RuleError` if one of them is wrong."""
    read = [load(path) for path in sorted(RULEBOOK.glob("*.toml"))]
    return MappingProxyType({document.subject: document for document in read})


def rule(name: str) -> Rule:
    """Return the rule of a name such as `lifecycle.purchased`; `UnknownName` if there is none."""
    try:
        return _rules()[name]
    except KeyError:
        raise _unknown("rule", name, _rules()) from None


def engine(subject: str) -> Engine:
    """Return this thread's engine for a subject, made when first asked for; `UnknownName` if there is none."""
    engines: dict[str, Engine] = _local.__dict__.setdefault("engines", {})
    if subject not in engines:
        try:
            engines[subject] = Engine(documents()[subject])
        except KeyError:
            raise _unknown("subject", subject, documents()) from None
    return engines[subject]


@cache
def digest() -> str:
    """Return the SHA-256 of everything that the documents say, in hexadecimal; layout and comments do not count."""
    content = [document.content() for document in documents().values()]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


@cache
def _rules() -> Mapping[str, Rule]:
    return {rule.name: rule for document in documents().values() for rule in document.rules}


def _unknown(what: str, name: str, known: Iterable[str]) -> UnknownName:
    near = get_close_matches(name, list(known)) or sorted(known)
    return UnknownName(f"the rulebook has no {what} {name!r}; it has {', '.join(near)}")
