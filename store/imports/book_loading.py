"""How the tables go into the book that books fill rather than people: settings, prices, events, scenarios, reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import orjson

from store import names, preferences, rows
from store.errors import KnownFault
from store.imports import staging
from store.imports.checks import checked, quick
from store.imports.finding import ERROR, Finding
from store.imports.loading import Loading, Out, Rows, Rule, Way
from store.imports.mapping import shape
from store.imports.source import RawTable
from store.imports.staging import Counts, Target
from store.naming import entitlement_name
from store.reviews.opening import fingerprint
from store.scenarios import reading
from store.tables import ColumnMapping, ManualEvent, Review, Scenario, Setting, Table

if TYPE_CHECKING:
    from store.imports.load import Work

WHOLE: Final = "whole_book"
"""The setting by which files say that they are all of a book."""

_E: Final = "(SELECT {0} FROM entitlements e {1} WHERE e.id = t.entitlement_id)"
OF_ENTITLEMENT: Final = {
    "product": _E.format("p.product", "JOIN products p ON p.id = e.product_id"),
    "model": _E.format("e.model", ""),
    "metric": _E.format("m.code", "JOIN metrics m ON m.id = e.metric_id"),
}
"""The key of the entitlement that a row of a table `t` speaks of."""

_Placed = tuple[int, int, tuple[object, ...]]
"""A row with the number of its part and its own."""


def _rows(work: Work, parts: Sequence[RawTable], empty: Mapping[str, object]) -> Iterator[_Placed]:
    """The checked rows of a small table, each key once."""
    seen: dict[tuple[object, ...], tuple[int, int]] = {}
    for part, raw in enumerate(parts):
        converters = {
            column.name: work.references.converter(column, empty.get(column.name))
            if column.kind.startswith("reference:")
            else quick(column, empty.get(column.name))
            for column in raw.table.columns
        }
        places = [at for at, column in enumerate(raw.table.columns) if column.key]
        for numbers, found in checked(raw, converters, work.findings.append, empty):
            for number, row in zip(numbers, found, strict=True):
                key = tuple(row[at] for at in places)
                first = seen.setdefault(key, (part, number))
                if first == (part, number):
                    yield part, number, row
                else:
                    text = f"is a duplicate: row {first[1]} of {parts[first[0]].place} has this key already; keep one"
                    say(work, parts, (part, number), raw.table.key[0], "duplicate-key", text)


def say(work: Work, parts: Sequence[RawTable], place: tuple[int, int], column: str, code: str, text: str) -> None:
    """Tell of a wrong cell, quoted."""
    cell = staging.quote(parts, [place], [column]).get(place, "the cell")
    work.findings.append(Finding(ERROR, code, parts[place[0]].cell_place(place[1], column), f"{cell} {text}"))


def _save(work: Work, table: type[Table], named: str, key: rows.Values, values: rows.Values) -> None:
    """Add or change one row, and count it."""
    held = rows.find(work.book, table, key)
    changed = rows.save(work.book, table, key, values, named=named)
    counts = work.counts.get(rows.name(table), Counts(0, 0, 0))
    new = held is None
    work.counts[rows.name(table)] = Counts(
        counts.new + new, counts.changed + (changed and not new), counts.unchanged + (not changed)
    )


# ------------------------------------------------------------------------------------------------------------ settings
def _load_settings(work: Work, parts: Sequence[RawTable]) -> None:
    for part, number, (name, value) in list(_rows(work, parts, {"value": ""})):
        if name == WHOLE:
            work.whole = str(value).casefold() == "true"
            continue
        try:
            taken = preferences.taken(str(name), str(value))
        except KnownFault as fault:
            say(work, parts, (part, number), "name", "unknown-setting", f"cannot be set so: {fault}")
            continue
        if not work.failed:
            _save(work, Setting, str(name), {"key": name}, {"value": taken})


# -------------------------------------------------------------------------------------------------------------- events
def _load_events(work: Work, parts: Sequence[RawTable]) -> None:
    columns = "kind on_day contract_id name remind_at remind_days repeat notify acknowledged_on".split()
    empty = {"remind_at": "", "remind_days": 0, "repeat": "none", "notify": 1}
    found = list(_rows(work, parts, empty))
    for _, _, row in found if not work.failed else ():
        _save(work, ManualEvent, str(row[0]), {"id": row[0]}, dict(zip(columns, row[1:], strict=True)))


# ----------------------------------------------------------------------------------------------------------- scenarios
def _load_scenarios(work: Work, parts: Sequence[RawTable]) -> None:
    changes: dict[str, dict[int, object]] = {}
    for part, number, (scenario, at, text) in list(_rows(work, parts, {"change": ""})):
        held = changes.setdefault(str(scenario), {})
        try:
            if text:
                held[int(str(at))] = reading.change_data(*reading.changes_of([orjson.loads(str(text))]))
        except (KnownFault, orjson.JSONDecodeError) as fault:
            say(work, parts, (part, number), "change", "not-a-change", f"is no change of a scenario: {fault}")
    for scenario, held in changes.items() if not work.failed else ():
        text = orjson.dumps([held[at] for at in sorted(held)]).decode()
        _save(work, Scenario, scenario, {"scenario": scenario}, {"changes": text})


_CHANGES: Final = """(SELECT s.scenario, coalesce(c.key + 1, 0) AS number, c.value AS change, s.id
    FROM scenarios s LEFT JOIN json_each(s.changes) c)"""


# ------------------------------------------------------------------------------------------------------------ mappings
def _load_mappings(work: Work, parts: Sequence[RawTable]) -> None:
    for part, number, (name, text) in list(_rows(work, parts, {})):
        try:
            taken = orjson.dumps(shape.as_data(shape.parsed(str(text), f"mapping {name}"))).decode()
        except KnownFault as fault:
            say(work, parts, (part, number), "columns", "not-a-mapping", f"is no mapping of columns: {fault}")
            continue
        if not work.failed:
            _save(work, ColumnMapping, str(name), {"mapping": name}, {"columns": taken})


# ------------------------------------------------------------------------------------------------------------- charges
def _load_charges(work: Work, parts: Sequence[RawTable]) -> None:
    """The ledger only grows: an entry is new, or as it was."""
    book, new, same = work.book, 0, 0
    for part, number, row in list(_rows(work, parts, {"rule": "", "reason": ""})):
        request, line, kind, turn, amount, currency, day, rule, reason, reverses = row
        held = book.one(_HELD_CHARGE, row[:4])
        if held is not None:
            same += 1
            if held[1:] != row[4:]:
                say(
                    work, parts, (part, number), "request", "charged-already", "is in the ledger otherwise; it stays so"
                )
        elif not work.failed:
            other = "credit" if kind == "debit" else "debit"
            of = None if reverses is None else book.one(_HELD_CHARGE, (request, line, other, reverses))
            values = (request, line, kind, turn, amount, currency, day, rule, reason, of[0] if of else None)
            if (reverses is None) == (of is None) and _fits(work, row[:4]):
                book.insert(_CHARGE, values)
                new += 1
            else:
                say(
                    work,
                    parts,
                    (part, number),
                    "turn",
                    "ledger-gap",
                    "follows no entry of the ledger; add those before",
                )
    if new or same:
        work.counts["charges"] = Counts(new, 0, same)


def _fits(work: Work, key: Sequence[object]) -> bool:
    """Whether an entry comes when its turn has come: a debit, a credit, a debit again."""
    request, line, kind, turn = key
    counts = dict(
        work.book.rows(
            "SELECT kind, count(*) FROM charges WHERE request = ? AND line = ? GROUP BY kind", (request, line)
        )
    )
    other = counts.get("debit" if kind == "credit" else "credit", 0)
    return counts.get(kind, 0) == turn and other == int(str(turn)) + (kind == "credit")


_REVERSED: Final = "(SELECT o.turn FROM charges o WHERE o.id = t.reverses)"
_HELD_CHARGE: Final = f"""SELECT t.id, t.amount, t.currency, t.charged_on, t.rule, t.reason, {_REVERSED}
    FROM charges t WHERE t.request = ? AND t.line = ? AND t.kind = ? AND t.turn = ?"""
_CHARGE: Final = """
INSERT INTO charges (request, line, kind, turn, amount, currency, charged_on, rule, reason, reverses)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


