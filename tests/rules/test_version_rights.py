"""Newer versions for free: by what was in force on the day of their release, in whichever period."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import library, version_rights
from rules.version_rights import Newer, Period, Version, free, in_force
from rules.vocabulary import NEVER


def day(text: str | None) -> int:
    return NEVER if text is None else date.fromisoformat(text).toordinal()


def period(start: str, end: str | None, replaced: str | None = None) -> Period:
    return Period(day(start), day(end), day(replaced))


V9 = Newer(1, 1, day("2019-05-01"))
SA = period("2022-01-01", "2024-12-31")


def offered(*periods: Period, right="perpetual", as_of="2025-03-01", v10="2022-05-01", v11="2024-06-01", family=1):
    """Which of v10 and v11 a holder of v9 may take."""
    newer = {"v10": Newer(1, 2, day(v10)), "v11": Newer(family, 3, day(v11))}
    found = free(right, V9, list(newer.values()), periods or (SA,), day(as_of))
    return [name for name, rules in zip(newer, found, strict=True) if rules]


def test_the_facts_stand_as_the_document_declares_them() -> None:
    assert tuple(library.documents()["version_rights"].facts["version"]) == Version._fields


def test_v01_what_was_released_in_force_stays_free_when_the_entitlement_has_expired() -> None:
    assert offered() == ["v10", "v11"]


def test_v02_what_came_later_is_not_free() -> None:
    assert offered(v11="2025-01-15") == ["v10"]


def test_v03_the_last_day_counts() -> None:
    assert offered(v11="2024-12-31") == ["v10", "v11"]


def test_v04_a_right_while_in_force_ends_with_it() -> None:
    assert offered(right="while-in-force") == []
    assert offered(right="while-in-force", as_of="2024-12-31") == ["v10", "v11"]


def test_v06_another_family_is_not_free() -> None:
    assert offered(family=2) == ["v10"]


def test_v07_a_renewal_loses_nothing_that_was_earned() -> None:
    renewed = period("2022-01-01", "2024-12-31", "2025-01-02"), period("2025-01-01", "2027-12-31")
    assert offered(*renewed) == ["v10", "v11"]
    assert offered(*renewed, right="while-in-force") == ["v10", "v11"]
    early = period("2022-01-01", "2024-12-31", "2023-11-01"), period("2025-01-01", "2027-12-31")
    assert offered(*early) == ["v10", "v11"]
    assert offered(renewed[1]) == []


def test_a_period_that_is_cut_short_earns_nothing_after_its_replacement() -> None:
    cut = period("2022-01-01", "2025-12-31", "2024-03-01"), period("2024-03-01", "2024-05-31")
    assert in_force(cut) == [(day("2022-01-01"), day("2024-03-01")), (day("2024-03-01"), day("2024-05-31"))]
    assert offered(*cut) == ["v10"]


def test_a_version_that_is_not_out_yet_or_not_newer_is_not_offered() -> None:
    assert offered(as_of="2024-05-31") == ["v10"]
    assert free("perpetual", Newer(1, 3, 0), [Newer(1, 3, day("2023-01-01")), V9], (SA,), NEVER) == [(), ()]


def test_without_a_period_or_a_right_nothing_is_free() -> None:
    assert free("perpetual", V9, [Newer(1, 2, day("2023-01-01"))], (), NEVER) == [()]
    assert free("perpetual", V9, [], (SA,), NEVER) == []
    assert offered(right="none") == []


DAYS = st.integers(1, 40)
PERIODS = st.lists(st.builds(lambda a, b, c: Period(a, a + b, c), DAYS, DAYS, DAYS), max_size=4)


@settings(deadline=None)
@given(PERIODS, DAYS, DAYS)
def test_a_later_period_takes_no_perpetual_version_away(periods, released, as_of) -> None:
    periods = [*periods, Period(1, 40, NEVER)]
    newer = [Newer(1, 2, released)]
    before = version_rights.free("perpetual", V9, newer, periods, as_of)
    renewed = [*periods[:-1], periods[-1]._replace(replaced_on=41), Period(41, 80, NEVER)]
    assert not before[0] or version_rights.free("perpetual", V9, newer, renewed, as_of)[0]
