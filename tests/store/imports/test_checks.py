"""Rows are checked by whole columns, and cell by cell where something is wrong."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.imports.checks import Memo, Texts, Wrong, checked, converter, converters, quick
from store.imports.finding import Finding
from store.imports.source import RawTable, Unreadable
from store.imports.template import BY_NAME, Column

DEMAND = BY_NAME["demand"]


def raw_table(*rows, names=("product", "metric", "quantity"), origins=None):
    columns = tuple(DEMAND.column(name) for name in names)
    return RawTable(DEMAND, "demand.csv", columns, lambda: iter([(range(2, 2 + len(rows)), list(rows))]), origins or {})


def check(raw, absent=None, found=None):
    findings = []
    batches = list(checked(raw, found or converters(raw.columns), findings.append, absent or {}))
    return [(n, row) for numbers, rows in batches for n, row in zip(numbers, rows, strict=True)], [*map(str, findings)]


def test_sound_rows_come_in_the_order_of_the_template_with_absent_columns_filled():
    rows, findings = check(
        raw_table(["5", "Office", "device"], names=("quantity", "product", "metric")), {"source": "file"}
    )
    assert rows == [(2, ("Office", "device", None, "file", 5, None))]
    assert findings == []


def test_every_wrong_cell_is_named_with_its_place_and_value_and_its_row_left_out():
    rows, findings = check(raw_table(["Office", "device", "five"], ["Office", "device", "6"], ["", "device", "-7"]))
    assert [n for n, _ in rows] == [3]
    assert findings == [
        'error: demand.csv, row 2, column quantity: "five" is not a whole number; write digits only, for example 250',
        "error: demand.csv, row 4, column product: the cell is empty, and it is needed",
        'error: demand.csv, row 4, column quantity: "-7" is negative; a number from 0 to 2,147,483,647 is accepted',
    ]


def test_findings_use_the_column_names_of_the_users_own_file():
    _, findings = check(raw_table(["Office", "device", "x"], origins={"quantity": "seats"}))
    assert findings[0].startswith("error: demand.csv, row 2, column seats: ")


def test_a_row_without_any_text_is_no_row():
    assert check(raw_table(["", " ", ""], ["Office", "device", "6"]))[0] == [
        (3, ("Office", "device", None, None, 6, None))
    ]
    assert check(raw_table(["", " ", ""])) == ([], [])


def test_a_name_that_is_not_known_to_a_dictionary_is_told():
    found = {**converters(DEMAND.columns), "product": {"Office": 7}.__getitem__}
    rows, findings = check(raw_table(["Office", "device", "6"], ["Offfice", "device", "6"]), found=found)
    assert rows == [(2, (7, "device", None, None, 6, None))]
    assert findings == ['error: demand.csv, row 3, column product: "Offfice" is not known']


def test_a_long_or_broken_value_is_shown_short_and_on_one_line():
    _, findings = check(raw_table(["Office", "device", "1\n\x07" + "2" * 500]))
    assert '"1 ' in findings[0]
    assert "…" in findings[0]
    assert "\n" not in findings[0]
    assert len(findings[0]) < 200


def test_a_file_that_turns_bad_half_way_is_told_and_ends_the_rows():
    def batches():
        yield [2], [["Office", "device", "5"]]
        raise Unreadable(Finding("error", "not-csv", "demand.csv, row 3", "a quotation mark is never closed"))

    columns = tuple(DEMAND.column(name) for name in ("product", "metric", "quantity"))
    rows, findings = check(RawTable(DEMAND, "demand.csv", columns, batches))
    assert len(rows) == 1
    assert findings == ["error: demand.csv, row 3: a quotation mark is never closed"]


def test_of_very_many_wrong_cells_a_thousand_are_listed_and_the_rest_counted():
    _, findings = check(raw_table(*[["Office", "device", "x"]] * 1_500))
    assert len(findings) == 1_001
    assert "500 more findings" in findings[-1]


def test_a_memo_asks_once_for_each_cell_and_remembers_only_so_many():
    asked = []
    memo = Memo(lambda cell: asked.append(cell) or cell.upper(), most=2)
    assert memo.column(["a", "b", "a", "c", "c"]) == ["A", "B", "A", "C", "C"]
    assert asked == ["a", "b", "c", "c"]
    assert memo("a") == "A"
    assert len(memo) == 2


@pytest.mark.parametrize("kind", ["name", "quantity"])
def test_an_empty_cell_may_stand_for_something(kind):
    assert quick(Column("it", kind), 0).column([" ", "7", ""])[::2] == [0, 0]
    assert quick(Column("it", kind), 0)("") == 0


@given(st.lists(st.text(max_size=12), min_size=1), st.booleans())
@settings(deadline=None)
def test_a_column_of_texts_gives_what_its_cells_give_one_by_one(cells: list[str], required: bool):
    column = Column("it", "name", required)

    def outcome(action):
        try:
            return action()
        except Wrong as wrong:
            return str(wrong)

    one_by_one = outcome(lambda: [converter(column)(cell) for cell in cells])
    assert outcome(lambda: Texts(column).column(cells)) == one_by_one


def test_rows_of_several_batches_are_the_same_as_the_csv_module_reads(tmp_path, read):
    path = tmp_path / "demand.csv"
    rows = [[f"Product {i % 77}", "core", f"G{i % 8}", f"s{i}", str(i % 500), "2026-11-01"] for i in range(12_001)]
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([[c.name for c in DEMAND.columns], *rows])
    found = read(path)
    assert found.findings == []
    assert [[str(v) for v in list(row.values())[1:]] for row in found.rows["demand"]] == rows
    assert [row["row"] for row in found.rows["demand"]] == list(range(2, 12_003))