# ------------------------------------------------------------------------------------------------------------ findings
def _load_findings(work: Work, parts: Sequence[RawTable]) -> None:
    """What was told before is told again."""
    found = [Finding(*row) for _, _, row in _rows(work, parts, {})]  # type: ignore[arg-type]  # all of them are texts
    work.findings += found


WAYS: Final[Mapping[str, Way]] = {
    "settings": Way(
        _load_settings,
        f"(SELECT 0 AS place, '{WHOLE}' AS name, 'true' AS value UNION ALL SELECT 1, key, value FROM settings"
        " WHERE key NOT IN ('as_of', 'book_id'))",
        Out({"name": "t.name", "value": "t.value"}, order="t.place, t.name"),
    ),
    "manual_events": Way(
        _load_events,
        "manual_events",
        Out(
            {"event": "t.id", "on": "t.on_day", "contract": "(SELECT contract FROM contracts WHERE id = t.contract_id)"}
        ),
    ),
    "scenarios": Way(_load_scenarios, _CHANGES, Out(order="t.id, t.number")),
    "mappings": Way(_load_mappings, "mappings", Out()),
    "charges": Way(_load_charges, "charges", Out({"reverses": _REVERSED})),
    "findings": Way(_load_findings, "import_findings", Out()),
}
"""Tables that are read row by row."""


