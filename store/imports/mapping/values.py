"""Cells as other people write them, made into cells as the template wants them; or a sentence about what is wrong."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from rules.vocabulary import CORE, DEVICE, MAINTENANCE, MAX_QUANTITY, PERPETUAL, SUBSCRIPTION, USER
from store.imports.cells import LONGEST_NAME, Wrong

DATE_FORMATS: Final = ("YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY")
"""How days are written. Dots and dashes do as well as slashes, and an ISO day is understood in each."""

DECIMALS: Final = (".", ",")
"""The sign before decimals; the other one, blanks and apostrophes may stand between thousands."""

BOTH: Final = f"{PERPETUAL}+{MAINTENANCE}"
"""A model that is two: a license, and maintenance of its own."""

UNLIMITED: Final = "unlimited"

_ISO: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_PARTS: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NAMED: Final = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]{3})[a-z]*[-, ]+([0-9]{4})")
_TIME: Final = re.compile(
    r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[AP]M)?(Z| ?[+-][0-9]{2}:?[0-9]{2})?$", re.I
)
_MONTHS: Final = {word: n for n, word in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_NEVER: Final = frozenset(
    "never|never expire|never expires|no expiration|no end|unlimited|perpetual|none|n/a|-|unbegrenzt|nie|"
    "9999-12-31|31/12/9999|12/31/9999|31.12.9999".split("|")
)
_TRUE: Final = frozenset("true yes y 1 x enabled active ja wahr on aktiv".split())
_FALSE: Final = frozenset("false no n 0 disabled inactive nein falsch off inaktiv deaktiviert".split())
_SIGNS: Final = {"€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "¥": "JPY"}
_SIGN: Final = r"(?:US\$|[€$£¥]|[A-Za-z]{3})"
_AMOUNT: Final = re.compile(rf"(?P<before>{_SIGN})?\s*;?\s*(?P<number>-?[0-9][0-9.,'’\s]*)\s*(?P<after>{_SIGN})?")
_GROUPS: Final = re.compile(r"[\s'’]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

_ACCOUNT_DISABLED: Final = 2
"""The bit of userAccountControl that Active Directory sets for a disabled account."""

MODEL_WORDS: Final = {
    **dict.fromkeys(
        "perpetual|permanent|full|full license|license|licence|license only|licence only|base|oem|fpp|retail|volume"
        "|purchase|purchased|lizenz|kauf".split("|"),
        PERPETUAL,
    ),
    **dict.fromkeys(
        "subscription|subscriptions|term|term license|rental|saas|annual|monthly|yearly|abo|abonnement|from sa|add-on"
        "|online services|user subscription".split("|"),
        SUBSCRIPTION,
    ),
    **dict.fromkeys(
        "maintenance|software assurance|sa|support|wartung|maintenance renewal|software maintenance".split("|"),
        MAINTENANCE,
    ),
    **dict.fromkeys(
        "perpetual + software assurance|perpetual + maintenance|license with maintenance|license + software assurance"
        "|l&sa|l/sa|license and maintenance|software and maintenance|perpetual+maintenance".split("|"),
        BOTH,
    ),
}
"""What files call a model -> the model."""

METRIC_WORDS: Final = {
    **dict.fromkeys(
        "device|devices|per device|computer|computers|installation|installations|per installation|workstation|machine"
        "|gerät|geräte|node|node-locked".split("|"),
        DEVICE,
    ),
    **dict.fromkeys(
        "user|users|per user|named user|named users|per named user|seat|seats|per seat|named-user|user subscription"
        "|benutzer|nutzer".split("|"),
        USER,
    ),
    **dict.fromkeys("core|cores|per core|core license|core licenses|kern|kerne".split("|"), CORE),
}
"""What files call a metric -> the metric. Others are taken by their own names, which the book must know."""


def name(text: str) -> str:
    """One line of text, without blanks around it; line breaks within become blanks."""
    plain = _CONTROL.sub(" ", text).strip() if not text.isprintable() else text.strip()
    if len(plain) > LONGEST_NAME:
        raise Wrong("too-long", f"has {len(plain):,} characters; at most {LONGEST_NAME:,} are accepted")
    return plain


def day(text: str, order: str) -> str:
    """A day as YYYY-MM-DD; `order` is one of DATE_FORMATS. A time of the day behind it does not count."""
    plain = _TIME.sub("", text.strip())
    if found := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        year, month, number = found.groups()
    elif found := _NAMED.fullmatch(plain):
        number, word, year = found.groups()
        month = str(_MONTHS.get(word.casefold(), 0))
    elif (found := _PARTS.fullmatch(plain)) and order != DATE_FORMATS[0]:
        first, second, year = found.groups()
        number, month = (first, second) if order == DATE_FORMATS[1] else (second, first)
    else:
        raise Wrong("not-a-date", f"is not a date; this file has days as {order}")
    try:
        return date(int(year), int(month), int(number)).isoformat()
    except ValueError:
        raise Wrong("not-a-day", f"is not a day of the calendar; this file has days as {order}") from None


def last_day(text: str, order: str) -> str:
    """The same; "" for words and days that stand for "never"."""
    return "" if text.strip().casefold() in _NEVER else day(text, order)


def number(text: str, decimal: str) -> Decimal:
    """A number in a style: "1,250.50" where `decimal` is a point, "1.250,50" where it is a comma."""
    plain = _GROUPS.sub("", text)
    other = "." if decimal == "," else ","
    if not re.fullmatch(rf"-?([0-9]{{1,3}}({re.escape(other)}[0-9]{{3}})+|[0-9]+)({re.escape(decimal)}[0-9]+)?", plain):
        raise Wrong("not-a-number", f'is not a number; this file has "{decimal}" before the decimals')
    return Decimal(plain.replace(other, "").replace(decimal, "."))


def quantity(text: str, decimal: str) -> str:
    """A whole number from 0 to 2,147,483,647."""
    found = number(text.strip(), decimal)
    if found < 0:
        raise Wrong("negative", f"is negative; a number from 0 to {MAX_QUANTITY:,} is accepted")
    if found != found.to_integral_value():
        raise Wrong("not-whole", "is not a whole number; there are no parts of licenses")
    if found > MAX_QUANTITY:
        raise Wrong("too-large", f"is too large; at most {MAX_QUANTITY:,} is accepted")
    return str(int(found))


def money(text: str, decimal: str) -> tuple[str, str]:
    """An amount, and its currency ("" where none stands there): 12.58, $12.58, EUR;200, 1.234,56 €."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        raise Wrong("not-money", "is not an amount; a number with or without a currency is accepted")
    amount = number(found["number"].strip(), decimal)
    if amount < 0:
        raise Wrong("negative", "is negative; an amount of 0 or more is accepted")
    before, after = ((found[side] or "").upper() for side in ("before", "after"))
    if before and after and _SIGNS.get(before, before) != _SIGNS.get(after, after):
        raise Wrong("not-a-currency", "names two currencies")
    sign = before or after
    return plain_amount(amount), _SIGNS.get(sign, sign)


