"""Findings: what is wrong or worth knowing about an input, as values that name the place and what would be right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

ERROR: Final = "error"
WARNING: Final = "warning"
INFO: Final = "info"

Severity = Literal["error", "warning", "info"]

MOST_FINDINGS: Final = 1_000
"""Findings that are kept for one table; the rest is only counted."""


def printable(text: str) -> str:
    """The text on one line, with a mark for what cannot be shown: files may be named, and headers hold, anything."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to know: how severe, a kebab-case code for programs, the place, and a sentence for people."""

    severity: Severity
    code: str
    place: str
    message: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", printable(self.place))
        object.__setattr__(self, "message", printable(self.message))

    def __str__(self) -> str:
        return f"{self.severity}: {self.place}: {self.message}"


MORE_ROWS: Final = "more-rows-refused"
"""The code of the finding that says how many further refusals of rows are not listed."""

Report = Callable[[Finding], None]
"""What takes findings as they are made."""


class Refused(Exception):
    """The input was refused and nothing of it was stored; the findings say why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class Limited:
    """Passes the first findings of a table on and counts the rest: a million wrong rows stay readable."""

    def __init__(self, report: Report, place: str, most: int = MOST_FINDINGS) -> None:
        self._report, self._place, self._most = report, place, most
        self.count = 0

    def __call__(self, finding: Finding) -> None:
        self.count += 1
        if self.count <= self._most:
            self._report(finding)

    @property
    def full(self) -> bool:
        """Whether findings are only counted from here on: then nobody needs to make them."""
        return self.count >= self._most

    def close(self) -> None:
        """Report how many findings were not passed on, if any."""
        if self.count > self._most:
            more = self.count - self._most
            text = f"{more:,} more findings in this table are not listed; correct those above first"
            self._report(Finding(ERROR, "more-findings", self._place, text))
