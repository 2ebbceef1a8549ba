"""Random families against independent yardsticks: a search by the sentences of the guide, and max-flow.

Nothing here uses the rulebook or the arithmetic of `rules`: eligibility is asked day by day and unit by unit.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import networkx
import pytest

from rules import library, reference
from rules.engine import Engine
from rules.language import parse
from rules.transfers import ANY_DEPTH, Right, Row, Transfer, settle
from rules.vocabulary import NEVER

BASE = 738_000
AS_OF = BASE + 24
DEPTHS = (0, 1, 1, 2, 3, ANY_DEPTH, ANY_DEPTH)


class Family(NamedTuple):
    """One line with the rights that cover it."""

    rows: list[Row]
    rights: list[Right]


def families(random: Random, count: int, *, contradictory: bool = False) -> list[Family]:
    return [family(random, line, contradictory) for line in range(1, count + 1)]


def family(random: Random, line: int, contradictory: bool) -> Family:
    """Versions in the order of their releases, or (contradictory) in any order, with maintenance and an upgrade right."""
    versions = random.randint(5, 8) if contradictory else random.randint(1, 6)
    releases = [random.choice((0, *range(BASE, BASE + 30))) for _ in range(versions)]
    if not contradictory:
        known = iter(sorted(day for day in releases if day))
        releases = [next(known) if day else 0 for day in releases]
    rows: list[Row] = []
    for rank, released_on in enumerate(releases):
        for model in (0,) if contradictory else random.choice(((0,), (1,), (2,), (0, 1))):
            maintenance = tuple(lots(random)) if model == 0 else ()
            balance = -random.randint(0, 9) if model == 2 else random.randint(-9, 9)
            position, product = line * 100 + len(rows), line * 10 + rank
            rows.append(Row(position, line, rank, product, 1, model, balance, released_on, maintenance))
    random.shuffle(rows)
    rights = [right(random, line, number) for number in range(random.randint(0, 4))]
    if contradictory:
        rights = [Right(line * 10, 1, line, 0, 0, 0, random.randint(2, 5), 0, NEVER)]
    return Family(rows, rights)


def lots(random: Random) -> Iterator[tuple[int, int, int]]:
    for _ in range(random.randint(0, 3)):
        first = BASE + random.randint(0, 28)
        yield first, random.choice((NEVER, first + random.randint(0, 15))), random.randint(0, 6)


def right(random: Random, line: int, number: int) -> Right:
    since = random.choice((0, 0, 0, AS_OF, AS_OF + 1))
    until = random.choice((NEVER, NEVER, NEVER, AS_OF, AS_OF - 1))
    return Right(line * 10 + number, random.randint(0, 1), line, 0, 0, 0, random.choice(DEPTHS), since, until)


def depth_of(family: Family, kind: int) -> int:
    valid = [each for each in family.rights if each.kind == kind and each.valid_from <= AS_OF <= each.valid_until]
    return max([each.depth for each in valid], default=0)


def reachable(giver: Row, taker: Row) -> int:
    """The units of a row that were under maintenance on one day since the other row's version was released."""
    if giver.model != 0 or not 0 < taker.released_on <= AS_OF:
        return 0
    days = range(taker.released_on, AS_OF + 1)
    return max(sum(units for first, last, units in giver.maintenance if first <= day <= last) for day in days)


def down(family: Family, giver: Row, taker: Row) -> bool:
    return 0 < giver.rank - taker.rank <= depth_of(family, 0)


def up(family: Family, giver: Row, taker: Row) -> bool:
    return 0 < taker.rank - giver.rank <= depth_of(family, 1) and reachable(giver, taker) > 0


def greatest_down(family: Family, balances: dict[int, int], takers: Sequence[Row]) -> int:
    graph = networkx.DiGraph()
    graph.add_nodes_from(("start", "end"))
    for giver in family.rows:
        graph.add_edge("start", ("giver", giver.position), capacity=max(0, balances[giver.position]))
        for taker in takers:
            if down(family, giver, taker):
                graph.add_edge(("giver", giver.position), ("taker", taker.position))
    return flow_into(graph, balances, takers)


