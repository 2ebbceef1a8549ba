"""Software that was found on devices, and products that its names may stand for: what matching is tried on."""

import csv
import io

from store.book import Book
from tests.estates import Row, Tables

PRODUCTS = """product,vendor,family,edition,version
Visio Professional 2019,Microsoft,Visio,Professional,2019
SQL Server 2019 Standard,Microsoft,SQL Server,Standard,2019
SQL Server 2019 Enterprise,Microsoft,SQL Server,Enterprise,2019
AutoCAD 2024,Autodesk,AutoCAD,,2024
Acrobat Pro,Adobe,Acrobat,,
Ledger,Acme Inc.,,,3
"""

FOUND = """device,name,publisher,version,user,source
PC1,Microsoft Visio Professional 2019 - en-us,Microsoft Corporation,16.0.10396,ann,glpi
PC1,Adobe Acrobat DC (64-bit),Adobe Inc.,21.1,ann,glpi
PC2,Adobe Acrobat DC,Adobe Inc.,21.2,,glpi
PC2,tar,GNU Project,1.34,,glpi
PC2,Microsoft SQL Server 2019 (64-bit),Microsoft Corporation,15.0.2000.5,,glpi
PC2,SQL Server 2012 Standard,Microsoft Corporation,11.0.7,,glpi
PC3,gzip,GNU Project,1.12,,glpi
"""

VISIO, ACROBAT, TAR, SQL = "Visio Professional 2019", "Acrobat Pro", "tar", "Microsoft SQL Server 2019 (64-bit)"
ACROBAT_DC = "Adobe Acrobat DC"


def rows(text: str) -> list[Row]:
    return [*csv.DictReader(io.StringIO(text))]


def tables(found: str = FOUND) -> Tables:
    """Six products, and what was found on three devices."""
    return {"products": rows(PRODUCTS), "discovered_software": rows(found)}


def software(*lines: str) -> Tables:
    """What was found, a line each: device, name, publisher, version, user, source."""
    return {"discovered_software": rows("\n".join((FOUND.partition("\n")[0], *lines)))}


def installed(book: Book) -> list[tuple[str, str, str]]:
    """Product, device and user of all that is installed."""
    sql = "SELECT p.product, i.device, i.user FROM installations i JOIN products p ON p.id = i.product_id ORDER BY 1, 2, 3"
    return book.rows(sql)


def states(book: Book) -> dict[str, str]:
    """What each name is, by the name."""
    return dict(book.rows("SELECT name, state FROM software_names ORDER BY id"))
