"""The price of its entitlement in every position, so that balances can be ordered by their value."""

from typing import Any

STATEMENTS = """
ALTER TABLE positions ADD COLUMN price_amount TEXT;
ALTER TABLE positions ADD COLUMN price_currency TEXT;
UPDATE positions SET price_amount = e.price_amount, price_currency = e.price_currency
    FROM entitlements e WHERE e.id = positions.entitlement_id
"""


def up(_: Any, db: Any) -> None:
    """Add the columns, filled with what the entitlements hold."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