def greatest_up(family: Family, balances: dict[int, int], takers: Sequence[Row]) -> int:
    """Every unit of a surplus by itself: the first one covers what at least one unit may cover, and so on."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(("start", "end"))
    for giver in family.rows:
        for unit in range(1, balances[giver.position] + 1):
            graph.add_edge("start", ("giver", giver.position, unit), capacity=1)
            for taker in takers:
                if up(family, giver, taker) and reachable(giver, taker) >= unit:
                    graph.add_edge(("giver", giver.position, unit), ("taker", taker.position))
    return flow_into(graph, balances, takers)


def flow_into(graph: "networkx.DiGraph[Any]", balances: dict[int, int], takers: Sequence[Row]) -> int:
    for taker in takers:
        graph.add_edge(("taker", taker.position), "end", capacity=max(0, -balances[taker.position]))
    return int(networkx.maximum_flow_value(graph, "start", "end"))


def brute_downgrades(family: Family) -> dict[tuple[int, int], int]:
    """Oldest shortfall first, nearest newer surplus first, perpetual first: the sentences as loops."""
    left = {row.position: row.balance for row in family.rows}
    made: dict[tuple[int, int], int] = {}
    for taker in sorted(family.rows, key=lambda row: (row.rank, row.model, row.position)):
        for giver in sorted(family.rows, key=lambda row: (row.rank, row.model, row.position)):
            units = min(left[giver.position], -left[taker.position])
            if units > 0 and down(family, giver, taker):
                made[giver.position, taker.position] = units
                left[giver.position] -= units
                left[taker.position] += units
    return made


def settled(estate: Sequence[Family]) -> list[list[Transfer]]:
    """Settle all families in one call and tell their transfers apart."""
    rows = [row for each in estate for row in each.rows]
    rights = [right for each in estate for right in each.rights]
    by_line: dict[int, list[Transfer]] = defaultdict(list)
    for transfer in settle(rows, rights, AS_OF):
        by_line[transfer.giver // 100].append(transfer)
    return [by_line[line] for line in range(1, len(estate) + 1)]


def after(balances: dict[int, int], transfers: Iterable[Transfer]) -> dict[int, int]:
    found = Counter(balances)
    for transfer in transfers:
        found[transfer.giver] -= transfer.quantity
        found[transfer.taker] += transfer.quantity
    return dict(found)


def covered(transfers: Iterable[Transfer], takers: Iterable[Row]) -> int:
    positions = {taker.position for taker in takers}
    return sum(transfer.quantity for transfer in transfers if transfer.taker in positions)


def check(family: Family, transfers: Sequence[Transfer], *, oldest_first: bool) -> None:
    """Fail unless the transfers of a family are allowed, keep every sum, and cover as much as can be covered."""
    before = {row.position: row.balance for row in family.rows}
    downgrades = [each for each in transfers if each.kind == "downgrade"]
    upgrades = [each for each in transfers if each.kind == "upgrade"]
    assert list(transfers) == downgrades + upgrades
    between = after(before, downgrades)
    check_sums(before, between, downgrades)
    check_sums(between, after(between, upgrades), upgrades)
    check_eligible(family, downgrades, upgrades)
    takers = sorted(family.rows, key=lambda row: (row.rank, row.model, row.position))
    for oldest in range(1, len(takers) + 1) if oldest_first else [len(takers)]:
        some = takers[:oldest]
        assert covered(downgrades, some) == greatest_down(family, before, some)
        assert covered(upgrades, some) == greatest_up(family, between, some)


def check_sums(before: dict[int, int], end: dict[int, int], transfers: Sequence[Transfer]) -> None:
    assert sum(before.values()) == sum(end.values())
    assert all(transfer.quantity > 0 for transfer in transfers)
    assert len({(each.giver, each.taker) for each in transfers}) == len(transfers)
    for position, units in before.items():
        assert min(units, 0) <= end[position] <= max(units, 0)


def check_eligible(family: Family, downgrades: Sequence[Transfer], upgrades: Sequence[Transfer]) -> None:
    rows, rights = {row.position: row for row in family.rows}, {right.number: right for right in family.rights}
    for each in (*downgrades, *upgrades):
        giver, taker, used = rows[each.giver], rows[each.taker], rights[each.right]
        assert used.valid_from <= AS_OF <= used.valid_until
        assert abs(giver.rank - taker.rank) <= used.depth
        assert each.rule == f"transfers.{each.kind}"
    assert all(down(family, rows[each.giver], rows[each.taker]) for each in downgrades)
    for giver in family.rows:
        taken = [(rows[each.taker], each.quantity) for each in upgrades if each.giver == giver.position]
        for taker, _ in taken:
            assert up(family, giver, taker)
            hardest = [units for other, units in taken if other.released_on >= taker.released_on]
            assert sum(hardest) <= reachable(giver, taker)


def run(seed: int, count: int, *, contradictory: bool = False, oldest_first: bool = False) -> list[list[Transfer]]:
    estate = families(Random(seed), count, contradictory=contradictory)
    answers = settled(estate)
    for each, transfers in zip(estate, answers, strict=True):
        check(each, transfers, oldest_first=oldest_first)
    return answers


def test_random_families_are_covered_as_far_as_can_be() -> None:
    answers = run(seed=1, count=2000)
    kinds = Counter(transfer.kind for transfers in answers for transfer in transfers)
    assert min(kinds["downgrade"], kinds["upgrade"]) > 100


def test_families_whose_releases_contradict_their_ranks_are_covered_as_far_as_can_be() -> None:
    run(seed=2, count=500, contradictory=True)


def test_the_oldest_shortfalls_come_first() -> None:
    run(seed=3, count=250, oldest_first=True)


def test_downgrades_are_those_of_a_search_by_the_sentences() -> None:
    estate = families(Random(4), 4000)
    for each, transfers in zip(estate, settled(estate), strict=True):
        found = {(one.giver, one.taker): one.quantity for one in transfers if one.kind == "downgrade"}
        assert found == brute_downgrades(each)


def test_the_order_of_rows_and_rights_has_no_influence() -> None:
    random = Random(5)
    estate = families(random, 500)
    before = {transfer for transfers in settled(estate) for transfer in transfers}
    for each in estate:
        random.shuffle(each.rows)
        random.shuffle(each.rights)
    assert {transfer for transfers in settled(estate[::-1]) for transfer in transfers} >= before


def test_what_is_settled_stays_settled() -> None:
    estate = families(Random(6), 1000)
    moved = [transfer for transfers in settled(estate) for transfer in transfers if transfer.kind == "downgrade"]
    balances = after({row.position: row.balance for each in estate for row in each.rows}, moved)
    again = [
        Family([row._replace(balance=balances[row.position]) for row in each.rows], each.rights) for each in estate
    ]
    assert not [transfer for transfers in settled(again) for transfer in transfers if transfer.kind == "downgrade"]


def test_the_engine_and_plain_python_settle_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    estate = families(Random(7), 200)
    matched = settled(estate)

    class Plain:
        def match_groups(self, groups: Iterable[Any]) -> Iterator[Any]:
            return (reference.match(library.documents()["transfers"], group) for group in groups)

    monkeypatch.setattr(library, "engine", {"transfers": Plain()}.__getitem__)
    assert settled(estate) == matched


def mutant(old: str, new: str) -> Callable[[str], Engine]:
    text = (Path(library.RULEBOOK) / "transfers.toml").read_text(encoding="utf-8")
    assert old in text
    return {"transfers": Engine(parse(text.replace(old, new), "mutant"))}.__getitem__


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"-r.line", "g.rank"', '"-r.line", "-g.rank"'),  # the newest giver first
        ('"t.rank < g.rank", ', ""),
        ("t.rank >= g.rank - r.depth", "t.rank >= g.rank - r.depth - 1"),
        ("t.rank <= m.rank + r.depth", "t.rank < m.rank + r.depth"),
        ("t.released_on <= m.until", "t.released_on < m.until"),
        ('"t.released_on > 0", ', ""),
        (', "t.released_on <= r.as_of"', ""),
        ('"r.kind == 0", "r.line > 0", "r.valid_from <= r.as_of"', '"r.kind == 0", "r.line > 0"'),
        ('"r.kind == 1", "r.line > 0", "r.valid_from <= r.as_of"', '"r.kind == 1", "r.line > 0"'),
        ('"r.valid_until >= r.as_of"', '"r.valid_until > r.as_of"'),
    ],
)
def test_a_wrong_rule_does_not_pass_the_yardsticks(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "engine", mutant(old, new))
    with pytest.raises(AssertionError):
        _until_it_fails()


def _until_it_fails() -> None:
    for seed in range(10):
        run(seed, count=200)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_more_random_families(seed: int) -> None:
    run(seed, 3000, contradictory=seed % 2 == 0, oldest_first=seed % 4 == 1)
