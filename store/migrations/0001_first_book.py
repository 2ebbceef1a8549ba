"""The first schema of a book.

Written as SQL so that it stays what it was when it was published; `store.tables` holds the models of today, and a test
compares the two.
"""

from typing import Any

TABLES = """
CREATE TABLE settings (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE metrics (id INTEGER PRIMARY KEY, code TEXT NOT NULL);
CREATE TABLE families (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE resource_groups (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent_id INTEGER REFERENCES resource_groups (id));
CREATE TABLE user_groups (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent_id INTEGER REFERENCES user_groups (id));
CREATE TABLE products (
    id INTEGER PRIMARY KEY, product TEXT NOT NULL, vendor TEXT NOT NULL DEFAULT '',
    family_id INTEGER REFERENCES families (id), edition TEXT NOT NULL DEFAULT '', version TEXT NOT NULL DEFAULT '',
    version_rank INTEGER, released_on TEXT, support_ends_on TEXT, metric_id INTEGER REFERENCES metrics (id),
    maintenance_separate INTEGER NOT NULL DEFAULT 0, transfer_group INTEGER NOT NULL DEFAULT 0);
CREATE TABLE contracts (
    id INTEGER PRIMARY KEY, contract TEXT NOT NULL, name TEXT NOT NULL, invoice_date TEXT NOT NULL,
    invoice_date_defaulted INTEGER NOT NULL DEFAULT 0, currency TEXT NOT NULL, supplier TEXT NOT NULL DEFAULT '',
    customer TEXT NOT NULL DEFAULT '', invoice_number TEXT NOT NULL DEFAULT '',
    purchase_order_number TEXT NOT NULL DEFAULT '', sales_order_number TEXT NOT NULL DEFAULT '',
    quote_number TEXT NOT NULL DEFAULT '', notice_date TEXT);
CREATE TABLE entitlements (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products (id), model TEXT NOT NULL,
    metric_id INTEGER NOT NULL REFERENCES metrics (id), name TEXT NOT NULL,
    responsible_id INTEGER REFERENCES user_groups (id), archived INTEGER NOT NULL DEFAULT 0,
    quantity INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL DEFAULT 0, allocated INTEGER NOT NULL DEFAULT 0,
    maintenance_quantity INTEGER NOT NULL DEFAULT 0, maintained INTEGER NOT NULL DEFAULT 0, license_start TEXT,
    activation TEXT, expiration TEXT, state TEXT NOT NULL DEFAULT '', last_demand_synchronization TEXT,
    price_amount TEXT, price_currency TEXT,
    managed_by_id INTEGER REFERENCES user_groups (id), rule TEXT NOT NULL DEFAULT '',
    because TEXT NOT NULL DEFAULT '[]');
CREATE TABLE contract_items (
    id INTEGER PRIMARY KEY, contract_id INTEGER NOT NULL REFERENCES contracts (id), item TEXT NOT NULL,
    product_id INTEGER NOT NULL REFERENCES products (id), sku TEXT NOT NULL DEFAULT '', model TEXT NOT NULL,
    metric_id INTEGER NOT NULL REFERENCES metrics (id), quantity INTEGER NOT NULL, license_start TEXT NOT NULL,
    license_end TEXT, unit_price TEXT, responsible_id INTEGER REFERENCES user_groups (id),
    entitlement_id INTEGER REFERENCES entitlements (id), formed_by TEXT NOT NULL DEFAULT '');
CREATE TABLE allocations (
    id INTEGER PRIMARY KEY, entitlement_id INTEGER NOT NULL REFERENCES entitlements (id),
    resource_group_id INTEGER NOT NULL REFERENCES resource_groups (id),
    user_group_id INTEGER NOT NULL REFERENCES user_groups (id), quantity INTEGER NOT NULL);
CREATE TABLE demand (
    product_id INTEGER NOT NULL REFERENCES products (id), metric_id INTEGER NOT NULL REFERENCES metrics (id),
    resource_group_id INTEGER NOT NULL DEFAULT 0 REFERENCES resource_groups (id), source TEXT NOT NULL DEFAULT '',
    quantity INTEGER NOT NULL, counted_on TEXT,
    PRIMARY KEY (product_id, metric_id, resource_group_id, source)) WITHOUT ROWID;
CREATE TABLE installations (
    product_id INTEGER NOT NULL REFERENCES products (id), device TEXT NOT NULL, user TEXT NOT NULL DEFAULT '',
    resource_group_id INTEGER NOT NULL DEFAULT 0 REFERENCES resource_groups (id), cores INTEGER, installed_on TEXT,
    last_used_on TEXT, source TEXT NOT NULL DEFAULT '', PRIMARY KEY (product_id, device, user)) WITHOUT ROWID;
CREATE TABLE rights (
    id INTEGER PRIMARY KEY, right TEXT NOT NULL, kind TEXT NOT NULL, family_id INTEGER REFERENCES families (id),
    from_product_id INTEGER REFERENCES products (id), to_product_id INTEGER REFERENCES products (id),
    metric_id INTEGER REFERENCES metrics (id), depth INTEGER, valid_from TEXT, valid_until TEXT);
CREATE TABLE overrides (
    id INTEGER PRIMARY KEY, entitlement_id INTEGER NOT NULL REFERENCES entitlements (id), active INTEGER,
    demand INTEGER, downgrade INTEGER, upgrade INTEGER, reason TEXT NOT NULL);
CREATE TABLE events (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, on_day TEXT NOT NULL,
    contract_id INTEGER NOT NULL REFERENCES contracts (id), item_id INTEGER REFERENCES contract_items (id),
    lead INTEGER NOT NULL DEFAULT -1, rule TEXT NOT NULL);
CREATE TABLE manual_events (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, on_day TEXT NOT NULL,
    contract_id INTEGER NOT NULL REFERENCES contracts (id), name TEXT NOT NULL);
CREATE TABLE positions (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products (id), model TEXT,
    metric_id INTEGER NOT NULL REFERENCES metrics (id), entitlement_id INTEGER REFERENCES entitlements (id),
    active INTEGER NOT NULL, demand INTEGER NOT NULL, downgrade INTEGER NOT NULL, upgrade INTEGER NOT NULL,
    balance INTEGER NOT NULL, status TEXT NOT NULL, calculated_active INTEGER NOT NULL,
    calculated_demand INTEGER NOT NULL, calculated_downgrade INTEGER NOT NULL, calculated_upgrade INTEGER NOT NULL,
    calculated_balance INTEGER NOT NULL, calculated_status TEXT NOT NULL, breakdown TEXT NOT NULL,
    crossings INTEGER NOT NULL DEFAULT 0, rule TEXT NOT NULL, because TEXT NOT NULL);
CREATE TABLE transfers (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, from_product_id INTEGER NOT NULL REFERENCES products (id),
    from_model TEXT NOT NULL, to_product_id INTEGER NOT NULL REFERENCES products (id), to_model TEXT,
    metric_id INTEGER NOT NULL REFERENCES metrics (id), quantity INTEGER NOT NULL,
    right_id INTEGER NOT NULL REFERENCES rights (id), rule TEXT NOT NULL, because TEXT NOT NULL);
CREATE TABLE imports (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,
    sha256 TEXT NOT NULL, counts TEXT NOT NULL);
CREATE TABLE import_findings (
    id INTEGER PRIMARY KEY, severity TEXT NOT NULL, code TEXT NOT NULL, place TEXT NOT NULL, message TEXT NOT NULL);
CREATE TABLE change_log (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
    key TEXT NOT NULL, before TEXT, after TEXT);
CREATE TABLE derivation_gate (open INTEGER NOT NULL);
INSERT INTO derivation_gate VALUES (0);
CREATE VIRTUAL TABLE entitlement_search USING fts5 (
    words, content = '', contentless_delete = 1, prefix = '1 2 3');
"""

