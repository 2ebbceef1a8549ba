"""How software that was found on devices goes into the book, and what was decided on its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from store.imports.checks import checked, quick
from store.imports.loading import Loading, Out, Rows, Way
from store.imports.source import RawTable
from store.imports.staging import Counts, Target
from store.matching import decided, judging, normal
from store.matching.decided import EVERY

if TYPE_CHECKING:
    from store.imports.load import Work

CHANGES: Final = frozenset(("products", "installations", "discovered_software", "name_decisions", "licensed_names"))
"""Tables whose changes may let names stand for something else, or install something else."""

_KEY: Final = ("publisher", "name", "version")
_SOFTWARE: Final = Target(
    "discovered_software",
    ("device", "name_id", "user", "resource_group_id", "installed_on", "source", "host_id", "vm_id"),
    ("device", "name_id", "user"),
    "name",
    own_id=False,
    keep=frozenset(("resource_group_id", "installed_on", "source", "host_id", "vm_id")),
)


def _named(work: Work, rows: Rows) -> Rows:
    """Name, publisher and version replaced by the id of the name; a name that is new is added."""
    known = work.references.software()
    found = [(str(row[2]), str(row[1]), str(row[3])) for row in rows]
    judging.enter(work.book, found, known)
    return [(row[0], known[name], *row[4:]) for row, name in zip(rows, found, strict=True)]


def _normal(_: Work, rows: Rows) -> Rows:
    """Decisions by normal names. What stands for every name or version stays."""
    return [(*_normal_key(str(row[0]), str(row[1]), str(row[2])), row[3]) for row in rows]


def _normal_key(publisher: str, name: str, version: str) -> tuple[str, str, str]:
    if name == EVERY:
        return decided.on_publisher(normal.publisher(publisher))
    key = normal.normal(publisher, name, "" if version == EVERY else version)
    return key._replace(version=EVERY) if version == EVERY else key


def make_way(work: Work, _: Sequence[RawTable]) -> None:
    """What is entered holds instead of what follows from found software."""
    if work.book.one("SELECT 1 FROM installations WHERE found = 1 LIMIT 1"):
        work.book.run(
            "DELETE FROM installations WHERE found = 1 AND (product_id, device, user) IN"
            " (SELECT product_id, device, user FROM staged_installations)"
        )


_GONE: Final = """
FROM (SELECT DISTINCT device, source FROM staged_discovered_software WHERE part NOT IN ({})) AS f
CROSS JOIN discovered_software AS d ON d.device = f.device AND d.source = f.source
JOIN software_names AS n ON n.id = d.name_id
WHERE (d.device, d.name_id, d.user) NOT IN (SELECT device, name_id, user FROM staged_discovered_software)"""


def _clear(work: Work) -> int:
    """Software that a newer inventory of the same device by the same source does not list is no longer there."""
    parts = (raw for raw in work.source.tables if raw.table.name == "discovered_software")
    gone_by = _GONE.format(", ".join(str(part) for part, raw in enumerate(parts) if not raw.whole))
    row_key, before = (
        "json_object(" + ", ".join(f"'{column}', d.\"{column}\"" for column in columns) + ")"
        for columns in (_SOFTWARE.key, _SOFTWARE.columns)
    )
    book = work.book
    gone = book.run(
        "INSERT INTO change_log (step_id, at, who, action, subject, key, row_key, before, after)"
        f" SELECT ?, ?, ?, 'import', 'discovered_software', d.device || '|' || n.name || '|' || d.user, {row_key},"
        f" {before}, NULL {gone_by} ORDER BY d.device, n.name",
        (book.hand.step, book.now(), book.who),
    )
    if gone:
        keys = ", ".join(f"d.{column}" for column in _SOFTWARE.key)
        book.run(f"DELETE FROM discovered_software WHERE ({', '.join(_SOFTWARE.key)}) IN (SELECT {keys} {gone_by})")
    return gone


def load_licensed(work: Work, parts: Sequence[RawTable]) -> None:
    """Names under which licenses came, so that somebody may say what they stand for."""
    known, new = work.references.software(), 0
    for raw in parts:
        converters = {column.name: quick(column, "") for column in raw.table.columns}
        for _, found in checked(raw, converters, work.findings.append, {"publisher": "", "version": ""}):
            named = [(str(publisher), str(name), str(version)) for name, publisher, version in found]
            judging.enter(work.book, named, known)
            for each in named:
                new += work.book.run(
                    "UPDATE software_names SET licensed = 1 WHERE id = ? AND licensed = 0", (known[each],)
                )
    if new:
        work.counts["licensed_names"] = Counts(new, 0, 0)


_NAME: Final = "(SELECT n.{0} FROM software_names n WHERE n.id = t.name_id)"
WAYS: Final[Mapping[str, Way]] = {
    "licensed_names": Way(load_licensed, "software_names", Out(which="t.licensed = 1", order="1, 2, 3"))
}
"""Names that came with licenses."""

LOADINGS: Final[Mapping[str, Loading]] = {
    "discovered_software": Loading(
        _SOFTWARE,
        (*"device name user resource_group installed_on source host vm".split(), "publisher", "version"),
        {"publisher": "", "version": "", "user": "", "resource_group": 0, "source": ""},
        shape=_named,
        straight=True,
        finish=_clear,
        out=Out({column: _NAME.format(column) for column in _KEY}),
    ),
    "name_decisions": Loading(
        Target(
            "name_decisions", ("publisher", "name", "version", "product_id"), ("publisher", "name", "version"), "name"
        ),
        (*_KEY, "product"),
        {"publisher": "", "version": ""},
        shape=_normal,
    ),
}
"""Both tables, by name."""
