"""Input as people bring it, and what is read of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from store.imports.checks import checked, converters
from store.imports.finding import Finding
from store.imports.readers import open_source
from store.imports.source import Source


@dataclass
class Reading:
    """Everything that came out of an input: rows by table as dictionaries, and the findings."""

    source: Source
    rows: dict[str, list[dict[str, Any]]]
    findings: list[Finding]

    @property
    def lines(self) -> list[str]:
        return [str(finding) for finding in self.findings]

    @property
    def errors(self) -> list[str]:
        return [str(finding) for finding in self.findings if finding.severity == "error"]


def reading(path: Path) -> Reading:
    return reading_of(open_source(path))


def reading_of(source: Source) -> Reading:
    findings = list(source.findings)
    rows: dict[str, list[dict[str, Any]]] = {}
    for raw in source.tables:
        names = [column.name for column in raw.table.columns]
        found = rows.setdefault(raw.table.name, [])
        for numbers, batch in checked(raw, converters(raw.table.columns), findings.append, {}):
            found += [
                {"row": n, **dict(zip(names, values, strict=True))} for n, values in zip(numbers, batch, strict=True)
            ]
    return Reading(source, rows, findings)


@pytest.fixture(autouse=True)
def readers_are_warm(warm_readers: None) -> None:
    """Here it matters what is read, and hardly by which process."""


@pytest.fixture
def read() -> Callable[[Path], Reading]:
    return reading


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder with these files; text is written as UTF-8, bytes as they are."""

    def make(**files: str | bytes) -> Path:
        base = tmp_path / "estate"
        base.mkdir(exist_ok=True)
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (base / f"{name}.csv").write_bytes(data)
        return base

    return make
