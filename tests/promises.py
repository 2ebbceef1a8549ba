"""The promises that harnesses try to break, told as a table at the end of a run.

A harness takes the fixture `promise` and tells it what it did: the number of the promise, what was tried, how often,
how often the promise was broken, and what its control shows (the same try where the promise cannot hold, which has to
break it: a harness that finds nothing there is blunt).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest

_NAME = "promise"
_HEADS = ("Promise", "Tried", "Count", "Broken", "Control")

Promise = Callable[..., None]


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Promise:
    """Tell the table what was tried; fails the test when the promise was broken."""

    def tell(number: str, tried: str, *, count: int, faults: Sequence[object] | int = (), control: str = "") -> None:
        broken = faults if isinstance(faults, int) else len(faults)
        row = [number, tried, f"{count:,}", str(broken), control]
        request.node.user_properties.append((_NAME, row))
        assert not broken, f"{number} {tried}: {broken} of {count}: {faults}"

    return tell


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table. What other processes ran is among the reports here, too."""
    rows = sorted(_together(_told(terminalreporter)), key=_order)
    if not rows:
        return
    widths = [max(len(line[place]) for line in (_HEADS, *rows)) for place in range(len(_HEADS))]
    terminalreporter.section("promises")
    for line in (_HEADS, *rows):
        shown = zip(line, widths, (str.ljust, str.ljust, str.rjust, str.rjust, str.ljust), strict=True)
        terminalreporter.write_line("  ".join(fit(text, width) for text, width, fit in shown).rstrip())


def _together(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """One row for all tests that tried the same: their counts are added."""
    found: dict[tuple[str, ...], list[int]] = {}
    for number, tried, count, broken, control in rows:
        sums = found.setdefault((number, tried, control), [0, 0])
        sums[0] += int(count.replace(",", ""))
        sums[1] += int(broken)
    for (number, tried, control), (count, broken) in found.items():
        yield number, tried, f"{count:,}", str(broken), control


def _told(terminalreporter: Any) -> Iterator[tuple[str, ...]]:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            if report.when == "call":
                yield from (tuple(value) for name, value in report.user_properties if name == _NAME)


def _order(row: Sequence[str]) -> tuple[int, Sequence[str]]:
    """R9 before R10."""
    digits = row[0].lstrip("R")
    return (int(digits) if digits.isdigit() else 0, row)
