"""Downgrade and upgrade rights: who covers whom, in which order, and why not."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from rules import library
from rules.formulas import Lot
from rules.transfers import ANY_DEPTH, Maintained, Right, Row, Transfer, settle, why_not
from rules.vocabulary import NEVER, UNLIMITED, is_unlimited

TODAY = "2026-11-21"
PERPETUAL, SUBSCRIPTION, NO_ENTITLEMENT = 0, 1, 2
DEVICE, CORE = 1, 2


def day(text: str) -> int:
    return NEVER if text == "never" else date.fromisoformat(text).toordinal()


def lot(first: str, last: str, units: int) -> Lot:
    return day(first), day(last), units


@dataclass
class Estate:
    """Rows with names, and the rights between them."""

    rows: dict[str, Row] = field(default_factory=dict[str, Row])
    rights: list[Right] = field(default_factory=list[Right])

    def row(self, name: str, balance: int, *maintenance: Lot, line: int = 1, rank: int | None = None, model: int =
    PERPETUAL,
            released: str = "", metric: int = DEVICE, product: int | None = None) -> None:  # fmt: skip
        position = len(self.rows) + 1
        place = len(self.rows) if rank is None else rank
        released_on = day(released) if released else 0
        made = Row(position, line, place, product or position, metric, model, balance, released_on, maintenance)
        self.rows[name] = made

    def right(
        self, kind: str, *, line: int = 1, depth: int = ANY_DEPTH, since: str = "2000-01-01", until: str = "never"
    ) -> None:
        self._add(kind, line, 0, 0, 0, depth, since, until)

    def pair(self, kind: str, giver: str, taker: str, *, metric: int = 0) -> None:
        products = self.rows[giver].product, self.rows[taker].product
        self._add(kind, 0, *products, metric, ANY_DEPTH, "2000-01-01", "never")

    def _add(
        self, kind: str, line: int, giver: int, taker: int, metric: int, depth: int, since: str, until: str
    ) -> None:
        number, code = len(self.rights) + 1, ("downgrade", "upgrade").index(kind)
        self.rights.append(Right(number, code, line, giver, taker, metric, depth, day(since), day(until)))

    def transfers(self, as_of: str = TODAY) -> list[tuple[str, str, str, int]]:
        names = {row.position: name for name, row in self.rows.items()}
        found = settle(list(self.rows.values()), self.rights, day(as_of))
        return [(each.kind, names[each.giver], names[each.taker], each.quantity) for each in found]

    def objections(self, giver: str, taker: str) -> list[tuple[str, int, list[str]]]:
        rows = self.rows[giver], self.rows[taker]
        answers = why_not(list(self.rows.values()), self.rights, day(TODAY), rows[0].position, rows[1].position)
        return [(rule, right, [each.text for each in verdicts if not each.holds]) for rule, right, verdicts in answers]


@pytest.fixture
def estate() -> Estate:
    return Estate()


def test_the_facts_stand_as_the_document_declares_them() -> None:
    facts = library.documents()["transfers"].facts
    assert tuple(facts["row"]) == Row._fields[:-1]
    assert tuple(facts["right"]) == (*Right._fields, "as_of")
    assert tuple(facts["maintained"]) == Maintained._fields
    assert Row._fields[:6] == Maintained._fields[:6]


def test_the_newest_surplus_covers_two_older_shortfalls(estate: Estate) -> None:
    estate.row("2019", -35)
    estate.row("2022", -20)
    estate.row("2025", 100)
    estate.right("downgrade")
    assert estate.transfers() == [("downgrade", "2025", "2019", 35), ("downgrade", "2025", "2022", 20)]


def test_a_short_giver_never_goes_below_zero_and_the_oldest_shortfall_comes_first(estate: Estate) -> None:
    estate.row("2019", -35)
    estate.row("2022", -20)
    estate.row("2025", 40)
    estate.right("downgrade")
    assert estate.transfers() == [("downgrade", "2025", "2019", 35), ("downgrade", "2025", "2022", 5)]


def test_the_nearest_newer_version_gives_first(estate: Estate) -> None:
    estate.row("2019", -30)
    estate.row("2022", 10)
    estate.row("2025", 50)
    estate.right("downgrade")
    assert estate.transfers() == [("downgrade", "2022", "2019", 10), ("downgrade", "2025", "2019", 20)]


def test_without_a_right_nothing_moves(estate: Estate) -> None:
    estate.row("2019", -30)
    estate.row("2025", 50)
    assert estate.transfers() == []
    estate.right("downgrade", line=2)
    estate.right("upgrade")
    assert estate.transfers() == []


def test_an_older_version_covers_no_newer_one_by_downgrade(estate: Estate) -> None:
    estate.row("2019", 30)
    estate.row("2025", -50)
    estate.right("downgrade")
    assert estate.transfers() == []


@pytest.mark.parametrize(("depth", "covered"), [(1, []), (2, [("downgrade", "2025", "2019", 30)])])
def test_a_right_covers_so_many_versions_back(estate: Estate, depth: int, covered: list[object]) -> None:
    estate.row("2019", -30)
    estate.row("2022", 0)
    estate.row("2025", 50)
    estate.right("downgrade", depth=depth)
    assert estate.transfers() == covered


@pytest.mark.parametrize(
    ("as_of", "counts"), [("2024-12-31", False), ("2025-01-01", True), ("2026-11-20", True), ("2026-11-21", False)]
)
def test_a_right_counts_from_its_first_to_its_last_day(estate: Estate, as_of: str, counts: bool) -> None:
    estate.row("2019", -30)
    estate.row("2025", 50)
    estate.right("downgrade", since="2025-01-01", until="2026-11-20")
    assert bool(estate.transfers(as_of)) == counts


def test_perpetual_surplus_is_used_before_subscriptions(estate: Estate) -> None:
    estate.row("2019", -30, rank=0, model=NO_ENTITLEMENT)
    estate.row("2025 subscription", 25, rank=1, model=SUBSCRIPTION)
    estate.row("2025 perpetual", 10, rank=1)
    estate.right("downgrade")
    assert estate.transfers() == [
        ("downgrade", "2025 perpetual", "2019", 10),
        ("downgrade", "2025 subscription", "2019", 20),
    ]


def test_of_two_rights_the_first_that_fits_is_named(estate: Estate) -> None:
    estate.row("2016", -5)
    estate.row("2019", -5)
    estate.row("2022", 50)
    estate.right("downgrade", depth=1)
    estate.right("downgrade")
    estate.right("downgrade")
    found = settle(list(estate.rows.values()), estate.rights, day(TODAY))
    assert [(each.taker, each.right) for each in found] == [(1, 2), (2, 1)]


def test_an_unlimited_surplus_covers_everything_and_stays_unlimited(estate: Estate) -> None:
    estate.row("2019", -(2**31))
    estate.row("2025", UNLIMITED - 7)
    estate.right("downgrade")
    assert estate.transfers() == [("downgrade", "2025", "2019", 2**31)]
    assert is_unlimited(UNLIMITED - 7 - 2**31)


def test_lines_do_not_mix(estate: Estate) -> None:
    estate.row("Standard 2019", -30, line=1)
    estate.row("Enterprise 2025", 50, line=2)
    estate.row("of no family", 50, line=0)
    estate.right("downgrade", line=1)
    estate.right("downgrade", line=2)
    assert estate.transfers() == []


def test_a_named_pair_covers_across_editions_for_its_metric(estate: Estate) -> None:
    estate.row("Standard", -30, line=0)
    estate.row("Enterprise", 50, line=0)
    estate.row("Enterprise by core", 50, line=0, metric=CORE, product=2)
    estate.pair("downgrade", "Enterprise", "Standard", metric=CORE)
    assert estate.transfers() == []
    estate.pair("downgrade", "Enterprise", "Standard")
    assert estate.transfers() == [("downgrade", "Enterprise", "Standard", 30)]


def test_a_named_pair_has_one_direction(estate: Estate) -> None:
    estate.row("Standard", 30, line=0)
    estate.row("Enterprise", -50, line=0)
    estate.pair("downgrade", "Enterprise", "Standard")
    assert estate.transfers() == []


def test_the_family_comes_before_a_named_pair(estate: Estate) -> None:
    estate.row("Standard 2019", -30, line=1, rank=1)
    estate.row("Enterprise 2016", 50, line=2, rank=0)
    estate.row("Standard 2025", 10, line=1, rank=3)
    estate.pair("downgrade", "Enterprise 2016", "Standard 2019")
    estate.right("downgrade")
    assert estate.transfers() == [
        ("downgrade", "Standard 2025", "Standard 2019", 10),
        ("downgrade", "Enterprise 2016", "Standard 2019", 20),
    ]


def test_a_row_gives_no_more_by_two_rights_than_by_one(estate: Estate) -> None:
    estate.row("2019", -30, line=1, rank=0)
    estate.row("2025", 40, line=1, rank=1)
    estate.row("Reader", -30, line=0, rank=0)
    estate.right("downgrade")
    estate.pair("downgrade", "2025", "Reader")
    assert estate.transfers() == [("downgrade", "2025", "2019", 30), ("downgrade", "2025", "Reader", 10)]


def test_maintained_units_cover_the_version_released_on_the_last_maintained_day(estate: Estate) -> None:
    estate.row("2019", 10, lot("2019-12-01", "2022-11-16", 10), released="2019-11-04")
    estate.row("2022", -10, model=NO_ENTITLEMENT, released="2022-11-16")
    estate.right("upgrade")
    assert estate.transfers() == [("upgrade", "2019", "2022", 10)]


def test_a_version_released_the_day_after_the_maintenance_is_not_covered(estate: Estate) -> None:
    estate.row("2019", 10, lot("2019-12-01", "2022-11-15", 10), released="2019-11-04")
    estate.row("2022", -10, model=NO_ENTITLEMENT, released="2022-11-16")
    estate.right("upgrade")
    assert estate.transfers() == []


def test_maintenance_bought_after_the_release_earns_the_version_too(estate: Estate) -> None:
    estate.row("2019", 10, lot("2024-01-01", "2024-12-31", 4))
    estate.row("2022", -10, released="2022-11-16")
    estate.right("upgrade")
    assert estate.transfers("2023-12-31") == []
    assert estate.transfers("2024-01-01") == [("upgrade", "2019", "2022", 4)]


def test_only_maintained_units_move_up(estate: Estate) -> None:
    estate.row("2019", 10, lot("2019-12-01", "2022-12-31", 3), lot("2020-12-01", "2023-12-31", 2))
    estate.row("2022", -10, released="2022-11-16")
    estate.right("upgrade")
    assert estate.transfers() == [("upgrade", "2019", "2022", 5)]


def test_a_version_that_is_not_released_or_of_unknown_release_is_not_reached(estate: Estate) -> None:
    estate.row("2019", 10, lot("2019-12-01", "never", 10))
    estate.row("2022", -10)
    estate.row("2027", -10, released="2026-11-22")
    estate.right("upgrade")
    assert estate.transfers("2026-11-21") == []
    assert estate.transfers("2026-11-22") == [("upgrade", "2019", "2027", 10)]


def test_an_upgrade_right_has_a_depth_and_days(estate: Estate) -> None:
    estate.row("2019", 10, lot("2019-12-01", "never", 10))
    estate.row("2022", -4, released="2022-11-16")
    estate.row("2025", -4, released="2025-11-18")
    estate.right("upgrade", depth=1)
    estate.right("upgrade", until="2026-11-20")
    assert estate.transfers("2026-11-20") == [("upgrade", "2019", "2022", 4), ("upgrade", "2019", "2025", 4)]
    assert estate.transfers("2026-11-21") == [("upgrade", "2019", "2022", 4)]


def test_downgrades_come_first_and_upgrades_use_what_is_left(estate: Estate) -> None:
    estate.row("2016", -6, released="2016-06-01")
    estate.row("2019", 10, lot("2019-12-01", "never", 10), released="2019-11-04")
    estate.row("2022", -10, released="2022-11-16")
    estate.right("upgrade")
    estate.right("downgrade")
    assert estate.transfers() == [("downgrade", "2019", "2016", 6), ("upgrade", "2019", "2022", 4)]


def test_units_that_reach_least_far_move_first(estate: Estate) -> None:
    estate.row("2016", 10, lot("2016-12-01", "2022-12-31", 5), lot("2016-12-01", "2026-12-31", 5))
    estate.row("2019", 10, lot("2019-12-01", "2022-12-31", 2), lot("2019-12-01", "2026-12-31", 4))
    estate.row("2022", -7, released="2022-11-16")
    estate.row("2025", -9, released="2025-11-18")
    estate.right("upgrade")
    assert estate.transfers() == [
        ("upgrade", "2019", "2022", 2),
        ("upgrade", "2016", "2022", 5),
        ("upgrade", "2019", "2025", 4),
        ("upgrade", "2016", "2025", 5),
    ]


def test_a_named_pair_moves_maintained_units_up_once(estate: Estate) -> None:
    estate.row("Old 2019", 10, lot("2019-12-01", "2025-12-31", 8), line=1, rank=0)
    estate.row("Old 2022", -5, released="2022-11-16", line=1, rank=1)
    estate.row("New 2025", -9, released="2025-11-18", line=2, rank=0)
    estate.row("New 2026", -9, released="2026-01-01", line=2, rank=1)
    estate.pair("upgrade", "Old 2019", "New 2025")
    estate.pair("upgrade", "Old 2019", "New 2026")
    estate.right("upgrade")
    assert estate.transfers() == [("upgrade", "Old 2019", "New 2025", 8)]


@pytest.mark.parametrize(("detours", "covered"), [(True, 3), (False, 2)])
def test_release_days_against_the_ranks_do_not_cost_coverage(
    estate: Estate, detours: bool, covered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not detours:
        monkeypatch.setattr("rules.transfers.reroute", lambda flow, matches: None)
    estate.row("first", 1, lot("2020-01-01", "2020-12-31", 1), rank=0)
    estate.row("second", 1, lot("2020-01-01", "2020-06-30", 1), rank=1)
    estate.row("third", -1, rank=2, released="2020-03-01")
    estate.row("fourth", -1, rank=3, released="2020-11-01")
    estate.row("fourth, too", 1, lot("2020-01-01", "2020-12-31", 1), rank=3)
    estate.row("fifth", -1, rank=4, released="2020-02-01")
    estate.right("upgrade", depth=3)
    assert sum(quantity for *_, quantity in estate.transfers()) == covered


def test_every_transfer_names_its_right_and_its_rule(estate: Estate) -> None:
    estate.row("2019", -30)
    estate.row("2025", 50)
    estate.right("upgrade")
    estate.right("downgrade")
    found = settle(list(estate.rows.values()), estate.rights, day(TODAY))
    assert found == [Transfer("downgrade", giver=2, taker=1, quantity=30, right=2, rule="transfers.downgrade")]


def test_nothing_is_settled_between_no_rows() -> None:
    assert settle([], [], day(TODAY)) == []


def test_why_not_names_the_conditions_that_fail(estate: Estate) -> None:
    estate.row("2016", -5)
    estate.row("2019", -5)
    estate.row("2022", 8)
    estate.right("downgrade", depth=1)
    estate.right("downgrade", until="2026-11-20")
    estate.right("downgrade", line=99)
    assert estate.objections("2022", "2016") == [
        ("transfers.downgrade", 1, ["t.rank >= g.rank - r.depth"]),
        ("transfers.downgrade", 2, ["r.valid_until >= r.as_of"]),
    ]
    assert estate.objections("2022", "2019")[0] == ("transfers.downgrade", 1, [])
    assert "t.rank < g.rank" in estate.objections("2016", "2022")[0][2]


def test_why_not_shows_the_maintenance_that_reaches_furthest(estate: Estate) -> None:
    estate.row("2019", 10, lot("2019-12-01", "2022-11-15", 10), lot("2019-12-01", "2020-11-15", 10))
    estate.row("2022", -10, released="2022-11-16")
    estate.row("unmaintained", 5, rank=0)
    estate.right("upgrade")
    ((_, _, verdicts),) = why_not(list(estate.rows.values()), estate.rights, day(TODAY), 1, 2)
    assert [each.values for each in verdicts if not each.holds] == ["2022-11-16 <= 2022-11-15"]
    assert estate.objections("unmaintained", "2022")[0][2] == ["m.units > 0", "t.released_on <= m.until"]


def test_why_not_judges_a_pair_for_every_metric_by_the_giver_s(estate: Estate) -> None:
    estate.row("Enterprise", 50, line=0)
    estate.row("Standard", -30, line=0)
    estate.row("Standard by core", -30, line=0, metric=CORE, product=2)
    estate.pair("downgrade", "Enterprise", "Standard")
    estate.pair("upgrade", "Enterprise", "Standard", metric=CORE)
    assert estate.objections("Enterprise", "Standard") == [
        ("transfers.downgrade-pair", 1, []),
        (
            "transfers.upgrade-pair",
            2,
            ["m.metric == r.metric", "m.units > 0", "t.metric == r.metric", "t.released_on > 0"],
        ),
    ]
    assert estate.objections("Enterprise", "Standard by core")[0][2] == ["t.metric == r.metric"]
