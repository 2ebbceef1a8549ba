"""The overviews of hosts and virtual machines: what demand is counted on."""

from __future__ import annotations

from typing import Final

from store.listing.shape import Arm, Field, Listing, Overview, Words, found
from store.listing.titles import nocase

_HOSTS: Final = Overview(
    "hosts",
    (
        Field("host", "text"),
        Field("cluster", "text"),
        Field("resource_group", "text"),
        Field("processors", "number"),
        Field("cores_per_processor", "number"),
        Field("cores", "number"),
        Field("machines", "number", sortable=False),
    ),
    ("in-clusters", "all"),
)

_ON_HOST: Final = """FROM virtual_machines v WHERE v.host_id = h.id OR v.host_id IS NULL AND h.cluster <> ''
    AND v.cluster = h.cluster"""

_HOSTS_ARM: Final = Arm(
    base="hosts h",
    id="h.id",
    local=("h.id",),
    joins={"g": "JOIN resource_groups g ON g.id = h.resource_group_id"},
    columns={
        **{name: f"h.{name}" for name in "host cluster processors cores_per_processor".split()},
        "resource_group": "g.name",
        "cores": "coalesce(h.processors, 1) * coalesce(h.cores_per_processor, 1)",
        "machines": f"(SELECT count(*) {_ON_HOST})",
    },
    order=("h.host COLLATE NOCASE",),
    sorts=nocase("h.host", "h.cluster", resource_group="g.name"),
    filters={"in-clusters": "h.cluster <> ''", "all": "1"},
    words=Words(plain=("h.host || ' ' || h.cluster || ' ' || g.name",)),
    key="h.host",
)

HOSTS: Final = Listing(
    _HOSTS, (_HOSTS_ARM,), find=lambda book, key: found(book, "SELECT id FROM hosts WHERE host = ?", key, 1)
)

_MACHINES: Final = Overview(
    "virtual_machines",
    (
        Field("vm", "text"),
        Field("host", "text"),
        Field("cluster", "text"),
        Field("vcpus", "number"),
    ),
    ("in-clusters", "all"),
)

_MACHINES_ARM: Final = Arm(
    base="virtual_machines v",
    id="v.id",
    local=("v.id",),
    joins={"h": "LEFT JOIN hosts h ON h.id = v.host_id"},
    columns={
        **{name: f"v.{name}" for name in "vm vcpus".split()},
        "host": "coalesce(h.host, '')",
        "cluster": "iif(v.cluster = '', coalesce(h.cluster, ''), v.cluster)",
    },
    order=("v.vm COLLATE NOCASE",),
    sorts=nocase("v.vm", host="h.host"),
    filters={"in-clusters": "v.host_id IS NULL", "all": "1"},
    words=Words(plain=("v.vm || ' ' || coalesce(h.host, '') || ' ' || v.cluster",)),
    key="v.vm",
)

MACHINES: Final = Listing(
    _MACHINES,
    (_MACHINES_ARM,),
    find=lambda book, key: found(book, "SELECT id FROM virtual_machines WHERE vm = ?", key, 1),
)
