import pytest

from store.snapshots import canonical, layout
from tests.store.snapshots import sample


def test_every_list_of_the_snapshot_has_a_table():
    assert {table.source for table in layout.TABLES} == set(canonical.LISTS)


def test_nested_values_stand_in_columns_with_dotted_names():
    fields = [column.field for column in layout.POSITIONS.columns]

    overridden = dict(zip(fields, list(layout.rows(layout.POSITIONS, sample.POSITIONS))[1], strict=True))

    assert overridden["override.demand"] == 480
    assert overridden["override.active"] is None
    assert overridden["calculated.status"] == "compliant"
    assert overridden["balance_value.amount"] == "1599.80"


def test_a_breakdown_is_a_table_of_its_own_led_by_the_key_of_its_position():
    assert list(layout.rows(layout.BREAKDOWN, sample.POSITIONS)) == [
        ("SQL Server 2022 Standard", "perpetual", "core", None, 20, 0, 0, 0, 20),
        ("SQL Server 2022 Standard", "perpetual", "core", "Ζυρίχη / Datacenter 1", 100, 1155, -35, 0, -1090),
    ]


def test_periods_are_a_table_of_their_own():
    assert list(layout.rows(layout.PERIODS, sample.DEPLOYED_ENTITLEMENTS)) == [
        ("AU-3", "Extra storage", 1, "2026-01-01", "2026-12-31", "2026-06-01"),
        ("AU-3", "Extra storage", 2, "2026-01-01", "2027-12-31", None),
    ]


@pytest.mark.parametrize(
    ("table", "element"),
    [
        (layout.FINDINGS, {"severity": "info", "color": "red"}),
        (layout.POSITIONS, {"override": {"balance": 1}}),
        (layout.BREAKDOWN, {"breakdown": [{"user_group": "x"}]}),
    ],
)
def test_a_field_that_no_column_shows_is_refused_not_dropped(table, element):
    with pytest.raises(ValueError, match="no column of"):
        list(layout.rows(table, [element]))


def test_headings_and_fields_are_unique_in_their_table_and_titles_fit_a_sheet():
    for table in layout.TABLES:
        fields = [column.field for column in table.columns]
        assert len(set(fields)) == len(fields)
        assert len({column.heading for column in table.columns}) == len(fields)
        assert len(f"{table.title} (99)") <= 31
