"""Values as people write them: days, amounts, quantities, models and metrics in the spellings of letters and tables.

Each reader finds its values in a text, with the place where they stand. What could mean two things says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from rules.vocabulary import MAX_QUANTITY


@dataclass(frozen=True)
class Day:
    """A day in a text. `other` is the day that is meant if month and day stand the other way round."""

    value: date
    start: int
    end: int
    other: date | None = None


@dataclass(frozen=True)
class Amount:
    """An amount in a text with its currency ("" if none stands there). `unsure`: "1.250" may be 1250 or 1.25."""

    value: Decimal
    currency: str
    start: int
    end: int
    unsure: bool = False


@dataclass(frozen=True)
class Quantity:
    """A quantity in a text (None: unlimited) and the word of what is counted ("seats"), "" if none stands there."""

    value: int | None
    unit: str
    start: int
    end: int


# --------------------------------------------------------------------------------------------------------------- days
_MONTHS: Final = {
    **{word: number for number, word in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)},
    **{"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12},
    **{"janv": 1, "févr": 2, "fév": 2, "mars": 3, "avr": 4, "juin": 6, "juil": 7, "août": 8, "aoû": 8, "déc": 12},
}
_MONTH: Final = (
    r"(?P<month{0}>jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
    r"|janv(?:ier)?|févr(?:ier)?|fév|mars|avr(?:il)?|juin|juil(?:let)?|août|sept(?:embre)?|octobre|novembre|déc(?:embre)?)"
    r"\.?"
)
_DAY: Final = re.compile(
    r"(?<![\w./-])(?:(?P<y1>[0-9]{4})-(?P<m1>[0-9]{1,2})-(?P<d1>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})\.\s?(?P<m2>[0-9]{1,2})\.\s?(?P<y2>[0-9]{4})"
    r"|(?P<a3>[0-9]{1,2})/(?P<b3>[0-9]{1,2})/(?P<y3>[0-9]{4})"
    r"|(?P<d4>[0-9]{1,2})(?:st|nd|rd|th|er|\.)?[ -](?:of )?" + _MONTH.format(4) + r",?[ -](?P<y4>[0-9]{4})"
    r"|" + _MONTH.format(5) + r" (?P<d5>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<y5>[0-9]{4}))(?![\w/-]|\.[0-9])",
    re.IGNORECASE,
)


def days(text: str, *, month_first: bool = False) -> Iterator[Day]:
    """The days in a text. `month_first` is how 11/12/2026 is read; 11/21/2026 has but one meaning."""
    for found in _DAY.finditer(text):
        yield from _day(found, month_first)


def _day(found: re.Match[str], month_first: bool) -> Iterator[Day]:
    parts = found.groupdict()
    if parts["a3"]:
        year, a, b = int(parts["y3"]), int(parts["a3"]), int(parts["b3"])
        ways = [made for made in (_made(year, a, b), _made(year, b, a)) if made]
        if ways:
            first, second = (ways[0], ways[-1]) if month_first else (ways[-1], ways[0])
            yield Day(first, found.start(), found.end(), second if second != first else None)
        return
    form = next(n for n in "1245" if parts[f"y{n}"])
    month = parts[f"m{form}"] if form in "12" else str(_month(parts[f"month{form}"].casefold()))
    made = _made(int(parts[f"y{form}"]), int(month), int(parts[f"d{form}"]))
    if made is not None:
        yield Day(made, found.start(), found.end())


def _month(word: str) -> int:
    """The number of a month by its name or the beginning of it."""
    return _MONTHS.get(word[:4]) or _MONTHS[word[:3]]


def iso(text: str) -> date:
    """A day as readers write it down."""
    return date.fromisoformat(text)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------------------- amounts
CURRENCIES: Final = tuple("EUR USD GBP CHF SEK NOK DKK PLN CZK HUF JPY CAD AUD INR CNY".split())
_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP", "US$": "USD", "¥": "JPY", "EURO": "EUR", "SFR": "CHF"}
_NUMBER: Final = r"(?:[0-9]{1,3}(?: [0-9]{3})+,[0-9]{2}|[0-9](?:[0-9.,'’\u00a0\u202f]{0,24}[0-9])?)"
_SIGN: Final = rf"(?:{'|'.join(CURRENCIES)}|EURO|SFR|US\$|[€$£¥])"
_AMOUNT: Final = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_SIGN})\s?(?P<n1>{_NUMBER})|(?P<n2>{_NUMBER})\s?(?P<after>{_SIGN})(?![\w])"
    r"|(?P<n3>[0-9]{1,3}(?: [0-9]{3})+,[0-9]{2}|[0-9][0-9.,'’\u00a0\u202f]{0,24}[.,][0-9]{2}))(?![\w]|[.,/-][0-9])",
    re.IGNORECASE,
)


def amounts(text: str) -> Iterator[Amount]:
    """The amounts in a text: numbers beside a currency, and those with exactly two decimals."""
    for found in _AMOUNT.finditer(text):
        number = found["n1"] or found["n2"] or found["n3"]
        sign = (found["before"] or found["after"] or "").upper()
        read = _decimal(number)
        if read is not None:
            yield Amount(read[0], _SIGNS.get(sign, sign), found.start(), found.end(), read[1])


def number(text: str) -> Decimal | None:
    """What a written number is worth; None for what no number is written like."""
    read = _decimal(text)
    return None if read is None else read[0]


def _decimal(number: str) -> tuple[Decimal, bool] | None:
    """What a written number is worth, and whether it could be another; None for what no number is written like."""
    plain = re.sub(r"['’ \u00a0\u202f]", "", number)
    marks = [mark for mark in plain if mark in ".,"]
    if not marks:
        return Decimal(plain), False
    last = marks[-1]
    whole, _, rest = plain.rpartition(last)
    decimals = len(set(marks)) == 2 or (len(marks) == 1 and len(rest) != 3)
    if len(set(marks)) == 2 and marks.count(last) > 1:
        return None
    groups = re.split(r"[.,]", whole if decimals else plain)
    if len(groups) > 1 and not (len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return None
    value = "".join(groups) + (f".{rest}" if decimals else "")
    return Decimal(value), not decimals and len(marks) == 1


# ---------------------------------------------------------------------------------------------------------- quantities
UNITS: Final = {
    "core": "core cores kern kerne kernen".split(),
    "user": "user users benutzer nutzer seat seats person persons people mailbox mailboxes".split(),
    "device": "device devices gerät geräte computer computers workstation workstations pc pcs server servers".split(),
    "": "license licenses licence licences lizenz lizenzen unit units stück stk pcs. pack packs subscription"
    " subscriptions cal cals copies copy installation installations".split(),
}
"""Metric ("" for none) -> the words for what is counted by it."""

_UNIT: Final = {word: metric for metric, words in UNITS.items() for word in words}
_WHOLE: Final = r"[0-9]{1,3}(?:[.,'’ \u00a0\u202f][0-9]{3})+|[0-9]{1,10}"
_UNIT_WORD: Final = "|".join(sorted(map(re.escape, _UNIT), key=len, reverse=True))
_ENDS: Final = r"(?![\w]|[.,/-][0-9])"
_QUANTITY: Final = re.compile(
    r"(?<![\w.,/-])(?:(?:qty|quantity|menge|anzahl|quantité|qté|count|number of licen[sc]es)\.?[ \t]*[:=]?[ \t]*"
    rf"(?P<n2>{_WHOLE}){_ENDS}"
    rf"|(?P<n1>{_WHOLE})[ \u00a0-]?(?:named |concurrent |new |additional )?(?P<unit>{_UNIT_WORD})(?![\w])"
    rf"|(?P<n3>{_WHOLE})[ \u00a0]?[x×](?![\w])"
    r"|(?P<all>unlimited|unbegrenzt|site licen[sc]e))",
    re.IGNORECASE,
)


def quantities(text: str) -> Iterator[Quantity]:
    """The quantities in a text: 500 x, qty 500, 500 seats, unlimited."""
    for found in _QUANTITY.finditer(text):
        if found["all"]:
            yield Quantity(None, "", found.start(), found.end())
            continue
        number = int(re.sub(r"\D", "", found["n1"] or found["n2"] or found["n3"]))
        if number <= MAX_QUANTITY:
            yield Quantity(number, (found["unit"] or "").casefold(), found.start(), found.end())


def metric_of(unit: str) -> str:
    """The metric that a word for what is counted stands for, "" for none."""
    return _UNIT.get(unit.casefold(), "")


# --------------------------------------------------------------------------------------------------------------- words
_MODELS: Final = {
    "maintenance": r"software assurance|maintenance|support renewal|support and subscription|wartung(?:svertrag)?|SA",
    "subscription": r"subscriptions?|abonnements?|abo|saas|term licen[sc]es?|per month|monthly|annual(?:ly)?|yearly"
    r"|per year|pro jahr|pro monat|par an|par mois",
    "perpetual": r"perpetual|unlimited in time|unbefristet\w*|dauerlizenz\w*|kauflizenz\w*|one-time purchase"
    r"|perpétuel(?:le)?s?",
}
_ENDING: Final = r"(?:[ -](?:based|licen[sc]es?|packs?))?"
_METRICS: Final = {
    "core": r"(?:per |/ ?|je )?(?:core|kern)(?:s|e)?" + _ENDING,
    "user": r"(?:per |/ ?|je )?(?:named |concurrent )?(?:user|seat|benutzer|nutzer)s?" + _ENDING,
    "device": r"(?:per |/ ?|je )?(?:device|gerät|computer|workstation)(?:s|e)?" + _ENDING,
}


@dataclass(frozen=True)
class Word:
    """A model or metric in a text."""

    value: str
    start: int
    end: int


def _pattern(words: dict[str, str]) -> re.Pattern[str]:
    parts = (rf"(?P<{code}>{pattern})" for code, pattern in words.items())
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w])", re.IGNORECASE)


_MODEL_WORD: Final = _pattern(_MODELS)
_METRIC_WORD: Final = _pattern(_METRICS)


def models(text: str) -> Iterator[Word]:
    """The license models that words of a text stand for."""
    return (Word(str(found.lastgroup), found.start(), found.end()) for found in _MODEL_WORD.finditer(text))


def metrics(text: str) -> Iterator[Word]:
    """The metrics that words of a text stand for."""
    return (Word(str(found.lastgroup), found.start(), found.end()) for found in _METRIC_WORD.finditer(text))


# --------------------------------------------------------------------------------------------------------------- terms
@dataclass(frozen=True)
class Term:
    """A length of time in a text, in months."""

    months: int
    start: int
    end: int


_TERM: Final = re.compile(
    r"(?<![\w.,])(?P<n>[0-9]{1,3}|one|two|three|four|five|ein|zwei|drei)[ \u00a0-]?"
    r"(?P<unit>months?|monate?n?|years?|jahre?n?)(?![\w])",
    re.IGNORECASE,
)
_COUNTS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ein": 1, "zwei": 2, "drei": 3}


def terms(text: str) -> Iterator[Term]:
    """The lengths of time in a text: 12 months, 3 years."""
    for found in _TERM.finditer(text):
        word = found["n"].casefold()
        number = _COUNTS[word] if word in _COUNTS else int(word)
        months = number if found["unit"].casefold().startswith("mo") else 12 * number
        if months:
            yield Term(months, found.start(), found.end())


def last_day(first: date, months: int) -> date | None:
    """The last day of a term of some months that begins on a day; None beyond the calendar."""
    at = first.year * 12 + first.month - 1 + months
    year, month = divmod(at, 12)
    for day in range(first.day, 0, -1):
        made = _made(year, month + 1, day)
        if made is not None:
            if day < first.day:
                return made
            return date.fromordinal(made.toordinal() - 1) if made.toordinal() > 1 else None
    return None