# ----------------------------------------------------------------------------------------------------------- by staging
def _own_names(work: Work, found: Rows) -> Rows:
    """Entitlements with the name that they get by themselves where they have none of their own."""
    products: dict[object, str] = {number: name for name, number in work.references.known("products").items()}
    metrics: dict[object, str] = {number: code for code, number in work.references.known("metrics").items()}

    def own(product: object, model: object, metric: object) -> str:
        return entitlement_name(products.get(product, ""), str(model), metrics.get(metric, ""))

    return [(*row[:3], row[3] or own(*row[:3]), *row[4:], int(work.whole)) for row in found]


def _first_days(work: Work) -> int:
    """When an entitlement first held is what rules say, unless nothing feeds it any more."""
    work.book.run(
        "UPDATE entitlements AS e SET activation = s.activation FROM staged_entitlements s WHERE e.product_id ="
        " s.product_id AND e.model = s.model AND e.metric_id = s.metric_id AND s.activation IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM contract_items i WHERE i.entitlement_id = e.id)"
    )
    return 0


def _hold_signatures_back(work: Work, _: Sequence[RawTable]) -> None:
    """A review is signed off when its rows are in."""
    work.book.run(
        "CREATE TEMP TABLE signatures AS SELECT title, signed_off_at, signed_off_by FROM staged_reviews s"
        " WHERE signed_off_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM reviews t WHERE t.title = s.title AND t.signed_off_at IS NOT NULL)"
    )
    held_back = "title IN (SELECT title FROM temp.signatures)"
    work.book.run(f"UPDATE staged_reviews SET signed_off_at = NULL, signed_off_by = NULL WHERE {held_back}")


def sign(work: Work) -> None:
    """Sign off the reviews that came signed, once all of their rows are in."""
    book = work.book
    if not book.one("SELECT 1 FROM temp.sqlite_schema WHERE name = 'signatures'"):
        return
    signatures = book.rows("SELECT title, signed_off_at, signed_off_by FROM temp.signatures") if not work.failed else []
    counts = work.counts.get("reviews", Counts(0, 0, 0))
    known = work.marks.get("reviews", 0)
    for title, at, by in signatures:
        number, values = names.number(book, "reviews", title), {"signed_off_at": at, "signed_off_by": by}
        if number <= known:
            rows.save(book, Review, {"id": number}, values, named=title)
        else:
            rows.update(book, Review, {"id": number}, values)
    if signatures and not counts.new:
        work.counts["reviews"] = Counts(0, len(signatures), counts.unchanged - len(signatures))
    book.run("DROP TABLE temp.signatures")


def check_frozen(work: Work) -> None:
    """The positions of each review of the import must be those that its hash was made of."""
    raw = next((raw for raw in work.source.tables if raw.table.name == "reviews"), None)
    if raw is None or work.failed:
        return
    for title, known in work.book.rows("SELECT title, frozen_sha256 FROM reviews ORDER BY id"):
        if fingerprint(work.book.rows(_FROZEN, (title,))) != known:
            text = (
                f"the positions of the review {title!r} are not those that were frozen (frozen_sha256); export it again"
            )
            work.findings.append(Finding(ERROR, "review-changed", raw.place, text))


_FROZEN: Final = """SELECT r.product, r.model, r.metric, r.active, r.demand, r.downgrade, r.upgrade, r.balance, r.status
    FROM reviews v JOIN review_rows r ON r.review_id = v.id WHERE v.title = ? ORDER BY 1, 2, 3"""

_RENAMED: Final = """t.name <> elpis_name((SELECT product FROM products WHERE id = t.product_id), t.model,
    (SELECT code FROM metrics WHERE id = t.metric_id))"""
_ENTITLEMENT_KEY: Final = ("product_id", "model", "metric_id")
_REVIEW: Final = tuple("as_of scope opened_at opened_by frozen_sha256 signed_off_at signed_off_by".split())
_REVIEW_ROW: Final = tuple(
    "review_id product model metric active demand downgrade upgrade balance status decision note responsible_id"
    " due_on".split()
)
_SIGNED: Final = "EXISTS (SELECT 1 FROM reviews t WHERE {} AND t.signed_off_at IS NOT NULL AND ({}))"


