"""The catalogue: what products of well-known vendors are called, when their versions came out and lose support.

Its sources are in resources/catalogue: the release data of endoflife.date, and families.toml, which says how those
products are named. It never guesses: a name with a word it does not know is not in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import orjson


@dataclass(frozen=True)
class Entry:
    """One version of a product family, of one edition if `edition` is not empty.

    `released_on` is the first release known, `support_ends_on` the last day of the longest support that can be had,
    None where no end is known or announced.
    """

    family: str
    vendor: str
    edition: str
    version: str
    released_on: date
    support_ends_on: date | None


class _Family(NamedTuple):
    """One [[family]] of families.toml, ready to read names with: spellings in plain words -> version, edition."""

    editions: Mapping[str, str]
    versions: Mapping[str, Entry]
    words: frozenset[str]
    edition_required: bool
    patches: bool


_Table = dict[str, Any]  # one [[family]] as it stands in the file
_Release = dict[str, Any]  # one release of endoflife.date
_FOLDER: Final = files("resources").joinpath("catalogue")
_TRADE_MARK: Final = re.compile(r"\((?:r|tm|c)\)")
_VERSION_MARK: Final = re.compile(r"\bv(?:ersion\s*)?(?=\d)")  # v11.5 and Version 11.5 are 11.5
_WORD: Final = re.compile(r"\w+(?:\.\d\w*)*")
_LONGEST = 10  # words of the longest name that can be known; whatever is longer holds a word too many


def lookup(product_name: str) -> Entry | None:
    """The entry that a product name means, or None if any part of the name is unknown.

    Case, punctuation, trade marks and a leading vendor do not count; an edition may stand before or after the version.
    """
    first = product_name.partition(" ")[0].casefold()
    if first.isalnum() and not first.startswith("v") and first not in _first_words():
        return None  # as most names of a large estate: a word that stands by itself stays the first one
    words = _words(product_name)
    if len(words) > _LONGEST or not words or words[0] not in _first_words():
        return None
    known = _families()
    for count in range(len(words), 0, -1):
        for family in known.get(" ".join(words[:count]), ()):
            if entry := _read(family, words[count:]):
                return entry
    return None


def entries() -> tuple[Entry, ...]:
    """Every version in the catalogue, once: without edition, or with each edition where its dates depend on that."""
    found = (_editions(family) for group in _families().values() for family in group)
    return tuple(dict.fromkeys(entry for group in found for entry in group))


def spellings() -> Iterable[str]:
    """What a product name in the catalogue may begin with, in plain words."""
    return _families().keys()


def left_out() -> frozenset[tuple[str, str]]:
    """The releases of the data, as (product, release cycle), that no entry is made of."""
    told = {
        (table["source"], cycle)
        for table in _naming()["family"]
        for cycles in _grouped(table).values()
        for cycle in cycles
    }
    return frozenset((source, cycle) for source, releases in _releases().items() for cycle in releases) - told


def _words(name: str) -> list[str]:
    plain = name.casefold().replace("&", " and ").replace("_", " ")
    if "(" in plain:
        plain = _TRADE_MARK.sub("", plain)
    return _WORD.findall(_VERSION_MARK.sub("", plain) if " v" in plain else plain)


def _plain(name: str) -> str:
    return " ".join(_words(name))


def _read(family: _Family, words: list[str]) -> Entry | None:
    """What the words after the family's name say: a version, with an edition before it, after it or inside it."""
    if not (family.patches or family.words.issuperset(words)):
        return None
    if not family.edition_required and (entry := _version(family, words)):
        return entry
    for start in range(len(words)):
        for stop in range(len(words), start, -1):
            edition = family.editions.get(" ".join(words[start:stop]))
            if edition and (entry := _version(family, words[:start] + words[stop:])):
                return _of_edition(entry, edition)
    return None


def _version(family: _Family, words: list[str]) -> Entry | None:
    text = " ".join(words)
    while text not in family.versions:
        text, dot, patch = text.rpartition(".")
        if not (dot and family.patches and patch.isdigit()):
            return None
    return family.versions[text]


