"""CycloneDX documents (JSON, 1.5 to 1.7): their commercial licenses, as contracts with one item each."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from rules.vocabulary import CORE, DEVICE, MAINTENANCE, PERPETUAL, SUBSCRIPTION, USER
from store.imports import isolated
from store.imports.children.cyclonedx import FIELDS, OWN
from store.imports.csv_files import digest
from store.imports.finding import WARNING, Finding
from store.imports.flat import Flat
from store.imports.mapping import reading
from store.imports.mapping.rows import Reader, Row
from store.imports.mapping.shape import ColumnMapping
from store.imports.mapping.targets import LICENSES, TARGETS
from store.imports.source import Source

CYCLONEDX: Final = "cyclonedx"

_START: Final = 1 << 16
_MARK: Final = re.compile(rb'"bomFormat"\s*:\s*"CycloneDX"|cyclonedx\.org/schema')
_MODELS: Final = {"perpetual": PERPETUAL, "oem": PERPETUAL, "subscription": SUBSCRIPTION, "evaluation": SUBSCRIPTION}
_METRICS: Final = {
    **dict.fromkeys(("named-user", "user", "concurrent-user", "client-access"), USER),
    **dict.fromkeys(("device", "node-locked", "appliance"), DEVICE),
    "core-points": CORE,
}


def recognized(path: Path) -> bool:
    """Whether a file begins like a CycloneDX document in JSON."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        start = stream.read(_START)
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") and bool(_MARK.search(start))


def read_file(path: Path) -> Source:
    """The licenses of a document as tables of the template; what has no `licensing` is nothing that was bought.

    Rows are the licenses by their number in the document. Raises Unreadable.
    """
    (piece,) = isolated.ask("cyclonedx", path).pieces()
    flat = Flat(path, path.name, digest(path), tuple(piece.head[2]), piece.batches)
    own = {f"{OWN}{field.name}": field.name for field in TARGETS[LICENSES]}
    columns = {name: field for name, field in own.items() if name in flat.names}
    columns |= FIELDS
    remarks: list[Finding] = []

    def between(reader: Reader, rows: reading.Rows) -> reading.Rows:
        for row in rows:
            yield _completed(reader, row, remarks) if isinstance(row, Row) else row

    form = reading.Format(CYCLONEDX, between, ("place", "purchaser", "licenseTypes", "own"))
    found = reading.read(flat, ColumnMapping("CycloneDX", LICENSES, columns), form)
    return replace(found, findings=(*found.findings, *remarks))


def _completed(reader: Reader, row: Row, remarks: list[Finding]) -> Row:
    """The row with what its license types say, and one license where no number is told."""
    given = dict(zip(reader.flat.names, row.texts, strict=True))
    types, cells = given["licenseTypes"].split(), row.cells
    told = SUBSCRIPTION if cells["license_end"] else PERPETUAL
    model = cells.get("model") or next((_MODELS[one] for one in types if one in _MODELS), told)
    metric = cells.get("metric") or next((_METRICS[one] for one in types if one in _METRICS), DEVICE)
    made = {**cells, "model": model, "metric": metric, "customer": cells["customer"] or given["purchaser"]}
    made["exact"] = given["own"]
    if not (cells["quantity"] or cells.get("unlimited")):
        place = f"{reader.flat.place}, row {row.number}"
        text = f"{given['place']} tells no quantity, and 1 was taken; its properties may have elpis:quantity"
        remarks.append(Finding(WARNING, "quantity-defaulted", place, text))
        made["quantity"] = "1"
    if model == MAINTENANCE:
        made |= {"maintenance_start": cells["license_start"], "maintenance_end": cells["license_end"]}
    return replace(row, cells=made)
