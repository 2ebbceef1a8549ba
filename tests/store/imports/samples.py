"""Files of other programs, made as those programs make them: their exact headers, their dates and money, their traps."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

SNIPE_IT = (
    "Full Name,Email,Username,Item name,serial number,Category,manufacturer,purchase date,purchase cost,purchase order,"
    "order number,Licensed To Name,Licensed to Email,expiration date,maintained,reassignable,seats,company,supplier,notes"
).split(",")
SNIPE_IT_INTERNAL = (
    "item_name,serial,category,manufacturer,purchase_date,purchase_cost,purchase_order,order_number,license_name,"
    "license_email,expiration_date,termination_date,maintained,reassignable,seats,company,supplier,notes,min_amt"
).split(",")
STATEMENT = (
    "Product Pool;License Product Family;License Version;Effective License Quantity;Upgrade License Quantity;"
    "Upgrade License Quantity (w/ Maintenance);Active SA Quantity;Country of Usage;Expiring SA 0 - 12 Months;"
    "Expiring SA 12 - 24 Months;Expiring SA > 24 Months"
).split(";")
SERVICE_NOW = (
    "Publisher part number,Publisher,Product,Version,Edition,Platform,Language,Software model,Asset tag,Agreement type,"
    "License type,Metric group,License metric,Unlimited license,Subscription period,Start date,End date,"
    "Rights per license pack,Number of packs,Purchased rights,Active rights,Unit cost,Total cost,Contract number,"
    "PO number,Vendor,Invoice number,Purchased,GL account,Cost center,Company,Location,Department,Owned by"
).split(",")
IVANTI = (
    "AvailableStartDate,Business Owner,Contract Description,Contract Number,Cost,Cost Per Year,Currency Code,"
    "Downgradable,Email Ids for Reminder,EntitlementType,ExpiryDate,Is Level License,License Location,"
    "MaintenanceEndDate,MaintenanceStartDate,MaintenanceType,Metric,MS Software Assurance,PO Number,Product,Publisher,"
    "Quantity,Version"
).split(",")
FLEXERA = (
    "BusinessUnit,Category,Comments,ContractNo,CostCenter,CurrencyCode,CurrencyDate,CurrencyRate,Description,"
    "EffectiveDate,ExpiryDate,Publisher,PurchaseDate,PurchaseOrderNo,PurchaseType,Quantity,QuantityPerUnit,UnitPrice,Vendor"
).split(",")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[dict[str, Any]]) -> Path:
    """A CSV file with this header; what a row does not name is empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, **sheets: Iterable[Sequence[Any]]) -> Path:
    """A workbook with these sheets, row by row from the top; None leaves a cell empty."""
    with xlsxwriter.Workbook(str(path)) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for at, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, at, value)
    return path


def statement(path: Path, rows: Iterable[Sequence[Any]], *, stated: str = "2026/10/31", header: int = 10) -> Path:
    """A Microsoft License Statement: the date in K3, the header in row 10, other tabs beside it."""
    top: list[list[Any]] = [["Microsoft License Statement"], [], [None] * 10 + [stated], ["Contoso Ltd"]]
    top += [[] for _ in range(header - 1 - len(top))]
    sheets = {"License Summary": [["For", "people"], ["only", "this"]], "Pivot Data": [*top, STATEMENT, *rows]}
    return write_xlsx(path, **sheets)


def service_now(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """A workbook of entitlements under ServiceNow's labels."""
    return write_xlsx(path, Page1=[SERVICE_NOW, *([row.get(name) for name in SERVICE_NOW] for row in rows)])


def cyclonedx(path: Path, licenses: Iterable[dict[str, Any]], version: str = "1.6") -> Path:
    """A document with a component for each license: its `name` and `properties`, the rest is `licensing`."""
    components = []
    for one in licenses:
        licensing = {key: value for key, value in one.items() if key not in ("name", "version", "properties", "ref")}
        properties = [{"name": key, "value": value} for key, value in one.get("properties", {}).items()]
        license_ = {
            "bom-ref": one.get("ref", ""),
            "name": "Commercial",
            "licensing": licensing,
            "properties": properties,
        }
        components.append(
            {
                "type": "application",
                "name": one["name"],
                "version": one.get("version", ""),
                "licenses": [{"license": license_}],
            }
        )
    path.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": version, "components": components}))
    return path
