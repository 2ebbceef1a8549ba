"""The command that reads an invoice: what a contract made of it would be, and where each value stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gui.cli import elpis
from gui.command_line import parts

if TYPE_CHECKING:
    from store.imports.documents import Document
    from store.imports.reading import Fields


@elpis.command()
@click.argument("file", metavar="FILE", type=parts.PATH)
@click.option("--book", metavar="BOOK", type=parts.PATH, help="Look for the products of this book, too.")
@parts.as_json
def invoice(file: Path, book: Path | None, as_json: bool) -> None:
    """Read an invoice (PDF, mail or text), and show the contract that it tells of. Nothing is stored.

    Every value stands with its place in the file and how sure it is; in the window, "Add license contract" reads the
    same and lets you verify each value before it is stored. Products are those that the catalogue or the book knows,
    and what the rows of a table call one.
    """
    from store import drafts
    from store.errors import Unfit
    from store.imports import documents, text_reader
    from store.imports.product_names import Products

    document = documents.read(file)
    if document.table is not None:
        raise Unfit(f"{file.name}: this is a table. In the window its rows become items; or import it as a whole.")
    names = Products([])
    if book is not None:
        with parts.opened(book, read_only=True) as opened:
            known = drafts.known(opened)
            names = Products(sorted(known.products), known.counted)
    found = text_reader.read(document.text, names)
    for sentence in document.words.told:
        click.echo(f"warning: {file.name}: {sentence}", err=True)
    if as_json:
        items = [_data(document, item) for item in found.items]
        parts.print_json({"contract": _data(document, found.contract), "items": items, "unread": document.words.told})
        return
    click.echo("\n".join(_told(document, "Contract", found.contract)))
    for number, item in enumerate(found.items, 1):
        click.echo("\n".join(_told(document, f"Item {number}", item)))


def _data(document: Document, fields: Fields) -> dict[str, Any]:
    return {
        name: {
            "value": one.value,
            "place": document.words.place(one.start),
            "text": document.text[one.start : one.end],
            "confidence": one.confidence,
            "remark": one.remark,
        }
        for name, one in fields.items()
    }


def _told(document: Document, title: str, fields: Fields) -> list[str]:
    lines = [title]
    for name, one in fields.items():
        doubt = "" if one.confidence == "sure" else f" ({one.confidence})"
        remark = f": {one.remark}" if one.remark else ""
        lines.append(f"  {name.replace('_', ' ')}: {one.value}{doubt}, {document.words.place(one.start)}{remark}")
    return lines
