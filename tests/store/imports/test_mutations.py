"""Inputs with random damage: read, or refused with a finding; never an error of ours, never a loss in silence."""

import io
import random
import zipfile
from contextlib import closing, suppress

import openpyxl
import pytest

from store.imports.workbook_scan import Scan, Unsafe

CSV = (
    "contract,item,product,model,metric,quantity,license_start,license_end,unit_price\n"
    + "".join(f'C{i},{i},"Office, Büro {i}",perpetual,device,{i},2024-01-02,2026-11-21,12.50\n' for i in range(20))
).encode()
PIECES = (
    b"\0",
    b'"',
    b'""',
    b",",
    b"\n",
    b"\r",
    b"\xff",
    b"\xef\xbb\xbf",
    b";",
    b"-",
    b"9" * 30,
    b"\xcc\x88",
    b"unlimited",
)


def damaged(data, rng):
    """The data with one to four pieces put in, cut out, doubled or overwritten."""
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(data) + 1), rng.randint(0, 40)
        middle = rng.choice([b"", rng.choice(PIECES), data[at : at + length] * 2])
        data = data[:at] + middle + data[at + length :]
    return data


def workbook(rng):
    made = openpyxl.Workbook()
    made.active.title = "demand"
    for row in (
        ["product", "metric", "quantity", "source"],
        ["Office", "device", 5, "a"],
        ["Visio", "device", "=1+1", ""],
    ):
        made.active.append(row)
    saved = io.BytesIO()
    made.save(saved)
    with zipfile.ZipFile(saved) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    chosen = rng.choice(list(parts))
    parts[chosen] = damaged(parts[chosen], rng)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return damaged(whole.getvalue(), rng) if rng.random() < 0.3 else whole.getvalue()


def csv_is_read_or_refused(seed, tmp_path, read):
    (tmp_path / "contract_items.csv").write_bytes(damaged(CSV, random.Random(seed)))
    found = read(tmp_path)
    rows = found.rows.get("contract_items", [])
    assert found.errors or len(rows) >= 1
    assert all(row["quantity"] is not None and row["contract"] for row in rows)


def workbook_is_scanned_or_refused(seed, tmp_path):
    (tmp_path / "estate.xlsx").write_bytes(workbook(random.Random(seed)))
    with suppress(Unsafe), closing(Scan(tmp_path / "estate.xlsx")) as scan:
        for part in scan.sheets().values():
            assert scan.tally(part).values >= scan.oddities(part).empty_texts


def test_a_damaged_csv_file_is_read_or_refused(tmp_path, read):
    for seed in range(400):
        csv_is_read_or_refused(seed, tmp_path, read)


def test_a_damaged_workbook_is_scanned_or_refused(tmp_path):
    for seed in range(200):
        workbook_is_scanned_or_refused(seed, tmp_path)


@pytest.mark.deep
def test_very_many_damaged_csv_files_are_read_or_refused(tmp_path, read):
    for seed in range(400, 50_000):
        csv_is_read_or_refused(seed, tmp_path, read)


@pytest.mark.deep
def test_damaged_workbooks_are_read_or_refused_to_the_end(tmp_path, read):
    for seed in range(200, 1_000):
        (tmp_path / "estate.xlsx").write_bytes(workbook(random.Random(seed)))
        found = read(tmp_path / "estate.xlsx")
        assert found.errors or found.rows