def plain_amount(amount: Decimal) -> str:
    """An amount as the template has it, to six decimals at most."""
    exact = amount.quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
    whole, _, decimals = f"{exact:f}".partition(".")
    if len(whole) > 9:
        decimals = decimals[: max(0, 15 - len(whole))]
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def currency(text: str) -> str:
    """A currency by its three letters, or by its sign."""
    plain = text.strip().upper()
    known = _SIGNS.get(plain, plain)
    if not re.fullmatch(r"[A-Z]{3}", known):
        raise Wrong("not-a-currency", "is not a currency; three letters are accepted, for example EUR")
    return known


def flag(text: str) -> str:
    """ "true" or "false"; a number above 1 is a userAccountControl of Active Directory."""
    plain = text.strip().casefold()
    if plain in _TRUE or plain in _FALSE:
        return "true" if plain in _TRUE else "false"
    if plain.isdecimal() and len(plain) < 11:
        return "false" if int(plain) & _ACCOUNT_DISABLED else "true"
    raise Wrong("not-a-flag", "is neither true nor false; yes, no, 1 and 0 will do")


def model(text: str) -> str:
    """A license model, or BOTH."""
    found = MODEL_WORDS.get(" ".join(text.casefold().split()))
    if found is None:
        known = f"{PERPETUAL}, {SUBSCRIPTION}, {MAINTENANCE}"
        raise Wrong("unknown-choice", f"is no license model that is known here; {known} and their usual names are")
    return found


def metric(text: str) -> str:
    """A metric by its usual names, or as the file has it."""
    plain = name(text)
    return METRIC_WORDS.get(" ".join(plain.casefold().split()), plain)


def group(text: str) -> str:
    """A group by its name; of a distinguished name of a directory, the first part."""
    plain = name(text)
    found = re.match(r"(?:CN|OU)=((?:[^,\\]|\\.)+)", plain, re.IGNORECASE)
    return found[1].replace("\\", "") if found else plain
