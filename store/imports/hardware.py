"""How hosts, virtual machines, installations and counting rules go into the book, and what must hold of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rules.counting_methods import CORE, DEVICE, INSTALLATION, METHODS, ON_VM, TIERS, USER, Parameters, takes
from rules.counting_tiers import LARGEST_WEIGHT
from store.bulk import insert
from store.imports import discovered
from store.imports.cells import Wrong, converter
from store.imports.finding import ERROR, INFO, Finding
from store.imports.loading import Loading, Out, Rule
from store.imports.source import RawTable, Unreadable
from store.imports.staging import Target
from store.imports.template import Column

if TYPE_CHECKING:
    from store.imports.load import Work

MOST_PROCESSORS: Final = 4_096
MOST_CORES: Final = 4_096
MOST_VCPUS: Final = 65_536
MOST_UNITS: Final = 1_000_000
"""Beyond these, a number is a mistake: no machine has so many, and no contract names so many."""


def _between(column: str, most: int) -> tuple[Rule, Rule]:
    """A number that must be neither 0 nor beyond what is possible."""
    return (
        Rule(f"s.{column} = 0", column, "not-positive", "is not possible; give 1 or more, or leave it out"),
        _at_most(column, most),
    )


def _at_most(column: str, most: int) -> Rule:
    return Rule(
        f"CAST(s.{column} AS NUMERIC) > {most}", column, "too-large", f"is not possible; at most {most:,} is accepted"
    )


# ------------------------------------------------------------------------------------------------------------ counting
_TAKEN: Final = " ".join(f"WHEN '{name}' THEN '{', '.join(takes(name))}'" for name in METHODS)


def _not_taken(parameter: str) -> Rule:
    takers = ", ".join(f"'{name}'" for name in METHODS if parameter in takes(name))
    return Rule(
        f"s.{parameter} IS NOT NULL AND s.method NOT IN ({takers})",
        parameter,
        "not-taken",
        "is a parameter that the method {0} does not take; it takes {1}",
        f"s.method, CASE s.method {_TAKEN} END",
    )


_COUNTED: Final = ("per", "per_threads", "pack")
_LEAST: Final = ("minimum_per_processor", "minimum_per_server", "minimum_per_vm", "minimum")


def open_metrics(work: Work) -> None:
    """A counting rule says how a metric is counted, and so that there is one: new ones are added to the book."""
    known = work.references.known("metrics")
    new: dict[str, str] = {}
    for raw in (raw for raw in work.source.tables if raw.table.name == "counting_rules"):
        for code, place in _metrics_of(raw):
            if code not in known:
                new.setdefault(code, place)
    insert(work.book, "metrics", ("code",), [(code,) for code in new])
    work.references.forget("metrics")
    for code, place in new.items():
        text = f'"{code}" is a new metric; it was added to the book'
        work.findings.append(Finding(INFO, "metric-added", place, text))


def _metrics_of(raw: RawTable) -> Iterator[tuple[str, str]]:
    """The metrics that counting rules name, with their places; what can be none is found wrong where rows are read."""
    at = [column.name for column in raw.columns].index("metric")
    name = converter(Column("metric", "name"))
    with suppress(Unreadable):
        for numbers, rows in raw.batches():
            for number, row in zip(numbers, rows, strict=True):
                with suppress(Wrong):
                    if code := name(row[at]):
                        yield str(code).casefold(), raw.cell_place(number, "metric")


# ------------------------------------------------------------------------------------------------------- installations
_INSTALLED: Final = tuple("product_id device user resource_group_id cores installed_on last_used_on source".split())
_INSTALLATION: Final = Loading(
    Target(
        "installations",
        _INSTALLED,
        ("product_id", "device", "user"),
        "device",
        own_id=False,
        keep=frozenset(_INSTALLED[3:]),
    ),
    tuple("product device user resource_group cores installed_on last_used_on source".split()),
    {"user": "", "resource_group": 0, "source": ""},
    straight=True,
    prepare=discovered.make_way,
)
_MACHINE: Final = """coalesce(s.vm_id, (SELECT v.id FROM virtual_machines v WHERE v.vm = s.device
    AND NOT EXISTS (SELECT 1 FROM hosts h WHERE h.id = s.host_id AND h.host = s.device)))"""
"""The virtual machine of an installation: the one it names, or else the one that is called as its device is."""
_ELSEWHERE: Final = f"""s.host_id > 0 AND {_MACHINE} > 0 AND {_MACHINE} NOT IN (
    SELECT v.id FROM hosts h JOIN virtual_machines v ON v.host_id = h.id OR v.host_id IS NULL AND v.cluster = h.cluster
    WHERE h.id = s.host_id)"""
_PLACED: Final = replace(
    _INSTALLATION,
    target=replace(
        _INSTALLATION.target,
        columns=(*_INSTALLED, "host_id", "vm_id"),
        keep=frozenset((*_INSTALLED[3:], "host_id", "vm_id")),
    ),
    names=(*_INSTALLATION.names, "host", "vm"),
    rules=(
        Rule(
            _ELSEWHERE,
            "host",
            "runs-elsewhere",
            'is not where the virtual machine "{0}" runs; correct one of them, or leave the host out',
            f"(SELECT vm FROM virtual_machines WHERE id = {_MACHINE})",
            given=True,
        ),
    ),
    narrow=_INSTALLATION,
    out=Out(which="t.found = 0"),
)


LOADINGS: Final[Mapping[str, Loading]] = {
    "hosts": Loading(
        Target(
            "hosts",
            ("host", "resource_group_id", "processors", "cores_per_processor", "cluster"),
            ("host",),
            "host",
            keep=frozenset(("resource_group_id", "processors", "cores_per_processor", "cluster")),
        ),
        ("host", "resource_group", "processors", "cores_per_processor", "cluster"),
        {"resource_group": 0, "cluster": ""},
        rules=(*_between("processors", MOST_PROCESSORS), *_between("cores_per_processor", MOST_CORES)),
    ),
    "virtual_machines": Loading(
        Target(
            "virtual_machines",
            ("vm", "host_id", "cluster", "vcpus"),
            ("vm",),
            "vm",
            keep=frozenset(("vcpus",)),
        ),
        ("vm", "host", "cluster", "vcpus"),
        {"cluster": ""},
        rules=(
            Rule(
                "s.host_id IS NULL AND s.cluster = ''",
                "vm",
                "vm-without-place",
                "is a virtual machine on neither a host nor a cluster; name one of them",
                telling=True,
            ),
            Rule(
                "s.host_id IS NULL AND s.cluster <> ''"
                " AND NOT EXISTS (SELECT 1 FROM hosts h WHERE h.cluster = s.cluster)",
                "cluster",
                "unknown-cluster",
                "is the cluster of no host; correct the name, or give hosts that cluster",
                telling=True,
            ),
            Rule(
                "s.cluster <> '' AND s.cluster <> (SELECT h.cluster FROM hosts h WHERE h.id = s.host_id)",
                "cluster",
                "host-outside-cluster",
                'is not the cluster of the host "{0}"; name either the host or the cluster',
                "(SELECT h.host FROM hosts h WHERE h.id = s.host_id)",
                telling=True,
                given=True,
            ),
            *_between("vcpus", MOST_VCPUS),
        ),
    ),
    "installations": _PLACED,
    "counting_rules": Loading(
        Target(
            "counting_rules",
            ("metric_id", "method", *Parameters._fields, "valid_from"),
            ("metric_id", "valid_from"),
            "metric",
        ),
        ("metric", "method", *Parameters._fields, "valid_from"),
        {"valid_from": ""},
        rules=(
            *map(_not_taken, [name for name in Parameters._fields if any(name not in takes(m) for m in METHODS)]),
            *(rule for name in _COUNTED for rule in _between(name, MOST_UNITS)),
            *(_at_most(name, MOST_UNITS) for name in _LEAST),
            *_between("factor", LARGEST_WEIGHT),
            Rule(
                f"s.minimum_per_vm IS NOT NULL AND s.method = '{CORE}' AND s.virtual IS NOT '{ON_VM}'",
                "minimum_per_vm",
                "not-taken",
                "counts for nothing where installations count on their hosts; give virtual vm, too, or leave it out",
                given=True,
            ),
            Rule(
                f"s.method = '{INSTALLATION}' AND s.basis NOT IN ('{DEVICE}', '{USER}')",
                "basis",
                "not-taken",
                f"is nothing that the method {INSTALLATION} counts by; {DEVICE} and {USER} are",
                given=True,
            ),
            Rule(
                f"s.method = '{TIERS}' AND s.tiers IS NULL",
                "method",
                "tiers-needed",
                "counts by tiers that are not given; write them in the column tiers, such as 2500:1, 10000:0.8, 0.6",
            ),
        ),
    ),
}
"""The tables from which demand is counted."""


def check_together(work: Work) -> None:
    """What an import of hosts may have taken away: every virtual machine still runs somewhere."""
    if work.failed:
        return
    sql = """SELECT v.vm, v.cluster FROM virtual_machines v WHERE v.host_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM hosts h WHERE h.cluster = v.cluster) ORDER BY v.vm LIMIT 1000"""
    for vm, cluster in work.book.rows(sql):
        text = f'"{cluster}" is the cluster of no host any more; give the virtual machine a host, or hosts that cluster'
        place = f'virtual_machines, vm "{vm}", column cluster'
        work.findings.append(Finding(ERROR, "unknown-cluster", place, text))