@cache
def _of_edition(entry: Entry, edition: str) -> Entry:
    return replace(entry, edition=edition)


def _editions(family: _Family) -> Iterator[Entry]:
    editions = family.editions.values() if family.edition_required else [""]
    return (_of_edition(entry, edition) for entry in family.versions.values() for edition in editions)


@cache
def _families() -> Mapping[str, tuple[_Family, ...]]:
    """What a product name may begin with, in plain words -> the families that go by it."""
    known: dict[str, tuple[_Family, ...]] = {}
    for table in _naming()["family"]:
        family = _family(table)
        for name in _names(table):
            known[name] = (*known.get(name, ()), family)
    return known


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in _families())


def _family(table: _Table) -> _Family:
    editions, versions = _edition_spellings(table), _versions(table)
    words = frozenset(word for spelling in (*editions, *versions) for word in spelling.split())
    return _Family(editions, versions, words, table.get("edition_required", False), table.get("patches", False))


def _names(table: _Table) -> Iterable[str]:
    makers = ["", *_naming()["makers"].get(table["vendor"], [table["vendor"]])]
    return dict.fromkeys(
        _plain(f"{maker} {name}") for maker in makers for name in (table["family"], *table.get("names", []))
    )


def _edition_spellings(table: _Table) -> Mapping[str, str]:
    editions: list[str] = table.get("editions", [])
    short = {short: edition for short, edition in _naming()["abbreviations"].items() if edition in editions}
    spelled = {edition: edition for edition in editions} | short | table.get("edition_spelled", {})
    return {_plain(spelling + ending): edition for spelling, edition in spelled.items() for ending in ("", " Edition")}


def _versions(table: _Table) -> Mapping[str, Entry]:
    """Every spelling of a version, in plain words, and its entry."""
    found = {version: _entry(table, version, cycles) for version, cycles in _grouped(table).items()}
    spelled = {version: version for version in found} | table.get("spelled", {})
    endings = ["", *table.get("updates", [])]
    return {
        _plain(f"{spelling} {ending}"): found[version] for spelling, version in spelled.items() for ending in endings
    }


def _grouped(table: _Table) -> Mapping[str, list[str]]:
    """The versions of a family, and the release cycles each of them is made of."""
    groups: dict[str, list[str]] = {}
    for cycle in _releases()[table["source"]]:
        if version := _version_of(table, cycle):
            groups.setdefault(version, []).append(cycle)
    return groups


def _version_of(table: _Table, cycle: str) -> str | None:
    patterns: Mapping[str, str] = table.get("releases", {})
    fitting = (version for pattern, version in patterns.items() if _fits(cycle, pattern))
    goes_on = table.get("rest", not patterns) and cycle not in table.get("without", ())
    return next(fitting, cycle if goes_on else None)


def _fits(cycle: str, pattern: str) -> bool:
    head, star, tail = pattern.partition("*")
    return cycle.startswith(head) and cycle.endswith(tail) if star else cycle == pattern


def _entry(table: _Table, version: str, cycles: list[str]) -> Entry:
    releases = [_releases()[table["source"]][cycle] for cycle in cycles]
    first = min(date.fromisoformat(release["releaseDate"]) for release in releases)
    released_on = table.get("released", {}).get(version, first)
    return Entry(table["family"], table["vendor"], "", version, released_on, _support_end(releases))


def _support_end(releases: list[_Release]) -> date | None:
    """The last day on which any of the releases is supported; None if one has no announced end, or none is known."""
    if any(release["eol"] is False for release in releases):
        return None
    told = [release["eoes"] if isinstance(release.get("eoes"), str) else release["eol"] for release in releases]
    return max((date.fromisoformat(day) for day in told if isinstance(day, str)), default=None)


@cache
def _naming() -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath("families.toml").read_text("utf-8"))


@cache
def _releases() -> Mapping[str, Mapping[str, _Release]]:
    """Product of the data -> release cycle -> release."""
    products = orjson.loads(_FOLDER.joinpath("eol_products.json").read_bytes())
    return {name: {one["releaseCycle"]: one for one in product["releases"]} for name, product in products.items()}
