"""Entitlements are formed from contract items: one of each product, model and metric."""

from tests import estates


def test_a_first_import_of_very_many_items_feeds_each_its_own_entitlement(book, fill):
    fill(book, estates.of(*(estates.item(str(n), f"Product {n}", n + 1) for n in range(1_010))))
    assert book.value("SELECT count(*) FROM entitlements") == 1_010
    wrong = """SELECT count(*) FROM contract_items i LEFT JOIN entitlements e ON e.id = i.entitlement_id
        WHERE e.product_id IS NOT i.product_id OR i.formed_by <> 'formation.own'"""
    assert book.value(wrong) == 0


def test_maintenance_feeds_the_perpetual_entitlement_or_opens_its_own(book, fill):
    fill(
        book,
        estates.of(
            estates.item("1", "Base", 50),
            estates.maintenance("2", "Base", 20, "2026-01-01", "2026-12-31"),
            estates.maintenance("3", "Orphan", 5, "2026-01-01", "2026-12-31"),
        ),
    )
    fed = """SELECT i.item, e.model, i.formed_by FROM contract_items i JOIN entitlements e ON e.id = i.entitlement_id
        ORDER BY i.item"""
    assert book.rows(fed) == [
        ("1", "perpetual", "formation.own"),
        ("2", "perpetual", "formation.maintained-base"),
        ("3", "maintenance", "formation.orphan-maintenance"),
    ]
