"""Names as they are compared: without what programs and vendors write differently for one and the same thing.

Nothing here guesses: two names are the same when what is left of them is the same. What is normal already stays as it
is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple


class Normal(NamedTuple):
    """What identifies software: publisher, name and version, each as it is compared, "" where it is not told."""

    publisher: str
    name: str
    version: str


_SIGNS: Final = re.compile(r"[®™©℠]|\((?:r|tm|c|sm)\)")
_VERSION_WORD: Final = re.compile(r"\bv(?:er(?:sion|\.)?)?[ .]*(?=[0-9])")
_UPDATE: Final = re.compile(r"\(?\bkb ?[0-9]{5,8}\b\)?")
_BITS: Final = re.compile(r"\b(?:32|64)[ -]?bits?\b|\bx86[-_]64\b")
_WORD: Final = re.compile(r"[^\W_]+(?:\.[^\W_]+)*[+#]*")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")

_ARCHITECTURES: Final = frozenset("x64 x86 amd64 i386 i486 i586 i686 ia64 arm64 aarch64 noarch win32 win64".split())
_NEVER_TOLD: Final = frozenset(["edition"])
_LANGUAGES: Final = "en|de|fr|es|it|pt|nl|da|sv|nb|no|fi|pl|cs|sk|hu|ru|uk|tr|el|ro|bg|hr|sl|et|lv|lt|ja|ko|zh|he"
_REGIONS: Final = "us|gb|ie|au|ca|de|at|ch|fr|be|es|mx|it|pt|br|nl|dk|se|no|fi|pl|cz|sk|hu|ru|ua|tr|gr|ro|jp|kr|cn|tw"
_LANGUAGE: Final = re.compile(rf"(?<![\w-])(?:{_LANGUAGES})-(?:{_REGIONS})(?![\w-])")
_LANGUAGE_NAMES: Final = frozenset(
    "english german french spanish italian portuguese dutch japanese chinese russian polish czech swedish danish"
    " norwegian finnish turkish korean multilingual deutsch francais español".split()
)
_COMPANY: Final = frozenset(
    "inc incorporated corp corporation co company companies ltd limited llc llp lp plc gmbh mbh ag se kg kgaa ohg ug"
    " sa sas sarl srl spa bv nv ab as oy oyj aps pty pte kk sl sro doo zrt kft".split()
)
_BETWEEN: Final = frozenset(["and", "the"])
_DOTS: Final = re.compile(r"\b(?:[a-z]\.){2,}")


@lru_cache(maxsize=65_536)
def name(text: str) -> str:
    """A name of software or of a product as it is compared: in lower case, without what does not tell products apart.

    That is signs, architectures, languages and updates. A name of nothing else keeps its words.
    """
    plain = _plain(text)
    while (shorter := " ".join(_once(plain))) and shorter != plain:
        plain = shorter
    return " ".join(plain.split())


def words(text: str) -> tuple[str, ...]:
    """The words of a name as it is compared."""
    return tuple(name(text).split(" "))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", _SIGNS.sub(" ", text.casefold())).casefold()
    return _SIGNS.sub(" ", folded).replace("&", " and ")


def _once(text: str) -> list[str]:
    found = _plain(text)
    for pattern in (_UPDATE, _BITS, _LANGUAGE):
        found = pattern.sub(" ", found)
    found = _VERSION_WORD.sub("", _BRACKETS.sub(_bracketed, found))
    kept = [word for word in _WORD.findall(found) if word not in _ARCHITECTURES and word not in _NEVER_TOLD]
    return kept or _WORD.findall(text)


def _bracketed(found: re.Match[str]) -> str:
    """What stands in brackets, unless it only names a language."""
    inner = found[1] or found[2] or ""
    told = set(_WORD.findall(inner))
    return " " if told and told <= _LANGUAGE_NAMES else f" {inner} "


@lru_cache(maxsize=16_384)
def publisher(text: str) -> str:
    """A publisher as it is compared: "Microsoft Corporation" and "Microsoft Corp." are "microsoft"."""
    plain = _DOTS.sub(lambda found: found[0].replace(".", ""), _plain(text))
    found = _WORD.findall(plain)
    kept = list(found)
    while kept and (kept[-1] in _COMPANY or kept[-1] in _BETWEEN):
        kept.pop()
    while kept and kept[0] in _BETWEEN:
        kept.pop(0)
    return " ".join(kept or found)


@lru_cache(maxsize=65_536)
def version(text: str) -> str:
    """A version as it is compared: 19.00.00.0 is 19, v2.1 is 2.1; what is not only numbers keeps its letters."""
    plain = _VERSION_WORD.sub("", _plain(text)).strip()
    parts = plain.split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return " ".join(plain.split())
    numbers = [part.lstrip("0") or "0" for part in parts]
    while len(numbers) > 1 and numbers[-1] == "0":
        numbers.pop()
    return ".".join(numbers)


def begins(whole: str, part: str) -> bool:
    """Whether a version is another one, or a part of it: 15.0.2000 is a 15.0, and a 15."""
    return whole == part or whole.startswith(f"{part}.")


def without_version(text: str, of: str) -> str:
    """A normal name without those words that only repeat a normal version: "7 zip 19.00" of 19 is "7 zip"."""
    while of:
        kept = [word for word in text.split(" ") if not _repeats(word, of)]
        shorter = name(" ".join(kept))
        if not kept or shorter == text:
            break
        text = shorter
    return text


def _repeats(word: str, of: str) -> bool:
    if not word[:1].isdigit():
        return False
    told = version(word)
    return told == of or ("." in told and begins(of, told))


def normal(publisher_: str, name_: str, version_: str) -> Normal:
    """What identifies software by what was told of it."""
    told = version(version_)
    return Normal(publisher(publisher_), without_version(name(name_), told), told)
