"""Where days stand on a timeline, from a month to many years."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.widgets.timeline_scale import Scale, clusters, pack, span, ticks


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def scale(first: str, last: str, width: float = 800) -> Scale:
    return Scale(day(first), day(last), 0, width)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-09", "2026-11-20", ["09 Nov", "10 Nov", "11 Nov"]),
        ("2026-11-01", "2026-12-15", ["02 Nov", "09 Nov", "16 Nov"]),
        ("2026-01-01", "2026-12-31", ["2026", "Feb", "Mar"]),
        ("2025-12-01", "2027-06-30", ["2026", "Apr", "Jul"]),
        ("2020-01-01", "2026-12-31", ["2020", "2021", "2022"]),
        ("2006-06-01", "2026-06-01", ["2008", "2010", "2012"]),
        ("1990-06-01", "2039-06-01", ["1995", "2000", "2005"]),
        ("1900-01-01", "2100-01-01", ["1900", "1950", "2000"]),
    ],
)
def test_the_lines_of_the_calendar_suit_the_time_that_is_shown(first: str, last: str, words: list[str]) -> None:
    assert [said for _, said in ticks(scale(first, last), 64)][:3] == words


def test_the_end_of_all_days_does_no_harm() -> None:
    for first in ("9990-01-01", "9999-11-01", "0001-01-01"):
        start = day(first)
        shown = Scale(start, min(start + 400, date.max.toordinal()), 0, 800)
        assert all(shown.first <= at <= shown.last for at, _ in ticks(shown, 64))


def test_days_and_pixels_go_both_ways() -> None:
    shown = scale("2026-01-01", "2026-12-31")

    assert shown.x(shown.first) == 0
    assert shown.x(shown.last) == pytest.approx(800)
    assert shown.day(shown.x(day("2026-06-01"))) == pytest.approx(day("2026-06-01"))


def test_zooming_keeps_a_day_where_it_is_and_never_goes_below_a_week() -> None:
    shown = scale("2020-01-01", "2030-01-01")
    about = day("2026-11-21")
    closer = shown.zoomed(0.5, about)

    assert closer.x(about) == pytest.approx(shown.x(about), abs=1)
    assert closer.last - closer.first == pytest.approx((shown.last - shown.first) / 2, abs=1)
    assert closer.zoomed(1e-6, about).last - closer.zoomed(1e-6, about).first >= 7


def test_moving_stops_at_the_first_day_there_is() -> None:
    assert Scale(10, 400, 0, 800).moved(-100) == Scale(1, 391, 0, 800)


def test_everything_is_shown_with_some_air_and_the_day_too() -> None:
    first, last = span([day("2025-01-01"), day("2025-12-31")], day("2026-11-21"), endless=False)

    assert first < day("2025-01-01")
    assert day("2026-11-21") < last < day("2027-03-01")


def test_a_term_without_end_is_shown_for_a_year_at_least() -> None:
    assert span([day("2026-11-01")], day("2026-11-21"), endless=True)[1] > day("2027-11-20")


def test_terms_one_after_another_share_a_row() -> None:
    assert pack([(1, 10), (11, 20), (21, 30)]) == [0, 0, 0]


def test_terms_at_the_same_time_do_not() -> None:
    assert pack([(5, 20), (1, 10), (11, 30)]) == [1, 0, 0]
    assert pack([]) == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 30)).map(lambda t: (t[0], t[0] + t[1])), max_size=25))
def test_no_row_holds_two_terms_of_one_day_and_there_are_no_more_rows_than_needed(terms: list[tuple[int, int]]) -> None:
    rows = pack(terms)

    held = [(row, at) for row, (first, last) in zip(rows, terms, strict=True) for at in range(first, last + 1)]
    assert len(held) == len(set(held))
    busiest = max((sum(first <= at <= last for first, last in terms) for at in range(1, 91)), default=0)
    assert max(rows, default=-1) + 1 == busiest


def test_marks_that_come_close_stand_together() -> None:
    assert clusters("abcd", [0, 5, 30, 100], 20) == [(0, ["a", "b"]), (30, ["c"]), (100, ["d"])]
