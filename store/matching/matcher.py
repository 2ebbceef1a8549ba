"""Finds the product that a name stands for: by what was decided, by the name itself, by identifiers, by the normal
name, and by the catalogue. The first of these that knows the name is certain; everything else is a candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from store import catalogue
from store.catalogue import Entry
from store.matching import candidates, decided, normal
from store.matching.candidates import Candidate
from store.matching.decided import Decisions
from store.matching.normal import Normal

ASSIGNED: Final = "assigned"
IGNORED: Final = "ignored"
MATCHED: Final = "matched"
WAITING: Final = "waiting"

BY_DECISION: Final = "decision"
BY_PUBLISHER: Final = "publisher-decision"
BY_IDENTIFIER: Final = "identifier"
BY_NAME: Final = "same-name"
BY_NORMAL_NAME: Final = "normal-name"
BY_CATALOGUE: Final = "catalogue"


class Software(NamedTuple):
    """Software as a program or a file names it; `sku` is a part number, where there is one."""

    publisher: str
    name: str
    version: str
    sku: str = ""


class Known(NamedTuple):
    """A product of the book."""

    id: int
    product: str
    vendor: str = ""
    family: str = ""
    edition: str = ""
    version: str = ""


@dataclass(frozen=True)
class Match:
    """What a name stands for: a product where that is certain or decided, else candidates, the likeliest first.

    `state` is assigned (by a decision), ignored (it needs no license), matched or waiting; `reason` says by what that
    is known.
    """

    state: str
    product: int | None = None
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()


class _Form(NamedTuple):
    """A product with the words of its name, and what it says of itself beside its name."""

    known: Known
    words: tuple[str, ...]
    publisher: str
    version: str


@dataclass
class _Found:
    """What is known of a name so far: products that are certain, with the length of the version, and candidates."""

    certain: list[tuple[int, Known]] = field(default_factory=list[tuple[int, Known]])
    unsure: list[Candidate] = field(default_factory=list[Candidate])


class Matcher:
    """Knows the products of a book and what was decided. Asking changes nothing: the same name, the same answer."""

    def __init__(
        self,
        products: Iterable[Known],
        decisions: Decisions | None = None,
        identifiers: Mapping[str, int] | None = None,
    ) -> None:
        """`identifiers` are the products that part numbers stand for, each of one product only."""
        self._decisions: Decisions = decisions or {}
        self._identifiers = identifiers or {}
        self._forms = {known.id: _form(known) for known in products}
        self._named = {form.known.product: number for number, form in self._forms.items()}
        self._by_words: dict[str, list[_Form]] = {}
        self._by_bag: dict[tuple[str, ...], list[_Form]] = {}
        self._by_release: dict[tuple[str, str], list[tuple[str, Known]]] = {}
        for form in self._forms.values():
            self._enter(form)
        self._near = candidates.Words({number: _core(form) for number, form in self._forms.items()})

    def _enter(self, form: _Form) -> None:
        plain = _without_publisher(form.words, form.publisher)
        for words in {form.words, plain, (*form.publisher.split(), *plain)}:
            self._by_words.setdefault(" ".join(words), []).append(form)
            self._by_bag.setdefault(tuple(sorted(words)), []).append(form)
        release = _release(form.known)
        if release is not None:
            family, version, edition = release
            self._by_release.setdefault((family, version), []).append((edition, form.known))

    # -------------------------------------------------------------------------------------------------------- asking
    def match(self, software: Software, *, but: int | None = None) -> Match:
        """What a name stands for; `but` is a product that is not asked for: that of the name itself."""
        key = normal.normal(*software[:3])
        if decision := decided.holding(key, self._decisions):
            product = self._decisions[decision]
            return Match(IGNORED if product is None else ASSIGNED, product, BY_DECISION)
        number = self._named.get(software.name)
        if number is not None and number != but:
            return Match(MATCHED, number, BY_NAME)
        number = self._identifiers.get(software.sku) if software.sku else None
        if number is not None and number != but:  # vendors sell several versions under one part number
            return Match(MATCHED, number, BY_IDENTIFIER)
        return self._by_name(software, key, but)

    def _by_name(self, software: Software, key: Normal, but: int | None) -> Match:
        found = _Found()
        told = normal.words(software.name)
        similar = self._near.know(told)
        if similar:
            self._compare(told, key, found, but)
        if product := _only(found):
            return Match(MATCHED, product, BY_NORMAL_NAME)
        entry = _entry(software, key)
        if entry is not None and not found.certain:
            self._look_up(entry, found, but)
            if product := _only(found):
                return Match(MATCHED, product, BY_CATALOGUE)
        if decided.on_publisher(key.publisher) in self._decisions and key.publisher:
            return Match(IGNORED, None, BY_PUBLISHER)
        found.unsure += [Candidate(known.product, candidates.SEVERAL) for _, known in found.certain]
        if similar and not found.unsure:
            found.unsure += self._similar(told, key, but)
        return Match(WAITING, candidates=candidates.ranked(found.unsure))

    def _compare(self, told: Sequence[str], key: Normal, found: _Found, but: int | None) -> None:
        """Products whose normal names are that of the software, with or without publisher and version."""
        met: dict[int, tuple[_Form, int]] = {}
        for words, length in _spellings(told, key):
            forms = [*self._by_words.get(" ".join(words), ()), *self._by_bag.get(tuple(sorted(words)), ())]
            for form in forms:
                if form.known.id != but:
                    met.setdefault(form.known.id, (form, length))
        for form, length in met.values():
            _judge(form, length, told, key, found)

    def _look_up(self, entry: Entry, found: _Found, but: int | None) -> None:
        """Products of the book that are the version of the family that the catalogue knows the name as."""
        told = [one for one in self._by_release.get((entry.family, entry.version), ()) if one[1].id != but]
        same = [known for edition, known in told if edition == entry.edition]
        found.certain += [(0, known) for known in same]
        if same:
            return
        if not entry.edition or any(not edition for edition, _ in told):
            found.unsure += [Candidate(known.product, candidates.EDITION_UNTOLD) for _, known in told]
        name = " ".join(filter(None, (entry.family, entry.version, entry.edition)))
        if name not in self._named:
            found.unsure.append(Candidate(name, candidates.NEW_IN_CATALOGUE, new=True))

    def _similar(self, told: Sequence[str], key: Normal, but: int | None) -> list[Candidate]:
        """Products that share words, and that nothing speaks against: neither publisher nor version or edition."""
        return [
            Candidate(form.known.product, candidates.SHARED_WORDS, words=words)
            for number, words in self._near.near(told, 4 * candidates.MOST)
            if number != but
            if candidates.agree((form := self._forms[number]).publisher, key.publisher)
            if not candidates.lacks(told, form.known.edition)
            if not form.version or not candidates.lacks(told, form.known.version) or _fits(form.version, key.version)
        ]


def _only(found: _Found) -> int | None:
    """The one product that is certain; of several, the one whose version says the most, if there is only one such."""
    if not found.certain:
        return None
    most = max(length for length, _ in found.certain)
    best = {known.id for length, known in found.certain if length == most}
    return best.pop() if len(best) == 1 else None


def _judge(form: _Form, length: int, told: Sequence[str], key: Normal, found: _Found) -> None:
    """Whether a product with the same name is certain, a candidate, or of another version."""
    in_name = not candidates.lacks(form.words, form.known.version)
    fits = in_name or _fits(form.version, key.version)
    if not fits and key.version:
        return
    begins = told[: len(form.publisher.split(" "))] == form.publisher.split(" ")
    if not candidates.agree(form.publisher, key.publisher) and not begins:
        found.unsure.append(Candidate(form.known.product, candidates.OTHER_PUBLISHER))
    elif not fits:
        found.unsure.append(Candidate(form.known.product, candidates.VERSION_UNTOLD))
    else:
        found.certain.append((max(length, 0 if in_name else len(form.version)), form.known))


def _fits(version: str, told: str) -> bool:
    """Whether a told version is the version of a product, which may have none."""
    return not version or normal.begins(told, version)


def _form(known: Known) -> _Form:
    return _Form(known, normal.words(known.product), normal.publisher(known.vendor), normal.version(known.version))


def _spellings(told: Sequence[str], key: Normal) -> Iterable[tuple[tuple[str, ...], int]]:
    """The words of a name as products may bear them, each with the length of the version that stands in them.

    As told, without the publisher in front, without words that only repeat the version, and with it behind.
    """
    plain = tuple(key.name.split(" "))
    bases = dict.fromkeys((tuple(told), _without_publisher(told, key.publisher), plain))
    bases[_without_publisher(plain, key.publisher)] = None
    for words in bases:
        yield words, 0
    parts = key.version.split(".")
    for count in range(len(parts), 0, -1):
        version = ".".join(parts[:count])
        if version:
            for words in (plain, _without_publisher(plain, key.publisher)):
                yield (*words, version), len(version)


def _without_publisher(words: Sequence[str], publisher: str) -> tuple[str, ...]:
    """The words of a name behind the publisher that they begin with; all of them where that would leave none."""
    told = publisher.split(" ")
    return tuple(words[len(told) :]) if list(words[: len(told)]) == told and words[len(told) :] else tuple(words)


def _core(form: _Form) -> tuple[str, ...]:
    """The words of a product that are neither its publisher nor its edition or version; all, where that leaves none."""
    parts = {*form.publisher.split(), *normal.words(form.known.edition), *normal.words(form.known.version)}
    return tuple(word for word in form.words if word not in parts) or form.words


def _release(known: Known) -> tuple[str, str, str] | None:
    """Family, version and edition by which the catalogue knows a product of the book."""
    entry = catalogue.lookup(known.product)
    return None if entry is None else (entry.family, entry.version, known.edition or entry.edition)


def _entry(software: Software, key: Normal) -> Entry | None:
    """What the catalogue knows by a name, or by a name and its version."""
    known = catalogue.lookup(normal.name(software.name))
    return known or (catalogue.lookup(f"{key.name} {key.version}") if key.version else None)
