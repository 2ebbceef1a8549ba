"""Codes to words."""

from datetime import date

from gui import wording
from rules import vocabulary
from rules.vocabulary import EVENT_KINDS, STATES, STATUSES, TRANSFER_KINDS


def test_every_code_has_a_word():
    assert set(wording.WORDS) >= {*STATES, *STATUSES, *EVENT_KINDS, *TRANSFER_KINDS}
    assert vocabulary.FINAL_DAY in wording.WORDS


def test_numbers_have_their_thousands_separated_and_a_real_minus():
    assert [wording.number(n) for n in (0, 1234567, -907)] == ["0", "1,234,567", "−907"]


def test_counts_are_a_phrase():
    assert wording.counted({"compliant": 1200, "final-day": 1}) == "1,200 compliant, 1 on their final day"
    assert wording.counted({}) == "none"


def test_a_day_has_its_weekday():
    assert wording.day(date(2026, 11, 21)) == "Saturday, 2026-11-21"
