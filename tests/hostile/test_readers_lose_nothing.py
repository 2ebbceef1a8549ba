"""Every reader accounts for every row: it is in a table, or left out with a reason. A reader without a sample fails here.

How many rows there are is counted by another reader than ours: the csv module, the json module, openpyxl in full mode.
"""

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import openpyxl
import pytest

from store.imports import csv_files
from store.imports.finding import ERROR
from store.imports.readers import READERS, Reader, open_source
from store.imports.source import Source
from tests.hostile import mutations, xlsx
from tests.store.imports import samples

DATA = Path(__file__).parents[1] / "data"
COUNT = 60


def csv_rows(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(1 for row in csv.reader(stream) if row) - 1


def sheet_rows(path: Path, sheet: str, header: int = 1) -> int:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=header + 1, values_only=True)
    return sum(1 for row in rows if any(value not in (None, "") for value in row))


def licensing(path: Path) -> int:
    """How many licenses of a CycloneDX document tell of licensing."""

    def count(value: object) -> int:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 if isinstance(value, dict) and "licensing" in value else sum(map(count, inner))

    return count(json.loads(path.read_bytes()))


def made(name: str, header: str) -> Callable[[Path], tuple[Path, int]]:
    """A CSV file with this header and rows by chance: some of them cannot be stored."""

    def make(folder: Path) -> tuple[Path, int]:
        rng, columns = Random(name), header.split(",")
        values = ["", "5", "2024-01-02", "Office", "1", *mutations.NASTY[:20]]
        rows = [{column: rng.choice(values) for column in columns} for _ in range(COUNT)]
        path = samples.write_csv(folder / f"{name}.csv", columns, rows)
        return path, csv_rows(path)

    return make


def opensam(folder: Path) -> tuple[Path, int]:
    kept = ("licenses.csv", "installations.csv")  # the other two only say what ids in these stand for
    for name in kept:
        shutil.copy(DATA / "opensam" / name, folder)
    return folder, sum(csv_rows(folder / name) for name in kept)


def glpi(folder: Path) -> tuple[Path, int]:
    shutil.copy(DATA / "glpi" / "computer_3.json", folder)
    content = json.loads((folder / "computer_3.json").read_bytes())["content"]
    return folder / "computer_3.json", len(content["softwares"])


def cyclonedx(folder: Path) -> tuple[Path, int]:
    path = Path(shutil.copy(DATA / "cyclonedx" / "valid-license-licensing-1.6.json", folder))
    return path, licensing(path)


def template_folder(folder: Path) -> tuple[Path, int]:
    path, count = template_file(folder)
    return path.parent, count


def template_file(folder: Path) -> tuple[Path, int]:
    rows = [{"product": f"P{n}", "vendor": "Acme"} for n in range(COUNT)]
    return samples.write_csv(folder / "products.csv", ["product", "vendor"], rows), COUNT


def template_workbook(folder: Path) -> tuple[Path, int]:
    path = xlsx.zipped(folder / "estate.xlsx", xlsx.parts([*xlsx.ROWS, *[(f"P{n}",) for n in range(COUNT)]]))
    return path, sheet_rows(path, "products")


def statement(folder: Path) -> tuple[Path, int]:
    path = samples.statement(folder / "a.xlsx", [["Apps", f"Office {n}", "2021", n] for n in range(COUNT)])
    return path, sheet_rows(path, "Pivot Data", header=10)


def free_workbook(folder: Path) -> tuple[Path, int]:
    path = samples.write_xlsx(folder / "a.xlsx", Bought=[["Title", "Amount"], *[[f"P{n}", n] for n in range(COUNT)]])
    return path, sheet_rows(path, "Bought")


SAMPLES: dict[str, Callable[[Path], tuple[Path, int]]] = {
    "opensam: read_folder": opensam,
    "glpi: read": glpi,
    "template: read_folder": template_folder,
    "template: read_workbook": template_workbook,
    "template: read_file": template_file,
    "license-statement: read_file": statement,
    "free: read_workbook": free_workbook,
    "free: read_file": made("bought", "Title,Amount,When"),
    "config-manager: read_file": made(
        "cm", "Name,Publisher,Version,Language,EffectiveQuantity,PONumber,ResellerName,DateOfPurchase,Comments"
    ),
    "snipe-it: read_file": made("snipe", ",".join(samples.SNIPE_IT)),
    "servicenow: read_file": made("now", ",".join(samples.SERVICE_NOW)),
    "ivanti: read_file": made("ivanti", ",".join(samples.IVANTI)),
    "flexera: read_file": made("flexera", ",".join(samples.FLEXERA)),
    "glpi-licenses: read_file": made("glpi", "Software,Number,Expiration,Serial Number,Name"),
    "snow: read_file": made("snow", "ApplicationName,LegalOrganisation,PurchaseDate,Quantity"),
    "hcl: read_file": made("hcl", "PurchaseNumber,EntitlementStart,Quantity,ProductName"),
    "cyclonedx: read_file": cyclonedx,
}
"""By kind and function of a reader: an input that it reads, and how many rows another reader finds in it."""


def named(reader: Reader) -> str:
    return f"{reader.kind}: {getattr(reader.read, 'func', reader.read).__name__}"


def accounted(source: Source) -> int:
    """Rows that are in a table, each counted once, and rows that are left out or told to be wrong."""
    stored = {(_file(raw.place), n) for raw in source.tables for numbers, _ in raw.batches() for n in numbers}
    wrong = {
        (_file(finding.place), int(found[1].replace(",", "")))
        for finding in source.findings
        if finding.severity == ERROR and (found := re.search(r"row ([0-9,]+)", finding.place))
    }
    return len(stored | wrong) + source.left


def _file(place: str) -> str:
    return place.partition(", ")[0]


def test_every_reader_has_a_sample():
    assert {named(reader) for reader in READERS} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_row_is_in_a_table_or_left_out_with_a_reason(name, tmp_path, promise):
    every_row_is_told_of(name, tmp_path)
    promise("R12", "files of every reader, row by row", count=1, control="a reader that swallows a row is caught")


def every_row_is_told_of(name, tmp_path):
    path, count = SAMPLES[name](tmp_path)
    source = open_source(path)
    assert f"{source.kind}: " in name
    assert count > 0
    if not source.tables and any(finding.severity == ERROR for finding in source.findings):
        return  # refused as a whole, with the reason
    assert source.read in (0, count)
    assert all(row.reason for row in source.left_out)
    assert (source.read or accounted(source)) == count
    assert accounted(source) >= count


def test_a_reader_that_swallows_a_row_is_caught(tmp_path, monkeypatch):
    honest = csv_files._regular
    monkeypatch.setattr(csv_files, "_regular", lambda *given: tuple(part[:-1] for part in honest(*given)))
    with pytest.raises(AssertionError):
        every_row_is_told_of("template: read_file", tmp_path)