def _other(columns: Sequence[str], table: str = "t") -> str:
    return " OR ".join(f"{table}.{column} IS NOT s.{column}" for column in columns)


LOADINGS: Final[Mapping[str, Loading]] = {
    "metrics": Loading(
        Target("metrics", ("code",), ("code",), "metric"),
        ("metric",),
        {},
        shape=lambda _, found: [(str(row[0]).casefold(),) for row in found],
    ),
    "families": Loading(Target("families", ("name",), ("name",), "family"), ("family",), {}),
    "entitlements": Loading(
        Target(
            "entitlements",
            (*_ENTITLEMENT_KEY, "name", "responsible_id"),
            _ENTITLEMENT_KEY,
            "product",
            keep=frozenset(("name", "responsible_id")),
            aside=("activation", "whole"),
        ),
        ("product", "model", "metric", "name", "responsible"),
        {},
        shape=_own_names,
        finish=_first_days,
        rules=(
            Rule(
                "s.whole = 0 AND NOT EXISTS (SELECT 1 FROM entitlements e WHERE e.product_id = s.product_id"
                " AND e.model = s.model AND e.metric_id = s.metric_id)",
                "product",
                "unknown-entitlement",
                "has no entitlement of the model {0} and this metric; add a contract item that opens one",
                "s.model",
                telling=True,
            ),
        ),
        out=Out(
            {
                "name": f"CASE WHEN {_RENAMED} THEN t.name END",
                "activation": "CASE WHEN t.archived THEN t.activation END",
            },
            which=f"t.archived OR t.responsible_id IS NOT NULL OR {_RENAMED}",
            order="1, 2, 3",
        ),
    ),
    "prices": Loading(
        Target(
            "prices",
            (*_ENTITLEMENT_KEY, "valid_from", "unit_price", "currency"),
            (*_ENTITLEMENT_KEY, "valid_from"),
            "product",
        ),
        ("product", "model", "metric", "valid_from", "unit_price", "currency"),
        {},
    ),
    "exchange_rates": Loading(
        Target(
            "exchange_rates",
            ("from_currency", "to_currency", "valid_from", "rate"),
            ("from_currency", "to_currency", "valid_from"),
            "from_currency",
        ),
        ("from_currency", "to_currency", "valid_from", "rate"),
        {},
        rules=(
            Rule(
                "s.from_currency = s.to_currency", "to_currency", "rate-to-itself", "needs no rate to itself; name two"
            ),
        ),
    ),
    "acknowledgements": Loading(
        Target(
            "acknowledgements",
            ("contract", "item", "kind", "lead", "on_day", "who", "at"),
            ("contract", "item", "kind", "lead", "on_day", "who"),
            "contract",
            own_id=False,
        ),
        ("contract", "item", "kind", "lead", "on_day", "who", "at"),
        {"contract": "", "item": "", "who": ""},
    ),
    "reviews": Loading(
        Target(
            "reviews", ("title", *_REVIEW), ("title",), "review", keep=frozenset(("signed_off_at", "signed_off_by"))
        ),
        ("review", *_REVIEW),
        {"opened_by": ""},
        prepare=_hold_signatures_back,
        rules=(
            Rule(
                _SIGNED.format("t.title = s.title", _other(_REVIEW)),
                "review",
                "signed-off",
                "is signed off in the book, and nothing of it changes any more; give this one its own title",
            ),
        ),
    ),
    "review_rows": Loading(
        Target("review_rows", _REVIEW_ROW, _REVIEW_ROW[:4], "product"),
        tuple(column.removesuffix("_id") for column in _REVIEW_ROW),
        {"model": "", "decision": "", "note": ""},
        rules=(
            Rule(
                _SIGNED.format(
                    "t.id = s.review_id",
                    "NOT EXISTS (SELECT 1 FROM review_rows r WHERE r.review_id = s.review_id AND r.product = s.product"
                    f" AND r.model = s.model AND r.metric = s.metric) OR EXISTS (SELECT 1 FROM review_rows r WHERE"
                    " r.review_id = s.review_id AND r.product = s.product AND r.model = s.model AND r.metric = s.metric"
                    f" AND ({_other(_REVIEW_ROW[4:], 'r')}))",
                ),
                "product",
                "signed-off",
                "belongs to a review that is signed off in the book, where nothing changes any more",
            ),
        ),
    ),
}
"""Tables that are staged like all others."""
