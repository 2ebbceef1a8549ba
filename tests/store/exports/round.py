"""A book leaves as files and comes again."""

import json
from pathlib import Path

from store.book import Book
from store.content import content_hash
from store.exports import template
from store.imports.load import load
from store.snapshots import build
from tests.conftest import AS_OF, another


def files(place: Path) -> dict[str, bytes]:
    found = [place] if place.is_file() else sorted(place.rglob("*"))
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in found if path.is_file()}


def snapshot(book: Book, path: Path) -> bytes:
    build.write_json(book, path)
    return path.read_bytes()


def comes_again(book: Book, tmp: Path, ending: str = "") -> None:
    """The book that its files give is the same: its content, its snapshot, its files, and nothing else is told."""
    place = tmp / f"leaves{len(list(tmp.iterdir()))}"
    place.mkdir()
    template.save(book, place / f"first{ending}")
    with another(place / "other.elpis") as other:
        load(other, place / f"first{ending}", as_of=AS_OF)
        assert json.loads(snapshot(other, place / "other.json")) == json.loads(snapshot(book, place / "own.json"))
        assert snapshot(other, place / "other.json") == snapshot(book, place / "own.json")
        assert content_hash(other) == content_hash(book)
        template.save(other, place / f"second{ending}")
        assert files(place / f"second{ending}") == files(place / f"first{ending}")
        for one in (book, other):
            assert not load(one, place / f"first{ending}", as_of=AS_OF).changed
