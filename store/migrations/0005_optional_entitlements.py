"""Titles and who may use them, optional entitlements with all their periods, requests, decisions, and the ledger."""

from typing import Any

STATEMENTS = """
CREATE TABLE titles (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, product_id INTEGER REFERENCES products (id),
    requires_approval INTEGER NOT NULL DEFAULT 1, orderable INTEGER NOT NULL DEFAULT 1, price TEXT,
    listed_on TEXT NOT NULL DEFAULT '');
CREATE TABLE entitlement_definitions (
    id INTEGER PRIMARY KEY, definition TEXT NOT NULL, title_id INTEGER NOT NULL REFERENCES titles (id),
    kind TEXT NOT NULL, unit_price TEXT, max_request_days INTEGER, starts_on TEXT, ends_on TEXT,
    contract_id INTEGER REFERENCES contracts (id), orderable INTEGER NOT NULL DEFAULT 1,
    forced INTEGER NOT NULL DEFAULT 0, version_right TEXT NOT NULL DEFAULT 'none');
CREATE TABLE authorizations (
    id INTEGER PRIMARY KEY, authorization TEXT NOT NULL, title_id INTEGER NOT NULL REFERENCES titles (id),
    holder TEXT NOT NULL, authorized_on TEXT NOT NULL, units INTEGER NOT NULL DEFAULT 1,
    how TEXT NOT NULL DEFAULT 'entered', ended_on TEXT);
CREATE TABLE requests (
    id INTEGER PRIMARY KEY, request TEXT NOT NULL, requester TEXT NOT NULL, holder TEXT NOT NULL,
    submitted_on TEXT NOT NULL);
CREATE TABLE request_lines (
    id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES requests (id), line TEXT NOT NULL,
    kind TEXT NOT NULL, title_id INTEGER NOT NULL REFERENCES titles (id),
    definition_id INTEGER REFERENCES entitlement_definitions (id), quantity INTEGER NOT NULL DEFAULT 1,
    starts_on TEXT, ends_on TEXT, price TEXT, currency TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '',
    reasons TEXT NOT NULL DEFAULT '[]', warnings TEXT NOT NULL DEFAULT '[]', trail TEXT NOT NULL DEFAULT '[]',
    authorization_id INTEGER REFERENCES authorizations (id));
CREATE TABLE deployed_entitlements (
    id INTEGER PRIMARY KEY, authorization_id INTEGER NOT NULL REFERENCES authorizations (id),
    definition_id INTEGER NOT NULL REFERENCES entitlement_definitions (id), number INTEGER NOT NULL DEFAULT 1,
    quantity INTEGER NOT NULL, starts_on TEXT NOT NULL, ends_on TEXT, replaced_on TEXT,
    line_id INTEGER REFERENCES request_lines (id));
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY, line_id INTEGER NOT NULL REFERENCES request_lines (id), decision TEXT NOT NULL,
    decided_on TEXT NOT NULL, decided_by TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '');
CREATE TABLE charges (
    id INTEGER PRIMARY KEY, request TEXT NOT NULL, line TEXT NOT NULL, kind TEXT NOT NULL, turn INTEGER NOT NULL,
    amount TEXT NOT NULL, currency TEXT NOT NULL, charged_on TEXT NOT NULL, rule TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '', reverses INTEGER REFERENCES charges (id));
CREATE UNIQUE INDEX titles_key ON titles (title);
CREATE INDEX titles_product ON titles (product_id);
CREATE UNIQUE INDEX entitlement_definitions_key ON entitlement_definitions (definition);
CREATE INDEX entitlement_definitions_title ON entitlement_definitions (title_id);
CREATE INDEX entitlement_definitions_contract ON entitlement_definitions (contract_id);
CREATE UNIQUE INDEX authorizations_key ON authorizations (authorization);
CREATE INDEX authorizations_holder ON authorizations (holder);
CREATE INDEX authorizations_title ON authorizations (title_id);
CREATE UNIQUE INDEX requests_key ON requests (request);
CREATE UNIQUE INDEX request_lines_key ON request_lines (request_id, line);
CREATE INDEX request_lines_authorization ON request_lines (authorization_id);
CREATE INDEX request_lines_pending ON request_lines (id) WHERE outcome = 'pending';
CREATE UNIQUE INDEX deployed_entitlements_key ON deployed_entitlements (authorization_id, definition_id, number);
CREATE INDEX deployed_entitlements_definition ON deployed_entitlements (definition_id);
CREATE INDEX deployed_entitlements_end ON deployed_entitlements (ends_on) WHERE replaced_on IS NULL;
CREATE UNIQUE INDEX decisions_key ON decisions (line_id);
CREATE UNIQUE INDEX charges_key ON charges (request, line, kind, turn);
CREATE UNIQUE INDEX charges_reverses ON charges (reverses) WHERE reverses IS NOT NULL
"""

TRIGGERS = """
CREATE TRIGGER charges_keep_entries BEFORE UPDATE ON charges BEGIN
    SELECT raise(ABORT, 'the ledger of charges is append-only: entries cannot be changed'); END;
CREATE TRIGGER charges_lose_nothing BEFORE DELETE ON charges BEGIN
    SELECT raise(ABORT, 'the ledger of charges is append-only: entries cannot be deleted'); END;
CREATE TRIGGER charges_take_no_place BEFORE INSERT ON charges WHEN NEW.id IN (SELECT id FROM charges) BEGIN
    SELECT raise(ABORT, 'the ledger of charges is append-only: entries cannot be replaced'); END;
CREATE TRIGGER charges_come_once BEFORE INSERT ON charges
WHEN NEW.turn <> (SELECT count(*) FROM charges WHERE request = NEW.request AND line = NEW.line AND kind = NEW.kind)
    OR (SELECT count(*) FROM charges WHERE request = NEW.request AND line = NEW.line AND kind <> NEW.kind)
        <> NEW.turn + (NEW.kind = 'credit') BEGIN
    SELECT raise(ABORT, 'the ledger of charges: this line is charged already, or has no charge to give back'); END;
"""


def up(_: Any, db: Any) -> None:
    """Add the tables, and what protects the ledger; nothing that a book of the fourth schema holds changes."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
    for statement in filter(str.strip, TRIGGERS.split("END;\n")):
        connection.execute(statement + "END")
