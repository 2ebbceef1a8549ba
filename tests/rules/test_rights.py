"""Which rows and rights could come together at all."""

from rules.rights import ANY_DEPTH, Right, Row, concerns, sides
from rules.vocabulary import NEVER


def row(position: int, balance: int, *, line: int = 1, product: int = 0, metric: int = 1) -> Row:
    return Row(position, line, position, product or position, metric, 0, balance, 0, ())


def family(number: int, line: int) -> Right:
    return Right(number, 0, line, 0, 0, 0, ANY_DEPTH, 0, NEVER)


def pair(number: int, giver: int, taker: int, metric: int = 0) -> Right:
    return Right(number, 0, 0, giver, taker, metric, ANY_DEPTH, 0, NEVER)


def numbers(rows: list[Row], *rights: Right) -> list[tuple[list[int], list[int], list[int]]]:
    return [
        (
            [right.number for right in side.rights],
            [each.position for each in side.givers],
            [each.position for each in side.takers],
        )
        for side in sides(rows, rights)
    ]


def test_a_line_needs_a_surplus_a_shortfall_and_a_right() -> None:
    rows = [row(1, 5), row(2, -5), row(3, 0), row(4, 5, line=2), row(5, -5, line=3), row(6, 5, line=3)]
    assert numbers(rows, family(7, 1), family(8, 2), family(9, 1), family(6, 99)) == [([7, 9], [1], [2])]


def test_a_named_pair_needs_its_products_on_their_sides() -> None:
    rows = [row(1, 5, line=0), row(2, -5, line=0)]
    assert numbers(rows, pair(7, 1, 2), pair(8, 2, 1), pair(9, 1, 99)) == [([7], [1], [2])]


def test_a_pair_for_every_metric_is_judged_metric_by_metric() -> None:
    rows = [
        row(1, 5, product=1, metric=1),
        row(2, -5, product=2, metric=1),
        row(3, 5, product=1, metric=2),
        row(4, -5, product=2, metric=2),
        row(5, 5, product=1, metric=3),
    ]
    assert numbers(rows, pair(7, 1, 2)) == [([7], [1], [2]), ([7], [3], [4])]
    assert numbers(rows, pair(7, 1, 2, metric=2)) == [([7], [3], [4])]
    assert [side.rights[0].metric for side in sides(rows, [pair(7, 1, 2)])] == [1, 2]


def test_a_right_concerns_rows_of_its_line_and_products_on_their_side() -> None:
    giver, taker = row(1, 5, line=3), row(2, -5, line=4)
    assert [concerns(family(9, line), giver, taker) for line in (3, 4, 5)] == [True, True, False]
    assert concerns(pair(9, 1, 8), giver, taker)
    assert concerns(pair(9, 8, 2), giver, taker)
    assert not concerns(pair(9, 2, 1), giver, taker)
