"""The bench: every number that was promised, measured beside its yardstick, with the ratio. `make bench`"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable

import pysqlite3

from tests.bench import (
    ahead,
    bars,
    handing_out,
    measures,
    opening,
    requests,
    screens,
    signed,
    stalls,
    window,
    workbooks,
)
from tests.bench.measures import Scale
from tests.bench.timing import Figure

MEASURES = {
    **measures.MEASURES,
    **bars.MEASURES,
    **screens.MEASURES,
    **window.MEASURES,
    **opening.MEASURES,
    **stalls.MEASURES,
    **requests.MEASURES,
    **ahead.MEASURES,
    **signed.MEASURES,
    **handing_out.MEASURES,
    **workbooks.MEASURES,
}


def main() -> int:
    """Run the measures that are asked for and print one line for each figure; 1 if a promise is not kept."""
    asked = _parser().parse_args()
    scale = Scale(1_000, 3, (100, 1_000)) if asked.quick else Scale(asked.families, asked.rounds, asked.sizes)
    print(_machine())
    print(_line("", "numerator", "denominator", "ratio", "cpu", "must", "stretch", ""), flush=True)
    kept = [_shown(figure) for name in asked.only or MEASURES for figure in MEASURES[name](scale)]
    print(f"{len(kept)} figures, {kept.count(False)} over. load average {os.getloadavg()[0]:.1f}")
    return int(False in kept)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--families", type=int, default=10_000, help="10 contract items and 100 demand rows each")
    parser.add_argument("--rounds", type=int, default=5, help="times that each side is measured, in turns")
    parser.add_argument("--only", action="append", choices=sorted(MEASURES), help="a single measure; may be repeated")
    parser.add_argument("--sizes", type=_sizes, default=(1_000, 10_000), help="families, for growth: 1000,10000,100000")
    parser.add_argument("--quick", action="store_true", help="1,000 families, 3 rounds")
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(part) for part in text.split(",")))


def _machine() -> str:
    versions = f"Python {platform.python_version()}, SQLite {pysqlite3.sqlite_version}, {platform.platform()}"
    return f"{versions}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"


def _shown(figure: Figure) -> bool:
    must, stretch = ("" if each is None else f"{each:.3g}" for each in (figure.must, figure.stretch))
    cpu = "" if figure.cpu is None else f"{figure.cpu:.2f}"
    ratio = f"{figure.ratio:.2f}" if abs(figure.ratio) >= 0.1 else f"{figure.ratio:.2g}"
    better = figure.stretch is not None and figure.ratio <= figure.stretch
    verdict = "" if figure.must is None else "OVER" if not figure.holds else "stretch" if better else "ok"
    print(_line(figure.name, figure.numerator, figure.denominator, ratio, cpu, must, stretch, verdict), flush=True)
    return figure.holds


def _line(name: str, *cells: str) -> str:
    widths: Iterable[int] = (10, 11, 8, 7, 6, 7)
    return (
        f"{name:<76} "
        + " ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=False))
        + f" {cells[-1]}"
    )


if __name__ == "__main__":
    sys.exit(main())