INDEXES = """
CREATE UNIQUE INDEX metrics_key ON metrics (code);
CREATE UNIQUE INDEX families_key ON families (name);
CREATE UNIQUE INDEX resource_groups_key ON resource_groups (name);
CREATE UNIQUE INDEX user_groups_key ON user_groups (name);
CREATE UNIQUE INDEX products_key ON products (product);
CREATE INDEX products_family ON products (family_id);
CREATE INDEX products_transfer_group ON products (transfer_group);
CREATE UNIQUE INDEX contracts_key ON contracts (contract);
CREATE UNIQUE INDEX entitlements_key ON entitlements (product_id, model, metric_id);
CREATE UNIQUE INDEX contract_items_key ON contract_items (contract_id, item);
CREATE INDEX contract_items_product ON contract_items (product_id);
CREATE INDEX contract_items_entitlement ON contract_items (entitlement_id);
CREATE UNIQUE INDEX allocations_key ON allocations (entitlement_id, resource_group_id, user_group_id);
CREATE UNIQUE INDEX rights_key ON rights ("right");
CREATE INDEX rights_family ON rights (family_id);
CREATE INDEX rights_from_product ON rights (from_product_id);
CREATE INDEX rights_to_product ON rights (to_product_id);
CREATE UNIQUE INDEX overrides_key ON overrides (entitlement_id);
CREATE INDEX events_contract ON events (contract_id);
CREATE INDEX events_item ON events (item_id);
CREATE INDEX events_day ON events (on_day);
CREATE INDEX manual_events_contract ON manual_events (contract_id);
CREATE UNIQUE INDEX positions_key ON positions (product_id, metric_id, model);
CREATE INDEX transfers_from_product ON transfers (from_product_id);
CREATE INDEX transfers_to_product ON transfers (to_product_id);
CREATE INDEX change_log_subject ON change_log (subject, key);
"""

