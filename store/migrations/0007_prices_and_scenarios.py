"""A price list, dated exchange rates, and scenarios with their changes."""

from typing import Any

STATEMENTS = """
CREATE TABLE prices (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products (id), model TEXT NOT NULL,
    metric_id INTEGER NOT NULL REFERENCES metrics (id), valid_from TEXT NOT NULL, unit_price TEXT NOT NULL,
    currency TEXT NOT NULL);
CREATE UNIQUE INDEX prices_key ON prices (product_id, model, metric_id, valid_from);
CREATE TABLE exchange_rates (
    id INTEGER PRIMARY KEY, from_currency TEXT NOT NULL, to_currency TEXT NOT NULL, valid_from TEXT NOT NULL,
    rate TEXT NOT NULL);
CREATE UNIQUE INDEX exchange_rates_key ON exchange_rates (from_currency, to_currency, valid_from);
CREATE TABLE scenarios (id INTEGER PRIMARY KEY, scenario TEXT NOT NULL, changes TEXT NOT NULL);
CREATE UNIQUE INDEX scenarios_key ON scenarios (scenario)
"""


def up(_: Any, db: Any) -> None:
    """Add the tables."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
