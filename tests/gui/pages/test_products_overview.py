"""The overview of products: by family and version, with ways to all that is known of each."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.desk import Desk, Place
from gui.tables.overview import OverviewPage
from store.overviews import Ask
from tests.gui.pages.conftest import Open, choose, shown, titles


@pytest.fixture
def page(desk: Desk, open_page: Open) -> OverviewPage:
    return open_page(desk, "products")


def test_versions_of_a_family_stand_together(page: OverviewPage) -> None:
    families = [name for name in shown(page, "family") if name]
    assert len(list(dict.fromkeys(families))) == len({*families})
    assert {"Released on", "Support ends on"} <= {*titles(page)}


def test_a_product_leads_to_all_that_is_known_of_it(page: OverviewPage, places: list[Place]) -> None:
    choose(page, 3)
    product = page.selected_keys()[0]
    for code in ("entitlements", "compliance", "contracts", "demand"):
        page.actions_by_code[f"show-{code}"].trigger()
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    ask = Ask(where=(("product", product),))
    assert places == [
        Place(code, ask=ask) for code in ("entitlements", "compliance", "contracts", "demand", "entitlements")
    ]