TRIGGERS = """
CREATE TRIGGER change_log_keeps_entries BEFORE UPDATE ON change_log BEGIN
    SELECT raise(ABORT, 'the change log is append-only: entries cannot be changed'); END;
CREATE TRIGGER change_log_loses_nothing BEFORE DELETE ON change_log BEGIN
    SELECT raise(ABORT, 'the change log is append-only: entries cannot be deleted'); END;
CREATE TRIGGER change_log_takes_no_place BEFORE INSERT ON change_log WHEN NEW.id IN (SELECT id FROM change_log) BEGIN
    SELECT raise(ABORT, 'the change log is append-only: entries cannot be replaced'); END;
CREATE TRIGGER events_follow_their_source BEFORE UPDATE ON events WHEN (SELECT open FROM derivation_gate) = 0 BEGIN
    SELECT raise(ABORT, 'automatic events cannot be edited: they follow their contract'); END;
CREATE TRIGGER events_stay_with_their_source BEFORE DELETE ON events WHEN (SELECT open FROM derivation_gate) = 0 BEGIN
    SELECT raise(ABORT, 'automatic events cannot be deleted: they follow their contract'); END;
CREATE TRIGGER events_come_from_rules BEFORE INSERT ON events WHEN (SELECT open FROM derivation_gate) = 0 BEGIN
    SELECT raise(ABORT, 'automatic events cannot be added by hand: they follow their contract'); END;
"""


def up(_: Any, db: Any) -> None:
    """Create every table, index and trigger, the metrics that each book has, and the group 0 of what no group has."""
    connection = db.connection()
    for script in (TABLES, INDEXES):
        for statement in filter(str.strip, script.split(";\n")):
            connection.execute(statement)
    for statement in filter(str.strip, TRIGGERS.split("END;\n")):
        connection.execute(statement + "END")
    connection.executemany("INSERT INTO metrics (code) VALUES (?)", [("device",), ("user",), ("core",)])
    connection.execute("INSERT INTO resource_groups (id, name) VALUES (0, '')")
